"""The city officer's indicators, years and the committee's pack, as pages and papers."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import Session

from matchmaker.models import AccountRole, IndicatorFigure, Project
from matchmaker.services import installation
from matchmaker.services.fiscal import fiscal_year
from tests import factories
from tests.pages import Pages
from tests.web.test_papers import paper, words

YEAR = fiscal_year(date.today())  # noqa: DTZ011 - the running one


@pytest.fixture
def officer(app: Flask, session: Session) -> Pages:
    installation.prepare(session, now=factories.NOW)
    account = factories.account(session)
    session.add(AccountRole(account_id=account.id, role="city"))
    session.commit()
    return Pages(factories.signed_in(app, session, account))


def test_from_the_list_to_a_new_figure(officer: Pages) -> None:
    page = officer.get("/city?lang=en")
    assert "83.7 %" in page.text("main")
    assert "★369 people" in page.text("main")
    page = officer.get(page.link("Households in neighbourhood associations"))
    form = page.form("/city/indicators/association_members")
    page = officer.submit(form, year="2025", value="84.15", source="市", status=422)
    assert "at most 1 digits" in page.text(".error-summary")
    page = officer.submit(form, year="2025", value="84.1", source="市民生活課", follow=True)
    assert "84.1 %" in page.text("table")
    assert "86.1" in page.text(".facts")  # 0.4 a year, five years to go
    page = officer.get("/city?lang=ja")
    assert "84.1%" in page.text("main")


def test_the_pack_holds_figures_and_words(officer: Pages) -> None:
    page = officer.get(f"/city/years/{YEAR}?lang=ja")
    page = officer.get(f"/city/years/{YEAR}/review")
    said = "動画を作れる人が足りませんでした。\n\n来年は企業に声をかけます。"
    page = officer.submit(page.form("/review"), learned=said, follow=True)
    assert "動画を作れる人" in page.text("main")
    found = words(paper(officer, f"/city/years/{YEAR}/pack.pdf"))
    for text in ("基本方針1市民協働の入り口の拡大", "29.4%", "★369人", "50者", "動画を作れる人",
                 "自治会加入率", "応えられなかったニーズ"):  # fmt: skip
        assert text in found, text
    answer = officer.client.get(f"/city/years/{YEAR}/pack.xlsx")
    for file in ("pack.pdf", "pack.xlsx"):
        once, twice = (officer.client.get(f"/city/years/{YEAR}/{file}").data for _each in (1, 2))
        assert once == twice
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
    book = load_workbook(io.BytesIO(answer.data))
    names = ["指標", "プロボノ事業", "応えられなかったニーズ", "委員会への説明"]
    assert book.sheetnames == names
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert not sheet.merged_cells.ranges
    assert len(rows[0]) == 9
    rate = next(row for row in rows if row[1] == "市民活動への参加率")
    assert rate[3:7] == (2024, 29.4, None, 35)
    page = officer.get(f"/city/years/{YEAR}")
    for name, value, unit, before, gap in book.worksheets[1].iter_rows(values_only=True, min_row=2):
        assert name in page.text("main")
        assert unit
        assert value is None or value == 0
        assert before is gap is None  # nothing is told of the year before


def test_a_year_is_told_without_what_came_after_it(officer: Pages, session: Session) -> None:
    need = factories.need(session, factories.group(session))
    session.add(Project(need_id=need.id, group_id=need.group_id, title=need.title,
                        agreed_on=date(YEAR - 1, 6, 1), created_at=factories.NOW))  # fmt: skip
    figures = [IndicatorFigure(indicator="association_members", fiscal_year=year, gross=gross,
                               source_ja="市", source_en="City")
               for year, gross in ((YEAR - 1, 841), (YEAR, 852))]  # fmt: skip
    session.add_all(figures)
    session.commit()
    for year, held, left in ((YEAR - 1, "84.1%", "85.2%"), (YEAR, "85.2%", "84.1%")):
        found = words(paper(officer, f"/city/years/{year}/pack.pdf"))
        assert held in found
        assert left not in found
    book = load_workbook(io.BytesIO(officer.client.get(f"/city/years/{YEAR - 1}/pack.xlsx").data))
    assert YEAR not in {row[3] for row in book.worksheets[0].iter_rows(values_only=True)}


def test_years_there_is_nothing_to_tell_of(officer: Pages, app: Flask, session: Session) -> None:
    officer.get("/city/years/1999", status=404)
    officer.get(f"/city/years/{YEAR + 1}/pack.pdf", status=404)
    coordinator = Pages(factories.signed_in(app, session, factories.staff(session)))
    for address in ("/city", f"/city/years/{YEAR}", f"/city/years/{YEAR}/pack.pdf"):
        coordinator.get(address, status=403)
