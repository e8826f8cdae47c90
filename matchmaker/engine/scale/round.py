"""A whole round of a large market: solved on few pairs, proven on all.

The solver sees the best pairs of each role. Its prices then tell, for every pair left behind,
whether a staffing of the same needs could gain by it, at the score or at a tie; such pairs are
added and the round is solved again, until there are none. That no other needs could be staffed
follows from a count where everything staffable is staffed. Where it is not, pairs are added for
the needs concerned; what then is still not known is bounded by prices that leave the needs free,
and said as a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import count

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.audit import blocks as every_block
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.outcome import Outcome, settle
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.grounds import Reckoning, fitting
from matchmaker.engine.proof.weigh import Weighing
from matchmaker.engine.scale.executors import Executor
from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.opened import opened
from matchmaker.engine.scale.place import (
    ADDED,
    KEPT,
    NEAR,
    SOLVE,
    Progress,
    Prospector,
    prospecting,
)
from matchmaker.engine.scale.pool import Pool
from matchmaker.engine.scale.tolls import Tolls, charged
from matchmaker.engine.scores import Pairs, score_these
from matchmaker.engine.solution import COUNTED, Grounds, Prices, Solution

_GROWTH = 8  # times as many pairs of the roles that stay open, each time
_GROWN = 2  # times
_FAR = 5e-4  # of the total: a gap from which other prices are looked for
_BUNDLED = 2  # rounds of pricing where people choose among bundles

Answer = tuple[Outcome, Pool]  # and the pairs it was chosen from


def settle_large(
    snapshot: Snapshot,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    compiled: bool | None = None,
    kept: int = KEPT,
) -> Outcome:
    """The best staffing of a market whose pairs are too many to keep; refusals as in ``settle``.

    ``kept``: pairs of each role that the solver sees at first. ``compiled``: as in ``place``.
    """
    with prospecting(snapshot, executor, progress, compiled=compiled) as prospector:
        pool = _with_pins(snapshot, prospector.first(snapshot.needs.role_seats, kept))
        outcome, pool = reduce(_higher, _answers(prospector, pool, kept))
        if pool.complete:
            return outcome
        solution = _honest(outcome)
        if _far(solution):
            solution = _nearer(outcome, solution, opened(prospector, pool, outcome))
    return replace(outcome, solution=solution, complete=False)


def _with_pins(snapshot: Snapshot, pool: Pool) -> Pool:
    """The pool with the pinned pairs, which must be there whatever they are worth."""
    pins = [
        (snapshot.person_at[person], snapshot.role_at[role])
        for person, role in snapshot.policy.pins
        if person in snapshot.person_at and role in snapshot.role_at
    ]
    if not pins:
        return pool
    found = score_these(snapshot, ints([pin[0] for pin in pins]), ints([pin[1] for pin in pins]))
    return pool.with_pairs(found.person, found.role, found.score)


def _higher(one: Answer, later: Answer) -> Answer:
    """The better of two answers, of equals the later: more pairs can lead to less where what was
    solved is not proven."""
    return later if later[0].solution.rank() >= one[0].solution.rank() else one


def _answers(prospector: Prospector, pool: Pool, kept: int) -> Iterator[Answer]:
    """Answers on more and more pairs of the roles that stay open."""
    for grown in count(1):
        outcome, pool = _priced(prospector, pool)
        yield outcome, pool
        open_roles = _open_roles(outcome)
        settled = pool.complete or not open_roles.any() or _limited(outcome)
        if settled or grown > _GROWN:
            return
        wider = _wider(prospector, pool, outcome, open_roles, kept * _GROWTH**grown)
        if wider is pool:
            return
        pool = wider


def _priced(prospector: Prospector, pool: Pool) -> Answer:
    """The outcome on a pool that lacks no pair which could improve it, and that pool; where the
    total rests on bundles and prices, it may lack some after a few rounds."""
    for rounds in count(1):
        prospector.progress(SOLVE, rounds, len(pool.person))
        outcome = settle(prospector.snapshot, Pairs(*pool.by_person()))
        if _approached(outcome.solution) and rounds == _BUNDLED:
            break  # what is still to gain is weighed, not looked for
        better = _better(prospector, pool, outcome)
        if better is None:
            break
        pool = pool.with_pairs(better.person, better.role, better.score)
    return outcome, pool


def _better(prospector: Prospector, pool: Pool, outcome: Outcome) -> Found | None:
    """Pairs left behind by which a staffing of the same needs could gain, with others that are
    near to that; None when there are none. A gap left by the prices widens what could gain."""
    problem, solution = outcome.problem, outcome.solution
    tolls = charged(outcome.snapshot, solution)
    scale = int(tolls.scale[0])
    slack = 0 if solution.gaps["total_score"] else solution.prices.gap * scale
    staffed = solution.staffed[problem.role_need]
    may = pool.beyond[0] * scale >= tolls.role[0] - slack if slack else _may(pool, tolls)
    roles = ints(np.flatnonzero(staffed & may & (pool.beyond[0] > NONE)))
    least = -max(NEAR * scale, slack)
    found = prospector.search("prove", roles, tolls, least, ADDED + problem.role_seats)
    new = found.only(pool.lacks(found) & _fits(problem, solution, found))
    left = new.left
    gains = left[0] >= -slack if slack else _positive(left)
    return new if gains.any() else None


def _may(pool: Pool, tolls: Tolls) -> Bools:
    return pool.may_improve(tolls.role, tolls.scale)


def _positive(left: Ints) -> Bools:
    """(K,) whether the first level that is not 0 is above 0."""
    rest = (left[1] > 0) | ((left[1] == 0) & (left[2] > 0))
    return np.asarray((left[0] > 0) | ((left[0] == 0) & rest), dtype=bool)


def _fits(problem: Problem, solution: Solution, found: Found) -> Bools:
    """(K,) pairs that the worst-fit level leaves open."""
    fit = solution.levels.get("worst_fit", 0)
    return np.asarray((found.score >= fit) | ~problem.role_essential[found.role], dtype=bool)


def _open_roles(outcome: Outcome) -> Bools:
    """(R,) roles of needs that have people enough for every essential role, and stay unstaffed."""
    problem = outcome.problem
    people = np.bincount(problem.pair_role, minlength=len(problem.role_need))
    usable = np.bincount(problem.role_need[people > 0], minlength=len(problem.need_group)) > 0
    usable[problem.role_need[problem.role_essential & (people < problem.role_seats)]] = False
    return np.asarray((usable & ~outcome.solution.staffed)[problem.role_need], dtype=bool)


def _limited(outcome: Outcome) -> bool:
    """Whether needs stay open because no more may be staffed, not for want of people."""
    return int(outcome.solution.staffed.sum()) == _limit(outcome.problem)


def _wider(
    prospector: Prospector, pool: Pool, outcome: Outcome, open_roles: Bools, most: int
) -> Pool:
    """The pool with more pairs of the open roles, those first whose people are least wanted."""
    tolls = charged(outcome.snapshot, outcome.solution)
    tolls = tolls._replace(role=np.zeros_like(tolls.role))
    roles = ints(np.flatnonzero(open_roles & (pool.beyond[0] > NONE)))
    room = np.full(len(open_roles), most, dtype=np.int64)
    found = prospector.search("widen", roles, tolls, NONE, room)
    new = found.only(pool.lacks(found))
    return pool.with_pairs(new.person, new.role, new.score) if len(new.person) else pool


def _honest(outcome: Outcome) -> Solution:
    """The solution with bounds that hold although pairs were left behind.

    With everything staffable staffed, the counts and the prices hold for the whole market; what
    the worst-served need and new employers could come to does not follow from them.
    """
    solution = outcome.solution
    most = _most(outcome)
    if _approached(solution) or _shorter_seats(outcome):
        prices, same = _weighed(outcome)
        if not same:
            bounds = solution.bounds | {"total_score": prices.bound}
            ties = {name: most[name] for name in ("tie_waiting", "tie_hash") if name in bounds}
            solution = replace(solution, prices=prices, ties=None, bounds=bounds | ties)
    if not _open_roles(outcome).any():
        most = {name: most[name] for name in ("reserved_seats", "worst_fit", "new_employers")}
    elif solution.grounds:
        most = _shown(outcome, solution.grounds, most)
    bounds = {name: most.get(name, bound) for name, bound in solution.bounds.items()}
    return replace(solution, bounds=bounds)


def _far(solution: Solution) -> bool:
    """Whether the prices of one set of needs say little of the total of others."""
    far = solution.gaps["total_score"] > _FAR * solution.levels["total_score"]
    return far and solution.grounds is not None and not len(solution.prices.bundled)


def _nearer(outcome: Outcome, solution: Solution, grounds: Grounds | None) -> Solution:
    """The solution with other grounds, if they bound the total better and nothing worse."""
    if grounds is None or not fitting(outcome.problem, grounds, len(grounds.weight)):
        return solution
    shown = _shown(outcome, grounds, _most(outcome))
    names = [name for name in (*COUNTED, "total_score") if name in solution.bounds]
    if any(shown[name] > solution.bounds[name] for name in names):
        return solution
    bounds = solution.bounds | {name: shown[name] for name in names}
    return replace(solution, grounds=grounds, bounds=bounds)


def _approached(solution: Solution) -> bool:
    """Whether people choose among bundles, and the total rests on the prices alone."""
    return len(solution.prices.bundled) > 0 and solution.gaps["total_score"] > 0


def _shorter_seats(outcome: Outcome) -> bool:
    """Whether somebody who pays a price might hold more seats than the kept pairs say, because
    shorter ones were left behind."""
    problem, prices = outcome.problem, (outcome.solution.prices, *(outcome.solution.ties or ()))
    kept = outcome.solution.staffed[problem.pair_need]
    room = seats_possible(problem, np.flatnonzero(kept))
    paid = np.any([each.person > 0 for each in prices], axis=0)
    return bool((paid & (room < problem.person_capacity)).any())


def _weighed(outcome: Outcome) -> tuple[Prices, bool]:
    """The prices with the bound that they give over every allowed pair of the market; whether all
    prices, those of the ties among them, say there what they said before."""
    solution = outcome.solution
    weighing = Weighing(outcome.problem, solution)
    for block in every_block(outcome.snapshot):
        weighing.add(block)
    bounds = [
        worth // prices.scale
        for worth, prices in zip(weighing.worth(), weighing.prices, strict=True)
    ]
    gap = bounds[0] - solution.levels["total_score"]
    same = bounds == [prices.bound for prices in weighing.prices]
    return replace(solution.prices, bound=bounds[0], gap=gap), same


def _shown(outcome: Outcome, grounds: Grounds, most: dict[str, int]) -> dict[str, int]:
    """What the grounds show over every allowed pair of the market, not only those kept."""
    problem, solution = outcome.problem, outcome.solution
    reckoning = Reckoning(problem, grounds)
    for block in every_block(outcome.snapshot):
        reckoning.add(block)
    open_ = solution.staffed.copy()
    open_[problem.role_need[_open_roles(outcome)]] = True
    names = [name for name in (*COUNTED, "total_score") if name in solution.bounds]
    reached = {name: solution.levels[name] for name in names}
    return most | reckoning.bounds(reached, most, open_)


def _most(outcome: Outcome) -> dict[str, int]:
    """What each level can be at most in any staffing of the market."""
    problem, solution = outcome.problem, outcome.solution
    staffable = solution.staffed.copy()
    staffable[problem.role_need[_open_roles(outcome)]] = True
    urgent, important, ordinary = np.bincount(problem.need_urgency[staffable], minlength=3).tolist()
    seats = int(problem.role_seats[staffable[problem.role_need]].sum())
    return {
        "groups_served": min(len(np.unique(problem.need_group[staffable])), _limit(problem)),
        "needs_staffed": min(int(staffable.sum()), _limit(problem)),
        "urgent_staffed": urgent,
        "important_staffed": important,
        "ordinary_staffed": ordinary,
        "reserved_seats": sum(each.seats for each in problem.reserves),
        "new_employers": len(np.unique(problem.person_employer[problem.person_employer >= 0])),
        "worst_fit": 10_000,
        "total_score": 10_000 * seats,
        "tie_waiting": int(problem.person_wait.sum() + problem.group_wait.sum()),
        "tie_hash": 2**20 * seats,
    }


def _limit(problem: Problem) -> int:
    return len(problem.need_group) if problem.max_needs is None else problem.max_needs
