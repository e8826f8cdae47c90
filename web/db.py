"""One session per request and one commit at its end. The only place that opens the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.local import LocalProxy

from matchmaker.db import forget_traces, open_engine, reading_factory, session_factory, transaction
from matchmaker.jobs import utc_now

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_db(app: Flask, engine: Engine | None = None) -> None:
    """Open the database, and end every request's transaction: commit below 400, else roll back."""
    bind(app, engine or open_engine(app.config["SETTINGS"].database_url))
    app.after_request(_finish)
    app.teardown_appcontext(_close)


def bind(app: Flask, engine: Engine) -> None:
    """The database that requests read and write from now on."""
    app.extensions["database"] = engine
    app.extensions["writing"] = session_factory(engine)
    app.extensions["reading"] = reading_factory(engine)


def _current() -> Session:
    """The request's session; a request that may not change anything gets one that cannot."""
    if "session" not in g:
        kind = "reading" if request and request.method in SAFE_METHODS else "writing"
        g.session = current_app.extensions[kind]()
    session: Session = g.session
    return session


session: Session = LocalProxy(_current)  # type: ignore[assignment]


def write() -> AbstractContextManager[Session]:
    """A transaction of its own, for the rare small write while reading (last seen)."""
    return transaction(current_app.extensions["writing"])


def read() -> AbstractContextManager[Session]:
    """A short look that holds no lock, for slow work (checking a password) before writing."""
    return current_app.extensions["reading"]()  # type: ignore[no-any-return]


def leave_no_trace() -> Callable[[], None]:
    """To be called once this request is over: what was erased leaves the database's journal."""
    return partial(forget_traces, current_app.extensions["database"])


def _finish(response: Response) -> Response:
    if "session" in g and request.method not in SAFE_METHODS:
        if response.status_code < 400:
            g.session.commit()
        else:
            g.session.rollback()
    return response


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()


def now() -> datetime:
    """The moment of this request in UTC: one for all of it, set by tests through CLOCK."""
    if "now" not in g:
        g.now = current_app.config.get("CLOCK", utc_now)()
    moment: datetime = g.now
    return moment


def today() -> date:
    """The day of this request in the city's time zone."""
    return now().astimezone(ZoneInfo(current_app.config["SETTINGS"].time_zone)).date()
