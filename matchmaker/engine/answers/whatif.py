"""What if: the round under other rules, or with other people and needs, beside what is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matchmaker.engine.answers.again import anew
from matchmaker.engine.answers.difference import Difference, compare
from matchmaker.engine.answers.edits import edited
from matchmaker.engine.answers.fair import served_counts, worst_served
from matchmaker.engine.answers.forecast import forecast
from matchmaker.engine.outcome import Outcome


@dataclass(frozen=True)
class Side:
    """One of the two rounds. ``served``: class of groups → (served, in the round), ``all`` first.
    ``employers``: what the indicator comes to when everything is accepted."""

    levels: dict[str, int]
    people: int
    seated: int
    needs: int
    seats_filled: int
    served: dict[str, tuple[int, int]]
    worst_fit: int
    employers: int


@dataclass(frozen=True)
class WhatIf:
    """The round as it is, as it would be, and the difference."""

    now: Side
    then: Side
    difference: Difference


def what_if(outcome: Outcome, changes: Any) -> WhatIf:
    """What ``changes`` would do; see ``edits`` for what they may say.

    Raises ``Invalid`` ``changes_invalid`` with every fault, and Refusal for pins that cannot hold.
    """
    market, policy = edited(outcome.snapshot.market, outcome.snapshot.policy, changes)
    then = anew(outcome, market, policy)
    return WhatIf(_side(outcome), _side(then), compare(outcome, then))


def _side(outcome: Outcome) -> Side:
    levels = outcome.solution.levels
    seated = {outcome.pair_ids(int(pair))[0] for pair in outcome.solution.pairs}
    return Side(
        levels=dict(levels),
        people=len(outcome.problem.person_capacity),
        seated=len(seated),
        needs=len(outcome.problem.need_group),
        seats_filled=levels["seats_filled"],
        served=served_counts(outcome),
        worst_fit=worst_served(outcome)[1],
        employers=forecast(outcome).high,
    )
