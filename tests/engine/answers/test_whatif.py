"""What if: the same as a whole new round, and every fault in a file of changes named at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matchmaker.engine import Policy, match
from matchmaker.engine.answers.edits import edited
from matchmaker.engine.answers.whatif import what_if
from matchmaker.engine.market import Market
from matchmaker.errors import Invalid, Refusal
from tests.engine.answers.rounds import proposals, small_round
from tests.engine.markets import random_market


def changed(changes: Any, seed: int = 4) -> tuple[Market, Policy]:
    outcome = small_round(seed, 9, 5)
    return edited(outcome.snapshot.market, outcome.snapshot.policy, changes)


CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"policy": {"weights": {"wishes": 60}, "floor": 1000}},
    {"policy": {"levels": {"groups": False}, "max_new_projects": 2}},
    {"ban": [["p1", "r1-0"]], "policy": {"continuity": "neutral"}},
    {"remove": {"professionals": ["p2", "p3"]}},
    {"remove": {"needs": ["n0"], "groups": ["g1"]}},
    {
        "add": {
            "professionals": [{"id": "new", "name": "新人", "hours_per_week": 9}],
            "professional_skills": [{"professional_id": "new", "skill": "law", "level": 4}],
        }
    },
    {"change": {"needs": [{"id": "n1", "mode": "hybrid", "slots": []}], "roles": []}},
    {"add": {"wishes": [{"professional_id": "p1", "need_id": "n4", "rank": 1}]}},
)


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_what_if_is_a_whole_new_round(changes: dict[str, Any]) -> None:
    outcome = small_round(4, 9, 5)
    if "add" in changes and "wishes" in changes["add"]:
        market = outcome.snapshot.market
        kept = tuple(w for w in market.wishes if (w.professional_id, w.need_id) != ("p1", "n4"))
        outcome = match(replace(market, wishes=kept), Policy()).outcome
    answer = what_if(outcome, changes)
    then = match(*edited(outcome.snapshot.market, outcome.snapshot.policy, changes)).outcome
    assert answer.then.levels == then.solution.levels
    assert answer.now.levels == outcome.solution.levels
    before, after = set(proposals(outcome)), set(proposals(then))
    assert set(answer.difference.gained) == after - before
    assert set(answer.difference.lost) == before - after
    assert answer.then.seated == len({person for person, _ in after})


def test_a_list_is_carried_out_one_after_another() -> None:
    first = {"remove": {"professionals": ["p2"]}, "policy": {"guarantees": {"first_time": 2}}}
    second = {"ban": [["p1", "r1-0"]], "policy": {"guarantees": {"first_time": None}}}
    market, policy = changed([first, second])
    assert edited(*changed(first), second) == (market, policy)
    assert policy.guarantees == {}
    assert policy.bans == (("p1", "r1-0"),)
    with pytest.raises(Invalid) as refused:
        changed([first, {"remove": {"professionals": ["p2"]}}])
    assert [each.field for each in refused.value.errors] == ["[1].remove.professionals[0]"]


def test_the_order_in_which_files_are_written_does_not_matter() -> None:
    person = [{"id": "new", "name": "新人"}]
    skill = [{"professional_id": "new", "skill": "law", "level": 4}]
    one = changed({"add": {"professionals": person, "professional_skills": skill}})
    assert changed({"add": {"professional_skills": skill, "professionals": person}}) == one


def test_rows_change_only_in_the_columns_that_are_named() -> None:
    market, _ = changed({"change": {"professionals": [{"id": "p1", "hours_per_week": 7.5}]}})
    known = {row.id: row for row in random_market(4, 9, 5).professionals}
    found = {row.id: row for row in market.professionals}
    assert found.pop("p1") == replace(known.pop("p1"), hours_per_week=7.5)
    assert found == known


def test_what_belongs_to_a_removed_row_goes_with_it() -> None:
    before = small_round(4, 9, 5).snapshot.market
    market, policy = edited(
        before, Policy(pins=(("p1", "r1-0"),)), {"remove": {"professionals": ["p1"]}}
    )
    assert "p1" not in {row.id for row in market.professionals}
    for table in (market.professional_skills, market.wishes, market.history, market.conflicts):
        assert "p1" not in {row.professional_id for row in table}
    assert policy.pins == ()
    fewer, _ = changed({"remove": {"groups": ["g1"]}})
    gone = {row.id for row in before.needs if row.group_id == "g1"}
    assert gone
    assert not gone & {row.id for row in fewer.needs}
    assert not gone & {row.need_id for row in (*fewer.roles, *fewer.wishes)}


def test_pins_come_and_go() -> None:
    base = Policy(pins=(("p1", "r1-0"),), bans=(("p2", "r1-0"),))
    market = random_market(4, 9, 5)
    _, policy = edited(
        market,
        base,
        {
            "unpin": [["p1", "r1-0"]],
            "pin": [["p3", "r1-0"]],
            "unban": [["p2", "r1-0"]],
            "ban": [["p4", "r1-0"]],
        },
    )
    assert (policy.pins, policy.bans) == ((("p3", "r1-0"),), (("p4", "r1-0"),))


def test_a_pin_that_no_rule_allows_is_refused() -> None:
    with pytest.raises(Refusal, match="pin_unknown"):
        what_if(small_round(4, 9, 5), {"pin": [["nobody", "r1-0"]]})


FAULTS: tuple[tuple[Any, list[tuple[str, str]]], ...] = (
    ("", [("", "not_an_object")]),
    ([""], [("[0]", "not_an_object")]),
    ([[]], [("[0]", "not_an_object")]),
    ({"polcy": {}}, [("polcy", "unknown_name")]),
    ({"policy": []}, [("policy", "not_an_object")]),
    ({"policy": {"floor": 0}}, [("policy.floor", "out_of_range")]),
    ({"policy": {"weights": {"skills": -1}}}, [("policy.weights.skills", "out_of_range")]),
    ({"pin": ["p1"]}, [("pin", "not_pairs")]),
    ({"add": {"people": []}}, [("add.people", "unknown_name")]),
    ({"add": {"professionals": {}}}, [("add.professionals", "not_a_list")]),
    ({"add": {"professionals": ["p9"]}}, [("add.professionals[0]", "not_an_object")]),
    ({"remove": {"needs": ["n99"]}}, [("remove.needs[0]", "no_such_row")]),
    (
        {"change": {"professionals": [{"id": "p1"}, {"id": "zz", "capacity": 2}]}},
        [("change.professionals[1].id", "no_such_row")],
    ),
    (
        {
            "add": {
                "professionals": [
                    {"id": "p1", "name": "a"},
                    {"id": "q", "name": "b", "hours_per_week": "many", "shoe": 3},
                ]
            }
        },
        [
            ("add.professionals[0].id", "already_there"),
            ("add.professionals[1].shoe", "unknown_name"),
            ("add.professionals[1].hours_per_week", "not_a_number"),
        ],
    ),
    (
        {"add": {"wishes": [{"professional_id": "zz", "need_id": "n1", "rank": 9}]}},
        [("add.wishes[0].professional_id", "no_such_row"), ("add.wishes[0].rank", "out_of_range")],
    ),
    (
        {"remove": {"professionals": ["zz"]}, "policy": {"floor": 0, "seed": -1}},
        [
            ("remove.professionals[0]", "no_such_row"),
            ("policy.floor", "out_of_range"),
            ("policy.seed", "out_of_range"),
        ],
    ),
)


@pytest.mark.parametrize(("changes", "faults"), FAULTS, ids=str)
def test_every_fault_is_named_with_its_place(changes: Any, faults: list[tuple[str, str]]) -> None:
    with pytest.raises(Invalid) as refused:
        changed(changes)
    assert refused.value.code == "changes_invalid"
    assert [(each.field, each.code) for each in refused.value.errors] == faults
