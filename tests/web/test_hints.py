"""Who waits is told what would open a seat: once, and nothing but the change."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.jobs import utc_now
from matchmaker.models import Notice, Round
from matchmaker.services import hints
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, look_closer
from web.mail import compose


@pytest.fixture
def town(session: Session) -> City:
    """The accounts meet on Wednesday evening, 佐藤 is free on Saturday morning only."""
    world = city(session)
    world.accounts.slots, world.sato.slots = ["wed-eve"], ["sat-am"]
    world.mizuno.state = "paused"
    session.add_all([world.accounts, world.sato, world.mizuno])
    return world


def looked_at(session: Session, town: City, now: datetime) -> Round:
    row = computed_round(session, town.actor, now)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    return row


def test_a_coordinator_tells_somebody_what_would_open_a_seat(
    app: Flask, session: Session, town: City, now: datetime
) -> None:
    town.sato.email = "sato@example.jp"
    session.add(town.sato)
    row = looked_at(session, town, now)
    pages = Pages(f.signed_in(app, session, town.coordinator))
    page = pages.get(f"/coordinator/rounds/{row.id}/waiting?lang=en")
    assert "Free on Wednesday evening as well: then “会計の見直し, 寄付の管理" in page.text("main")
    action = f"/coordinator/rounds/{row.id}/waiting/{town.sato.id}/tell"
    sent = page.form(action)
    page = pages.submit(sent, follow=True)
    assert "was told" in page.text("main")
    pages.submit(sent, follow=True)  # pressed twice
    notice = session.exec(select(Notice).where(Notice.code == "opening_told")).one()
    session.commit()
    mail = compose(app, notice, now=utc_now())
    assert mail is not None
    assert mail["To"].addresses[0].addr_spec == "sato@example.jp"
    text = mail.get_content()
    assert "水曜の夜" in text
    for name in ("寄付の管理", "会計の見直し", "ひだまり食堂", "加藤"):
        assert name not in text


def test_only_what_was_proven_and_only_by_mail(session: Session, town: City, now: datetime) -> None:
    row = looked_at(session, town, now)
    opening = f"offer_slot:{town.lead.id}=wed-eve"
    for person, told, code in (
        (town.sato, f"offer_slot:{town.lead.id}=sun-am", "change_not_found"),
        (town.kato, opening, "person_not_waiting"),
        (town.sato, opening, "no_address"),
    ):
        with pytest.raises((Conflict, NotFound)) as refused:
            hints.tell(
                session, actor=town.actor, now=now, round_id=row.id, professional_id=person.id,
                opening=told,
            )  # fmt: skip
        assert refused.value.code == code
    assert session.exec(select(Notice)).all() == []
