"""Why a need is not staffed: the role that blocks it, and every reason that applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Ints
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import refused


def blocking_role(outcome: Outcome, need: int) -> int | None:
    """The role that keeps an unstaffed need from being filled, or None when it has no role.

    A role with fewer allowed people than seats, the widest gap first; else the role a team
    of different people cannot fill; else the essential role with the fewest people not seated.
    """
    problem = outcome.problem
    roles = np.flatnonzero(problem.role_need == need)
    if not len(roles):
        return None
    if short := short_roles(outcome, need):
        return short[0]
    essential = [int(role) for role in roles if problem.role_essential[role]]
    if (clash := clashing_role(outcome, need)) is not None:
        return clash
    seated = set(problem.pair_person[outcome.solution.pairs].tolist())
    return min(
        essential or roles.tolist(),
        key=lambda role: len(set(people_for(outcome, role).tolist()) - seated),
    )


def people_for(outcome: Outcome, role: int) -> Ints:
    """People allowed for ``role``."""
    return outcome.role_pairs(role).person


def short_roles(outcome: Outcome, need: int) -> list[int]:
    """Roles with too few allowed people, the widest gap first; a need of optional roles alone
    is short only when no role has anybody."""
    problem = outcome.problem
    roles = np.flatnonzero(problem.role_need == need)
    count = np.zeros(len(problem.role_need), dtype=np.int64)
    count[roles] = [len(people_for(outcome, int(role))) for role in roles]
    essential = roles[problem.role_essential[roles]]
    if len(essential):
        short = essential[count[essential] < problem.role_seats[essential]]
    else:
        short = roles if not count[roles].any() else roles[:0]
    gap = problem.role_seats - count
    return sorted((int(role) for role in short), key=lambda role: (-gap[role], count[role], role))


def clashing_role(outcome: Outcome, need: int) -> int | None:
    """An essential role left open when every person takes one seat of the team, or None."""
    problem = outcome.problem
    roles = np.flatnonzero((problem.role_need == need) & problem.role_essential)
    seats = ints(np.repeat(roles, problem.role_seats[roles]))
    if not len(seats):
        return None
    people = [people_for(outcome, int(role)) for role in seats]
    if len(seats) == 1:
        return None if len(people[0]) else int(seats[0])
    shape = (len(seats), len(problem.person_capacity))
    seat = np.repeat(np.arange(len(seats)), [len(each) for each in people])
    fits = csr_array((np.ones(len(seat)), (seat, np.concatenate(people))), shape=shape)
    open_seats = seats[maximum_bipartite_matching(fits, perm_type="column") < 0]
    return int(open_seats[0]) if len(open_seats) else None


def unstaffed_reasons(outcome: Outcome, need: int) -> tuple[Reason, ...]:
    """Every reason why ``need`` is not staffed, the blocking role's first."""
    if not (outcome.problem.role_need == need).any():
        return (reason("no_roles"),)
    if short := short_roles(outcome, need):
        return tuple(each for role in short for each in _shortage(outcome, role))
    if (clash := clashing_role(outcome, need)) is not None:
        return (reason("team_clash", outcome.role_id(clash)),)
    return tuple(_competition(outcome, need))


def _shortage(outcome: Outcome, role: int) -> Iterator[Reason]:
    snapshot, problem = outcome.snapshot, outcome.problem
    levels, needs = snapshot.people.levels, snapshot.needs
    rows = np.arange(needs.first_asked[role], needs.first_asked[role + 1])
    rows = rows[needs.asked_essential[rows]]
    meets = levels[:, needs.asked_skill[rows]] >= needs.asked_level[rows]
    for row, anybody in zip(rows, bools(meets.any(axis=0)), strict=True):
        if not anybody:
            best = int(levels[:, needs.asked_skill[row]].max(initial=0))
            code = snapshot.skill_codes[needs.asked_skill[row]]
            yield reason("nobody_has", code, int(needs.asked_level[row]), best)
    skilled = np.flatnonzero(meets.all(axis=1))
    if len(levels) and meets.any(axis=0).all() and not len(skilled):
        yield reason("nobody_has_all", skills_text(outcome, role))
    people = len(people_for(outcome, role))
    yield reason("too_few", outcome.role_id(role), people, int(problem.role_seats[role]))
    masks = refused(snapshot, skilled, np.full(len(skilled), role))
    counts = {code: int(mask.sum()) for code, mask in masks.items()}
    allowed = len(skilled) - int(np.logical_or.reduce(list(masks.values())).sum())
    counts["below_floor"] = allowed - people
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        if count > 0:
            yield reason("refused", code, count)


def skills_text(outcome: Outcome, role: int) -> str:
    """The essential skills of a role as ``skill.level+skill.level``; all of them when none is."""
    snapshot, needs = outcome.snapshot, outcome.snapshot.needs
    rows = np.arange(needs.first_asked[role], needs.first_asked[role + 1])
    essential = rows[needs.asked_essential[rows]]
    named = essential if len(essential) else rows
    return "+".join(
        f"{snapshot.skill_codes[needs.asked_skill[row]]}.{needs.asked_level[row]}" for row in named
    )


def _competition(outcome: Outcome, need: int) -> Iterator[Reason]:
    """The need could be filled on its own: the limit if reached, and where its people are."""
    problem, solution = outcome.problem, outcome.solution
    limited = problem.max_needs is not None and int(solution.staffed.sum()) >= problem.max_needs
    if limited:
        yield reason("limit_reached", problem.max_needs)
    seats = np.bincount(problem.pair_person[solution.pairs], minlength=len(problem.person_wait))
    free = seats < problem.person_capacity
    role = blocking_role(outcome, need)
    if limited and role is not None:
        spare = int(free[people_for(outcome, role)].sum())
        if spare >= problem.role_seats[role]:
            return
    roles = np.flatnonzero(problem.role_need == need)
    wanted = np.concatenate([people_for(outcome, int(each)) for each in roles])
    theirs = solution.pairs[np.isin(problem.pair_person[solution.pairs], wanted)]
    taken = Counter(problem.pair_need[theirs].tolist())
    for other, _ in sorted(taken.items(), key=lambda item: (-item[1], item[0])):
        yield reason("needed_elsewhere", outcome.need_id(other))
