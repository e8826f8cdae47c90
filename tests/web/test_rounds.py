"""The coordinator's rounds as pages: begin, wait, review, decide, ask, change, undo."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import (
    Round,
    RoundMark,
    RoundState,
)
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, seats, start_round, work_off


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def board(session: Session, town: City, now: datetime) -> Round:
    return computed_round(session, town.actor, now)


def test_from_the_first_round_to_the_board(
    pages: Pages, session: Session, town: City, now: datetime, app: Flask
) -> None:
    page = pages.get("/coordinator/rounds?lang=en")
    assert "There has been no round yet" in page.text("main")
    page = pages.get("/coordinator/rounds/new")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="2026年 秋の回", follow=True)
    assert "working out" in page.text("h1")
    assert page.headers["Refresh"] == "2"
    work_off(app.extensions["database"], now)
    page = pages.get(page.url)
    assert "the proposals are ready" in page.text("h1")
    assert "水野 陽子" in page.text("main")
    assert "Nothing has been sent" in page.text("main")


def test_a_round_without_a_name_is_told(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/rounds/new?lang=en")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="", status=422)
    assert "Please fill this in" in page.text("main")
    assert session.exec(select(Round)).all() == []


def test_a_round_of_no_need_is_told(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/rounds/new?lang=en")
    page = pages.post("/coordinator/rounds/new", {"name": "空の回"}, status=422)
    assert "Please choose at least one" in page.text("main")
    assert session.exec(select(Round)).all() == []


def test_needs_without_a_team_and_people_who_wait(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    f.role(session, town.leaflet, ("law",), title="法律")
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/unstaffed?lang=en")
    assert "Nobody offers" in page.text("main")
    assert "What would help" in page.text("main")
    page = pages.get(f"/coordinator/rounds/{row.id}/waiting?lang=en")
    assert "加藤 誠" in page.text("main")


def test_the_proof_says_how_it_is_known(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/proof?lang=en")
    assert "nothing better is possible" in page.text("main")
    assert row.inputs_hash in page.text("main")
    assert "not a level of its own: the sum of urgent needs with a team" in page.text("main")
    assert "–" not in page.texts("td")


def test_a_failed_round_names_the_pins(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    for role in (town.lead, town.designer):
        mark = {"professional_id": town.sato.id, "role_id": role.id, "kind": "pin"}
        session.add(RoundMark(round_id=row.id, created_at=now, **mark))
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    pages.submit(page.form(f"/coordinator/rounds/{row.id}/compute"), follow=True)
    work_off(app.extensions["database"], now)
    page = pages.get(f"/coordinator/rounds/{row.id}")
    assert "cannot all hold" in page.text("main")
    assert "水野 陽子" in page.text("main")  # what was proposed before is still shown


def test_search_filters_and_pages_of_a_large_round(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    for number in range(25):
        need = f.need(session, town.groups[0], title=f"大きな回のニーズ{number}")
        f.role(session, need, title="だれでも")
        f.professional(session, name=f"人 {number}")
    row = board(session, town, now)
    address = f"/coordinator/rounds/{row.id}?lang=en"
    assert len(pages.get(address).all("article.card")) == 10
    assert len(pages.get(f"{address}&page=3").all("article.card")) == 7
    assert len(pages.get(f"{address}&page=99").all("article.card")) == 7
    assert len(pages.get(f"{address}&urgency=urgent").all("article.card")) == 1
    assert len(pages.get(f"{address}&text=寄付").all("article.card")) == 1
    assert len(pages.get(f"{address}&text=みずの").all("article.card")) == 1
    assert "Nothing matches" in pages.get(f"{address}&text=%25").text("main")


def test_cancelling_is_confirmed(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/cancel?lang=en")
    pages.submit(page.form(f"/coordinator/rounds/{row.id}/cancel"), follow=True)
    session.expire_all()
    assert session.get_one(Round, row.id).state == RoundState.CANCELLED


def test_stopping_a_computation(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = start_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/stop"), follow=True)
    assert "Nothing was changed" in page.text("main")


@pytest.mark.parametrize(
    "address",
    [
        "/coordinator/rounds",
        "/coordinator/rounds/new",
        "/coordinator/rounds/{row}",
        "/coordinator/rounds/{row}/unstaffed",
        "/coordinator/rounds/{row}/waiting",
        "/coordinator/rounds/{row}/record",
        "/coordinator/rounds/{row}/proof",
        "/coordinator/rounds/{row}/fairness",
        "/coordinator/rounds/{row}/what-if",
        "/coordinator/rounds/{row}/rather",
        "/coordinator/rounds/{row}/recruit",
        "/coordinator/rounds/{row}/questions",
        "/coordinator/rounds/{row}/cancel",
        "/coordinator/rounds/{row}/approve-all",
        "/coordinator/proposals/{one}/why",
        "/coordinator/proposals/{one}/change",
        "/coordinator/policy",
    ],
)
def test_others_see_nothing(
    app: Flask, session: Session, town: City, now: datetime, address: str
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    url = address.format(row=row.id, one=one)
    stranger = app.test_client()
    assert stranger.get(url).status_code == 302
    member = f.account(session)
    f.group(session, person=member)
    assert f.signed_in(app, session, member).get(url).status_code == 403
    assert f.signed_in(app, session, f.staff(session, "city")).get(url).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/coordinator/rounds/m-none",
        "/coordinator/rounds/m-none/unstaffed",
        "/coordinator/rounds/m-none/proof",
        "/coordinator/rounds/m-none/fairness",
        "/coordinator/rounds/m-none/what-if",
        "/coordinator/what-if/e-none",
        "/coordinator/rounds/m-none/rather",
        "/coordinator/rounds/m-none/recruit",
        "/coordinator/rounds/m-none/questions",
        "/coordinator/proposals/x-none/why",
        "/coordinator/proposals/x-none/change",
    ],
)
def test_what_does_not_exist_is_not_found(pages: Pages, address: str) -> None:
    pages.get(address, status=404)
