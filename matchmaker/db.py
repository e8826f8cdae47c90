"""The database: an engine from a URL, SQLite's pragmas, sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import Boolean, Connection, Engine, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, create_engine

SessionFactory = Callable[[], Session]


def wide_select(*columns: Any) -> Any:
    """``select`` for more than four columns, where SQLModel's own types end."""
    return sqlalchemy.select(*columns)


class holds(FunctionElement[bool]):
    """Whether a column holds a text, letter by letter. Far quicker than LIKE, which SQLite works
    out character by character, and nothing in the text is a sign of its own."""

    type = Boolean()
    inherit_cache = True


@compiles(holds)
def _holds(element: holds, compiler: Any, **given: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **given)}) > 0"


@compiles(holds, "sqlite")
def _holds_sqlite(element: holds, compiler: Any, **given: Any) -> str:
    return f"instr({compiler.process(element.clauses, **given)}) > 0"


def open_engine(url: str, **options: Any) -> Engine:
    """An engine for ``url``: SQLite (file or memory) or PostgreSQL through psycopg 3.

    SQLite runs in WAL mode with foreign keys on and full synchronisation; every transaction
    begins IMMEDIATE, so two writers queue up instead of failing half way through.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event opens the transaction
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=FULL",
        "secure_delete=ON",  # what is erased leaves no bytes behind
    ):
        connection.execute(f"PRAGMA {pragma}")


def _reading(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("reading", False))


def _begin_sqlite(connection: Connection) -> None:
    reading = _reading(connection)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if _reading(connection):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def forget_traces(engine: Engine) -> None:
    """Empty SQLite's journal into its file, so that no page of before stays in it.

    PostgreSQL clears old rows by itself (vacuum). A reader at work delays it to the next time.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def session_factory(engine: Engine) -> SessionFactory:
    """A maker of sessions on ``engine``; objects stay readable after a commit."""
    return lambda: Session(engine, expire_on_commit=False)


def reading_factory(engine: Engine) -> SessionFactory:
    """Sessions that can only read: the database itself refuses a write, and none waits."""
    return session_factory(engine.execution_options(reading=True))


@contextmanager
def looking(factory: SessionFactory) -> Iterator[Session]:
    """A session that can only read and so keeps no writer waiting."""
    with factory() as session:
        session.connection(execution_options={"reading": True})
        yield session


@contextmanager
def transaction(factory: SessionFactory) -> Iterator[Session]:
    """A session that commits at the end, or rolls back whatever went wrong."""
    with factory() as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
