"""``matchmaker mail``: what comes back from mail servers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from matchmaker.db import open_engine, session_factory, transaction
from matchmaker.jobs import utc_now
from matchmaker.services import bounce_reports
from matchmaker.settings import read_settings


@click.group("mail")
def mail_group() -> None:
    """Take in what mail servers send back."""


@mail_group.command()
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--home", default="", help="Folder of the data (default: MATCHMAKER_HOME or data).")
def bounces(source: Path | None, home: str) -> None:
    """Note which mails came back, from SOURCE: a Maildir, an mbox file or one mail; without it, one
    mail from standard input (as from a .forward file)."""
    factory = session_factory(open_engine(read_settings(home=home).database_url))
    read = noted = 0
    contents = bounce_reports.mails(source) if source else [sys.stdin.buffer.read()]
    for content in contents:
        read += 1
        report = bounce_reports.read(content)
        if report is None:
            continue
        with transaction(factory) as session:
            noted += bounce_reports.note(session, report, now=utc_now())
    click.echo(f"read: {read}, noted as not delivered: {noted}")
