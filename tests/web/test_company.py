"""What a company's officer reads: those who agreed, and nobody else."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import Session, col, delete, select

from matchmaker.models import Consent, HoursEntry, Project, ProjectMember
from tests import factories
from tests.pages import Pages


@pytest.fixture
def officer(app: Flask, session: Session) -> Pages:
    """An officer whose company has two people in a project; one agreed to be shown."""
    person = factories.account(session)
    company = factories.company(session, officer=person, id="c1", name="あかつき運輸")
    need = factories.need(session, factories.group(session), title="会計を見直す")
    session.add(
        Project(id="j1", need_id=need.id, group_id=need.group_id, title=need.title,
                agreed_on=date(2026, 5, 1), created_at=factories.NOW)
    )  # fmt: skip
    session.flush()
    for name in ("水野 陽子", "加藤 誠"):
        worker = factories.professional(session, name=name, company_id=company.id)
        session.add(
            ProjectMember(project_id="j1", professional_id=worker.id, company_id=company.id,
                          joined_on=date(2026, 5, 1))
        )  # fmt: skip
        session.add(
            HoursEntry(project_id="j1", professional_id=worker.id, worked_on=date(2026, 6, 1),
                       minutes=90, payer="company", confirmed_at=factories.NOW,
                       created_at=factories.NOW)
        )  # fmt: skip
        if name == "水野 陽子":
            session.add(
                Consent(professional_id=worker.id, company_id=company.id, text_version=1,
                        purpose="employer_report", given_at=factories.NOW)
            )  # fmt: skip
    factories.company(session, id="c2", name="よその会社")
    session.commit()
    return Pages(factories.signed_in(app, session, person))


def test_only_the_employee_who_agreed_is_named_and_the_other_is_not_even_counted(
    officer: Pages, session: Session
) -> None:
    page = officer.get("/company", follow=True)
    assert "水野 陽子" in page.text("table")
    assert "加藤 誠" not in page.text()
    assert "1.5" in page.text(".facts")
    assert "1.5時間" in page.text("table")
    assert "1時間30分" not in page.text(), "one way of writing hours on a report"
    few = "個人が推測されないよう、5人以上のときに表示します"
    assert few in page.text()
    assert "記録なし" in page.text("table")  # no hours in own time, rather than "0 minutes"
    session.exec(delete(ProjectMember).where(col(ProjectMember.professional_id).not_in(
        select(Consent.professional_id).where(col(Consent.company_id).is_not(None))
    )))  # fmt: skip
    session.commit()
    page = officer.get("/company/c1?lang=ja")
    assert few in page.text(), "nobody at all reads like a few, or the first to come would be seen"


def test_csv_and_excel_hold_the_same_rows(officer: Pages) -> None:
    answer = officer.client.get("/company/c1/participation.csv?year=2026")
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    book = load_workbook(
        io.BytesIO(officer.client.get("/company/c1/participation.xlsx?year=2026").get_data())
    )
    cells = list(book.active.iter_rows(values_only=True))
    assert [str(cell) for cell in cells[0]] == lines[0]
    assert cells[1][1] == lines[1][1] == "水野 陽子"
    assert cells[1][8] == float(lines[1][8]) == 1.5
    assert len(lines) == len(cells) == 2


def test_a_year_without_anybody_says_what_to_do(officer: Pages) -> None:
    page = officer.get("/company/c1?year=2020")
    assert "同意した方はいません" in page.text(".empty-state")


@pytest.mark.parametrize("file", ["", "/participation.csv", "/participation.xlsx"])
def test_another_company_is_not_found_and_strangers_stay_out(
    app: Flask, session: Session, officer: Pages, file: str
) -> None:
    assert officer.client.get(f"/company/c2{file}").status_code == 404
    coordinator = factories.signed_in(app, session, factories.staff(session))
    assert coordinator.get(f"/company/c1{file}").status_code == 403
    assert app.test_client().get(f"/company/c1{file}").status_code == 302
