"""Notices become mail: in the reader's language, sent by SMTP, known again if sent twice."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, render_template, url_for
from flask_babel import force_locale

from matchmaker.models import Notice, Pace, TokenPurpose, Wording
from matchmaker.services import digests, fitting, notices, tokens, wordings
from matchmaker.services.notice_kinds import KINDS, choosable, kind_of
from matchmaker.settings import Settings
from web.db import session, today, write
from web.reply_dates import CANCEL, PUBLISH, Attachment, attachment, together
from web.stop_links import stop_token

SECONDS = 20
COLLECTING = "digest"  # the mail that carries others
FILES = {PUBLISH: "date.ics", CANCEL: "cancelled.ics"}
# Mails that carry a one-time link: what the token is for, and the page it opens.
LINKS = {
    "verify_email": (TokenPurpose.VERIFY_EMAIL, "account.verify"),
    "invite": (TokenPurpose.INVITE, "account.verify"),
    "reset_password": (TokenPurpose.RESET_PASSWORD, "account.reset_password"),
    "change_email": (TokenPurpose.CHANGE_EMAIL, "account.confirm_email"),
}


def sending(app: Flask) -> Callable[[datetime], bool]:
    """A chore for the worker: send one due notice; True when there was one."""

    def chore(now: datetime) -> bool:
        return notices.send_next(
            app.extensions["writing"], lambda notice: send(app, notice, now=now), now=now
        )

    return chore


def send(app: Flask, notice: Notice, *, now: datetime) -> None:
    """Mail one notice. Whatever goes wrong is raised, so that the notice is tried again."""
    message = compose(app, notice, now=now)
    if message is not None:
        deliver(app.config["SETTINGS"], message)


def compose(app: Flask, notice: Notice, *, now: datetime) -> EmailMessage | None:
    """The mail of a notice; None when it asks for a link and no account has the address, or
    collects what nobody wants any more."""
    settings: Settings = app.config["SETTINGS"]
    values = dict(notice.params)
    if notice.code in LINKS:
        token = _token(app, notice, now=now)
        if token is None:
            return None
        values["token"] = token
    with app.test_request_context(base_url=settings.base_url), force_locale(notice.language):
        if "token" in values:
            values["link"] = url_for(
                LINKS[notice.code][1], token=values.pop("token"), _external=True,
                **{name: values[name] for name in ("door", "join") if values.get(name)},
            )  # fmt: skip
        collected = digests.contents(session, notice.id) if notice.code == COLLECTING else ()
        if notice.code == COLLECTING:
            if not collected:
                return None
            values["messages"] = _letters(settings, notice.language, collected)
        values["choosable"] = _optional(notice)
        subject, body = letter(settings, notice.code, notice.language, values)
        dates = together(_dates(notice, *collected))
        files = [(each.method, each.content) for each in dates]
    message = _message(settings, notice, subject, body, now=now)
    for method, content in files:
        message.add_attachment(
            content, maintype="text", subtype="calendar", filename=FILES[method],
            params={"charset": "utf-8", "method": method},
        )  # fmt: skip
    return message


def _letters(
    settings: Settings, language: str, collected: Sequence[Notice]
) -> list[tuple[str, str]]:
    """Subject and text of every message a mail carries, as short as it can be."""
    return [
        letter(settings, each.code, language, {**each.params, "within": True}) for each in collected
    ]


def _dates(*messages: Notice) -> Iterator[Attachment]:
    for each in messages:
        if found := attachment(each.code, each.params, each.created_at):
            yield found


def _optional(notice: Notice) -> bool:
    """Whether its reader has a say in how often it comes."""
    return notice.account_id is not None and (choosable(notice.code) or notice.code == COLLECTING)


def letter(
    settings: Settings, code: str, language: str, params: Mapping[str, Any]
) -> tuple[str, str]:
    """Subject and text of a message in a language, within a request: the city's words where it
    has any."""
    return _letter(settings, code, language, _with_needs(params), in_force(language).get(code))


def _with_needs(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """With open needs that suit the reader, as they stand when the message is written."""
    if not params.get("person_id"):
        return params
    found = fitting.suiting(session, professional_id=params["person_id"], today=today())
    return {**params, "others": found}


def letter_with(
    settings: Settings, code: str, language: str, params: Mapping[str, Any], text: wordings.Text
) -> tuple[str, str]:
    """The same with words that are not in force yet."""
    return _letter(settings, code, language, params, text)


def in_force(language: str) -> dict[str, Wording]:
    """The city's own words in a language, read once a request."""
    if "wordings" not in g:
        g.wordings = {}
    if language not in g.wordings:
        g.wordings[language] = wordings.in_force(session, language=language)
    found: dict[str, Wording] = g.wordings[language]
    return found


