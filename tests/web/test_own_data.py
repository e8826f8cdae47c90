"""My data on the site: taken away, then erased with the password, signed out at once."""

from __future__ import annotations

import json

from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, AccountState
from tests import factories
from tests.factories import PASSWORD, look


def test_a_person_takes_their_data_and_has_it_erased(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    account = factories.account(session, name="汐見 あおい")
    factories.professional(session, person=account, name="汐見 あおい")
    browser = factories.signed_in(app, session, account)
    taken = json.loads(browser.get("/account/data.json").data)
    assert taken["tables"]["professional"][0]["name"] == "汐見 あおい"
    assert "password_hash" not in taken["tables"]["account"][0]
    refused = browser.post("/account/erase", data={"password": "not-this-one"})
    assert refused.status_code == 422
    assert browser.get("/account/data").status_code == 200
    done = browser.post("/account/erase", data={"password": PASSWORD})
    assert done.status_code == 303
    assert browser.get("/account/data").status_code == 302  # to the sign-in page
    (row,) = look(app, select(Account).where(Account.id == account.id))
    assert (row.state, "汐見" in row.name) == (AccountState.CLOSED, False)


def test_who_still_has_work_to_hand_over_is_told_so(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    staff = factories.staff(session, "coordinator")
    browser = factories.signed_in(app, session, staff)
    assert "先に役割を外して" in browser.get("/account/erase").text
    assert browser.post("/account/erase", data={"password": PASSWORD}).status_code == 409
