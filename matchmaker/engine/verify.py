"""A separate check of a solution: no solver, nothing shared with one, one pass over the pairs.

The prices prove the total best for the staffed needs (weak duality, in whole numbers). The choice
of these needs is proven where a plain count shows it, else reported as the claim of the search.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Prices, Report, Solution, Violation


def verify(problem: Problem, solution: Solution) -> Report:
    """Check ``solution`` against ``problem``, in time linear in the number of pairs."""
    if malformed := _malformed(problem, solution):
        return Report((Violation("malformed", {"part": malformed}),), {})
    seen = tuple(v for c in (_people, _needs, _levels, _prices) for v in c(problem, solution))
    return Report(seen, {} if seen else dict(_proofs(problem, solution)))


def _malformed(problem: Problem, solution: Solution) -> str:
    chosen, prices = solution.pairs, solution.prices
    known = np.isin(chosen, np.arange(len(problem.pair_role))).all()
    if chosen.ndim != 1 or not known or len(np.unique(chosen)) != len(chosen):
        return "pairs"
    staffed = np.bincount(problem.pair_need[chosen], minlength=len(problem.need_group)) > 0
    if not np.array_equal(solution.staffed, staffed):
        return "staffed"
    like = (problem.person_wait,) * 3 + (problem.role_need, problem.need_group, prices.once_person)
    every = (prices.person, prices.minute, prices.long, prices.role, prices.need, prices.once)
    fit = [p.shape for p in (*every, prices.once_need)] == [o.shape for o in (*like, prices.once)]
    small = all((abs(price) < 2**44).all() & (price != -(2**63)).all() for price in every)
    return "" if fit and small and 1 <= prices.scale <= 2**20 else "prices"


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
    chosen, groups = solution.pairs, np.unique(problem.need_group[solution.staffed])
    found = _counts(problem, solution.staffed)
    if "worst_fit" in solution.levels:
        found["worst_fit"] = _worst_fit(problem, chosen)
    score, people = problem.pair_score[chosen], np.unique(problem.pair_person[chosen])
    found |= {"seats_filled": len(chosen), "total_score": int(score.sum())}
    found["tie_waiting"] = int(problem.person_wait[people].sum() + problem.group_wait[groups].sum())
    found["tie_hash"] = int(problem.pair_hash[chosen].sum())
    for name in [*found, *(solution.levels.keys() - found.keys())]:
        if found.get(name) != solution.levels.get(name):
            yield Violation("level_differs", {"level": name, "found": found.get(name)})
        elif solution.bounds.get(name, found[name]) < found[name]:
            yield Violation("bound_below_value", {"level": name})


def _counts(problem: Problem, staffed: Bools) -> dict[str, int]:
    found = {"groups_served": len(set(problem.need_group[staffed].tolist()))}
    found["needs_staffed"] = int(staffed.sum())
    urgency = np.bincount(problem.need_urgency[staffed], minlength=3).tolist()
    classes = ("urgent_staffed", "important_staffed", "ordinary_staffed")
    return found | dict(zip(classes, urgency, strict=True))


def _worst_fit(problem: Problem, chosen: Ints) -> int:
    need, score = problem.pair_need[chosen], problem.pair_score[chosen]
    must = problem.role_essential[problem.pair_role[chosen]]
    best = np.zeros(len(problem.need_group), dtype=np.int64)
    np.maximum.at(best, need, score)
    best[problem.role_need[problem.role_essential]] = 0
    return min([*score[must].tolist(), *best[best > 0].tolist()], default=0)


def _dot(one: Ints, two: Ints | Bools) -> int:
    return sum(a * b for a, b in zip(one.tolist(), two.tolist(), strict=True))


def _prices(problem: Problem, solution: Solution) -> Iterator[Violation]:
    prices, total = solution.prices, solution.levels.get("total_score", 0)
    optional = prices.role[~problem.role_essential]
    signed = (prices.person, prices.minute, prices.long, prices.need, prices.once, optional)
    if any((vector < 0).any() for vector in signed):
        yield Violation("price_below_zero")
    elif _bound(problem, solution, prices) != prices.bound:
        yield Violation("price_bound_differs")
    if not prices.bound - total == prices.gap >= 0:
        yield Violation("price_gap_differs", {"gap": prices.gap})


def _bound(problem: Problem, solution: Solution, prices: Prices) -> int:
    """What the limits of the staffed needs are worth at ``prices``, plus what is left of scores."""
    fit, staffed = solution.levels.get("worst_fit", 0), solution.staffed
    minutes, offered = problem.pair_minutes, problem.person_minutes[problem.pair_person]
    usable = staffed[problem.pair_need] & (problem.person_capacity[problem.pair_person] > 0)
    usable &= (problem.pair_score >= fit) | ~problem.role_essential[problem.pair_role]
    k = np.flatnonzero(usable & (minutes <= offered))
    person, role, need = problem.pair_person[k], problem.pair_role[k], problem.pair_need[k]
    lifts = prices.need.copy()  # of needs of optional roles alone
    lifts[problem.role_need[problem.role_essential]] = 0
    keys = zip(prices.once_person, prices.once_need, strict=True)
    once = dict(zip(keys, prices.once, strict=True))
    left = problem.pair_score[k] * prices.scale - prices.person[person] - prices.role[role]
    left -= prices.minute[person] * minutes[k] + (2 * minutes > offered)[k] * prices.long[person]
    left += lifts[need] * (problem.pair_score[k] >= fit)
    left -= np.array([once.get(key, 0) for key in zip(person, need, strict=True)], dtype=np.int64)
    room = np.zeros_like(problem.person_capacity)  # no more seats than the minutes offered allow
    np.maximum.at(room, person, np.where(minutes > 0, offered // np.maximum(minutes, 1), 2**16)[k])
    worth = _dot(prices.person, np.minimum(room, problem.person_capacity))
    worth += _dot(prices.minute, problem.person_minutes) - _dot(lifts, staffed)
    worth += _dot(prices.role, problem.role_seats * staffed[problem.role_need])
    left = np.where(np.isin(k, problem.pins), left, np.maximum(left, 0))
    worth += sum(prices.long.tolist() + prices.once.tolist() + left.tolist())
    return int(worth // prices.scale)


def _proofs(problem: Problem, solution: Solution) -> Iterator[tuple[str, str]]:
    """A count proves a level that holds all there is: every need with enough candidates."""
    candidates = np.bincount(problem.pair_role, minlength=len(problem.role_need))
    opened = np.bincount(problem.pair_need, minlength=len(problem.need_group)) > 0
    opened[problem.role_need[problem.role_essential & (candidates < problem.role_seats)]] = False
    most = _counts(problem, opened)
    yield "staffed_set", "count" if (opened == solution.staffed).all() else "search"
    for name in solution.bounds:
        how = "prices" if name == "total_score" and solution.prices.gap == 0 else "search"
        yield name, "count" if solution.levels[name] == most.get(name, -1) else how
