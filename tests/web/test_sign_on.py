"""Signing in through one's company, against a provider that really runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from matchmaker.models import Account, CompanyJoin, CompanySignOn, Consent, SignOnIdentity
from matchmaker.services import company_domains, sign_on
from tests import factories as f
from tests import provider as providers
from tests.pages import Page, Pages
from tests.provider import CLIENT, SECRET, Provider

HANA = {"sub": "00-hana", "email": "hana@akatsuki.example.com", "email_verified": True,
        "name": "花田 花"}  # fmt: skip


@pytest.fixture
def provider(app: Flask, session: Session) -> Iterator[Provider]:
    """The running provider of あかつき運輸, set up by a coordinator."""
    with providers.running() as running:
        running.claims = dict(HANA)
        company = f.company(session, id="c1", name="あかつき運輸")
        actor = f.actor(session, f.staff(session))
        company_domains.add(session, actor=actor, now=f.NOW, company_id=company.id,
                            data={"domain": "@akatsuki.example.com"})  # fmt: skip
        given = {"issuer": running.issuer, "client_id": CLIENT, "secret": SECRET, "active": True}
        sign_on.configure(session, actor=actor, now=f.NOW, company_id=company.id, data=given,
                          keys=[app.config["SECRET_KEY"]])  # fmt: skip
        session.commit()
        yield running


def way_back(pages: Pages, provider: Provider) -> str:
    """Leave for the provider as a browser does; the address it sends the browser back to."""
    import requests

    out = pages.client.get("/sign-on/c1")
    assert out.status_code == 302, out.get_data(as_text=True)
    assert out.headers["Location"].startswith(provider.issuer)
    there = requests.get(out.headers["Location"], allow_redirects=False, timeout=10)
    address: str = there.headers["Location"]
    return address.partition("//")[2].partition("/")[2]


def through(pages: Pages, provider: Provider) -> Page:
    return pages.get("/" + way_back(pages, provider), follow=True)


def refused(pages: Pages, provider: Provider) -> TestResponse:
    return pages.client.get("/" + way_back(pages, provider))


def test_a_new_employee_opens_an_account_and_comes_in_again_by_subject_alone(
    app: Flask, session: Session, provider: Provider
) -> None:
    pages = Pages(app.test_client())
    page = pages.get("/sign-in?lang=ja")
    page = pages.submit(pages.get("/sign-on").form("/sign-on"), email="hana@akatsuki.example.com")
    assert page.link("会社のサインインへ") == "/sign-on/c1"
    page = through(pages, provider)
    page = pages.submit(page.form("/sign-on/account"), status=422)
    assert page.errors
    page = pages.submit(page.form("/sign-on/account"), terms=True, status=200)
    assert page.path == "/professional/profile/who"
    employer = next(each for each in page.all("input[name=employer]"))
    assert employer.get("value") == "あかつき運輸"
    assert f.look(app, select(CompanyJoin.way)) == ["sign_on"]
    purposes = f.look(app, select(Consent.purpose))
    assert purposes == ["terms"], "joining is no consent to be seen"

    provider.claims = {"sub": "00-hana", "email": "someone-else@akatsuki.example.com"}
    again = Pages(app.test_client())
    page = through(again, provider)
    assert "花田 花" in again.get("/account?lang=ja").text("h1")
    assert len(f.look(app, select(Account.id).where(Account.password_hash == ""))) == 1


def test_an_address_alone_never_opens_an_account_that_exists(
    app: Flask, session: Session, provider: Provider
) -> None:
    person = f.account(session, email="hana@akatsuki.example.com", name="先からいる花")
    session.commit()
    stranger = Pages(app.test_client())
    page = through(stranger, provider)
    page = stranger.submit(page.form("/sign-on/account"), terms=True, status=409)
    assert "サインイン" in page.text("main")
    assert f.look(app, select(SignOnIdentity.subject)) == []

    owner = Pages(f.signed_in(app, session, person))
    page = through(owner, provider)
    owner.submit(page.form("/sign-on/account"))
    assert f.look(app, select(SignOnIdentity.account_id)) == [person.id]
    again = Pages(app.test_client())
    through(again, provider)
    assert "先からいる花" in again.get("/account?lang=ja").text("h1")
    other = Pages(f.signed_in(app, session, f.account(session)))
    page = through(other, provider)  # the identity is taken: it opens its own account
    assert "先からいる花" in other.get("/account?lang=ja").text("h1")


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "1", "email": "eve@gmail.com", "email_verified": True},
        {"sub": "1", "email": "hana@akatsuki.example.com", "email_verified": False},
        {"sub": "1", "email": "hana@akatsuki.example.com"},
        {"sub": "1"},
    ],
)
def test_only_a_verified_address_of_the_companys_domain_opens_an_account(
    app: Flask, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    pages = Pages(app.test_client())
    page = through(pages, provider)
    assert not list(page.all("input[name=terms]"))
    token = pages.get("/sign-in").token
    pages.post("/sign-on/account", {"terms": "y", "csrf_token": token}, status=403)
    assert len(f.look(app, select(Account.id))) == 1  # the coordinator who set it up


WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "https://evil.example.com"},
    "audience": {"aud": "another-client"},
    "over": {"exp": int(time.time()) - 3600},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_answer_lets_nobody_in(app: Flask, provider: Provider, what: str) -> None:
    provider.wrong = WRONG[what]
    pages = Pages(app.test_client())
    assert refused(pages, provider).status_code == 409
    assert pages.client.get("/sign-on/account").status_code == 409


def test_a_wrong_signature_state_or_metadata_lets_nobody_in(app: Flask, provider: Provider) -> None:
    pages = Pages(app.test_client())
    back = way_back(pages, provider)
    stranger = app.test_client()
    assert stranger.get("/" + back).status_code == 409, "another browser has no such state"
    changed = back.replace("state=", "state=x")
    assert pages.client.get("/" + changed).status_code == 409

    provider.signed_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert refused(pages, provider).status_code == 409
    provider.signed_with = None
    for provider.forged in ("none", "HS256"):
        assert refused(pages, provider).status_code == 409

    provider.forged = ""
    provider.metadata = {"issuer": "https://evil.example.com"}
    assert pages.client.get("/sign-on/c1").status_code == 409
    provider.metadata = {}
    assert refused(pages, provider).status_code == 302, "and the right answer still comes in"


def test_staff_accounts_cannot_be_entered_and_a_secret_is_never_stored_plain(
    app: Flask, session: Session, provider: Provider
) -> None:
    boss = f.staff(session, "coordinator")
    pages = Pages(f.signed_in(app, session, boss))
    page = through(pages, provider)
    pages.submit(page.form("/sign-on/account"), status=403)
    times = {"created_at": f.NOW, "last_used_at": f.NOW}
    kept = SignOnIdentity(issuer=provider.issuer, subject="00-hana", account_id=boss.id,
                          company_id="c1", **times)  # fmt: skip
    f.add(session, kept)
    session.commit()
    assert refused(Pages(app.test_client()), provider).status_code == 403
    (row,) = f.look(app, select(CompanySignOn))
    assert SECRET not in row.secret
    keys = ["new key", app.config["SECRET_KEY"]]
    assert sign_on.secret_of(row, keys=keys, outside={}) == SECRET
    assert sign_on.secret_of(row, keys=["new key"], outside={"c1": "outside"}) == "outside"
    page = pages.get("/coordinator/companies/c1/sign-on?lang=ja")
    assert SECRET not in page.html
    assert row.secret not in page.html


def test_a_sign_on_that_is_not_in_use_is_not_found(
    app: Flask, session: Session, provider: Provider
) -> None:
    row = session.get_one(CompanySignOn, "c1")
    row.active = False
    session.add(row)
    session.commit()
    assert app.test_client().get("/sign-on/c1").status_code == 404
    assert "会社から" not in Pages(app.test_client()).get("/sign-in?lang=ja").text("main")
