"""What the limits and the pairs of a round are worth at given prices: an upper bound, no solver.

For the staffed needs, any whole numbers of the right signs bound what every assignment can reach
(weak duality): capacity, seats, minutes and rules at their prices, plus for each pair whatever its
worth exceeds the prices it pays. The levels are weighed as one vector (total score, days waited,
hash) in lexicographic order: a level is proven where it and all before it come out exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import bools
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.hold import Seat, most_held
from matchmaker.engine.solution import Prices, Solution

_HALF = 24
_SIGNED = ("person", "role", "minute", "long", "need")


@dataclass(frozen=True)
class Block:
    """Some allowed pairs of a market, in any order: (K,) positions, scores and hashes."""

    person: Ints
    role: Ints
    score: Ints
    hash: Ints


class Weighing:
    """Adds up block by block, so that a market of any size is weighed in bounded memory.

    Every allowed pair comes once, the pairs of one need in one block.
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self.levels = [n for n in ("total_score", *_ties(solution)) if n in solution.bounds]
        self.prices = [_prices_of(solution, name) for name in self.levels]
        self.once = [_sorted_once(problem, prices) for prices in self.prices]
        self.fit = solution.levels.get("worst_fit", 0)
        self.loose = np.ones(len(problem.need_group), dtype=bool)  # needs of optional roles alone
        self.loose[problem.role_need[problem.role_essential]] = False
        self.excess = [0] * len(self.levels)
        self.bundles = Bundles(problem, solution.prices.bundled)
        self.room = np.zeros(len(problem.person_capacity), dtype=np.int64)
        self.candidates = np.zeros(len(problem.role_need), dtype=np.int64)
        self.different = np.zeros(len(problem.need_group), dtype=np.int64)
        roles = len(problem.role_need)
        self.pinned = problem.pair_person[problem.pins] * roles + problem.pair_role[problem.pins]

    def add(self, block: Block) -> None:
        """Weigh a block of pairs."""
        problem, need = self.problem, self.problem.role_need[block.role]
        self.candidates += np.bincount(block.role, minlength=len(self.candidates))
        must = problem.role_essential[block.role] & ~self.solution.staffed[need]
        teams = np.unique(need[must] * len(self.room) + block.person[must])
        self.different += np.bincount(teams // len(self.room), minlength=len(self.different))
        minutes, offered = problem.role_minutes[block.role], problem.person_minutes[block.person]
        usable = self.solution.staffed[need] & (minutes <= offered)
        usable &= problem.person_capacity[block.person] > 0
        usable &= (block.score >= self.fit) | ~problem.role_essential[block.role]
        kept = Block(*(getattr(block, name)[usable] for name in Block.__dataclass_fields__))
        seats = np.where(minutes > 0, offered // np.maximum(minutes, 1), 2**16)
        np.maximum.at(self.room, kept.person, seats[usable])
        left = [self._left(at, kept) for at in range(len(self.levels))]
        key = kept.role + kept.person * len(problem.role_need)
        counts = (_signs(left) > 0) | np.isin(key, self.pinned)
        counts &= ~self.bundles.add(kept.person, kept.role, left[0])
        self.excess = [_sum(one[counts]) + so for one, so in zip(left, self.excess, strict=True)]

    def _left(self, at: int, block: Block) -> Ints:
        """What each pair is worth beyond the prices it pays."""
        prices, problem, person = self.prices[at], self.problem, block.person
        need, minutes = problem.role_need[block.role], problem.role_minutes[block.role]
        if self.levels[at] == "tie_waiting":
            left = prices.seated[person]
        else:
            points = block.score if self.levels[at] == "total_score" else block.hash
            left = prices.scale * points
        left = left - prices.person[person] - prices.role[block.role]
        left -= prices.minute[person] * minutes
        left -= prices.long[person] * (2 * minutes > problem.person_minutes[person])
        left += np.where(self.loose[need] & (block.score >= self.fit), prices.need[need], 0)
        return left - _find(self.once[at], person * len(problem.need_group) + need)

    def worth(self) -> list[int]:
        """The bound of each level, in units of 1/``scale``, when every pair was weighed."""
        problem, staffed = self.problem, self.solution.staffed
        filled = problem.role_seats * staffed[problem.role_need]
        room, found = np.minimum(self.room, problem.person_capacity), []
        for name, prices, excess in zip(self.levels, self.prices, self.excess, strict=True):
            worth = _dot(prices.person, room) + _dot(prices.minute, problem.person_minutes)
            worth += _dot(prices.role, filled) - _dot(prices.need, staffed & self.loose)
            worth += _sum(prices.long) + _sum(prices.once) + excess
            if name == "tie_waiting":
                once_a_person = prices.scale * problem.person_wait - prices.seated
                worth += _sum(np.maximum(once_a_person, 0))
            found.append(worth)
        found[0] += self.bundles.worth()
        return found

    def idle(self) -> bool:
        """Whether some price is on something that limits nothing, where it would prove nothing."""
        problem, staffed = self.problem, self.solution.staffed
        limits = {
            "person": np.minimum(self.room, problem.person_capacity) > 0,
            "minute": problem.person_minutes > 0,
            "role": staffed[problem.role_need],
            "need": staffed & self.loose,
        }
        return any(
            getattr(prices, name)[~limit].any()
            for prices in self.prices
            for name, limit in limits.items()
        )

    def below_zero(self) -> bool:
        """Whether a price that must not be negative is, all levels read as one vector."""
        free = ~self.problem.role_essential
        vectors = [[getattr(prices, name) for prices in self.prices] for name in _SIGNED]
        vectors[1] = [role[free] for role in vectors[1]]
        keys = np.concatenate([key for key, _ in self.once])
        vectors.append([_find(once, keys) for once in self.once])
        return any((_signs(vector) < 0).any() for vector in vectors)


class Bundles:
    """What the people who pay no prices of their own could hold, gathered pair by pair."""

    def __init__(self, problem: Problem, people: Ints) -> None:
        self.problem = problem
        self.member = np.zeros(len(problem.person_capacity), dtype=bool)
        self.member[people] = True
        self.seats: dict[int, list[Seat]] = {person: [] for person in people.tolist()}

    def add(self, person: Ints, role: Ints, left: Ints) -> Bools:
        """Take up pairs that have ``left`` so much beyond the prices of their roles; (K,) whether
        a pair is of one of these people."""
        mine = self.member[person]
        at = np.flatnonzero(mine & (left > 0))
        need, minutes = self.problem.role_need[role[at]], self.problem.role_minutes[role[at]]
        for who, *seat in zip(
            *(each.tolist() for each in (person[at], need, minutes, left[at])), strict=True
        ):
            self.seats[who].append((seat[0], seat[1], seat[2]))
        return bools(mine)

    def worth(self) -> int:
        """The most that all their bundles can be worth together."""
        room = self.problem.person_capacity, self.problem.person_minutes
        return sum(
            most_held(seats, int(room[0][who]), int(room[1][who]))
            for who, seats in self.seats.items()
        )


def bundled_fits(problem: Problem, prices: Prices) -> bool:
    """Whether those who choose bundles are people of the round, in order, and pay no prices."""
    people = prices.bundled
    if people.ndim != 1 or (np.diff(people) <= 0).any():
        return False
    if len(people) and not 0 <= people[0] <= people[-1] < len(problem.person_capacity):
        return False
    paid = any(getattr(prices, name)[people].any() for name in ("person", "minute", "long"))
    return not paid and not np.isin(prices.once_person, people).any()


def fitting(problem: Problem, solution: Solution) -> bool:
    """Whether all prices have the shapes and sizes that can be added up exactly."""
    every = (solution.prices, *(solution.ties or ()))
    if solution.ties and any(len(prices.bundled) for prices in every):
        return False
    return all(prices_fit(problem, prices) for prices in every) and _seated_fits(problem, solution)


def prices_fit(problem: Problem, prices: Prices) -> bool:
    """Whether prices have the shapes and sizes that can be added up exactly."""
    people, needs = problem.person_wait, problem.need_group
    shapes = {"person": people, "minute": people, "long": people, "role": problem.role_need}
    shapes |= {"need": needs, "once_person": prices.once, "once_need": prices.once}
    vectors = [getattr(prices, name) for name in (*shapes, "once")]
    fit = all(getattr(prices, name).shape == like.shape for name, like in shapes.items())
    small = all((abs(v) < 2**44).all() and (v != -(2**63)).all() for v in vectors)
    if not fit or not small or not 1 <= prices.scale <= 2**20:
        return False
    who, what = prices.once_person, prices.once_need
    inside = (who >= 0) & (who < len(people)) & (what >= 0) & (what < len(needs))
    keys = who * len(needs) + what
    return (
        bool(inside.all()) and len(np.unique(keys)) == len(keys) and bundled_fits(problem, prices)
    )


def _seated_fits(problem: Problem, solution: Solution) -> bool:
    people, waiting = problem.person_wait, None
    if solution.ties and "tie_waiting" in solution.bounds:
        waiting = solution.ties[0]
        if waiting.seated.shape != people.shape:
            return False
        most = waiting.scale * people
        if not ((waiting.seated >= 0) & (waiting.seated <= most)).all():
            return False
    others = (each for each in (solution.prices, *(solution.ties or ())) if each is not waiting)
    return all(
        each.seated.shape in ((0,), people.shape) and not each.seated.any() for each in others
    )


def _ties(solution: Solution) -> tuple[str, ...]:
    return () if solution.ties is None else ("tie_waiting", "tie_hash")


def _prices_of(solution: Solution, name: str) -> Prices:
    if solution.ties is None or name == "total_score":
        return solution.prices
    return solution.ties[name == "tie_hash"]


def _sorted_once(problem: Problem, prices: Prices) -> tuple[Ints, Ints]:
    keys = prices.once_person * len(problem.need_group) + prices.once_need
    order = np.argsort(keys)
    return keys[order], prices.once[order]


def _find(once: tuple[Ints, Ints], wanted: Ints) -> Ints:
    keys, values = once
    if not len(keys):
        return np.zeros_like(wanted)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)


def _signs(vector: Sequence[Ints]) -> Ints:
    """The sign of the first component that is not 0."""
    signs = np.sign(vector[0])
    for component in vector[1:]:
        signs = np.where(signs == 0, np.sign(component), signs)
    return signs


def _sum(values: Ints) -> int:
    """The exact sum of values below 2**60, however many: high and low halves apart."""
    high, low = (values >> _HALF).sum(), (values & (2**_HALF - 1)).sum()
    return (int(high) << _HALF) + int(low)


def _dot(one: Ints, two: Ints | Bools) -> int:
    return sum(a * b for a, b in zip(one.tolist(), two.tolist(), strict=True))
