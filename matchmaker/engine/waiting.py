"""Why professionals were left out this time, many of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.features import FULL
from matchmaker.engine.grid import refused_among
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Ints
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import RULES
from matchmaker.engine.scores import Pairs, score_these, scores_among

_NEAREST = 3
_PASSED = 2**62
_BITS = 1 << np.arange(len(RULES))
_BLOCK = 1 << 16  # pairs looked at together
_TOGETHER = 4096  # people whose pairs are known
MOST_EXPLAINED = 20_000  # of more people than that, each is explained when somebody asks
Found = Iterator[tuple[int, Reason]]  # which of the people, and what is said of them


def left_out(outcome: Outcome) -> Ints:
    """Professionals without a seat, by position."""
    seated = np.zeros(len(outcome.problem.person_capacity), dtype=bool)
    seated[outcome.problem.pair_person[outcome.solution.pairs]] = True
    return np.flatnonzero(~seated)


def too_many(people: Ints) -> bool:
    """Whether so many wait that a result lists them without their reasons."""
    return len(people) > MOST_EXPLAINED


def waiting_reasons(outcome: Outcome, person: int) -> tuple[Reason, ...]:
    """Why ``person`` has no seat: the nearest refusals, or who holds the seats that fit best."""
    return Queue(outcome).reasons(ints([person]))[0]


class Queue:
    """The people without a seat; what was worked out once serves for all of them."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.known: dict[tuple[str, int], Reason] = {}

    def parts(self, people: Ints) -> Iterator[Ints]:
        """``people`` in parts that can be explained together."""
        return _parts(people, _TOGETHER if self.outcome.complete else self._at_once)

    @property
    def _at_once(self) -> int:
        """For how many people all roles can be looked at together."""
        return max(_BLOCK // max(len(self.outcome.problem.role_need), 1), 1)

    def reasons(self, people: Ints) -> list[tuple[Reason, ...]]:
        """Why each of ``people`` (sorted positions) has no seat; see ``waiting_reasons``."""
        found: list[list[Reason]] = [[] for _ in people]
        for at, each in self._found(people):
            found[at].append(each)
        return [tuple(each) for each in found]

    def _found(self, people: Ints) -> Found:
        rows = self.outcome.snapshot.people
        if not len(self.outcome.problem.role_need):
            yield from ((at, reason("no_needs")) for at in range(len(people)))
            return
        ready = bools(rows.verified[people] & (rows.capacity[people] > 0))
        for at in np.flatnonzero(~ready).tolist():
            verified = rows.verified[people[at]]
            used = reason("capacity_used", int(rows.capacity[people[at]]))
            yield at, used if verified else reason("not_verified")
        asked = np.flatnonzero(ready)
        pairs = self._pairs(people[asked])
        has = np.isin(people[asked], pairs.person)
        yield from self._nearest(people, asked[~has])
        yield from self._outcompeted(people, pairs)

    def _pairs(self, people: Ints) -> Pairs:
        """Every allowed pair of ``people``, person by person."""
        pairs, roles = self.outcome.pairs, len(self.outcome.problem.role_need)
        if self.outcome.complete:
            ends = people[:1], people[-1:] + 1
            first, last = (int(np.searchsorted(pairs.person, end).sum()) for end in ends)
            among = pairs.only(slice(first, last))
            return among.only(np.isin(among.person, people))
        person = np.repeat(people, roles)
        return score_these(
            self.outcome.snapshot, person, ints(np.tile(np.arange(roles), len(people)))
        )

    def _nearest(self, people: Ints, places: Ints) -> Found:
        """For those without an allowed role: the roles that the fewest rules refuse, with those
        rules; among equals first those whose skills the person has, then those that fit best."""
        roles = len(self.outcome.problem.role_need)
        for part in _parts(places, self._at_once):
            yield from ((at, reason("no_allowed_pair")) for at in part.tolist())
            every = ints(np.arange(roles))
            masks = refused_among(self.outcome.snapshot, people[part], every)
            rank = np.zeros((len(part), roles), dtype=np.int8)
            for mask in masks.values():
                rank += mask
            rank *= 2
            rank += masks["skill_missing"]
            best = self._best(rank, people[part])
            seats = self.outcome.snapshot.market.ids("roles", best[1])
            bits = _BITS @ np.array([mask[best] for mask in masks.values()])
            for at, seat, rules in zip(part[best[0]].tolist(), seats, bits.tolist(), strict=True):
                yield at, self._refused(seat, rules)

    def _refused(self, seat: str, rules: int) -> Reason:
        """That a role is among the nearest, and the rules (bits) that refuse it: many share it."""
        if (seat, rules) not in self.known:
            named = (rule for at, rule in enumerate(RULES) if rules >> at & 1)
            self.known[seat, rules] = reason("nearest", seat, "+".join(named) or "below_floor")
        return self.known[seat, rules]

    def _best(self, rank: NDArray[np.int8], people: Ints) -> tuple[Ints, Ints]:
        """For each row of ``rank`` (people, roles) the few lowest, best score first among equals,
        then first role; as rows and columns."""
        size, every = rank.shape[1], ints(np.arange(rank.shape[1]))
        worse = rank * np.int64(FULL + 1)
        worse -= scores_among(self.outcome.snapshot, people, every)
        row, best = np.arange(len(rank)), []
        for _ in range(min(_NEAREST, size)):
            best.append(worse.argmin(axis=1))
            worse[row, best[-1]] = _PASSED
        return np.repeat(row, len(best)), np.stack(best, axis=1).ravel()

    def _outcompeted(self, people: Ints, pairs: Pairs) -> Found:
        """What became of the needs that fit each person best, best first."""
        if not len(pairs.person):
            return
        problem = self.outcome.problem
        need = problem.role_need[pairs.role]
        value = pairs.score * len(need) + np.arange(len(need))[::-1]  # the first of equals
        starts = np.flatnonzero(np.diff(pairs.person, prepend=-1))
        owner = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(need)))
        at = np.searchsorted(people, pairs.person[starts])
        for _ in range(_NEAREST):
            best = np.maximum.reduceat(value, starts)
            pair = len(need) - 1 - best % len(need)
            left = best >= 0
            yield from zip(at[left].tolist(), self._lost(pairs.only(pair[left])), strict=True)
            value[need == need[pair][owner]] = -1

    def _lost(self, pairs: Pairs) -> Iterator[Reason]:
        """Why each pair is not in the round: its need is not staffed, or a holder has the seat."""
        market, need = self.outcome.snapshot.market, self.outcome.problem.role_need[pairs.role]
        staffed, nobody = self.outcome.solution.staffed[need].tolist(), ("-", "-", False)
        ids = market.ids("needs", need), market.ids("roles", pairs.role)
        columns = staffed, *ids, pairs.role.tolist(), pairs.score.tolist()
        for live, whole, seat, role, score in zip(*columns, strict=True):
            holder, theirs, pinned = self.holders.get(role, nobody)
            code = "seat_pinned" if pinned else "tie_lost" if theirs == score else "seat_taken"
            if live:
                yield reason(code, seat, holder, theirs, score)
            else:
                yield reason("need_unstaffed", whole)

    @cached_property
    def holders(self) -> dict[int, tuple[str, int | str, bool]]:
        """Role → the weakest holder of its seats (id, score, whether all holders are pinned)."""
        problem, chosen = self.outcome.problem, self.outcome.solution.pairs
        role, score = problem.pair_role[chosen], problem.pair_score[chosen]
        pinned = np.isin(chosen, problem.pins)
        order = np.lexsort((chosen, score, pinned, role))
        order = order[np.diff(role[order], prepend=-1) > 0]
        who = self.outcome.snapshot.market.ids("professionals", problem.pair_person[chosen[order]])
        rows = zip(who, score[order].tolist(), pinned[order].tolist(), strict=True)
        return dict(zip(role[order].tolist(), rows, strict=True))


def _parts(values: Ints, size: int) -> Iterator[Ints]:
    return (values[first : first + size] for first in range(0, len(values), size))
