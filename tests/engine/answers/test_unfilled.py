"""Every smallest change, alone and in pairs: each against a whole new round."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from matchmaker.engine import match
from matchmaker.engine.answers.changes import proven
from matchmaker.engine.answers.kinds import Change, changes_of
from matchmaker.engine.answers.opening import Opening
from matchmaker.engine.answers.unfilled import unfilled
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import Policy
from matchmaker.errors import Refusal
from tests.engine.answers.rounds import proposals, small_round
from tests.engine.changed import carried_out
from tests.engine.markets import one_pair

SEEDS = (2, 5, 8)


def open_needs(outcome: Outcome) -> list[int]:
    return [int(need) for need in np.flatnonzero(~outcome.solution.staffed)]


def really(outcome: Outcome, need_id: str, *changes: Change) -> bool:
    """Whether a whole new round with the changes staffs the need."""
    market, policy = outcome.snapshot.market, outcome.snapshot.policy
    for change in changes:
        market, policy = carried_out(market, policy, change.reason)
    then = match(market, policy).outcome
    return bool(then.solution.staffed[then.snapshot.need_at[need_id]])


def plain(outcome: Outcome, need: int) -> list[Change]:
    """Changes of single cells of the need: what a whole new round can be asked without doubt, since
    two of them never write the same cell."""
    kinds = ("hours", "mode", "language", "seats", "skill")
    return [each for each in changes_of(Opening(outcome, need)) if each.family[0] in kinds]


@pytest.mark.parametrize("seed", SEEDS)
def test_single_changes_are_all_that_work_and_the_smallest_of_their_kind(seed: int) -> None:
    outcome = small_round(seed, 8, 5)
    for need in open_needs(outcome)[:2]:
        name = outcome.need_id(need)
        answer = unfilled(outcome, name, tries=0)
        works: dict[tuple[str, ...], str] = {}
        for change in changes_of(Opening(outcome, need)):
            if change.family not in works and really(outcome, name, change):
                assert change.alone
                works[change.family] = str(change.reason)
        told = {str(each) for each in answer.single}
        newcomers = {str(each) for each in answer.single if each.code == "recruit"}
        assert newcomers <= set(works.values())
        assert told - newcomers == {each for each in works.values() if each[:7] != "recruit"}


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_work_together_and_neither_alone(seed: int) -> None:
    outcome = small_round(seed, 8, 5)
    for need in open_needs(outcome)[:2]:
        name = outcome.need_id(need)
        answer = unfilled(outcome, name, tries=400)
        by_text = {str(each.reason): each for each in changes_of(Opening(outcome, need))}
        safe = {str(each.reason) for each in plain(outcome, need)}
        for pair in answer.pairs:
            one, two = (by_text[str(each)] for each in pair)
            assert one.family != two.family
            assert not really(outcome, name, one)
            assert not really(outcome, name, two)
            if {str(each) for each in pair} <= safe:
                assert really(outcome, name, one, two)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_pair_of_changes_that_works_is_left_out(seed: int) -> None:
    outcome = small_round(seed, 8, 5)
    for need in open_needs(outcome)[:1]:
        name = outcome.need_id(need)
        answer = unfilled(outcome, name, tries=400)
        assert answer.complete
        single = [
            each for each in changes_of(Opening(outcome, need)) if each.reason in answer.single
        ]
        listed = {frozenset(map(str, pair)) for pair in answer.pairs}
        for one, two in list(combinations(plain(outcome, need), 2))[:60]:
            alone = any(
                each.family == known.family and each.grade >= known.grade
                for each in (one, two)
                for known in single
            )
            if alone or one.family == two.family or not really(outcome, name, one, two):
                continue
            smaller = [
                {str(first.reason), str(second.reason)}
                for first in plain(outcome, need)
                for second in plain(outcome, need)
                if first.family == one.family
                and second.family == two.family
                and first.grade <= one.grade
                and second.grade <= two.grade
            ]
            assert any(frozenset(each) in listed for each in smaller)


@pytest.mark.parametrize(("seed", "limit"), [(5, 2), (31, 1), (63, 1)])
def test_under_a_limit_every_change_does_what_a_whole_new_round_says(seed: int, limit: int) -> None:
    outcome = small_round(seed, 8, 5, max_new_projects=limit)
    verdicts = set()
    for need in open_needs(outcome)[:2]:
        opening = Opening(outcome, need)
        raised = [each for each in changes_of(opening) if each.family == ("limit",)]
        changes = raised + plain(outcome, need)
        pairs = [some for some in combinations(changes, 2) if some[0].family != some[1].family]
        for some in [*((each,) for each in changes), *pairs[:20]]:
            verdicts.add(found := proven(opening, some))
            assert found == really(outcome, outcome.need_id(need), *some)
    assert verdicts == {False, True}


def test_two_changes_that_are_needed_together_are_found() -> None:
    market = one_pair(
        person={"modes": ("remote",), "hours_per_week": 3.0},
        need={"mode": "onsite", "hours_per_week": 4.0},
    )
    answer = unfilled(match(market, Policy()).outcome, "n1")
    assert not [each for each in answer.single if each.code != "recruit"]
    pairs = [tuple(map(str, pair)) for pair in answer.pairs]
    assert pairs == [("ask_fewer_hours:r1=1/3", "allow_remote:n1")]
    assert answer.complete


def test_a_skill_given_up_and_a_slot_added_are_found_together() -> None:
    market = one_pair(
        has={"skill": "law"},
        asked={"skill": "leaflets", "min_level": 2},
        person={"slots": ("mon-am",)},
    )
    answer = unfilled(match(market, Policy(floor=1)).outcome, "n1")
    codes = {tuple(each.code for each in pair) for pair in answer.pairs}
    assert codes == {("add_slot", "make_preferred")}


def test_a_search_that_stops_early_says_so() -> None:
    market = one_pair(
        person={"modes": ("remote",), "hours_per_week": 3.0},
        need={"mode": "onsite", "hours_per_week": 4.0},
    )
    answer = unfilled(match(market, Policy()).outcome, "n1", tries=0)
    assert (answer.pairs, answer.complete) == ((), False)


def test_a_staffed_or_unknown_need_has_no_answer() -> None:
    outcome = small_round(1)
    role = proposals(outcome)[0][1]
    need = next(row.need_id for row in outcome.snapshot.market.roles if row.id == role)
    with pytest.raises(Refusal, match="need_is_staffed"):
        unfilled(outcome, need)
    with pytest.raises(Refusal, match="unknown_need"):
        unfilled(outcome, "n99")
