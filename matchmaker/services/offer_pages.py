"""What each side sees of an offer: the same facts, and names only after both said yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict
from matchmaker.models import (
    Account,
    District,
    Group,
    GroupMember,
    Need,
    Professional,
    Project,
    Proposal,
    ProposalState,
    Reply,
    Role,
)
from matchmaker.services import promises
from matchmaker.services.actors import Actor
from matchmaker.services.promises import asked_minutes
from matchmaker.services.reason_names import Names, names_for, parsed
from matchmaker.services.replies import find_need, find_offer

LIVE = (ProposalState.OFFERED, ProposalState.CONFIRMED)
_HIDDEN = ("pinned",)  # how a coordinator worked, not why two fit


@dataclass(frozen=True)
class Contact:
    """Somebody's name and address, told once both sides said yes."""

    name: str
    email: str


@dataclass(frozen=True)
class OfferLine:
    """An offer in a professional's list."""

    proposal: Proposal
    need: Need
    role: Role
    group_name: str

    @property
    def waits_for_me(self) -> bool:
        """Whether the professional has still to answer."""
        return (
            self.proposal.state == ProposalState.OFFERED
            and self.proposal.professional_reply == Reply.WAITING
        )


@dataclass(frozen=True)
class Fellow:
    """Another seat of the team; the name only when both sides said yes to both people."""

    role: str
    name: str


@dataclass(frozen=True)
class OfferSeen:
    """An offer as its professional reads it."""

    proposal: Proposal
    need: Need
    role: Role
    group: Group
    district: District | None
    person: Professional
    minutes: int
    fellows: tuple[Fellow, ...]
    names: Names
    project: Project | None
    contact: Contact | None
    shortage: Conflict | None
    open: bool  # the reply date has not passed

    @property
    def strengths(self) -> list[str]:
        """Why it fits, as reasons."""
        return shown(self.proposal.strengths)

    @property
    def can_answer(self) -> bool:
        """Whether a yes is still possible."""
        waiting = self.proposal.professional_reply == Reply.WAITING
        return self.open and waiting

    @property
    def can_decline(self) -> bool:
        """Whether a no is still possible: until the group said yes too."""
        return self.proposal.state == ProposalState.OFFERED


@dataclass(frozen=True)
class TeamSeat:
    """A person proposed to a group. ``person`` is there only once both sides said yes."""

    proposal: Proposal
    role: Role
    minutes: int
    person: Contact | None

    @property
    def strengths(self) -> list[str]:
        """Why it fits, as reasons."""
        return shown(self.proposal.strengths)

    @property
    def waits_for_group(self) -> bool:
        """Whether the group has still to answer."""
        offered = self.proposal.state == ProposalState.OFFERED
        return offered and self.proposal.group_reply == Reply.WAITING


@dataclass(frozen=True)
class TeamSeen:
    """A proposed team as its group reads it. ``free``: roles with seats nobody holds now."""

    need: Need
    group: Group
    seats: tuple[TeamSeat, ...]
    ended: tuple[TeamSeat, ...]
    free: tuple[tuple[Role, int], ...]
    names: Names
    project: Project | None
    reply_by: date | None
    open: bool

    @property
    def waiting(self) -> list[TeamSeat]:
        """Seats the group has still to answer about."""
        return [seat for seat in self.seats if seat.waits_for_group] if self.open else []


def shown(reasons: Iterable[str]) -> list[str]:
    """Reasons that concern the two sides; how a coordinator worked is left out."""
    return [text for text in reasons if str(text).split(":")[0] not in _HIDDEN]


def my_offers(session: Session, *, actor: Actor) -> list[OfferLine]:
    """Every offer sent to the actor: those that wait for an answer first, then the newest."""
    found = session.exec(
        select(Proposal, Need, Role, Group.name)
        .join(Need, col(Need.id) == Proposal.need_id)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Group, col(Group.id) == Need.group_id)
        .where(
            Proposal.professional_id == (actor.professional_id or ""),
            col(Proposal.offered_at).is_not(None),
        )
        .order_by(col(Proposal.offered_at).desc(), col(Proposal.id))
    )
    return sorted((OfferLine(*row) for row in found), key=lambda line: not line.waits_for_me)


