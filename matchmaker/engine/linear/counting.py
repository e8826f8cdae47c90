"""Variables that only count: a group, a person, an employer once, a guarantee up to its promise.

They stand behind the pairs and needs of a model and take the highest value that these allow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.linear.rows import COUNT, Floats, Rows
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.solution import Levels


@dataclass(frozen=True)
class Counting:
    """``group``: (G,) the variable that says whether a group is served, -1 if it cannot be.
    ``person``: (P,) the variable that says whether a person of several seats is seated, else -1.
    ``employer``: one variable per new employer, ``guarantee``: per guarantee, ``reserve``: per
    reserve.
    ``blocks``: (rows, columns) in an order in which each needs only earlier ones."""

    group: Ints
    person: Ints
    employer: Ints
    guarantee: Ints
    reserve: Ints
    blocks: tuple[tuple[Ints, Ints], ...]
    high: Floats

    def within(self, columns: Ints, rows: Ints) -> Counting:
        """The blocks that stand in ``columns`` and ``rows`` (both ascending), numbered there."""
        kept = tuple(
            (np.searchsorted(rows, row), np.searchsorted(columns, column))
            for row, column in self.blocks
            if np.isin(column, columns).all()
        )
        return replace(self, blocks=kept)


def counting(
    out: Rows,
    problem: Problem,
    levels: Levels,
    pairs: Ints,
    needs: Ints,
    room: Ints,
) -> Counting:
    """Add the counting variables that ``levels`` ask for, behind ``pairs`` and ``needs``."""
    count = _Count(out, len(pairs) + len(needs))
    seats = np.arange(len(pairs))
    first = len(pairs) + np.arange(len(needs))
    group = np.full(len(problem.group_wait), -1, dtype=np.int64)
    group[problem.need_group[needs]] = first
    held = np.bincount(problem.need_group[needs], minlength=len(group))
    several = np.flatnonzero(held > 1)
    group[several] = count.each(several, problem.need_group[needs], first)
    person = np.full(len(problem.person_wait), -1, dtype=np.int64)
    employer = guarantee = reserve = np.zeros(0, dtype=np.int64)
    if levels.waiting:
        held = np.bincount(problem.pair_person[pairs], minlength=len(person))
        waiting = np.flatnonzero((held > 1) & (room > 1) & (problem.person_wait > 0))
        person[waiting] = count.each(waiting, problem.pair_person[pairs], seats)
    if levels.new_employers:
        owner = problem.person_employer[problem.pair_person[pairs]]
        employer = count.each(np.unique(owner[owner >= 0]), owner, seats)
    if problem.guarantees:
        guarantee = _guarantees(count, problem, group)
    if problem.reserves:
        reserve = _reserves(count, problem, pairs)
    high = np.concatenate(count.high) if count.high else np.zeros(0)
    return Counting(group, person, employer, guarantee, reserve, tuple(count.blocks), high)


def _guarantees(count: _Count, problem: Problem, group: Ints) -> Ints:
    members = [each.groups[group[each.groups] >= 0] for each in problem.guarantees]
    number = np.arange(len(members))
    owner = np.repeat(number, [len(each) for each in members])
    least = [min(g.least, len(m)) for g, m in zip(problem.guarantees, members, strict=True)]
    return count.each(number, owner, group[np.concatenate(members)], np.array(least, float))


def _reserves(count: _Count, problem: Problem, pairs: Ints) -> Ints:
    person, need = problem.pair_person[pairs], problem.pair_need[pairs]
    members = [np.flatnonzero(each.holds(person, need)) for each in problem.reserves]
    number = np.arange(len(members))
    owner = np.repeat(number, [len(each) for each in members])
    seats = [min(r.seats, len(m)) for r, m in zip(problem.reserves, members, strict=True)]
    return count.each(number, owner, np.concatenate(members), np.array(seats, float))


class _Count:
    """Numbers counting variables and adds their rows."""

    def __init__(self, out: Rows, first: int) -> None:
        self.out = out
        self.next = first
        self.blocks: list[tuple[Ints, Ints]] = []
        self.high: list[Floats] = []

    def each(self, kept: Ints, owner: Ints, member: Ints, high: Floats | None = None) -> Ints:
        """One variable per owner in ``kept`` (ascending): at most the sum of its members."""
        column = self.next + np.arange(len(kept))
        self.next += len(kept)
        row = self.out.at_most(COUNT, kept, np.zeros_like(kept)) + np.arange(len(kept))
        inside = np.isin(owner, kept)
        self.out.put(row[np.searchsorted(kept, owner[inside])], member[inside], -1.0)
        self.out.put(row, column, 1.0)
        self.blocks.append((row, column))
        self.high.append(np.ones(len(kept)) if high is None else high)
        return column
