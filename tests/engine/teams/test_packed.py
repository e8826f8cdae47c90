"""Rounds of several seats a person and binding hours: every level against all staffings tried one
by one, and against a plain model at sizes where trying is hopeless."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine.levels import measure
from matchmaker.engine.problem import Guarantee, Problem
from matchmaker.engine.proof.hold import most_held
from matchmaker.engine.solution import Levels, Solution, no_pairs
from matchmaker.engine.solve import solve
from matchmaker.engine.teams import packed as packing_levels
from matchmaker.engine.teams.bundles import Person, at_least, best
from matchmaker.engine.teams.packed import packed
from matchmaker.engine.verify import verify
from tests.benchmarks.engine.highs_levels import levels_by_highs
from tests.engine.oracle import best_by_trying, objective
from tests.engine.problems import Size, random_problem


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, np.ndarray]:
    count = draw(st.integers(1, 7))
    each = st.lists(st.integers(0, 3), min_size=count, max_size=count)
    person = Person(
        pairs=np.arange(count),
        need=np.array(draw(each)),
        minutes=30 * np.array(draw(each)),
        room=draw(st.integers(1, 4)),
        offered=30 * draw(st.integers(0, 7)),
    )
    worth = st.lists(st.integers(-5, 9), min_size=count, max_size=count)
    return person, np.array(draw(worth), dtype=float)


def all_bundles(person: Person, worth: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every bundle within room and hours, one seat in a need, by trying."""
    return {
        some: float(worth[list(some)].sum())
        for size in range(1, person.room + 1)
        for some in combinations(range(len(worth)), size)
        if person.minutes[list(some)].sum() <= person.offered
        and len(set(person.need[list(some)].tolist())) == size
    }


@given(people(), st.integers(-12, 20))
def test_the_bundles_of_one_person(drawn: tuple[Person, np.ndarray], least: int) -> None:
    person, worth = drawn
    every = all_bundles(person, worth)
    value, bundle = best(person, worth)
    assert value == max([0.0, *every.values()])
    assert value == every.get(bundle, 0.0)
    found = at_least(person, worth, float(least))
    assert sorted(found) == sorted(some for some, value in every.items() if value >= least)


def tangled(seed: int) -> Problem:
    """Few people of several seats and little time; now and then promises, pins and limits."""
    problem = random_problem(seed, Size(people=5, needs=5, roles=2, pairs=20))
    rng, groups = np.random.default_rng(seed), len(problem.group_wait)
    if len(problem.person_capacity):
        problem = replace(problem, person_capacity=rng.integers(1, 4, len(problem.person_capacity)))
    if seed % 3 == 0:
        members = np.flatnonzero(rng.random(groups) < 0.6)
        problem = replace(problem, guarantees=(Guarantee("some", members, 1),))
    if seed % 4 == 0 and len(problem.pair_role):
        problem = replace(problem, pins=rng.integers(0, len(problem.pair_role), 1))
    return problem


SWITCHES = [Levels(), Levels(waiting=False), Levels(groups=False), Levels(urgency=False)]


@pytest.mark.parametrize("levels", SWITCHES, ids=str)
def test_every_level_is_the_best_of_all_staffings(levels: Levels) -> None:
    found = 0
    for seed in range(9800, 9880):
        problem = tangled(seed)
        best_of_all = best_by_trying(problem, levels)
        answer = packed(problem, levels, no_pairs(), no_pairs())
        if answer is None:
            continue
        assert best_of_all is not None
        values = measure(problem, answer.pairs, levels)
        names = list(objective(levels, guarantees=bool(problem.guarantees)))
        assert [values[name] for name in names] == [best_of_all[name] for name in names], seed
        found += 1
    assert found > 55


def test_needs_to_be_staffed_and_pairs_forbidden() -> None:
    compared = 0
    for seed in range(9900, 9960):
        problem = replace(tangled(seed), pins=no_pairs())
        if not len(problem.pair_role):
            continue
        forbid = np.array([seed % len(problem.pair_role)])
        staff = problem.pair_need[forbid]
        answer = packed(problem, Levels(), forbid, staff)
        if answer is None:
            continue
        assert staff[0] in problem.pair_need[answer.pairs]
        assert forbid[0] not in answer.pairs
        found = solve(problem, forbid=forbid.tolist(), staff=staff.tolist())
        assert found.pairs.tolist() == answer.pairs.tolist()
        compared += 1
    assert compared > 15


