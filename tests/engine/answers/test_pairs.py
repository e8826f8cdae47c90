"""Why this person, why not that one, somebody left: against every staffing tried."""

from __future__ import annotations

import pytest

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.answers.repair import repair
from matchmaker.engine.answers.why import why
from matchmaker.engine.answers.whynot import why_not
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.solution import Levels
from matchmaker.errors import Refusal
from tests.engine.answers.rounds import best, proposals, rank, small_round, staffings
from tests.engine.oracle import objective

SEEDS = range(12)


def reached(outcome: Outcome, difference: Difference) -> tuple[int, ...]:
    """The rank of the other round, from what the difference says is lost."""
    names = objective(outcome.snapshot.policy.levels)
    assert difference.loss is not None
    return tuple(outcome.solution.levels[name] - difference.loss[name] for name in names)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_alternative_costs_what_the_best_staffing_with_it_lacks(seed: int) -> None:
    outcome = small_round(seed)
    for person, role in proposals(outcome)[:3]:
        pair = outcome.pair_at(*outcome.positions(person, role))
        answer = why(outcome, person, role, tries=100)
        assert answer.tried == answer.allowed
        found = {}
        for other in range(len(outcome.problem.pair_role)):
            name, seat = outcome.pair_ids(other)
            if seat == role and (name, seat) not in proposals(outcome):
                value = best(outcome.problem, Levels(), with_pair=other, without=pair)
                if value is not None:
                    found[name] = value
        assert {
            each.person_id: reached(outcome, each.cost) for each in answer.alternatives
        } == found
        order = [found[each.person_id] for each in answer.alternatives]
        assert order == sorted(order, reverse=True)
        assert reached(outcome, answer.without) == best(outcome.problem, Levels(), without=pair)


def test_why_says_what_the_score_is_made_of() -> None:
    outcome = small_round(1)
    person, role = proposals(outcome)[0]
    answer = why(outcome, person, role, tries=0)
    assert sum(answer.contributions.values()) == answer.score
    assert list(answer.features) == list(FEATURES)
    assert answer.alternatives == ()
    assert answer.rival is None


def test_only_proposed_pairs_have_a_why() -> None:
    outcome = small_round(1)
    waiting = {row.id for row in outcome.snapshot.market.professionals} - {
        person for person, _ in proposals(outcome)
    }
    with pytest.raises(Refusal, match="not_proposed"):
        why(outcome, sorted(waiting)[0], proposals(outcome)[0][1])
    with pytest.raises(Refusal, match="unknown_pair"):
        why(outcome, "nobody", proposals(outcome)[0][1])


@pytest.mark.parametrize("seed", SEEDS)
def test_why_not_tells_one_line_a_person_and_the_exact_loss(seed: int) -> None:
    outcome = small_round(seed)
    for pair in range(0, len(outcome.problem.pair_role), 4):
        person, role = outcome.pair_ids(pair)
        answer = why_not(outcome, person, role)
        value = best(outcome.problem, Levels(), with_pair=pair)
        assert answer.possible == (value is not None)
        if value is None:
            continue
        assert reached(outcome, answer) == value
        taken = [(move.person_id, role) for move in answer.moves for role in move.taken]
        left = [(move.person_id, role) for move in answer.moves for role in move.left]
        assert (sorted(taken), sorted(left)) == (list(answer.gained), list(answer.lost))
        assert len({move.person_id for move in answer.moves}) == len(answer.moves)
        gain = sum(move.after - move.before for move in answer.moves)
        assert gain == -(answer.loss or {})["total_score"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_repair_keeps_as_many_accepted_pairs_as_can_be_then_is_the_best(seed: int) -> None:
    outcome = small_round(seed)
    problem, levels = outcome.problem, outcome.snapshot.policy.levels
    accepted = set(outcome.solution.pairs.tolist())
    for person_id, _ in proposals(outcome)[::2]:
        person = outcome.snapshot.person_at[person_id]
        stay = {pair for pair in accepted if problem.pair_person[pair] != person}
        answer = repair(outcome, person_id)
        value = max(
            (len(stay & set(chosen)), *rank(problem, chosen, levels))
            for chosen in staffings(problem)
            if all(problem.pair_person[pair] != person for pair in chosen)
        )
        assert answer.accepted == len(stay)
        assert (answer.kept, *reached(outcome, answer.difference)) == value
        assert answer.proven
        assert set(answer.reopened) == {r for p, r in proposals(outcome) if p == person_id}
        assert person_id not in {move.person_id for move in (*answer.disturbed, *answer.joining)}


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_whoever_left_before_takes_nothing_either(seed: int) -> None:
    outcome = small_round(seed)
    problem, levels = outcome.problem, outcome.snapshot.policy.levels
    (first, _), *rest = proposals(outcome)
    second = next((person for person, _ in rest if person != first), None)
    if second is None:
        return
    away = {outcome.snapshot.person_at[each] for each in (first, second)}
    accepted = outcome.solution.pairs.tolist()
    stay = {pair for pair in accepted if problem.pair_person[pair] not in away}
    answer = repair(outcome, first, also_gone=[second])
    value = max(
        (len(stay & set(chosen)), *rank(problem, chosen, levels))
        for chosen in staffings(problem)
        if all(problem.pair_person[pair] not in away for pair in chosen)
    )
    assert (answer.kept, *reached(outcome, answer.difference)) == value
    assert set(answer.reopened) == {r for p, r in proposals(outcome) if p == first}
    assert not {first, second} & {m.person_id for m in (*answer.disturbed, *answer.joining)}


def test_what_nobody_accepted_yet_may_change_in_a_repair() -> None:
    outcome = small_round(3)
    person = proposals(outcome)[0][0]
    answer = repair(outcome, person, accepted=[])
    assert (answer.accepted, answer.kept, answer.disturbed) == (0, 0, ())
    free = repair(outcome, person)
    assert reached(outcome, answer.difference) >= reached(outcome, free.difference)


def test_nobody_unknown_can_leave() -> None:
    with pytest.raises(Refusal, match="unknown_person"):
        repair(small_round(1), "nobody")
