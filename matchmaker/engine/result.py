"""The result of a round: proposals, what stays open, who waits, the levels and their proof.

Everything beyond the staffing itself is worked out when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import chain
from time import perf_counter
from typing import Any, overload

import numpy as np

from matchmaker.engine.answers.changes import smallest_changes
from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.answers.opening import Opening, openings
from matchmaker.engine.answers.whynot import what_if, why_not, without
from matchmaker.engine.arrays import ints
from matchmaker.engine.audit import Claim, audit
from matchmaker.engine.explain import pair_reasons, reasons_of
from matchmaker.engine.features import feature_stack
from matchmaker.engine.market import Market
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES, Policy
from matchmaker.engine.problem import Ints
from matchmaker.engine.reasons import CATALOGUE, GAP, STRENGTH, Reason, reason
from matchmaker.engine.rules import refusals
from matchmaker.engine.scores import contributions, scores_of
from matchmaker.engine.solution import Prices, Report
from matchmaker.engine.unstaffed import unstaffed_reasons
from matchmaker.engine.waiting import Queue, left_out, too_many

TIES = ("tie_waiting", "tie_hash")


class Row:
    """A row of a result table: attributes, and the same by ``row["name"]``."""

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return [each.name for each in fields(self)]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Proposal(Row):
    """A professional on a seat. ``contributions`` add up to ``score``."""

    need_id: str
    role_id: str
    professional_id: str
    score: int
    contributions: dict[str, int]
    reasons: tuple[Reason, ...]

    @property
    def strengths(self) -> tuple[Reason, ...]:
        """What fits."""
        return tuple(each for each in self.reasons if CATALOGUE[each.code].kind == STRENGTH)

    @property
    def gaps(self) -> tuple[Reason, ...]:
        """What is missing."""
        return tuple(each for each in self.reasons if CATALOGUE[each.code].kind == GAP)


@dataclass(frozen=True)
class Unstaffed(Row):
    """A need without a team. ``role_id`` blocks it ("" when it has no role); ``change`` is the
    smallest single change with which it would be staffed, proven, or None."""

    need_id: str
    role_id: str
    reasons: tuple[Reason, ...]
    change: Reason | None


@dataclass(frozen=True)
class Waiting(Row):
    """A professional without a seat, and why."""

    professional_id: str
    reasons: tuple[Reason, ...]


class WaitingRows(Sequence[Waiting]):
    """The professionals without a seat, each explained when it is read."""

    def __init__(self, outcome: Outcome) -> None:
        self.market, self.queue = outcome.snapshot.market, Queue(outcome)
        self.people = left_out(outcome)

    def __len__(self) -> int:
        return len(self.people)

    @overload
    def __getitem__(self, at: int) -> Waiting: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Waiting, ...]: ...
    def __getitem__(self, at: int | slice) -> Waiting | tuple[Waiting, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(len(self))))
        place = range(len(self))[at]
        return next(self._of(self.people[place : place + 1]))

    def __iter__(self) -> Iterator[Waiting]:
        return chain.from_iterable(map(self._of, self.queue.parts(self.people)))

    def _of(self, people: Ints) -> Iterator[Waiting]:
        ids = self.market.ids("professionals", people)
        return map(Waiting, ids, self.queue.reasons(people))


@dataclass(frozen=True)
class Explanation(Row):
    """One pair, whether proposed, allowed or refused. ``features``: basis points of 0…1."""

    professional_id: str
    role_id: str
    need_id: str
    proposed: bool
    score: int
    contributions: dict[str, int]
    features: dict[str, int]
    reasons: tuple[Reason, ...]
    refusals: tuple[Reason, ...]


@dataclass(frozen=True)
class Proof:
    """How good each level can be at most, and the prices that prove the total score.

    ``bounds`` and ``gaps``: by level, in order; ``proven`` when every gap is 0. ``prices``: see
    ``matchmaker.engine.solution.Prices``.
    """

    bounds: dict[str, int]
    gaps: dict[str, int]
    proven: bool
    prices: Prices


@dataclass(frozen=True)
class Result:
    """What ``match`` hands back."""

    outcome: Outcome
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def market(self) -> Market:
        """The market that was matched."""
        return self.outcome.snapshot.market

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.outcome.snapshot.policy

    @property
    def levels(self) -> dict[str, int]:
        """Level → value, in the published order."""
        return self._values(ties=False)

    @property
    def ties(self) -> dict[str, int]:
        """What the tie rule reached: days waited, then the sum of hashes."""
        return self._values(ties=True)

    def _values(self, *, ties: bool) -> dict[str, int]:
        values = self.outcome.solution.levels
        return {name: value for name, value in values.items() if (name in TIES) == ties}

    @property
    def proof(self) -> Proof:
        """Bounds, gaps and prices."""
        solution = self.outcome.solution
        return Proof(solution.bounds, solution.gaps, solution.proven, solution.prices)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """Every filled seat, sorted by need, role and professional."""
        with _timed(self.seconds, "explain"):
            return tuple(sorted(self._proposals(), key=_proposal_order))

    def _proposals(self) -> Iterator[Proposal]:
        outcome, chosen = self.outcome, self.outcome.solution.pairs
        person, role = outcome.pairs.person[chosen], outcome.pairs.role[chosen]
        stack = feature_stack(outcome.snapshot, person, role)
        points = contributions(stack, self.policy.counted_weights)
        columns = (
            self.market.ids("needs", outcome.problem.role_need[role]),
            self.market.ids("roles", role),
            self.market.ids("professionals", person),
            outcome.pairs.score[chosen].tolist(),
            [dict(zip(FEATURES, row, strict=True)) for row in points.T.tolist()],
            reasons_of(outcome.snapshot, person, role),
        )
        return map(Proposal, *columns)

    @cached_property
    def unstaffed(self) -> tuple[Unstaffed, ...]:
        """Every need without a team, with the reasons and the smallest change that would help."""
        with _timed(self.seconds, "unstaffed"):
            left_open = ints(np.flatnonzero(~self.outcome.solution.staffed))
            return tuple(map(self._unstaffed, openings(self.outcome, left_open)))

    def _unstaffed(self, opening: Opening) -> Unstaffed:
        outcome, need = self.outcome, opening.need
        role, changes = opening.blocking, smallest_changes(opening)
        return Unstaffed(
            outcome.need_id(need),
            "" if role is None else outcome.role_id(role),
            unstaffed_reasons(outcome, need),
            changes[0] if changes else None,
        )

    @cached_property
    def waiting(self) -> Sequence[Waiting]:
        """Every professional without a seat, and why; of very many, worked out as they are read."""
        rows = WaitingRows(self.outcome)
        if too_many(rows.people):
            return rows
        with _timed(self.seconds, "waiting"):
            return tuple(rows)

    def changes(self, need_id: str, most: int = 3) -> tuple[Reason, ...]:
        """Up to ``most`` single changes, smallest first, each of which gets the need staffed."""
        opening = Opening(self.outcome.whole, self.outcome.snapshot.need_at[need_id])
        return smallest_changes(opening, most=most)

    def explain(self, person: str, role: str) -> Explanation:
        """Score, contributions, strengths, gaps and refusals of any pair, proposed or not."""
        outcome, snapshot = self.outcome, self.outcome.snapshot
        at, seat = outcome.positions(person, role)
        stack = feature_stack(snapshot, ints([at]), ints([seat]))
        weights = self.policy.counted_weights
        score = int(scores_of(stack, weights)[0])
        pair = outcome.pair_at(at, seat)
        against = refusals(snapshot, at, seat)
        if pair is None and score < self.policy.floor:
            against = (*against, reason("below_floor", score, self.policy.floor))
        return Explanation(
            professional_id=person,
            role_id=role,
            need_id=self.market.roles[seat].need_id,
            proposed=pair is not None and pair in outcome.solution.pairs,
            score=score,
            contributions=_named(contributions(stack, weights)[:, 0]),
            features=_named(stack[:, 0]),
            reasons=pair_reasons(snapshot, at, seat),
            refusals=against,
        )

    def why_not(self, person: str, role: str) -> Difference:
        """What putting the person on the role would cost, by solving again."""
        return why_not(self.outcome.whole, person, role)

    def without(self, person: str, role: str) -> Difference:
        """What keeping the person off the role would cost, by solving again."""
        return without(self.outcome.whole, person, role)

    def what_if(self, policy: Policy) -> Difference:
        """What the round would be like under another policy, by solving again."""
        return what_if(self.outcome.whole, policy)

    def check(self) -> Report:
        """The independent check of this result against its market: no solver involved."""
        solution = self.outcome.solution
        pairs = tuple(self.outcome.pair_ids(int(pair)) for pair in solution.pairs)
        proof = solution.levels, solution.bounds, solution.prices, solution.ties, solution.grounds
        return audit(self.market, self.policy, Claim(pairs, *proof))


class _timed:
    """Adds the seconds of a block to a stage."""

    def __init__(self, seconds: dict[str, float], stage: str) -> None:
        self.seconds, self.stage = seconds, stage

    def __enter__(self) -> None:
        self.start = perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.stage] = perf_counter() - self.start


def _named(values: Any) -> dict[str, int]:
    return {name: int(value) for name, value in zip(FEATURES, values, strict=True)}


def _proposal_order(row: Proposal) -> tuple[str, str, str]:
    return row.need_id, row.role_id, row.professional_id
