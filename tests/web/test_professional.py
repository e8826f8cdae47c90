"""The professional's pages: profile, skill picker, wishes, resting and leaving."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, func, select

from matchmaker.models import Company, Professional, ProfileState, Wish
from matchmaker.services import profiles, taxonomy
from tests import factories
from tests.pages import Page, Pages


@pytest.fixture
def pages(app: Flask, session: Session) -> Pages:
    taxonomy.load(session)
    return Pages(factories.signed_in(app, session, factories.account(session, name="青木 花")))


@pytest.fixture
def known(app: Flask, session: Session) -> Pages:
    """A professional whose profile is checked."""
    taxonomy.load(session)
    person = factories.account(session, name="青木 花")
    factories.professional(session, person=person)
    return Pages(factories.signed_in(app, session, person))


def mine(session: Session) -> Professional:
    session.rollback()
    session.expire_all()
    return session.exec(select(Professional)).one()


def write_who(pages: Pages, **more: Any) -> Page:
    page = pages.get("/professional/profile/who")
    return pages.submit(
        page.form("who"), name="青木 花", kana="アオキ ハナ", relation="resident", **more
    )


def test_a_stranger_is_sent_to_sign_in(app: Flask) -> None:
    for path in ("", "/profile/who", "/profile/skills", "/profile/check", "/wishes", "/pause"):
        answer = app.test_client().get(f"/professional{path}")
        assert answer.status_code == 302
        assert "/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_profile_from_the_first_page_to_the_check(
    pages: Pages, session: Session, language: str
) -> None:
    page = pages.get(f"/professional?lang={language}")
    pages.get(page.link("プロフィールを書く" if language == "ja" else "Begin my profile"))
    page = write_who(pages, employer="みほん工業", district="tokiwa")
    assert page.path == "/professional/profile/skills"

    page = pages.submit(page.form("skills"), press="act", text="経理と会計")
    assert page.status == 200
    assert "accounting" in page.form("skills").boxes["add"]
    form = page.form("skills")
    page = pages.client.post(
        form.action,
        data={"csrf_token": page.token, "version": "1", "act": "add", "add": ["accounting"]},
    )
    page = Page(page, form.action)
    assert "level-accounting" in page.form("skills").boxes

    form = page.form("skills")
    sent = form.filled({"level-accounting": "3"})
    sent.setlist("act", ["save"])
    answer = pages.client.post(form.action, data=sent)
    assert answer.headers["Location"].endswith("/profile/when")

    page = pages.get("/professional/profile/when")
    page = pages.submit(
        page.form("when"), hours_per_week="３", modes=["remote", "onsite"], slots=["sat-am"]
    )
    assert page.path == "/professional/profile/interests"
    page = pages.submit(page.form("interests"), fields=["npo-02"], about="地域のために\n働きたい")
    assert page.path == "/professional/profile/check"
    assert "みほん工業" in page.text()
    page = pages.submit(page.form("check"))
    assert page.path == "/professional"
    assert page.flashes
    person = mine(session)
    assert (person.state, person.kana) == (ProfileState.SUBMITTED, "あおき はな")
    assert profiles.skills_of(session, person.id) == {"accounting": 3}


@pytest.mark.parametrize(
    ("step", "field", "entry"),
    [
        ("who", "name", ""),
        ("who", "name", "花😀"),
        ("who", "name", "ﾊﾅ"),
        ("who", "name", "\u202e花"),
        ("who", "name", "花\x00"),
        ("who", "name", "あ" * 81),
        ("who", "kana", "青木"),
        ("who", "relation", "king"),
        ("who", "district", "atlantis"),
        ("who", "employer", "会社😀"),
        ("when", "hours_per_week", "たくさん"),
        ("when", "hours_per_week", "99"),
        ("when", "modes", "moon"),
        ("when", "slots", "mon-night"),
        ("when", "available_from", "2026-02-30"),
        ("when", "reach_km", "far"),
        ("when", "capacity", "99"),
        ("interests", "fields", "npo-99"),
        ("interests", "languages", "xx"),
        ("interests", "about", "あ" * 2001),
        ("interests", "about", "שלום"),
    ],
)
def test_a_bad_entry_is_told_beside_its_field_and_nothing_is_stored(
    known: Pages, session: Session, step: str, field: str, entry: str
) -> None:
    before = mine(session).model_dump()
    session.rollback()
    page = known.get(f"/professional/profile/{step}")
    good = {"name": "青木 花", "kana": "あおき", "relation": "none", "hours_per_week": "3"}
    good |= {"modes": "remote", "capacity": "1", "district": ""}
    good["version"] = str(before["version"])
    page = known.post(
        f"/professional/profile/{step}", {**good, field: entry, "csrf_token": page.token}
    )
    assert page.status == 422
    assert page.errors
    assert page.all(f"#{field}-error") or page.all(".field-wrong .field-error")
    assert mine(session).model_dump() == before


def test_an_employer_like_known_ones_is_asked_for(pages: Pages, session: Session) -> None:
    known = factories.company(session, name="みほん工業販売")
    session.commit()
    page = write_who(pages, employer="みほん工業")
    assert page.status == 422
    page = pages.submit(page.form("who"), company_id=known.id)
    assert page.path == "/professional/profile/skills"
    assert mine(session).company_id == known.id
    assert session.exec(select(func.count()).select_from(Company)).one() == 1


def test_skills_need_a_level_and_must_exist(known: Pages, session: Session) -> None:
    page = known.get("/professional/profile/skills")
    version = str(mine(session).version)
    session.rollback()
    send = {"csrf_token": page.token, "version": version, "act": "save"}
    for bad in (
        {},
        {"add": "accounting"},
        {"chosen": "accounting", "level-accounting": "9"},
        {"level-juggling": "2"},
        {"level-accounting": "\x00"},
    ):
        page = known.post("/professional/profile/skills", {**send, **bad})
        assert page.status == 422, bad
        assert page.errors
    good = {"level-accounting": "2", "chosen": "accounting"}
    assert known.post("/professional/profile/skills", {**send, **good}).status == 200
    assert profiles.skills_of(session, mine(session).id) == {"accounting": 2}


def test_a_page_left_open_while_the_profile_changed_is_refused(
    known: Pages, session: Session
) -> None:
    page = known.get("/professional/profile/when")
    person = mine(session)
    person.version += 1
    session.commit()
    answer = known.submit(page.form("when"), hours_per_week="7")
    assert answer.status == 409
    assert mine(session).hours_per_week == 3


def test_what_belongs_to_no_step_is_not_found(known: Pages) -> None:
    known.get("/professional/profile/nonsense", status=404)


def test_pages_before_the_profile_is_begun_lead_to_its_first_step(pages: Pages) -> None:
    for path in ("profile/skills", "profile/when", "profile/check", "wishes"):
        page = pages.get(f"/professional/{path}", follow=True)
        assert page.path == "/professional/profile/who"


def test_wishes_are_added_ordered_refused_and_removed(known: Pages, session: Session) -> None:
    group = factories.group(session, name="さくらの会")
    first = factories.need(session, group, title="名簿を整えたい")
    second = factories.need(session, group, title="チラシを作りたい")
    session.commit()
    assert "選んでいません" in known.get("/professional/wishes?lang=ja").text()
    for need in (first, second):
        page = known.get(f"/professional/wishes?need={need.id}")
        page = known.submit(page.form(f"wish/{need.id}"))
    assert page.texts(".wish-list h2") == ["名簿を整えたい", "チラシを作りたい"]
    page = known.submit(page.form(f"up/{second.id}"))
    assert page.texts(".wish-list h2") == ["チラシを作りたい", "名簿を整えたい"]
    page = known.submit(page.form(f"not-this-one/{first.id}"))
    assert "名簿を整えたい" in page.text(".refused-list")
    page = known.submit(page.form(f"remove/{first.id}"))
    page = known.submit(page.form("any-project"))
    assert mine(session).any_project
    assert {row.need_id: row.rank for row in session.exec(select(Wish))} == {second.id: 1}


def test_somebody_elses_wish_and_an_unknown_need_are_not_found(
    known: Pages, session: Session
) -> None:
    page = known.get("/professional/wishes")
    for act in ("wish", "not-this-one", "up"):
        answer = known.post(f"/professional/wishes/{act}/n-nowhere", {"csrf_token": page.token})
        assert answer.status == 404
    assert known.post("/professional/wishes/burn/n1", {"csrf_token": page.token}).status == 404


def test_resting_coming_back_and_leaving(known: Pages, session: Session) -> None:
    page = known.get("/professional/pause")
    refused = known.submit(page.form("pause"), until="2026-11-01")
    assert refused.status == 422
    page = known.submit(refused.form("pause"), until="2026-12-24")
    assert mine(session).state == ProfileState.PAUSED
    session.rollback()
    page = known.submit(page.form("come-back"))
    assert mine(session).state == ProfileState.VERIFIED
    session.rollback()
    page = known.get("/professional/leave")
    page = known.submit(page.form("leave"))
    assert mine(session).state == ProfileState.LEFT
    session.rollback()
    known.submit(page.form("come-back"))
    assert mine(session).state == ProfileState.DRAFT


@pytest.mark.parametrize("state", list(ProfileState))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_start_page_in_every_state(
    known: Pages, session: Session, state: ProfileState, language: str
) -> None:
    person = mine(session)
    person.state, person.returned_comment = state, "もう少し詳しく" if state == "returned" else ""
    session.commit()
    page = known.get(f"/professional?lang={language}")
    assert "青木 花" in page.text("h1")
