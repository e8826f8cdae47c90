"""``matchmaker work`` without the site: background jobs and reply dates, but no mail."""

from __future__ import annotations

import signal
from typing import Any

import click

from matchmaker.db import open_engine, session_factory
from matchmaker.jobs import Worker
from matchmaker.settings import read_settings
from matchmaker.work import chores, handlers


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def work_command(once: bool) -> None:
    """Compute rounds, take in imports and watch reply dates until stopped.

    Mail needs pages to be written: the installed `matchmaker work` sends it too.
    """
    settings = read_settings()
    factory = session_factory(open_engine(settings.database_url))
    worker = Worker(factory, handlers(), chores(factory, time_zone=settings.time_zone))
    if once:
        worker.work_off()
        return

    def stop(*_signal: Any) -> None:
        worker.ask_to_stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("working; Ctrl-C stops after the job in hand")
    worker.run()
