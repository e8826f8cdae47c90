"""A finished project told in public: written by anybody on it, released by everybody on it.

draft → asked → published; withdrawn by a coordinator. Every change of text or picture makes a next
edition, and whoever released the one before is asked again. Whoever takes a release back takes the
case off the site at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Case,
    CaseRelease,
    CaseState,
    Group,
    Need,
    Outcome,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Side,
)
from matchmaker.services import audit, letters, project_access
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import (
    Command,
    LongText,
    ShortText,
    Version,
    validated,
)
from matchmaker.services.commitments import FINISHED
from matchmaker.services.erasure import ERASED
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.versions import claim
from matchmaker.text import search_key

TEXTS = ("problem", "work", "result", "group_words", "professional_words")


class Story(Command):
    """The words of a case. What the two sides say may stay empty."""

    version: Version
    title: Annotated[str, ShortText(120, 1)]
    problem: Annotated[str, LongText(2000, 1)]
    work: Annotated[str, LongText(2000, 1)]
    result: Annotated[str, LongText(2000, 1)]
    group_words: Annotated[str, LongText(1000)] = ""
    professional_words: Annotated[str, LongText(1000)] = ""


def find(
    session: Session, *, actor: Actor, side: Side | None, project_id: str
) -> tuple[Project, Group, ProjectMember | None]:
    """The project for one side, or for coordinators (``side`` None). Refused:
    ``project_not_found``, ``coordinators_only``."""
    if side is not None:
        return part(session, actor, side, project_id)
    require_coordinator(actor)
    return (*project_access.find(session, project_id), None)


def of_project(session: Session, project_id: str) -> Case | None:
    """The case of a project, once somebody began it."""
    return session.exec(select(Case).where(Case.project_id == project_id)).first()


def begin(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    on_behalf: OnBehalf | None = None,
) -> Case:
    """A draft filled in from what the project's people wrote; the same one when asked again.

    Refused: ``project_not_found``, ``project_not_told`` before the result is handed over,
    ``on_behalf_needed``.
    """
    project, group, _member = find(session, actor=actor, side=side, project_id=project_id)
    details = details_of(actor, group, side, on_behalf)
    known = of_project(session, project_id)
    if known is not None:
        return known
    if project.state not in FINISHED:
        raise Conflict("project_not_told")
    case = Case(project_id=project_id, title=project.title, created_at=now)
    for name, text in _draft(session, project).items():
        setattr(case, name, text)
    session.add(case)
    session.flush()
    record(session, actor, now, case, "begin_case", details)
    return case


def _draft(session: Session, project: Project) -> dict[str, str]:
    """Words that are there already. What was said in evaluations only where it may be quoted, and
    once everybody may read it."""
    need = session.get_one(Need, project.need_id)
    said: Sequence[Outcome] = ()
    if project.state != ProjectState.DELIVERED:
        said = session.exec(
            select(Outcome)
            .where(Outcome.project_id == project.id, col(Outcome.quotable).is_(True))
            .order_by(col(Outcome.id))
        ).all()

    def words(side: Side) -> str:
        told = (each.comment for each in said if each.side == side and each.comment)
        return "\n\n".join(dict.fromkeys(told))

    return {
        "problem": need.summary[:2000],
        "work": (project.goal or need.deliverable)[:2000],
        "result": project.delivered[:2000],
        "group_words": words(Side.GROUP)[:1000],
        "professional_words": words(Side.PROFESSIONAL)[:1000],
    }


def save(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Case:
    """Write the words anew (``Story``); the same words again change nothing.

    Refused: ``project_not_found``, ``case_not_found``, ``changed_meanwhile``, ``on_behalf_needed``.
    """
    case, details = to_change(session, actor, side, project_id, on_behalf)
    wanted = validated(Story, data)
    words = wanted.model_dump(exclude={"version"})
    if all(getattr(case, name) == text for name, text in words.items()):
        return case
    claim(session, case, wanted.version)
    for name, text in words.items():
        setattr(case, name, text)
    next_edition(session, case)
    record(session, actor, now, case, "save_case", details)
    return case


def ask(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Case:
    """Ask everybody on the project to release the case as it stands; they are told by mail.

    Refused: ``case_state`` unless it is a draft or was withdrawn, what ``save`` refuses, and
    ``case_incomplete`` while a part of the story is missing.
    """
    case, details = to_change(session, actor, side, project_id, on_behalf)
    if case.state not in (CaseState.DRAFT, CaseState.WITHDRAWN):
        raise Conflict("case_state")
    if not (case.title and case.problem and case.work and case.result):
        raise Conflict("case_incomplete")
    claim(session, case, version)
    case.state, case.asked_at = CaseState.ASKED, now
    session.add(case)
    session.flush()
    record(session, actor, now, case, "ask_case", details)
    _tell(session, actor, case, now)
    return case


def _tell(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    project, group = project_access.find(session, case.project_id)
    people = [person for _member, person in staying(session, project.id)]
    book = letters.address_book(session, people=people, groups=[group])
    key = f"{case.id}:{case.edition}"
    given = {"title": case.title, "project_id": project.id}
    written = [
        letters.to_professional(book, person, "release_case", key, side="professional", **given)
        for person in people
    ]
    written += letters.to_group(book, group, "release_case", key, side="group", **given)
    letters.post(
        session, [each for each in written if each.account_id != actor.account_id], now=now
    )


def staying(session: Session, project_id: str) -> list[tuple[ProjectMember, Professional]]:
    """Whoever was on the project to its end and is still known: they all must release a case."""
    rows = session.exec(
        select(ProjectMember, Professional)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .where(
            ProjectMember.project_id == project_id,
            col(ProjectMember.left_on).is_(None),
            Professional.name != ERASED,
        )
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    )
    return [(member, person) for member, person in rows]


def releases(session: Session, case: Case) -> dict[str | None, CaseRelease]:
    """Live releases of the present edition: member's id (None: the group) → release."""
    rows = session.exec(
        select(CaseRelease).where(
            CaseRelease.case_id == case.id,
            CaseRelease.edition == case.edition,
            col(CaseRelease.withdrawn_at).is_(None),
        )
    )
    return {row.member_id: row for row in rows}


