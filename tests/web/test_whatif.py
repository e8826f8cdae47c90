"""The what-if bench as a coordinator uses it."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Round, Scenario
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, work_off


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def test_three_trials_side_by_side_and_one_is_kept(
    app: Flask, pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    session.commit()
    bench = f"/coordinator/rounds/{row.id}/what-if"
    page = pages.get(f"/coordinator/rounds/{row.id}/questions?lang=en")
    page = pages.get(page.link("What if …?"))
    tried = {
        "加藤さんなし": ("without_person", {"id": town.kato.id}),
        "会計なし": ("without_need", {"id": town.accounts.id}),
        "佐藤さんで": (
            "pin",
            {"professional_id": town.sato.id, "role_id": town.designer.id, "kind": "pin"},
        ),
    }
    for name, (kind, given) in tried.items():
        page = pages.get(bench)
        page = pages.submit(page.form(bench), name=name, follow=True)
        assert "Nothing yet" in page.text("main")
        address = f"{page.path}/try/{kind}"
        page = pages.get(address)
        page = pages.submit(page.form(address), **given, follow=True)
        assert "What would become of the round" in page.text("main")
    assert "加藤 誠 loses “デザイン”" in page.text("main")
    page = pages.get(bench)
    heads = page.texts("thead th")[1:]
    assert (heads[0], set(heads[1:])) == ("Now", set(tried))
    assert "less than now" in page.text("table")
    employers = dict(zip(heads, page.texts("tbody td")[-len(heads) :], strict=True))
    assert (employers["Now"], employers["佐藤さんで"]) == ("1", "1")
    assert employers["会計なし"].startswith("0")  # 水野's company is the only one

    scenario = session.exec(select(Scenario).where(Scenario.name == "佐藤さんで")).one()
    session.commit()
    page = pages.get(f"/coordinator/what-if/{scenario.id}")
    page = pages.submit(page.form(f"/coordinator/what-if/{scenario.id}/undo"), follow=True)
    assert "Nothing yet" in page.text("main")
    page = pages.submit(page.form(f"/coordinator/what-if/{scenario.id}/redo"), follow=True)
    assert "Together: 佐藤 健 as “デザイン”" in page.text("main")
    address = f"/coordinator/what-if/{scenario.id}/keep"
    page = pages.get(address)
    page = pages.submit(page.form(address), reason="", status=422)
    page = pages.submit(page.form(address), reason="経験を積んでほしい", follow=True)
    assert "working out" in page.text("h1")
    work_off(app.extensions["database"], now)
    page = pages.get(f"/coordinator/rounds/{row.id}")
    assert "佐藤 健" in page.text("main")
    page = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "経験を積んでほしい" in page.text("main")

    other = session.exec(select(Scenario).where(Scenario.name == "会計なし")).one()
    session.commit()
    page = pages.get(f"/coordinator/what-if/{other.id}")
    page = pages.submit(page.form(f"/coordinator/what-if/{other.id}/throw-away"), follow=True)
    assert "thrown away" in page.text("main")


def test_what_cannot_hold_is_explained(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    session.commit()
    bench = f"/coordinator/rounds/{row.id}/what-if"
    page = pages.get(f"{bench}?lang=en")
    page = pages.submit(page.form(bench), follow=True)
    address = f"{page.path}/try/pin"
    page = pages.get(address)
    given = {"professional_id": town.kato.id, "role_id": town.lead.id, "kind": "pin"}
    page = pages.submit(page.form(address), **given, follow=True)
    assert "This cannot be worked out" in page.text("main")
    assert "Accounting is essential" in page.text(".note")
    assert "Keep it" not in page.text("main")
    page = pages.get(bench)
    assert "Cannot be worked out" in page.text("main")


def test_other_rules_are_told_by_what_changes(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    session.commit()
    bench = f"/coordinator/rounds/{row.id}/what-if"
    page = pages.get(f"{bench}?lang=en")
    page = pages.submit(page.form(bench), follow=True)
    address = f"{page.path}/try/terms"
    page = pages.get(address)
    page = pages.submit(
        page.form(address), wishes="77", max_new_projects="1", first_time="1", follow=True
    )
    told = page.text("main")
    assert "→ 77" in told
    assert "at most 1 new projects" in told
    assert "Groups that get support for the first time: at least 1" in told
    assert "would lose its team" in told
    page = pages.get(address)
    page = pages.submit(page.form(address), wishes="777", status=422)
    assert "100" in page.text(".error-summary")


def test_somebody_imagined_and_a_need_more(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now, need_ids=[town.leaflet.id])
    session.commit()
    bench = f"/coordinator/rounds/{row.id}/what-if"
    page = pages.get(f"{bench}?lang=en")
    page = pages.submit(page.form(bench), follow=True)
    scenario = page.path
    page = pages.get(f"{scenario}/try/new_need")
    page = pages.submit(page.form(f"{scenario}/try/new_need"), id=town.accounts.id, follow=True)
    assert "“寄付の管理を楽にしたい” would find a team." in page.text("main")
    page = pages.get(f"{scenario}/try/new_person")
    page = pages.submit(
        page.form(f"{scenario}/try/new_person"), skill="spreadsheet", level="4", follow=True
    )
    assert "With one more person: " in page.text("main")
    page = pages.get(f"{scenario}/keep")
    assert "People who are only imagined stay out" in page.text("main")
    page = pages.submit(page.form(f"{scenario}/keep"), reason="会計も入れる", follow=True)
    session.expire_all()
    assert session.exec(select(Round)).one().state == "computing"


def _trial(pages: Pages, row: Round) -> str:
    bench = f"/coordinator/rounds/{row.id}/what-if"
    page = pages.get(f"{bench}?lang=en")
    return pages.submit(page.form(bench), name="試す", follow=True).path


@pytest.mark.parametrize("weight", ["wishes", ""])
def test_points_under_other_weights_are_not_called_more_or_less(
    pages: Pages, session: Session, town: City, now: datetime, weight: str
) -> None:
    row = computed_round(session, town.actor, now)
    session.commit()
    address = f"{_trial(pages, row)}/try/terms"
    page = pages.get(address)
    other = {weight: "90"} if weight else {"max_new_projects": "1"}
    page = pages.submit(page.form(address), **other, follow=True)
    told = dict(zip(page.texts("tbody th"), page.texts("tbody td")[1::2], strict=True))
    compared = "than now" in told["Total of all fits"]
    assert compared is (not weight)
    assert ("measured in another way" in page.text("main")) is bool(weight)


def test_namesakes_can_be_told_apart(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    town.sato.name, town.sato.company_id = town.kato.name, f.company(session, name="港精機").id
    session.add(town.sato)
    row = computed_round(session, town.actor, now)
    session.commit()
    page = pages.get(f"{_trial(pages, row)}/try/without_person")
    shown = [each for each in page.texts("option") if town.kato.name in each]
    assert len(set(shown)) == 2
    assert any("港精機" in each for each in shown)
    assert town.mizuno.name in page.texts("option")  # alone with the name: nothing is added


def test_where_no_need_is_open_besides_it_says_so(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    session.commit()
    page = pages.get(f"{_trial(pages, row)}/try/new_need")
    assert "No need is open besides" in page.text("main")
    assert not page.texts("select")
