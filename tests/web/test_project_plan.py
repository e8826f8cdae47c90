"""The plan of a project: drawn from the menu, changed by both sides, checked half-way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import Menu, MidTermCheck, Notice, PlanStep, Project, ProjectState, Side
from matchmaker.services import (
    days_off,
    mid_terms,
    plan_drafts,
    plan_steps,
    project_plans,
    project_reminders,
    project_steps,
    today,
)
from matchmaker.services.actors import Actor
from matchmaker.services.on_behalf import OnBehalf
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running

PHASES = [
    {"title_ja": "聞き取り", "title_en": "Listening", "weeks": 2},
    {"title_ja": "制作", "title_en": "Making", "weeks": 4},
    {"title_ja": "引き継ぎ", "title_en": "Handing over", "weeks": 2},
]


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    """A running project of two, of a menu with three phases over eight weeks."""
    team, project = running(session)
    menu = Menu(code="leaflet", label_ja="チラシ", label_en="Leaflet", body={"phases": PHASES})
    f.add(session, menu)
    team.need.menu, team.need.weeks, team.need.hours_per_week = menu.code, 8, 3
    session.add(team.need)
    session.commit()
    return team, project


def who(team: Team, account: Any) -> dict[str, Any]:
    side = Side.GROUP if account is team.contact else Side.PROFESSIONAL
    return {"actor": team.actor(account), "side": side, "now": NOW}


def drawn(session: Session, team: Team, project: Project, on: date = TODAY) -> list[PlanStep]:
    plan_steps.draw(
        session, **who(team, team.contact), project_id=project.id, data={"begins_on": on}
    )
    return list(project_plans.steps_of(session, project.id))


def test_the_work_begins_with_a_plan_from_the_menu(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    project.state, project.started_on = ProjectState.AGREED, None
    session.commit()
    given = {**who(team, team.accounts[0]), "project_id": project.id}
    first = plan_steps.add(
        session, data={"kind": "kick_off", "due_on": TODAY, "at": "9:30"}, **given
    )
    assert first.at == "09:30"
    project_steps.begin(
        session, today=TODAY, data={"version": project.version, "text": "会員を増やす"}, **given
    )
    steps = project_plans.steps_of(session, project.id)
    assert [step.title for step in steps if step.kind == "phase"] == [
        "聞き取り", "制作", "引き継ぎ"
    ]  # fmt: skip
    assert first.done_on == TODAY
    phases = [step for step in steps if step.kind == "phase"]
    assert [each.begins_on for each in phases] == [
        TODAY + timedelta(days=days) for days in (0, 14, 42)
    ]
    (delivery,) = [step for step in steps if step.kind == "delivery"]
    assert delivery.due_on == max(step.due_on for step in steps)
    (check,) = [step for step in steps if step.kind == "mid_term"]
    assert check.due_on == TODAY + timedelta(days=28)
    told = session.exec(select(Notice).where(Notice.code == "meeting_planned")).all()
    assert len(told) == 2  # the group and the other professional, not whoever fixed it


@given(
    begins=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    weeks=st.integers(1, 52),
    parts=st.lists(st.integers(1, 12), min_size=1, max_size=6),
)
def test_a_drawn_plan_leaves_no_day_out_and_ends_on_a_working_day(
    begins: date, weeks: int, parts: list[int]
) -> None:
    class Shelf:
        """Where the menu stands."""

        def get(self, _table: object, _code: str) -> Menu:
            phases = [{"title_ja": f"{n}", "weeks": part} for n, part in enumerate(parts)]
            return Menu(code="x", label_ja="x", label_en="x", body={"phases": phases})

    need = f.Need(group_id="g", title="x", menu="x", weeks=weeks, form="team", created_at=NOW)
    steps = list(plan_drafts.steps(Shelf(), "j", need, begins, "ja", NOW))  # type: ignore[arg-type]
    phases = [step for step in steps if step.kind == "phase"]
    last = begins + timedelta(weeks=weeks)
    assert [phase.begins_on for phase in phases] == sorted(
        phase.begins_on for phase in phases if phase.begins_on
    )
    assert phases[0].begins_on == begins
    assert all(step.due_on < last for step in steps)
    assert all(step.begins_on <= step.due_on for step in phases if step.begins_on)
    (delivery,) = [step for step in steps if step.kind == "delivery"]
    assert last - delivery.due_on <= timedelta(days=12)  # the longest rest of a year, and a week
    if not days_off.rest(begins):
        assert not days_off.rest(delivery.due_on)
    assert sum(step.kind == "mid_term" for step in steps) == (weeks >= plan_drafts.CHECK_FROM)


def test_holidays_are_known_and_weeks_without_work_are_not_counted() -> None:
    assert days_off.holiday(date(2026, 11, 3)) == "文化の日"
    assert days_off.rest(date(2026, 11, 3)) == "holiday"
    assert days_off.rest(date(2026, 12, 30)) == "year_end"
    assert days_off.rest(date(2026, 11, 7)) == "weekend"
    assert days_off.rest(date(2026, 11, 4)) == ""
    assert days_off.working_day(date(2027, 1, 3)) == date(2026, 12, 28)
    # Golden Week 2026: Sunday 3 May to Wednesday 6 May leave two working days.
    assert days_off.short_weeks(date(2026, 4, 6), date(2026, 5, 31)) == (date(2026, 5, 4),)
    assert days_off.short_weeks(date(2026, 12, 7), date(2027, 1, 31)) == (date(2026, 12, 28),)


def test_the_time_a_plan_leaves_is_said_honestly(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    drawn(session, team, project, date(2026, 12, 7))
    found = project_plans.plan(
        session, actor=team.actor(team.contact), side=Side.GROUP, project_id=project.id
    )
    assert found.effort
    assert (found.effort.weeks, found.effort.short) == (8, (date(2026, 12, 28),))
    assert (found.effort.planned, found.effort.likely) == (8 * 180, 7 * 180)


def test_both_sides_change_it_and_see_who_did(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    drawn(session, team, project)
    session.commit()
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    address = f"/professional/projects/{project.id}/plan"
    page = person.get(f"{address}?lang=en")
    page = person.get(page.link("Add a milestone"))
    form = page.form(f"{address}/new/milestone")
    page = person.submit(form, title="", due_on="2026-11-23", status=422)
    assert "Please fill this in." in page.text("main")
    page = person.submit(form, title="試し刷り", due_on="2026-11-23", follow=True)
    assert "is a public holiday: 勤労感謝の日" in page.text("main")
    assert "試し刷り" in page.text("table")
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/plan?lang=en")
    step = session.exec(select(PlanStep).where(PlanStep.title == "試し刷り")).one()
    session.commit()
    page = group.submit(page.form(f"{step.id}/done"), follow=True)
    assert team.accounts[0].name in page.text(".timeline")
    assert team.contact.name in page.text(".timeline")
    page = person.get(address)
    assert "Done on" in page.text("table")


def test_moving_a_day_can_move_what_comes_later(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    steps = drawn(session, team, project)
    given = {**who(team, team.accounts[1]), "project_id": project.id}
    done, moved, *later = [step for step in steps if step.kind == "phase"]
    plan_steps.mark(session, today=TODAY, step_id=done.id, done=True, **given)
    before = {step.id: step.due_on for step in project_plans.steps_of(session, project.id)}
    data = {
        "title": moved.title, "begins_on": moved.begins_on, "shift": True,
        "due_on": moved.due_on + timedelta(days=5), "version": moved.version,
    }  # fmt: skip
    plan_steps.change(session, step_id=moved.id, data=data, **given)
    after = {step.id: step.due_on for step in project_plans.steps_of(session, project.id)}
    assert after[done.id] == before[done.id]
    assert all(after[each.id] - before[each.id] == timedelta(days=5) for each in (moved, *later))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        plan_steps.change(session, step_id=moved.id, data={**data, "version": 1}, **given)
    with pytest.raises(Invalid) as refused:
        plan_steps.change(
            session, step_id=moved.id,
            data={**data, "version": moved.version, "due_on": TODAY - timedelta(days=400)}, **given,
        )  # fmt: skip
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("due_on", "dates_out_of_order")
    ]


def test_drawing_anew_keeps_what_was_done_and_added(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    given = {**who(team, team.contact), "project_id": project.id}
    phase = next(step for step in drawn(session, team, project) if step.kind == "phase")
    plan_steps.mark(session, today=TODAY, step_id=phase.id, done=True, **given)
    plan_steps.add(session, data={"kind": "meeting", "due_on": TODAY}, **given)
    steps = drawn(session, team, project, TODAY + timedelta(days=7))
    assert sum(step.kind == "meeting" for step in steps) == 1
    assert sum(step.kind == "delivery" for step in steps) == 1
    assert phase in steps
    with pytest.raises(Conflict, match="planned_once"):
        plan_steps.add(session, data={"kind": "delivery", "due_on": TODAY}, **given)


def test_what_is_overdue_and_who_wants_a_call_waits_for_the_coordinators(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    drawn(session, team, project, TODAY - timedelta(days=35))
    session.commit()
    coordinator = team.actor(team.coordinator)

    def waiting() -> list[str]:
        found = today.today(session, actor=coordinator, on=TODAY).items
        return [item.kind for item in found if item.subject_id == project.id]

    assert waiting() == ["project_late"]
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}/mid-term?lang=en")
    page = person.submit(page.form("mid-term"), status=422)
    assert "Please choose one." in page.text("main")
    said = {"on_track": "no", "hours": "too_many", "change": "範囲を狭めたい"}
    person.submit(page.form("mid-term"), **said, follow=True)
    session.expire_all()
    assert waiting() == ["project_late", "project_call"]
    group = Pages(f.signed_in(app, session, team.contact))
    assert "範囲を狭めたい" in group.get(f"/group/projects/{project.id}/plan").text("main")
    session.commit()
    desk = Pages(f.signed_in(app, session, team.coordinator))
    page = desk.get(f"/coordinator/projects/{project.id}?lang=en")
    assert "Asks for a call" in page.text("main")
    page = desk.submit(page.form("called"), follow=True)
    assert "Called on" in page.text("main")
    session.expire_all()
    assert waiting() == ["project_late"]
    assert "overdue" in desk.get("/coordinator/projects").text("table")


def test_the_check_is_done_when_everybody_has_spoken_and_only_the_silent_are_asked(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    steps = drawn(session, team, project, TODAY - timedelta(days=28))
    (check,) = [step for step in steps if step.kind == "mid_term"]
    assert check.due_on == TODAY
    said = {"on_track": "yes", "hours": "right"}
    everybody = (team.contact, *team.accounts)
    for account in everybody[:2]:
        mid_terms.say(session, **who(team, account), today=TODAY, project_id=project.id, data=said)
    session.commit()
    factory = session_factory(session.get_bind())  # type: ignore[arg-type]
    for _twice in range(2):
        project_reminders.remind(factory, now=NOW, today=TODAY)
    asked = session.exec(select(Notice.account_id).where(Notice.code == "mid_term")).all()
    assert asked == [team.accounts[1].id]
    assert check.done_on is None
    mid_terms.say(session, **who(team, everybody[2]), today=TODAY, project_id=project.id, data=said)
    mid_terms.say(
        session, **who(team, everybody[2]), today=TODAY, project_id=project.id,
        data={**said, "hours": "too_few"},
    )  # fmt: skip
    assert check.done_on == TODAY
    assert len(session.exec(select(MidTermCheck)).all()) == 3


@pytest.mark.parametrize("year", [1999, 2099])
def test_a_day_far_from_the_project_is_a_slip(
    session: Session, world: tuple[Team, Project], year: int
) -> None:
    team, project = world
    with pytest.raises(Invalid) as refused:
        plan_steps.add(session, **who(team, team.contact), project_id=project.id,
                       data={"kind": "meeting", "due_on": date(year, 11, 2)})  # fmt: skip
    assert [(e.field, e.code) for e in refused.value.errors] == [("due_on", "years_away")]


def test_only_those_who_are_part_of_it(session: Session, world: tuple[Team, Project]) -> None:
    team, project = world
    step = drawn(session, team, project)[0]
    stranger = Actor(account_id=f.account(session).id)
    for side in Side:
        given: dict[str, Any] = {"actor": stranger, "side": side, "project_id": project.id}
        with pytest.raises(NotFound):
            project_plans.plan(session, **given)
        with pytest.raises(NotFound):
            plan_steps.mark(session, now=NOW, today=TODAY, step_id=step.id, done=True, **given)
        with pytest.raises(NotFound):
            mid_terms.say(session, now=NOW, today=TODAY, data={"on_track": "yes",
                          "hours": "right"}, **given)  # fmt: skip
    desk = {"actor": team.actor(team.coordinator), "side": Side.GROUP, "project_id": project.id}
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        plan_steps.mark(session, now=NOW, today=TODAY, step_id=step.id, done=True, **desk)
    phone = OnBehalf(said_by="会長", channel="phone", said_on=TODAY)
    plan_steps.mark(
        session, now=NOW, today=TODAY, step_id=step.id, done=True, on_behalf=phone, **desk
    )
    assert step.done_on == TODAY
    with pytest.raises(Forbidden):
        mid_terms.note_call(session, actor=team.actor(team.contact), now=NOW, today=TODAY,
                            project_id=project.id)  # fmt: skip
    project.state = ProjectState.DELIVERED
    with pytest.raises(Conflict, match="project_state"):
        drawn(session, team, project)
