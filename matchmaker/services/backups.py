"""Backup and restore: SQLite through its backup API while the site runs, PostgreSQL by pg_dump."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from matchmaker.errors import Refusal


def backup(url: str, target: Path) -> None:
    """Write the whole database to ``target``, a moment's consistent picture.

    Refused: ``backup_exists`` when the file is there; ``program_missing`` without pg_dump.
    """
    if target.exists():
        raise Refusal("backup_exists", path=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        _copy_sqlite(_file(place), target)
    else:
        _run(place, "pg_dump", "--format=custom", f"--file={target}", _libpq(place))


def restore(url: str, source: Path, *, replace: bool = False) -> None:
    """Put a backup back. The database at ``url`` must be empty unless ``replace``.

    Refused: ``backup_unreadable``; ``database_not_empty``; ``program_missing`` without pg_restore.
    Before a SQLite database is replaced, the old one is kept beside it with ``.before-restore``.
    """
    if not source.is_file():
        raise Refusal("backup_unreadable", path=str(source))
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        _restore_sqlite(source, _file(place), replace=replace)
        return
    words = ["--clean", "--if-exists"] if replace else []
    _run(
        place, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", *words,
        f"--dbname={_libpq(place)}", str(source),
    )  # fmt: skip


def _restore_sqlite(source: Path, target: Path, *, replace: bool) -> None:
    if not _sound(source):
        raise Refusal("backup_unreadable", path=str(source))
    if target.exists():
        if not replace:
            raise Refusal("database_not_empty", path=str(target))
        kept = target.with_name(target.name + ".before-restore")
        kept.unlink(missing_ok=True)
        _copy_sqlite(target, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_sqlite(source, target)


def _sound(path: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise Refusal("database_missing", path=str(source))
    origin, copy = sqlite3.connect(source), sqlite3.connect(target)
    try:
        origin.backup(copy)
    finally:
        origin.close()
        copy.close()


def _file(place: URL) -> Path:
    return Path(place.database or "")


def _libpq(place: URL) -> str:
    return place.set(drivername="postgresql", password=None).render_as_string()


def _run(place: URL, program: str, *words: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise Refusal("program_missing", program=program)
    # The password goes to the child alone: on a command line everybody could read it.
    secret = {"PGPASSWORD": str(place.password)} if place.password else {}
    done = subprocess.run(  # noqa: S603 - a fixed program with our own words
        [path, *words], capture_output=True, text=True, check=False, env=secret or None
    )
    if done.returncode:
        raise Refusal("program_failed", program=program, message=done.stderr.strip()[-400:])
