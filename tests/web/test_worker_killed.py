"""A worker that is killed (-9) while it sends: every mail arrives, a second copy has the same id.

The worker and the mail server are real; only what the server waits for is ours.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.jobs import utc_now
from matchmaker.models import Notice
from matchmaker.services import notices
from tests import factories, mailbox
from web.mail import sending

ROOT = Path(__file__).parents[2]
WORK = "from web.cli import main; main()"
# The mistake this is about: what is marked as sent before it is handed over can get lost.
MARKED_FIRST = """
from matchmaker.db import transaction
from matchmaker.models import Notice
from matchmaker.services import notices

def send_next(factory, send, *, now):
    notice = notices.lease_next(factory, now=now)
    if notice is None:
        return False
    with transaction(factory) as session:
        row = session.get_one(Notice, notice.id)
        row.state, row.sent_at = "sent", now
        session.add(row)
    send(notice)
    return True

notices.send_next = send_next
"""


class Stalling(mailbox.Catcher):
    """A server that never goes on: at the greeting, before it keeps a mail, or after it."""

    def __init__(self, at: str, on: int = 1) -> None:
        super().__init__()
        self.at, self.on, self.seen = at, on, 0
        self.reached = threading.Event()

    async def _wait(self, at: str) -> None:
        if at == self.at:
            self.seen += 1
            if self.seen == self.on:
                self.reached.set()
                await asyncio.sleep(3600)

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        await self._wait("greeting")
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await self._wait("before keeping")
        answer = await super().handle_DATA(server, session, envelope)
        await self._wait("after keeping")
        return answer


@contextmanager
def worker(app: Flask, port: int, *, code: str = WORK) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, on the test's database and mail server."""
    settings = app.config["SETTINGS"]
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MATCHMAKER_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "MATCHMAKER_SECRET_KEY": "long-enough-for-a-test",
        "MATCHMAKER_SMTP_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code, "work", "--once"],
        env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def queue(app: Flask, session: Session, count: int) -> datetime:
    now = utc_now()
    for number in range(count):
        person = factories.account(session)
        notices.tell(session, to=person, code="welcome", dedupe_key=f"w{number}", now=now)
    session.commit()
    return now


def kill_in_the_middle(app: Flask, server: Stalling, code: str = WORK) -> None:
    """Let a worker send until the server stalls, and kill it there."""
    with mailbox.smtp(server) as port, worker(app, port, code=code) as process:
        assert server.reached.wait(60), "the worker never came to the server"
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL


def go_on(app: Flask, now: datetime) -> mailbox.Catcher:
    """Another worker, once the lease of the dead one is over."""
    server = mailbox.Catcher()
    with mailbox.smtp(server) as port:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_port=port)
        chore, later = sending(app), now + notices.LEASE + timedelta(minutes=1)
        while chore(later):
            pass
    return server


def ids(*servers: mailbox.Catcher) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for server in servers for mail in server.mails)


@pytest.mark.parametrize("at", ["greeting", "before keeping", "after keeping"])
def test_every_mail_arrives_though_the_worker_is_killed_while_sending(
    app: Flask, session: Session, at: str
) -> None:
    now = queue(app, session, 3)
    first = Stalling(at, on=2)  # one mail has gone out, the second is in hand
    kill_in_the_middle(app, first)
    second = go_on(app, now)
    kept = factories.look(app, select(Notice))
    assert {each.state for each in kept} == {"sent"}
    copies = ids(first, second)
    assert set(copies) == {f"<{each.id}@127.0.0.1>" for each in kept}
    twice = [name for name, count in copies.items() if count > 1]
    assert len(twice) == (1 if at == "after keeping" else 0)


def test_until_the_lease_is_over_nobody_else_sends_it(app: Flask, session: Session) -> None:
    queue(app, session, 1)
    kill_in_the_middle(app, Stalling("before keeping"))
    server = mailbox.Catcher()
    with mailbox.smtp(server) as port:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_port=port)
        assert not sending(app)(utc_now())
    assert server.mails == []


def test_marking_before_sending_would_lose_it(app: Flask, session: Session) -> None:
    """The negative control: the same murder, with the order the worker must not have."""
    now = queue(app, session, 1)
    first = Stalling("before keeping")
    kill_in_the_middle(app, first, MARKED_FIRST + WORK)
    second = go_on(app, now)
    assert ids(first, second) == Counter()
    assert [each.state for each in factories.look(app, select(Notice))] == ["sent"]


def test_two_workers_at_once_send_each_mail_once(app: Flask, session: Session) -> None:
    queue(app, session, 12)
    server = mailbox.Catcher()
    with mailbox.smtp(server) as port, worker(app, port) as one, worker(app, port) as two:
        assert (one.wait(120), two.wait(120)) == (0, 0)
    assert len(server.mails) == 12
    assert set(ids(server).values()) == {1}


def test_a_server_that_stalls_is_left_after_a_while_and_tried_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.mail.SECONDS", 0.3)
    now = queue(app, session, 1)
    with mailbox.smtp(Stalling("before keeping")) as port:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_port=port)
        assert sending(app)(now)
    (waiting,) = factories.look(app, select(Notice))
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.error
    assert len(go_on(app, now).mails) == 1
