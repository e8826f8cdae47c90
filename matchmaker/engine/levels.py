"""The levels of the objective: their values for chosen pairs, and the vectors that measure them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import distinct
from matchmaker.engine.linear.model import Model, all_optional
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import IMPORTANT, ORDINARY, URGENT, Bools, Ints, Problem
from matchmaker.engine.solution import Levels

CLASSES = (
    ("urgent_staffed", URGENT),
    ("important_staffed", IMPORTANT),
    ("ordinary_staffed", ORDINARY),
)


@dataclass(frozen=True)
class Level:
    """One level to maximise: ``vector`` @ variables, at most ``most``."""

    name: str
    vector: Floats
    most: int


def staffed_needs(problem: Problem, pairs: Ints) -> Bools:
    """(N,) needs with at least one chosen pair."""
    staffed = np.zeros(len(problem.need_group), dtype=bool)
    staffed[problem.pair_need[pairs]] = True
    return staffed


def measure(problem: Problem, pairs: Ints, levels: Levels) -> dict[str, int]:
    """Every level's value for the chosen ``pairs``, in the published order."""
    staffed = staffed_needs(problem, pairs)
    groups = distinct(problem.need_group[staffed])
    people = distinct(problem.pair_person[pairs])
    values = {"guarantees_met": guarantees_met(problem, groups)} if problem.guarantees else {}
    values |= {"groups_served": len(groups), "needs_staffed": int(staffed.sum())}
    for name, urgency in CLASSES:
        values[name] = int((staffed & (problem.need_urgency == urgency)).sum())
    if problem.reserves:
        values["reserved_seats"] = reserved_seats(problem, pairs)
    if levels.new_employers:
        employers = distinct(problem.person_employer[people])
        values["new_employers"] = int((employers >= 0).sum())
    if levels.worst_fit:
        values["worst_fit"] = worst_fit(problem, pairs)
    values["seats_filled"] = len(pairs)
    values["total_score"] = int(problem.pair_score[pairs].sum())
    waited = problem.person_wait[people].sum() + problem.group_wait[groups].sum()
    values["tie_waiting"] = int(waited)
    values["tie_hash"] = int(problem.pair_hash[pairs].sum())
    return values


def count_of(problem: Problem, staffed: Bools, levels: Levels) -> tuple[int, ...]:
    """The counting levels that are on, in order, for the needs (N,) ``staffed``."""
    groups = distinct(problem.need_group[staffed])
    found = [guarantees_met(problem, groups)] if problem.guarantees else []
    found += [len(groups)] if levels.groups else []
    urgency = problem.need_urgency[staffed]
    if levels.needs and levels.urgency:
        found += [int((urgency == value).sum()) for _, value in CLASSES]
    elif levels.needs:
        found += [len(urgency)]
    return tuple(found)


def guarantees_met(problem: Problem, groups: Ints) -> int:
    """How many of the promised groups are among the served ``groups``, over all guarantees."""
    served = [np.isin(each.groups, groups).sum() for each in problem.guarantees]
    return sum(min(each.least, int(n)) for each, n in zip(problem.guarantees, served, strict=True))


def reserved_seats(problem: Problem, pairs: Ints) -> int:
    """How many of the reserved seats are held as reserved, over all reserves."""
    person, need = problem.pair_person[pairs], problem.pair_need[pairs]
    return sum(min(each.seats, int(each.holds(person, need).sum())) for each in problem.reserves)


def worst_fit(problem: Problem, pairs: Ints) -> int:
    """The lowest fit of a staffed need, 0 if none is staffed. A need's fit is the lowest score on
    its essential seats; for a need of optional roles alone, its best seat's score."""
    need, score = problem.pair_need[pairs], problem.pair_score[pairs]
    loose = all_optional(problem)
    best = np.zeros(len(loose), dtype=np.int64)
    np.maximum.at(best, need, score)
    essential = problem.role_essential[problem.pair_role[pairs]]
    fits = np.concatenate([score[essential], best[staffed_needs(problem, pairs) & loose]])
    return int(fits.min(initial=10_000)) if len(fits) else 0


def count_levels(problem: Problem, model: Model, levels: Levels) -> list[Level]:
    """The counting levels that are on: guarantees, groups, then needs by urgency."""
    chosen: list[Level] = []
    if problem.guarantees:
        chosen.append(_counter("guarantees_met", model, model.count.guarantee))
    if levels.groups:
        columns = model.count.group[model.count.group >= 0]
        chosen.append(_counter("groups_served", model, columns))
    first = len(model.pairs)
    urgency = problem.need_urgency[model.needs]
    if levels.needs and levels.urgency:
        for name, value in CLASSES:
            chosen.append(_counter(name, model, first + np.flatnonzero(urgency == value)))
    elif levels.needs:
        chosen.append(_counter("needs_staffed", model, first + np.arange(len(model.needs))))
    return chosen


def _counter(name: str, model: Model, columns: Ints) -> Level:
    vector = np.zeros(len(model.low))
    vector[columns] = 1.0
    return Level(name, vector, int(model.high[columns].sum()))


def employer_level(model: Model) -> Level:
    """Distinct new employers whose people get a seat."""
    return _counter("new_employers", model, model.count.employer)


def favoured_levels(problem: Problem, model: Model, levels: Levels) -> list[Level]:
    """What a policy favours once the needs are chosen: seats held as reserved, new employers."""
    chosen = []
    if problem.reserves:
        chosen.append(_counter("reserved_seats", model, model.count.reserve))
    if levels.new_employers:
        chosen.append(employer_level(model))
    return chosen


def score_level(problem: Problem, model: Model) -> Level:
    """The total score of filled seats."""
    return _over_pairs("total_score", model, problem.pair_score[model.pairs])


def hash_level(problem: Problem, model: Model) -> Level:
    """The second half of the tie rule."""
    return _over_pairs("tie_hash", model, problem.pair_hash[model.pairs])


def _over_pairs(name: str, model: Model, values: Ints) -> Level:
    vector = np.zeros(len(model.low))
    vector[: len(values)] = values
    return Level(name, vector, int(values.sum()))


def waiting_level(problem: Problem, model: Model) -> Level:
    """The first half of the tie rule: days waited by the people seated and the groups served,
    each person and each group counted once."""
    vector = np.zeros(len(model.low))
    groups = np.flatnonzero(model.count.group >= 0)
    np.add.at(vector, model.count.group[groups], problem.group_wait[groups])
    person = problem.pair_person[model.pairs]
    counted = model.count.person[person] >= 0
    vector[: len(person)] = np.where(counted, 0, problem.person_wait[person])
    several = np.flatnonzero(model.count.person >= 0)
    vector[model.count.person[several]] = problem.person_wait[several]
    return Level("tie_waiting", vector, int(vector.sum()))
