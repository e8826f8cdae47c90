"""The solution of a round too large for an exact search: what was found, and the gap of each level.

The bounds are those that ``grounds`` and prices show, so that `verify` shows them too; what they
leave open is a gap. Of the tie levels nothing is shown over all sets of needs; among the seats of
the needs chosen they are still proven where no hours bind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

import numpy as np

from matchmaker.engine.levels import measure, staffed_needs
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.grounds import Reckoning
from matchmaker.engine.proof.weigh import Block
from matchmaker.engine.solution import Grounds, Levels, Prices, Solution
from matchmaker.engine.teams.approach import Approach, approach
from matchmaker.engine.teams.choice import Choice
from matchmaker.engine.teams.climb import Climb
from matchmaker.engine.teams.grounding import grounded
from matchmaker.engine.teams.prices import price_bound
from matchmaker.engine.teams.seating import ranked, seat
from matchmaker.engine.teams.ties import plain_prices, tie_prices

LARGE = 100_000  # pairs from which an exact search may take very long
_ROUNDS = 12  # of cuts for each question which needs to staff
_CLOSE = 1e-5  # of a bound: a set of needs is good enough


def approached(climb: Climb) -> Solution | None:
    """A staffing of a large round with bounds; None for a round that is not large, whose policy has
    levels that only the search knows, or whose pins and needs to be staffed leave none."""
    problem, levels, start = climb.problem, climb.levels, perf_counter()
    usable = np.flatnonzero(live_pairs(problem, climb.forbid))
    special = levels.worst_fit or levels.new_employers or problem.reserves
    simple = levels.needs and not special
    if len(usable) <= LARGE or not simple or not climb.begin():
        return None
    sets = _sets(climb, usable)
    found = None if sets is None else approach(problem, usable, sets)
    if found is None or not staffed_needs(problem, found.pairs)[climb.staff].all():
        return None
    pairs, prices, ties = _proof(problem, found, levels)
    values = measure(problem, pairs, levels)
    reached = {name: values[name] for name in climb.objective}
    everything = (staffed_needs(problem, pairs) == staffed_needs(problem, usable)).all()
    grounds = None
    if everything:  # every count is at its most, and the prices speak of the only set there is
        shown = reached | {"total_score": prices.bound}
    else:
        grounds = grounded(problem, usable, found.seating, climb.shortages, reached, found.prices)
        shown = shown_by(problem, usable, grounds, reached)
    return Solution(
        pairs=pairs,
        staffed=staffed_needs(problem, pairs),
        levels=values,
        bounds={name: (shown | ties_at_most(problem))[name] for name in reached},
        prices=prices,
        ties=ties,
        grounds=grounds,
        seconds={"seats": perf_counter() - start},
    )


def _sets(climb: Climb, usable: Ints) -> Choice | Bools | None:
    """All needs if nothing limits them and people suffice; else the choice, or if that is too hard
    the last set it looked at, of which as many needs are staffed as can be."""
    problem = climb.problem
    everything = staffed_needs(problem, usable)
    free = problem.max_needs is None or int(everything.sum()) <= problem.max_needs
    if free and seat(problem, usable).fills(everything):
        return everything
    return climb.choice(_ROUNDS, _CLOSE) or climb.nearly


def _proof(
    problem: Problem, found: Approach, levels: Levels
) -> tuple[Ints, Prices, tuple[Prices, Prices] | None]:
    """The pairs, the prices for their needs, and those of the ties where no hours bind."""
    total = int(problem.pair_score[found.pairs].sum())
    if found.prices is not None:
        return found.pairs, replace(found.prices, gap=found.prices.bound - total), None
    seating, every = ranked(found.seating, waiting=levels.waiting)
    pairs = seating.seats(every[-1])
    if proof := tie_prices(seating, every, pairs, levels):
        return pairs, proof[0], proof[1:]
    staffed = staffed_needs(problem, found.pairs)
    usable = np.zeros(len(problem.pair_role), dtype=bool)
    usable[found.seating.usable] = True
    usable &= staffed[problem.pair_need]
    prices = plain_prices(found.seating)
    people = seats_possible(problem, np.flatnonzero(usable)) > 0
    people &= np.bincount(problem.pair_person[usable], minlength=len(people)) > 0
    kept = prices.person * people, prices.role * staffed[problem.role_need]
    prices = replace(prices, person=kept[0], role=kept[1])
    bound = price_bound(problem, prices, staffed, usable, 0)
    return found.pairs, replace(prices, bound=bound, gap=bound - total), None


def shown_by(
    problem: Problem, usable: Ints, grounds: Grounds, reached: Mapping[str, int]
) -> dict[str, int]:
    """What the grounds show of each level that depends on the needs chosen."""
    every = problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash
    person, role, score, lots = (each[usable] for each in every)
    reckoning = Reckoning(problem, grounds)
    reckoning.add(Block(person, role, score, lots))
    return reckoning.bounds(reached, {}, staffed_needs(problem, usable))


def ties_at_most(problem: Problem) -> dict[str, int]:
    """More than any staffing can reach at the tie levels."""
    waited = int(problem.person_wait.sum() + problem.group_wait.sum())
    return {"tie_waiting": waited, "tie_hash": int(problem.role_seats.sum()) * 2**20}
