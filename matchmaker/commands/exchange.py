"""``matchmaker import`` and ``matchmaker export``: the market folder in and out of the database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from matchmaker.commands.words import cell_sentence
from matchmaker.db import open_engine, session_factory, transaction
from matchmaker.engine.files.folder import write_folder
from matchmaker.engine.files.tables import FolderError
from matchmaker.jobs import utc_now
from matchmaker.services import exports, imports
from matchmaker.services.actors import SYSTEM
from matchmaker.settings import read_settings


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
def import_command(path: Path) -> None:
    """Take the market in PATH (a folder, a zip or an .xlsx workbook) into the database."""
    factory = session_factory(open_engine(read_settings().database_url))
    try:
        with transaction(factory) as session:
            batch = imports.import_path(session, actor=SYSTEM, now=utc_now(), path=path)
    except FolderError as refused:
        _say_faults(refused)
        sys.exit(2 if all(error.line == 0 for error in refused.errors) else 1)
    for warning in batch.warnings:
        left_out = ", ".join(warning.get("columns", ["the whole file"]))
        click.echo(f"{warning['file']}: warning: left out: {left_out}", err=True)
    for name, tally in batch.counts.items():
        click.echo(f"{name}: {tally['new']} new, {tally['changed']} changed, {tally['same']} same")


@click.command("export")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder, or a file that ends in .zip or .xlsx.",
)
@click.option(
    "--encoding",
    type=click.Choice(["utf-8-sig", "utf-8", "cp932"]),
    default="utf-8-sig",
    show_default=True,
    help="Of the CSV files in a folder.",
)
def export_command(out: Path, encoding: str) -> None:
    """Write the market (people checked, needs open) to a folder, a zip or an .xlsx workbook."""
    factory = session_factory(open_engine(read_settings().database_url))
    kind = out.suffix.lower().removeprefix(".")
    with transaction(factory) as session:
        if kind in exports.FORMATS:
            content = exports.export_market(session, actor=SYSTEM, now=utc_now(), kind=kind)
            out.write_bytes(content)
        else:
            tables = exports.recorded_tables(session, actor=SYSTEM, now=utc_now(), kind="folder")
            try:
                write_folder(tables, out, encoding)
            except FolderError as refused:
                _say_faults(refused)
                sys.exit(1)
    click.echo(f"wrote {out}")


def _say_faults(refused: FolderError) -> None:
    for error in refused.errors:
        click.echo(cell_sentence(error), err=True)
