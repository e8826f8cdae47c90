"""Sharing the work: who is in charge, handing over, standing in, and how much a round may begin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from matchmaker.errors import Invalid
from matchmaker.models import Account, AuditEntry, Consultation, Project, Round
from matchmaker.services import capacity, charge, consultations, fairness, rounds
from matchmaker.services import today as waiting
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.factories import NOW
from tests.scenes import city, computed_round, seats

TODAY = NOW.date()
WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}


@pytest.fixture
def staff(session: Session) -> list[Account]:
    return [f.staff(session, name=name) for name in ("青木", "石田")]


@pytest.fixture
def actors(session: Session, staff: list[Account]) -> list[Actor]:
    return [f.actor(session, each) for each in staff]


def say(session: Session, actor: Actor, **given: Any) -> None:
    version = capacity.desk_of(session, actor=actor).version
    capacity.say(session, actor=actor, **WHEN, data={"version": version, **given})


def project(session: Session, **given: Any) -> Project:
    group = f.group(session)
    need = f.need(session, group, state="in_progress")
    return f.add(session, Project(need_id=need.id, group_id=group.id, title="帳簿", created_at=NOW,
                                  state="in_progress", agreed_on=TODAY, **given))  # fmt: skip


def give(session: Session, actor: Actor, kind: str, record_id: str, to: str | None) -> None:
    charge.give(session, actor=actor, now=NOW, kind=kind, record_id=record_id, account_id=to or "")


def test_what_is_accompanied_counts_against_what_was_said(
    session: Session, staff: list[Account], actors: list[Actor]
) -> None:
    me, colleague = actors
    assert capacity.capacity(session, on=TODAY).free is None
    say(session, me, most_projects=3, most_until=TODAY + timedelta(days=5))
    say(session, colleague, most_projects=0)
    running, other = project(session), project(session)
    give(session, me, "project", running.id, me.account_id)
    give(session, me, "group", other.group_id, me.account_id)  # and so its need and its project
    loose = project(session)
    found = capacity.capacity(session, on=TODAY)
    assert (found.free, found.unattended) == (1, 1)
    assert {share.account.name: share.running for share in found.shares} == {"青木": 2, "石田": 0}
    loose.state = "evaluated"
    session.add(loose)
    session.flush()
    assert capacity.capacity(session, on=TODAY).unattended == 0
    later = capacity.capacity(session, on=TODAY + timedelta(days=6))
    assert later.free == 0  # what I said holds no more, what my colleague said does


def test_a_round_begins_no_more_than_can_be_accompanied(
    session: Session, actors: list[Actor]
) -> None:
    say(session, actors[0], most_projects=1)
    for _each in range(2):
        f.role(session, f.need(session, f.group(session)))
    row = rounds.create(session, actor=actors[0], **WHEN, data={"name": "秋"})
    assert row.policy["max_new_projects"] == 1
    assert session.get_one(Round, row.id).policy["max_new_projects"] == 1


def test_the_round_says_what_the_limit_cost(session: Session) -> None:
    town = city(session)
    free = computed_round(session, town.actor, NOW)
    assert free.measures["limit"] is None
    teams = {each.need_id for each in seats(session, free).values()}
    say(session, town.actor, most_projects=1)
    rounds.cancel(session, actor=town.actor, now=NOW, round_id=free.id, version=free.version)
    row = computed_round(session, town.actor, NOW)
    (kept,) = {each.need_id for each in seats(session, row).values() if each.state == "proposed"}
    cost = row.measures["limit"]
    assert (cost["most"], cost["said"], cost["unstaffed"]) == (1, 1, [])
    assert {*cost["staffed"], kept} == teams
    told = fairness.report(session, actor=town.actor, round_id=row.id).found.switched["limit"]
    assert set(told.staffed) == set(cost["staffed"])


def test_of_mine_of_nobody_and_of_whom_i_stand_in_for(
    session: Session, staff: list[Account], actors: list[Actor]
) -> None:
    me, colleague = actors
    mine = f.group(session, state="submitted", submitted_at=NOW)
    theirs = f.group(session, state="submitted", submitted_at=NOW)
    loose = f.professional(session, state="submitted", submitted_at=NOW)
    give(session, me, "group", mine.id, me.account_id)
    give(session, me, "group", theirs.id, colleague.account_id)
    note = consultations.write(
        session, actor=colleague, **WHEN,
        data={"held_on": TODAY, "medium": "phone", "topic": "law", "text": "x",
              "follow_up_on": TODAY},
    )  # fmt: skip

    def see(whose: str) -> set[str]:
        found = waiting.today(session, actor=me, on=TODAY, whose=whose)
        return {item.subject_id for item in found.items}

    assert see("mine") == {mine.id}
    assert see("nobody") == {loose.id}
    assert see("") == {mine.id, theirs.id, loose.id}
    say(session, colleague, stand_in=me.account_id, away_until=TODAY)
    assert see("mine") == {mine.id, theirs.id, note.id}
    found = waiting.today(session, actor=me, on=TODAY + timedelta(days=1), whose="mine")
    assert {item.subject_id for item in found.items} == {mine.id}


def test_everything_goes_to_a_colleague_for_good(session: Session, actors: list[Actor]) -> None:
    me, colleague = actors
    group = f.group(session)
    give(session, me, "group", group.id, me.account_id)
    consultations.write(
        session, actor=me, **WHEN,
        data={"held_on": TODAY, "medium": "phone", "topic": "law", "text": "x",
              "follow_up_on": TODAY},
    )  # fmt: skip
    assert charge.hand_over(session, actor=me, now=NOW, to=str(colleague.account_id)) == 2
    owner = charge.owner(session, "group", group.id)
    assert owner is not None
    assert owner.id == colleague.account_id
    assert session.exec(select(Consultation.handed_to)).one() == colleague.account_id
    acts = session.exec(select(AuditEntry.act)).all()
    assert acts.count("charge_given") == 2
    assert "consultation_handed_over" in acts
    with pytest.raises(Invalid):
        charge.hand_over(session, actor=me, now=NOW, to=str(me.account_id))


def test_a_note_is_not_a_consultation(session: Session, actors: list[Actor]) -> None:
    need = f.need(session, f.group(session))
    for counted in (True, False):
        consultations.write(
            session, actor=actors[0], **WHEN,
            data={"held_on": TODAY, "medium": "visit", "topic": "law", "text": "x",
                  "need_id": need.id, "counted": counted},
        )  # fmt: skip
    assert consultations.counts(session, year=2026) == {"law": 1}
    assert consultations.log(session, actor=actors[0], need_id=need.id).total == 2


def test_what_is_wrong_with_what_is_said(session: Session, actors: list[Actor]) -> None:
    for given, field in (
        ({"most_until": TODAY - timedelta(days=1)}, "most_until"),
        ({"stand_in": actors[0].account_id, "away_until": TODAY}, "stand_in"),
        ({"stand_in": actors[1].account_id}, "away_until"),
        ({"away_until": TODAY}, "stand_in"),
        ({"most_projects": 100}, "most_projects"),
    ):
        with pytest.raises(Invalid) as refused:
            say(session, actors[0], **given)
        assert field in {each.field for each in refused.value.errors}
