"""Commands on the database as a whole: version, backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from matchmaker import schema
from matchmaker.db import open_engine, session_factory, transaction
from matchmaker.errors import Refusal
from matchmaker.jobs import utc_now
from matchmaker.services import audit, backups, installation
from matchmaker.settings import read_settings


@click.group("db")
def db_group() -> None:
    """Bring the database up to date, take it back, check it."""


@db_group.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (by default the newest, with its words and agreements)."""
    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    schema.upgrade(engine, revision)
    if revision == "head":
        with transaction(session_factory(engine)) as session:
            installation.prepare(session, now=utc_now())
    click.echo(f"database is at {revision}")


@db_group.command()
@click.argument("revision")
@click.confirmation_option(prompt="Tables that are newer than REVISION are removed. Go on?")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (base: nothing is left)."""
    schema.downgrade(open_engine(read_settings().database_url), revision)
    click.echo(f"database is at {revision}")


@db_group.command()
def check() -> None:
    """Compare the database with the tables in code and walk the record's chain."""
    engine = open_engine(read_settings().database_url)
    found = schema.differences(engine)
    if found:
        raise Refusal("database_differs", found=found)
    with session_factory(engine)() as session:
        broken = list(audit.broken_links(session))
    if broken:
        raise Refusal("record_broken", entries=broken[:20])
    click.echo("the tables agree with the code; the record is unbroken")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write the whole database to FILE while the site runs."""
    backups.backup(read_settings().database_url, file)
    click.echo(f"wrote {file}")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that is not empty.")
def restore_command(file: Path, *, replace: bool) -> None:
    """Put the backup FILE back into the database of the settings."""
    backups.restore(read_settings().database_url, file, replace=replace)
    click.echo(f"restored {file}")
