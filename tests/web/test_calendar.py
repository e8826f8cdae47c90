"""Dates in one's own calendar: a file for a project, a secret address for everything."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from sqlmodel import Session, select

from matchmaker.models import AccountState, CalendarFeed, PlanStep, Project, ProjectMember, Side
from matchmaker.services import charge, own_data, plan_steps
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import REPLY_BY, TODAY, Team, sent
from tests.web.test_desk import running

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    """A running project with a meeting in the evening of a holiday, and a delivery."""
    team, project = running(session)
    given: dict[str, Any] = {
        "actor": team.actor(team.contact), "side": Side.GROUP, "project_id": project.id, "now": NOW,
    }  # fmt: skip
    meeting = {"kind": "meeting", "due_on": date(2026, 11, 3), "at": "18:30", "place": "会館"}
    plan_steps.add(session, data=meeting, **given)
    plan_steps.add(session, data={"kind": "delivery", "due_on": date(2026, 12, 18)}, **given)
    session.commit()
    return team, project


def events(content: bytes) -> dict[str, Any]:
    """The events of a calendar file by their title."""
    found = Calendar.from_ical(content)
    return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


def address_of(pages: Pages) -> str:
    """Make an address and read it off the page."""
    page = pages.get("/account/calendar?lang=ja")
    page = pages.submit(page.form("/account/calendar"), status=200)
    return page.text("code").split("localhost", 1)[-1].split(":8000")[-1]


def test_the_days_of_a_project_as_a_file(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}/plan?lang=ja")
    answer = person.client.get(page.link("この予定を自分のカレンダーに入れる"))
    assert answer.mimetype == "text/calendar"
    found = events(answer.data)
    meeting = found[f"打ち合わせ / {project.title}"]
    assert meeting.start == datetime(2026, 11, 3, 18, 30, tzinfo=TOKYO)
    assert meeting["LOCATION"] == "会館"
    assert "文化の日" in meeting["DESCRIPTION"]
    assert found[f"成果の引き渡し / {project.title}"].start == date(2026, 12, 18)
    assert (
        answer.data == person.client.get(f"/professional/projects/{project.id}/calendar.ics").data
    )


def test_a_subscribed_calendar_follows_changes_and_can_be_taken_back(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    address = address_of(person)
    program = app.test_client()  # no cookies: only the address
    answer = program.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    before = events(answer.data)[f"成果の引き渡し / {project.title}"]
    step = session.exec(select(PlanStep).where(PlanStep.kind == "delivery")).one()
    plan_steps.change(
        session, actor=team.actor(team.contact), now=NOW, side=Side.GROUP, project_id=project.id,
        step_id=step.id, data={"due_on": date(2026, 12, 25), "version": step.version},
    )  # fmt: skip
    session.commit()
    after = events(program.get(address).data)[f"成果の引き渡し / {project.title}"]
    assert (after["UID"], after.start) == (before["UID"], date(2026, 12, 25))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert address.split("/")[-1].removesuffix(".ics") not in str(
        session.exec(select(CalendarFeed)).one()
    )
    session.commit()
    fresh = address_of(person)
    assert program.get(address).status_code == 404
    assert program.get(fresh).status_code == 200
    page = person.get("/account/calendar")
    person.submit(page.form("revoke"), follow=True)
    assert program.get(fresh).status_code == 404
    assert session.exec(select(CalendarFeed)).all() == []


def test_a_calendar_shows_what_its_owner_may_see_and_names_nobody(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    program = app.test_client()
    stranger = f.account(session)
    f.professional(session, person=stranger)
    seen = {
        name: program.get(address_of(Pages(f.signed_in(app, session, account)))).data
        for name, account in (
            ("person", team.accounts[0]), ("left", team.accounts[1]), ("group", team.contact),
            ("desk", team.coordinator), ("stranger", stranger),
        )
    }  # fmt: skip
    assert [name for name, content in seen.items() if not events(content)] == ["stranger"]
    for content in seen.values():
        said = content.decode()
        people = (*team.accounts, team.contact, team.coordinator)
        assert not any(each.name in said or each.email in said for each in people)
    session.expire_all()
    member = session.exec(
        select(ProjectMember).where(ProjectMember.professional_id == team.people[1].id)
    ).one()
    member.left_on = TODAY
    session.add(member)
    session.commit()
    address = address_of(Pages(f.signed_in(app, session, team.accounts[1])))
    assert events(program.get(address).data) == {}
    account = team.accounts[1]
    taken = own_data.export(session, actor=team.actor(account), now=NOW)
    assert "token_hash" not in taken["tables"]["calendar_feed"][0]
    account.state = AccountState.CLOSED
    session.add(account)
    session.commit()
    assert program.get(address).status_code == 404
    assert project.title in seen["person"].decode().replace("\r\n ", "")


def test_reply_dates_stand_in_it_until_there_is_a_reply(app: Flask, session: Session) -> None:
    team = sent(session, size=2)
    program = app.test_client()
    for account, link in ((team.accounts[0], "/offers/"), (team.contact, "/team")):
        found = events(program.get(address_of(Pages(f.signed_in(app, session, account)))).data)
        (event,) = found.values()
        assert event.start == REPLY_BY
        assert team.need.title in str(event["SUMMARY"])
        assert link in str(event["URL"]) or "needs" in str(event["URL"])


def test_a_coordinator_takes_all_projects_or_those_in_their_charge(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    program = app.test_client()
    address = address_of(Pages(f.signed_in(app, session, team.coordinator)))
    assert events(program.get(address).data)
    assert events(program.get(f"{address}?whose=mine").data) == {}
    charge.give(
        session, actor=team.actor(team.coordinator), now=NOW, kind="need",
        record_id=project.need_id, account_id=team.coordinator.id,
    )  # fmt: skip
    session.commit()
    mine = events(program.get(f"{address}?whose=mine").data)
    assert mine.keys() == events(program.get(address).data).keys()
    page = Pages(f.signed_in(app, session, team.coordinator)).get("/account/calendar?lang=ja")
    assert "自分が担当するものだけ" in page.text("main")
