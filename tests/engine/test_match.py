"""What a coordinator gets from a round: proposals, open needs with a way out, who waits and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matchmaker.engine import Market, Policy, Result, match
from matchmaker.engine.market import (
    Group,
    Need,
    Professional,
    ProfessionalSkill,
    Role,
    RoleSkill,
    Wish,
)
from matchmaker.engine.reasons import CATALOGUE, CHANGE, UNSTAFFED, join_reasons
from matchmaker.engine.solution import Levels
from matchmaker.errors import Refusal
from tests.engine.changed import carried_out
from tests.engine.markets import SKILLS, one_pair, random_market
from tests.engine.oracle import best_by_trying, objective

LOW = Policy(floor=1)


def plain(people: int, *needs: tuple[str, int], **rows: object) -> Market:
    """People p1, p2, … who fit everything, and needs given as (urgency, seats)."""
    return Market(
        skills=SKILLS,
        professionals=tuple(Professional(f"p{at + 1}", "人") for at in range(people)),
        groups=tuple(Group(f"g{at + 1}", "会") for at in range(len(needs))),
        needs=tuple(
            Need(f"n{at + 1}", f"g{at + 1}", "題", urgency=urgency)
            for at, (urgency, _) in enumerate(needs)
        ),
        roles=tuple(
            Role(f"r{at + 1}", f"n{at + 1}", "役", seats=seats)
            for at, (_, seats) in enumerate(needs)
        ),
        **rows,
    )


def open_need(result: Result, need: str = "n1") -> tuple[str, str, str]:
    row = next(row for row in result.unstaffed if row.need_id == need)
    return row.role_id, join_reasons(row.reasons), str(row.change or "")


def waiting(result: Result, person: str) -> str:
    return join_reasons(next(r.reasons for r in result.waiting if r.professional_id == person))


@pytest.mark.parametrize("seed", range(24))
def test_every_level_equals_trying_all_staffings(seed: int) -> None:
    market = random_market(seed, 5, 3)
    result = match(market, replace(LOW, max_new_projects=2 if seed % 3 == 0 else None))
    best = best_by_trying(result.outcome.problem, Levels())
    found = {**result.levels, **result.ties}
    assert {name: found[name] for name in objective(Levels())} == {
        name: best[name] for name in objective(Levels())
    }
    assert result.proof.proven
    assert not result.check().violations
    assert list(result.levels) == [
        "groups_served",
        "needs_staffed",
        "urgent_staffed",
        "important_staffed",
        "ordinary_staffed",
        "seats_filled",
        "total_score",
    ]


@pytest.mark.parametrize("seed", range(15))
def test_why_not_is_the_exact_difference_to_the_best_round_with_the_pair(seed: int) -> None:
    market = random_market(seed, 5, 3)
    result = match(market, LOW)
    for at in range(min(len(result.outcome.pairs.score), 4)):
        pair = result.outcome.pair_ids(at)
        answer = result.why_not(*pair)
        forced = match(market, replace(LOW, pins=(pair,))) if answer.possible else None
        if forced is None:
            assert answer.clashing_pins == (pair,)
            continue
        best = best_by_trying(forced.outcome.problem, Levels())
        now = {**result.levels, **result.ties}
        for name in objective(Levels()):
            assert answer.loss[name] == now[name] - best[name]
        seats = {(row.professional_id, row.role_id) for row in result.proposals}
        after = {(row.professional_id, row.role_id) for row in forced.proposals}
        assert (set(answer.gained), set(answer.lost)) == (after - seats, seats - after)
        first = next((name for name in objective(Levels()) if answer.loss[name]), None)
        assert answer.decided_by == first
        assert first is None or answer.loss[first] > 0


def test_why_not_gives_the_refusals_of_a_refused_pair() -> None:
    answer = match(one_pair(has={"level": 1})).why_not("p1", "r1")
    assert (answer.possible, join_reasons(answer.refusals)) == (
        False,
        "skill_missing:accounting=2/1",
    )


def test_why_not_of_a_pair_below_the_floor_shows_what_forcing_it_would_do() -> None:
    answer = match(one_pair(), Policy(floor=9000)).why_not("p1", "r1")
    assert join_reasons(answer.refusals) == "below_floor:8500=9000"
    assert (answer.possible, answer.gained, answer.staffed) == (True, (("p1", "r1"),), ("n1",))
    assert answer.loss["groups_served"] == -1


def test_without_shows_who_would_step_in() -> None:
    result = match(plain(2, ("ordinary", 1)))
    (row,) = result.proposals
    other = {"p1": "p2", "p2": "p1"}[row.professional_id]
    answer = result.without(row.professional_id, "r1")
    assert (answer.gained, answer.lost) == (((other, "r1"),), ((row.professional_id, "r1"),))
    assert answer.decided_by == "tie_hash"


def test_what_if_compares_with_another_policy() -> None:
    result = match(plain(2, ("urgent", 1), ("ordinary", 1)))
    answer = result.what_if(Policy(max_new_projects=1))
    assert (answer.unstaffed, answer.loss["needs_staffed"]) == (("n2",), 1)


def test_a_skill_nobody_has_never_vanishes() -> None:
    market = one_pair(asked={"skill": "law", "min_level": 3})
    result = match(market)
    assert result.levels["needs_staffed"] == 0
    role, reasons, change = open_need(result)
    assert (role, reasons) == ("r1", "nobody_has:law=3/0;too_few:r1=0/1")
    assert change == "make_preferred:r1=law"


def test_skills_that_nobody_has_together() -> None:
    asked = (
        RoleSkill("r1", "accounting", 1, True),
        RoleSkill("r1", "law", 1, True),
    )
    has = (ProfessionalSkill("p1", "accounting", 1), ProfessionalSkill("p2", "law", 1))
    market = plain(2, ("ordinary", 1), role_skills=asked, professional_skills=has)
    assert open_need(match(market))[1] == "nobody_has_all:accounting.1+law.1;too_few:r1=0/1"


CHANGES = [
    ({"person": {"slots": ("sat-am",)}}, "refused:no_common_slot=1", "add_slot:n1=sat-am"),
    ({"person": {"hours_per_week": 2.5}}, "refused:hours_short=1", "ask_fewer_hours:r1=2/2"),
    (
        {"person": {"available_from": date(2026, 12, 10)}},
        "refused:dates_apart=1",
        "move_dates:n1=2026-11-01/2026-12-10/10",
    ),
    ({"person": {"modes": ("remote",)}}, "refused:out_of_reach=1", "allow_remote:n1"),
    (
        {"person": {"modes": ("onsite",)}, "need": {"mode": "remote"}},
        "refused:out_of_reach=1",
        "allow_onsite:n1",
    ),
    ({"has": {"level": 1}}, "nobody_has:accounting=2/1", "lower_level:r1=accounting/1"),
    ({"need": {"languages": ("en",)}}, "refused:language_missing=1", "drop_language:n1=en"),
    ({"role": {"seats": 2}}, "too_few:r1=1/2", "one_seat_less:r1=1"),
    ({"person": {"capacity": 0}}, "refused:capacity_used=1", "recruit:r1=1/accounting.2"),
]


@pytest.mark.parametrize(("changes", "why", "change"), CHANGES)
def test_the_smallest_change_that_would_help(changes, why, change) -> None:
    market = one_pair(**changes)
    result = match(market)
    _, reasons, smallest = open_need(result)
    assert why in reasons.split(";")
    assert smallest == change
    after = match(*carried_out(market, Policy(), result.unstaffed[0].change))
    assert after.levels["needs_staffed"] == 1


def test_a_need_whose_only_fault_is_the_floor() -> None:
    result = match(one_pair(), Policy(floor=9000))
    _, reasons, change = open_need(result)
    assert reasons == "too_few:r1=0/1;refused:below_floor=1"
    assert change == "lower_floor:8500"


def test_a_team_that_needs_the_same_person_twice() -> None:
    market = plain(1, ("ordinary", 1))
    market = replace(market, roles=(*market.roles, Role("r9", "n1", "役")))
    role, reasons, change = open_need(match(market))
    assert (role, reasons) == ("r9", "team_clash:r9")
    assert change == "make_optional:r1"


def test_people_who_are_needed_elsewhere_and_the_limit() -> None:
    result = match(plain(1, ("urgent", 1), ("ordinary", 1)))
    assert open_need(result, "n2") == ("r2", "needed_elsewhere:n1", "recruit:r2=1/")
    limited = match(plain(2, ("urgent", 1), ("ordinary", 1)), Policy(max_new_projects=1))
    assert open_need(limited, "n2") == ("r2", "limit_reached:1", "raise_limit:2")


def test_a_need_without_roles_is_reported() -> None:
    market = replace(plain(1, ("ordinary", 1)), roles=())
    assert open_need(match(market)) == ("", "no_roles", "add_role:n1")


@pytest.mark.parametrize("seed", range(24))
def test_every_proposed_change_gets_its_need_staffed(seed: int) -> None:
    market = random_market(seed, 8, 5)
    policy = replace(LOW, max_new_projects=2 if seed % 10 == 0 else None)
    result = match(market, policy)
    for row in result.unstaffed:
        assert all(CATALOGUE[each.code].kind == UNSTAFFED for each in row.reasons)
        assert row.reasons
        for change in result.changes(row.need_id, most=4):
            assert CATALOGUE[change.code].kind == CHANGE
            if change.code in ("add_role", "lower_floor"):
                continue
            after = match(*carried_out(market, policy, change))
            assert row.need_id in {proposal.need_id for proposal in after.proposals}


def test_who_waits_learns_why() -> None:
    market = plain(
        4,
        ("urgent", 1),
        ("ordinary", 2),
        wishes=(Wish("p1", "n1", 1), Wish("p2", "n1", 2), Wish("p4", "n1", 0), Wish("p4", "n2", 0)),
    )
    tall = replace(market, roles=(market.roles[0], replace(market.roles[1], seats=5)))
    result = match(replace(tall, unverified=frozenset({"p3"})))
    assert [row.professional_id for row in result.proposals] == ["p1"]
    best, second = (result.explain(person, "r1").score for person in ("p1", "p2"))
    assert waiting(result, "p2") == f"seat_taken:r1=p1/{best}/{second};need_unstaffed:n2"
    assert waiting(result, "p3") == "not_verified"
    assert waiting(result, "p4") == "no_allowed_pair;nearest:r1=wish_zero;nearest:r2=wish_zero"


def test_a_lost_tie_and_a_pinned_seat_are_named() -> None:
    market = plain(2, ("urgent", 1))
    result = match(market)
    (row,) = result.proposals
    loser = "p1" if row.professional_id == "p2" else "p2"
    tie = f"r1={row.professional_id}/{row.score}/{row.score}"
    assert waiting(result, loser) == f"tie_lost:{tie}"
    pinned = match(market, Policy(pins=((loser, "r1"),)))
    assert [each.professional_id for each in pinned.proposals] == [loser]
    assert waiting(pinned, row.professional_id).startswith(f"seat_pinned:r1={loser}/")


def test_the_longest_waiting_person_wins_a_tie() -> None:
    for longest in ("p1", "p2"):
        people = tuple(
            Professional(each, "人", waiting_since=date(2026, 1 if each == longest else 5, 1))
            for each in ("p1", "p2")
        )
        market = replace(plain(0, ("ordinary", 1)), professionals=people)
        for seed in range(4):
            (row,) = match(market, Policy(seed=seed)).proposals
            assert row.professional_id == longest


def test_empty_markets_have_empty_results() -> None:
    for market in (Market(), plain(2), plain(0, ("urgent", 1))):
        result = match(market)
        assert (result.proposals, result.levels["seats_filled"]) == ((), 0)
        assert not result.check().violations
    assert waiting(match(plain(1)), "p1") == "no_needs"


@pytest.mark.parametrize(
    ("pins", "code"),
    [
        ((("p9", "r1"),), "pin_unknown"),
        ((("p1", "r1"), ("p2", "r1")), "pins_impossible"),
        ((("p3", "r1"),), "pin_refused"),
    ],
)
def test_a_pin_that_cannot_hold_is_refused_by_name(pins, code) -> None:
    market = plain(3, ("urgent", 1), wishes=(Wish("p3", "n1", 0),))
    with pytest.raises(Refusal) as refused:
        match(market, Policy(pins=pins))
    assert refused.value.code == code
    named = str(refused.value.params)
    assert all(person in named for person, _ in pins)


def test_rows_read_like_tables() -> None:
    (row,) = match(one_pair()).proposals
    assert dict(row)["professional_id"] == row["professional_id"] == row.professional_id == "p1"
    with pytest.raises(KeyError):
        row["name"]
    with pytest.raises(Refusal):
        match(one_pair()).explain("p1", "nothing")
