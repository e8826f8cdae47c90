"""Mails as they arrive: language, headers, links; and servers that refuse or drop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, AccountToken, Notice
from matchmaker.services import notices
from tests import factories, mailbox
from web.mail import sending

# Every mail of the accounts with what its notice carries.
MAILS = {
    "verify_email": {"name": "青井", "door": "group"},
    "email_exists": {"name": "青井", "door": ""},
    "reset_password": {"name": "青井", "door": ""},
    "password_changed": {"name": "青井"},
    "change_email": {"name": "青井", "door": ""},
    "email_changed": {"name": "青井"},
    "invite": {"name": "青井", "inviter": "伊藤", "role": "company", "body": "みほん電機"},
    "role_given": {"name": "青井", "inviter": "伊藤", "role": "city", "body": ""},
    "welcome": {"name": "青井"},
}


def queue(session: Session, person: Account, code: str, now: datetime) -> None:
    notices.tell(session, to=person, code=code, dedupe_key=code, now=now, **MAILS[code])


def state(app: Flask) -> tuple[str, int]:
    (notice,) = factories.look(app, select(Notice))
    return notice.state, notice.attempts


def with_server(app: Flask, port: int) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_port=port)


@pytest.mark.parametrize("code", MAILS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_mail_is_whole_in_both_languages(
    app: Flask, session: Session, now: datetime, code: str, language: str
) -> None:
    person = factories.account(session, language=language)
    queue(session, person, code, now)
    session.commit()
    (message,) = mailbox.sent(app)
    text = mailbox.body(message)
    assert message["To"] == person.email
    assert message["Subject"]
    assert "\n" not in message["Subject"]
    assert message["Content-Language"] == language
    assert ("青井 様" if language == "ja" else "Dear 青井,") in text
    assert ("プロボノよっかいち" if language == "ja" else "Pro Bono Yokkaichi") in text
    assert "http://127.0.0.1:8000/" in text
    assert "\n\n\n" not in text
    assert "None" not in text
    assert "%(" not in text


def test_an_invitation_says_who_invites_to_what(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, factories.account(session, password_hash=""), "invite", now)
    session.commit()
    (message,) = mailbox.sent(app)
    text = mailbox.body(message)
    assert "伊藤さん" in text
    assert "みほん電機" in text
    link = mailbox.link(message, "/verify/")
    (row,) = factories.look(app, select(AccountToken))
    assert row.token_hash not in link
    assert row.expires_at == now + timedelta(days=14)


def test_a_real_server_gets_the_mail_once_with_a_stable_id(
    app: Flask, session: Session, now: datetime
) -> None:
    person = factories.account(session, language="en")
    queue(session, person, "welcome", now)
    session.commit()
    catcher = mailbox.Catcher()
    with mailbox.smtp(catcher) as port:
        with_server(app, port)
        chore = sending(app)
        assert chore(now)
        assert not chore(now)
    (message,) = catcher.mails
    (notice,) = factories.look(app, select(Notice))
    assert message["Message-ID"] == f"<{notice.id}@127.0.0.1>"
    assert message["From"] == "Pro Bono Yokkaichi <matchmaker@localhost>"
    assert "Your account is open" in mailbox.body(message)
    assert notice.state == "sent"


def test_a_server_that_refuses_is_tried_again_later(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, factories.account(session), "welcome", now)
    session.commit()
    with mailbox.smtp(mailbox.Catcher(reply="451 later, please")) as port:
        with_server(app, port)
        assert sending(app)(now)
        assert state(app) == ("waiting", 1)
        assert not sending(app)(now), "not before the pause is over"
    catcher = mailbox.Catcher()
    with mailbox.smtp(catcher) as port:
        with_server(app, port)
        assert sending(app)(now + timedelta(minutes=2))
    assert state(app) == ("sent", 2)
    assert isinstance(catcher.mails[0], EmailMessage)


def test_a_server_that_drops_the_line_or_is_not_there_loses_nothing(
    app: Flask, session: Session, now: datetime
) -> None:
    class Dropping(mailbox.Catcher):
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            server.transport.abort()  # type: ignore[attr-defined]
            return "451 gone"

    queue(session, factories.account(session), "welcome", now)
    session.commit()
    with mailbox.smtp(Dropping()) as port:
        with_server(app, port)
        assert sending(app)(now)
    assert state(app) == ("waiting", 1)
    assert sending(app)(now + timedelta(hours=1))
    assert state(app) == ("waiting", 2)


def test_a_name_cannot_bend_the_mail(app: Flask, session: Session, now: datetime) -> None:
    person = factories.account(session)
    evil = "<b>青井</b> {{ 7*7 }} %(x)s"
    notices.tell(session, to=person, code="welcome", dedupe_key="w", now=now, name=evil)
    session.commit()
    assert f"{evil} 様" in mailbox.body(mailbox.sent(app)[0])


def test_others_templates_are_found_by_their_code() -> None:
    folder = Path(__file__).parents[2] / "web" / "templates" / "mail"
    for path in folder.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("Subject:") or '{% extends "mail/layout.txt" %}' in text, path.name
