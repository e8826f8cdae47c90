"""A separate check of a solution: no solver, nothing shared with one, one pass over the pairs.

The prices prove the total best for the staffed needs, and with the prices of the ties also the tie
rule (``weigh``). The choice of these needs is proven where a plain count shows it, or the
``grounds`` of the solution, else reported as the claim of the search. ``audit`` checks a result
against the market itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from matchmaker.engine.problem import Problem
from matchmaker.engine.proof.count import CLASSES, ceilings, opened, values
from matchmaker.engine.proof.grounds import Reckoning
from matchmaker.engine.proof.grounds import fitting as grounds_fit
from matchmaker.engine.proof.weigh import Block, Weighing, fitting
from matchmaker.engine.solution import COUNTED, Report, Solution, Violation


def verify(problem: Problem, solution: Solution, blocks: Iterable[Block] | None = None) -> Report:
    """Check ``solution`` against ``problem``, in time linear in the number of pairs.

    ``blocks``: all allowed pairs when ``problem`` holds only some, such as the chosen ones; the
    pairs of one need in one block.
    """
    if malformed := _malformed(problem, solution):
        return Report((Violation("malformed", {"part": malformed}),), {})
    weighing = Weighing(problem, solution)
    reckoning = Reckoning(problem, solution.grounds) if solution.grounds else None
    for block in [_whole(problem)] if blocks is None else blocks:
        weighing.add(block)
        if reckoning:
            reckoning.add(block)
    most, shown = ceilings(problem, solution, weighing), dict[str, int]()
    if reckoning:
        shown = reckoning.bounds(_compared(solution), most, opened(problem, solution, weighing))
    seen = [v for check in (_people, _needs, _levels) for v in check(problem, solution)]
    seen += [*_bounds(solution, most), *_prices(problem, solution, weighing)]
    return Report(
        tuple(seen), {} if seen else dict(_proofs(problem, solution, weighing, most, shown))
    )


def _compared(solution: Solution) -> dict[str, int]:
    """The levels that depend on the needs chosen, as they were reached."""
    names = [name for name in (*COUNTED, "total_score") if name in solution.bounds]
    return {name: solution.levels.get(name, 0) for name in names}


def _whole(problem: Problem) -> Block:
    return Block(problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash)


def _malformed(problem: Problem, solution: Solution) -> str:
    chosen = solution.pairs
    known = np.isin(chosen, np.arange(len(problem.pair_role))).all()
    if chosen.ndim != 1 or not known or len(np.unique(chosen)) != len(chosen):
        return "pairs"
    staffed = np.bincount(problem.pair_need[chosen], minlength=len(problem.need_group)) > 0
    if not np.array_equal(solution.staffed, staffed):
        return "staffed"
    if "total_score" not in solution.bounds:
        return "bounds"
    grounds = solution.grounds
    if grounds and not grounds_fit(problem, grounds, len(_compared(solution))):
        return "grounds"
    return "" if fitting(problem, solution) else "prices"


def _people(problem: Problem, solution: Solution) -> Iterator[Violation]:
    person, size = problem.pair_person[solution.pairs], len(problem.person_capacity)
    seats = np.bincount(person, minlength=size)
    minutes = np.bincount(person, problem.pair_minutes[solution.pairs], size)
    over = {"capacity_exceeded": seats > problem.person_capacity}
    over["minutes_exceeded"] = minutes > problem.person_minutes
    key, count = np.unique(problem.pair_need[solution.pairs] * size + person, return_counts=True)
    over["two_seats_in_one_need"] = np.bincount(key[count > 1] % size, minlength=size) > 0
    for code, people in over.items():
        yield from (Violation(code, {"person": int(p)}) for p in people.nonzero()[0])


def _needs(problem: Problem, solution: Solution) -> Iterator[Violation]:
    filled = np.bincount(problem.pair_role[solution.pairs], minlength=len(problem.role_need))
    short = problem.role_essential & solution.staffed[problem.role_need]
    wrong = {"too_many_in_role": filled > problem.role_seats}
    wrong["essential_seat_empty"] = short & (filled < problem.role_seats)
    for code, roles in wrong.items():
        yield from (Violation(code, {"role": int(r)}) for r in roles.nonzero()[0])
    if problem.max_needs is not None and solution.staffed.sum() > problem.max_needs:
        yield Violation("too_many_needs", {"most": problem.max_needs})
    for pair in sorted(set(problem.pins.tolist()) - set(solution.pairs.tolist())):
        yield Violation("pin_not_held", {"pair": pair})


def _levels(problem: Problem, solution: Solution) -> Iterator[Violation]:
    found = values(problem, solution)
    for name in [*found, *(solution.levels.keys() - found.keys())]:
        if found.get(name) != solution.levels.get(name):
            yield Violation("level_differs", {"level": name, "found": found.get(name)})


def _bounds(solution: Solution, most: dict[str, int]) -> Iterator[Violation]:
    for name, bound in solution.bounds.items():
        value = solution.levels.get(name, 0)
        if bound < value:
            yield Violation("bound_below_value", {"level": name})
        elif bound > value == most.get(name):
            yield Violation("bound_above_count", {"level": name, "most": value})


def _prices(problem: Problem, solution: Solution, weighing: Weighing) -> Iterator[Violation]:
    groups = np.unique(problem.need_group[solution.staffed])
    served = int(problem.group_wait[groups].sum())
    if weighing.below_zero():
        yield Violation("price_below_zero")
    if weighing.idle():
        yield Violation("price_of_nothing")
    for name, prices, worth in zip(weighing.levels, weighing.prices, weighing.worth(), strict=True):
        reached = solution.levels.get(name, 0) - (served if name == "tie_waiting" else 0)
        which = {} if name == "total_score" else {"level": name}
        if worth // prices.scale != prices.bound:
            yield Violation("price_bound_differs", which)
        if prices.bound - reached != prices.gap or (prices.gap < 0 and not which):
            yield Violation("price_gap_differs", {"gap": prices.gap, **which})


def _proofs(
    problem: Problem,
    solution: Solution,
    weighing: Weighing,
    most: dict[str, int],
    shown: dict[str, int],
) -> Iterator[tuple[str, str]]:
    """How each bound is known to hold. Prices prove a level only after tight ones before it."""
    priced, tight = set(), True
    for name, prices, worth in zip(weighing.levels, weighing.prices, weighing.worth(), strict=True):
        if tight and prices.gap == 0:
            priced.add(name)
        tight = tight and worth == prices.scale * (worth // prices.scale) and prices.gap == 0
    counted = "needs_staffed" in solution.bounds or set(CLASSES) <= solution.bounds.keys()
    everything = (opened(problem, solution, weighing) == solution.staffed).all()
    chosen = "prices" if shown and shown == _compared(solution) else "search"
    yield "staffed_set", "count" if counted and everything else chosen
    for name, bound in solution.bounds.items():
        by_prices = name in priced or shown.get(name, bound + 1) <= bound
        if name == "total_score" and counted and everything:  # no other set of needs counts as much
            by_prices = by_prices or solution.prices.bound <= bound
        how = "prices" if by_prices else "search"
        yield name, "count" if bound >= most.get(name, bound + 1) else how
