"""A city that has lived: every figure of every report is counted a second time from plain rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import Session

from matchmaker.db import open_engine, session_factory
from matchmaker.sample.year import live
from matchmaker.services import (
    accounts,
    activity_logs,
    calibration,
    expenses,
    indicators,
    project_list,
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


def test_every_project_on_the_desk(city: Session, books: Books) -> None:
    first = project_list.board(city, actor=COORDINATOR, today=TODAY)
    pages = [
        project_list.board(city, actor=COORDINATOR, today=TODAY, page=number)
        for number in range(1, first.pages + 1)
    ]
    lines = [line for page in pages for line in page.lines]
    assert first.pages > 1
    assert {line.project.id for line in lines} == {row["id"] for row in books.project}
    assert first.total == len(lines) == len(books.project)
    assert project_list.board(city, actor=COORDINATOR, today=TODAY, page=999).number == first.pages
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
