"""Own records and others': every address of a role, opened by somebody else of the same role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlmodel import Session

from matchmaker.db import transaction
from matchmaker.jobs import utc_now
from matchmaker.models import Account
from matchmaker.services import sign_in
from tests import factories as f
from tests import tour
from tests.web.bad_site import Site, sites

ROLES = ("professional", "group", "company")
# So many pages about one record there are at least to be opened.
LEAST = {
    ("professional", tour.BEFORE): 3, ("professional", tour.AFTER): 2,
    ("group", tour.BEFORE): 15, ("group", tour.AFTER): 3,
    ("company", tour.BEFORE): 1, ("company", tour.AFTER): 0,
}  # fmt: skip
# The ready accounts' own things; an open need or a group's public page is everybody's.
PUBLIC = ("public.", "demo.", "account.")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    yield from sites(Path(tmp_path_factory.mktemp("strangers")))


def stranger(site: Site, role: str) -> str:
    """The token of somebody who has the same role for other records."""
    with transaction(site.app.extensions["writing"]) as session:
        account = _somebody(session, role)
        return sign_in.open_session(session, account_id=account.id, now=utc_now())


def _somebody(session: Session, role: str) -> Account:
    account = f.account(session, name="よその 人")
    if role == "professional":
        f.professional(session, person=account)
    elif role == "group":
        f.group(session, person=account, name="よその会")
    else:
        f.company(session, officer=account, name="よその会社")
    return account


def records(site: Site, role: str) -> list[tuple[str, str]]:
    """(endpoint, address) of the role's pages about one record."""
    found = []
    with site.app.test_request_context():
        for stop in tour.stops(role, site.when):
            about_one = any(text.startswith("{") for text in stop.values.values())
            if about_one and not stop.endpoint.startswith(PUBLIC):
                found.append((stop.endpoint, stop.address(site.places)))
    return found


@pytest.mark.parametrize("when", [tour.BEFORE, tour.AFTER])
@pytest.mark.parametrize("role", ROLES)
def test_a_stranger_of_the_same_role_finds_nothing_and_changes_nothing(
    city: dict[str, Site], role: str, when: str
) -> None:
    site = city[when]
    site.app.config["WTF_CSRF_ENABLED"] = False
    token = stranger(site, role)
    kept = type(site.kept)(site.kept._path)  # as it stands with the stranger in it
    browser = site.app.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = token
    own = site.browser(role)
    pages = records(site, role)
    assert len(pages) >= LEAST[role, when]
    said = []
    for endpoint, address in pages:
        assert own.get(address).status_code in (200, 303), address
        answer = browser.get(address)
        if answer.status_code != 404:
            said.append(f"GET {endpoint} {address}: {answer.status_code}")
        if any("POST" in (rule.methods or ()) for rule in site.app.url_map.iter_rules(endpoint)):
            answer = browser.post(address, data={"version": "1"})
            if answer.status_code != 404:
                said.append(f"POST {endpoint} {address}: {answer.status_code}")
    said += _acts(site, browser, role)
    assert not said, "\n".join(said)
    assert kept.changed() == []
    kept.close()


def _acts(site: Site, browser: object, role: str) -> Iterator[str]:
    """Addresses that only take a POST, filled with the ready accounts' records."""
    known = {
        **asdict(site.places),
        "need_id": site.places.asked_need, "group_id": site.places.group,
        "project_id": site.places.project, "entry_id": site.places.hours,
        "proposal_id": site.places.seat, "role_id": site.places.role,
        "company_id": site.places.company,
    }  # fmt: skip
    for rule in site.app.url_map.iter_rules():
        takes = rule.methods or set()
        if not rule.endpoint.startswith(f"{role}.") or "POST" not in takes or "GET" in takes:
            continue
        if not rule.arguments or not rule.arguments <= set(known):
            continue
        with site.app.test_request_context():
            address = site.app.url_map.bind("localhost").build(
                rule.endpoint, {name: known[name] for name in rule.arguments}, method="POST"
            )
        answer = browser.post(address, data={"version": "1"})  # type: ignore[attr-defined]
        if answer.status_code not in (404, 403):
            yield f"POST {rule.endpoint} {address}: {answer.status_code}"
