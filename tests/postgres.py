"""A PostgreSQL server for the tests: found on the machine, started once, one database per test."""

from __future__ import annotations

import atexit
import glob
import os
import shutil
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

_numbers = count(1)


def programs() -> Path | None:
    """The folder of the server programs; Debian keeps them outside PATH."""
    found = shutil.which("pg_ctl")
    places = [str(Path(found).resolve().parent)] if found else []
    places += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return next((Path(place) for place in places if (Path(place) / "pg_ctl").exists()), None)


@cache
def server() -> str | None:
    """A running server's socket folder, or None where PostgreSQL is not installed."""
    folder = programs()
    if folder is None:
        return None
    home = Path(tempfile.mkdtemp(prefix="mmpg"))
    home.chmod(0o755)
    data = home / "data"
    data.mkdir()
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)
        shutil.chown(data, user)

    def run(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd=home, capture_output=True, timeout=60)

    run(
        f"{folder}/initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    options = f"-k {home} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    run(f"{folder}/pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start")

    def stop() -> None:
        subprocess.run(
            [f"{folder}/pg_ctl", "-D", str(data), "-m", "immediate", "stop"],
            user=user, cwd=home, capture_output=True, check=False,
        )  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    return str(home)


def url(name: str) -> str:
    """The address of database ``name``."""
    return f"postgresql+psycopg://postgres@/{name}?host={server()}"


def create_database(template: str | None = None) -> str:
    """A fresh database, copied from ``template`` when given; returns its name."""
    import psycopg

    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"host={server()} user=postgres", autocommit=True) as connection:
        copied = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}')
    return name
