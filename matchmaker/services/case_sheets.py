"""A case as the people of its project and the coordinators see it, published or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from matchmaker.models import (
    Case,
    CasePicture,
    CaseRelease,
    CaseState,
    Group,
    Professional,
    Project,
    ProjectMember,
    Side,
)
from matchmaker.services import cases
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commitments import FINISHED
from matchmaker.services.erasure import ERASED


@dataclass(frozen=True)
class Voice:
    """Somebody whose release is needed. ``member`` None: the group."""

    member: ProjectMember | None
    name: str
    release: CaseRelease | None
    mine: bool

    @property
    def key(self) -> str:
        """What names the voice in a form."""
        return self.member.id if self.member else "group"


@dataclass(frozen=True)
class CaseSheet:
    """The case of a project (None: not begun), its picture, and who has released it."""

    project: Project
    group: Group
    case: Case | None
    picture: CasePicture | None
    voices: tuple[Voice, ...]
    told: bool  # whether the project can be told: its result is handed over

    @property
    def mine(self) -> Voice | None:
        """The reader's own voice."""
        return next((voice for voice in self.voices if voice.mine), None)

    @property
    def released(self) -> bool:
        """Whether everybody has released it as it stands."""
        return all(voice.release for voice in self.voices)


def sheet(session: Session, *, actor: Actor, side: Side | None, project_id: str) -> CaseSheet:
    """The case for one side, or for coordinators (``side`` None). Refused:
    ``project_not_found``, ``coordinators_only``."""
    project, group, own = cases.find(session, actor=actor, side=side, project_id=project_id)
    case = cases.of_project(session, project_id)
    given = cases.releases(session, case) if case else {}
    voices = [Voice(None, group.name, given.get(None), side == Side.GROUP)]
    voices += [
        Voice(member, person.name, given.get(member.id), own is not None and member.id == own.id)
        for member, person in cases.staying(session, project_id)
    ]
    picture = session.get(CasePicture, case.id) if case else None
    return CaseSheet(project, group, case, picture, tuple(voices), project.state in FINISHED)


@dataclass(frozen=True)
class CaseLine:
    """A case in the coordinators' list, with how many releases it has of how many."""

    case: Case
    project: Project
    group: Group
    given: int
    awaited: int


def listing(session: Session, *, actor: Actor) -> Sequence[CaseLine]:
    """Every case, those that can be published first, then those that wait, then the rest.

    Refused: ``coordinators_only``."""
    require_coordinator(actor)
    rows = session.exec(
        select(Case, Project, Group)
        .join(Project, col(Project.id) == Case.project_id)
        .join(Group, col(Group.id) == Project.group_id)
        .order_by(col(Case.created_at).desc(), col(Case.id))
    ).all()
    people: dict[str, int] = {}
    for project_id, _person in session.exec(
        select(ProjectMember.project_id, Professional.id)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .where(
            col(ProjectMember.project_id).in_([project.id for _case, project, _group in rows]),
            col(ProjectMember.left_on).is_(None),
            Professional.name != ERASED,
        )
    ):
        people[project_id] = people.get(project_id, 0) + 1
    given: dict[str, int] = {}
    for case_id in session.exec(
        select(CaseRelease.case_id)
        .join(Case, col(Case.id) == CaseRelease.case_id)
        .where(CaseRelease.edition == Case.edition, col(CaseRelease.withdrawn_at).is_(None))
    ):
        given[case_id] = given.get(case_id, 0) + 1
    lines = [
        CaseLine(case, project, group, given.get(case.id, 0), people.get(project.id, 0) + 1)
        for case, project, group in rows
    ]
    return sorted(lines, key=_order)


def _order(line: CaseLine) -> tuple[bool, bool]:
    asked = line.case.state == CaseState.ASKED
    return (not (asked and line.given >= line.awaited), not asked)
