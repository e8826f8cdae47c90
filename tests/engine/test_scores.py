"""Features one by one, and contributions that add up to the score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matchmaker.engine import Policy, match
from matchmaker.engine.market import Past, ProfessionalSkill, RoleSkill, Wish
from matchmaker.engine.policy import DEFAULT_WEIGHTS, FEATURES
from matchmaker.engine.reasons import join_reasons, parse_reasons
from matchmaker.engine.scores import contributions, scores_of
from matchmaker.errors import Invalid
from tests.engine.markets import one_pair, random_market


def feature(name: str, policy: Policy | None = None, **changes: object) -> int:
    result = match(one_pair(**changes), policy or Policy())
    return result.explain("p1", "r1").features[name]


def skills(has: dict[str, int], *asked: tuple[str, int, float]) -> int:
    rows = {
        "professional_skills": tuple(ProfessionalSkill("p1", *each) for each in has.items()),
        "role_skills": tuple(RoleSkill("r1", s, level, False, w) for s, level, w in asked),
    }
    result = match(replace(one_pair(), **rows))
    return result.explain("p1", "r1").features["skills"]


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        ({}, [], 10_000),
        ({"accounting": 4}, [("accounting", 2, 1)], 10_000),
        ({"accounting": 1}, [("accounting", 3, 1)], 3_333),
        ({}, [("accounting", 1, 1)], 0),
        ({"bookkeeping": 3}, [("accounting", 3, 1)], 5_000),
        ({"bookkeeping": 1}, [("accounting", 2, 1)], 2_500),
        ({"bookkeeping": 4, "accounting": 1}, [("accounting", 4, 1)], 5_000),
        ({"leaflets": 4}, [("accounting", 1, 1)], 0),
        ({"money": 2}, [("accounting", 2, 1)], 5_000),
        ({"accounting": 2}, [("accounting", 2, 3), ("law", 1, 1)], 7_500),
        ({"accounting": 2}, [("accounting", 2, 0), ("law", 1, 1)], 0),
    ],
)
def test_skills_count_by_weight_level_and_neighbourhood(has, asked, expected) -> None:
    assert skills(has, *asked) == expected


@pytest.mark.parametrize(
    ("person", "need", "expected"),
    [
        ({}, {}, 10_000),
        ({"hours_per_week": 4.0}, {}, (6_666 + 10_000 + 10_000 + 1) // 3),
        ({"hours_per_week": None}, {}, (5_000 + 20_000 + 1) // 3),
        ({"available_from": date(2026, 11, 16)}, {}, (25_000 + 1) // 3),
        ({"available_until": date(2026, 11, 3)}, {}, 7_000),
        ({"available_from": date(2026, 11, 16)}, {"starts_on": None}, 10_000),
        ({}, {"slots": ("wed-eve", "sat-am")}, (25_000 + 1) // 3),
        ({"slots": ()}, {}, (25_000 + 1) // 3),
        ({"slots": ()}, {"slots": ()}, 10_000),
    ],
)
def test_time_is_the_mean_of_hours_dates_and_slots(person, need, expected) -> None:
    assert feature("time", person=person, need=need) == expected


@pytest.mark.parametrize(
    ("person", "mode", "expected"),
    [
        ({}, "onsite", 10_000),
        ({"district": "hill"}, "onsite", 10_000 - 10_000 * 92 // 400),
        ({"district": "hill", "reach_km": None}, "onsite", 10_000 - 10_000 * 92 // 400),
        ({"district": "hill", "reach_km": 9.2}, "onsite", 5_000),
        ({"district": "far", "reach_km": None}, "onsite", 0),
        ({"district": ""}, "onsite", 5_000),
        ({"district": "far"}, "remote", 10_000),
        ({"district": "far"}, "hybrid", 7_000),
        ({}, "hybrid", 10_000),
        ({"modes": ("remote",)}, "hybrid", 7_000),
    ],
)
def test_place(person, mode, expected) -> None:
    assert feature("place", person=person, need={"mode": mode}) == expected


@pytest.mark.parametrize(
    ("cares", "asked", "of_group", "expected"),
    [
        (("npo-03",), ("npo-03",), (), 10_000),
        (("npo-03",), ("npo-03", "npo-04"), (), 7_500),
        (("npo-01",), ("npo-03",), (), 0),
        ((), ("npo-03",), (), 5_000),
        (("npo-03",), (), (), 5_000),
        (("npo-03",), (), ("npo-03",), 10_000),
    ],
)
def test_interest(cares, asked, of_group, expected) -> None:
    changes = {"person": {"fields": cares}, "need": {"fields": asked}}
    assert feature("interest", **changes, group={"fields": of_group}) == expected


@pytest.mark.parametrize(
    ("rank", "any_project", "expected"),
    [
        (1, False, 10_000),
        (5, False, 6_000),
        (None, True, 4_000),
        (None, False, 0),
        (2, True, 9_000),
    ],
)
def test_wishes(rank, any_project, expected) -> None:
    wishes = (Wish("p1", "n1", rank),) if rank else ()
    person = {"any_project": any_project}
    assert feature("wishes", person=person, market={"wishes": wishes}) == expected


@pytest.mark.parametrize(
    ("mode", "ratings", "expected"),
    [
        ("new", [], 10_000),
        ("new", [5], 0),
        ("earlier", [], 0),
        ("earlier", [5], 10_000),
        ("earlier", [None], 10_000),
        ("earlier", [1], 0),
        ("earlier", [5, 3], 5_000),
    ],
)
def test_continuity_follows_the_policy_and_the_last_project(mode, ratings, expected) -> None:
    history = tuple(
        Past("p1", "g1", date(2025, 1 + at, 1), rating) for at, rating in enumerate(ratings)
    )
    policy = Policy(continuity=mode)
    assert feature("continuity", policy, market={"history": history}) == expected


def test_a_neutral_policy_leaves_continuity_out_of_the_mean() -> None:
    explained = match(one_pair(), Policy(continuity="neutral")).explain("p1", "r1")
    assert explained.contributions["continuity"] == 0
    assert explained.score == round(10_000 * 80 / 95)


@pytest.mark.parametrize("seed", range(15))
def test_contributions_add_up_to_every_score(seed: int) -> None:
    unusual = dict(zip(FEATURES, (7, 3, 0, 11, 13, 1), strict=True))
    weights = unusual if seed % 2 else DEFAULT_WEIGHTS
    result = match(random_market(seed, 12, 8), Policy(weights=weights, floor=1))
    people, roles = result.market.professionals, result.market.roles
    for person, role in zip(result.outcome.pairs.person, result.outcome.pairs.role, strict=True):
        row = result.explain(people[person].id, roles[role].id)
        assert sum(row.contributions.values()) == row.score
        exact = sum(weights[name] * row.features[name] for name in FEATURES)
        assert abs(row.score - exact / sum(weights.values())) <= 0.5
    for proposal in result.proposals:
        explained = result.explain(proposal.professional_id, proposal.role_id)
        assert explained.proposed
        assert (explained.score, explained.contributions) == (
            proposal.score,
            proposal.contributions,
        )


def test_missing_points_go_to_the_largest_remainders_and_never_to_nothing() -> None:
    rng = np.random.default_rng(1)
    stack = rng.integers(0, 10_001, (6, 2000)) * (rng.random((6, 2000)) < 0.7)
    weights = dict(zip(FEATURES, (40, 20, 10, 10, 15, 7), strict=True))
    parts = contributions(stack, weights)
    assert (parts.sum(axis=0) == scores_of(stack, weights)).all()
    exact = np.array(list(weights.values()))[:, None] * stack / 102
    assert (np.abs(parts - exact) < 1).all()
    assert (parts[stack == 0] == 0).all()


def test_reasons_can_be_read_back() -> None:
    for seed in range(10):
        for row in match(random_market(seed, 12, 8), Policy(floor=1)).proposals:
            assert parse_reasons(join_reasons(row.reasons)) == row.reasons


def test_a_proposal_says_what_fits_and_what_is_missing() -> None:
    market = one_pair(
        person={"hours_per_week": 4.0, "any_project": True, "district": "hill"},
        need={"slots": ("wed-eve", "sat-am"), "languages": ("ja",)},
        asked={"skill": "bookkeeping", "essential": False},
        market={"history": (Past("p1", "g1", date(2025, 1, 1)),)},
    )
    (row,) = match(market).proposals
    strengths = "language:ja;slot:wed-eve;near:9.2;field:npo-03;any_project"
    gaps = "skill_near:bookkeeping=accounting/3;hours_tight:4=4;slots_few:1=2;worked_before"
    assert (join_reasons(row.strengths), join_reasons(row.gaps)) == (strengths, gaps)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"weights": {"skills": -1}}, "weights.skills"),
        ({"weights": {"looks": 1}}, "weights"),
        ({"weights": dict.fromkeys(FEATURES, 0)}, "weights"),
        ({"weights": {"skills": 1.5}}, "weights.skills"),
        ({"floor": 0}, "floor"),
        ({"floor": True}, "floor"),
        ({"seed": "x"}, "seed"),
        ({"max_new_projects": -1}, "max_new_projects"),
        ({"continuity": "never"}, "continuity"),
        ({"levels": {"groups": 1}}, "levels"),
        ({"pins": [["p1"]]}, "pins"),
        ({"pins": [["p1", "r1"]], "bans": [["p1", "r1"]]}, "bans"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"colour": "red"}, "colour"),
        ([], "policy"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_field(data, field) -> None:
    with pytest.raises(Invalid) as refused:
        Policy.from_json(data)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_policy_survives_json() -> None:
    policy = Policy(
        weights={**DEFAULT_WEIGHTS, "place": 0},
        floor=10,
        seed=9,
        max_new_projects=3,
        continuity="earlier",
        pins=(("p2", "r1"), ("p1", "r2")),
        bans=(("p3", "r1"),),
        as_of=date(2026, 11, 1),
    )
    assert Policy.from_json(policy.to_json()) == policy
    assert Policy.from_json({}) == Policy()
