"""Every main page: server time, number of queries and size, straight through the application."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from matchmaker.jobs import utc_now
from tests.benchmarks import databases
from tests.benchmarks.clock import both_clocks, milliseconds
from tests.benchmarks.sizes import Sizes

MOST_MILLISECONDS, MOST_QUERIES, MOST_KILOBYTES = 50, 10, 100


class Page(NamedTuple):
    """Who looks, what at, where; ``{round}`` and the like stand for ids found in the database."""

    role: str
    name: str
    url: str


PAGES: tuple[Page, ...] = (
    Page("visitor", "home", "/"),
    Page("visitor", "how it works", "/how-it-works"),
    Page("visitor", "needs", "/needs"),
    Page("visitor", "needs, last page", "/needs?page=100"),
    Page("visitor", "needs, searched", "/needs?q=ホームページ"),
    Page("visitor", "needs, filtered", "/needs?field=npo-02&place=remote"),
    Page("visitor", "need", "/needs/{need}"),
    Page("visitor", "groups", "/groups"),
    Page("visitor", "group", "/groups/{group}"),
    Page("visitor", "rules", "/rules"),
    Page("visitor", "figures", "/figures"),
    Page("visitor", "sign in", "/sign-in"),
    Page("visitor", "sign up", "/sign-up"),
    Page("professional", "account", "/account/details"),
    Page("professional", "sessions", "/account/sessions"),
    Page("professional", "consents", "/account/consents"),
    Page("professional", "home", "/professional"),
    Page("professional", "profile: skills", "/professional/profile/skills"),
    Page("professional", "profile: check", "/professional/profile/check"),
    Page("professional", "wishes", "/professional/wishes"),
    Page("professional", "offers", "/professional/offers"),
    Page("professional", "offer", "/professional/offers/{proposal}"),
    Page("group", "home", "/group/"),
    Page("group", "overview", "/group/{group}"),
    Page("group", "members", "/group/{group}/members"),
    Page("group", "new need", "/group/{group}/needs/new"),
    Page("group", "need", "/group/needs/{need}"),
    Page("group", "team", "/group/needs/{need}/team"),
    Page("coordinator", "today", "/coordinator"),
    Page("coordinator", "people", "/coordinator/people"),
    Page("coordinator", "people, searched", "/coordinator/people?q=伊藤"),
    Page("coordinator", "person", "/coordinator/people/{professional}"),
    Page("coordinator", "groups", "/coordinator/groups"),
    Page("coordinator", "group", "/coordinator/groups/{group}"),
    Page("coordinator", "needs", "/coordinator/needs"),
    Page("coordinator", "need", "/coordinator/needs/{need}"),
    Page("coordinator", "rounds", "/coordinator/rounds"),
    Page("coordinator", "new round", "/coordinator/rounds/new"),
    Page("coordinator", "round: board", "/coordinator/rounds/{round}"),
    Page("coordinator", "round: unstaffed", "/coordinator/rounds/{round}/unstaffed"),
    Page("coordinator", "round: waiting", "/coordinator/rounds/{round}/waiting"),
    Page("coordinator", "round: proof", "/coordinator/rounds/{round}/proof"),
    Page("coordinator", "round: replies", "/coordinator/rounds/{round}/replies"),
    Page("coordinator", "why this person", "/coordinator/proposals/{proposal}/why"),
    Page("coordinator", "change a seat", "/coordinator/proposals/{proposal}/change"),
    Page("coordinator", "policy", "/coordinator/policy"),
    Page("coordinator", "imports", "/coordinator/imports"),
    Page("company", "home", "/company"),
    Page("company", "report", "/company/{company}"),
    Page("city", "home", "/city"),
    Page("city", "indicator", "/city/indicators/employers"),
)


@dataclass(frozen=True)
class PageTime:
    """What a page took: processor time of the server, the database's work in it included.

    ``status`` is not 200 where there was nothing to measure.
    """

    role: str
    name: str
    url: str
    status: int
    median_ms: float = 0.0
    p95_ms: float = 0.0
    wall_ms: float = 0.0
    queries: int = 0
    kilobytes: float = 0.0

    @property
    def over(self) -> str:
        """What is over the goal, in words."""
        limits = (
            (self.p95_ms > MOST_MILLISECONDS, "time"),
            (self.queries > MOST_QUERIES, "queries"),
            (self.kilobytes > MOST_KILOBYTES, "size"),
        )
        return ", ".join(word for reached, word in limits if reached)


def browsers(app: Flask, engine: Engine, roles: Sequence[str]) -> dict[str, FlaskClient]:
    """A browser for each role, signed in where somebody has an account for it."""
    found = {}
    for role in roles:
        found[role] = app.test_client()
        if token := databases.sign_in(engine, role, now=utc_now()):
            with found[role].session_transaction() as cookie:
                cookie["token"] = token
    return found


def measure(
    app: Flask,
    engine: Engine,
    where: databases.Places,
    sizes: Sizes,
    pages: Sequence[Page] = PAGES,
) -> list[PageTime]:
    """Ask for every page several times. A page that is not there or fails is listed as such."""
    logging.getLogger("web").setLevel(logging.CRITICAL)
    signed_in = browsers(app, engine, sorted({page.role for page in pages}))
    return [_measure(signed_in[page.role], engine, where, sizes, page) for page in pages]


def _measure(
    browser: FlaskClient, engine: Engine, where: databases.Places, sizes: Sizes, page: Page
) -> PageTime:
    url = where.address(page.url)
    if url is None:
        return PageTime(*page, status=404)

    def ask() -> Any:
        with browser.get(url, buffered=True) as response:
            return response.status_code, len(response.data)

    try:
        for _ in range(sizes.warm_up):
            status, _size = ask()
        with counting(engine) as statements:
            status, size = ask()
    except Exception:
        return PageTime(*page, status=500)
    if status != 200:
        return PageTime(*page, status=status)
    wall, used = both_clocks(ask, sizes.requests)
    return PageTime(
        *page, status, *milliseconds(used), milliseconds(wall)[0], len(statements),
        round(size / 1024, 1),
    )  # fmt: skip


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without those that frame a transaction."""
    sent: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
