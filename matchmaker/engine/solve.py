"""The whole problem, level by level: each level is proven best before the next is considered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

import numpy as np

from matchmaker.engine.levels import (
    favoured_levels,
    hash_level,
    measure,
    score_level,
    staffed_needs,
    waiting_level,
)
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Grounds, Levels, PinsRefused, Prices, Solution
from matchmaker.engine.teams.approached import LARGE, approached
from matchmaker.engine.teams.branches import BUSY, Best, Branches
from matchmaker.engine.teams.climb import Climb
from matchmaker.engine.teams.contested import Contest
from matchmaker.engine.teams.fit import Raised, raised
from matchmaker.engine.teams.grounding import grounded
from matchmaker.engine.teams.narrowed import Footing, footing
from matchmaker.engine.teams.packed import Ascent, packed
from matchmaker.engine.teams.parts import parts
from matchmaker.engine.teams.prices import nothing_priced, price, priced
from matchmaker.engine.teams.seating import Seating, earlier, plain, seat
from matchmaker.engine.teams.ties import tie_prices
from matchmaker.errors import Refusal

DEFAULT = Levels()
_SETS = 6  # best sets of needs, up to which all of them are seated at once


@dataclass(frozen=True)
class Near:
    """A problem solved under ``levels``. People and roles are numbered as in the one that is asked;
    pairs, scores, capacities, pins and limits may differ."""

    problem: Problem
    solution: Solution
    levels: Levels = DEFAULT

    @cached_property
    def by_core(self) -> bool:
        """Whether the core alone answers it."""
        nothing = _indices(())
        return at_once(Climb(self.problem, self.levels, nothing, nothing), proofs=False) is not None

    @cached_property
    def footing(self) -> Footing | None:
        """Where a round that is narrowed starts; None where the core alone answers it: that is
        quicker, also for whatever differs little."""
        solution, few = self.solution, len(self.problem.pair_role) <= LARGE
        told = few and len(solution.pairs) and solution.proven and not solution.ties
        if not told or not simple(self.problem, self.levels) or self.by_core:
            return None
        return footing(self.problem, self.levels, self.solution)


def solve(
    problem: Problem,
    levels: Levels = DEFAULT,
    *,
    forbid: Iterable[int] = (),
    staff: Iterable[int] = (),
    time_limit: float | None = None,
    near: Near | None = None,
    proofs: bool = True,
) -> Solution:
    """The best staffing of ``problem``, with its proof.

    ``forbid``: indices of pairs that may not be chosen. ``staff``: needs that must be staffed.
    ``time_limit``: seconds for each search; a level it cuts short keeps its gap and the result is
    not ``proven``. ``near``: a solved problem that differs little; the answer is the same, sooner.
    ``proofs``: without, pairs, levels and bounds are the same, but no time is spent on what others
    check: the prices are 0 with the bound that gives, and ``worst_fit_price`` is None.
    Raises PinsRefused naming a smallest set of pins that cannot hold together,
    Refusal ``needs_cannot_be_staffed`` (needs=…) when ``staff`` is impossible, and Refusal
    ``no_answer_in_time`` when the limit passes before anything is found.
    """
    known = earlier(problem, near.problem, near.solution) if near else None
    whole = Climb(problem, levels, _indices(forbid), _indices(staff), time_limit, known)
    if near and time_limit is None:
        if narrower := _narrowed(whole, near):
            return _of_pairs(whole, narrower, proofs=proofs)
        if higher := _raised_near(whole, near):
            return _raised(whole, higher, proofs=proofs)
        base = near.footing if levels == near.levels and simple(problem, levels) else None
        if base and (found := packed(problem, levels, *whole.given, base)):
            return _of_pairs(whole, found, proofs=proofs)
    if quick := at_once(whole, proofs=proofs):
        return quick
    if time_limit is None and (bounded := approached(whole)):
        return bounded
    if simple(problem, levels) and (found := packed(problem, levels, *whole.given)):
        return _of_pairs(whole, found, proofs=proofs)
    if levels.worst_fit and (higher := raised(whole, _unproven)):
        return _raised(whole, higher, proofs=proofs)
    climbs = _divided(whole)
    for climb in climbs:
        if not (climb.begin() and climb.count()):
            raise _impossible(whole)
        if climb.values is None:
            raise Refusal("no_answer_in_time", seconds=time_limit)
    plain_total = _plain_total(climbs[0]) if levels.worst_fit and proofs else None
    for climb in climbs:
        finish(climb)
    pairs = np.sort(np.concatenate([climb.pairs for climb in climbs]))
    values = measure(problem, pairs, levels)
    start = perf_counter()
    if proofs:
        prices, ties = priced(problem, pairs, whole.forbid, levels, known)
    else:
        prices, ties = nothing_priced(problem, pairs, whole.forbid, levels), None
    seconds = Counter(dict.fromkeys(climbs[0].seconds, 0.0))
    whole.shortages = []
    for climb in climbs:
        seconds.update(climb.seconds)
        whole.shortages += climb.shortages
    usable = np.flatnonzero(live_pairs(problem, whole.forbid))
    reached = {name: values[name] for name in whole.objective}
    return Solution(
        pairs=pairs,
        staffed=staffed_needs(problem, pairs),
        levels=values,
        bounds={name: sum(c.bounds[name] for c in climbs) for name in climbs[0].bounds},
        prices=prices,
        ties=ties,
        worst_fit_price=None if plain_total is None else plain_total - values["total_score"],
        grounds=_grounds(whole, usable, pairs, reached) if proofs else None,
        seconds=dict(seconds) | {"prices": perf_counter() - start},
    )


def _narrowed(climb: Climb, near: Near) -> Ascent | None:
    """The answer where ``near`` is only narrowed, and still counts as much."""
    if climb.levels != near.levels or not near.footing:
        return None
    start = perf_counter()
    pairs = near.footing.best(climb.problem, climb.forbid, climb.staff)
    return None if pairs is None else Ascent(pairs, [], perf_counter() - start)


def _raised_near(climb: Climb, near: Near) -> Raised | None:
    """The answer where the worst fit is on, and ``near`` is the same round without."""
    plain = not near.levels.worst_fit and climb.levels == replace(near.levels, worst_fit=True)
    if not plain or (start := near.footing) is None:
        return None

    def ask(each: Climb) -> Solution | None:
        found = _narrowed(each, near)
        return None if found is None else _of_pairs(each, found, proofs=False)

    return raised(climb, ask, lambda forbid: start.fewer(climb.problem, forbid))


def at_once(climb: Climb, *, proofs: bool = True) -> Solution | None:
    """Few sets of needs come into question, few people's hours bind: then the core alone answers
    all levels, mostly in one question that its prices prove. None where it is not so simple."""
    problem, levels = climb.problem, climb.levels
    if not simple(problem, levels):
        return None
    start = perf_counter()
    usable = np.flatnonzero(live_pairs(problem, climb.forbid))
    staffed = staffed_needs(problem, usable)
    if not staffed[climb.staff].all() or _lacking(problem.pins, usable):
        return None
    best = _best(climb, usable, staffed, lean=not proofs)
    if best is None:
        return None
    pairs = best.pairs
    certain = best.seating if proofs else None
    proof = tie_prices(certain, best.found, pairs, levels) if certain else None
    values = measure(problem, pairs, levels)
    make = price if proofs else nothing_priced
    bounds = {name: values[name] for name in climb.objective}
    return Solution(
        pairs=pairs,
        staffed=staffed_needs(problem, pairs),
        levels=values,
        bounds=bounds,
        prices=proof[0] if proof else make(problem, pairs, climb.forbid, levels),
        ties=proof[1:] if proof else None,
        grounds=_grounds(climb, usable, pairs, bounds, best.seating) if proofs else None,
        seconds={"seats": perf_counter() - start},
    )


def _lacking(pins: Ints, usable: Ints) -> bool:
    """Whether a pin is not among the pairs that may be chosen."""
    return len(pins) > 0 and not np.isin(pins, usable).all()


def simple(problem: Problem, levels: Levels) -> bool:
    """Whether the levels only count needs, add up scores and break ties."""
    favoured = levels.worst_fit or levels.new_employers or problem.reserves
    return levels.needs and not favoured


def _of_pairs(climb: Climb, found: Ascent, *, proofs: bool) -> Solution:
    """The answer whose pairs are known to be the best."""
    problem, levels, pairs, start = climb.problem, climb.levels, found.pairs, perf_counter()
    climb.shortages = found.shortages
    values = measure(problem, pairs, levels)
    reached = {name: values[name] for name in climb.objective}
    if proofs:
        prices, ties = priced(problem, pairs, climb.forbid, levels, climb.known)
    else:
        prices, ties = nothing_priced(problem, pairs, climb.forbid, levels), None
    usable = np.flatnonzero(live_pairs(problem, climb.forbid))
    hours = prices if len(prices.bundled) else None
    return Solution(
        pairs=pairs,
        staffed=staffed_needs(problem, pairs),
        levels=values,
        bounds=reached,
        prices=prices,
        ties=ties,
        grounds=_grounds(climb, usable, pairs, reached, None, hours) if proofs else None,
        seconds={"seats": found.seconds, "prices": perf_counter() - start},
    )


def _unproven(climb: Climb) -> Solution | None:
    return at_once(climb, proofs=False)


def _raised(climb: Climb, found: Raised, *, proofs: bool) -> Solution:
    """The answer for a round whose worst fit was raised by the core alone."""
    problem, levels, pairs = climb.problem, climb.levels, found.solution.pairs
    values = measure(problem, pairs, levels)
    start = perf_counter()
    if proofs:
        prices, ties = priced(problem, pairs, climb.forbid, levels, climb.known)
    else:
        prices, ties = nothing_priced(problem, pairs, climb.forbid, levels), None
    return Solution(
        pairs=pairs,
        staffed=found.solution.staffed,
        levels=values,
        bounds={name: values[name] for name in climb.objective},
        prices=prices,
        ties=ties,
        worst_fit_price=found.plain_total - values["total_score"] if proofs else None,
        seconds={"prices": perf_counter() - start},
    )


def _grounds(
    climb: Climb,
    usable: Ints,
    pairs: Ints,
    reached: dict[str, int],
    seating: Seating | None = None,
    prices: Prices | None = None,
) -> Grounds | None:
    """What bounds the choice of needs; None where all that could be staffed are."""
    problem, staffed = climb.problem, staffed_needs(climb.problem, pairs)
    if (staffed == staffed_needs(problem, usable)).all():
        return None
    seating = seating or seat(problem, usable[staffed[problem.pair_need[usable]]])
    return grounded(problem, usable, seating, climb.shortages, reached, prices)


def _best(climb: Climb, usable: Ints, staffed: Bools, *, lean: bool) -> Best | None:
    """The best answer by the core alone: of all needs if everything can be staffed, else of the
    sets that come into question; None where hours bind for too many people, or it is not simple."""
    problem = climb.problem
    seating = seat(problem, usable, climb.known, lean=lean)
    if len(over_hours(problem, seating.pairs)) > BUSY:
        return None
    near = plain(seating.found, len(problem.role_need))
    branches = Branches(problem, climb.levels, usable, near, lean=lean)
    if (problem.max_needs is None or staffed.sum() <= problem.max_needs) and seating.fills(staffed):
        return branches.best([(seating, staffed)])
    if len(usable) > LARGE:
        return None
    must = np.zeros_like(staffed)
    must[climb.staff] = must[problem.pair_need[problem.pins]] = True
    contest = Contest(problem, climb.levels, usable, staffed, must)
    if roots := contest.best(seating, _SETS):
        climb.shortages = contest.shortages
        return branches.best(roots)
    if not climb.begin():
        return None
    branches.choice = climb.choice()
    return branches.best()


def _divided(whole: Climb) -> list[Climb]:
    """One climb for each part that shares nobody with the others, where the levels allow it."""
    problem = whole.problem
    live = live_pairs(problem, whole.forbid)
    masks = parts(problem, live)
    joint = problem.max_needs is not None or bool(problem.guarantees or problem.reserves)
    tied = joint or whole.levels.worst_fit or whole.levels.new_employers
    needs = np.unique(problem.pair_need[live])
    lost = not live[problem.pins].all() or not np.isin(whole.staff, needs).all()
    if tied or lost or len(masks) == 1:
        return [whole]
    return [
        Climb(
            replace(problem, pins=problem.pins[mask[problem.pins]]),
            whole.levels,
            np.flatnonzero(~mask),
            whole.staff[np.isin(whole.staff, problem.pair_need[mask])],
            whole.time_limit,
            whole.known,
        )
        for mask in masks
    ]


def finish(climb: Climb) -> None:
    """The levels after the counting ones."""
    for level in favoured_levels(climb.problem, climb.space.model, climb.levels):
        climb.win(level)
    if climb.levels.worst_fit:
        climb.fit()
    climb.win(score_level(climb.problem, climb.space.model))
    if climb.levels.waiting:
        climb.win(waiting_level(climb.problem, climb.space.model))
    climb.win(hash_level(climb.problem, climb.space.model))


def _plain_total(climb: Climb) -> int:
    """The total score without the worst-fit level."""
    plain = replace(climb, bounds={}, seconds={})
    plain.space, plain.live, plain.loss = climb.space, climb.live, climb.loss
    for level in favoured_levels(plain.problem, plain.space.model, plain.levels):
        plain.win(level)  # levels before the worst fit: not what that one costs
    plain.win(score_level(plain.problem, plain.space.model))
    return int(plain.problem.pair_score[plain.pairs].sum())


def _impossible(climb: Climb) -> Refusal:
    """Whose fault it is that nothing satisfies the constraints: the pins', or the needs'."""
    pins = np.unique(climb.problem.pins).tolist()
    if not _possible(climb, pins, no_staff := _indices(())):
        for pin in list(pins):
            fewer = [other for other in pins if other != pin]
            if not _possible(climb, fewer, no_staff):
                pins = fewer
        return PinsRefused(pins)
    return Refusal("needs_cannot_be_staffed", needs=climb.staff.tolist())


def _possible(climb: Climb, pins: list[int], staff: Ints) -> bool:
    """Whether anything satisfies the constraints with these pins alone."""
    problem = replace(climb.problem, pins=_indices(pins))
    trial = Climb(problem, Levels(groups=False, needs=False), climb.forbid, staff)
    return trial.begin() and trial.count()


def _indices(values: Iterable[int]) -> Ints:
    return np.unique(np.array(list(values), dtype=np.int64))
