"""What the city officer and everybody else read of the indicator."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session, func, select

from matchmaker.models import AccountRole, IndicatorFigure, Project, ProjectMember
from matchmaker.services import installation
from tests import factories
from tests.pages import Pages

ROWS = "/city/indicators/employers/rows.csv"


@pytest.fixture
def officer(app: Flask, session: Session) -> Pages:
    """A city officer; one employer has taken part since 36 were counted before."""
    installation.prepare(session, now=factories.NOW)
    account = factories.account(session)
    session.add(AccountRole(account_id=account.id, role="city"))
    need = factories.need(session, factories.group(session), title="会計を見直す")
    person = factories.professional(
        session, company_id=factories.company(session, name="=あさひ").id
    )
    session.add(
        Project(id="j1", need_id=need.id, group_id=need.group_id, title=need.title,
                agreed_on=date(2026, 5, 1), created_at=factories.NOW)
    )  # fmt: skip
    session.flush()
    session.add(
        ProjectMember(project_id="j1", professional_id=person.id, company_id=person.company_id,
                      joined_on=date(2026, 5, 1))
    )  # fmt: skip
    session.commit()
    return Pages(factories.signed_in(app, session, account))


def test_the_officer_sees_thirty_seven_of_fifty_and_the_row_that_makes_it(officer: Pages) -> None:
    page = officer.get("/city")
    row = next(line for line in page.texts("tbody tr") if "プロボノワーカー" in line)
    assert "37者" in row
    assert "50者" in row
    page = officer.get("/city/indicators/employers")
    assert "=あさひ" in page.text("#rows")
    assert "令和8年度" in page.text()


def test_the_rows_as_a_file_carry_no_formula_and_no_person(officer: Pages) -> None:
    answer = officer.client.get(ROWS)
    text = answer.get_data().decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row == ["2026", "2026-05-01", "会計を見直す", row[3], "'=あさひ", "1", "はい"]


def test_the_english_page_is_english(officer: Pages) -> None:
    page = officer.get("/city/indicators/employers?lang=en")
    assert "FY2026" in page.text()
    assert "Employers of pro bono workers" in page.text("h1")


def test_everybody_sees_the_figures_but_no_row(app: Flask, officer: Pages) -> None:
    page = Pages(app.test_client()).get("/figures")
    assert "37" in page.text(".meter-value")
    assert "あさひ" not in page.text()


@pytest.mark.parametrize("url", ["/city", "/city/indicators/employers", ROWS])
def test_others_do_not_reach_the_rows(
    app: Flask, session: Session, officer: Pages, url: str
) -> None:
    assert app.test_client().get(url).status_code == 302
    stranger = factories.signed_in(app, session, factories.account(session))
    assert stranger.get(url).status_code == 403


def test_an_indicator_that_is_not_there_is_not_found(officer: Pages) -> None:
    officer.get("/city/indicators/none", status=404)


def test_a_running_year_cannot_be_frozen(officer: Pages) -> None:
    officer.get("/city/indicators/employers")
    officer.post("/city/indicators/employers/freeze", {"year": "2026"}, status=403)


def test_everything_wrong_with_a_figure_is_said_at_once(officer: Pages, session: Session) -> None:
    address = "/city/indicators/association_members"
    page = officer.get(f"{address}?lang=en")
    before = session.exec(select(func.count()).select_from(IndicatorFigure)).one()
    session.commit()
    page = officer.submit(
        page.form(address), year="2099", value="84.15", source="", measured_on="2026-13-40",
        status=422,
    )  # fmt: skip
    assert len(page.errors) == 4, page.errors
    page = officer.submit(page.form(address), year="", value="viele", source="", status=422)
    assert session.exec(select(func.count()).select_from(IndicatorFigure)).one() == before
    session.commit()
    page = officer.submit(
        page.form(address), year="2025", value="84.1", source="市民生活課",
        measured_on="2026-05-01", follow=True,
    )  # fmt: skip
    assert "The figure is stored." in page.text("body")
