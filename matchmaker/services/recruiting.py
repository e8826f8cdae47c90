"""Whom to look for, so that more needs of a round find a team: proven by solving again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session

from matchmaker.engine.answers.recruit import Profile, Recruiting, Unlocks, recruit
from matchmaker.engine.files.columns import SLOTS
from matchmaker.models import Round
from matchmaker.services import results, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, groups_of, names_for


@dataclass(frozen=True)
class Way:
    """Newcomers who differ in their meeting time alone; ``slots``: any of them, none: any time."""

    profile: Profile
    slots: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Needs of which one newcomer unlocks any one, and the ways such a newcomer can be."""

    needs: tuple[str, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Report:
    """``wanted``: what single newcomers unlock, profiles that unlock the same needs together.
    ``groups``: need → name of its group, for every need that is spoken of."""

    round: Round
    found: Recruiting
    wanted: tuple[Wanted, ...]
    names: Names
    groups: dict[str, str]


def report(session: Session, *, actor: Actor, round_id: str) -> Report:
    """Profiles of newcomers and the needs they unlock, alone and together. Refused:
    ``coordinators_only``, ``round_not_found``, ``round_not_computed``."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    found = results.ask(row, "recruit", recruit)
    needs = {need for each in found.alone for need in (*each.needs, *each.staffed)}
    needs |= {need for each in found.together for need in each.staffed}
    roles = {role for each in found.together for _profile, role in each.seats}
    names = names_for(session, needs=needs, roles=roles)
    return Report(row, found, grouped(found.alone), names, groups_of(session, needs))


def grouped(alone: Iterable[Unlocks]) -> tuple[Wanted, ...]:
    """Profiles that unlock the same needs under one head; those alike but for the meeting time as
    one. The order stays that of each group's first profile."""
    by_needs: dict[tuple[str, ...], dict[Profile, list[str]]] = {}
    for each in alone:
        ways = by_needs.setdefault(tuple(sorted(each.needs)), {})
        ways.setdefault(replace(each.profile, slot=""), []).append(each.profile.slot)
    return tuple(
        Wanted(needs, tuple(Way(like, _any_of(slots)) for like, slots in ways.items()))
        for needs, ways in by_needs.items()
    )


def _any_of(slots: list[str]) -> tuple[str, ...]:
    return () if "" in slots else tuple(sorted(slots, key=SLOTS.index))
