"""Two exact answers that share nothing with the solver: every staffing tried, and another model.

Both think in *fillings*: for each need, every way to seat people that the need itself allows. The
first tries all combinations in plain Python. The second lets one 0/1 variable stand for a whole
filling (the solver has one per pair) and maximises one level after another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Levels

Filling = tuple[int, ...]


def value_of(problem: Problem, chosen: Filling) -> dict[str, int]:
    """Every level of the published objective, straight from its words."""
    needs = {int(problem.role_need[problem.pair_role[k]]) for k in chosen}
    groups = {int(problem.need_group[n]) for n in needs}
    people = {int(problem.pair_person[k]) for k in chosen}
    fits = []
    for need in needs:
        here = [k for k in chosen if problem.role_need[problem.pair_role[k]] == need]
        must = [k for k in here if problem.role_essential[problem.pair_role[k]]]
        scores = [int(problem.pair_score[k]) for k in must or here]
        fits.append(min(scores) if must else max(scores))
    served = [len(groups & set(each.groups.tolist())) for each in problem.guarantees]
    promised = [each.least for each in problem.guarantees]
    return {
        "guarantees_met": sum(map(min, promised, served)),
        "groups_served": len(groups),
        "needs_staffed": len(needs),
        "urgent_staffed": sum(problem.need_urgency[n] == 0 for n in needs),
        "important_staffed": sum(problem.need_urgency[n] == 1 for n in needs),
        "ordinary_staffed": sum(problem.need_urgency[n] == 2 for n in needs),
        **({"reserved_seats": _reserved(problem, chosen)} if problem.reserves else {}),
        "new_employers": len({int(problem.person_employer[p]) for p in people} - {-1}),
        "worst_fit": min(fits, default=0),
        "seats_filled": len(chosen),
        "total_score": sum(int(problem.pair_score[k]) for k in chosen),
        "tie_waiting": sum(int(problem.person_wait[p]) for p in people)
        + sum(int(problem.group_wait[g]) for g in groups),
        "tie_hash": sum(int(problem.pair_hash[k]) for k in chosen),
    }


def _reserved(problem: Problem, chosen: Filling) -> int:
    held = 0
    for each in problem.reserves:
        people, needs = set(each.people.tolist()), set(each.needs.tolist())
        kept = [
            k
            for k in chosen
            if problem.pair_person[k] in people and problem.role_need[problem.pair_role[k]] in needs
        ]
        held += min(each.seats, len(kept))
    return held


def objective(levels: Levels, *, guarantees: bool = False, reserves: bool = False) -> list[str]:
    """The levels that are on, in order."""
    names = ["guarantees_met"] if guarantees else []
    names += ["groups_served"] if levels.groups else []
    if levels.needs and levels.urgency:
        names += ["urgent_staffed", "important_staffed", "ordinary_staffed"]
    elif levels.needs:
        names += ["needs_staffed"]
    names += ["reserved_seats"] if reserves else []
    names += ["new_employers"] if levels.new_employers else []
    names += ["worst_fit"] if levels.worst_fit else []
    names += ["total_score"]
    names += ["tie_waiting"] if levels.waiting else []
    return [*names, "tie_hash"]


def fillings(problem: Problem, need: int) -> list[Filling]:
    """Every way to seat people in one need; the empty one leaves it out."""
    choices = []
    strict = False
    for role in np.flatnonzero(problem.role_need == need):
        pairs = [int(k) for k in np.flatnonzero(problem.pair_role == role)]
        seats, essential = int(problem.role_seats[role]), bool(problem.role_essential[role])
        strict = strict or essential
        sizes = [seats] if essential else range(seats + 1)
        choices.append([c for size in sizes for c in combinations(pairs, size)])
    found: list[Filling] = [()]
    for parts in product(*choices):
        chosen = tuple(k for part in parts for k in part)
        people = [int(problem.pair_person[k]) for k in chosen]
        if chosen and len(set(people)) == len(people):
            found.append(chosen)
    return found


def best_by_trying(problem: Problem, levels: Levels) -> dict[str, int] | None:
    """The best value of all staffings, or None if none holds the pins."""
    names = objective(levels, guarantees=bool(problem.guarantees), reserves=bool(problem.reserves))
    best: dict[str, int] | None = None
    for chosen in _staffings(problem, 0, (), Counter(), Counter()):
        if not set(problem.pins.tolist()) <= set(chosen):
            continue
        value = value_of(problem, chosen)
        if best is None or [value[n] for n in names] > [best[n] for n in names]:
            best = value
    return best


def _staffings(
    problem: Problem, need: int, chosen: Filling, seats: Counter[int], minutes: Counter[int]
) -> Iterator[Filling]:
    if need == len(problem.need_group):
        yield chosen
        return
    staffed = len({int(problem.role_need[problem.pair_role[k]]) for k in chosen})
    for filling in fillings(problem, need):
        if filling and problem.max_needs is not None and staffed >= problem.max_needs:
            continue
        held, asked = seats.copy(), minutes.copy()
        for k in filling:
            held[int(problem.pair_person[k])] += 1
            asked[int(problem.pair_person[k])] += int(problem.role_minutes[problem.pair_role[k]])
        if all(held[p] <= problem.person_capacity[p] for p in held) and all(
            asked[p] <= problem.person_minutes[p] for p in asked
        ):
            yield from _staffings(problem, need + 1, chosen + filling, held, asked)


def best_by_fillings(problem: Problem, levels: Levels) -> dict[str, int]:
    """The best value, level by level, with one variable per filling; no fairness."""
    favours = levels.worst_fit or levels.new_employers or problem.guarantees or problem.reserves
    if favours:
        raise ValueError("levels: this oracle knows no worst fit and nothing that is favoured")
    every = [(n, f) for n in range(len(problem.need_group)) for f in fillings(problem, n) if f]
    people, groups = len(problem.person_capacity), len(problem.group_wait)
    size = len(every) + groups + people
    if not every:
        return value_of(problem, ())
    columns: dict[str, np.ndarray] = {name: np.zeros(size) for name in objective(levels)}
    limits: list[tuple[np.ndarray, float]] = []
    one_filling = np.zeros((len(problem.need_group), size))
    seats, minutes = np.zeros((people, size)), np.zeros((people, size))
    served, seated = np.zeros((groups, size)), np.zeros((people, size))
    for j, (need, filling) in enumerate(every):
        one_filling[need, j] = 1
        served[problem.need_group[need], j] = -1
        value = value_of(problem, filling)
        for name in set(columns) - {"groups_served", "tie_waiting"}:
            columns[name][j] = value[name]
        for k in filling:
            person = problem.pair_person[k]
            seats[person, j] += 1
            minutes[person, j] += problem.role_minutes[problem.pair_role[k]]
            seated[person, j] = -1
    for group in range(groups):
        served[group, len(every) + group] = 1
    for person in range(people):
        seated[person, len(every) + groups + person] = 1
    if "groups_served" in columns:
        columns["groups_served"][len(every) : len(every) + groups] = 1
    if "tie_waiting" in columns:
        columns["tie_waiting"][len(every) : len(every) + groups] = problem.group_wait
        columns["tie_waiting"][len(every) + groups :] = problem.person_wait
    limits = [(row, 1.0) for row in one_filling]
    limits += list(zip(seats, problem.person_capacity.astype(float), strict=True))
    limits += list(zip(minutes, problem.person_minutes.astype(float), strict=True))
    limits += [(row, 0.0) for row in [*served, *seated]]
    if problem.max_needs is not None:
        limits.append((one_filling.sum(axis=0), float(problem.max_needs)))
    rows = [row for row, _ in limits]
    most = [limit for _, limit in limits]
    chosen: Filling = ()
    for column in columns.values():
        found = milp(
            -column,
            integrality=np.ones(size),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(rows), -np.inf, most),
            options={"mip_rel_gap": 0.0},
        )
        rows.append(-column)
        most.append(-round(-found.fun))
        picked = np.flatnonzero(found.x[: len(every)] > 0.5)
        chosen = tuple(k for j in picked for k in every[j][1])
    return value_of(problem, chosen)
