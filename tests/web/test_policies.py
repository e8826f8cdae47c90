"""The rules of a round as pages: promises with their price, a new policy."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.engine import Policy
from matchmaker.models import (
    PolicyVersion,
    ProfessionalSkill,
    RoundState,
)
from matchmaker.services import policies
from tests import factories as f
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def test_promises_are_published_kept_and_priced(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    pages.submit(
        page.form("/coordinator/policy"), neighbourhood="1", new_employers=True, note="公平に"
    )
    rules = pages.get("/rules?lang=en")
    assert "Neighbourhood associations: at least 1 of them gets support" in rules.text("main")
    assert "employers as possible who are new to the programme" in rules.text("main")
    town.groups[1].kind = "neighbourhood"
    session.add(town.groups[1])
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/proof?lang=en")
    assert "Groups that were promised support and get it" in page.text("table")
    assert "Employers new to the programme" in page.text("table")
    page = pages.get(f"/coordinator/rounds/{row.id}/fairness")
    assert "What this promise cost: Neighbourhood associations" in page.text("main")
    assert "Nothing: the round would be the same." in page.text("main")
    assert "only coordinators see this" not in page.text("main")


def test_a_promise_that_costs_says_who_paid(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    """One person, two needs: the promise sends her to the group that fits less well."""
    policies.publish(
        session,
        actor=town.actor,
        now=now,
        data={
            **policies.entries(Policy()),
            "first_time": 1,
            "note": "初めての団体に",
            "based_on": 0,
        },
    )
    for person in (town.kato, town.sato, town.le):
        person.state = "paused"
        session.add(person)
    town.groups[0].last_supported_on = TODAY
    session.add(town.groups[0])
    f.add(session, ProfessionalSkill(professional_id=town.mizuno.id, skill="leaflets", level=1))
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/fairness?lang=en")
    told = page.text("main")
    assert "Groups that get support for the first time111" in told  # served, here, promised
    assert "“寄付の管理を楽にしたい (ひだまり食堂の会)” would find a team." in told
    assert "“まつりのチラシをつくりたい (楠まつり実行委員会)” would lose its team." in told
    assert "水野 陽子: from “デザイン” in “まつりのチラシをつくりたい”" in told
    assert row.measures["prices"]["first_time"]["total_score"] > 0
    row.state, row.sent_at = RoundState.SENT, now
    session.add(row)
    session.commit()
    page = pages.get(f"/rounds/{row.id}?lang=en")
    told = page.text("main")
    assert "What the promises cost the others" in told
    assert "Groups that get support for the first time: " in told
    assert "total of all fits: " in told
    assert "水野" not in told


def test_publishing_a_policy(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    page = pages.submit(page.form("/coordinator/policy"), skills="60", note="", status=422)
    assert session.exec(select(PolicyVersion)).all() == []
    session.commit()
    page = pages.submit(
        page.form("/coordinator/policy"), skills="60", note="技能をもっと大事にします", follow=True
    )
    assert "The policy is published" in page.text("main")
    version = session.exec(select(PolicyVersion)).one()
    assert version.body["weights"]["skills"] == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_time", "-1"),
        ("neighbourhood", "ten"),
        ("skills", "-1"),
        ("skills", "many"),
        ("floor", "0"),
        ("time", "101"),
        ("note", "\u202eab"),
    ],
)
def test_a_wrong_policy_is_told_and_not_stored(
    pages: Pages, session: Session, name: str, value: str
) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    values = {"note": "ためす", name: value}
    pages.submit(page.form("/coordinator/policy"), status=422, **values)
    assert session.exec(select(PolicyVersion)).all() == []
