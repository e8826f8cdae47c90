"""What companies read of the lived year, counted a second time from plain rows."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account
from matchmaker.services import (
    accounts,
    company_reports,
    demo_people,
    participation,
)
from matchmaker.services.actors import Actor
from tests.sample.lived import TODAY, YEARS, Books, signed_in
from tests.sample.recount import (
    counted_projects,
    day_of,
    reported_minutes,
    there,
)

pytestmark = pytest.mark.xdist_group("lived")


def test_every_companys_report(city: Session, books: Books) -> None:
    projects = counted_projects(books)
    groups, people = books.by_id("civic_group"), books.by_id("professional")
    told = withheld = 0
    for company in books.company:
        officer = Actor(account_id=None, company_ids=frozenset({company["id"]}))
        may_see = {
            row["professional_id"] for row in books.consent
            if row["company_id"] == company["id"] and row["purpose"] == "employer_report"
            and not row["withdrawn_at"]
            and (not row["expires_on"] or day_of(row["expires_on"]) >= TODAY)
        }  # fmt: skip
        for year in YEARS:
            found = participation.company_year(
                city, actor=officer, company_id=company["id"], year=year, today=TODAY
            )
            mine = [
                row for row in books.project_member
                if row["company_id"] == company["id"] and row["project_id"] in projects
                and there(row, projects[row["project_id"]], year)
            ]  # fmt: skip
            seen = [row for row in mine if row["professional_id"] in may_see]
            others = {row["professional_id"] for row in mine} - may_see
            assert found.people == len({row["professional_id"] for row in seen})
            assert found.projects == len({row["project_id"] for row in seen})
            assert found.groups == len({projects[row["project_id"]]["group_id"] for row in seen})
            assert found.others == (None if 0 < len(others) < 5 else len(others))
            for payer in ("own", "company"):
                minutes = sum(
                    reported_minutes(
                        books, project_id=row["project_id"], payer=payer, year=year,
                        professional_id=row["professional_id"],
                    )
                    for row in seen
                )  # fmt: skip
                assert getattr(found, f"{payer}_minutes") == minutes
            assert sorted(
                (part.professional_name, part.project_title, part.group_name)
                for part in found.parts
            ) == sorted(
                (
                    people[row["professional_id"]]["name"],
                    projects[row["project_id"]]["title"],
                    groups[projects[row["project_id"]]["group_id"]]["name"],
                )
                for row in seen
            )
            told += len(found.parts)
            withheld += found.others is None
    assert told > 30
    assert withheld > 2


def test_every_companys_results_and_quotes(city: Session, books: Books) -> None:
    projects, members = counted_projects(books), books.by_id("project_member")
    finished = ("delivered", "evaluated", "followed_up", "not_used")
    told = quoted = 0
    for company in books.company:
        officer = Actor(account_id=None, company_ids=frozenset({company["id"]}))
        may_see = {
            row["professional_id"] for row in books.consent
            if row["company_id"] == company["id"] and not row["withdrawn_at"]
            and (not row["expires_on"] or day_of(row["expires_on"]) >= TODAY)
        }  # fmt: skip
        mine = [
            row for row in books.project_member
            if row["company_id"] == company["id"] and row["professional_id"] in may_see
            and row["project_id"] in projects
        ]  # fmt: skip
        found = company_reports.report(
            city, actor=officer, company_id=company["id"], year=2025, today=TODAY
        )
        of_year = {
            row["project_id"] for row in mine if there(row, projects[row["project_id"]], 2025)
        }
        so_far = of_year | {
            row["project_id"] for row in mine for year in range(2021, 2025)
            if there(row, projects[row["project_id"]], year)
        }  # fmt: skip
        assert found.figures.finished == sum(projects[id]["state"] in finished for id in of_year)
        needs = {projects[id]["need_id"]: id for id in of_year}
        assert {theme.code: count for theme, count in found.themes} == Counter(
            row["field"] for row in books.need_field if row["need_id"] in needs
        )
        assert sum(count for _place, count in found.districts) == len(of_year)
        said = [
            row for row in books.outcome
            if row["side"] == "group" and row["project_id"] in so_far
            and projects[row["project_id"]]["state"] in finished
        ]  # fmt: skip
        assert found.figures.results.evaluated == len(said)
        if len(said) >= 5:
            assert found.figures.results.goal == pytest.approx(
                sum(r["goal"] for r in said) / len(said)
            )
            assert found.figures.results.used == sum(bool(row["used"]) for row in said)
            told += 1
        else:
            assert found.figures.results.goal is found.figures.results.used is None
        allowed: dict[str, dict[str, list[str]]] = {}
        for row in books.outcome:
            own = row["side"] == "group" or members[row["member_id"]] in mine
            spoken = row["project_id"] in of_year and (
                projects[row["project_id"]]["state"] in finished[1:]  # everybody has
            )
            if own and row["quotable"] and spoken:
                sides = allowed.setdefault(row["project_id"], {})
                sides.setdefault(row["side"], []).append(row["comment"])
        both = [sides for sides in allowed.values() if len(sides) == 2]
        assert sorted(quote.text for quote in found.quotes) == sorted(
            text for sides in both for texts in sides.values() for text in texts
        )
        quoted += len(found.quotes)
    assert told
    assert quoted


def test_the_company_reads_its_year_on_page_and_paper(site: Flask, city: Session) -> None:
    pages = signed_in(site, city, "company")
    page = pages.get("/company?lang=ja", follow=True)
    account = accounts.actor_of(
        city,
        account_id=city.exec(
            select(Account.id).where(Account.email == demo_people.address("company"))
        ).one(),
    )
    seen = 0
    for company_id in sorted(account.company_ids):
        for year in YEARS:
            found = participation.company_year(
                city, actor=account, company_id=company_id, year=year, today=TODAY
            )
            page = pages.get(f"/company/{company_id}?year={year}&lang=ja")
            assert all(part.professional_name in page.text() for part in found.parts)
            answer = pages.client.get(f"/company/{company_id}/participation.csv?year={year}")
            rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]
            assert len(rows) == len(found.parts)
            hours = sum(float(row[8]) * 60 for row in rows)
            assert hours == pytest.approx(found.company_minutes, abs=len(rows))
            seen += len(rows)
    assert seen
