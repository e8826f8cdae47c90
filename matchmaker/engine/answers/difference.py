"""How one staffing differs from another: levels, seats, teams, and what each person leaves for."""

from __future__ import annotations

from dataclasses import dataclass

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
    before, after = now.seats, then.seats
    return Difference(
        possible=True,
        loss=loss,
        decided_by=decisive[0] if decisive else None,
        gained=tuple(sorted(after.keys() - before.keys())),
        lost=tuple(sorted(before.keys() - after.keys())),
        staffed=tuple(sorted(then.teams - now.teams)),
        unstaffed=tuple(sorted(now.teams - then.teams)),
        moves=_moves(before, after),
        proven=now.solution.proven and then.solution.proven,
    )


def _moves(before: dict[Pair, int], after: dict[Pair, int]) -> tuple[Move, ...]:
    changed = sorted({person for person, _ in before.keys() ^ after.keys()})
    held, holds = (_of(changed, scores) for scores in (before, after))
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


def _of(people: list[str], scores: dict[Pair, int]) -> dict[str, dict[str, int]]:
    """Person -> role -> score, of some people."""
    found: dict[str, dict[str, int]] = {person: {} for person in people}
    for (person, role), score in scores.items():
        if person in found:
            found[person][role] = score
    return found
