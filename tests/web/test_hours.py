"""Hours on their way: a phone entry, the group's confirmation, a correction both can read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import HoursEntry, NeedState, Project, ProjectMember, ProjectState
from tests import factories
from tests.conftest import NOW
from tests.pages import Pages


@pytest.fixture
def sides(app: Flask, session: Session) -> tuple[Pages, Pages, str]:
    """The professional's browser, the group's browser, and their project."""
    accounts = [factories.account(session, name=name) for name in ("青木 花", "緑 はなこ")]
    person = factories.professional(session, person=accounts[0], name="青木 花")
    group = factories.group(session, person=accounts[1], name="みどりの会")
    need = factories.need(session, group, title="会計のしくみ", state=NeedState.IN_PROGRESS)
    agreed = NOW.date() - timedelta(days=9)
    project = factories.add(
        session,
        Project(need_id=need.id, group_id=group.id, title=need.title, agreed_on=agreed,
                state=ProjectState.IN_PROGRESS, created_at=NOW),
    )  # fmt: skip
    factories.add(
        session,
        ProjectMember(project_id=project.id, professional_id=person.id, joined_on=agreed),
    )
    session.commit()
    mine, ours = (Pages(factories.signed_in(app, session, account)) for account in accounts)
    return mine, ours, project.id


def note(pages: Pages, project_id: str, **given: Any) -> Any:
    page = pages.get(f"/professional/projects/{project_id}?lang=en")
    values = {"worked_on": "2026-10-30", "hours": "1", "minutes": "30", **given}
    return pages.submit(page.form(f"/projects/{project_id}"), **values)


def test_hours_go_from_the_phone_to_the_group_and_back(sides: tuple[Pages, Pages, str]) -> None:
    mine, ours, project_id = sides
    page = mine.get("/professional?lang=en")
    page = mine.click("会計のしくみ")
    assert "No hours yet" in page.text("main")
    page = note(mine, project_id, note="はじめての打ち合わせ")
    assert "Your hours are noted" in page.flashes[0]
    page = note(mine, project_id, worked_on="2026-10-31")
    assert page.text("main").count("Waits for the group") == 2

    page = ours.get("/group/?lang=en")
    page = ours.click("みどりの会")  # the group's own page says it too
    assert "“会計のしくみ”: hours wait for you." in page.text("main")
    page = ours.click("Confirm the hours: 会計のしくみ")
    assert "青木 花" in page.text("main")
    page = ours.click("Correct")
    page = ours.submit(page.form("/correct"), hours="1", minutes="0", why="8時に終わりました")
    assert "The corrected hours are confirmed" in page.flashes[0]
    page = ours.submit(page.form("/hours"))
    assert "1 entry is confirmed." in page.flashes[0]

    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    assert "2 hours 30 minutes" in page.text("main")
    assert "8時に終わりました" in page.text("main")
    assert "Take back" not in page.text("main")


def test_an_entry_can_be_removed_until_it_is_confirmed(sides: tuple[Pages, Pages, str]) -> None:
    mine, _ours, project_id = sides
    page = note(mine, project_id)
    page = mine.submit(page.form("/take-back"))
    assert "The entry is removed." in page.flashes[0]
    assert "No hours yet" in page.text("main")


def test_what_is_wrong_stands_beside_its_entry_and_nothing_is_lost(
    sides: tuple[Pages, Pages, str],
) -> None:
    mine, ours, project_id = sides
    page = note(mine, project_id, hours="0", minutes="0", note="電話で相談")
    assert page.status == 422
    assert "Please say how long it was." in page.errors[0]
    assert "電話で相談" in page.html
    page = note(mine, project_id, worked_on="2026-12-01")
    assert "not still to come" in page.errors[0]
    note(mine, project_id)
    page = ours.get(f"/group/projects/{project_id}/hours?lang=en")
    page = ours.submit(page.form("/hours"), entry_ids=[])
    assert page.status == 422
    assert "choose at least one" in page.errors[0]


def test_a_second_press_and_what_was_taken_back_meanwhile_are_no_mistakes(
    sides: tuple[Pages, Pages, str],
) -> None:
    mine, ours, project_id = sides
    note(mine, project_id)
    back = note(mine, project_id, minutes="45").form("/take-back")
    form = ours.get(f"/group/projects/{project_id}/hours?lang=en").form("/hours")
    mine.submit(back)
    page = ours.submit(form)
    assert "1 entry is confirmed." in page.flashes[0]
    page = ours.submit(form)
    assert "confirmed already, or were taken back" in page.flashes[0]
    assert (page.status, page.errors) == (200, [])


def test_a_resting_project_says_so_and_who_speaks_next(
    session: Session, sides: tuple[Pages, Pages, str]
) -> None:
    mine, ours, project_id = sides
    session.get_one(Project, project_id).state = ProjectState.PAUSED
    session.commit()
    for pages, side in ((mine, "professional"), (ours, "group")):
        page = pages.get(f"/{side}/projects/{project_id}?lang=en")
        assert "will say when it goes on" in page.text(".note")
        assert "either side may stop at any time" in page.text("main")


def test_whoever_left_reads_when_and_is_asked_for_no_step(
    session: Session, sides: tuple[Pages, Pages, str]
) -> None:
    mine, _ours, project_id = sides
    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    assert "青木 花" in page.text(".project-people")  # who else is on it, as the group reads
    session.exec(select(ProjectMember)).one().left_on = NOW.date()
    session.commit()
    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    assert "You left this project on 2 November 2026." in page.text("main")
    assert not any(step in page.html for step in ("/deliver", "/begin"))
    assert "can be noted below" in page.text("main")
    plan = mine.get(f"/professional/projects/{project_id}/plan?lang=en")
    assert not any(step in plan.html for step in ("/plan/new", "Draw the plan"))


def test_a_coordinator_first_notes_who_said_so(
    app: Flask, session: Session, sides: tuple[Pages, Pages, str]
) -> None:
    mine, _ours, project_id = sides
    note(mine, project_id)
    staff = factories.staff(session)
    session.commit()
    desk = Pages(factories.signed_in(app, session, staff))
    page = desk.get(f"/group/projects/{project_id}/hours?lang=en")
    page = desk.submit(page.form("/hours"))
    assert "/coordinator/on-behalf" in page.url
    page = desk.submit(page.form("on-behalf"), said_by="会長", channel="phone",
                       said_on="2026-11-01")  # fmt: skip
    assert "is confirmed" not in page.text("main")
    page = desk.submit(page.form("/hours"))
    assert "1 entry is confirmed." in page.flashes[0]


def test_a_project_goes_its_way_on_both_sides(sides: tuple[Pages, Pages, str]) -> None:
    mine, ours, project_id = sides
    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    page = mine.click("Change the shared goal")
    page = mine.submit(page.form("/begin"), text="帳簿が一人で付けられる")
    page = ours.get(f"/group/projects/{project_id}?lang=en")
    assert "帳簿が一人で付けられる" in page.text("main")
    page = ours.click("The result is handed over")
    page = ours.submit(page.form("/deliver"), text="")
    assert page.status == 422
    page = ours.submit(page.form("/deliver"), text="会計ノート一式")
    ours.get("/group/?lang=en")
    page = ours.click("Evaluate the project: 会計のしくみ")
    page = ours.submit(
        page.form("/evaluate"), goal="5", used="yes", relation="4", again="yes",
        comment="ありがとうございました",
    )  # fmt: skip
    assert "Thank you" in page.flashes[0]
    assert "How was it?" not in ours.get("/group/?lang=en").text("main")
    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    assert "ありがとうございました" not in page.text("main")
    page = mine.click("Evaluate the project")
    page = mine.submit(page.form("/evaluate"), goal="4", relation="5", again="yes")
    assert "ありがとうございました" in page.text("main")
    assert "Evaluated" in page.text("main")


def test_the_form_is_one_press_away_while_the_project_runs(sides: tuple[Pages, Pages, str]) -> None:
    mine, _ours, project_id = sides
    page = mine.get(f"/professional/projects/{project_id}?lang=en")
    target = page.link("Enter hours")
    assert page.text(target) == "Note hours"


def test_after_the_close_the_page_says_until_when_and_whom_to_ask(
    session: Session, sides: tuple[Pages, Pages, str]
) -> None:
    mine, _ours, project_id = sides
    project = session.get_one(Project, project_id)
    project.agreed_on, project.state = date(2025, 1, 10), ProjectState.EVALUATED
    project.ended_on = date(2025, 3, 15)
    session.add(project)
    session.commit()
    for address, words in (
        ("", "Hours could be entered"),
        ("/expenses", "Expenses could be noted"),
    ):
        page = mine.get(f"/professional/projects/{project_id}{address}?lang=en")
        assert f"{words} until 30 April 2025." in page.text("main")
        assert "/contact" in page.link("Contact")
        assert "worked_on" not in page.html
        assert "spent_on" not in page.html
        assert "#note-hours" not in page.html


def test_a_group_is_told_what_waits_and_only_while_it_can_be_confirmed(
    session: Session, sides: tuple[Pages, Pages, str]
) -> None:
    mine, ours, project_id = sides
    group_id = session.get_one(Project, project_id).group_id
    session.commit()
    addresses = ("/group/?lang=en", f"/group/{group_id}?lang=en")

    def said() -> list[bool]:
        texts = [ours.get(address).text("main") for address in addresses]
        return [word in text for text in texts for word in ("hours wait", "expenses wait")]

    assert said() == [False, False] * 2
    page = mine.get(f"/professional/projects/{project_id}/expenses?lang=en")
    mine.submit(page.form("/expenses"), spent_on="2026-10-30", yen="480", purpose="電車")
    assert said() == [False, True] * 2
    note(mine, project_id)
    assert "hours and expenses wait" in ours.get(addresses[1]).text("main")
    page = ours.click("Confirm hours and expenses")
    ours.submit(page.form("/expenses"))
    assert said() == [True, False] * 2
    entry = session.exec(select(HoursEntry)).one()
    entry.worked_on = date(2025, 3, 15)  # its year is closed: nothing can be done about it
    session.add(entry)
    session.commit()
    assert said() == [False, False] * 2


def test_many_confirmed_entries_are_folded_and_what_waits_is_not(
    sides: tuple[Pages, Pages, str],
) -> None:
    mine, ours, project_id = sides
    for minutes in range(1, 7):
        note(mine, project_id, hours="0", minutes=str(minutes))
    page = ours.get(f"/group/projects/{project_id}/hours?lang=en")
    assert not page.all("details.folded")
    page = ours.submit(page.form("/hours"))
    note(mine, project_id, note="まだ確認前")
    page = ours.get(f"/group/projects/{project_id}/hours?lang=en")
    assert "Confirmed or closed: 6 entries" in page.text("details.folded summary")
    assert "まだ確認前" not in page.text("details.folded")
    assert "まだ確認前" in page.text("table")