def test_a_question_that_is_divided_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of needs are staffed by fractional answers now and then."""
    torn, asked = packing_levels._torn, 0

    def counted(*args: object) -> int | None:
        nonlocal asked
        need = torn(*args)  # type: ignore[arg-type]
        asked += need is not None
        return need

    monkeypatch.setattr(packing_levels, "_torn", counted)
    for seed in range(9960, 9980):
        problem = random_problem(seed, Size(people=9, needs=9, roles=3, pairs=60))
        answer = packed(problem, Levels(), no_pairs(), no_pairs())
        if answer is None:
            continue
        values = measure(problem, answer.pairs, Levels())
        best_of_all = levels_by_highs(problem, 60)
        assert {name: values[name] for name in best_of_all} == best_of_all
    assert asked > 3


def test_the_order_of_people_and_roles_changes_nothing() -> None:
    """Told by the tie rule, whose hash goes with the pair."""
    for seed in range(9980, 9990):
        problem = tangled(seed)
        people, rng = len(problem.person_wait), np.random.default_rng(seed)
        if not people or len(problem.pins):
            continue
        place = rng.permutation(people)
        order = np.lexsort((problem.pair_role, place[problem.pair_person]))
        columns = {
            name: getattr(problem, name)[np.argsort(place)]
            for name in ("person_capacity", "person_minutes", "person_wait")
        }
        moved = replace(
            problem,
            **columns,
            person_employer=np.full(people, -1),
            pair_person=place[problem.pair_person[order]],
            **{
                name: getattr(problem, name)[order]
                for name in ("pair_role", "pair_score", "pair_hash")
            },
        )
        one, two = solve(problem), solve(moved)
        assert one.levels == two.levels
        assert np.array_equal(np.sort(order[two.pairs]), one.pairs)


def test_a_round_of_several_seats_and_little_time_is_checked() -> None:
    for seed in range(9990, 9996):
        problem = random_problem(seed, Size(people=40, needs=25, roles=2, pairs=400))
        found = solve(problem)
        assert found.proven
        assert verify(problem, found).violations == ()
        best_of_all = levels_by_highs(problem, 60)
        assert {name: found.levels[name] for name in best_of_all} == best_of_all


@given(people())
def test_what_the_check_says_one_person_can_hold(drawn: tuple[Person, np.ndarray]) -> None:
    person, worth = drawn
    need, minutes = person.need.tolist(), person.minutes.tolist()
    seats = zip(need, minutes, worth.astype(int).tolist(), strict=True)
    found = most_held(seats, person.room, person.offered)
    assert found == max([0.0, *all_bundles(person, worth).values()])


def bundled_rounds() -> list[tuple[Problem, Solution]]:
    """Solved rounds whose prices leave somebody to bundles and prove the total score."""
    every = [random_problem(seed, Size(12, 8, 2, 60)) for seed in range(9700, 9770)]
    solved = [(problem, solve(problem)) for problem in every]
    return [(p, s) for p, s in solved if len(s.prices.bundled) and s.prices.gap == 0]


def test_prices_with_bundles_prove_totals_where_hours_bind() -> None:
    rounds = bundled_rounds()
    assert len(rounds) > 15
    for problem, found in rounds:
        report = verify(problem, found)
        assert report.violations == ()
        assert report.proofs["total_score"] in ("prices", "count")


def test_forged_bundles_are_refused() -> None:
    """Others named as those who choose bundles, or other prices of roles: the sum differs, or it
    says the same truth."""
    refused = 0
    for problem, found in bundled_rounds():
        prices, people = found.prices, found.prices.bundled
        forged = [replace(prices, bundled=people[:-1]), replace(prices, bundled=people[::-1] - 1)]
        forged += [replace(prices, bundled=np.append(people, len(problem.person_wait)))]
        forged += [replace(prices, bundled=np.append(people, people[-1]))]
        paid = prices.person.copy()
        paid[people[0]] = 1
        forged += [replace(prices, person=paid)]
        for role in range(len(prices.role)):
            changed = prices.role.copy()
            changed[role] -= 1
            forged.append(replace(prices, role=changed))
        for each in forged:
            report = verify(problem, replace(found, prices=each))
            refused += bool(report.violations)
            lower = replace(each, bound=each.bound - 1, gap=each.gap - 1)
            assert verify(problem, replace(found, prices=lower)).violations
    assert refused > 60


def test_bundles_do_not_go_with_prices_of_ties() -> None:
    problem, found = bundled_rounds()[0]
    claimed = replace(found, ties=(found.prices, found.prices))
    assert verify(problem, claimed).violations
