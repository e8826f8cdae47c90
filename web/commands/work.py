"""``matchmaker work``: background jobs, and the mail that needs pages to be written."""

from __future__ import annotations

import signal
from typing import Any

import click
from flask import Flask

from matchmaker.jobs import Worker
from matchmaker.settings import read_settings
from matchmaker.work import chores, handlers
from web import create_app
from web.mail import sending


def worker_for(app: Flask) -> Worker:
    """A worker on the site's database that does every kind of job and sends mail."""
    factory = app.extensions["writing"]
    looked_after = chores(factory, time_zone=app.config["SETTINGS"].time_zone)
    return Worker(factory, handlers(), (sending(app), *looked_after))


@click.command("work")
@click.option("--home", default="", help="Folder of the data (default: MATCHMAKER_HOME or data).")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def work_command(home: str, once: bool) -> None:
    """Compute rounds, take in imports, send mail and reminders until stopped."""
    worker = worker_for(create_app(read_settings(home=home)))
    if once:
        worker.work_off()
        return

    def stop(*_signal: Any) -> None:
        worker.ask_to_stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("working; Ctrl-C stops after the job in hand")
    worker.run()
