"""A city that has lived: every figure of every report is counted a second time from plain rows."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import Session, func, select

from matchmaker.db import open_engine, session_factory
from matchmaker.models import Account, Professional
from matchmaker.sample.year import live
from matchmaker.services import (
    accounts,
    activity_logs,
    calibration,
    company_reports,
    demo_people,
    erasure,
    expenses,
    indicators,
    own_data,
    participation,
    profile_pages,
    project_desk,
    round_reports,
    yearbook,
)
from matchmaker.services.actors import Actor
from matchmaker.services.audit import broken_links
from tests.sample.lived import NOW, TODAY, TOKYO, YEARS, Books, lived, moment, signed_in, year_of
from tests.sample.recount import (
    counted_projects,
    day_of,
    participations,
    reported_minutes,
    there,
    unmet,
)

pytestmark = pytest.mark.xdist_group("lived")

OFFICER = Actor(account_id=None, staff=frozenset({"city"}))
COORDINATOR = Actor(account_id=None, staff=frozenset({"coordinator"}))
BANDS = (8000, 6000, 4000, 0)


def test_the_year_holds_everything_that_happens(books: Books) -> None:
    acts = Counter(row["act"] for row in books.audit_entry)
    for act in (
        "send_round", "accept_offer", "decline_offer", "expire_offer", "reject_proposal",
        "begin_project", "pause_project", "resume_project", "cancel_project", "leave_project",
        "deliver_project", "evaluate_project", "close_project", "log_hours", "confirm_hours",
        "consent_given", "consent_withdrawn", "issue_certificate", "accept_terms",
        "plan_drawn", "plan_added", "plan_done", "check_mid_term", "call_about_project",
        "change_scope", "add_file", "say_use", "note_expense", "confirm_expense",
        "note_insurance", "write_thanks", "follow_up", "conclude_project",
        "write_on_project", "begin_case", "release_case", "publish_case",
        "note_consultation", "enter_figure", "freeze_figure", "write_review",
        "need_submitted", "need_returned", "need_opened", "need_withdrawn",
        "need_outdated", "need_renewed",
        "professional_submitted", "professional_verified", "wish_added",
    ):  # fmt: skip
        assert acts[act], act
    assert any(row["logged_minutes"] for row in books.hours_entry), "no entry was corrected"
    assert {row["state"] for row in books.matching_round} == {"closed", "ready"}
    assert lived().days == (TODAY - date(2025, 4, 1)).days
    assert sum(lived().refused.values()) < 40, lived().refused


def test_no_need_is_open_whose_days_are_over(books: Books) -> None:
    before = TODAY - timedelta(days=4)  # the coordinator takes half a team's word back first
    over = [row for row in books.need if row["ends_on"] and day_of(row["ends_on"]) < before]
    assert [row["title"] for row in over if row["state"] in ("open", "in_round")] == []
    acts = Counter(row["act"] for row in books.audit_entry)
    assert acts["need_outdated"] > acts["need_renewed"] > 0
    assert sum(row["state"] == "paused" for row in over) < 12, "groups renew or close what is over"
    *sent, last = sorted(books.matching_round, key=lambda row: row["created_at"])
    assert ({row["state"] for row in sent}, last["state"]) == ({"closed"}, "ready")


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


def test_the_trail_is_whole(city: Session) -> None:
    assert list(broken_links(city)) == []


@pytest.mark.parametrize("year", YEARS)
def test_a_year_of_the_programme(city: Session, books: Books, year: int) -> None:
    found = yearbook.year(city, actor=OFFICER, fiscal_year=year, zone=TOKYO)
    projects = counted_projects(books)
    agreed = [
        row for row in projects.values() if year_of(date.fromisoformat(row["agreed_on"])) == year
    ]
    rounds = {
        row["id"] for row in books.matching_round
        if row["sent_at"] and year_of(moment(row["sent_at"]).date()) == year
    }  # fmt: skip
    asked = {row["need_id"] for row in books.round_need if row["round_id"] in rounds}
    offered = {
        row["need_id"] for row in books.proposal
        if row["round_id"] in rounds and row["offered_at"]
    }  # fmt: skip
    assert (found.rounds, found.asked, found.offered) == (len(rounds), len(asked), len(offered))
    assert found.projects == len(agreed)
    assert found.groups == len({row["group_id"] for row in agreed})
    assert found.delivered == sum(
        year_of(date.fromisoformat(row["ended_on"])) == year
        for row in projects.values()
        if row["ended_on"]
    )
    assert found.people == len(
        {
            row["professional_id"]
            for row in books.project_member
            if row["project_id"] in projects and there(row, projects[row["project_id"]], year)
        }
    )
    assert found.own_minutes == reported_minutes(books, payer="own", year=year)
    assert found.company_minutes == reported_minutes(books, payer="company", year=year)
    goals = [row["goal"] for row in books.outcome if year_of(moment(row["at"]).date()) == year]
    assert found.evaluations == len(goals)
    assert found.goal == (pytest.approx(sum(goals) / len(goals)) if goals else None)
    assert found.consultations == Counter(
        row["topic"] for row in books.consultation if year_of(day_of(row["held_on"])) == year
    )
    assert found.unmet == unmet(books, rounds, offered)
    if year in (2025, 2026):
        assert found.rounds
        assert found.own_minutes
        assert found.evaluations


def test_the_citys_indicator(city: Session, books: Books) -> None:
    rows = [row for row in participations(books) if row[0] <= TODAY]
    found = indicators.series(city, on=TODAY)
    assert (found.gross, found.distinct) == (len(rows), len({company for *_, company in rows}))
    assert len(rows) > len({company for *_, company in rows}) > 36
    entered = {(row["indicator"], row["fiscal_year"]): row for row in books.indicator_figure}
    for year in found.years:
        until = [row for row in rows if year_of(row[0]) <= year.fiscal_year]
        kept = entered.get((indicators.EMPLOYERS, year.fiscal_year))
        if kept and kept["source_ja"]:  # what the plan prints
            assert (year.gross, year.distinct) == (kept["gross"], kept["distinct_count"])
            continue
        assert year.gross == len(until), year
        assert year.distinct == len({company for *_, company in until}), year
        assert year.provisional == (year.fiscal_year == 2026)
    frozen = entered[indicators.EMPLOYERS, 2025]
    assert not frozen["provisional"]
    behind = indicators.participations(city, on=TODAY)
    assert [(row.agreed_on, row.project_id, row.company_id) for row in behind] == rows


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


def test_every_project_on_the_desk(city: Session, books: Books) -> None:
    first = project_desk.board(city, actor=COORDINATOR, today=TODAY)
    pages = [
        project_desk.board(city, actor=COORDINATOR, today=TODAY, page=number)
        for number in range(1, first.pages + 1)
    ]
    lines = [line for page in pages for line in page.lines]
    assert first.pages > 1
    assert {line.project.id for line in lines} == {row["id"] for row in books.project}
    assert first.total == len(lines) == len(books.project)
    assert project_desk.board(city, actor=COORDINATOR, today=TODAY, page=999).number == first.pages
    for line in lines:
        id = line.project.id
        mine = [row for row in books.hours_entry if row["project_id"] == id]
        members = [row for row in books.project_member if row["project_id"] == id]
        assert line.members == sum(row["left_on"] is None for row in members)
        assert line.waiting == sum(not row["confirmed_at"] for row in mine)
        assert line.last == max((day_of(row["worked_on"]) for row in mine), default=None)
        assert line.said == sum(row["project_id"] == id for row in books.outcome)
        assert line.late == sum(
            row["project_id"] == id and not row["done_on"] and day_of(row["due_on"]) < TODAY
            for row in books.plan_step
            if line.project.state in ("agreed", "in_progress")
        )
        log = activity_logs.read(city, actor=COORDINATOR, project_id=id)
        assert sum(each.minutes for each in log.days) == sum(row["minutes"] for row in mine)
        assert len(log.agreed) == sum(row["project_id"] == id for row in books.terms_acceptance)
        assert sum(stay.minutes for stay in log.detail.stays) == reported_minutes(
            books, project_id=id
        )
        doubtful = [
            row for row in mine
            if row["payer"] == "company" or row["place"] in ("home", "online", "outside")
        ]  # fmt: skip
        assert sum(bool(each.doubts) for each in log.days) == len(doubtful)
        assert log.detail.uninsured == sum(not row["insurance"] for row in doubtful)
        spent = expenses.group_sheet(city, actor=COORDINATOR, today=TODAY, project_id=id)
        yen: Counter[str] = Counter()
        for row in books.expense:
            if row["project_id"] == id and row["confirmed_at"]:
                yen[row["payer"]] += row["yen"]
        assert spent.confirmed == yen


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


def test_predicted_fit_against_later_ratings(city: Session, books: Books) -> None:
    proposals, members = books.by_id("proposal"), books.by_id("project_member")
    score = {
        id: proposals[row["proposal_id"]]["score"]
        for id, row in members.items()
        if row["proposal_id"]
    }
    team: dict[str, list[int]] = {}
    for id, predicted in score.items():
        team.setdefault(members[id]["project_id"], []).append(predicted)
    rated: Counter[tuple[str, str, int]] = Counter()
    good: Counter[tuple[str, str, int]] = Counter()
    for row in books.outcome:
        if row["side"] == "group":
            predicted = mean(team[row["project_id"]]) if row["project_id"] in team else None
        else:
            predicted = score.get(row["member_id"])
        if predicted is None:
            continue
        band = next(lowest for lowest in BANDS if predicted >= lowest)
        for question in ("goal", "relation"):
            if row[question] is not None:
                rated[row["side"], question, band] += 1
                good[row["side"], question, band] += row[question] > 3
    found = calibration.calibration(city, actor=COORDINATOR, bands=BANDS)
    assert found.told
    for band in found.bands:
        for (side, question), share in band.shares.items():
            key = (side, question, band.lowest)
            assert (share.cases, share.good) == (rated[key], good[key])
    assert sum(rated.values()) > 40


def test_what_is_in_use_later(books: Books) -> None:
    projects = books.by_id("project")
    assert {row["use"] for row in books.deliverable} == {None, "used", "partly", "not_used"}
    for row in books.deliverable:
        assert projects[row["project_id"]]["state"] not in ("agreed", "in_progress", "paused")
    for row in books.follow_up:
        ended = day_of(projects[row["project_id"]]["ended_on"])
        assert (moment(row["at"]).date() - ended).days >= 28 * row["months"]
    assert {row["side"] for row in books.follow_up} == {"group", "professional"}
    kept = {row["file_id"]: row["content"] for row in books.file_content}
    files = [row for row in books.project_file if not row["address"]]
    assert {row["id"]: row["size"] for row in files} == {id: len(each) for id, each in kept.items()}


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


def test_the_public_report_of_every_round(city: Session, books: Books) -> None:
    needs = books.by_id("need")
    sent = round_reports.listing(city)
    assert len(sent) == sum(row["state"] in ("sent", "closed") for row in books.matching_round) > 3
    for row in sent:
        found = round_reports.report(city, round_id=row.id)
        asked = [each["need_id"] for each in books.round_need if each["round_id"] == row.id]
        helped = {
            each["need_id"] for each in books.proposal
            if each["round_id"] == row.id and each["offered_at"]
        }  # fmt: skip
        assert found.needs.total == len(asked)
        parts = {"helped": len(helped & set(asked)), "without": len(set(asked) - helped)}
        assert all(said in (None, parts[name]) for name, said in found.needs.parts.items())
        assert found.groups.total == len({needs[each]["group_id"] for each in asked})
        assert found.people.total == sum(each["round_id"] == row.id for each in books.round_person)


def test_the_officers_pages_and_files_say_the_same(
    site: Flask, city: Session, books: Books
) -> None:
    pages = signed_in(site, city, "city")
    page = pages.get("/city/years/2025?lang=ja")
    found = yearbook.year(city, actor=OFFICER, fiscal_year=2025, zone=TOKYO)
    for figure in (found.rounds, found.asked, found.projects, found.people):
        assert str(figure) in page.text()
    answer = pages.client.get("/city/years/2025/pack.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert not any(sheet.merged_cells.ranges for sheet in book.worksheets)
    unmet_rows = list(book.worksheets[2].iter_rows(min_row=2, values_only=True))
    assert sum(count for _name, count in unmet_rows) == sum(found.unmet.values()) > 0
    figures = [row[1] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    for figure in (found.rounds, found.asked, found.offered, found.projects, found.delivered,
                   found.people, found.groups, found.evaluations):  # fmt: skip
        assert figure in figures
    answer = pages.client.get(f"/city/indicators/{indicators.EMPLOYERS}/rows.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]
    assert len(rows) == len(participations(books))
    assert sum(bool(row[-1]) for row in rows) == len({one for *_, one in participations(books)})
    again = pages.client.get("/city/years/2025/pack.pdf").data
    assert again == pages.client.get("/city/years/2025/pack.pdf").data, "not the same paper twice"


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


def test_the_same_city_lives_the_same_days(tmp_path: Path) -> None:
    """Two short lives from one seed are alike in every row, but for passwords and seconds."""
    from matchmaker import schema
    from matchmaker.db import transaction
    from matchmaker.models import ids_from
    from matchmaker.sample.accounts import add_staff
    from matchmaker.sample.generate import generate_with_later
    from matchmaker.sample.load import load_city
    from matchmaker.sample.pools import stream

    def build(name: str) -> Books:
        first = date(2025, 4, 1)
        file = tmp_path / name
        engine = open_engine(f"sqlite:///{file}")
        schema.upgrade(engine)
        factory = session_factory(engine)
        city, later = generate_with_later(as_of=first, later_needs=4, later_people=2)
        with ids_from(stream(14, "ids")):
            with transaction(factory) as session:
                load_city(session, city, now=NOW)
                staff = add_staff(session, now=NOW)
                desk, hall = (
                    accounts.actor_of(session, account_id=staff[role].id)
                    for role in ("coordinator", "city")
                )
            live(factory, later, seed=14, first=first, last=first + timedelta(days=75),
                 coordinator=desk, officer=hall)  # fmt: skip
        engine.dispose()
        return Books(file)

    one, other = build("one.sqlite3"), build("other.sqlite3")
    assert len(one.hours_entry) > len(Books(tmp_path / "one.sqlite3").company)
    for table in ("hours_entry", "proposal", "project", "project_member", "notice", "wish",
                  "consultation", "audit_entry", "need", "round_need"):  # fmt: skip
        assert getattr(one, table) == getattr(other, table), table
