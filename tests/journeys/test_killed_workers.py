"""A worker that dies over a round, or with a mail in hand: nothing is lost or sent twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import expect
from sqlmodel import Session, col, select

from matchmaker.jobs import utc_now
from matchmaker.models import (
    Job,
    JobState,
    Notice,
    NoticeState,
)
from matchmaker.services import approvals
from tests.journeys import walks
from tests.journeys.conftest import NewPage
from tests.journeys.desk import board, desk
from tests.journeys.walks import follow, is_told, press
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import act, actor_of, look_around

ROOT = Path(__file__).parents[2]


KILLED = """
import os, signal, sys
from matchmaker.db import open_engine, session_factory
from matchmaker.jobs import Worker
from matchmaker.services import computing
real = computing.report
def dies(*given):
    real(*given)
    if given[-1] == "solving":
        os.kill(os.getpid(), signal.SIGKILL)
computing.report = dies
jobs = {"compute_round": computing.compute_round}
Worker(session_factory(open_engine(sys.argv[1])), jobs).work_off()
"""


def test_the_worker_is_killed_while_a_round_is_worked_out(site: LiveSite, visitor: NewPage) -> None:
    places = act(site, look_around)
    site.worker.stop()
    window = desk(site, visitor)
    board(window, places)
    before = window.locator("article.card").count()
    press(window, "Work it out again")
    command = [sys.executable, "-c", KILLED, site.app.config["SETTINGS"].database_url]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    window.reload()
    expect(window.get_by_role("progressbar")).to_be_visible()
    act(site, let_the_lease_end)
    site.worker.work_off()
    board(window, places)
    walks.round_ready(window)
    expect(window.locator("article.card")).to_have_count(before)


def let_the_lease_end(session: Session) -> None:
    """As if the minutes had passed after which another worker may go on."""
    job = session.exec(select(Job).where(Job.state == JobState.RUNNING)).one()
    job.leased_until = utc_now() - timedelta(seconds=1)


def test_the_worker_is_killed_while_the_invitations_go_out(
    site: LiveSite, visitor: NewPage
) -> None:
    places = act(site, look_around)
    site.worker.stop()
    site.worker.work_off()  # what look_around had to say is out of the way
    act(site, lambda session: approve_everything(session, places.round))
    before = len(list(site.mails.glob("*.eml")))
    window = desk(site, visitor)
    window.goto(f"/coordinator/rounds/{places.round}/send")
    window.locator("main form button[type=submit]").first.click()
    is_told(window, "The round is sent. The mails are on their way.")
    waiting = act(site, lambda session: ids_of(session, NoticeState.WAITING))
    assert len(waiting) > 3
    assert _killed_while_sending(site, after=3) == -signal.SIGKILL
    assert act(site, lambda session: ids_of(session, NoticeState.WAITING))
    act(site, let_the_mail_go_on)
    site.worker.work_off()
    copies = Counter(mail_id(path) for path in sorted(site.mails.glob("*.eml"))[before:])
    assert set(copies) >= {f"<{each}@127.0.0.1>" for each in waiting}
    assert set(copies.values()) == {1}
    window.goto(f"/coordinator/rounds/{places.round}")
    expect(window.get_by_text(ja("Sent")).first).to_be_visible()
    follow(window, "See the replies")
    expect(window.get_by_text(ja("Who has answered?"))).to_be_visible()


SENDING = """
import os, signal, sys
from web import create_app, mail
from web.commands.work import worker_for
from matchmaker.settings import read_settings
real, handed = mail.deliver, []
def dies(settings, message):
    if len(handed) == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(settings, message)
    handed.append(message)
mail.deliver = dies
worker_for(create_app(read_settings())).work_off()
"""


def _killed_while_sending(site: LiveSite, *, after: int) -> int:
    """Another worker in a process of its own; it dies with a mail in hand."""
    settings = site.app.config["SETTINGS"]
    env = {
        **os.environ,
        "MATCHMAKER_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "MATCHMAKER_BASE_URL": settings.base_url,
        "MATCHMAKER_SMTP_HOST": settings.smtp_host,
        "MATCHMAKER_SMTP_PORT": str(settings.smtp_port),
    }
    command = [sys.executable, "-c", SENDING, str(after)]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def approve_everything(session: Session, round_id: str) -> None:
    actor = actor_of(session, "coordinator")
    approvals.approve_all(session, actor=actor, now=utc_now(), round_id=round_id)


def ids_of(session: Session, state: NoticeState) -> list[str]:
    return list(session.exec(select(Notice.id).where(Notice.state == state)).all())


def let_the_mail_go_on(session: Session) -> None:
    """As if the minutes had passed after which another worker may take the mail in hand."""
    for notice in session.exec(select(Notice).where(col(Notice.leased_until).is_not(None))).all():
        notice.leased_until = utc_now() - timedelta(seconds=1)


def mail_id(path: Path) -> str:
    return str(message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"])
