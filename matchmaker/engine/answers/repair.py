"""Somebody left: the repair that changes the fewest of the seats already accepted, then the best.

One more level stands before all others: how many accepted pairs stay. It is proven like the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.answers.difference import Difference, Move, compare
from matchmaker.engine.levels import Level, measure, staffed_needs
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.solution import Solution, no_pairs
from matchmaker.engine.solve import at_once, finish
from matchmaker.engine.teams.climb import Climb
from matchmaker.engine.teams.seating import earlier
from matchmaker.errors import Refusal

Pair = tuple[str, str]
_KEPT = "accepted_kept"


@dataclass(frozen=True)
class Repair:
    """The best way on without a person.

    ``reopened``: the roles that the person held. ``accepted``: pairs of others to be left as they
    are, if possible; ``kept`` of them stay, and no repair keeps more (``proven``). ``disturbed``:
    people among them whose seats change; ``joining``: everybody else who moves. ``difference``:
    the round after against before.
    """

    person_id: str
    reopened: tuple[str, ...]
    accepted: int
    kept: int
    disturbed: tuple[Move, ...]
    joining: tuple[Move, ...]
    difference: Difference
    proven: bool


def repair(
    outcome: Outcome,
    person_id: str,
    accepted: Iterable[Pair] | None = None,
    *,
    also_gone: Iterable[str] = (),
) -> Repair:
    """The best round without ``person_id``. ``accepted`` (default: all seats of other people):
    the pairs that should stay. ``also_gone``: people who left before and take nothing either.
    A pin of somebody who is gone falls with them.

    Raises Refusal ``unknown_person``, and ``pins_impossible`` when what is fixed cannot hold
    without the person.
    """
    left_out = []
    for each in dict.fromkeys((person_id, *also_gone)):
        if each not in outcome.snapshot.person_at:
            raise Refusal("unknown_person", person=each)
        left_out.append(outcome.snapshot.person_at[each])
    problem, chosen = outcome.problem, outcome.solution.pairs
    own = np.flatnonzero(problem.pair_person == left_out[0])
    gone = np.flatnonzero(np.isin(problem.pair_person, left_out))
    stay = np.setdiff1d(chosen, gone)
    if accepted is not None:
        wanted = set(accepted)
        stay = stay[[outcome.pair_ids(pair) in wanted for pair in stay.tolist()]]
    left = replace(problem, pins=np.setdiff1d(problem.pins, gone))
    solution = _least_disturbing(outcome, left, gone, stay)
    difference = compare(outcome, replace(outcome, problem=left, solution=solution))
    held = {outcome.pair_ids(pair)[0] for pair in stay.tolist()}
    absent = {outcome.person_id(each) for each in left_out}
    others = [move for move in difference.moves if move.person_id not in absent]
    kept = len(np.intersect1d(solution.pairs, stay))
    return Repair(
        person_id,
        tuple(sorted(outcome.pair_ids(pair)[1] for pair in np.intersect1d(chosen, own).tolist())),
        len(stay),
        kept,
        tuple(move for move in others if move.person_id in held),
        tuple(move for move in others if move.person_id not in held),
        difference,
        solution.proven and solution.bounds[_KEPT] == kept,
    )


def _least_disturbing(outcome: Outcome, problem: Problem, gone: Ints, stay: Ints) -> Solution:
    levels = outcome.snapshot.policy.levels
    if quick := _all_kept(outcome, problem, gone, stay):
        return quick
    climb = Climb(problem, levels, gone, no_pairs())
    if not climb.begin():
        raise Refusal("pins_impossible", pins=_pinned(outcome, problem))
    if not len(climb.space.model.pairs):
        return _nobody_left(outcome, problem)
    vector = np.zeros(len(climb.space.low))
    vector[: len(climb.space.model.pairs)] = np.isin(climb.space.model.pairs, stay)
    if not (climb.win(Level(_KEPT, vector, len(stay))) and climb.count()):
        raise Refusal("pins_impossible", pins=_pinned(outcome, problem))
    finish(climb)
    values = measure(problem, climb.pairs, levels)
    kept = {_KEPT: len(np.intersect1d(climb.pairs, stay))}
    return replace(
        outcome.solution,
        pairs=climb.pairs,
        staffed=staffed_needs(problem, climb.pairs),
        levels=kept | values,
        bounds=climb.bounds,
    )


def _all_kept(outcome: Outcome, problem: Problem, gone: Ints, stay: Ints) -> Solution | None:
    """The best round in which every accepted pair stays; None if there is none, or it is not so
    simple to say."""
    levels = outcome.snapshot.policy.levels
    fixed = replace(problem, pins=np.union1d(problem.pins, stay))
    near = earlier(fixed, outcome.problem, outcome.solution)
    found = at_once(Climb(fixed, levels, gone, no_pairs(), known=near), proofs=False)
    if found is None:
        return None
    kept = {_KEPT: len(stay)}
    return replace(found, levels=kept | found.levels, bounds=kept | found.bounds)


def _nobody_left(outcome: Outcome, problem: Problem) -> Solution:
    """The round in which no pair is possible any more: nothing is staffed, and nothing can be."""
    pairs = no_pairs()
    levels = {_KEPT: 0} | measure(problem, pairs, outcome.snapshot.policy.levels)
    return replace(
        outcome.solution,
        pairs=pairs,
        staffed=staffed_needs(problem, pairs),
        levels=levels,
        bounds={name: levels[name] for name in (_KEPT, *outcome.solution.bounds)},
    )


def _pinned(outcome: Outcome, problem: Problem) -> tuple[Pair, ...]:
    return tuple(outcome.pair_ids(pin) for pin in problem.pins.tolist())
