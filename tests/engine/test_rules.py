"""Each rule refuses what it should, with its parameters, and every rule that applies speaks."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.engine import Market, Policy, match
from matchmaker.engine.market import Conflict, Wish
from matchmaker.engine.reasons import CATALOGUE, REFUSAL, REFUSAL_CODES, join_reasons
from matchmaker.engine.rules import allowed, candidates, refusals
from matchmaker.engine.snapshot import take
from tests.engine.markets import one_pair, random_market


def refused(market: Market, policy: Policy | None = None) -> str:
    return join_reasons(refusals(take(market, policy or Policy()), 0, 0))


def changed(**changes: object) -> str:
    return refused(one_pair(**changes))


def test_the_pair_of_these_tests_is_allowed() -> None:
    assert changed() == ""


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        ({"level": 2}, ""),
        ({"level": 1}, "skill_missing:accounting=2/1"),
        ({"skill": "bookkeeping", "level": 4}, "skill_missing:accounting=2/0"),
    ],
)
def test_an_essential_skill_must_be_there_itself_at_its_level(has, expected) -> None:
    assert changed(has=has) == expected


def test_a_preferred_skill_refuses_nobody() -> None:
    assert changed(has={"skill": "law"}, asked={"essential": False}) == ""


@pytest.mark.parametrize(
    ("offers", "need_asks", "role_asks", "expected"),
    [
        (4.0, 4.0, None, ""),
        (3.5, 4.0, None, "hours_short:4=3.5"),
        (3.5, 4.0, 3.5, ""),
        (3.5, 2.0, 4.0, "hours_short:4=3.5"),
        (None, 40.0, None, ""),
        (0.0, None, None, ""),
    ],
)
def test_hours_are_the_roles_own_or_else_the_needs(offers, need_asks, role_asks, expected) -> None:
    person, need = {"hours_per_week": offers}, {"hours_per_week": need_asks}
    assert changed(person=person, need=need, role={"hours_per_week": role_asks}) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 30), None, ""),
        (date(2026, 12, 1), None, "dates_apart:2026-11-01=2026-11-30/2026-12-01/-"),
        (None, date(2026, 11, 1), ""),
        (None, date(2026, 10, 31), "dates_apart:2026-11-01=2026-11-30/-/2026-10-31"),
    ],
)
def test_two_windows_need_one_day_in_common(first, last, expected) -> None:
    assert changed(person={"available_from": first, "available_until": last}) == expected


@pytest.mark.parametrize(
    ("offered", "asked", "expected"),
    [
        (("mon-am", "wed-eve"), ("wed-eve", "sat-am"), ""),
        (("mon-am",), ("wed-eve", "sat-am"), "no_common_slot:wed-eve+sat-am=mon-am"),
        ((), ("wed-eve",), ""),
        (("mon-am",), (), ""),
    ],
)
def test_slots_count_only_when_both_named_some(offered, asked, expected) -> None:
    assert changed(person={"slots": offered}, need={"slots": asked}) == expected


@pytest.mark.parametrize(
    ("modes", "mode", "district", "reach", "expected"),
    [
        (("remote",), "onsite", "harbour", 20.0, "out_of_reach:remote_only=0/20"),
        (("remote",), "hybrid", "far", 1.0, ""),
        (("remote",), "remote", "far", 1.0, ""),
        (("onsite",), "remote", "harbour", 20.0, "out_of_reach:onsite_only=0/20"),
        (("onsite",), "hybrid", "far", 20.0, "out_of_reach:distance=55.7/20"),
        (("onsite",), "onsite", "hill", 20.0, ""),
        (("onsite",), "onsite", "hill", 5.0, "out_of_reach:distance=9.2/5"),
        (("onsite",), "onsite", "far", None, ""),
        (("onsite",), "onsite", "", 1.0, ""),
        ((), "onsite", "hill", 20.0, ""),
        ((), "remote", "hill", 20.0, ""),
    ],
)
def test_reach(modes, mode, district, reach, expected) -> None:
    person = {"modes": modes, "district": district, "reach_km": reach}
    assert changed(person=person, need={"mode": mode}) == expected


def test_a_need_without_a_district_meets_where_its_group_is() -> None:
    person = {"modes": ("onsite",), "reach_km": 5.0}
    group = {"district": "hill"}
    assert changed(person=person, need={"district": ""}, group=group).startswith("out_of_reach")


@pytest.mark.parametrize(
    ("speaks", "requires", "expected"),
    [
        (("ja",), ("ja",), ""),
        ((), ("ja",), ""),
        (("ja",), ("en", "pt"), "language_missing:en;language_missing:pt"),
        (("en",), ("en", "ja"), "language_missing:ja"),
        (("en",), (), ""),
    ],
)
def test_all_languages_of_the_need_are_required(speaks, requires, expected) -> None:
    assert changed(person={"languages": speaks}, need={"languages": requires}) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"conflicts": (Conflict("p1", "g1"),)}, "conflict:g1"),
        ({"declined": frozenset({("p1", "n1")})}, "declined_before"),
        ({"wishes": (Wish("p1", "n1", 0),)}, "wish_zero"),
        ({"wishes": (Wish("p1", "n1", 1),)}, ""),
        ({"unverified": frozenset({"p1"})}, "not_verified"),
    ],
)
def test_what_people_said_before_counts(extra, expected) -> None:
    assert changed(market=extra) == expected


def test_capacity_used_and_bans() -> None:
    assert changed(person={"capacity": 0}) == "capacity_used:0"
    assert refused(one_pair(), Policy(bans=(("p1", "r1"),))) == "banned"


def test_every_rule_that_applies_is_named_not_just_the_first() -> None:
    market = one_pair(
        person={
            "modes": ("remote",),
            "hours_per_week": 1.0,
            "available_from": date(2027, 1, 1),
            "slots": ("mon-am",),
            "languages": ("en",),
            "capacity": 0,
        },
        has={"level": 1},
        need={"languages": ("ja",)},
        market={
            "conflicts": (Conflict("p1", "g1"),),
            "wishes": (Wish("p1", "n1", 0),),
            "declined": frozenset({("p1", "n1")}),
            "unverified": frozenset({"p1"}),
        },
    )
    found = refusals(take(market, Policy(bans=(("p1", "r1"),))), 0, 0)
    assert [each.code for each in found] == [c for c in REFUSAL_CODES if c != "below_floor"]


def test_the_floor_is_a_rule_and_a_pin_outweighs_it() -> None:
    market = one_pair()
    high = Policy(floor=9000)
    assert match(market, high).levels["seats_filled"] == 0
    explained = match(market, high).explain("p1", "r1")
    assert join_reasons(explained.refusals) == "below_floor:8500=9000"
    pinned = match(market, Policy(floor=9000, pins=(("p1", "r1"),)))
    assert pinned.levels["total_score"] == 8500


@pytest.mark.parametrize("seed", range(20))
def test_the_index_on_skills_loses_no_allowed_pair(seed: int) -> None:
    snapshot = take(random_market(seed), Policy())
    person, role = candidates(snapshot)
    kept = set(zip(person.tolist(), role.tolist(), strict=True))
    mask = allowed(snapshot, person, role)
    by_index = {
        pair for pair, fine in zip(zip(person, role, strict=True), mask, strict=True) if fine
    }
    one_by_one = {
        (p, r)
        for p in range(len(snapshot.person_at))
        for r in range(len(snapshot.role_at))
        if not refusals(snapshot, p, r)
    }
    assert one_by_one == by_index
    assert one_by_one <= kept


def test_every_refusal_is_in_the_catalogue() -> None:
    assert set(REFUSAL_CODES) == {c for c, spec in CATALOGUE.items() if spec.kind == REFUSAL}
