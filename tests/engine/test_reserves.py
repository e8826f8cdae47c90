"""Seats reserved for a company's people: as many as can be, at nobody's cost but the fit's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import Market, Policy, match
from matchmaker.engine.answers.fair import reserve_prices
from matchmaker.engine.problem import Problem, Reserve
from matchmaker.engine.solution import Levels
from matchmaker.engine.solve import solve
from matchmaker.engine.verify import verify
from matchmaker.errors import Invalid
from tests.engine.oracle import best_by_trying, objective
from tests.engine.problems import random_problem, side_by_side
from tests.engine.test_fairness import favoured_problem


def reserved(problem: Problem, seed: int, reserves: int) -> Problem:
    """The round with seats reserved for random people in random needs, which may overlap."""
    rng = np.random.default_rng(seed)
    people, needs = len(problem.person_capacity), len(problem.need_group)
    return replace(
        problem,
        reserves=tuple(
            Reserve(
                np.flatnonzero(rng.random(people) < 0.5),
                np.flatnonzero(rng.random(needs) < 0.7),
                int(rng.integers(1, 4)),
            )
            for _each in range(reserves)
        ),
    )


@pytest.mark.parametrize("reserves", [1, 2])
@pytest.mark.parametrize(
    "levels",
    [Levels(), Levels(worst_fit=True, new_employers=True), Levels(groups=False, needs=False)],
    ids=str,
)
def test_reserved_seats_are_the_best_of_all_staffings(levels: Levels, reserves: int) -> None:
    moved = 0
    for seed in range(7000, 7012):
        plain = favoured_problem(seed, promises=seed % 2)
        problem = reserved(plain, seed, reserves)
        names = objective(levels, guarantees=bool(plain.guarantees), reserves=True)
        best = best_by_trying(problem, levels)
        assert best is not None
        found = solve(problem, levels)
        assert {name: found.levels[name] for name in names} == {name: best[name] for name in names}
        assert list(found.bounds.items()) == [(name, best[name]) for name in names]
        assert verify(problem, found).violations == ()
        moved += found.pairs.tolist() != solve(plain, levels).pairs.tolist()
    assert moved, "a reserve that never moves anybody would prove nothing"


def test_no_group_and_no_need_loses_by_a_reserve() -> None:
    for seed in range(7100, 7110):
        plain = side_by_side(random_problem(seed), random_problem(seed + 300))
        problem = reserved(plain, seed, 2)
        before, after = solve(plain), solve(problem)
        for name in ("groups_served", "needs_staffed", "urgent_staffed"):
            assert after.levels[name] == before.levels[name]
        assert after.levels["total_score"] <= before.levels["total_score"]


def test_a_claim_of_more_reserved_seats_is_found_out() -> None:
    problem = reserved(random_problem(7201), 7201, 1)
    found = solve(problem)
    more = {**found.levels, "reserved_seats": found.levels["reserved_seats"] + 1}
    wrong = replace(found, levels=more)
    assert "level_differs" in {each.code for each in verify(problem, wrong).violations}


def test_a_market_keeps_seats_for_a_company_and_says_what_it_costs() -> None:
    market = Market.read("sample_data/city")
    company = next(row.company_id for row in market.professionals if row.company_id)
    needs = [row.id for row in market.needs]
    plain = match(market, Policy())
    policy = Policy(reserved=((company, tuple(needs), 99),))  # type: ignore[arg-type]
    assert Policy.from_json(policy.to_json()) == policy
    result = match(market, policy)
    held = sum(1 for row in result.proposals if row["professional_id"] in {
        each.id for each in market.professionals if each.company_id == company})  # fmt: skip
    assert result.levels["reserved_seats"] == held
    ((kept, price),) = reserve_prices(result.outcome)
    assert kept == held
    loss = plain.levels["total_score"] - result.levels["total_score"]
    assert (price.loss or {}).get("total_score", 0) == -loss


@pytest.mark.parametrize(
    "given", ["c1", [["c1"]], [["c1", "n1", 1]], [["c1", ["n1"], 0]], [[1, ["n1"], 1]]]
)
def test_what_is_no_reserve_is_refused(given: object) -> None:
    with pytest.raises(Invalid):
        Policy.from_json({"reserved": given})
