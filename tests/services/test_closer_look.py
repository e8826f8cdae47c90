"""What a round tells besides, worked out after it: how sure, and what would open a seat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from matchmaker.engine.policy import Policy
from matchmaker.models import Job, JobState, Proposal, Round, RoundPerson
from matchmaker.services import approvals, closer_look, marks, proposals
from matchmaker.services.board_search import Search
from tests.conftest import both_databases
from tests.scenes import City, city, computed_round, look_closer, person, recompute, seats


def reviewed(session: Session, now: datetime) -> tuple[City, Round]:
    town = city(session)
    row = computed_round(session, town.actor, now)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    return town, session.get_one(Round, row.id)


@both_databases
def test_each_proposal_tells_whether_it_holds_under_other_weights(
    session: Session, now: datetime
) -> None:
    town, row = reviewed(session, now)
    best = seats(session, row)[town.mizuno.id, town.lead.id]
    assert best.sure == {"holds": True, "breaks": [], "nearest": []}
    assert best.version == 1  # nobody who looks at the board is told that it changed


def test_a_close_call_names_the_weight_that_decides(session: Session, now: datetime) -> None:
    """水野 wishes for the accounts, somebody of the same skill is a little nearer to them."""
    town = city(session)
    rival = person(session, "木村 進", "きむら すすむ", accounting=4)
    town.mizuno.slots, rival.slots = ["wed-eve"], ["wed-eve", "sat-am"]
    town.accounts.slots = ["wed-eve", "sat-am"]
    session.add_all([town.mizuno, rival, town.accounts])
    row = computed_round(session, town.actor, now)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    best = seats(session, session.get_one(Round, row.id))[town.mizuno.id, town.lead.id]
    weights = Policy().weights
    for feature, change, weight in best.sure["nearest"]:
        assert weight - change == weights[feature]
    assert best.sure["holds"] is not any(best.sure["breaks"])


def test_who_waits_is_told_what_would_open_a_seat(session: Session, now: datetime) -> None:
    town = city(session)
    town.accounts.slots, town.sato.slots = ["wed-eve"], ["sat-am"]
    town.mizuno.state = "paused"
    session.add_all([town.accounts, town.sato, town.mizuno])
    row = computed_round(session, town.actor, now)
    assert session.get_one(RoundPerson, (row.id, town.sato.id)).openings == {}
    session.commit()
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    told = session.get_one(RoundPerson, (row.id, town.sato.id)).openings["changes"]
    assert f"offer_slot:{town.lead.id}=wed-eve" in told


def test_a_fixed_pair_is_said_to_be_fixed(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    pin = {"professional_id": town.sato.id, "role_id": town.lead.id, "kind": "pin"}
    marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=pin)
    row = recompute(session, town.actor, now, row)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    assert seats(session, row)[town.sato.id, town.lead.id].sure == {"fixed": True}


def test_a_look_at_what_was_worked_out_anew_writes_nothing(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    stale = session.exec(select(Job).where(Job.kind == closer_look.SURE)).one()
    recompute(session, town.actor, now, row)
    session.commit()
    bind = session.get_bind()
    closer_look.how_sure(lambda: Session(bind), stale, clock=lambda: now)
    session.expire_all()
    assert all(each.sure == {} for each in session.exec(select(Proposal)))
    session.commit()
    look_closer(bind, now)  # type: ignore[arg-type]
    session.expire_all()
    assert all(each.sure for each in session.exec(select(Proposal)))
    states = {each.state for each in session.exec(select(Job))}
    assert states == {JobState.DONE}


def test_nobody_looks_at_a_round_that_is_no_longer_reviewed(
    session: Session, now: datetime
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    row.state = "sent"
    session.add(row)
    session.commit()
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    assert all(each.sure == {} for each in session.exec(select(Proposal)))


@both_databases
def test_teams_are_found_by_how_sure_they_are_once_that_is_known(
    session: Session, now: datetime
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)

    def found(**wanted: Any) -> tuple[int, int, int]:
        page = proposals.teams(
            session, actor=town.actor, round_id=row.id, search=Search(**wanted), size=1
        )
        return page.total, page.number, len(page.items)

    assert found(page=99) == (2, 2, 1)  # the last page there is
    assert found(sure="sure") == found(sure="close") == (0, 1, 0)
    session.commit()
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    assert found(sure="sure")[0] + found(sure="close")[0] == 2
