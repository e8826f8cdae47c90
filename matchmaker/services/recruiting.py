"""Whom to look for, so that more needs of a round find a team: proven by solving again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from matchmaker.engine.answers.recruit import Recruiting, recruit
from matchmaker.models import Round
from matchmaker.services import results, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, groups_of, names_for


@dataclass(frozen=True)
class Report:
    """``groups``: need → name of its group, for every need that is spoken of."""

    round: Round
    found: Recruiting
    names: Names
    groups: dict[str, str]


def report(session: Session, *, actor: Actor, round_id: str) -> Report:
    """Profiles of newcomers and the needs they unlock, alone and together. Refused:
    ``coordinators_only``, ``round_not_found``, ``round_not_computed``."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    found = recruit(results.result_of(row).outcome)
    needs = {need for each in found.alone for need in (*each.needs, *each.staffed)}
    needs |= {need for each in found.together for need in each.staffed}
    roles = {role for each in found.together for _profile, role in each.seats}
    names = names_for(session, needs=needs, roles=roles)
    return Report(row, found, names, groups_of(session, needs))
