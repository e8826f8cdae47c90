"""Messages in the city's own words: in mails, in letters, never without their facts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid
from matchmaker.models import Group, RoleSkill, Wording
from matchmaker.services import approvals, offers, wordings
from matchmaker.services.actors import Actor
from matchmaker.services.notice_kinds import KINDS
from tests import factories as f
from tests import mailbox
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round
from tests.web.test_papers import paper, words
from web.mail import letter, letter_with
from web.wording_words import LETTERS, MESSAGES, by_kind, sample_of

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
OFFER = "offer_to_professional"


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def write(session: Session, town: City, now: datetime, **text: object) -> Wording | None:
    return wordings.write(session, actor=town.actor, now=now, code=OFFER, language="ja", data=text)


def test_a_round_goes_out_in_the_citys_words_with_every_fact(
    app: Flask, session: Session, town: City, now: datetime
) -> None:
    write(
        session, town, now,
        subject="【四日市市】{need}のお誘い",
        opening="{group}の「{need}」で、{role}をお願いできませんか。",
        closing="お電話でもお待ちしています。",
    )  # fmt: skip
    town.mizuno.email = "mizuno@example.jp"
    group = session.get_one(Group, town.accounts.group_id)
    group.contact_email = "jichikai@example.jp"
    session.add_all([town.mizuno, group])
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    plan = offers.plan(session, actor=town.actor, round_id=row.id)
    data = {"version": plan.round.version, "shown": plan.digest, "reply_by": "2026-11-20"}
    offers.send_round(session, actor=town.actor, now=now, today=TODAY, round_id=row.id, data=data)
    session.commit()
    mails = mailbox.sent(app)
    own = [each for each in mails if "のお誘い" in each["Subject"]]
    assert own
    for each in own:
        text = mailbox.body(each)
        assert "をお願いできませんか。" in text
        assert "お電話でもお待ちしています。" in text
        assert "/offers/" in text
        assert "2026年11月20日" in text
        assert "{" not in text
    others = [mailbox.body(each) for each in mails if each not in own]
    assert others
    assert not any("お電話でもお待ち" in text for text in others)


@pytest.mark.parametrize(
    "text", ["{person}さん", "{need", "need}", "{}", "{need.title}", "{{need}}"]
)
def test_what_cannot_be_filled_in_is_refused_beside_its_part(
    session: Session, town: City, now: datetime, text: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write(session, town, now, opening=text)
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("opening", "unknown_placeholder")
    assert error.params == {"known": "{need}, {group}, {role}"}
    assert session.exec(select(Wording)).all() == []


def test_two_at_once_and_strangers(session: Session, town: City, now: datetime) -> None:
    first = write(session, town, now, opening="はじめの文")
    assert first is not None
    assert write(session, town, now, opening="はじめの文") == first  # the same words again
    with pytest.raises(Conflict):
        write(session, town, now, opening="同時に書いた文")
    write(session, town, now, opening="つぎの文", based_on=1)
    kept = wordings.versions(session, code=OFFER, language="ja")
    assert [each.wording.opening for each in kept] == ["つぎの文", "はじめの文"]
    with pytest.raises(Forbidden):
        wordings.check(session, actor=Actor(account_id="a-x"), code=OFFER, language="ja")


def test_a_preview_shows_the_words_and_keeps_nothing(pages: Pages, session: Session) -> None:
    session.commit()
    address = f"/coordinator/wording/{OFFER}/en"
    page = pages.get(f"{address}?lang=en")
    page = pages.submit(page.form(), press="preview", opening="Would you help {group}?")
    assert "Would you help Sample Neighbourhood Association?" in page.text("main")
    assert session.exec(select(Wording)).all() == []
    session.commit()
    page = pages.submit(page.form(), status=422, opening="Would you help {who}?")
    assert "Only these can stand in braces here: {need}, {group}, {role}." in page.text("main")
    page = pages.submit(page.form(), opening="Would you help {group}?")
    assert "own words" in page.text("main")
    page = pages.get(address)
    assert "Would you help Sample Neighbourhood Association?" in page.text("main")
    pages.get("/coordinator/wording/reset_password/ja", status=404)
    pages.get(f"/coordinator/wording/{OFFER}/fr", status=404)


def test_letters_to_employers_and_others_say_whom_we_look_for(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    skill = session.get_one(RoleSkill, (town.designer.id, "leaflets"))
    skill.min_level, skill.essential = 4, True
    session.add(skill)
    row = computed_round(session, town.actor, now)
    wordings.write(
        session, actor=town.actor, now=now, code="recruit_company", language="ja",
        data={"opening": "{company}の皆さまにお願いです。"},
    )  # fmt: skip
    session.commit()
    address = f"/coordinator/rounds/{row.id}/recruit-letters.pdf"
    found = paper(pages, address)
    said = words(found)
    assert "みほん製作所の皆さまにお願いです。" in said
    assert "まつりのチラシをつくりたい" in said
    assert "水野" not in said
    english = paper(pages, f"{address}?to=university&spoken=en")
    assert english.trailer["/Root"]["/Lang"] == "en"
    said = words(english)
    assert "To:Universitiesandalumni" in said
    assert "Leaflets(leadsothers)" in said
    pages.get(f"{address}?to=c-none", status=404)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_message_of_the_programme_can_be_worded_and_looked_at(
    app: Flask, language: str
) -> None:
    mails = {path.stem for path in (TEMPLATES / "mail").glob("*.txt")} - {"layout"}
    fixed = set(KINDS["account"].messages) - wordings.PLACEHOLDERS.keys()
    assert mails - fixed == wordings.PLACEHOLDERS.keys() - set(LETTERS)
    assert MESSAGES.keys() == wordings.PLACEHOLDERS.keys()
    assert {code for codes in by_kind().values() for code in codes} == MESSAGES.keys()
    with app.test_request_context(), force_locale(language):
        for code, names in wordings.PLACEHOLDERS.items():
            braces = " ".join(f"{{{name}}}" for name in names)
            text = wordings.read(code, {"opening": f"はじめに {braces}", "closing": "おわりに"})
            if code in LETTERS:
                continue
            source = (TEMPLATES / "mail" / f"{code}.txt").read_text(encoding="utf-8")
            assert {name for name in names if name not in source} <= {"group"}, code
            facts = sample_of(code, TODAY)
            _subject, body = letter_with(app.config["SETTINGS"], code, language, facts, text)
            assert "はじめに" in body, code
            assert "おわりに" in body, code
            assert "{" not in body, code
            standard = letter(app.config["SETTINGS"], code, language, facts)[1]
            kept = [word for word in standard.split() if word.startswith("http")]
            assert all(word in body for word in kept), code
