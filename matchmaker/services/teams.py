"""After every answer: is the team complete, does it still wait, or is the need open again?

Call with the need locked. Everybody whom the answer concerns is written to, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import (
    Group,
    Need,
    NeedState,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Reply,
)
from matchmaker.services import audit, letters, projects, seats
from matchmaker.services.actors import Actor
from matchmaker.services.commitments import RUNNING
from matchmaker.services.letters import AddressBook, Letter
from matchmaker.services.versions import claim

WAITING = (ProposalState.OFFERED, ProposalState.CONFIRMED)
_STANDS = {
    ProjectState.AGREED: NeedState.STAFFED,
    ProjectState.IN_PROGRESS: NeedState.IN_PROGRESS,
    ProjectState.DELIVERED: NeedState.DELIVERED,
    ProjectState.EVALUATED: NeedState.EVALUATED,
    ProjectState.NOT_USED: NeedState.EVALUATED,
    ProjectState.FOLLOWED_UP: NeedState.FOLLOWED_UP,
    ProjectState.CANCELLED: NeedState.CANCELLED,
}


@dataclass(frozen=True)
class _Setting:
    """Everybody on a need's team, past and present, with their addresses. ``falls``: a seat the
    work cannot begin without is free."""

    need: Need
    group: Group
    proposals: list[Proposal]
    people: dict[str, Professional]
    book: AddressBook
    falls: bool

    @property
    def facts(self) -> dict[str, Any]:
        return {"need_id": self.need.id, "need": self.need.title, "group": self.group.name}


def stands(project: Project) -> NeedState:
    """Where the need of a project stands, nobody being looked for."""
    if project.state == ProjectState.PAUSED:
        return NeedState.IN_PROGRESS if project.started_on else NeedState.STAFFED
    return _STANDS[ProjectState(project.state)]


def is_member(session: Session, proposal: Proposal) -> bool:
    """Whether the person has joined the project through this proposal."""
    found = select(ProjectMember.id).where(ProjectMember.proposal_id == proposal.id)
    return session.exec(found).first() is not None


def settle(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    need: Need,
    confirmed: Sequence[Proposal] = (),
    ended: Sequence[Proposal] = (),
) -> None:
    """Draw the consequences for a locked need after some proposals were confirmed or ended.

    All essential seats confirmed: the project opens, or later seats join it. An essential seat
    free again: the need is open for the next round. Otherwise the team goes on waiting.
    """
    searching = need.state in (NeedState.OPEN, NeedState.IN_ROUND)
    falls = searching and bool(seats.lacking(session, {need.id}, WAITING))
    setting = _setting(session, need, falls)
    now_confirmed = [each for each in confirmed if each.state == ProposalState.CONFIRMED]
    written: list[Letter] = []
    for each in ended:
        written += _about_end(setting, each)
    if now_confirmed:
        if projects.of_need(session, need.id) or _complete(session, need):
            written += _start(session, actor, now, today, setting)
        else:
            written += _seat_sure(setting, now_confirmed)
    if ended and need.state == NeedState.IN_ROUND and falls:
        reopen(session, actor, now, need)
        written += _team_waits(setting, ended)
    letters.post(session, written, now=now)


def _complete(session: Session, need: Need) -> bool:
    return not seats.lacking(session, {need.id}, [ProposalState.CONFIRMED])


def _setting(session: Session, need: Need, falls: bool) -> _Setting:
    proposals = session.exec(
        select(Proposal)
        .where(Proposal.need_id == need.id, col(Proposal.offered_at).is_not(None))
        .order_by(col(Proposal.created_at), col(Proposal.id))
    ).all()
    ids = {each.professional_id for each in proposals}
    people = session.exec(select(Professional).where(col(Professional.id).in_(ids))).all()
    group = session.get_one(Group, need.group_id)
    book = letters.address_book(session, people=people, groups=[group])
    known = {person.id: person for person in people}
    return _Setting(need, group, list(proposals), known, book, falls)


def _about_end(setting: _Setting, ended: Proposal) -> list[Letter]:
    """Tell both sides kindly what follows; why somebody said no stays with the coordinators."""
    write = {
        ProposalState.DECLINED: _about_decline,
        ProposalState.EXPIRED: _about_expiry,
        ProposalState.WITHDRAWN: _about_withdrawal,
    }[ProposalState(ended.state)]
    return write(setting, ended)


def _to_person(setting: _Setting, ended: Proposal, code: str, **more: Any) -> Letter:
    """``person_id``: for whom other needs are looked up when the letter is written."""
    person = setting.people[ended.professional_id]
    return letters.to_professional(
        setting.book, person, code, ended.id, person_id=person.id, side="professional",
        reply_over=_over(ended), **setting.facts, **more,
    )  # fmt: skip


def _to_group(setting: _Setting, code: str, key: str, ended: Proposal, **more: Any) -> list[Letter]:
    return letters.to_group(
        setting.book, setting.group, code, key, side="group", falls=setting.falls,
        reply_over=_over_for_group(setting, ended), **setting.facts, **more,
    )  # fmt: skip


def _over(proposal: Proposal) -> dict[str, str]:
    """The day of a reply that is awaited no longer; it stands in calendars."""
    if proposal.reply_by is None:
        return {}
    return {"proposal_id": proposal.id, "day": proposal.reply_by.isoformat()}


def _over_for_group(setting: _Setting, proposal: Proposal) -> dict[str, str]:
    """The same of the group's day, once it has to answer about nobody of this round any more."""
    waits = any(
        each.round_id == proposal.round_id
        and each.state == ProposalState.OFFERED
        and each.group_reply == Reply.WAITING
        for each in setting.proposals
    )
    if waits or proposal.reply_by is None:
        return {}
    day = proposal.reply_by.isoformat()
    return {"proposal_id": "", "round_id": proposal.round_id, "day": day}


