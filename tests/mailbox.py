"""The mails the site would send, taken from the outbox; and an SMTP server that catches them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from flask import Flask

from matchmaker.services import notices
from web.mail import compose


def sent(app: Flask) -> list[EmailMessage]:
    """Render and mark as sent everything that is due by the app's clock."""
    now, found = app.config["CLOCK"](), []

    def keep(notice: Any) -> None:
        message = compose(app, notice, now=now)
        if message is not None:
            found.append(message)

    while notices.send_next(app.extensions["writing"], keep, now=now):
        pass
    return found


def body(message: EmailMessage) -> str:
    """The text of a mail, without what is attached to it."""
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


def calendar(message: EmailMessage) -> bytes:
    """The calendar attached to a mail; empty without one."""
    parts = [part for part in message.iter_attachments()
             if part.get_content_type() == "text/calendar"]  # fmt: skip
    return parts[0].get_payload(decode=True) if parts else b""  # type: ignore[return-value]


def link(message: EmailMessage, part: str = "/") -> str:
    """The path of the first link in a mail that contains ``part``."""
    for address in re.findall(r"https?://\S+", body(message)):
        parts = urlsplit(address)
        if part in parts.path:
            return parts.path + (f"?{parts.query}" if parts.query else "")
    raise AssertionError(f"no link with {part} in:\n{body(message)}")


class Catcher:
    """An SMTP handler that keeps mails, or answers ``reply`` instead of taking them."""

    def __init__(self, reply: str = "250 OK") -> None:
        self.reply = reply
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.reply.startswith("250"):
            parsed = BytesParser(policy=policy.default).parsebytes(envelope.content)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
        return self.reply


@contextmanager
def smtp(handler: Any) -> Iterator[int]:
    """An SMTP server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
