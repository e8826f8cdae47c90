"""Whether anything was stored: a second look at a SQLite file, and a way back."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

# Refused attempts to sign in are counted, and a session notes when it was last seen.
MAY_CHANGE = frozenset({"sign_in_failure", "login_session"})


class Kept:
    """A database as it stood when this was made; compares and restores."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._look = sqlite3.connect(path)
        self._copy = sqlite3.connect(":memory:")
        self._look.backup(self._copy)
        self._digests = self._read(self._copy)
        self._seen = self._data_version()

    def changed(self) -> list[str]:
        """The tables whose rows are not as they were; the database is then put back."""
        version = self._data_version()
        if version == self._seen:  # nobody committed a change since
            return []
        now = self._read(self._look)
        found = sorted(name for name in now if now[name] != self._digests.get(name))
        self.restore()
        return [name for name in found if name not in MAY_CHANGE]

    def restore(self) -> None:
        """Put everything back."""
        target = sqlite3.connect(self._path)
        self._copy.backup(target)
        target.close()
        self._seen = self._data_version()

    def close(self) -> None:
        self._look.close()
        self._copy.close()

    def _data_version(self) -> int:
        return int(self._look.execute("PRAGMA data_version").fetchone()[0])

    def _read(self, database: sqlite3.Connection) -> dict[str, str]:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: _digest(database, name) for (name,) in tables.fetchall()}


def _digest(database: sqlite3.Connection, table: str) -> str:
    rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
    text = "\n".join(sorted(map(repr, rows)))
    return f"{len(rows)}:{sha256(text.encode()).hexdigest()}"
