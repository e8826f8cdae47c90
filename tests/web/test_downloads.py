"""Tables as files: what a machine and an older spreadsheet can read, with nothing lost unsaid."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session

from tests import factories as f
from tests.pages import Pages
from web.downloads import csv_download


def table(data: bytes, code: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(code), newline="")))


@pytest.fixture
def visitor(app: Flask, session: Session) -> Pages:
    group = f.group(session, name="𠮷野川〜の会")
    f.need(session, group, title="会計①を見直す", starts_on=date(2026, 12, 5))
    f.need(session, group, title="=1+1", summary="あ,い\nう")
    f.need(session, f.group(session, name="髙﨑㈱"), title="café で話す")
    session.commit()
    return Pages(app.test_client())


def test_a_file_has_one_header_row_full_rows_and_iso_dates(visitor: Pages) -> None:
    answer = visitor.client.get("/needs.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = table(answer.data)
    assert len(rows) == 4
    assert len(set(rows[0])) == len(rows[0])
    assert all(rows[0])
    assert {len(row) for row in rows} == {len(rows[0])}
    assert any("2026-12-05" in row for row in rows)


def test_what_shift_jis_lacks_is_listed_first_and_marked_only_on_request(visitor: Pages) -> None:
    page = visitor.get("/needs.csv?encoding=cp932&lang=ja&q=")
    assert "Shift_JIS" in page.text("h1")
    listed = {(row[2].text or "", row[3].text or "") for row in page.all("tbody tr")}
    assert listed == {("𠮷野川～の会", "𠮷"), ("café で話す", "é")}
    full = visitor.client.get(page.link("UTF-8で受け取る"))
    assert "𠮷野川〜の会" in full.data.decode("utf-8-sig")
    marked = visitor.client.get(page.link("〓を入れたShift_JISで受け取る"))
    assert marked.content_type == "text/csv; charset=Windows-31J"
    cells = {cell for row in table(marked.data, "cp932") for cell in row}
    assert {"〓野川～の会", "caf〓 で話す", "髙﨑㈱", "会計①を見直す", "'=1+1"} <= cells


def test_a_file_that_can_be_written_comes_at_once(app: Flask) -> None:
    with app.test_request_context("/?encoding=cp932"):
        answer = csv_download("x", ["名"], [["髙﨑〜−—"]])
    assert answer.mimetype == "text/csv"
    assert table(answer.data, "cp932") == [["名"], ["髙﨑～－―"]]


def test_every_list_offers_both_codes(visitor: Pages) -> None:
    page = visitor.get("/needs?way=remote")
    hrefs = [link.get("href", "") for link in page.all(".downloads a")]
    assert any(href.endswith("encoding=cp932") and "way=remote" in href for href in hrefs)
