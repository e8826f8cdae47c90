"""The what-if bench: what a trial foretells is what the round becomes once it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from matchmaker.db import open_engine, session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from matchmaker.jobs import utc_now
from matchmaker.models import (
    AuditEntry,
    Group,
    Need,
    Proposal,
    ProposalState,
    RoleSkill,
    Round,
    RoundMark,
    RoundNeed,
    Scenario,
    Wish,
)
from matchmaker.services import (
    approvals,
    marks,
    rounds,
    scenario_keeping,
    scenario_steps,
    scenarios,
)
from matchmaker.services.actors import Actor
from tests import city as sample
from tests import factories as f
from tests.places import actor_of
from tests.scenes import City, city, computed_round, person, seats, work_off

TERMS = {
    "skills": 20, "time": 10, "place": 5, "interest": 40, "wishes": 60, "continuity_weight": 0,
    "floor": 2000, "continuity": "neutral", "groups": True, "needs": True, "waiting": True,
    "first_time": 2, "max_new_projects": 12,
}  # fmt: skip
Try = Callable[[Session, Round, Actor, str], Scenario]


@pytest.fixture
def big_city(tmp_path: Path) -> Iterator[Session]:
    """The sample city with its computed round, and one open need outside it."""
    engine = open_engine(sample.copy("sqlite", tmp_path))
    with session_factory(engine)() as session:
        yield session
    engine.dispose()


def _seat(session: Session, row: Round) -> Proposal:
    found = session.exec(
        select(Proposal)
        .where(Proposal.round_id == row.id, Proposal.state == ProposalState.PROPOSED)
        .order_by(col(Proposal.score).desc(), col(Proposal.id))
    ).first()
    assert found is not None
    return found


def _pair(kind: str) -> Try:
    def do(session: Session, row: Round, actor: Actor, scenario: str) -> Scenario:
        seat = _seat(session, row)
        data = {"professional_id": seat.professional_id, "role_id": seat.role_id, "kind": kind}
        return scenario_steps.try_pair(
            session, actor=actor, scenario_id=scenario, version=1, data=data
        )

    return do


def _without_person(session: Session, row: Round, actor: Actor, scenario: str) -> Scenario:
    data = {"id": _seat(session, row).professional_id}
    return scenario_steps.leave_out_person(
        session, actor=actor, scenario_id=scenario, version=1, data=data
    )


def _without_need(session: Session, row: Round, actor: Actor, scenario: str) -> Scenario:
    data = {"id": _seat(session, row).need_id}
    return scenario_steps.leave_out_need(
        session, actor=actor, scenario_id=scenario, version=1, data=data
    )


def _new_need(session: Session, row: Round, actor: Actor, scenario: str) -> Scenario:
    """A copy of a need that has a team, of a group that is new to the round, with a wish."""
    known = session.get_one(Need, _seat(session, row).need_id)
    role = _seat(session, row).role_id
    group = f.group(session, name="新しい会", waiting_since=row.as_of)
    need = f.need(session, group, title="新しい相談", mode=known.mode, slots=known.slots)
    codes = session.exec(select(RoleSkill.skill).where(RoleSkill.role_id == role)).all()
    f.role(session, need, tuple(codes), title="相談役", hours_per_week=1)
    f.add(
        session, Wish(professional_id=_seat(session, row).professional_id, need_id=need.id, rank=1)
    )
    data = {"id": need.id}
    return scenario_steps.add_need(session, actor=actor, scenario_id=scenario, version=1, data=data)


def _terms(session: Session, row: Round, actor: Actor, scenario: str) -> Scenario:
    return scenario_steps.other_terms(
        session, actor=actor, scenario_id=scenario, version=1, data=TERMS
    )


@pytest.mark.parametrize(
    "do", [_pair("pin"), _pair("ban"), _without_person, _without_need, _new_need, _terms]
)
def test_what_a_trial_foretells_comes_true_when_it_is_kept(
    big_city: Session, now: datetime, do: Try
) -> None:
    session = big_city
    now = utc_now()
    actor = actor_of(session, "coordinator")
    row = session.exec(select(Round)).one()
    before = levels(row)
    begun = scenarios.begin(session, actor=actor, now=now, round_id=row.id, data={"name": "試算"})
    tried = do(session, row, actor, begun.id)
    answer = scenarios.bench(session, actor=actor, scenario_id=begun.id).tried.answer
    assert answer is not None
    assert answer.now.levels == before
    assert levels(session.get_one(Round, row.id)) == before  # nothing happened yet
    version = tried.version
    scenario_keeping.keep(
        session, actor=actor, now=now, scenario_id=begun.id,
        data={"reason": "現場の事情", "version": version},
    )  # fmt: skip
    session.commit()
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    row = session.get_one(Round, row.id)
    assert row.failure == {}
    assert levels(row) == answer.then.levels
    held = {
        (each.professional_id, each.role_id)
        for each in session.exec(
            select(Proposal).where(
                Proposal.round_id == row.id, Proposal.state == ProposalState.PROPOSED
            )
        )
    }
    assert held >= set(answer.difference.gained)
    assert not held & set(answer.difference.lost)
    assert session.get(Scenario, begun.id) is None
    kept = session.exec(select(AuditEntry).where(AuditEntry.act == "keep_scenario")).one()
    assert kept.details["reason"] == "現場の事情"


def levels(row: Round) -> dict[str, int]:
    """What a round reached, the ties at the end included."""
    return {**row.levels, **row.proof["ties"]}


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


def trial(session: Session, town: City, row: Round, now: datetime, **data: Any) -> Scenario:
    begun = scenarios.begin(
        session, actor=town.actor, now=now, round_id=row.id, data={"name": "試算", **data}
    )
    session.flush()
    return begun


def leave_out(session: Session, town: City, scenario: Scenario, who: str) -> Scenario:
    return scenario_steps.leave_out_person(
        session, actor=town.actor, scenario_id=scenario.id, version=scenario.version,
        data={"id": who},
    )  # fmt: skip


def names(session: Session, town: City, scenario: Scenario) -> list[str]:
    tried = scenarios.bench(session, actor=town.actor, scenario_id=scenario.id).tried
    return [step["person"] for step in tried.steps]


def test_steps_are_undone_and_redone_in_order(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    for who in (town.mizuno, town.le, town.kato):
        leave_out(session, town, begun, who.id)
    move = {"actor": town.actor, "scenario_id": begun.id}
    assert names(session, town, begun) == [town.mizuno.id, town.le.id, town.kato.id]
    scenarios.undo(session, **move, version=begun.version)
    scenarios.undo(session, **move, version=begun.version)
    assert names(session, town, begun) == [town.mizuno.id]
    scenarios.redo(session, **move, version=begun.version)
    assert names(session, town, begun) == [town.mizuno.id, town.le.id]
    leave_out(session, town, begun, town.sato.id)  # what could be redone is forgotten
    scenarios.redo(session, **move, version=begun.version)
    assert names(session, town, begun) == [town.mizuno.id, town.le.id, town.sato.id]
    copied = trial(session, town, row, now, copy_of=begun.id)
    assert names(session, town, copied) == names(session, town, begun)
    for _more in range(5):
        scenarios.undo(session, **move, version=begun.version)
    assert names(session, town, begun) == []


def test_of_two_coordinators_one_is_told(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    seen = begun.version
    leave_out(session, town, begun, town.mizuno.id)
    with pytest.raises(Conflict) as refused:
        scenarios.undo(session, actor=town.actor, scenario_id=begun.id, version=seen)
    assert refused.value.code == "changed_meanwhile"


def test_what_cannot_hold_is_said_and_can_be_undone(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    scenario_steps.try_pair(
        session, actor=town.actor, scenario_id=begun.id, version=begun.version,
        data={"professional_id": town.kato.id, "role_id": town.lead.id, "kind": "pin"},
    )  # fmt: skip
    tried = scenarios.bench(session, actor=town.actor, scenario_id=begun.id).tried
    assert tried.answer is None
    assert isinstance(tried.refusal, Refusal)
    codes = {each.code for each in tried.refusal.params["reasons"]}
    assert tried.refusal.code == "pin_refused"
    assert "skill_missing" in codes
    scenarios.undo(session, actor=town.actor, scenario_id=begun.id, version=begun.version)
    assert scenarios.bench(session, actor=town.actor, scenario_id=begun.id).tried.answer


def test_somebody_imagined_helps_and_stays_out(session: Session, town: City, now: datetime) -> None:
    town.kato.state = town.sato.state = "paused"
    session.add_all([town.kato, town.sato])
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    data = {"skill": "leaflets", "level": 3, "mode": "hybrid"}
    scenario_steps.add_person(
        session, actor=town.actor, scenario_id=begun.id, version=begun.version, data=data
    )
    answer = scenarios.bench(session, actor=town.actor, scenario_id=begun.id).tried.answer
    assert answer is not None
    assert answer.difference.staffed == (town.leaflet.id,)
    with pytest.raises(Conflict) as refused:
        scenario_keeping.keep(
            session, actor=town.actor, now=now, scenario_id=begun.id,
            data={"reason": "試し", "version": begun.version},
        )  # fmt: skip
    assert refused.value.code == "nothing_to_keep"


def test_keeping_takes_back_the_approvals_it_speaks_against_and_nobody_elses(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    begun = trial(session, town, row, now)
    leave_out(session, town, begun, town.kato.id)
    scenario_keeping.keep(
        session, actor=town.actor, now=now, scenario_id=begun.id,
        data={"reason": "今回は休む", "version": begun.version},
    )  # fmt: skip
    session.commit()
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    held = seats(session, row)
    assert held[town.mizuno.id, town.lead.id].state == ProposalState.APPROVED
    assert held[town.kato.id, town.designer.id].state != ProposalState.APPROVED
    assert held[town.sato.id, town.designer.id].state == ProposalState.PROPOSED
    row = session.get_one(Round, row.id)
    assert row.left_out == [town.kato.id]
    scenario_keeping.bring_back(
        session, actor=town.actor, now=now, round_id=row.id, professional_id=town.kato.id
    )
    assert row.left_out == []


def test_a_kept_pair_becomes_a_mark_with_the_reason(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    scenario_steps.try_pair(
        session, actor=town.actor, scenario_id=begun.id, version=begun.version,
        data={"professional_id": town.sato.id, "role_id": town.designer.id, "kind": "pin"},
    )  # fmt: skip
    scenario_steps.leave_out_need(
        session, actor=town.actor, scenario_id=begun.id, version=begun.version,
        data={"id": town.accounts.id},
    )  # fmt: skip
    scenario_keeping.keep(
        session, actor=town.actor, now=now, scenario_id=begun.id,
        data={"reason": "経験を積んでほしい", "version": begun.version},
    )  # fmt: skip
    kept = session.exec(select(RoundMark)).all()
    assert [(each.kind, each.reason) for each in kept] == [("pin", "経験を積んでほしい")]
    needs = session.exec(select(RoundNeed.need_id).where(RoundNeed.round_id == row.id)).all()
    assert needs == [town.leaflet.id]
    assert town.accounts.id in {each.need.id for each in rounds.open_needs(session)}


def test_imagining_undoing_and_imagining_two_more(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    data = {"skill": "leaflets", "level": 3, "mode": "hybrid"}
    move = {"actor": town.actor, "scenario_id": begun.id}
    scenario_steps.add_person(session, **move, version=begun.version, data=data)
    scenarios.undo(session, **move, version=begun.version)
    scenario_steps.add_person(session, **move, version=begun.version, data=data)
    scenario_steps.add_person(session, **move, version=begun.version, data=data)
    tried = scenarios.bench(session, actor=town.actor, scenario_id=begun.id).tried
    assert (tried.refusal, len(tried.steps)) == (None, 2)


def test_whoever_leaves_takes_their_pins_along(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    for who, where in ((town.kato, town.designer), (town.mizuno, town.lead)):
        data = {"professional_id": who.id, "role_id": where.id, "kind": "pin"}
        marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=data)
    begun = trial(session, town, row, now)
    leave_out(session, town, begun, town.kato.id)
    scenario_steps.leave_out_need(
        session, actor=town.actor, scenario_id=begun.id, version=begun.version,
        data={"id": town.accounts.id},
    )  # fmt: skip
    scenario_keeping.keep(
        session, actor=town.actor, now=now, scenario_id=begun.id,
        data={"reason": "今回は休む", "version": begun.version},
    )  # fmt: skip
    session.commit()
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    assert session.get_one(Round, row.id).failure == {}
    assert town.kato.id not in {
        each.professional_id for each in session.exec(select(RoundMark)).all()
    }


def test_who_may_try_and_what(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    begun = trial(session, town, row, now)
    stranger = Actor(account_id=f.account(session).id)
    for scenario in (begun.id, "e-none"):
        with pytest.raises(Forbidden):
            scenarios.bench(session, actor=stranger, scenario_id=scenario)
    with pytest.raises(NotFound):
        scenarios.bench(session, actor=town.actor, scenario_id="e-none")
    outsider = person(session, "外の人", accounting=4)
    assert session.exec(select(Group)).all()
    with pytest.raises(Invalid):
        leave_out(session, town, begun, outsider.id)
    with pytest.raises(Invalid):
        trial(session, town, row, now, name="")
    for _more in range(scenarios.MOST_SCENARIOS - 1):
        trial(session, town, row, now)
    with pytest.raises(Conflict) as refused:
        trial(session, town, row, now)
    assert refused.value.code == "too_many_scenarios"
