"""How fair the round is: who is served, how well, what more would cost, who envies whom, who waits.

A price is the difference to the round solved again with the guarantee or level off, or the worst
fit on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.answers.again import again
from matchmaker.engine.answers.difference import Difference, compare
from matchmaker.engine.favours import first_time, longest_waiting, neighbourhood
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Bools

_CLASSES = {
    "first_time": first_time,
    "neighbourhood": neighbourhood,
    "longest_waiting": longest_waiting,
}


@dataclass(frozen=True)
class Served:
    """Groups of one class with a need in this round, how many of them are served, and how many the
    policy guarantees (None: no guarantee). ``price``: what the round would be like without the
    guarantee, where there is one; its losses are negative where the guarantee costs."""

    name: str
    groups: int
    served: int
    guaranteed: int | None
    price: Difference | None


@dataclass(frozen=True)
class Envy:
    """A person who would rather sit where others do and could, going by own scores alone.

    ``role_id``: the seat that fits best of all those others hold; ``holders``: who holds it;
    ``score`` there, against the best seat ``held`` now (0: none)."""

    person_id: str
    role_id: str
    holders: tuple[str, ...]
    score: int
    held: int


@dataclass(frozen=True)
class Fairness:
    """``served``: the classes of groups, all groups first. ``worst_need`` and ``worst_fit``: the
    need served worst and its fit ("" and 0 when none is staffed). ``raised_fit``: how high the
    worst fit can be at the same counts of groups and needs; ``raising``: what that would change.
    ``switched``: level of the policy that is off by default (``new_employers``, ``worst_fit``) →
    what the round would be like without it, where it is on.
    ``waiting_days``: the days waited by groups (people) that are served (seated), and by those
    who wait on; ``longest``: most days among the latter."""

    served: tuple[Served, ...]
    worst_need: str
    worst_fit: int
    raised_fit: int
    raising: Difference
    switched: dict[str, Difference]
    envy: tuple[Envy, ...]
    group_days: tuple[int, int]
    person_days: tuple[int, int]
    longest_group: int
    longest_person: int


def fairness(outcome: Outcome) -> Fairness:
    """The fairness report of a round; each price by solving again."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    seated = np.zeros(len(problem.person_capacity), dtype=bool)
    seated[problem.pair_person[chosen]] = True
    served, here = _groups(outcome)
    levels = replace(outcome.snapshot.policy.levels, worst_fit=True)
    raised = again(outcome, problem, levels=levels)
    need, fit = worst_served(outcome)
    left, wait = here & ~served, problem.group_wait
    return Fairness(
        served=_classes(outcome),
        worst_need=need,
        worst_fit=fit,
        raised_fit=worst_served(raised)[1],
        raising=compare(outcome, raised),
        switched=_switched(outcome),
        envy=envy(outcome),
        group_days=(int(wait[served].sum()), int(wait[left].sum())),
        person_days=(
            int(problem.person_wait[seated].sum()),
            int(problem.person_wait[~seated].sum()),
        ),
        longest_group=int(wait[left].max(initial=0)),
        longest_person=int(problem.person_wait[~seated].max(initial=0)),
    )


def _groups(outcome: Outcome) -> tuple[Bools, Bools]:
    """(G,) groups served, and groups with a need in this round."""
    groups = outcome.problem.need_group
    here = np.zeros(len(outcome.problem.group_wait), dtype=bool)
    here[groups] = True
    served = np.zeros_like(here)
    served[groups[outcome.solution.staffed]] = True
    return served, here


def served_counts(outcome: Outcome) -> dict[str, tuple[int, int]]:
    """Class of groups → (served, with a need in this round); ``all`` first."""
    served, here = _groups(outcome)
    members = {"all": here} | {name: of(outcome.snapshot) & here for name, of in _CLASSES.items()}
    return {name: (int((of & served).sum()), int(of.sum())) for name, of in members.items()}


def promise_prices(outcome: Outcome) -> dict[str, Difference]:
    """Class of groups that is promised something → the round without that promise alone."""
    promised = outcome.problem.guarantees
    return {
        each.name: _price(
            outcome,
            again(
                outcome,
                replace(
                    outcome.problem,
                    guarantees=tuple(other for other in promised if other is not each),
                ),
            ),
        )
        for each in promised
    }


