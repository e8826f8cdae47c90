"""Questions to a whole round, as a coordinator reads them, and what a group is asked for."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.jobs import utc_now
from matchmaker.models import GroupMember, Notice, ProfessionalSkill, RoleSkill, Wish
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, recompute
from web.mail import compose


@pytest.fixture
def town(session: Session) -> City:
    """A leaflet nobody can make as it is asked for: 加藤 is one level below."""
    world = city(session)
    skill = session.get_one(RoleSkill, (world.designer.id, "leaflets"))
    skill.min_level, skill.essential = 4, True
    session.add(skill)
    return world


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def test_from_the_question_to_the_group_to_the_team(
    app: Flask, pages: Pages, session: Session, town: City, now: datetime
) -> None:
    chair = f.account(session, name="会長 花子", language="en")
    f.add(
        session,
        GroupMember(group_id=town.groups[1].id, account_id=chair.id, role="contact", joined_at=now),
    )
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/unstaffed?lang=en")
    action = f"/coordinator/rounds/{row.id}/needs/{town.leaflet.id}/ask"
    page = pages.submit(page.form(action), follow=True)
    assert "The group was asked" in page.text("main")
    asked = session.exec(select(Notice).where(Notice.code == "change_asked")).one()
    session.commit()
    mail = compose(app, asked, now=utc_now())
    assert mail is not None
    text = mail.get_content()
    assert "“デザイン”: accept" in text
    assert "“expert”" in text

    theirs = Pages(f.signed_in(app, session, chair))
    home = theirs.get("/group/?lang=en")
    assert "with a small change there would be a team" in home.text("main")
    address = f"/group/needs/{town.leaflet.id}/changes/{asked.params['change_id']}"
    assert f"{address}\n" in text
    page = theirs.get(f"{address}?lang=en")
    page = theirs.submit(page.form(address), status=422)
    assert "Please choose" in page.text("main")
    page = theirs.submit(page.form(address), answer="yes", note="よろしく", follow=True)
    assert "The need was changed" in page.text("main")
    assert "Agreed to a change" in page.text(".timeline")

    told = session.exec(select(Notice).where(Notice.code == "change_answered")).one()
    session.commit()
    mail = compose(app, told, now=utc_now())
    assert mail is not None
    assert "よろしく" in mail.get_content()
    page = pages.get(f"/coordinator/rounds/{row.id}/unstaffed?lang=en")
    assert "The group agreed; it is changed" in page.text("main")
    recompute(session, town.actor, now, row)
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    assert "まつりのチラシをつくりたい" in page.text("main")


def test_whom_to_recruit(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/recruit?lang=en")
    told = page.text("main")
    assert "Leaflets (leads others)" in told
    assert "One such person gives this need a team:" in told
    assert "まつりのチラシをつくりたい" in told


def test_nobody_is_missing_when_every_need_has_a_team(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    skill = session.get_one(RoleSkill, (town.designer.id, "leaflets"))
    skill.min_level = 1
    session.add(skill)
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/recruit?lang=en")
    assert "No single person is missing." in page.text("main")


def test_who_would_rather_be_together(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    """水野 wishes for the leaflet, but the accounts have nobody else: she would rather leave."""
    skill = session.get_one(RoleSkill, (town.designer.id, "leaflets"))
    skill.min_level = 1
    session.add(skill)
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/rather?lang=en")
    assert "There is no such pair." in page.text("main")

    f.add(session, ProfessionalSkill(professional_id=town.mizuno.id, skill="leaflets", level=4))
    town.sato.state = "paused"  # else he would take her place with the accounts
    session.add(town.sato)
    for person, need in ((town.mizuno, town.accounts), (town.kato, town.leaflet)):
        session.delete(session.get_one(Wish, (person.id, need.id)))
    f.add(session, Wish(professional_id=town.mizuno.id, need_id=town.leaflet.id, rank=1))
    session.commit()
    recompute(session, town.actor, now, row)
    page = pages.get(f"/coordinator/rounds/{row.id}/rather?lang=en")
    told = page.text("table")
    assert "水野 陽子“デザイン” in “まつりのチラシをつくりたい”" in told
    assert "“会計の見直し” in “寄付の管理を楽にしたい”" in told
    assert "加藤 誠" in told
    page = pages.get(page.link("What it costs"))
    assert "水野 陽子" in page.text("#answer")
