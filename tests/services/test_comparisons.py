"""A round beside its first computation and beside the last round that was sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from matchmaker.models import ProposalState
from matchmaker.services import approvals, comparisons, marks
from tests import factories as f
from tests.conftest import both_databases
from tests.scenes import city, computed_round, recompute, seats


@both_databases
def test_what_changes_did_to_the_round_since_it_was_first_worked_out(
    session: Session, now: datetime
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    found = comparisons.compared(session, actor=town.actor, round_id=row.id)
    assert (found.first, found.since, found.last) == (None, None, None)
    ban = {"professional_id": town.mizuno.id, "role_id": town.lead.id, "kind": "ban"}
    marks.mark(session, actor=town.actor, now=now, round_id=row.id, data=ban)
    recompute(session, town.actor, now, row)
    row = recompute(session, town.actor, now, row)  # the first is kept, not the one before
    found = comparisons.compared(session, actor=town.actor, round_id=row.id)
    assert found.first is not None
    assert found.since is not None
    assert found.first.levels["total_score"] > found.now.levels["total_score"]
    assert (town.mizuno.id, town.lead.id) in found.since.lost
    assert (town.sato.id, town.lead.id) in found.since.gained
    assert found.names.people[town.sato.id] == "佐藤 健"


def test_a_seat_set_aside_counts_as_gone_before_anything_is_worked_out_again(
    session: Session, now: datetime
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    data = {"version": seat.version, "reason": "relation"}
    approvals.reject(session, actor=town.actor, now=now, proposal_id=seat.id, data=data)
    found = comparisons.compared(session, actor=town.actor, round_id=row.id)
    assert found.since is not None
    assert found.since.lost == ((town.kato.id, town.designer.id),)
    assert found.since.unstaffed == (town.leaflet.id,)


def test_the_last_sent_round_is_the_one_before(session: Session, now: datetime) -> None:
    town = city(session)
    other = f.need(session, town.groups[0], title="前の仕事", state="staffed")
    role = f.role(session, other, ("accounting",))
    measures = {"needs": [1, 4], "groups": [1, 3], "people": [1, 9], "employers": [0, 1]}
    for days, name in ((90, "春の回"), (30, "夏の回")):
        sent = f.round_(
            session, name=name, state="closed", sent_at=now - timedelta(days=days),
            measures=measures, levels={"groups_served": 1},
        )  # fmt: skip
        f.proposal(
            session, sent, role, town.mizuno, state=ProposalState.DECLINED,
            offered_at=now - timedelta(days=days),
        )  # fmt: skip
    row = computed_round(session, town.actor, now)
    found = comparisons.compared(session, actor=town.actor, round_id=row.id)
    assert found.last is not None
    assert found.last.name == "夏の回"
    assert found.last.measures["needs"] == [1, 4]
    assert found.again == comparisons.Again(people=1, groups=1, pairs=1)
    assert comparisons.beside(session, row) == (None, found.last)
