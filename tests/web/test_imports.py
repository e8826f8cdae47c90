"""Import and export pages: nothing is taken over unseen, and every fault is told at its place."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from matchmaker.db import session_factory
from matchmaker.jobs import Worker
from matchmaker.models import Professional, ProfileState
from matchmaker.services import imports, taxonomy
from matchmaker.services.uploads import read_upload
from tests import factories
from tests.conftest import NOW
from tests.pages import Page, Pages
from tests.services.markets import FULL, zipped


@pytest.fixture
def pages(app: Flask, session: Session) -> Pages:
    taxonomy.load(session)
    return Pages(factories.signed_in(app, session, factories.staff(session, name="係 ひとみ")))


def send(pages: Pages, *files: tuple[str, bytes]) -> Page:
    page = pages.get("/coordinator/imports")
    data: dict[str, Any] = {"files": [(io.BytesIO(content), name) for name, content in files]}
    return pages.post("/coordinator/imports", {**data, "csrf_token": page.token})


def work_off(engine: Engine) -> None:
    Worker(session_factory(engine), imports.HANDLERS, clock=lambda: NOW).work_off()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_upload_look_take_over(
    pages: Pages, session: Session, engine: Engine, language: str
) -> None:
    pages.get(f"/coordinator/imports?lang={language}")
    page = send(pages, ("market.zip", zipped(FULL)))
    address = page.path
    assert address.startswith("/coordinator/imports/i-")
    work_off(engine)
    page = pages.get(address)
    assert "professionals" in page.text("table")
    page = pages.get(f"{address}/apply")
    page = pages.submit(page.form("apply"))
    work_off(engine)
    page = pages.get(address)
    assert page.all(".notice-success")
    assert session.get_one(Professional, "p1").state == ProfileState.VERIFIED
    kind = {"ja": "表をまとめたzip", "en": "Tables (zip), "}[language]
    assert kind in pages.get("/coordinator/imports").text("table")
    assert "market.zip" in page.text("main")


def test_several_csv_files_in_cp932_are_one_import(
    pages: Pages, session: Session, engine: Engine
) -> None:
    files = [(f"{name}.csv", text.encode("cp932")) for name, text in FULL.items()]
    page = send(pages, *files)
    work_off(engine)
    page = pages.get(f"{page.path}/apply")
    pages.submit(page.form("apply"))
    work_off(engine)
    assert session.get_one(Professional, "p2").name == "髙﨑 ①郎"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_fault_is_told_with_its_place_and_nothing_can_be_taken_over(
    pages: Pages, session: Session, engine: Engine, language: str
) -> None:
    files = dict(FULL) | {
        "wishes": "professional_id,need_id,rank\np1,n1,9\n😀,n1,1\np7,n1,1\n",
        "groups": "id,name,kind\ng1,<script>alert(1)</script>,circus\ng2,,npo\n",
        "needs": FULL["needs"].replace("leaflet", "no-such-menu"),
    }
    pages.get(f"/coordinator/imports?lang={language}")
    page = send(pages, ("market.zip", zipped(files)))
    address = page.path
    work_off(engine)
    page = pages.get(address)
    assert page.all(".notice-error")
    places = {tuple(cell for cell in row.split() if cell) for row in page.texts("tbody tr")}
    assert any(row[:2] == ("wishes.csv", "2") for row in places)
    assert any(row[:2] == ("groups.csv", "3") for row in places)
    assert not page.all("main script")
    assert session.get(Professional, "p1") is None
    session.rollback()
    apply = pages.get(f"{address}/apply", follow=True)
    assert apply.path == address
    page = pages.submit(apply.form("drop"))
    assert page.path == "/coordinator/imports"
    pages.get(address, status=404)


@pytest.mark.parametrize(
    ("name", "content"),
    [("picture.png", b"\x89PNG\x00"), ("market.zip", b"PK\x03\x04nothing"), ("notes.csv", b"a,b")],
)
def test_a_file_that_is_no_market_is_refused_in_words(
    pages: Pages, engine: Engine, name: str, content: bytes
) -> None:
    page = send(pages, (name, content))
    work_off(engine)
    assert pages.get(page.path).all(".notice-error")


def test_nothing_chosen_is_told_beside_the_field(pages: Pages) -> None:
    page = send(pages)
    assert page.status == 422
    assert page.errors


def test_export_and_template_come_in_again(pages: Pages, session: Session) -> None:
    imports.import_files(
        session,
        actor=factories.actor(session, factories.staff(session)),
        now=NOW,
        given=read_upload(zipped(FULL)),
        name="first",
    )
    session.commit()
    for kind in ("zip", "xlsx"):
        page = pages.get("/coordinator/imports")
        answer = pages.post(f"/coordinator/export/{kind}", {"csrf_token": page.token})
        assert answer.status == 200
        assert f".{kind}" in answer.headers["Content-Disposition"]
        given = read_upload(answer.answer.data)
        assert len(given.raw.rows["professionals"]) == 2
        template = pages.get(f"/coordinator/imports/template.{kind}")
        assert not read_upload(template.answer.data).raw.rows["professionals"]
        pages.get(f"/coordinator/export/{kind}", status=405)
    pages.get("/coordinator/imports/template.exe", status=404)


def test_the_zip_comes_in_shift_jis_or_says_what_that_lacks(pages: Pages, session: Session) -> None:
    group = factories.group(session, name="髙﨑の会", state="verified")
    session.commit()
    page = pages.get("/coordinator/imports?lang=ja")
    older = {"csrf_token": page.token, "encoding": "cp932"}
    answer = pages.post("/coordinator/export/zip", older).answer
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "髙﨑の会" in archive.read("groups.csv").decode("cp932")
    assert read_upload(answer.data).raw.rows["groups"][0][1]["name"] == "髙﨑の会"
    group.name = "森鷗外の会 ☕"
    session.commit()
    page = pages.post("/coordinator/export/zip", older, status=422)
    assert "groups.csv" in page.text("table")
    assert "☕" in page.text("table")
    assert "鷗" in page.text("table")


def test_others_do_not_reach_any_of_it(app: Flask, session: Session, pages: Pages) -> None:
    person = factories.signed_in(app, session, factories.account(session))
    for path in ("imports", "imports/i-1", "imports/i-1/apply", "imports/template.zip"):
        assert person.get(f"/coordinator/{path}").status_code == 403
        assert app.test_client().get(f"/coordinator/{path}").status_code == 302
    pages.get("/coordinator/imports/i-nowhere", status=404)