def details_of(
    actor: Actor, group: Group, side: Side | None, on_behalf: OnBehalf | None
) -> dict[str, Any]:
    """What the record keeps of a proxy entry for the group. Refused: ``on_behalf_needed``."""
    return proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}


def to_change(
    session: Session,
    actor: Actor,
    side: Side | None,
    project_id: str,
    on_behalf: OnBehalf | None,
) -> tuple[Case, dict[str, Any]]:
    """The case of a project somebody may change, for one at a time, and the proxy's note."""
    _project, group, _member = find(session, actor=actor, side=side, project_id=project_id)
    return locked(session, project_id), details_of(actor, group, side, on_behalf)


def locked(session: Session, project_id: str) -> Case:
    """The case, for one at a time."""
    case = session.exec(
        select(Case)
        .where(Case.project_id == project_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if case is None:
        raise NotFound("case_not_found")
    return case


def next_edition(session: Session, case: Case) -> None:
    """Nobody has released what is new: it goes off the site and is a draft again."""
    case.edition += 1
    case.state = CaseState.DRAFT
    refresh_search_text(session, case)


def refresh_search_text(session: Session, case: Case) -> None:
    """Keep what a case is looked up by in step; the group's name only where it may stand."""
    group = None
    given = releases(session, case).get(None)
    if given is not None and given.named:
        group = project_access.find(session, case.project_id)[1]
    names = (group.name, group.kana) if group else ()
    texts = (getattr(case, name) for name in TEXTS)
    case.search_text = search_key(case.title, *names, *texts)[:4000]
    session.add(case)
    session.flush()


def record(
    session: Session, actor: Actor, now: datetime, case: Case, act: str, details: dict[str, Any]
) -> None:
    """Note an act in the history of the case's project."""
    session.flush()
    audit.record(
        session, actor=actor, act=act, subject=("project", case.project_id), now=now, **details
    )
