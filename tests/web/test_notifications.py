"""Which mails somebody gets, how often, and how a mail program switches them off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, Notice, NoticeState, Pace
from matchmaker.services import digests, notice_choices, notices
from matchmaker.services.notice_kinds import KIND_OF, KINDS
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import arrange, send, sent
from web.notice_words import KINDS as WORDS

TOKYO = ZoneInfo("Asia/Tokyo")
MAILS = Path(__file__).parents[2] / "web" / "templates" / "mail"
PAGE = "/account/notifications?lang=en"


def say(session: Session, who: Account, now: datetime, text: str, code: str = "welcome") -> None:
    facts = {"author": "会長", "title": "会報", "text": text, "project_id": "j-x"}
    notices.tell(
        session, to=who, code=code, dedupe_key=f"{code}:{text}", now=now, side="professional",
        **facts,
    )  # fmt: skip
    session.commit()


def person(session: Session) -> Account:
    account = f.account(session)
    f.professional(session, person=account)
    session.commit()
    return account


def choose(session: Session, who: Account, **paces: str) -> None:
    notice_choices.choose(session, actor=f.actor(session, who), now=NOW, data=paces)
    session.commit()


def collect(app: Flask, clock: list[datetime], here: datetime) -> None:
    """Let the worker look after the digests at a moment of the city's clock."""
    clock[0] = here.astimezone(UTC)
    digests.collect(app.extensions["writing"], now=clock[0], zone=TOKYO)


def test_what_is_wanted_once_a_week_comes_on_monday_morning_in_one_mail(
    app: Flask, session: Session, clock: list[datetime]
) -> None:
    who = person(session)
    pages = Pages(f.signed_in(app, session, who))
    page = pages.submit(pages.get(PAGE).form("notifications"), message="weekly", hours="never")
    assert "Saved." in page.text("main")
    say(session, who, NOW, "ひとつめ", "project_message")  # a Monday, 10:00
    say(session, who, NOW + timedelta(days=1), "ふたつめ", "project_message")
    say(session, who, NOW, "時間", "note_hours")
    assert mailbox.sent(app) == []
    collect(app, clock, datetime(2026, 11, 9, 6, 59, tzinfo=TOKYO))
    assert mailbox.sent(app) == []
    for _twice in range(2):
        collect(app, clock, datetime(2026, 11, 9, 7, 0, tzinfo=TOKYO))
    (mail,) = mailbox.sent(app)
    text = mailbox.body(mail)
    assert "2件" in mail["Subject"]
    assert text.index("ひとつめ") < text.index("ふたつめ")
    assert "時間を" not in text
    assert text.count("/account/notifications") == 1
    assert "/account/notifications" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None
    session.expire_all()
    assert {each.state for each in session.exec(select(Notice))} == {NoticeState.SENT}


def test_a_morning_that_was_missed_is_made_up_for_and_the_same_day_waits(
    app: Flask, session: Session, clock: list[datetime]
) -> None:
    who = person(session)
    choose(session, who, message="daily")
    say(session, who, NOW, "きのう", "project_message")
    later = datetime(2026, 11, 3, 15, 0, tzinfo=TOKYO)  # the worker was down until the afternoon
    say(session, who, later, "きょう", "project_message")
    collect(app, clock, later + timedelta(hours=1))
    (mail,) = mailbox.sent(app)
    assert "きのう" in mailbox.body(mail)
    assert "きょう" not in mailbox.body(mail)


def test_what_was_collected_follows_a_change_of_mind(app: Flask, session: Session) -> None:
    who = person(session)
    choose(session, who, message="weekly", outcome="weekly")
    say(session, who, NOW, "急ぎ", "project_message")
    notices.tell(session, to=who, code="expired", dedupe_key="e", now=NOW)
    session.commit()
    choose(session, who, message="at_once", outcome="never")
    (mail,) = mailbox.sent(app)
    assert "急ぎ" in mailbox.body(mail)
    session.expire_all()
    states = {each.code: each.state for each in session.exec(select(Notice))}
    assert states == {"project_message": "sent", "expired": "dropped"}


