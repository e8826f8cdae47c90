"""The generator invents the same city from the same seed, in any size, and only fiction."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from matchmaker.engine.files.tables import parse_tables
from matchmaker.sample import City, generate
from matchmaker.taxonomy import menus
from matchmaker.text import text_fault

JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
LAST_YEAR = 2025


@pytest.fixture(scope="module")
def city() -> City:
    return generate()


def column(city: City, table: str, name: str) -> list[str]:
    return [row[name] for row in city.tables[table]]


def test_the_default_city_has_the_size_of_the_first_customer(city):
    sizes = {name: len(rows) for name, rows in city.tables.items()}
    assert sizes["groups"] == 100
    assert sizes["needs"] == 30
    assert sizes["professionals"] == 80
    assert sizes["districts"] == 24


def test_one_city_from_one_seed_on_any_run(city):
    script = (
        "import hashlib; from matchmaker.sample import generate;"
        "print(hashlib.sha256(repr(generate()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_is_another_city(city):
    other = generate(seed=city.seed + 1)
    assert column(other, "professionals", "name") != column(city, "professionals", "name")


@pytest.mark.parametrize(
    "sizes",
    [
        {"groups": 0, "needs": 0, "professionals": 0, "employers": 0},
        {"groups": 1, "needs": 1, "professionals": 1, "employers": 1},
        {"groups": 5, "needs": 30, "professionals": 4, "employers": 7},
        {"groups": 400, "needs": 90, "professionals": 500, "employers": 120},
    ],
    ids=["empty", "one", "few", "many"],
)
def test_every_size_is_a_folder_that_an_import_would_take(sizes, tmp_path):
    city = generate(seed=3, **sizes)
    city.write(tmp_path)
    for name in ("groups", "needs", "professionals"):
        assert len(city.tables[name]) == sizes[name]
    assert len(city.past.employers()) == sizes["employers"]


def test_a_large_city_keeps_names_of_groups_apart():
    city = generate(groups=1500, needs=600, professionals=200)
    names = column(city, "groups", "name")
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("sizes", "named"),
    [
        ({"groups": -1}, "groups"),
        ({"professionals": -5}, "professionals"),
        ({"groups": 0, "needs": 3}, "groups"),
        ({"employers": 5000}, "employers"),
    ],
)
def test_a_size_that_cannot_be_is_refused_by_name(sizes, named):
    with pytest.raises(ValueError, match=named):
        generate(**sizes)


def test_addresses_and_numbers_can_belong_to_nobody(city):
    for email in column(city, "professionals", "email"):
        assert email.endswith("@people.example.jp")
    numbers = column(city, "companies", "corporate_number")
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert re.fullmatch("999[0-9]{10}", number)
        weights = [1, 2] * 6
        digits = [int(digit) for digit in reversed(number[1:])]
        assert int(number[0]) == 9 - sum(map(int.__mul__, digits, weights)) % 9


def test_people_have_readings_and_some_come_from_abroad(city):
    for row in city.tables["professionals"]:
        assert re.fullmatch(r"[\u3041-\u3096ー ]+", row["kana"]), row
    abroad = [row for row in city.tables["professionals"] if "・" in row["name"]]
    assert 2 <= len(abroad) <= 15
    names = column(city, "professionals", "name")
    assert len(set(names)) == len(names)
    assert max(map(len, names)) >= 15  # a page must hold a long name


def test_needs_are_told_once_each_and_stand_on_a_menu(city):
    titles = column(city, "needs", "title")
    assert len(set(titles)) == 30
    assert set(column(city, "needs", "menu")) <= {menu.code for menu in menus()}
    assert set(column(city, "needs", "urgency")) == {"urgent", "important", "ordinary"}
    assert set(column(city, "needs", "form")) == {"session", "day", "single", "team"}
    assert set(column(city, "needs", "mode")) == {"remote", "onsite", "hybrid"}


def test_every_id_has_its_longer_texts_in_both_languages(city):
    for table, texts in (
        ("needs", city.extra.needs),
        ("roles", city.extra.roles),
        ("groups", city.extra.groups),
        ("companies", city.extra.companies),
        ("professionals", city.extra.professionals),
    ):
        assert list(texts) == column(city, table, "id")
        for entry in texts.values():
            for name, text in entry.items():
                assert text
                assert text_fault(text) is None
                if name.endswith("_en"):
                    assert not JAPANESE.search(text)
                    assert f"{name[:-3]}_ja" in entry


def test_motives_suit_the_person(city):
    by_id = {row["id"]: row for row in city.tables["professionals"]}
    for person_id, texts in city.extra.professionals.items():
        if "日本に来て" in texts["about_ja"]:
            row = by_id[person_id]
            assert "・" in row["name"] or "zh" in row["languages"]
        if "転勤" in texts["about_ja"]:
            assert by_id[person_id]["company_id"]
        if "独立した" in texts["about_ja"]:
            assert not by_id[person_id]["company_id"]


def test_the_past_has_exactly_the_employers_asked_for(city):
    assert len(city.past.employers(until_fiscal_year=LAST_YEAR)) == 36
    assert city.past.gross_employers() == 45
    assert {project.fiscal_year for project in city.past.projects} == {2023, 2024, 2025}


def test_gross_counts_agree_whether_by_project_or_by_year(city):
    by_year = {
        (project.fiscal_year, member.company_id)
        for project in city.past.projects
        for member in project.members
        if member.company_id
    }
    by_project = [
        (project.id, member.company_id)
        for project in city.past.projects
        for member in project.members
        if member.company_id
    ]
    assert len(by_year) == len(by_project) == len(set(by_project)) == 45


def test_some_people_work_for_employers_that_never_took_part(city):
    newcomers = set(column(city, "companies", "id")) - city.past.employers()
    employed = Counter(column(city, "professionals", "company_id"))
    assert len(newcomers) >= 4
    assert sum(employed[company] for company in newcomers) >= 8
    assert employed[""] >= 8


def test_past_projects_lie_within_their_fiscal_year(city):
    for project in city.past.projects:
        first, last = date(project.fiscal_year, 4, 1), date(project.fiscal_year + 1, 3, 31)
        dates = [project.agreed_on, project.started_on, project.ended_on]
        assert dates == sorted(dates)
        assert first <= dates[0]
        assert dates[-1] <= last
        assert project.opened_on < project.agreed_on
        for member in project.members:
            assert all(project.started_on <= h.worked_on <= project.ended_on for h in member.hours)
            assert all(h.payer == "own" or member.company_id for h in member.hours)


def test_past_seats_hold_exactly_the_members(city):
    for project in city.past.projects:
        filled = Counter(member.role for member in project.members)
        assert {i: role.seats for i, role in enumerate(project.roles)} == dict(filled)
        assert len({member.person_id for member in project.members}) == len(project.members)


def test_people_of_the_past_are_known_or_introduced(city):
    present = set(column(city, "professionals", "id"))
    introduced = {person.id for person in city.past.people}
    took_part = {m.person_id for project in city.past.projects for m in project.members}
    assert not present & introduced
    assert introduced <= took_part <= present | introduced


def test_somebody_has_changed_the_employer_since(city):
    now = {row["id"]: row["company_id"] for row in city.tables["professionals"]}
    moved = [
        member
        for project in city.past.projects
        for member in project.members
        if member.company_id and now.get(member.person_id, member.company_id) != member.company_id
    ]
    assert moved


def test_history_tells_the_same_as_the_past(city):
    present = set(column(city, "professionals", "id"))
    past = {
        (member.person_id, project.group_id, project.ended_on.isoformat())
        for project in city.past.projects
        for member in project.members
        if member.person_id in present
    }
    told = {
        (row["professional_id"], row["group_id"], row["ended_on"]) for row in city.tables["history"]
    }
    assert told == past
    supported = {row["id"]: row["last_supported_on"] for row in city.tables["groups"]}
    for _, group, ended_on in past:
        assert supported[group] >= ended_on


def test_consents_are_given_by_most_but_not_by_all(city):
    given = {(consent.person_id, consent.company_id) for consent in city.consents}
    assert len(given) == len(city.consents)
    for project in city.past.projects:
        for member in project.members:
            assert not member.company_id or (member.person_id, member.company_id) in given
    employed = {
        (row["id"], row["company_id"]) for row in city.tables["professionals"] if row["company_id"]
    }
    assert employed - given
    assert any(consent.withdrawn_on for consent in city.consents)


def test_a_city_without_a_past():
    city = generate(past=False)
    assert city.past.projects == ()
    assert city.tables["history"] == []
    assert not any(column(city, "groups", "last_supported_on"))


def test_wishes_are_for_needs_whose_skills_the_person_has(city):
    raw = {name: list(enumerate(rows, start=2)) for name, rows in city.tables.items()}
    assert parse_tables(raw).rows["wishes"]
    ranks = Counter(column(city, "wishes", "rank"))
    assert ranks["1"] >= 30
    assert ranks["0"] >= 1
    assert not set(ranks) - {"0", "1", "2", "3", "4", "5"}
