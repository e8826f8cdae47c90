"""What one person can hold, as rows: seats, weekly minutes, one seat per need."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.linear.rows import CAPACITY, LONG, MINUTES, ONCE, TORN, Rows
from matchmaker.engine.problem import Ints, Problem


def seats_possible(problem: Problem, pairs: Ints) -> Ints:
    """(P,) how many seats each person can hold: capacity, or fewer if the minutes offered do not
    go round even for the shortest seats among ``pairs``."""
    person = problem.pair_person[pairs]
    shortest = np.full(len(problem.person_wait), np.iinfo(np.int64).max)
    np.minimum.at(shortest, person, problem.pair_minutes[pairs])
    capacity = problem.person_capacity
    fitting = problem.person_minutes // np.maximum(shortest, 1)
    return np.where(shortest > 0, np.minimum(capacity, fitting), capacity)


def over_hours(problem: Problem, pairs: Ints) -> Ints:
    """People whose seats ask for more weekly minutes than offered."""
    person = problem.pair_person[pairs]
    asked = np.bincount(person, problem.pair_minutes[pairs], len(problem.person_minutes))
    return np.flatnonzero(asked > problem.person_minutes)


def person_rows(out: Rows, problem: Problem, pairs: Ints, room: Ints, *, torn: bool) -> None:
    """Capacity, weekly minutes and one seat per need; only the rows that can bind."""
    person, minutes = problem.pair_person[pairs], problem.pair_minutes[pairs]
    size = len(problem.person_wait)
    one = np.ones_like(person)
    full = np.flatnonzero(np.bincount(person, minlength=size) > room)
    _limit(out, CAPACITY, full, room[full], person, one)
    asked = np.bincount(person, weights=minutes, minlength=size)
    busy = np.flatnonzero((asked > problem.person_minutes) & (room > 1))
    _limit(out, MINUTES, busy, problem.person_minutes[busy], person, minutes)
    long = (2 * minutes > problem.person_minutes[person]).astype(np.int64)
    several = np.bincount(person, weights=long, minlength=size) > 1
    split = busy[several[busy]]
    _limit(out, LONG, split, np.ones_like(split), person, long)
    if torn:
        _torn_rows(out, problem, pairs, busy, room)
    twice, member, owner = once_per_need(problem, pairs, room)
    out.put(out.at_most(ONCE, twice, np.ones_like(twice)) + owner, member, 1.0)


def _torn_rows(out: Rows, problem: Problem, pairs: Ints, busy: Ints, room: Ints) -> None:
    """Seats of at least t minutes: one that leaves less than t is the only one, else as many as
    fit. Whole answers keep these rows anyhow; fractional ones do not, and come much closer."""
    person, minutes = problem.pair_person[pairs], problem.pair_minutes[pairs]
    offered = problem.person_minutes[person]
    for least in np.unique(minutes[minutes > 0]).tolist():
        most = np.minimum(room, problem.person_minutes // least)
        long = minutes > offered - least
        counted = np.where(long, most[person], minutes >= least) * (2 * least <= offered)
        torn = np.intersect1d(busy, person[long & (counted > 0)])
        torn = np.intersect1d(torn, person[~long & (counted > 0)])
        _limit(out, TORN, torn, most[torn], person, counted)


def once_per_need(problem: Problem, pairs: Ints, room: Ints) -> tuple[Ints, Ints, Ints]:
    """Where one person could hold two seats of one need.

    Returns the keys person × N + need, the positions in ``pairs`` of all pairs concerned, and
    for each of these the position of its key.
    """
    key = problem.pair_person[pairs] * len(problem.need_group) + problem.pair_need[pairs]
    keys, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    able = room[keys // max(len(problem.need_group), 1)] > 1
    twice = (count > 1) & able
    member = np.flatnonzero(twice[inverse])
    return keys[twice], member, (np.cumsum(twice) - 1)[inverse[member]]


def _limit(out: Rows, kind: int, people: Ints, limit: Ints, person: Ints, value: Ints) -> None:
    """One row per person of ``people``: the values of the pairs chosen sum to at most limit."""
    inside = np.isin(person, people)
    row = out.at_most(kind, people, limit) + np.searchsorted(people, person[inside])
    out.put(row, np.flatnonzero(inside), value[inside])