def offer(session: Session, *, actor: Actor, proposal_id: str, today: date) -> OfferSeen:
    """One offer for its professional (or a coordinator); else ``proposal_not_found``."""
    proposal = find_offer(session, actor=actor, proposal_id=proposal_id)
    need, role, group, person, district, project = session.exec(
        wide_select(Need, Role, Group, Professional, District, Project)
        .select_from(Need)
        .join(Role, col(Role.id) == proposal.role_id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(Professional, col(Professional.id) == proposal.professional_id)
        .join(District, col(District.code) == Need.district, isouter=True)
        .join(Project, col(Project.need_id) == Need.id, isouter=True)
        .where(Need.id == proposal.need_id)
    ).one()
    confirmed = proposal.state == ProposalState.CONFIRMED
    minutes = asked_minutes(need, role)
    waiting = proposal.professional_reply == Reply.WAITING
    open_now = _open(proposal, today)
    shortage = None
    if waiting and open_now:
        held = promises.promised(session, person.id, besides=proposal.id)
        shortage = promises.shortage(person, held, minutes)
    return OfferSeen(
        proposal=proposal,
        need=need,
        role=role,
        group=group,
        district=district,
        person=person,
        minutes=minutes,
        fellows=_fellows(session, proposal, project is not None and confirmed),
        names=names_for(session, parsed([*proposal.strengths, *proposal.gaps])),
        project=project if confirmed else None,
        contact=_contact(session, group) if project is not None and confirmed else None,
        shortage=shortage,
        open=open_now,
    )


def _open(proposal: Proposal, today: date) -> bool:
    in_time = proposal.reply_by is None or proposal.reply_by >= today
    return proposal.state == ProposalState.OFFERED and in_time


def _fellows(session: Session, proposal: Proposal, named: bool) -> tuple[Fellow, ...]:
    found = session.exec(
        select(Proposal.state, Role.title, Professional.name)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(
            Proposal.need_id == proposal.need_id,
            Proposal.id != proposal.id,
            col(Proposal.state).in_(LIVE),
            col(Proposal.offered_at).is_not(None),
        )
        .order_by(col(Role.position), col(Role.id), col(Proposal.seat))
    )
    return tuple(
        Fellow(title, name if named and state == ProposalState.CONFIRMED else "")
        for state, title, name in found
    )


def _contact(session: Session, group: Group) -> Contact:
    if group.contact_name or group.contact_email:
        return Contact(group.contact_name or group.name, group.contact_email)
    account = session.exec(
        select(Account)
        .join(GroupMember, col(GroupMember.account_id) == Account.id)
        .where(GroupMember.group_id == group.id)
        .order_by(col(GroupMember.role), col(Account.id))
    ).first()
    return Contact(account.name, account.email) if account else Contact(group.name, "")


def team(session: Session, *, actor: Actor, need_id: str, today: date) -> TeamSeen:
    """The proposed team of a need for its group (or a coordinator); else ``need_not_found``."""
    need = find_need(session, actor=actor, need_id=need_id)
    group, project = session.exec(
        select(Group, Project)
        .join(Project, col(Project.need_id) == need.id, isouter=True)
        .where(Group.id == need.group_id)
    ).one()
    found = session.exec(
        select(Proposal, Role, Professional, Account.email)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Account, col(Account.id) == Professional.account_id, isouter=True)
        .where(Proposal.need_id == need.id, col(Proposal.offered_at).is_not(None))
        .order_by(col(Role.position), col(Role.id), col(Proposal.seat), col(Proposal.created_at))
    ).all()
    every = [_team_seat(need, *row) for row in found]
    live = [seat for seat in every if seat.proposal.state in LIVE]
    dates = [seat.proposal.reply_by for seat in live if seat.waits_for_group]
    reply_by = min((day for day in dates if day), default=None)
    return TeamSeen(
        need=need,
        group=group,
        seats=tuple(live),
        ended=tuple(seat for seat in every if seat.proposal.state not in LIVE),
        free=_free(session, need, live),
        names=names_for(
            session,
            parsed(
                [*[s for seat in live for s in [*seat.proposal.strengths, *seat.proposal.gaps]]]
            ),
        ),
        project=project,
        reply_by=reply_by,
        open=reply_by is None or reply_by >= today,
    )


def _team_seat(
    need: Need, proposal: Proposal, role: Role, person: Professional, email: str | None
) -> TeamSeat:
    known = proposal.state == ProposalState.CONFIRMED
    contact = Contact(person.name, email or person.email) if known else None
    return TeamSeat(proposal, role, asked_minutes(need, role), contact)


def _free(session: Session, need: Need, live: list[TeamSeat]) -> tuple[tuple[Role, int], ...]:
    roles = session.exec(
        select(Role).where(Role.need_id == need.id).order_by(col(Role.position), col(Role.id))
    )
    held = [seat.role.id for seat in live]
    free = ((role, role.seats - held.count(role.id)) for role in roles)
    return tuple((role, count) for role, count in free if count > 0)
