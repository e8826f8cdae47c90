"""The agreed results at the delivery, and later: which are in use, which are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Annotated, Any

from sqlmodel import Session, col, delete, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import Deliverable, FollowUp, Group, Need, Project, Use
from matchmaker.services import audit, project_scopes
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, ShortText, validated
from matchmaker.services.commitments import FINISHED
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import for_group


class Said(Command):
    """Whether a result is in use, and how, or why not."""

    use: Annotated[str, Choice(Use)]
    note: Annotated[str, ShortText(200)] = ""


@dataclass(frozen=True)
class UseSaid:
    """What the group said of a result on a day, with what it noted."""

    use: str
    on: date
    note: str = ""


def uses(row: Deliverable, answers: Iterable[FollowUp], zone: tzinfo) -> tuple[UseSaid, ...]:
    """Everything the group said of the use of a result, newest first: the first is in force. A
    follow-up speaks of all results; on the same day the mark of the single result comes first."""
    found = [UseSaid(row.use, row.use_said_on, row.use_note)] if row.use and row.use_said_on else []
    later = [
        UseSaid(each.in_use, each.at.astimezone(zone).date()) for each in answers if each.in_use
    ]
    return tuple(sorted([*found, *reversed(later)], key=lambda said: said.on, reverse=True))


@dataclass(frozen=True)
class Results:
    """A project with its results as they were handed over."""

    project: Project
    group: Group
    results: tuple[Deliverable, ...]

    @property
    def open(self) -> bool:
        """Whether the group can say what is in use."""
        return self.project.state in FINISHED


def of_project(session: Session, project_id: str) -> tuple[Deliverable, ...]:
    """The results of a delivered project, in their order."""
    return tuple(
        session.exec(
            select(Deliverable)
            .where(Deliverable.project_id == project_id)
            .order_by(col(Deliverable.position))
        )
    )


def note(session: Session, project: Project, ticked: list[str]) -> None:
    """At the delivery: keep every agreed result; ``ticked`` holds the positions handed over."""
    forget(session, project)
    need = session.get_one(Need, project.need_id)
    scope = project_scopes.in_force(session, need, project.id)
    for position, title in enumerate(scope.deliverables):
        session.add(
            Deliverable(
                project_id=project.id, position=position, title=title,
                handed_over=str(position) in ticked,
            )
        )  # fmt: skip
    session.flush()


def forget(session: Session, project: Project) -> None:
    """The delivery was taken back."""
    session.execute(delete(Deliverable).where(col(Deliverable.project_id) == project.id))


def results(session: Session, *, actor: Actor, project_id: str) -> Results:
    """The results for the group's side. Refused: ``project_not_found``."""
    project, group = for_group(session, actor=actor, project_id=project_id)
    return Results(project, group, of_project(session, project_id))


def say_use(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    said: Mapping[int, Mapping[str, Any]],
    on_behalf: OnBehalf | None = None,
) -> Results:
    """The group says of each result whether it is in use: id → ``Said``. It may say so again.

    Refused: ``project_not_found``, ``on_behalf_needed``; ``project_state`` before the delivery;
    what is wrong with an entry beside ``use-<id>`` and ``note-<id>``.
    """
    found = results(session, actor=actor, project_id=project_id)
    details = proxy_details(actor, found.group.id, on_behalf)
    if not found.open:
        raise Conflict("project_state")
    for row, wanted in _wanted(found.results, said):
        if (row.use, row.use_note) != (wanted.use, wanted.note):
            row.use, row.use_note, row.use_said_on = wanted.use, wanted.note, today
            session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, act="say_use", subject=("project", project_id), now=now, **details
    )
    return found


def _wanted(
    results: tuple[Deliverable, ...], said: Mapping[int, Mapping[str, Any]]
) -> list[tuple[Deliverable, Said]]:
    """What is said of each result, or everything that is wrong with it."""
    wanted, errors = [], []
    for row in results:
        given = said.get(row.id or 0)
        if given is None:
            continue
        try:
            wanted.append((row, validated(Said, given)))
        except Invalid as refused:
            errors += [
                FieldError(f"{each.field}-{row.id}", each.code, each.params)
                for each in refused.errors
            ]
    if errors:
        raise Invalid(errors)
    return wanted
