"""The sample city twice, before and after a round is sent, with somebody signed in per role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchmaker.db import open_engine, transaction
from matchmaker.jobs import utc_now
from matchmaker.services import demo_people, sign_in
from matchmaker.settings import read_settings
from tests import city, tour
from tests.apps import fresh_app
from tests.pages import Pages
from tests.places import Places, account_of, look_around, send_and_hear
from tests.web.form_probe import Pairs, Probe, probes
from tests.web.unchanged import Kept

NEWCOMER = "newcomer@example.jp"
DEMO_ONLY = ("demo.", "public.look")


@dataclass
class Site:
    """A site at one moment of the story, with a session of every role."""

    app: Flask
    places: Places
    kept: Kept
    when: str
    tokens: dict[str, str]

    def browser(self, role: str) -> FlaskClient:
        """A browser in which the ready account of a role is signed in."""
        browser = self.app.test_client()
        if role in self.tokens:
            with browser.session_transaction() as cookie:
                cookie["token"] = self.tokens[role]
        return browser

    def stops(self, role: str) -> list[str]:
        """The addresses of a role's pages at this moment."""
        with self.app.test_request_context():
            return [
                stop.address(self.places)
                for stop in tour.stops(role, self.when)
                if not stop.endpoint.startswith(DEMO_ONLY)
            ]

    def endpoint(self, address: str) -> str:
        """What answers a POST to an address."""
        path = urlsplit(address).path
        return self.app.url_map.bind("localhost").match(path, method="POST")[0]  # type: ignore[return-value]


@dataclass
class Sender:
    """A form of a page and the browser it is sent from."""

    site: Site
    browser: FlaskClient
    page: str
    probe: Probe

    @property
    def name(self) -> str:
        """The form in the words of a failing test."""
        return f"{self.site.endpoint(self.target)} on {self.page}"

    @property
    def target(self) -> str:
        """The address the form is sent to."""
        return urljoin(self.page, self.probe.action)

    def send(self, pairs: Pairs) -> TestResponse:
        """Send the form."""
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return self.browser.post(self.target, data=data, content_type=self.probe.encoding)


def senders(site: Site, role: str, language: str = "ja") -> Iterator[Sender]:
    """Every form of a role's pages, each kind of form once."""
    browser = site.browser(role)
    pages = Pages(browser)
    seen = set()
    for address in site.stops(role):
        joined = "&" if "?" in address else "?"
        for probe in probes(pages.get(f"{address}{joined}lang={language}", follow=True)):
            sender = Sender(site, browser, address, probe)
            kind = (site.endpoint(sender.target), *probe.entries)
            if site.endpoint(sender.target) != "account.sign_out" and kind not in seen:
                seen.add(kind)
                yield sender


def sites(folder: Path) -> Iterator[dict[str, Site]]:
    """The city at both moments; closed at the end."""
    made = {
        when: _site(folder / when.replace(" ", "-"), when) for when in (tour.BEFORE, tour.AFTER)
    }
    yield made
    for site in made.values():
        site.kept.close()
        site.app.extensions["database"].dispose()


def _site(folder: Path, when: str) -> Site:
    folder.mkdir(parents=True)
    url = city.copy("sqlite", folder)
    settings = read_settings({}, home=folder, environment="test", database_url=url)
    app = fresh_app(settings, open_engine(url))
    with transaction(app.extensions["writing"]) as session:
        places = look_around(session)
    if when == tour.AFTER:
        with transaction(app.extensions["writing"]) as session:
            send_and_hear(session, places)
    tokens = {role: _token(app, role) for role in tour.TOUR if role != "visitor"}
    return Site(app, places, Kept(Path(url.removeprefix("sqlite:///"))), when, tokens)


def _token(app: Flask, role: str) -> str:
    email = NEWCOMER if role == "newcomer" else demo_people.address(role)
    with transaction(app.extensions["writing"]) as session:
        account = account_of(session, email)
        return sign_in.open_session(session, account_id=account.id, now=utc_now())
