"""How fair a computed round is, and what each rule of fairness cost whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.answers.fair import Fairness, fairness
from matchmaker.engine.policy import Policy
from matchmaker.models import Round
from matchmaker.services import results, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, groups_of, names_for


@dataclass(frozen=True)
class Report:
    """``without``: level of fairness that is on → what the round would be like without it.
    ``groups``: need → name of its group, for every need a price speaks of."""

    round: Round
    found: Fairness
    without: dict[str, Difference]
    names: Names
    groups: dict[str, str]


def report(session: Session, *, actor: Actor, round_id: str) -> Report:
    """Who is served, and each price by solving again. Refused: ``coordinators_only``,
    ``round_not_found``, ``round_not_computed``."""
    row = rounds.find_computed(session, actor=actor, round_id=round_id)
    result = results.result_of(row)
    found = fairness(result.outcome)
    without = {
        name: result.what_if(_without(result.policy, name))
        for name in ("new_employers", "worst_fit")
        if getattr(result.policy.levels, name)
    }
    prices = [each.price for each in found.served if each.price]
    told = [*prices, *without.values(), found.raising]
    names = _names(session, found, told)
    return Report(row, found, without, names, groups_of(session, names.needs))


def _without(policy: Policy, level: str) -> Policy:
    return replace(policy, levels=replace(policy.levels, **{level: False}))


def _names(session: Session, found: Fairness, told: Iterable[Difference]) -> Names:
    told = list(told)
    pairs = [pair for each in told for pair in (*each.gained, *each.lost)]
    return names_for(
        session,
        people={person for person, _role in pairs},
        roles={role for _person, role in pairs},
        needs={found.worst_need, *(need for each in told for need in each.staffed + each.unstaffed)}
        - {""},
    )
