"""Access denied by default: every address has a policy, and GET changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from matchmaker.models import Company
from tests import factories
from web.access import POLICIES, allow, policy_of
from web.db import now
from web.db import session as current

ROLES = ("nobody", "signed-in", "professional", "group", "coordinator", "company", "city", "admin")
# Which roles pass which policy; the services then look at whose record it is.
MAY = {
    "public": set(ROLES),
    "signed-in": set(ROLES) - {"nobody"},
    "professional": set(ROLES) - {"nobody"},
    "group": set(ROLES) - {"nobody"},
    "coordinator": {"coordinator"},
    "company": {"company"},
    "city": {"city"},
    "admin": {"admin"},
}


def without_policy(app: Flask) -> list[str]:
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and policy_of(app, rule.endpoint) is None
    ]


def made_up(converter: object) -> object:
    """A value that an address takes and no record has."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x-none"


def address(rule: Rule) -> str:
    """An address of the rule with made-up values."""
    values = {name: made_up(converter) for name, converter in rule._converters.items()}
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    return rule.map.bind("localhost").build(rule.endpoint, values, method=method)


def browser_of(app: Flask, session: Session, role: str) -> object:
    if role == "nobody":
        return app.test_client()
    person = (
        factories.staff(session, role)
        if role in ("coordinator", "city", "admin")
        else factories.account(session)
    )
    if role == "professional":
        factories.professional(session, person=person)
    if role == "group":
        factories.group(session, person=person)
    if role == "company":
        factories.company(session, officer=person)
    return factories.signed_in(app, session, person)


def test_every_address_has_a_policy(app: Flask) -> None:
    assert without_policy(app) == []


def test_a_view_without_a_policy_is_found_and_cannot_be_reached(own_app: Flask) -> None:
    own_app.add_url_rule("/open-by-mistake", "mistake", lambda: "secret")
    assert without_policy(own_app) == ["mistake"]
    answer = own_app.test_client().get("/open-by-mistake")
    assert answer.status_code == 403
    assert b"secret" not in answer.data


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(KeyError):
        allow("everybody")


def test_the_policies_are_those_of_the_table() -> None:
    assert set(MAY) == set(POLICIES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_stopped_at_every_address_that_is_not_for_it(
    app: Flask, session: Session, role: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser = browser_of(app, session, role)
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if policy is None or role in MAY[policy]:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = browser.open(address(rule), method=method)  # type: ignore[attr-defined]
        if role == "nobody":
            assert answer.status_code == 302, rule
            assert answer.headers["Location"].startswith("/sign-in?next="), rule
        else:
            assert answer.status_code == 403, rule


def test_made_up_records_are_not_found_rather_than_broken(app: Flask, session: Session) -> None:
    for role in ROLES:
        browser = browser_of(app, session, role)
        for rule in app.url_map.iter_rules():
            policy = policy_of(app, rule.endpoint)
            if "GET" not in (rule.methods or ()) or not rule.arguments or policy is None:
                continue
            if role not in MAY[policy] or rule.endpoint == "static":
                continue
            if all(isinstance(kind, AnyConverter) for kind in rule._converters.values()):
                continue  # steps of a form, not records
            answer = browser.get(address(rule))  # type: ignore[attr-defined]
            assert answer.status_code in (302, 303, 403, 404), (role, rule, answer.status_code)


def test_a_post_without_a_token_is_refused_everywhere(app: Flask, session: Session) -> None:
    person = factories.staff(session, "coordinator")
    browser = factories.signed_in(app, session, person)
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if "POST" in (rule.methods or ()) and policy and "coordinator" in MAY[policy]:
            # a mail program holds no token of a page; its signed link stands for one
            refused = 404 if rule.endpoint == "account.stop_mails" else 400
            assert browser.post(address(rule)).status_code == refused, rule


def test_a_get_cannot_write(own_app: Flask, session: Session) -> None:
    @allow("public")
    def writes() -> str:
        current.add(Company(name="gone", created_at=now()))
        current.flush()
        return "written"

    own_app.add_url_rule("/writes", "writes", writes)
    assert own_app.test_client().get("/writes").status_code == 500
    assert factories.look(own_app, select(Company)) == []