def test_invitations_and_sign_in_links_cannot_be_switched_off(app: Flask, session: Session) -> None:
    team = arrange(session)
    who = team.accounts[0]
    pages = Pages(f.signed_in(app, session, who))
    page = pages.get(PAGE)
    assert "Invitations and proposed teams" in page.text("main ul")
    given = {each.code: "never" for each in notice_choices.choices(session, actor=team.actor(who))}
    choose(session, who, **given)
    send(team)
    mails = [mail for mail in mailbox.sent(app) if mail["To"] == who.email]
    assert len(mails) == 1
    assert mails[0]["List-Unsubscribe"] is None
    assert "/account/notifications" not in mailbox.body(mails[0])


def test_a_mail_program_switches_one_kind_off_and_opening_the_link_does_nothing(
    app: Flask, session: Session
) -> None:
    who = person(session)
    say(session, who, NOW, "やあ", "project_message")
    (mail,) = mailbox.sent(app)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
    stranger = app.test_client()
    opened = stranger.get(address)
    assert opened.status_code == 303
    led = stranger.get(opened.location)
    assert "/sign-in" in led.location
    assert stranger.get(led.location).status_code == 200
    assert notice_choices.pace_of(session, account_id=who.id, code="project_message") == "at_once"
    session.rollback()
    for _twice in range(2):
        pressed = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
        assert pressed.status_code == 303
    assert notice_choices.pace_of(session, account_id=who.id, code="project_message") == "never"
    assert notice_choices.pace_of(session, account_id=who.id, code="note_hours") == "at_once"
    assert stranger.post(f"{address}x").status_code == 404


def test_new_needs_come_to_whoever_asked_for_them_and_are_never_collected(
    app: Flask, session: Session
) -> None:
    who, other = person(session), person(session)
    choose(session, who, new_needs="weekly")
    assert [each.id for each in notice_choices.wanting(session, "new_needs")] == [who.id]
    for each in (who, other):
        notices.tell(session, to=each, code="new_needs", dedupe_key=f"n:{each.id}", now=NOW)
    session.commit()
    kept = session.exec(select(Notice)).all()
    assert [(each.account_id, each.state) for each in kept] == [(who.id, NoticeState.WAITING)]


def test_letters_on_paper_wait_for_the_printer(session: Session) -> None:
    team = arrange(session, size=2)
    team.people[0].on_paper = True
    team.group.on_paper = True
    session.add_all([team.people[0], team.group])
    session.commit()
    send(team)
    waiting = session.exec(select(Notice).where(Notice.state == NoticeState.PAPER)).all()
    assert {each.code for each in waiting} == {"offer_to_professional", "team_to_group"}
    assert all(each.email == "" and each.params["name"] for each in waiting)


def test_a_page_shows_what_its_reader_gets(app: Flask, session: Session) -> None:
    team = sent(session)
    seen = {
        who.id: {each.code for each in notice_choices.choices(session, actor=team.actor(who))}
        for who in (team.accounts[0], team.contact, team.coordinator)
    }
    assert "new_needs" in seen[team.accounts[0].id]
    assert "desk" in seen[team.coordinator.id]
    assert "desk" not in seen[team.contact.id] | seen[team.accounts[0].id]
    pages = Pages(f.signed_in(app, session, team.contact))
    page = pages.get(PAGE)
    page = pages.post("/account/notifications", {"message": "hourly"}, status=422)
    assert page.errors


def test_every_mail_belongs_to_a_kind_with_words() -> None:
    codes = {path.stem for path in MAILS.glob("*.txt")} - {"layout"}
    assert not codes - KIND_OF.keys(), "sort it into matchmaker/services/notice_kinds.py"
    assert KINDS.keys() == WORDS.keys()
    assert all(kind.usual in (*kind.paces, Pace.AT_ONCE) for kind in KINDS.values())
