"""A need with a team, put together, approved and sent: what the tests about replies begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from matchmaker.models import Account, Group, Need, Professional, Proposal, Role, Round
from matchmaker.services import offers
from matchmaker.services.actors import Actor
from tests import factories
from tests.factories import NOW

TODAY = NOW.date()
REPLY_BY = TODAY + timedelta(days=14)


@dataclass
class Team:
    """Everybody and everything around one need."""

    coordinator: Account
    contact: Account
    accounts: list[Account]
    people: list[Professional]
    group: Group
    need: Need
    roles: list[Role]
    round: Round
    proposals: list[Proposal]
    session: Session

    def actor(self, who: Account) -> Actor:
        """The actor of an account."""
        return factories.actor(self.session, who)


def arrange(
    session: Session,
    *,
    size: int = 1,
    capacity: int = 1,
    need: dict[str, Any] | None = None,
    roles: list[dict[str, Any]] | None = None,
    **person: Any,
) -> Team:
    """A need with ``size`` one-seat roles, everybody on them approved, nothing sent yet."""
    coordinator = factories.staff(session, name="調整 係")
    contact = factories.account(session, name="会長 窓口")
    group = factories.group(session, person=contact)
    period = {"starts_on": TODAY + timedelta(days=30), "ends_on": TODAY + timedelta(days=90)}
    wanted = factories.need(session, group, **{**period, **(need or {})})
    given = roles or [{}] * size
    made = [
        factories.role(session, wanted, **{"title": f"担当{n}", "position": n, **values})
        for n, values in enumerate(given)
    ]
    accounts = [factories.account(session, name=f"働手 {n}") for n in range(len(made))]
    people = [
        factories.professional(session, person=each, **{"capacity": capacity, **person})
        for each in accounts
    ]
    row = factories.round_(session, wanted)
    proposals = [
        factories.proposal(session, row, role, each)
        for role, each in zip(made, people, strict=True)
    ]
    session.commit()
    return Team(
        coordinator, contact, accounts, people, group, wanted, made, row, proposals, session
    )


def send(team: Team, *, reply_by: date = REPLY_BY) -> Round:
    """Send the team's round as a coordinator who looked at it."""
    actor = team.actor(team.coordinator)
    seen = offers.plan(team.session, actor=actor, round_id=team.round.id)
    row = offers.send_round(
        team.session,
        actor=actor,
        now=NOW,
        today=TODAY,
        round_id=team.round.id,
        data={"version": seen.round.version, "shown": seen.digest, "reply_by": reply_by},
    )
    team.session.commit()
    return row


def sent(session: Session, **given: Any) -> Team:
    """A team that was arranged and sent."""
    team = arrange(session, **given)
    send(team)
    return team


def second_offer(team: Team, **need: Any) -> Team:
    """Another need that asks the same person, who says later how little they can take."""
    other = arrange(team.session, need=need)
    person = team.people[0]
    other.people[0], other.accounts[0] = person, team.accounts[0]
    other.proposals[0].professional_id = person.id
    said = person.capacity, person.hours_per_week
    person.capacity, person.hours_per_week = 9, 40
    send(other)
    person.capacity, person.hours_per_week = said
    team.session.commit()
    return other
