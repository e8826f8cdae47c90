"""A round from its draft to the review: what it proposes, keeps, refuses and survives."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.jobs import Worker
from matchmaker.models import (
    AuditEntry,
    Decision,
    Job,
    JobState,
    NeedState,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    RoundPerson,
    RoundState,
)
from matchmaker.services import approvals, computing, marks, rounds
from matchmaker.services.actors import VISITOR
from tests import factories as f
from tests.conftest import both_databases
from tests.scenes import (
    TODAY,
    city,
    computed_round,
    person,
    recompute,
    seats,
    start_round,
    work_off,
)

ROOT = Path(__file__).parents[2]


def pairs(session: Session, row: Round, *states: str) -> set[tuple[str, str]]:
    wanted = states or (ProposalState.PROPOSED, ProposalState.APPROVED)
    return {pair for pair, each in seats(session, row).items() if each.state in wanted}


@both_databases
def test_a_round_proposes_the_best_team_for_every_need(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    assert row.state == RoundState.READY
    assert pairs(session, row) == {
        (town.mizuno.id, town.lead.id),
        (town.le.id, town.helper.id),
        (town.kato.id, town.designer.id),
    }
    assert row.proof["proven"]
    assert row.proof["violations"] == []
    assert row.measures["groups"] == [2, 2]
    assert row.measures["people"] == [3, 4]
    assert row.measures["employers"] == [0, 1]
    assert len(row.inputs_hash) == 64


def test_every_proposal_carries_parts_that_add_up_and_its_reasons(
    session: Session, now: datetime
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    best = seats(session, row)[town.mizuno.id, town.lead.id]
    assert sum(best.contributions.values()) == best.score
    assert "skill:accounting=4" in best.strengths
    assert not best.pinned


def test_whoever_waits_and_whatever_stays_open_learns_why(session: Session, now: datetime) -> None:
    town = city(session)
    f.role(session, town.leaflet, ("law",), title="法律")
    row = computed_round(session, town.actor, now)
    need = session.get_one(RoundNeed, (row.id, town.leaflet.id))
    assert not need.staffed
    assert "nobody_has:law=1/0" in need.reasons
    assert need.smallest_change["changes"]
    waiting = session.get_one(RoundPerson, (row.id, town.kato.id))
    assert not waiting.matched
    assert waiting.reasons


def test_names_do_not_enter_what_a_round_keeps(session: Session, now: datetime) -> None:
    import zlib

    town = city(session)
    row = computed_round(session, town.actor, now)
    kept = zlib.decompress(row.snapshot or b"").decode()
    assert town.mizuno.id in kept
    assert "水野" not in kept
    assert town.mizuno.email == "" or town.mizuno.email not in kept


def test_a_draft_changes_nothing_others_can_see(session: Session, now: datetime) -> None:
    town = city(session)
    computed_round(session, town.actor, now)
    session.refresh(town.accounts)
    assert town.accounts.state == NeedState.OPEN


def test_only_coordinators(session: Session, now: datetime) -> None:
    city(session)
    with pytest.raises(Forbidden):
        rounds.create(session, actor=VISITOR, now=now, today=TODAY, data={"name": "回"})
    with pytest.raises(Forbidden):
        rounds.listing(session, actor=VISITOR)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "missing"),
        ("name", "回" * 121, "too_long"),
        ("name", "秋の回\U0001f341", "emoji"),
        ("name", "秋の\u202e回", "invisible_character"),
        ("name", "秋の\x00回", "control_character"),
        ("name", "ｱｷ", "half_width_kana"),
        ("name", "סתיו", "right_to_left"),
        ("seed", "x", "not_a_number"),
        ("seed", "-1", "out_of_range"),
        ("max_new_projects", "-1", "out_of_range"),
        ("max_new_projects", "many", "not_a_number"),
        ("reply_by", "soon", "not_a_date"),
        ("reply_by", "2026-11-02", "in_the_past"),
        ("need_ids", ["nobodys"], "need_not_open"),
        ("need_ids", "nobodys", "not_in_list"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_stored(
    session: Session, now: datetime, field: str, value: object, code: str
) -> None:
    town = city(session)
    data = {"name": "秋の回", field: value}
    with pytest.raises(Invalid) as refused:
        rounds.create(session, actor=town.actor, now=now, today=TODAY, data=data)
    assert [(each.field, each.code) for each in refused.value.errors] == [(field, code)]
    assert session.exec(select(Round)).all() == []


def test_a_need_is_in_one_live_round(session: Session, now: datetime) -> None:
    town = city(session)
    start_round(session, town.actor, now)
    with pytest.raises(Invalid) as refused:
        rounds.create(session, actor=town.actor, now=now, today=TODAY, data={"name": "二つ目"})
    assert refused.value.errors[0].code == "no_open_needs"


def test_asking_twice_is_asking_once(session: Session, now: datetime) -> None:
    town = city(session)
    row = start_round(session, town.actor, now)
    rounds.request_computation(
        session, actor=town.actor, now=now, round_id=row.id, version=row.version
    )
    assert len(session.exec(select(Job)).all()) == 1


def test_a_stale_page_cannot_start_a_computation(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        rounds.request_computation(session, actor=town.actor, now=now, round_id=row.id, version=1)


def test_approved_seats_stay_and_rejected_pairs_go(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    found = seats(session, row)
    kept = found[town.mizuno.id, town.lead.id]
    gone = found[town.kato.id, town.designer.id]
    approvals.approve(session, actor=town.actor, now=now, proposal_id=kept.id, version=kept.version)
    reason = {"version": gone.version, "reason": "relation"}
    approvals.reject(session, actor=town.actor, now=now, proposal_id=gone.id, data=reason)
    row = recompute(session, town.actor, now, row)
    after = seats(session, row)
    assert after[town.mizuno.id, town.lead.id].state == ProposalState.APPROVED
    assert after[town.mizuno.id, town.lead.id].id == kept.id
    assert after[town.kato.id, town.designer.id].state == ProposalState.REJECTED
    assert after[town.sato.id, town.designer.id].state == ProposalState.PROPOSED
    assert row.runs == 2
    assert row.measures["changed"]["added"] == [[town.sato.id, town.designer.id]]


def test_a_pin_is_held_and_a_ban_is_kept_out(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    pin = {"professional_id": town.sato.id, "role_id": town.designer.id, "kind": "pin"}
    ban = {"professional_id": town.le.id, "role_id": town.helper.id, "kind": "ban"}
    for data in (pin, ban):
        marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=data)
    row = recompute(session, town.actor, now, row)
    assert pairs(session, row) == {
        (town.mizuno.id, town.lead.id),
        (town.sato.id, town.designer.id),
    }
    pinned = seats(session, row)[town.sato.id, town.designer.id]
    assert pinned.pinned
    assert "pinned" in pinned.strengths


def test_pins_that_cannot_hold_fail_with_their_names(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    for role in (town.lead, town.designer):
        data = {"professional_id": town.sato.id, "role_id": role.id, "kind": "pin"}
        marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=data)
    row = recompute(session, town.actor, now, row)
    assert row.state == RoundState.FAILED
    assert row.failure["code"] == "pins_impossible"
    assert {tuple(pair) for pair in row.failure["params"]["pins"]} == {
        (town.sato.id, town.lead.id),
        (town.sato.id, town.designer.id),
    }
    assert len(pairs(session, row)) == 3  # what was proposed before is still there


def test_a_pin_against_a_rule_names_the_rule(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    data = {"professional_id": town.le.id, "role_id": town.designer.id, "kind": "pin"}
    marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=data)
    row = recompute(session, town.actor, now, row)
    assert row.failure["code"] == "pin_refused"
    assert "skill_missing:leaflets=1/0" in row.failure["params"]["reasons"]


def test_a_mark_outside_the_round_is_refused(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    data = {"professional_id": "nobody", "role_id": "nothing", "kind": "pin"}
    with pytest.raises(Invalid) as refused:
        marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=data)
    assert {each.field for each in refused.value.errors} == {"professional_id", "role_id"}


def test_a_need_withdrawn_since_is_left_out(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    town.leaflet.state = NeedState.WITHDRAWN
    session.add(town.leaflet)
    row = recompute(session, town.actor, now, row)
    assert (town.kato.id, town.designer.id) not in pairs(session, row)
    assert not session.get_one(RoundNeed, (row.id, town.leaflet.id)).live


def test_cancelling_frees_the_needs(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    rounds.cancel(session, actor=town.actor, now=now, round_id=row.id, version=row.version)
    assert pairs(session, row, ProposalState.WITHDRAWN) == set(seats(session, row))
    again = computed_round(session, town.actor, now)
    assert again.state == RoundState.READY


def test_a_stopped_computation_publishes_nothing(session: Session, now: datetime) -> None:
    town = city(session)
    row = start_round(session, town.actor, now)
    rounds.stop_computation(
        session, actor=town.actor, now=now, round_id=row.id, version=row.version
    )
    session.commit()
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.refresh(row)
    assert row.state == RoundState.DRAFT
    assert seats(session, row) == {}


def test_a_round_nobody_knows(session: Session, now: datetime) -> None:
    town = city(session)
    with pytest.raises(NotFound):
        rounds.find(session, actor=town.actor, round_id="m-none")


@pytest.mark.parametrize("stage", [stage for stage in computing.STAGES if stage != "waiting"])
def test_a_worker_that_dies_at_any_stage_loses_nothing(
    session: Session,
    engine: Engine,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
) -> None:
    town = city(session)
    row = start_round(session, town.actor, now)
    real = computing.report

    def dies(factory: object, round_id: str, version: int, reached: str) -> None:
        real(factory, round_id, version, reached)  # type: ignore[arg-type]
        if reached == stage:
            raise KeyboardInterrupt  # nothing catches it: the job stays leased, as after a kill

    monkeypatch.setattr(computing, "report", dies)
    with pytest.raises(KeyboardInterrupt):
        work_off(engine, now)
    session.expire_all()
    assert session.get_one(Round, row.id).stage == stage
    assert seats(session, row) == {}
    session.commit()
    monkeypatch.setattr(computing, "report", real)
    work_off(engine, now + timedelta(minutes=6))
    session.expire_all()
    assert session.get_one(Round, row.id).state == RoundState.READY
    assert len(pairs(session, row)) == 3


KILLED = """
import os, signal, sys
from datetime import datetime
from matchmaker.db import open_engine, session_factory
from matchmaker.jobs import Worker
from matchmaker.services import computing
real = computing.report
def dies(*given):
    real(*given)
    if given[-1] == "storing":
        os.kill(os.getpid(), signal.SIGKILL)
