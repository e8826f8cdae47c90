"""Stability and deferred acceptance, against the textbook written out."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from matchmaker.engine.answers.acceptance import blocking, deferred_acceptance, wanted
from matchmaker.engine.answers.stable import stability
from matchmaker.engine.outcome import Outcome
from tests.engine.answers.rounds import proposals, small_round

Lists = list[list[int]]


def drawn(seed: int, people: int = 5, roles: int = 3) -> tuple[Lists, Lists, list[int]]:
    """Strict preferences of people over roles and of roles over people; not everybody is listed."""
    rng = Random(seed)
    wishes = [rng.sample(range(roles), rng.randint(0, roles)) for _ in range(people)]
    choices = [rng.sample(range(people), rng.randint(1, people)) for _ in range(roles)]
    return wishes, choices, [rng.randint(0, 2) for _ in range(roles)]


def textbook(wishes: Lists, choices: Lists, seats: list[int]) -> list[int]:
    """Every person's role, -1 for none: propose, keep the best, until nobody is left to ask."""
    got, next_wish = [-1] * len(wishes), [0] * len(wishes)
    while True:
        free = [p for p, row in enumerate(wishes) if got[p] < 0 and next_wish[p] < len(row)]
        if not free:
            return got
        person = free[0]
        role = wishes[person][next_wish[person]]
        next_wish[person] += 1
        if person not in choices[role]:
            continue
        held = [each for each, its in enumerate(got) if its == role] + [person]
        keep = sorted(held, key=choices[role].index)[: seats[role]]
        for each in held:
            got[each] = role if each in keep else -1


def is_stable(got: list[int], wishes: Lists, choices: Lists, seats: list[int]) -> bool:
    for person, row in enumerate(wishes):
        for role in row:
            if role == got[person]:
                break
            if person not in choices[role]:
                continue
            held = [each for each, its in enumerate(got) if its == role]
            worse = [e for e in held if choices[role].index(e) > choices[role].index(person)]
            if len(held) < seats[role] or worse:
                return False
    return True


@pytest.mark.parametrize("seed", range(60))
def test_deferred_acceptance_is_the_textbooks_and_stable(seed: int) -> None:
    lists = drawn(seed)
    asked = wanted(*lists)
    got = deferred_acceptance(asked)
    roles = [int(asked.role[at]) if at >= 0 else -1 for at in got]
    assert roles == textbook(*lists)
    assert is_stable(roles, *lists)
    assert not len(blocking(asked, got))


@pytest.mark.parametrize("seed", range(12))
def test_blocking_finds_exactly_the_unstable_assignments(seed: int) -> None:
    wishes, choices, seats = drawn(seed, people=4, roles=2)
    asked = wanted(wishes, choices, seats)
    options = [[-1, *range(asked.first[p], asked.first[p + 1])] for p in range(len(wishes))]
    unstable = 0
    for got in product(*options):
        roles = [int(asked.role[at]) if at >= 0 else -1 for at in got]
        if any(roles.count(role) > room for role, room in enumerate(seats)):
            continue
        stable = is_stable(roles, wishes, choices, seats)
        unstable += not stable
        assert stable == (not len(blocking(asked, np.array(got))))
    assert unstable or not len(asked.role)


def test_equal_worth_goes_to_the_person_numbered_first() -> None:
    asked = wanted([[0], [0]], [[0, 1]], [1])
    equal = type(asked)(asked.first, asked.role, np.zeros(2, dtype=np.int64), asked.seats)
    assert deferred_acceptance(equal).tolist() == [0, -1]
    assert not len(blocking(equal, np.array([0, -1])))
    assert blocking(equal, np.array([-1, 1])).tolist() == [0]


def test_a_wish_for_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="role"):
        wanted([[3]], [[0], [0], [0], [0]], [1, 1])


def plainly(outcome: Outcome) -> set[tuple[str, str]]:
    """The blocking pairs, from their definition, pair by pair."""
    problem, wishes = outcome.problem, outcome.snapshot.wishes
    chosen = outcome.solution.pairs.tolist()
    staffed = {int(problem.pair_need[k]) for k in chosen}
    pins = set(problem.pins.tolist())

    def likes(k: int) -> tuple[int, int, int]:
        at = np.array([problem.pair_person[k]]), np.array([problem.pair_need[k]])
        return -int(wishes.get(*at, 6)[0]), int(problem.pair_score[k]), int(problem.pair_hash[k])

    def values(k: int) -> tuple[int, int, int]:
        waited = int(problem.person_wait[problem.pair_person[k]])
        return int(problem.pair_score[k]), waited, int(problem.pair_hash[k])

    def fits(person: int, seats: list[int]) -> bool:
        needs = [int(problem.pair_need[k]) for k in seats]
        minutes = sum(int(problem.pair_minutes[k]) for k in seats)
        return (
            len(seats) <= problem.person_capacity[person]
            and len(needs) == len(set(needs))
            and minutes <= problem.person_minutes[person]
        )

    found = set()
    for k in range(len(problem.pair_role)):
        person, role = int(problem.pair_person[k]), int(problem.pair_role[k])
        if k in chosen or int(problem.pair_need[k]) not in staffed:
            continue
        mine = [h for h in chosen if problem.pair_person[h] == person]
        gives = fits(person, [*mine, k]) or any(
            h not in pins
            and likes(h) < likes(k)
            and fits(person, [x for x in mine if x != h] + [k])
            for h in mine
        )
        holders = [h for h in chosen if problem.pair_role[h] == role]
        takes = len(holders) < problem.role_seats[role] or any(
            h not in pins and values(h) < values(k) for h in holders
        )
        if gives and takes:
            found.add(outcome.pair_ids(k))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_blocking_pairs_are_those_of_the_definition(seed: int) -> None:
    outcome = small_round(seed, 14, 7)
    answer = stability(outcome)
    assert {(each.person_id, each.role_id) for each in answer.blocking} == plainly(outcome)
    assert answer.stable == (not answer.blocking)


def test_somebody_has_a_blocking_pair_sooner_or_later() -> None:
    answers = [stability(small_round(seed, 14, 7)) for seed in range(20)]
    told = [each for answer in answers for each in answer.blocking]
    assert any(each.displaces for each in told)
    assert any(each.gives_up for each in told)
    held = {pair for seed in range(20) for pair in proposals(small_round(seed, 14, 7))}
    assert held
