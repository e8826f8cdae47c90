"""The programme in figures: counted again by hand, and nothing small told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.models import HoursEntry, NeedField, Project, ProjectMember
from matchmaker.services import programme
from tests import factories as f
from tests.conftest import both_databases
from tests.pages import Pages

TODAY = f.NOW.date()


def project(session: Session, number: int, *, district: str, field: str, people: int = 1) -> None:
    group = f.group(session, district=district)
    need = f.need(session, group, state="evaluated", district=district)
    f.add(session, NeedField(need_id=need.id, field=field))
    row = f.add(
        session,
        Project(need_id=need.id, group_id=group.id, title=need.title, state="evaluated",
                agreed_on=date(2026, 5, 1), ended_on=date(2026, 9, 1), created_at=f.NOW),
    )  # fmt: skip
    for person in (f.professional(session) for _each in range(people)):
        f.add(session, ProjectMember(project_id=row.id, professional_id=person.id,
                                     joined_on=row.agreed_on))  # fmt: skip
        f.add(
            session,
            HoursEntry(project_id=row.id, professional_id=person.id, minutes=60,
                       worked_on=date(2026, 6, 1), created_at=f.NOW, confirmed_at=f.NOW),
        )  # fmt: skip


@pytest.fixture
def places(session: Session) -> None:
    for code in ("tokiwa", "kusu", "oyachi"):
        f.district(session, code, label_ja=code)
    for code in ("npo-03", "npo-13"):
        f.field(session, code, label_ja=code)


@both_databases
@pytest.mark.usefixtures("places")
def test_counts_from_five_on_are_told_and_small_ones_cannot_be_worked_out(
    session: Session,
) -> None:
    for number in range(6):
        project(session, number, district="tokiwa", field="npo-13")
    for number in range(9):
        project(session, number, district="oyachi", field="npo-13")
    project(session, 0, district="kusu", field="npo-03")
    found = programme.programme(session, on=TODAY)
    (year,) = found.years
    assert (year.agreed, year.finished, year.people) == (16, 16, 16)
    assert (year.own_minutes, year.company_minutes) == (16 * 60, 0)
    assert found.by_field.parts == {"npo-13": None, "npo-03": None}
    assert found.by_district.parts == {"oyachi": 9, "tokiwa": None, "kusu": None}


@pytest.mark.usefixtures("places")
def test_hours_of_fewer_than_five_people_are_not_told(session: Session) -> None:
    project(session, 0, district="tokiwa", field="npo-13", people=4)
    (year,) = programme.programme(session, on=TODAY).years
    assert (year.agreed, year.people) == (None, None)
    assert (year.own_minutes, year.company_minutes) == (None, None)


@pytest.mark.usefixtures("places")
def test_needs_that_wait_are_counted_as_the_list_shows_them(session: Session) -> None:
    group = f.group(session, district="tokiwa")
    f.skill(session, "finance")
    f.skill(session, "accounting", parent="finance")
    need = f.need(session, group, urgency="urgent")
    f.add(session, NeedField(need_id=need.id, field="npo-13"))
    f.role(session, need, ("accounting", "finance"))
    f.need(session, group, state="draft")
    waiting = programme.programme(session, on=TODAY).waiting
    assert (waiting.needs, waiting.urgent) == (1, 1)
    assert waiting.fields == {"npo-13": 1}
    assert waiting.districts == {"tokiwa": 1}
    assert waiting.families == {"finance": 1}


@pytest.mark.usefixtures("places")
def test_the_page_says_what_is_withheld_and_the_table_leaves_it_empty(
    app: Flask, session: Session
) -> None:
    from matchmaker.services import installation

    installation.prepare(session, now=f.NOW, carried_over=False)
    for number in range(7):
        project(session, number, district="tokiwa", field="npo-13")
    project(session, 0, district="kusu", field="npo-03", people=2)
    session.commit()
    page = Pages(app.test_client()).get("/figures?lang=en")
    assert "＊" in page.text("main")
    assert all(image.get("alt") for image in page.all("main img"))
    table = app.test_client().get("/figures.csv?lang=en").get_data(as_text=True)
    assert table.startswith("\ufefffigure,figure_name,of,of_name,value,unit\r\n")
    assert "year_agreed,Projects agreed,2026,FY2026,8,projects\r\n" in table
    assert "projects_by_district,Projects by district,kusu,Kusu,,projects\r\n" in table
    table = app.test_client().get("/figures.csv?lang=ja").get_data(as_text=True)
    assert table.startswith("\ufeff項目コード,項目,区分コード,区分,値,単位\r\n")
    assert "year_agreed,合意したプロジェクト,2026,令和8年度,8,件\r\n" in table


def test_old_projects_count_in_their_own_year(session: Session, places: None) -> None:
    project(session, 0, district="tokiwa", field="npo-13")
    years = programme.programme(session, on=TODAY + timedelta(days=365)).years
    assert [year.fiscal_year for year in years] == [2026, 2027]
