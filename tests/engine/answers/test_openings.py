"""What would open a seat to somebody who waits: each against a whole new round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchmaker.engine import match
from matchmaker.engine.answers.openings import Openings, openings
from matchmaker.engine.files.columns import SLOTS
from matchmaker.engine.market import Market, Professional, ProfessionalSkill
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.reasons import Reason, reason
from matchmaker.errors import Refusal
from tests.engine.answers.rounds import small_round

ROUNDS = ((3, 9, 4), (7, 9, 5), (11, 10, 4), (13, 8, 6))
_EDITS: dict[str, Callable[[Professional, dict[str, str]], dict[str, Any]]] = {
    "offer_slot": lambda who, to: {"slots": (*who.slots, to["slot"])},
    "join_online": lambda who, to: {"modes": ("remote", "onsite")},
    "join_in_person": lambda who, to: {"modes": ("remote", "onsite")},
    "any_would_do": lambda who, to: {"any_project": True},
    "offer_hours": lambda who, to: {"hours_per_week": float(to["offers"])},
    "available_from": lambda who, to: {"available_from": date.fromisoformat(to["from"])},
    "available_until": lambda who, to: {"available_until": date.fromisoformat(to["until"])},
    "go_farther": lambda who, to: {"reach_km": float(to["km"])},
    "more_projects": lambda who, to: {"capacity": int(to["capacity"])},
}


def seats_then(outcome: Outcome, person: str, change: Reason) -> list[str]:
    """The roles the person has in a whole new round with the change carried out."""
    market = carried_out(outcome.snapshot.market, person, change)
    then = match(market, outcome.snapshot.policy).outcome
    pairs = [then.pair_ids(int(pair)) for pair in then.solution.pairs]
    return [role for who, role in pairs if who == person]


def carried_out(market: Market, person: str, change: Reason) -> Market:
    to = change.params
    if change.code == "check_profile":
        return replace(market, unverified=market.unverified - {person})
    if change.code == "learn_skill":
        kept = [
            row
            for row in market.professional_skills
            if (row.professional_id, row.skill) != (person, to["skill"])
        ]
        learnt = ProfessionalSkill(person, to["skill"], int(to["level"]))
        rows = sorted([*kept, learnt], key=lambda row: (row.professional_id, row.skill))
        return replace(market, professional_skills=tuple(rows))
    edit = _EDITS[change.code]
    people = [
        replace(row, **edit(row, to)) if row.id == person else row for row in market.professionals
    ]
    return replace(market, professionals=tuple(people))


@pytest.mark.parametrize("given", ROUNDS)
def test_each_opens_just_the_seat_it_names(given: tuple[int, int, int]) -> None:
    outcome = small_round(*given)
    found = Openings(outcome)
    told = [(who, each) for who in found.waiting() for each in found.of(who, most=9)]
    for who, change in told:
        assert change.params["role"] in seats_then(outcome, who, change)


def test_there_are_openings_of_many_kinds_to_be_proven() -> None:
    codes = set()
    for given in ROUNDS:
        found = Openings(small_round(*given))
        codes |= {each.code for who in found.waiting() for each in found.of(who, most=9)}
    assert len(codes) >= 4


@pytest.mark.parametrize("given", ROUNDS)
def test_no_slot_that_would_do_is_left_out(given: tuple[int, int, int]) -> None:
    outcome = small_round(*given)
    found = Openings(outcome)
    for who in found.waiting():
        offered = {row.id: row.slots for row in outcome.snapshot.market.professionals}[who]
        enough = [
            slot
            for slot in SLOTS
            if offered and slot not in offered
            and seats_then(outcome, who, reason("offer_slot", "-", slot))
        ]  # fmt: skip
        told = [each.params["slot"] for each in found.of(who, most=9) if each.code == "offer_slot"]
        assert told == enough[:1]


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        openings(small_round(*ROUNDS[0]), "nobody")
    assert refused.value.code == "unknown_person"
