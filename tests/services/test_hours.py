"""Hours: entered by the professional, confirmed or corrected by the group, then fixed."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import dates
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from matchmaker.models import (
    AuditEntry,
    Consent,
    HoursEntry,
    NeedState,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import confirming, hours, participation
from matchmaker.services.actors import VISITOR, Actor
from matchmaker.services.on_behalf import OnBehalf
from tests import factories
from tests.conftest import NOW, both_databases

TODAY = NOW.date()
JOINED = TODAY - timedelta(days=20)
PHONE = OnBehalf(said_by="会長", channel="phone", said_on=TODAY)


class Work:
    """A project under way: a professional with an employer, a group, a coordinator."""

    def __init__(self, session: Session) -> None:
        self.session = session
        accounts = [factories.account(session) for _each in range(2)]
        self.company = factories.company(session)
        self.person = factories.professional(
            session, person=accounts[0], company_id=self.company.id
        )
        self.group = factories.group(session, person=accounts[1])
        need = factories.need(session, self.group, state=NeedState.IN_PROGRESS)
        self.project = factories.add(
            session,
            Project(need_id=need.id, group_id=self.group.id, title=need.title, agreed_on=JOINED,
                    state=ProjectState.IN_PROGRESS, created_at=NOW),
        )  # fmt: skip
        self.member = factories.add(
            session,
            ProjectMember(project_id=self.project.id, professional_id=self.person.id,
                          company_id=self.company.id, joined_on=JOINED),
        )  # fmt: skip
        session.commit()
        self.me, self.us = (factories.actor(session, account) for account in accounts)
        self.coordinator = factories.actor(session, factories.staff(session))
        session.commit()

    def log(self, actor: Actor | None = None, today: date = TODAY, **given: Any) -> HoursEntry:
        data = {"worked_on": TODAY, "hours": 1, "minutes": 30, "payer": "own", **given}
        return hours.log(
            self.session, actor=actor or self.me, now=NOW, today=today,
            project_id=self.project.id, data=data,
        )  # fmt: skip

    def confirm(self, *entries: HoursEntry, actor: Actor | None = None, **more: Any) -> int:
        return hours.confirm(
            self.session, actor=actor or self.us, now=NOW, project_id=self.project.id,
            data={"entry_ids": [str(entry.id) for entry in entries]}, **{"today": TODAY, **more},
        )  # fmt: skip

    def correct(self, entry: HoursEntry, actor: Actor | None = None, **given: Any) -> HoursEntry:
        assert entry.id
        return hours.correct(
            self.session, actor=actor or self.us, now=NOW, today=TODAY, entry_id=entry.id,
            data={"hours": 1, "minutes": 0, "why": "8時に終わりました", **given},
        )  # fmt: skip

    def take_back(self, entry: HoursEntry, actor: Actor | None = None) -> Project:
        assert entry.id
        return hours.take_back(
            self.session, actor=actor or self.me, now=NOW, today=TODAY, entry_id=entry.id
        )


@pytest.fixture
def work(session: Session) -> Work:
    return Work(session)


def refused(call: Any, *args: Any, **more: Any) -> dict[str, str]:
    """Field → code of what was not accepted."""
    with pytest.raises(Invalid) as refusal:
        call(*args, **more)
    return {error.field: error.code for error in refusal.value.errors}


def test_entered_once_confirmed_once_and_then_fixed(work: Work) -> None:
    entry = work.log()
    assert work.log().id == entry.id  # sent twice is entered once
    assert work.confirm(entry) == 1
    assert work.confirm(entry) == 0
    assert (entry.minutes, entry.logged_minutes, entry.confirmed_at) == (90, None, NOW)
    for act in (work.take_back, work.correct):
        with pytest.raises(Conflict, match="hours_confirmed"):
            act(entry)
    acts = work.session.exec(
        select(AuditEntry.act).where(AuditEntry.subject_id == work.project.id)
    ).all()
    assert acts == ["log_hours", "confirm_hours"]


def test_a_correction_keeps_both_figures_and_the_reason(work: Work) -> None:
    entry = work.correct(work.log())
    assert (entry.minutes, entry.logged_minutes, entry.correction) == (60, 90, "8時に終わりました")
    sheet = hours.my_sheet(work.session, actor=work.me, today=TODAY, project_id=work.project.id)
    assert (sheet.confirmed("own"), sheet.confirmed("company")) == (60, 0)
    same = work.correct(work.log(note="二回目"), minutes=30)
    assert (same.minutes, same.logged_minutes) == (90, None)


def test_what_was_not_confirmed_can_be_taken_back(work: Work) -> None:
    entry = work.log()
    with pytest.raises(NotFound):
        work.take_back(entry, actor=work.us)
    assert work.take_back(entry).id == work.project.id
    with pytest.raises(NotFound, match="hours_not_found"):
        work.take_back(entry)


def test_what_cannot_be_entered(work: Work) -> None:
    assert refused(work.log, worked_on=TODAY + timedelta(days=1)) == {"worked_on": "in_the_future"}
    assert refused(work.log, worked_on=JOINED - timedelta(days=1)) == {
        "worked_on": "not_on_project"
    }
    assert refused(work.log, hours=0, minutes=0) == {"hours": "no_time"}
    assert refused(work.log, hours=24, minutes=1) == {"hours": "over_a_day"}
    assert refused(work.log, hours=-1, payer="nobody") == {
        "hours": "out_of_range", "payer": "not_in_list",
    }  # fmt: skip
    work.log(hours=20)
    assert refused(work.log, hours=4, note="夜") == {"hours": "over_a_day"}
    work.member.company_id = None
    assert refused(work.log, worked_on=JOINED, payer="company") == {"payer": "no_employer"}
    work.member.left_on = TODAY - timedelta(days=5)
    assert refused(work.log) == {"worked_on": "not_on_project"}
    work.log(worked_on=TODAY - timedelta(days=5))
    work.project.state = ProjectState.CANCELLED
    with pytest.raises(Conflict, match="project_cancelled"):
        work.log()


def test_a_fiscal_year_is_open_until_the_end_of_april(work: Work) -> None:
    entry = work.log()
    last, late = date(2027, 4, 30), date(2027, 5, 1)
    assert work.confirm(work.log(today=last, note="年度末"), today=last) == 1
    assert refused(work.log, today=late, note="遅れ") == {"worked_on": "year_closed"}
    with pytest.raises(Conflict, match="hours_year_closed"):
        work.confirm(entry, today=late)
    sheet = hours.group_sheet(work.session, actor=work.us, today=late, project_id=work.project.id)
    assert sheet.waiting == ()


def test_each_side_sees_and_does_only_what_is_its_own(work: Work) -> None:
    entry = work.log()
    stranger = factories.account(work.session)
    factories.professional(work.session, person=stranger)
    factories.group(work.session, person=stranger)
    other = factories.actor(work.session, stranger)
    work.session.commit()
    args = {"today": TODAY, "project_id": work.project.id}
    for actor in (other, VISITOR):
        for read in (hours.my_sheet, hours.group_sheet):
            with pytest.raises(NotFound, match="project_not_found"):
                read(work.session, actor=actor, **args)
        for act in (work.take_back, work.correct):
            with pytest.raises(NotFound, match="hours_not_found"):
                act(entry, actor=actor)
        for again in (work.log, lambda actor: work.confirm(entry, actor=actor)):
            with pytest.raises(NotFound, match="project_not_found"):
                again(actor=actor)
    with pytest.raises(NotFound):
        hours.group_sheet(work.session, actor=work.me, **args)
    with pytest.raises(NotFound):
        work.confirm(entry, actor=work.me)  # nobody confirms their own hours


def test_a_coordinator_confirms_what_the_group_said_by_telephone(work: Work) -> None:
    entry = work.log()
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        work.confirm(entry, actor=work.coordinator)
    assert work.confirm(entry, actor=work.coordinator, on_behalf=PHONE) == 1
    details = work.session.exec(
        select(AuditEntry.details).where(AuditEntry.act == "confirm_hours")
    ).one()
    assert details["said_by"] == "会長"


def test_only_entries_of_the_project_are_confirmed(work: Work) -> None:
    entry = work.log()
    for wrong in ("0", "9" * 12, "x", "-1"):
        with pytest.raises(Refusal):
            hours.confirm(
                work.session, actor=work.us, now=NOW, today=TODAY, project_id=work.project.id,
                data={"entry_ids": [wrong]},
            )  # fmt: skip
    assert work.confirm() == 0
    assert entry.confirmed_at is None


def test_a_company_reads_confirmed_hours_alone(work: Work) -> None:
    counted = work.log(payer="company")
    work.log(payer="company", hours=5)
    work.confirm(counted)
    work.session.add(
        Consent(
            professional_id=work.person.id,
            company_id=work.company.id, purpose="employer_report", text_version=1,
            given_at=NOW,
        )
    )  # fmt: skip
    work.session.flush()
    officer = Actor(account_id="a-1", company_ids=frozenset({work.company.id}))
    year = participation.company_year(
        work.session, actor=officer, company_id=work.company.id, year=None, today=TODAY
    )
    assert (year.company_minutes, year.own_minutes) == (90, 0)


@both_databases
def test_confirming_twice_at_once_is_confirming_once(session: Session, engine: Engine) -> None:
    work = Work(session)
    entry = work.log()
    key, project_id, us = str(entry.id), work.project.id, work.us
    session.commit()
    factory, ready, counts = session_factory(engine), Barrier(2), []

    def confirm() -> None:
        ready.wait()
        with transaction(factory) as own:
            counts.append(
                hours.confirm(
                    own, actor=us, now=NOW, today=TODAY, project_id=project_id,
                    data={"entry_ids": [key]},
                )
            )  # fmt: skip

    threads = [Thread(target=confirm) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 1]


def test_no_form_once_every_day_of_a_stay_lies_in_a_closed_year(work: Work) -> None:
    """Offered exactly as long as some day would still be accepted."""

    def sheet(on: date) -> hours.Sheet:
        return hours.my_sheet(work.session, actor=work.me, today=on, project_id=work.project.id)

    close = date(2027, 4, 30)  # of the fiscal year in which all of this happens
    assert sheet(close + timedelta(days=400)).can_log  # it still runs
    work.project.state, work.project.ended_on = ProjectState.EVALUATED, TODAY
    assert sheet(close).can_log
    assert work.log(today=close).worked_on == TODAY
    after = sheet(close + timedelta(days=1))
    assert (after.can_log, after.over_since) == (False, close)
    with pytest.raises(Conflict, match="hours_year_closed"):
        work.log(today=close + timedelta(days=1), worked_on=close + timedelta(days=1))
    work.project.state, work.project.ended_on = ProjectState.IN_PROGRESS, None
    work.member.left_on = TODAY
    assert sheet(close + timedelta(days=1)).over_since == close  # others go on, this one left
    again = ProjectMember(
        project_id=work.project.id, professional_id=work.person.id,
        joined_on=close, company_id=work.company.id,
    )  # fmt: skip
    factories.add(work.session, again)
    assert sheet(close + timedelta(days=1)).can_log


@given(today=dates(date(2020, 1, 1), date(2040, 1, 1)), day=dates(date(2019, 1, 1)))
def test_the_first_open_day_parts_the_closed_days_from_the_others(today: date, day: date) -> None:
    assert (day < confirming.open_from(today)) == confirming.closed(day, today)
