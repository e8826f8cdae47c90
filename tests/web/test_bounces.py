"""Mail that does not arrive: told apart, shown where it matters, and brought on its way again."""

from __future__ import annotations

import mailbox as boxes
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from sqlmodel import Session, select

from matchmaker.cli import cli
from matchmaker.models import Account, Group, Notice, NoticeState, Professional
from matchmaker.services import bounce_reports, notices
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.web.test_papers import paper, words
from web.mail import sending

GONE = "gone@example.jp"


class Refusing(mailbox.Catcher):
    """A server that answers ``to`` for one recipient and takes everything else."""

    def __init__(self, to: str = "550 5.1.1 no such user", at: str = "RCPT") -> None:
        super().__init__()
        self.to, self.at = to, at

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at == "RCPT" and address == GONE:
            return self.to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.at == "DATA" and GONE in envelope.rcpt_tos:
            return self.to
        return await super().handle_DATA(server, session, envelope)


def queue(session: Session, email: str = GONE, **given: Any) -> None:
    notices.tell_address(
        session, email=email, language="ja", code="profile_verified", dedupe_key=f"k:{email}",
        now=NOW, name="水野 陽子", **given,
    )  # fmt: skip
    session.commit()


def send(app: Flask, server: mailbox.Catcher, now: datetime = NOW) -> None:
    with mailbox.smtp(server) as port:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_port=port)
        while sending(app)(now):
            pass


def only(app: Flask) -> Notice:
    (notice,) = factories_look(app)
    return notice


def factories_look(app: Flask) -> list[Notice]:
    return list(f.look(app, select(Notice)))


@pytest.mark.parametrize(
    ("answer", "at", "state"),
    [
        ("550 5.1.1 no such user", "RCPT", "bounced"),
        ("550 no such user", "RCPT", "bounced"),
        ("552 5.2.2 mailbox full", "DATA", "bounced"),
        ("554 5.7.1 relaying denied", "RCPT", "waiting"),  # our own settings, not the address
        ("554 looks like spam", "DATA", "waiting"),
        ("451 4.7.1 greylisted", "RCPT", "waiting"),
        ("452 4.2.2 over quota", "DATA", "waiting"),
    ],
)
def test_what_an_address_refuses_for_good_is_told_apart(
    app: Flask, session: Session, answer: str, at: str, state: str
) -> None:
    queue(session)
    queue(session, "other@example.jp")
    server = Refusing(answer, at)
    send(app, server)
    states = {each.email: each for each in factories_look(app)}
    assert states[GONE].state == state
    assert answer[:3] in states[GONE].error
    assert states["other@example.jp"].state == "sent"
    assert [mail["To"] for mail in server.mails] == ["other@example.jp"]


def test_what_is_put_off_comes_later_and_later_and_is_given_up_visibly(
    app: Flask, session: Session
) -> None:
    queue(session)
    now, waits = NOW, []
    while only(app).state == "waiting":
        before = now
        send(app, Refusing("451 4.7.1 later"), now)
        now = max(now, only(app).not_before)
        waits.append(now - before)
    assert only(app).state == "failed"
    assert waits[:-1] == sorted(waits[:-1])
    assert sum(waits, timedelta()) > timedelta(hours=6)


@pytest.fixture
def coordinator(app: Flask, session: Session) -> Pages:
    return Pages(f.signed_in(app, session, f.staff(session)))


def bounced(app: Flask, session: Session) -> None:
    queue(session)
    send(app, Refusing())


def test_a_corrected_address_gets_what_had_not_arrived(
    app: Flask, session: Session, coordinator: Pages
) -> None:
    person = f.professional(session, email=GONE)
    person.account_id = None
    session.commit()
    bounced(app, session)
    page = coordinator.get(f"/coordinator/people/{person.id}?lang=en")
    assert f"{GONE} takes no mail" in page.text("main")
    assert "its server knows no such address" in page.text("main")
    page = coordinator.get("/coordinator")
    page = coordinator.get(page.link("See what to do"))
    said = {"said_by": "本人", "channel": "phone", "said_on": NOW.date().isoformat()}
    page = coordinator.submit(page.form("/addresses/"), status=422, email="mizuno@", **said)
    assert page.errors
    coordinator.submit(page.form("/addresses/"), email="mizuno@example.jp", **said)
    kept = f.look(app, select(Professional.email).where(Professional.id == person.id))
    assert kept == ["mizuno@example.jp"]
    server = mailbox.Catcher()
    send(app, server)
    assert [mail["To"] for mail in server.mails] == ["mizuno@example.jp"]
    page = coordinator.get(f"/coordinator/people/{person.id}?lang=en")
    assert "takes no mail" not in page.text("main")
    assert "Another address was told" in page.text("main")


