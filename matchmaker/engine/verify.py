"""A separate check of a solution: no solver, nothing shared with one, one pass over the pairs.

Constraints and levels are counted anew. The prices prove that no other people could give the
staffed needs a higher total (weak duality, in whole numbers). Which needs to staff is proven only
where a plain count shows it; otherwise it is reported as the claim of the search that made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from matchmaker.engine.problem import IMPORTANT, ORDINARY, URGENT, Ints, Problem
from matchmaker.engine.solution import Prices, Report, Solution, Violation

_CLASSES = {"urgent_staffed": URGENT, "important_staffed": IMPORTANT, "ordinary_staffed": ORDINARY}


def verify(problem: Problem, solution: Solution) -> Report:
    """Check ``solution`` against ``problem``, in time linear in the number of pairs."""
    malformed = _malformed(problem, solution)
    if malformed:
        return Report((Violation("malformed", {"part": malformed}),), {})
    checks = (_people, _needs, _levels, _prices)
    seen = tuple(fault for check in checks for fault in check(problem, solution))
    return Report(seen, {} if seen else dict(_proofs(problem, solution)))


def _malformed(problem: Problem, solution: Solution) -> str:
    chosen, prices = solution.pairs, solution.prices
    known = np.isin(chosen, np.arange(len(problem.pair_role))).all()
    if chosen.ndim != 1 or not known or len(np.unique(chosen)) != len(chosen):
        return "pairs"
    staffed = np.bincount(problem.pair_need[chosen], minlength=len(problem.need_group)) > 0
    if not np.array_equal(solution.staffed, staffed):
        return "staffed"
    like = {"person": "person_wait", "minute": "person_wait", "long": "person_wait"}
    like |= {"role": "role_need", "need": "need_group"}
    fit = all(len(getattr(prices, one)) == len(getattr(problem, two)) for one, two in like.items())
    fit = fit and len(prices.once) == len(prices.once_person) == len(prices.once_need)
    each = (prices.person, prices.minute, prices.long, prices.role, prices.need, prices.once)
    small = all(np.abs(vector).max(initial=0) < 2**40 for vector in each)
    return "" if fit and small and 1 <= prices.scale <= 2**20 else "prices"


def _people(problem: Problem, solution: Solution) -> Iterator[Violation]:
    person, size = problem.pair_person[solution.pairs], len(problem.person_capacity)
    seats = np.bincount(person, minlength=size)
    minutes = np.bincount(person, problem.pair_minutes[solution.pairs], size)
    for code, over in (
        ("capacity_exceeded", seats > problem.person_capacity),
        ("minutes_exceeded", minutes > problem.person_minutes),
    ):
        yield from (Violation(code, {"person": int(p)}) for p in over.nonzero()[0])
    need = problem.pair_need[solution.pairs]
    for (p, n), count in Counter(zip(person.tolist(), need.tolist(), strict=True)).items():
        if count > 1:
            yield Violation("two_seats_in_one_need", {"person": p, "need": n})


def _needs(problem: Problem, solution: Solution) -> Iterator[Violation]:
    filled = np.bincount(problem.pair_role[solution.pairs], minlength=len(problem.role_need))
    short = problem.role_essential & solution.staffed[problem.role_need]
    for code, wrong in (
        ("too_many_in_role", filled > problem.role_seats),
        ("essential_seat_empty", short & (filled < problem.role_seats)),
    ):
        yield from (Violation(code, {"role": int(r)}) for r in wrong.nonzero()[0])
    if problem.max_needs is not None and solution.staffed.sum() > problem.max_needs:
        yield Violation("too_many_needs", {"most": problem.max_needs})
    for pair in sorted(set(problem.pins.tolist()) - set(solution.pairs.tolist())):
        yield Violation("pin_not_held", {"pair": pair})


def _levels(problem: Problem, solution: Solution) -> Iterator[Violation]:
    chosen, urgency = solution.pairs, problem.need_urgency[solution.staffed]
    groups = list(set(problem.need_group[solution.staffed].tolist()))
    people = list(set(problem.pair_person[chosen].tolist()))
    found = {"groups_served": len(groups), "needs_staffed": len(urgency)}
    found |= {name: int((urgency == value).sum()) for name, value in _CLASSES.items()}
    if "worst_fit" in solution.levels:
        found["worst_fit"] = _worst_fit(problem, chosen)
    found["seats_filled"] = len(chosen)
    found["total_score"] = int(problem.pair_score[chosen].sum())
    found["tie_waiting"] = int(problem.person_wait[people].sum() + problem.group_wait[groups].sum())
    found["tie_hash"] = int(problem.pair_hash[chosen].sum())
    for name in [*found, *(solution.levels.keys() - found.keys())]:
        if found.get(name) != solution.levels.get(name):
            yield Violation("level_differs", {"level": name, "found": found.get(name)})
        elif solution.bounds.get(name, found[name]) < found[name]:
            yield Violation("bound_below_value", {"level": name})


def _worst_fit(problem: Problem, chosen: Ints) -> int:
    need, score = problem.pair_need[chosen], problem.pair_score[chosen]
    must = problem.role_essential[problem.pair_role[chosen]]
    fit = dict.fromkeys(need[must].tolist(), 10_000)
    for n, value, essential in zip(need.tolist(), score.tolist(), must.tolist(), strict=True):
        if essential or n not in problem.role_need[problem.role_essential]:
            fit[n] = min(fit[n], value) if essential else max(fit.get(n, 0), value)
    return min(fit.values(), default=0)


def _prices(problem: Problem, solution: Solution) -> Iterator[Violation]:
    prices = solution.prices
    optional = np.where(problem.role_essential, 0, prices.role)
    signed = (prices.person, prices.minute, prices.long, prices.need, prices.once, optional)
    if any((vector < 0).any() for vector in signed):
        yield Violation("price_below_zero")
    elif _bound(problem, solution, prices) != prices.bound:
        yield Violation("price_bound_differs")
    if prices.bound - solution.levels.get("total_score", 0) != prices.gap or prices.gap < 0:
        yield Violation("price_gap_differs", {"gap": prices.gap})


def _bound(problem: Problem, solution: Solution, prices: Prices) -> int:
    """What the limits of the staffed needs are worth at ``prices``, plus what is left of scores."""
    fit, staffed = solution.levels.get("worst_fit", 0), solution.staffed
    strict = np.bincount(problem.role_need, problem.role_essential, len(staffed)) > 0
    minutes, offered = problem.pair_minutes, problem.person_minutes[problem.pair_person]
    usable = staffed[problem.pair_need] & (problem.person_capacity[problem.pair_person] > 0)
    usable &= (problem.pair_score >= fit) | ~problem.role_essential[problem.pair_role]
    k = np.flatnonzero(usable & (minutes <= offered))
    person, role, need = problem.pair_person[k], problem.pair_role[k], problem.pair_need[k]
    lifts = np.where(strict, 0, prices.need)
    keys = zip(prices.once_person, prices.once_need, strict=True)
    once = dict(zip(keys, prices.once, strict=True))
    left = problem.pair_score[k] * prices.scale - prices.person[person] - prices.role[role]
    left -= prices.minute[person] * minutes[k] + (2 * minutes > offered)[k] * prices.long[person]
    left += lifts[need] * (problem.pair_score[k] >= fit)
    left -= np.array([once.get(key, 0) for key in zip(person, need, strict=True)], dtype=np.int64)
    room = problem.person_capacity.copy()  # no more seats than the minutes offered allow
    seats = np.where(minutes > 0, offered // np.maximum(minutes, 1), room[problem.pair_person])[k]
    most = np.zeros_like(room)
    np.maximum.at(most, person, seats)
    worth = int((prices.person * np.minimum(room, most)).sum() + prices.long.sum())
    worth += int((prices.minute * problem.person_minutes).sum() + prices.once.sum())
    worth += int((prices.role * problem.role_seats)[staffed[problem.role_need]].sum())
    worth += int(np.where(np.isin(k, problem.pins), left, np.maximum(left, 0)).sum())
    return (worth - int(lifts[staffed].sum())) // prices.scale


def _proofs(problem: Problem, solution: Solution) -> Iterator[tuple[str, str]]:
    """A count proves a level that holds all there is: every need with enough candidates."""
    candidates = np.bincount(problem.pair_role, minlength=len(problem.role_need))
    opened = np.bincount(problem.pair_need, minlength=len(problem.need_group)) > 0
    opened[problem.role_need[problem.role_essential & (candidates < problem.role_seats)]] = False
    most = {"groups_served": len(set(problem.need_group[opened].tolist()))}
    most["needs_staffed"] = int(opened.sum())
    for name, value in _CLASSES.items():
        most[name] = int((opened & (problem.need_urgency == value)).sum())
    yield "staffed_set", "count" if np.array_equal(opened, solution.staffed) else "search"
    for name in solution.bounds:
        by_prices = name == "total_score" and solution.prices.gap == 0
        counted = solution.levels[name] == most.get(name, -1)
        yield name, "count" if counted else "prices" if by_prices else "search"
