"""People a company pledges: entered by its officer, confirmed, and kept seats for in a round."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.engine.policy import Reserve
from matchmaker.errors import Invalid, NotFound
from matchmaker.models import Account, CompanyOfficer, CompanyPledge, NeedField, Round
from matchmaker.services import fairness, pledges, results, rounds
from tests import factories as f
from tests import scenes
from tests.pages import Pages

PERIOD = {"from_on": date(2026, 11, 1), "until_on": date(2027, 3, 31)}


def officer_of(app: Flask, session: Session, world: scenes.City) -> Pages:
    person = f.account(session)
    f.add(session, CompanyOfficer(company_id=world.company.id, account_id=person.id))
    return Pages(f.signed_in(app, session, person))


def test_a_pledge_waits_until_it_is_confirmed_then_the_next_round_keeps_its_seats(
    app: Flask, session: Session, now: datetime
) -> None:
    world = scenes.city(session)
    world.sato.company_id = world.company.id
    session.add(world.sato)
    officer = officer_of(app, session, world)
    path = f"/company/{world.company.id}/pledges"
    page = officer.get(f"{path}?lang=ja")
    page = officer.submit(page.form(path), seats="2", from_on="2026-11-01", until_on="2027-03-31")
    assert "確認待ち" in page.text("table")

    before = scenes.computed_round(session, world.actor, now)
    assert not rounds.policy_of(before).reserved, "not before a coordinator confirms"
    plain = results.result_of(before).levels
    rounds.cancel(session, actor=world.actor, now=now, round_id=before.id, version=before.version)
    session.commit()

    coordinator = Pages(f.signed_in(app, session, world.coordinator))
    assert world.company.name in coordinator.get("/coordinator?lang=ja").text("main")
    page = coordinator.get(f"/coordinator/companies/{world.company.id}?lang=ja")
    page = coordinator.submit(page.form("/confirm"))
    assert "確認済み" in page.text("table")

    row = scenes.computed_round(session, world.actor, now)
    (reserve,) = rounds.policy_of(row).reserved
    assert reserve == Reserve(
        world.company.id, tuple(sorted([world.accounts.id, world.leaflet.id])), 2
    )
    levels = results.result_of(row).levels
    assert levels["reserved_seats"] == 2
    assert levels["groups_served"] == plain["groups_served"]
    assert levels["needs_staffed"] == plain["needs_staffed"]
    assert levels["total_score"] < plain["total_score"], "佐藤 fits the leaflet less than 加藤"
    (kept,) = fairness.report(session, actor=world.actor, round_id=row.id).kept
    assert (kept.held, kept.seats) == (2, 2)
    gained = levels["total_score"] - plain["total_score"]
    assert (kept.without.loss or {})["total_score"] == gained
    page = coordinator.get(f"/coordinator/rounds/{row.id}/fairness?lang=ja")
    assert world.company.name in page.text("main")
    assert session.exec(select(CompanyPledge.round_id)).one() == row.id, "reserved once"
    assert "2026年 秋の回" in officer.get(f"{path}?lang=ja").text("table")


def test_only_needs_of_the_form_theme_and_period_are_kept_for_it(
    session: Session, now: datetime
) -> None:
    world = scenes.city(session)
    f.add(session, NeedField(need_id=world.leaflet.id, field=f.field(session, "npo-03").code))
    actor = f.actor(session, _officer(session, world))
    for given, suiting in (
        ({"form": "team"}, {world.accounts.id}),
        ({"theme": "npo-03"}, {world.leaflet.id}),
        ({"form": "session"}, set()),
    ):
        data = {"seats": 1, **PERIOD, **given}
        made = pledges.pledge(session, actor=actor, now=now, today=scenes.TODAY,
                              company_id=world.company.id, data=data)  # fmt: skip
        pledges.confirm(session, actor=world.actor, now=now, pledge_id=made.id, version=1)
        row = rounds.create(session, actor=world.actor, now=now, today=scenes.TODAY,
                            data={"name": "回"})  # fmt: skip
        assert {need for each in rounds.policy_of(row).reserved for need in each.needs} == suiting
        rounds.cancel(session, actor=world.actor, now=now, round_id=row.id, version=row.version)
        session.refresh(made)
        pledges.withdraw(session, actor=actor, now=now, pledge_id=made.id, version=made.version)


def _officer(session: Session, world: scenes.City) -> Account:
    person = f.account(session)
    f.add(session, CompanyOfficer(company_id=world.company.id, account_id=person.id))
    return person


def test_who_may_what(session: Session, now: datetime) -> None:
    world = scenes.city(session)
    actor = f.actor(session, _officer(session, world))
    stranger = f.actor(session, f.account(session))
    data = {"seats": 2, **PERIOD}
    with pytest.raises(NotFound):
        pledges.pledge(session, actor=stranger, now=now, today=scenes.TODAY,
                       company_id=world.company.id, data=data)  # fmt: skip
    with pytest.raises(Invalid):
        pledges.pledge(session, actor=actor, now=now, today=date(2027, 4, 1),
                       company_id=world.company.id, data=data)  # fmt: skip
    made = pledges.pledge(session, actor=actor, now=now, today=scenes.TODAY,
                          company_id=world.company.id, data=data)  # fmt: skip
    with pytest.raises(Exception, match="coordinators_only"):
        pledges.confirm(session, actor=actor, now=now, pledge_id=made.id, version=1)
    with pytest.raises(NotFound):
        pledges.withdraw(session, actor=stranger, now=now, pledge_id=made.id, version=1)
    with pytest.raises(Invalid):
        pledges.decline(
            session, actor=world.actor, now=now, pledge_id=made.id, version=1, reason=""
        )
    pledges.decline(session, actor=world.actor, now=now, pledge_id=made.id, version=1,
                    reason="対象のニーズがありません。")  # fmt: skip
    assert session.exec(select(CompanyPledge.state)).one() == "declined"
    assert session.exec(select(Round)).all() == []
