"""Expenses and travel of a project, and the days about which the insurer is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import Expense, HoursEntry, Project
from matchmaker.services import activity_logs, expenses, hours, insurance
from matchmaker.services.fiscal import fiscal_year, last_day
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running
from tests.web.test_papers import paper, words

SPENT = {"spent_on": TODAY, "yen": "1,480", "purpose": "電車", "payer": "group"}


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    return running(session)


def noted(session: Session, team: Team, project: Project, **given: Any) -> Expense:
    return expenses.note(
        session, actor=team.actor(team.accounts[0]), now=NOW, today=TODAY, project_id=project.id,
        data={**SPENT, "yen": 1480, **given},
    )  # fmt: skip


def test_noted_by_the_professional_confirmed_by_the_group_and_no_hour(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}?lang=en")
    page = person.get(page.link("Note expenses"))
    page = person.submit(page.form("expenses"), yen="0", purpose="電車", status=422)
    assert "Please enter a number from 1 to 1000000." in page.text("main")
    page = person.submit(
        page.form("expenses"), yen="１４８０", purpose="電車、最初の打ち合わせ", follow=True
    )
    assert "¥1,480" in page.text("table")
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/hours?lang=en")
    page = group.submit(page.form("/expenses"), follow=True)
    assert "Confirmed: The group ¥1,480" in page.text("main")
    row = session.exec(select(Expense)).one()
    session.commit()
    assert row.confirmed_by == team.contact.id
    sheet = hours.group_sheet(
        session, actor=team.actor(team.contact), today=TODAY, project_id=project.id
    )
    assert sheet.lines == ()
    desk = Pages(f.signed_in(app, session, team.coordinator))
    desk.get(f"/coordinator/projects/{project.id}?lang=ja")
    assert "1,480円" in words(paper(desk, f"/coordinator/projects/{project.id}/activity.pdf"))


def test_what_can_be_noted_taken_back_and_confirmed(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    first = noted(session, team, project)
    assert noted(session, team, project).id == first.id
    for wrong, field in (
        ({"spent_on": TODAY + timedelta(days=1)}, "spent_on"),
        ({"spent_on": TODAY - timedelta(days=1)}, "spent_on"),
        ({"payer": "company"}, "payer"),
        ({"yen": 1_000_001}, "yen"),
    ):
        with pytest.raises(Invalid) as refused:
            noted(session, team, project, **wrong)
        assert [each.field for each in refused.value.errors] == [field]
    given: dict[str, Any] = {"now": NOW, "expense_id": first.id}
    with pytest.raises(NotFound):
        expenses.take_back(session, actor=team.actor(team.accounts[1]), today=TODAY, **given)
    over = last_day(fiscal_year(TODAY)) + timedelta(days=31)
    with pytest.raises(Conflict, match="year_closed"):
        expenses.take_back(session, actor=team.actor(team.accounts[0]), today=over, **given)
    with pytest.raises(Conflict, match="year_closed"):
        expenses.confirm(session, actor=team.actor(team.contact), now=NOW, today=over,
                         project_id=project.id, data={"expense_ids": [str(first.id)]})  # fmt: skip
    confirming: dict[str, Any] = {"now": NOW, "today": TODAY, "project_id": project.id}
    chosen = {"expense_ids": [str(first.id)]}
    for stranger, refusal in ((team.accounts[0], NotFound), (team.coordinator, Forbidden)):
        with pytest.raises(refusal):
            expenses.confirm(session, actor=team.actor(stranger), data=chosen, **confirming)
    actor = team.actor(team.contact)
    assert expenses.confirm(session, actor=actor, data=chosen, **confirming) == 1
    assert expenses.confirm(session, actor=actor, data=chosen, **confirming) == 0
    with pytest.raises(Conflict, match="expense_confirmed"):
        expenses.take_back(session, actor=team.actor(team.accounts[0]), today=TODAY, **given)
    assert noted(session, team, project).id != first.id


def test_travel_is_noted_and_counts_nowhere(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}?lang=en")
    page = person.submit(
        page.form(project.id), hours="1", travel="80", place="outside", note="取材", follow=True
    )
    assert "travel: 1 hour 20 minutes" in page.text("main")
    entry = session.exec(select(HoursEntry)).one()
    assert (entry.minutes, entry.travel_minutes, entry.place) == (60, 80, "outside")
    sheet = hours.my_sheet(
        session, actor=team.actor(team.accounts[0]), today=TODAY, project_id=project.id
    )
    assert sheet.usual_place == "outside"


def test_doubtful_days_wait_until_the_insurer_was_asked(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    for place, payer in (
        ("city", "own"), ("home", "own"), ("online", "own"), ("outside", "own"),
        ("city", "company"), ("home", "company"), ("", "own"),
    ):  # fmt: skip
        session.add(
            HoursEntry(
                project_id=project.id, professional_id=team.people[0].id, worked_on=TODAY,
                minutes=30, place=place, payer=payer, created_at=NOW,
            )
        )  # fmt: skip
    session.commit()
    coordinator = team.actor(team.coordinator)

    def doubtful() -> list[tuple[str, ...]]:
        log = activity_logs.read(session, actor=coordinator, project_id=project.id)
        return [day.doubts for day in log.days if day.open]

    assert doubtful() == [
        ("home",), ("online",), ("outside",), ("company",), ("home", "company")
    ]  # fmt: skip
    desk = Pages(f.signed_in(app, session, team.coordinator))
    page = desk.get(f"/coordinator/projects/{project.id}?lang=en")
    assert "5 to ask" in page.text("main")
    page = desk.get(page.link("Is it insured? Days to ask the insurer about"))
    chosen = [str(id) for id in session.exec(select(HoursEntry.id)).all()][1:3]
    session.commit()
    said = {"entry_ids": chosen, "insurance": "not_covered", "note": "保険会社に電話、11月2日"}
    page = desk.submit(page.form("insurance"), **said, follow=True)
    assert "3 to ask" in page.text("main")
    session.expire_all()
    assert len(doubtful()) == 3
    with pytest.raises(Forbidden):
        insurance.answer(
            session, actor=team.actor(team.contact), now=NOW, project_id=project.id, data=said
        )
    with pytest.raises(NotFound):
        insurance.answer(session, actor=coordinator, now=NOW, project_id=project.id,
                         data={**said, "entry_ids": ["987654"]})  # fmt: skip


def test_a_group_confirms_another_amount_and_both_stay(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    first = noted(session, team, project)
    session.commit()
    before = first.yen
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    person.get(f"/group/expenses/{first.id}/correct", status=404)
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/hours?lang=en")
    page = group.get(page.link("Correct"))
    page = group.submit(page.form("correct"), yen="0", why="領収書は980円", status=422)
    assert page.errors
    page = group.submit(page.form("correct"), yen="980", why="領収書は980円", follow=True)
    assert "¥980" in page.text("main")
    assert "領収書は980円" in page.text("main")
    session.expire_all()
    row = session.get_one(Expense, first.id)
    assert (row.yen, row.noted_yen, row.confirmed_by) == (980, before, team.contact.id)
    sheet = expenses.group_sheet(session, actor=team.actor(team.contact), today=TODAY,
                                 project_id=project.id)  # fmt: skip
    assert sum(sheet.confirmed.values()) == 980
    page = person.get(f"/professional/projects/{project.id}/expenses?lang=en")
    assert "¥980" in page.text("main")
    assert f"¥{before:,}" in page.text("main")
    with pytest.raises(Conflict, match="expense_confirmed"):
        expenses.correct(session, actor=team.actor(team.contact), now=NOW, today=TODAY,
                         expense_id=first.id, data={"yen": "1", "why": "x"})  # fmt: skip