def _about_decline(setting: _Setting, ended: Proposal) -> list[Letter]:
    """Whoever said no is thanked, the other side is told."""
    if ended.professional_reply == Reply.DECLINED:
        return [
            _to_person(setting, ended, "answered_no"),
            *_to_group(setting, "declined_to_group", ended.id, ended),
        ]
    return [
        _to_person(setting, ended, "declined_to_professional"),
        *_to_group(setting, "answered_no", f"{ended.need_id}:{ended.group_replied_at}", ended),
    ]


def _about_expiry(setting: _Setting, ended: Proposal) -> list[Letter]:
    own = ended.professional_reply == Reply.WAITING
    theirs = ended.group_reply == Reply.WAITING
    key = f"{ended.need_id}:{ended.reply_by}"  # one letter a need, however many people
    return [
        _to_person(setting, ended, "expired", own=own),
        *_to_group(setting, "expired", key, ended, own=theirs),
    ]


def _about_withdrawal(setting: _Setting, ended: Proposal) -> list[Letter]:
    return [
        _to_person(setting, ended, "offer_withdrawn"),
        *_to_group(setting, "offer_withdrawn", ended.id, ended),
    ]


def _seat_sure(setting: _Setting, confirmed: Sequence[Proposal]) -> list[Letter]:
    return [
        letters.to_professional(
            setting.book, setting.people[each.professional_id], "confirmed_seat", each.id,
            proposal_id=each.id, reply_over=_over(each), **setting.facts,
        )
        for each in confirmed
    ]  # fmt: skip


def _start(
    session: Session, actor: Actor, now: datetime, today: date, setting: _Setting
) -> list[Letter]:
    """Open the project, or let later seats join it, and bring everybody together by name."""
    need = setting.need
    project = projects.open_project(session, actor=actor, now=now, today=today, need=need)
    _follow(session, need, project)
    team = projects.confirmed_seats(session, need.id)
    added = projects.join(
        session, actor=actor, now=now, today=today, project=project, need=need, seats=team
    )
    return _introductions(setting, project, team) if added else []


def _follow(session: Session, need: Need, project: Project) -> None:
    """A need whose seat was filled again stands where its project stands."""
    if (
        need.state == NeedState.IN_ROUND
        and project.state in RUNNING
        and not seats.lacking(session, {need.id}, WAITING)
    ):
        claim(session, need, need.version)
        need.state = stands(project)
        session.add(need)


def _introductions(
    setting: _Setting, project: Project, team: list[projects.Seated]
) -> list[Letter]:
    key = f"{project.id}:{len(team)}"
    facts = {
        **setting.facts,
        "team": [
            {
                "role": seat.role.title,
                "name": seat.person.name,
                "email": _address(setting.book, seat.person),
            }
            for seat in team
        ],
        "partner": _partner(setting),
    }
    written = letters.to_group(
        setting.book, setting.group, "confirmed_to_group", key, **facts,
        reply_over=_over_for_group(setting, team[-1].proposal) if team else {},
    )  # fmt: skip
    for seat in team:
        written.append(
            letters.to_professional(
                setting.book,
                seat.person,
                "confirmed_to_professional",
                key,
                proposal_id=seat.proposal.id,
                role=seat.role.title,
                reply_over=_over(seat.proposal),
                **facts,
            )
        )
    return written


def _address(book: AddressBook, person: Professional) -> str:
    account = book.accounts.get(person.account_id or "")
    return account.email if account else person.email


def _partner(setting: _Setting) -> dict[str, str]:
    members = setting.book.groups.get(setting.group.id)
    if members and not setting.group.contact_name:
        return {"name": members[0].name, "email": members[0].email}
    return {"name": setting.group.contact_name, "email": setting.group.contact_email}


def reopen(session: Session, actor: Actor, now: datetime, need: Need) -> None:
    """Open a need again, for whichever round comes next."""
    claim(session, need, need.version)
    need.state = NeedState.OPEN
    session.add(need)
    seats.release(session, need.id)
    audit.record(session, actor=actor, act="reopen_need", subject=("need", need.id), now=now)


def _team_waits(setting: _Setting, ended: Sequence[Proposal]) -> list[Letter]:
    """Tell whoever said yes that a seat is free again and that their yes still stands."""
    key = sorted(each.id for each in ended)[0]
    return [
        letters.to_professional(
            setting.book, setting.people[each.professional_id], "team_waits", key,
            proposal_id=each.id, **setting.facts,
        )
        for each in setting.proposals
        if each.state in WAITING and each.professional_reply == Reply.ACCEPTED
    ]  # fmt: skip