def _letter(
    settings: Settings,
    code: str,
    language: str,
    params: Mapping[str, Any],
    own: Wording | wordings.Text | None,
) -> tuple[str, str]:
    with force_locale(language):
        text = render_template(
            f"mail/{code}.txt",
            **{"within": False, "choosable": False, "others": (), **params},
            wording=wordings.filled(own, params),
            site_name=site_name(settings, language),
            contact=settings.contact_email,
        )
    first, _, body = text.partition("\n")
    subject = first.removeprefix("Subject:").strip()
    return subject, re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"


def site_name(settings: Settings, language: str) -> str:
    """What the service is called in a language."""
    return settings.site_name_en if language == "en" else settings.site_name_ja


def _token(app: Flask, notice: Notice, *, now: datetime) -> str | None:
    purpose = LINKS[notice.code][0]
    with app.app_context(), write() as session:
        account_id = tokens.owner(session, account_id=notice.account_id, email=notice.email)
        if account_id is None:
            return None
        return tokens.issue(
            session, account_id=account_id, purpose=purpose, email=notice.email, now=now
        )


def _message(
    settings: Settings, notice: Notice, subject: str, body: str, *, now: datetime
) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = Address(site_name(settings, notice.language), addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=notice.email)
    reply_to = str(notice.params.get("reply_to") or settings.contact_email)
    if reply_to:
        message["Reply-To"] = Address(addr_spec=reply_to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice.id}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    _say_how_to_stop(settings, notice, message)
    message.set_content(body)
    message["Content-Language"] = notice.language
    return message


def _say_how_to_stop(settings: Settings, notice: Notice, message: EmailMessage) -> None:
    """What a mail program shows as its own button; pressing it acts at once (RFC 8058)."""
    kind = kind_of(notice.code)
    if notice.account_id and Pace.NEVER in KINDS[kind].paces:
        token = stop_token(settings, notice.account_id, kind)
        message["List-Unsubscribe"] = f"<{settings.base_url}/mails/stop/{token}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif _optional(notice):
        message["List-Unsubscribe"] = f"<{settings.base_url}/account/notifications>"


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand a mail to the SMTP server of the settings. Raises ``Bounced`` where the address itself
    is refused for good, and what smtplib raises for everything else."""
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            _tell_apart(code, said, about_address=True)
            raise
        except smtplib.SMTPDataError as refused:
            _tell_apart(refused.smtp_code, refused.smtp_error, about_address=False)
            raise


def _tell_apart(code: int, said: bytes | str, *, about_address: bool) -> None:
    """Raise ``Bounced`` for a permanent answer (5xx) about the recipient. The enhanced code (RFC
    3463) decides where there is one: x.1 is the address, x.2 its mailbox, x.7 a rule about us."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    enhanced = re.match(r"5\.(\d{1,3})\.\d{1,3}\b", text)
    subject = enhanced[1] if enhanced else "1" if about_address else ""
    if 500 <= code < 600 and subject in ("1", "2"):
        raise notices.Bounced(f"{code} {' '.join(text.split())}")