computing.report = dies
jobs = {"compute_round": computing.compute_round}
now = datetime.fromisoformat(sys.argv[2])
Worker(session_factory(open_engine(sys.argv[1])), jobs, clock=lambda: now).work_off()
"""


def test_a_killed_process_and_an_unharmed_one_end_at_the_same_result(
    session: Session, engine: Engine, now: datetime, database_url: str
) -> None:
    town = city(session)
    row = start_round(session, town.actor, now)
    command = [sys.executable, "-c", KILLED, database_url, now.isoformat()]
    done = subprocess.run(command, cwd=ROOT, check=False)
    assert done.returncode == -9
    session.expire_all()
    assert session.get_one(Round, row.id).state == RoundState.COMPUTING
    session.commit()
    work_off(engine, now + timedelta(minutes=6))
    session.expire_all()
    survived = session.get_one(Round, row.id)
    told = (survived.inputs_hash, survived.levels, survived.proof, pairs(session, survived))
    again = recompute(session, town.actor, now, survived)
    assert (again.inputs_hash, again.levels, again.proof, pairs(session, again)) == told


def test_a_fault_that_does_not_go_away_is_recorded(
    session: Session, engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = city(session)
    row = start_round(session, town.actor, now)

    def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(computing, "settle", broken)
    moment = [now]
    worker = Worker(
        session_factory(engine),
        {rounds.COMPUTE: computing.compute_round},
        clock=lambda: moment[0],
    )
    for _attempt in range(5):
        worker.work_off()
        moment[0] += timedelta(hours=1)
    session.expire_all()
    row = session.get_one(Round, row.id)
    assert row.state == RoundState.FAILED
    assert row.failure == {"code": "computation_broke", "params": {"fault": "ZeroDivisionError"}}
    assert session.exec(select(Job.state)).one() == JobState.FAILED


def test_who_did_what_is_on_record(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject_id == row.id)).all()
    assert acts == ["create_round", "compute_round"]
    assert session.exec(select(Decision)).all() == []


def test_more_people_are_proposed_for_two_seats_of_a_role(session: Session, now: datetime) -> None:
    town = city(session)
    town.designer.seats = 2
    session.add(town.designer)
    person(session, "鈴木 海", leaflets=2)
    row = computed_round(session, town.actor, now)
    numbers = sorted(
        each.seat
        for each in session.exec(select(Proposal).where(Proposal.role_id == town.designer.id))
    )
    assert numbers == [1, 2]
    assert row.measures["seats"] == [4, 4]
