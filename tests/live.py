"""The whole site on a free port: pages, worker and mail catcher, as a city would run it."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from waitress import wasyncore
from waitress.server import create_server

from matchmaker.jobs import Worker
from matchmaker.settings import Settings
from tests.apps import fresh_app
from web.commands.work import worker_for
from web.demo import catcher


@dataclass(frozen=True)
class LiveSite:
    """A running site."""

    url: str
    app: Flask
    worker: Worker
    mails: Path

    def mail_to(
        self, address: str, *, subject: str = "", seconds: float = 15
    ) -> catcher.CaughtMail:
        """The newest mail to ``address`` whose subject contains ``subject``; waits for it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in catcher.caught(self.mails):
                if address in mail.to and subject in mail.subject:
                    return mail
            time.sleep(0.1)
        seen = [(mail.to, mail.subject) for mail in catcher.caught(self.mails)]
        raise AssertionError(f"no mail to {address} about {subject!r}; there are {seen}")

    def link_in(self, mail: catcher.CaughtMail) -> str:
        """The first link of a mail that leads to this site."""
        found = re.search(re.escape(self.url) + r"\S+", mail.text)
        assert found, mail.text
        return found[0]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def live_site(settings: Settings, engine: Engine) -> Iterator[LiveSite]:
    """Serve the site on ``engine`` until the block ends."""
    mails = settings.home / "mail"
    smtp, smtp_port = catcher.start(mails)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = fresh_app(
        replace(settings, base_url=url, smtp_port=smtp_port, smtp_host="127.0.0.1"), engine
    )
    sockets: dict[int, wasyncore.dispatcher] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=port, threads=6, ident="")
    thread = threading.Thread(target=server.run, name="site", daemon=True)
    thread.start()
    worker = worker_for(app)
    worker.start()
    try:
        yield LiveSite(url, app, worker, mails)
    finally:
        worker.stop()
        server.task_dispatcher.shutdown()
        # Closed by its own thread: a socket closed under its select() breaks that thread.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        smtp.stop()
