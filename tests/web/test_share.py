"""Passing a need on: its address, a code that telephones read, a poster."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlmodel import Session

from tests import factories as f
from tests.pages import Pages
from web.papers import poster as paper

pypdf = pytest.importorskip("pypdf")


def need_of(session: Session, **given: object) -> str:
    group = f.group(session, name="ひだまり食堂")
    need = f.need(session, group, **{"title": "寄付管理を楽にしたい", **given})
    f.role(session, need, ("accounting",), seats=2)
    session.commit()
    return need.id


def test_a_need_is_passed_on_with_its_own_address(app: Flask, session: Session) -> None:
    need = need_of(session)
    page = Pages(app.test_client()).get(f"/needs/{need}?lang=en")
    assert page.text(".share-address") == f"http://127.0.0.1:8000/needs/{need}"
    code = app.test_client().get(page.find(".share img").get("src", ""))
    assert code.mimetype == "image/svg+xml"
    assert code.data.startswith(b"<svg")
    assert "mailto:?subject=%E5%AF%84" in page.html


@pytest.mark.parametrize(
    "path", ["", "https://evil.example/", "//evil.example", "/nowhere", "/account", "/coordinator/"]
)
def test_a_code_leads_to_public_pages_of_this_site_only(app: Flask, path: str) -> None:
    assert app.test_client().get("/code.svg", query_string={"at": path}).status_code == 404
    assert app.test_client().get("/code.svg", query_string={"at": "/cases"}).status_code == 200


@pytest.mark.parametrize(("size", "width"), [("a4", 595), ("a3", 842), ("a9", 595)])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_poster_is_one_page_with_what_matters(
    app: Flask, session: Session, size: str, width: int, language: str
) -> None:
    need = need_of(session, summary="とても長い説明" * 60, gain="得るもの" * 90,
                   title="とても長い名前の" * 15)  # fmt: skip
    answer = app.test_client().get(f"/needs/{need}/poster.pdf?size={size}&lang={language}")
    read = pypdf.PdfReader(io.BytesIO(answer.data))
    assert len(read.pages) == 1
    assert round(read.pages[0].mediabox.width) == width
    text = read.pages[0].extract_text()
    assert need in text
    assert ("Accounting" if language == "en" else "技能") in text
    assert b"pdfuaid" in answer.data


def test_a_need_that_is_not_open_has_no_poster(app: Flask, session: Session) -> None:
    need = need_of(session, state="staffed")
    assert app.test_client().get(f"/needs/{need}/poster.pdf").status_code == 404
    assert paper.SIZES == ("a4", "a3")
