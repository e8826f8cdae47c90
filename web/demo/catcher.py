"""The demo's mail catcher: a real SMTP server on this machine that keeps every mail as a file."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from matchmaker.jobs import utc_now


class Catcher:
    """Keeps mails in ``folder``, the newest last by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = len(list(folder.glob("*.eml"))) if folder.is_dir() else 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Write one mail whole or not at all."""
        self.count += 1
        target = self.folder / f"{utc_now():%Y%m%d-%H%M%S}-{self.count:05d}.eml"
        draft = target.with_suffix(".part")
        draft.write_bytes(envelope.content)
        draft.rename(target)
        return "250 kept"


def start(folder: Path) -> tuple[Controller, int]:
    """Start catching on a free port of this machine; returns the server and its port."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(Catcher(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller, port


@dataclass(frozen=True)
class CaughtMail:
    """One caught mail, ready to show."""

    name: str
    to: str
    subject: str
    at: datetime | None
    text: str


def caught(folder: Path) -> list[CaughtMail]:
    """Every caught mail, newest first."""
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)]


def find(folder: Path, name: str) -> CaughtMail | None:
    """The mail with that name; only names that are in the folder are looked at."""
    return next((_read(path) for path in folder.glob("*.eml") if path.stem == name), None)


def _read(path: Path) -> CaughtMail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise TypeError(path.name)
    body = mail.get_body(("plain",))
    return CaughtMail(
        name=path.stem,
        to=str(mail["to"] or ""),
        subject=str(mail["subject"] or ""),
        at=mail["date"].datetime if mail["date"] else None,
        text=body.get_content() if body else "",
    )
