"""Stability: pairs of a person and a role who would both rather be together.

What each side would rather have:

- a **person** goes by own wishes first (rank 1 … 5, then everything without a rank), then by the
  score, then by the hash of the tie rule;
- a **role** goes by the score, then by the days the person waited, then by the hash.

A pair *blocks* when the need has a team, every rule allows the pair, the person has room for the
seat or likes it more than one seat that giving up makes room for, and the role has a free seat or
values the person more than one of its holders. Pinned pairs are nobody's to give up. What would
then become of the seat given up is not looked at: a round serves the whole, and a blocking pair is
the price two people pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Bools, Ints

_UNRANKED = 6
_SCORES, _DAYS, _HASHES = 2**14, 2**22, 2**20


@dataclass(frozen=True)
class Blocking:
    """Two who would rather be together. ``gives_up``: the role the person would leave ("" when
    there is room); ``displaces``: the person the role would send away ("" for a free seat)."""

    person_id: str
    role_id: str
    score: int
    gives_up: str
    displaces: str


@dataclass(frozen=True)
class Stability:
    """``blocking``: every blocking pair, by person and role. ``allowed``: pairs looked at."""

    blocking: tuple[Blocking, ...]
    allowed: int

    @property
    def stable(self) -> bool:
        """Whether nobody has a partner to run away with."""
        return not self.blocking


def stability(outcome: Outcome) -> Stability:
    """Every pair that would rather be together than as the round has it."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    loose = np.setdiff1d(chosen, problem.pins)
    gives_up = _gives_up(outcome, loose, person_value(outcome))
    displaces = _displaces(outcome, loose, role_value(outcome))
    free = outcome.solution.staffed[problem.pair_need]
    free[chosen] = False
    found = np.flatnonzero(free & (gives_up > -2) & (displaces > -2))
    rows = [
        Blocking(
            *outcome.pair_ids(pair),
            int(problem.pair_score[pair]),
            "" if gives_up[pair] < 0 else outcome.pair_ids(int(gives_up[pair]))[1],
            "" if displaces[pair] < 0 else outcome.pair_ids(int(displaces[pair]))[0],
        )
        for pair in found.tolist()
    ]
    return Stability(tuple(rows), len(problem.pair_role))


def person_value(outcome: Outcome) -> Ints:
    """(K,) how much the person of each pair would like it: greater is better, no two alike
    for one person but by a clash of hashes."""
    problem = outcome.problem
    rank = outcome.snapshot.wishes.get(problem.pair_person, problem.pair_need, _UNRANKED)
    return ints(((_UNRANKED - rank) * _SCORES + problem.pair_score) * _HASHES + problem.pair_hash)


def role_value(outcome: Outcome) -> Ints:
    """(K,) how much the role of each pair would like it: score, then waiting, then the hash."""
    problem = outcome.problem
    waited = np.minimum(problem.person_wait[problem.pair_person], _DAYS - 1)
    return ints((problem.pair_score * _DAYS + waited) * _HASHES + problem.pair_hash)


def _gives_up(outcome: Outcome, loose: Ints, value: Ints) -> Ints:
    """(K,) the chosen pair the person would give up for each pair: -1 none needed, -2 cannot."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    size, person = len(problem.person_capacity), problem.pair_person
    room = problem.person_capacity - np.bincount(person[chosen], minlength=size)
    asked = np.bincount(person[chosen], weights=problem.pair_minutes[chosen], minlength=size)
    spare = problem.person_minutes - asked.astype(np.int64)
    needs = len(problem.need_group)
    here = np.isin(
        person * needs + problem.pair_need, person[chosen] * needs + problem.pair_need[chosen]
    )
    fits = (room[person] > 0) & (problem.pair_minutes <= spare[person]) & ~here
    best = np.where(fits, -1, -2)
    pair, held = _joined(person, loose)
    enough = problem.pair_minutes[pair] <= spare[person[pair]] + problem.pair_minutes[held]
    same = problem.pair_need[pair] == problem.pair_need[held]
    able = (value[held] < value[pair]) & enough & (same | ~here[pair]) & ~fits[pair]
    pair, held = pair[able], held[able]
    order = np.lexsort((-value[held], pair))
    best[pair[order]] = held[order]  # the last one written is the one liked least
    return ints(best)


def _displaces(outcome: Outcome, loose: Ints, value: Ints) -> Ints:
    """(K,) the chosen pair each role would end for a pair: -1 none needed, -2 it would not."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    size = len(problem.role_need)
    full = np.bincount(problem.pair_role[chosen], minlength=size) >= problem.role_seats
    weakest = np.full(size, -1, dtype=np.int64)
    order = np.argsort(-value[loose], kind="stable")
    weakest[problem.pair_role[loose[order]]] = loose[order]
    rival = weakest[problem.pair_role]
    worse: Bools = bools((rival >= 0) & (value > value[np.maximum(rival, 0)]))
    return ints(np.where(full[problem.pair_role], np.where(worse, rival, -2), -1))


def _joined(person: Ints, held: Ints) -> tuple[Ints, Ints]:
    """Each pair beside each seat its person holds: positions of pairs, and of chosen pairs."""
    order = held[np.argsort(person[held], kind="stable")]
    first = np.searchsorted(person[order], person)
    count = np.searchsorted(person[order], person, side="right") - first
    pair = np.repeat(np.arange(len(person)), count)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return ints(pair), ints(order[first[pair] + step] if len(pair) else pair)
