"""The folders of sample_data are what their READMEs say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchmaker.engine import Market, Policy, match
from matchmaker.engine.files.folder import read_folder, write_folder
from matchmaker.sample import generate

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def small():
    return match(Market.read(SAMPLES / "small"), Policy())


@pytest.fixture(scope="module")
def city():
    return match(Market.read(SAMPLES / "city"), Policy())


def seats(result):
    return {proposal.role_id: proposal.professional_id for proposal in result.proposals}


def test_writing_the_city_again_gives_the_same_bytes(tmp_path):
    generate().write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stored = {path.name: path.read_bytes() for path in (SAMPLES / "city").iterdir()}
    assert written == stored


@pytest.mark.parametrize("name", ["small", "city"])
def test_reading_and_writing_a_sample_changes_nothing(name, tmp_path):
    write_folder(read_folder(SAMPLES / name), tmp_path)
    for path in (SAMPLES / name).glob("*.csv"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_small_round_staffs_five_of_six_needs(small):
    assert small.levels["groups_served"] == 5
    assert small.levels["needs_staffed"] == 5
    assert small.levels["seats_filled"] == 7
    assert [need.need_id for need in small.unstaffed] == ["n6"]
    expected = {"r1": "p01", "r2": "p10", "r3": "p08", "r4": "p03", "r5": "p04", "r6": "p07"}
    assert seats(small) == {**expected, "r8": "p06"}


@pytest.mark.parametrize(
    ("person", "role", "code"),
    [
        ("p01", "r2", "skill_missing"),
        ("p06", "r1", "skill_missing"),
        ("p03", "r5", "hours_short"),
        ("p05", "r5", "dates_apart"),
        ("p06", "r4", "no_common_slot"),
        ("p01", "r4", "out_of_reach"),
        ("p08", "r7", "out_of_reach"),
        ("p03", "r5", "out_of_reach"),
        ("p01", "r6", "language_missing"),
        ("p05", "r5", "conflict"),
        ("p03", "r5", "wish_zero"),
        ("p09", "r7", "capacity_used"),
        ("p01", "r4", "below_floor"),
    ],
)
def test_the_small_market_shows_every_refusal(small, person, role, code):
    assert code in [reason.code for reason in small.explain(person, role).refusals]


def test_the_tie_rule_prefers_who_waited_longer(small):
    twins = {pid: small.explain(pid, "r2").score for pid in ("p02", "p10")}
    assert len(set(twins.values())) == 1
    waiting = {person.professional_id: person.reasons[0].code for person in small.waiting}
    assert waiting["p02"] == "tie_lost"


def test_the_small_policy_pins_and_bans():
    policy = Policy.from_json(json.loads((SAMPLES / "small" / "policy.json").read_text("utf-8")))
    result = match(Market.read(SAMPLES / "small"), policy)
    assert seats(result)["r2"] == "p02"
    assert "r3" not in seats(result)
    assert "banned" in [reason.code for reason in result.explain("p08", "r3").refusals]


def test_the_city_round_serves_most_but_not_all(city):
    assert city.levels["groups_served"] == 21
    assert city.levels["needs_staffed"] == 23
    assert 45 <= len({proposal.professional_id for proposal in city.proposals}) <= 55


def test_needs_of_the_city_stay_open_for_different_reasons(city):
    told = {
        reason.values[0] if reason.code == "refused" else reason.code
        for need in city.unstaffed
        for reason in need.reasons
    }
    assert told >= {
        "nobody_has",
        "hours_short",
        "dates_apart",
        "no_common_slot",
        "out_of_reach",
        "needed_elsewhere",
    }
    assert all(need.change for need in city.unstaffed)


def test_the_city_round_can_raise_the_number_of_employers(city):
    sample = generate()
    employer = {row["id"]: row["company_id"] for row in sample.tables["professionals"]}
    placed = {employer[proposal.professional_id] for proposal in city.proposals} - {""}
    assert len(placed - sample.past.employers()) == 7
