"""A round too large to look closer at everybody: it is said why, and one can be asked about."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Job, Professional, Proposal, Round, RoundPerson
from matchmaker.services import closer_asks, closer_look
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, look_closer


@pytest.fixture
def town(session: Session) -> City:
    """佐藤 waits, and would have the seat in the accounts on another evening."""
    town = city(session)
    town.accounts.slots, town.sato.slots = ["wed-eve"], ["sat-am"]
    town.mizuno.state = "paused"
    session.add_all([town.accounts, town.sato, town.mizuno])
    return town


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


@pytest.fixture
def large(session: Session, town: City, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round with more pairs than are looked at by itself, after the worker has rested."""
    monkeypatch.setattr(closer_look, "MOST_PAIRS", 0)
    monkeypatch.setattr(closer_look, "MOST_TRIED", 0)
    row = computed_round(session, town.actor, now)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    return row


def seat_of(app: Flask, person: Professional) -> Proposal:
    (seat,) = f.look(app, select(Proposal).where(Proposal.professional_id == person.id))
    assert isinstance(seat, Proposal)
    return seat


def test_how_sure_a_seat_is_can_be_asked_for(
    app: Flask, pages: Pages, town: City, now: datetime, large: Round
) -> None:
    seat = seat_of(app, town.kato)
    board = pages.get(f"/coordinator/rounds/{large.id}?lang=en").text("main")
    assert "still being worked out" not in board
    assert "too large to try each seat under other weights" in board
    page = pages.get(f"/coordinator/proposals/{seat.id}/why")
    assert "This is not known yet." in page.text("main")
    page = pages.submit(page.form(f"/coordinator/proposals/{seat.id}/how-sure"), follow=True)
    assert "It is still being worked out" in page.text("main")
    assert "is still being worked out" in pages.get(f"/coordinator/rounds/{large.id}").text("main")
    look_closer(app.extensions["database"], now)
    page = pages.get(f"/coordinator/proposals/{seat.id}/why")
    assert "Stays when any one weight counts a quarter more or less." in page.text("main")
    others = f.look(app, select(Proposal).where(Proposal.id != seat.id))
    assert [each.sure for each in others] == [{}] * len(others)


def test_what_would_open_a_seat_to_one_person_can_be_asked_for(
    app: Flask, pages: Pages, town: City, now: datetime, large: Round
) -> None:
    address = f"/coordinator/rounds/{large.id}/waiting"
    page = pages.get(f"{address}?lang=en")
    assert "too large to try it for everybody" in page.text("main")
    page = pages.submit(page.form(f"{address}/{town.sato.id}/try"), follow=True)
    assert "Still being worked out." in page.text(f"#person-{town.sato.id}")
    look_closer(app.extensions["database"], now)
    waits = RoundPerson.professional_id == town.sato.id
    (told,) = f.look(app, select(RoundPerson).where(waits))
    assert f"offer_slot:{town.lead.id}=wed-eve" in told.openings["changes"]
    assert "Still being" not in pages.get(address).text(f"#person-{town.sato.id}")


def test_a_round_in_which_even_one_is_too_much_says_so(
    app: Flask, pages: Pages, town: City, large: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/coordinator/rounds/{large.id}/waiting"
    form = pages.get(f"{address}?lang=en").form(f"{address}/{town.sato.id}/try")
    monkeypatch.setattr(closer_asks, "MOST_CELLS", 0)
    assert "too large even to try it for one person" in pages.get(address).text("main")
    pages.submit(form, status=409)
    seat = seat_of(app, town.kato)
    page = pages.get(f"/coordinator/proposals/{seat.id}/why")
    assert "Even for one seat it would take too long." in page.text("main")


def test_what_went_wrong_is_said_and_can_be_tried_again(
    app: Flask, pages: Pages, session: Session, town: City, now: datetime, large: Round
) -> None:
    seat = seat_of(app, town.kato)
    page = pages.get(f"/coordinator/proposals/{seat.id}/why?lang=en")
    form = page.form(f"/coordinator/proposals/{seat.id}/how-sure")
    pages.submit(form, follow=True)
    job = session.exec(select(Job).where(Job.kind == closer_asks.SURE)).one()
    job.state = "failed"
    session.commit()
    page = pages.get(f"/coordinator/proposals/{seat.id}/why")
    assert "It could not be worked out for this seat." in page.text("main")
    pages.submit(page.form(f"/coordinator/proposals/{seat.id}/how-sure"), follow=True)
    look_closer(app.extensions["database"], now)
    assert seat_of(app, town.kato).sure


def test_who_has_a_seat_is_not_asked_about_and_unknown_teams_are_not_called_sure(
    pages: Pages, town: City, large: Round
) -> None:
    pages.get(f"/coordinator/rounds/{large.id}/waiting?lang=en")
    pages.post(f"/coordinator/rounds/{large.id}/waiting/{town.kato.id}/try", {}, status=404)
    for sure in ("sure", "close"):
        page = pages.get(f"/coordinator/rounds/{large.id}?sure={sure}&lang=en")
        assert "Nothing matches this search." in page.text("main")
