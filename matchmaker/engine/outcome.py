"""One solved round as arrays: what every later question is asked of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.pose import pair_at, pose
from matchmaker.engine.problem import Problem
from matchmaker.engine.scores import Pairs, score_pairs, score_these, scored
from matchmaker.engine.solution import PinsRefused, Solution
from matchmaker.engine.solve import Near, solve
from matchmaker.errors import Refusal

_MOST_PAIRS = 100_000_000  # to look at; a few GB


@dataclass(frozen=True)
class Outcome:
    """A snapshot, its allowed pairs, the problem they pose, and the best staffing.

    Of a large market ``pairs`` are only those that the solver had to see (``complete`` is False);
    ``person_pairs`` and ``role_pairs`` then score the others when they are asked for.
    """

    snapshot: Snapshot
    pairs: Pairs
    problem: Problem
    solution: Solution
    complete: bool = True

    def person_id(self, person: int) -> str:
        """The professional at a position."""
        return self.snapshot.market.id_at("professionals", person)

    def role_id(self, role: int) -> str:
        """The role at a position."""
        return self.snapshot.market.id_at("roles", role)

    def need_id(self, need: int) -> str:
        """The need at a position."""
        return self.snapshot.market.id_at("needs", need)

    def pair_ids(self, pair: int) -> tuple[str, str]:
        """(professional id, role id) of a pair."""
        return (
            self.person_id(int(self.pairs.person[pair])),
            self.role_id(int(self.pairs.role[pair])),
        )

    def positions(self, person_id: str, role_id: str) -> tuple[int, int]:
        """Positions of a professional and a role; Refusal ``unknown_pair`` when one is absent."""
        try:
            return self.snapshot.person_at[person_id], self.snapshot.role_at[role_id]
        except KeyError:
            raise Refusal("unknown_pair", person=person_id, role=role_id) from None

    def pair_at(self, person: int, role: int) -> int | None:
        """The index of an allowed pair, else None."""
        return pair_at(self.pairs, person, role)

    def person_pairs(self, person: int) -> Pairs:
        """Every allowed pair of one person, by role."""
        first, last = np.searchsorted(self.pairs.person, [person, person + 1])
        if self.complete:
            return self.pairs.only(slice(int(first), int(last)))
        roles = np.arange(len(self.problem.role_need))
        return score_these(self.snapshot, ints(np.full(len(roles), person)), ints(roles))

    def role_pairs(self, role: int) -> Pairs:
        """Every allowed pair of one role, by person."""
        if self.complete:
            return self.pairs.only(np.flatnonzero(self.pairs.role == role))
        return scored(self.snapshot, ints([role]), self.postings)

    @cached_property
    def whole(self) -> Outcome:
        """The same staffing with every allowed pair beside it: what questions are asked of, since
        another person may be one that the solver did not have to see.

        Raises Refusal ``too_many_pairs_for_a_question`` (pairs, most) where they cannot be held.
        """
        if self.complete:
            return self
        every = ints(np.arange(len(self.problem.role_need)))
        if (size := int(self.postings.sizes(every).sum())) > _MOST_PAIRS:
            raise Refusal("too_many_pairs_for_a_question", pairs=size, most=_MOST_PAIRS)
        pairs, roles = score_pairs(self.snapshot), len(self.problem.role_need)
        chosen = self.solution.pairs
        keys = self.pairs.person[chosen] * roles + self.pairs.role[chosen]
        at = np.flatnonzero(np.isin(pairs.person * roles + pairs.role, keys))
        solution = replace(self.solution, pairs=ints(at))
        return Outcome(self.snapshot, pairs, pose(self.snapshot, pairs), solution)

    @cached_property
    def near(self) -> Near:
        """What a round that differs little starts from."""
        return Near(self.problem, self.solution, self.snapshot.policy.levels)

    @cached_property
    def seats(self) -> dict[tuple[str, str], int]:
        """(professional id, role id) -> score, of every filled seat."""
        market, problem, chosen = self.snapshot.market, self.problem, self.solution.pairs
        who = market.ids("professionals", problem.pair_person[chosen])
        where = market.ids("roles", problem.pair_role[chosen])
        scores = problem.pair_score[chosen].tolist()
        return dict(zip(zip(who, where, strict=True), scores, strict=True))

    @cached_property
    def teams(self) -> frozenset[str]:
        """The needs that are staffed."""
        return frozenset(self.snapshot.market.ids("needs", np.flatnonzero(self.solution.staffed)))

    @cached_property
    def postings(self) -> Postings:
        """The posting lists of the snapshot."""
        return Postings.of(self.snapshot)


def settle(snapshot: Snapshot, pairs: Pairs) -> Outcome:
    """Pose and solve the round of ``pairs``.

    Raises Refusal ``pin_unknown`` or ``pin_refused`` for a pin that cannot be, and
    ``pins_impossible`` (pins: professional and role ids) for pins that contradict one another.
    """
    problem = pose(snapshot, pairs)
    try:
        solution = solve(problem, snapshot.policy.levels)
    except PinsRefused as refused:
        ids = [
            (
                snapshot.market.professionals[pairs.person[pin]].id,
                snapshot.market.roles[pairs.role[pin]].id,
            )
            for pin in refused.params["pins"]
        ]
        raise Refusal("pins_impossible", pins=tuple(ids)) from refused
    return Outcome(snapshot, pairs, problem, solution)