def test_whoever_signs_in_with_it_confirms_the_new_address_themselves(
    app: Flask, session: Session, coordinator: Pages
) -> None:
    account = f.account(session, email=GONE)
    f.professional(session, person=account, email=GONE)
    session.commit()
    bounced(app, session)
    page = coordinator.get("/coordinator?lang=en")
    page = coordinator.get(page.link("See what to do"))
    said = {"said_by": "本人", "channel": "phone", "said_on": NOW.date().isoformat()}
    coordinator.submit(page.form("/addresses/"), email="new@example.jp", **said)
    assert f.look(app, select(Account.email).where(Account.id == account.id)) == [GONE]
    server = mailbox.Catcher()
    send(app, server)
    (link,) = server.mails
    assert link["To"] == "new@example.jp"
    visitor = Pages(app.test_client())
    page = visitor.get(mailbox.link(link, "/confirm-email/"))
    visitor.submit(page.form("/confirm-email/"))
    assert f.look(app, select(Account.email).where(Account.id == account.id)) == ["new@example.jp"]
    send(app, server)
    assert {mail["To"] for mail in server.mails[1:]} >= {"new@example.jp"}
    assert "プロフィール" in "".join(mailbox.body(mail) for mail in server.mails[1:])


def test_letters_instead_are_printed_once_and_ticked_off(
    app: Flask, session: Session, coordinator: Pages
) -> None:
    group = f.group(session, contact_email=GONE, contact_name="会長 花子")
    session.commit()
    bounced(app, session)
    page = coordinator.get("/coordinator?lang=en")
    page = coordinator.get(page.link("See what to do"))
    page = coordinator.submit(page.form("/paper"), follow=True)
    assert session.get_one(Group, group.id, populate_existing=True).on_paper
    session.rollback()
    printed = paper(coordinator, "/coordinator/letters.pdf")
    assert "水野陽子様" in words(printed)
    assert "返信" not in words(printed)  # it asks for no answer
    assert isinstance(printed, PdfReader)
    stale = page.form("/letters/posted")
    queue(session, "")
    coordinator.submit(stale, status=409)
    page = coordinator.get("/coordinator/letters")
    coordinator.submit(page.form("/letters/posted"))
    session.expire_all()
    assert {each.state for each in session.exec(select(Notice))} == {NoticeState.SENT}
    session.rollback()
    coordinator.get("/coordinator/letters.pdf", status=404)


def report(notice_id: str, *, to: str = GONE, action: str = "failed", at: datetime = NOW) -> bytes:
    """A delivery report as mail servers write it (RFC 3464)."""
    return (
        f"Return-Path: <>\r\nDate: {format_datetime(at)}\r\nFrom: MAILER-DAEMON@mx.example.jp\r\n"
        "To: matchmaker@localhost\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=xx\r\n\r\n"
        "--xx\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--xx\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n"
        f"\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <gone> unknown\r\n\r\n"
        "--xx\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{notice_id}@127.0.0.1>\r\nTo: {to}\r\n\r\n--xx--\r\n"
    ).encode()


@pytest.fixture
def sent_mail(app: Flask, session: Session) -> Notice:
    """A mail the server took, and gave back later."""
    queue(session)
    send(app, mailbox.Catcher())
    return only(app)


def mail_bounces(app: Flask, *words: str, given: bytes = b"") -> str:
    home = str(app.config["SETTINGS"].home)
    env = {"MATCHMAKER_SECRET_KEY": "long-enough-for-a-test", "MATCHMAKER_HOME": home}
    done = CliRunner(env=env).invoke(
        cli, ["mail", "bounces", *words], input=given, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_reports_are_read_from_standard_input_mbox_and_maildir(
    app: Flask, session: Session, sent_mail: Notice, tmp_path: Path
) -> None:
    later = NOW + timedelta(minutes=5)
    content = report(sent_mail.id, at=later)
    assert "noted as not delivered: 1" in mail_bounces(app, given=content)
    kept = only(app)
    assert (kept.state, kept.bounced_at) == ("bounced", later)
    assert kept.error == "550 5.1.1 <gone> unknown"
    folder = boxes.Maildir(tmp_path / "Maildir")
    folder.add(content)
    folder.add(b"Subject: hello\r\n\r\nhello\r\n")
    assert "read: 2, noted as not delivered: 0" in mail_bounces(app, str(tmp_path / "Maildir"))
    assert not list((tmp_path / "Maildir" / "new").iterdir())
    row = session.get_one(Notice, sent_mail.id, populate_existing=True)
    row.state, row.bounced_at = NoticeState.SENT, None
    session.commit()
    box = boxes.mbox(tmp_path / "mbox")
    box.add(content)
    box.close()
    assert "noted as not delivered: 1" in mail_bounces(app, str(tmp_path / "mbox"))


@pytest.mark.parametrize("case", ["delayed", "another address", "before", "unknown", "no report"])
def test_a_report_that_says_nothing_about_now_changes_nothing(
    app: Flask, sent_mail: Notice, case: str
) -> None:
    content = {
        "delayed": report(sent_mail.id, action="delayed"),
        "another address": report(sent_mail.id, to="other@example.jp"),
        "before": report(sent_mail.id, at=NOW - timedelta(days=1)),
        "unknown": report("o-0123456789"),
        "no report": b"\xff\xfe Message-ID: <" + sent_mail.id.encode() + b"@x>",
    }[case]
    assert "noted as not delivered: 0" in mail_bounces(app, given=content)
    assert only(app).state == "sent"


def test_a_whole_returned_mail_is_known_by_its_id(app: Flask, sent_mail: Notice) -> None:
    returned = EmailMessage()
    returned["Message-ID"] = f"<{sent_mail.id}@127.0.0.1>"
    returned.set_content("text")
    text = report(sent_mail.id).replace(b"text/rfc822-headers", b"message/rfc822")
    read = bounce_reports.read(text)
    assert read is not None
    assert read.notice_id == sent_mail.id
