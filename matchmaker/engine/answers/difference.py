"""How one staffing differs from another: levels, seats, teams, and what each person leaves for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.outcome import Outcome
from matchmaker.engine.reasons import Reason

Pair = tuple[str, str]


@dataclass(frozen=True)
class Move:
    """One person whose seats differ. ``left`` and ``taken``: role ids; ``before`` and ``after``:
    the scores of all the person's seats added up. Whoever has more after than before gains."""

    person_id: str
    left: tuple[str, ...]
    taken: tuple[str, ...]
    before: int
    after: int

    @property
    def gains(self) -> bool:
        """Whether the person's own seats fit better than before."""
        return self.after > self.before

    @property
    def loses(self) -> bool:
        """Whether the person's own seats fit worse than before."""
        return self.after < self.before


@dataclass(frozen=True)
class Difference:
    """What a round would be like otherwise, against what it is.

    ``possible``: whether there is such a round at all; if not, ``refusals`` or ``clashing_pins``
    say why and the rest is empty. ``refusals``: every rule against the pair (a pair below the
    floor can still be forced). ``loss``: level → value now minus value then, for every level in
    order; ``decided_by``: the first level that differs, or None when nothing is lost.
    ``gained`` and ``lost``: (professional id, role id) seats that are new or gone; ``moves``: the
    same, one entry a person. ``staffed`` and ``unstaffed``: needs that get or lose their team.
    ``proven``: whether both staffings are proven best.
    """

    possible: bool
    refusals: tuple[Reason, ...] = ()
    clashing_pins: tuple[Pair, ...] = ()
    loss: dict[str, int] | None = None
    decided_by: str | None = None
    gained: tuple[Pair, ...] = ()
    lost: tuple[Pair, ...] = ()
    staffed: tuple[str, ...] = ()
    unstaffed: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    proven: bool = True


def compare(now: Outcome, then: Outcome) -> Difference:
    """How ``then`` differs from ``now``, level by level, seat by seat and person by person."""
    loss = {
        name: value - then.solution.levels[name]
        for name, value in now.solution.levels.items()
        if name in then.solution.levels
    }
    decisive = [name for name in now.solution.bounds if loss.get(name)]
    before, after = _scores(now), _scores(then)
    teams_before, teams_after = teams(now), teams(then)
    return Difference(
        possible=True,
        loss=loss,
        decided_by=decisive[0] if decisive else None,
        gained=tuple(sorted(after.keys() - before.keys())),
        lost=tuple(sorted(before.keys() - after.keys())),
        staffed=tuple(sorted(teams_after - teams_before)),
        unstaffed=tuple(sorted(teams_before - teams_after)),
        moves=_moves(before, after),
        proven=now.solution.proven and then.solution.proven,
    )


def _scores(outcome: Outcome) -> dict[Pair, int]:
    score = outcome.problem.pair_score
    return {outcome.pair_ids(int(pair)): int(score[pair]) for pair in outcome.solution.pairs}


def _moves(before: dict[Pair, int], after: dict[Pair, int]) -> tuple[Move, ...]:
    held, holds = _by_person(before), _by_person(after)
    changed = sorted({person for person, _ in before.keys() ^ after.keys()})
    return tuple(
        Move(
            person,
            tuple(sorted(held[person].keys() - holds[person].keys())),
            tuple(sorted(holds[person].keys() - held[person].keys())),
            sum(held[person].values()),
            sum(holds[person].values()),
        )
        for person in changed
    )


def _by_person(scores: dict[Pair, int]) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (person, role), score in scores.items():
        found[person][role] = score
    return found


def teams(outcome: Outcome) -> set[str]:
    """The needs that are staffed."""
    return {outcome.need_id(int(need)) for need in np.flatnonzero(outcome.solution.staffed)}
