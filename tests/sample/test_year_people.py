"""People in the lived year: their records, papers and agreements, and what erasing leaves."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select

from matchmaker.models import Professional
from matchmaker.services import (
    accounts,
    demo_people,
    erasure,
    indicators,
    own_data,
    profile_pages,
    yearbook,
)
from matchmaker.services.actors import Actor
from tests.sample.lived import NOW, TODAY, TOKYO, YEARS, Books, moment
from tests.sample.recount import (
    counted_projects,
    day_of,
    reported_minutes,
)

pytestmark = pytest.mark.xdist_group("lived")


OFFICER = Actor(account_id=None, staff=frozenset({"city"}))


def test_nobody_was_ever_promised_twice(books: Books) -> None:
    projects = counted_projects(books)
    people = books.by_id("professional")
    ended = ("delivered", "evaluated", "followed_up", "not_used")
    held = Counter(
        row["professional_id"]
        for row in books.project_member
        if row["left_on"] is None
        and row["project_id"] in projects
        and projects[row["project_id"]]["state"] not in ended
    )
    assert held
    assert all(count <= people[person]["capacity"] for person, count in held.items())


def test_nobody_agreed_to_words_before_they_were_published(books: Books) -> None:
    published = {
        (row["purpose"], row["version"]): day_of(row["published_on"]) for row in books.consent_text
    }
    for row in books.consent:
        given = moment(row["given_at"]).date()
        assert given >= published[row["purpose"], row["text_version"]]
        assert row["withdrawn_at"] is None or row["withdrawn_at"] > row["given_at"]


def test_everybodys_own_record(city: Session, books: Books) -> None:
    projects = books.by_id("project")
    lines = 0
    for person in books.professional:
        if not person["account_id"]:
            continue
        actor = Actor(account_id=person["account_id"], professional_id=person["id"])
        found = profile_pages.home(city, actor=actor, today=TODAY)
        mine = [row for row in books.project_member if row["professional_id"] == person["id"]]
        behind = {
            row["project_id"] for row in mine
            if projects[row["project_id"]]["state"] in ("evaluated", "followed_up", "not_used")
        } | {
            row["project_id"] for row in mine
            if row["left_on"] and projects[row["project_id"]]["state"] != "cancelled"
            and not any(m["project_id"] == row["project_id"] and not m["left_on"] for m in mine)
        }  # fmt: skip
        assert {done.project.id for done in found.record} == behind
        for done in found.record:
            assert done.minutes == reported_minutes(
                books, project_id=done.project.id, professional_id=person["id"]
            )
            own = {row["id"] for row in mine if row["project_id"] == done.project.id}
            assert done.thanked == any(row["member_id"] in own for row in books.thanks)
        lines += len(found.record)
    assert lines > 50


def test_every_certificate(books: Books) -> None:
    members = books.by_id("project_member")
    assert len(books.certificate) > 20
    for paper in books.certificate:
        member = members[paper["member_id"]]
        for payer in ("own", "company"):
            assert paper[f"{payer}_minutes"] == sum(
                row["minutes"] for row in books.hours_entry
                if row["project_id"] == member["project_id"]
                and row["professional_id"] == paper["professional_id"]
                and row["payer"] == payer and row["confirmed_at"]
                and row["confirmed_at"] <= paper["created_at"]
            )  # fmt: skip


def test_what_somebody_takes_along_names_nobody_else(city: Session, books: Books) -> None:
    known = {row["name"] for row in (*books.account, *books.professional) if row["name"]}
    known |= {row["email"] for row in (*books.account, *books.professional) if row["email"]}
    for account in books.account:
        actor = accounts.actor_of(city, account_id=account["id"])
        taken = json.dumps(own_data.export(city, actor=actor, now=NOW), ensure_ascii=False)
        assert account["name"] in taken
        own = {account["name"], account["email"]}
        assert [one for one in known - own if one in taken] == [], account["name"]


def test_who_is_erased_leaves_every_count_as_it_is_and_no_name(
    city: Session, books: Books, path: Path
) -> None:
    busiest = Counter(
        row["professional_id"] for row in books.hours_entry
        if row["created_at"] > "2025-04-01"
    )  # fmt: skip
    running = {
        row["professional_id"]
        for row in books.project_member
        if not row["left_on"]
        and books.by_id("project")[row["project_id"]]["state"] in ("agreed", "in_progress")
    }
    waiting = {row["professional_id"] for row in books.proposal if row["state"] == "proposed"}
    person_id = next(
        person for person, _count in busiest.most_common() if person not in running | waiting
    )
    person = city.get_one(Professional, person_id)
    name, email = person.name, person.email
    actor = accounts.actor_of(city, account_id=str(person.account_id))
    before = reports(city)
    erasure.erase(city, actor=actor, now=NOW, password=demo_people.PASSWORD)
    city.commit()
    assert reports(city) == before
    rows = city.exec(select(func.count()).select_from(Professional)).one()
    assert rows == len(books.professional)
    city.connection().exec_driver_sql("SELECT 1")
    city.close()
    with sqlite3.connect(path) as connection:
        left = "\n".join(connection.iterdump())
    assert name not in left
    assert email not in left


def reports(session: Session) -> list[Any]:
    years = [yearbook.year(session, actor=OFFICER, fiscal_year=year, zone=TOKYO) for year in YEARS]
    series = indicators.series(session, on=TODAY)
    return [years, series.years, series.gross, series.distinct]
