"""Before two records become one: what only one may hold is settled, the weaker is ended."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import (
    HELD,
    Consent,
    DecisionAct,
    Group,
    GroupMember,
    MemberRole,
    Professional,
    ProfessionalSkill,
    Proposal,
    ProposalState,
    Wish,
)
from matchmaker.services import rounds
from matchmaker.services.actors import Actor
from matchmaker.services.merge_parts import KEPT, OTHER

LIVE = (ProposalState.PROPOSED, *HELD)


def settle_before(
    session: Session, actor: Actor, now: datetime, kept: Any, other: Any, chosen: dict[str, str]
) -> None:
    """Settle what only one of two records may hold; ``chosen``: name of a difference → answer."""
    if not isinstance(kept, Group):
        _keep_latest_consents(session, kept, other)
    if isinstance(kept, Professional):
        _end_weaker_proposals(session, actor, now, kept, other)
        for name, answer in chosen.items():
            code, _colon, about = name.partition(":")
            if answer == OTHER and code in ("skill", "wish"):
                _take_value(session, kept.id, other.id, code, about)
    if isinstance(kept, Group):
        _one_contact(session, kept, other, chosen)


def _end_weaker_proposals(
    session: Session, actor: Actor, now: datetime, kept: Professional, other: Professional
) -> None:
    """Both were put forward for one need: the seat that is held stays, else the better fit."""
    live = session.exec(
        select(Proposal).where(
            col(Proposal.professional_id).in_((kept.id, other.id)), col(Proposal.state).in_(LIVE)
        )
    ).all()
    for need_id, number in Counter(each.need_id for each in live).items():
        if number == 2:
            weaker = min(
                (each for each in live if each.need_id == need_id),
                key=lambda each: (each.state in HELD, each.score, each.id),
            )
            rounds.end_proposal(session, weaker, actor, now, DecisionAct.REPLACE, "same_person")


def _keep_latest_consents(session: Session, kept: Any, other: Any) -> None:
    """Where somebody answered one employer under both records, the last word counts: yes or no."""
    person = isinstance(kept, Professional)
    column = Consent.professional_id if person else Consent.company_id
    answers: dict[tuple[Any, ...], list[Consent]] = {}
    for each in session.exec(select(Consent).where(col(column).in_((kept.id, other.id)))):
        subject = each.company_id if person else (each.professional_id, each.account_id)
        answers.setdefault((each.purpose, subject), []).append(each)
    for given in answers.values():
        last = max(given, key=lambda each: (each.withdrawn_at or each.given_at, each.id))
        for each in given:
            if each is not last and each.withdrawn_at is None:
                each.withdrawn_at = last.withdrawn_at or last.given_at
                session.add(each)
    session.flush()


def _take_value(session: Session, kept_id: str, other_id: str, code: str, about: str) -> None:
    table: Any = ProfessionalSkill if code == "skill" else Wish
    one, two = session.get_one(table, (kept_id, about)), session.get_one(table, (other_id, about))
    if code == "skill":
        one.level = two.level
    else:
        one.rank = two.rank
    session.add(one)
    session.flush()


def _one_contact(session: Session, kept: Group, other: Group, chosen: dict[str, str]) -> None:
    contacts = {
        row.group_id: row
        for row in session.exec(
            select(GroupMember).where(
                col(GroupMember.group_id).in_((kept.id, other.id)),
                GroupMember.role == MemberRole.CONTACT,
            )
        )
    }
    if len(contacts) < 2:
        return
    given = chosen.get("contact_member", KEPT)
    steps_back = contacts[kept.id if given == OTHER else other.id]
    steps_back.role = MemberRole.MEMBER
    session.add(steps_back)
    session.flush()
    _same_member(session, contacts, kept, other)


def _same_member(
    session: Session, contacts: dict[str, GroupMember], kept: Group, other: Group
) -> None:
    """Somebody who acts for both acts once for the one, as its contact if they were one's."""
    theirs = contacts[other.id]
    mine = session.get(GroupMember, (kept.id, theirs.account_id))
    if mine is not None and theirs.role == MemberRole.CONTACT:
        theirs.role, mine.role = MemberRole.MEMBER, MemberRole.MEMBER
        session.add(theirs)
        session.flush()
        mine.role = MemberRole.CONTACT
        session.add(mine)
        session.flush()