def reserve_prices(outcome: Outcome) -> tuple[tuple[int, Difference], ...]:
    """For each reserve of the policy: how many of its seats are held as reserved, and what the
    round would be like without it alone."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    person, need = problem.pair_person[chosen], problem.pair_need[chosen]
    found = []
    for each in problem.reserves:
        others = tuple(other for other in problem.reserves if other is not each)
        then = again(outcome, replace(problem, reserves=others))
        held = min(each.seats, int(each.holds(person, need).sum()))
        found.append((held, _without(compare(outcome, then), outcome, "reserved_seats")))
    return tuple(found)


def _classes(outcome: Outcome) -> tuple[Served, ...]:
    least = {each.name: each.least for each in outcome.problem.guarantees}
    prices = promise_prices(outcome)
    return tuple(
        Served(name, groups, served, least.get(name), prices.get(name))
        for name, (served, groups) in served_counts(outcome).items()
    )


def _price(outcome: Outcome, then: Outcome) -> Difference:
    """The difference without one guarantee: how many are met is no price, since that level then
    counts other promises."""
    return _without(compare(outcome, then), outcome, "guarantees_met")


def _without(found: Difference, outcome: Outcome, level: str) -> Difference:
    loss = {name: each for name, each in (found.loss or {}).items() if name != level}
    decided = next((name for name in outcome.solution.bounds if loss.get(name)), None)
    return replace(found, loss=loss, decided_by=decided)


def _switched(outcome: Outcome) -> dict[str, Difference]:
    levels = outcome.snapshot.policy.levels
    on = [name for name in ("new_employers", "worst_fit") if getattr(levels, name)]
    return {
        name: compare(
            outcome, again(outcome, outcome.problem, levels=replace(levels, **{name: False}))
        )
        for name in on
    }


def worst_served(outcome: Outcome) -> tuple[str, int]:
    """The need whose fit is lowest, and that fit: the lowest score on its essential seats, or its
    best seat's score where every role is optional. Equal fits: the first need by id."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    if not len(chosen):
        return "", 0
    need, score = problem.pair_need[chosen], problem.pair_score[chosen]
    essential = problem.role_essential[problem.pair_role[chosen]]
    size = len(problem.need_group)
    lowest, highest = np.full(size, 10_001), np.zeros(size, dtype=np.int64)
    np.minimum.at(lowest, need[essential], score[essential])
    np.maximum.at(highest, need, score)
    fit = np.where(lowest <= 10_000, lowest, highest)
    fit[~outcome.solution.staffed] = 10_001
    worst = int(fit.argmin())
    return outcome.need_id(worst), int(fit[worst])


def envy(outcome: Outcome) -> tuple[Envy, ...]:
    """Everybody who would rather hold somebody else's seat, widest gap first."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    held = np.zeros(len(problem.person_capacity), dtype=np.int64)
    np.maximum.at(held, problem.pair_person[chosen], problem.pair_score[chosen])
    filled = np.zeros(len(problem.role_need), dtype=bool)
    filled[problem.pair_role[chosen]] = True
    gap = problem.pair_score - held[problem.pair_person]
    wanted = filled[problem.pair_role] & (gap > 0)
    wanted[chosen] = False
    pairs = np.flatnonzero(wanted)
    order = pairs[np.lexsort((pairs, -gap[pairs]))]
    _, first = np.unique(problem.pair_person[order], return_index=True)
    holders = _holders(outcome)
    return tuple(
        Envy(
            *outcome.pair_ids(pair),
            holders[int(problem.pair_role[pair])],
            int(problem.pair_score[pair]),
            int(held[problem.pair_person[pair]]),
        )
        for pair in order[np.sort(first)].tolist()
    )


def _holders(outcome: Outcome) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for pair in outcome.solution.pairs.tolist():
        role = int(outcome.problem.pair_role[pair])
        found.setdefault(role, []).append(outcome.pair_ids(pair)[0])
    return {role: tuple(sorted(people)) for role, people in found.items()}
