"""How sure a pair is: does it hold when the weights are other ones.

Two things are asked, both by solving the whole round again under other weights and nothing else:

- every weight by itself a quarter more and a quarter less, exactly (all weights are multiplied by
  four first, which changes no score, so that a quarter of one is a whole number);
- the nearest break: the smallest whole number by which one weight alone has to move, up or down,
  for the pair to go. Looked for outwards, 1 first, up to ``reach`` of the weight: a quarter of it,
  rounded up. Every weight and direction that breaks the pair at that distance is named.

Weights stay within 0 … 1000 and are never all 0. The floor keeps its value, so a pair may go
because its score falls below the floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.engine.answers.reweighed import Break, Reweighed
from matchmaker.engine.outcome import Outcome
from matchmaker.errors import Refusal

Pair = tuple[str, str]


@dataclass(frozen=True)
class Trial:
    """One weight moved by ``percent``, and whether the pair holds."""

    feature: str
    percent: int
    holds: bool


@dataclass(frozen=True)
class Sureness:
    """``holds``: the pair survives every trial. ``nearest``: the breaks at the smallest distance,
    none within ``reach`` (feature → how far was looked at) when empty."""

    person_id: str
    role_id: str
    holds: bool
    trials: tuple[Trial, ...]
    nearest: tuple[Break, ...]
    reach: dict[str, int]


def sure(outcome: Outcome, pairs: Iterable[Pair] | None = None) -> tuple[Sureness, ...]:
    """How sure each of ``pairs`` is (default: every proposal), in the order of ids.

    Raises Refusal ``not_proposed`` (person, role) for a pair the round does not have.
    """
    proposed = {outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs}
    wanted = sorted(proposed if pairs is None else set(pairs))
    for person, role in wanted:
        outcome.positions(person, role)
        if (person, role) not in proposed:
            raise Refusal("not_proposed", person=person, role=role)
    other = Reweighed(outcome)
    keys = [other.key(pair) for pair in wanted]
    breaks = _nearest(other, keys)
    trials = [(name, percent, other.keys(weights)) for name, percent, weights in other.quarters()]
    return tuple(
        _sureness(other, pair, key, trials, breaks.get(key, ()))
        for pair, key in zip(wanted, keys, strict=True)
    )


def _sureness(
    other: Reweighed,
    pair: Pair,
    key: int,
    trials: list[tuple[str, int, frozenset[int]]],
    nearest: tuple[Break, ...],
) -> Sureness:
    shown = tuple(Trial(name, percent, key in held) for name, percent, held in trials)
    return Sureness(*pair, all(each.holds for each in shown), shown, nearest, other.reach)


def _nearest(other: Reweighed, keys: list[int]) -> dict[int, tuple[Break, ...]]:
    """The first breaks of each pair, going outwards; stops when every pair has some."""
    found: dict[int, tuple[Break, ...]] = {}
    for distance in range(1, max(other.reach.values(), default=0) + 1):
        here = [(each, other.keys(weights)) for each, weights in other.moved(distance)]
        for key in keys:
            broken = tuple(each for each, held in here if key not in held)
            if broken and key not in found:
                found[key] = broken
        if len(found) == len(keys):
            break
    return found
