"""A profile from paper is taken over with the code of a letter, once, by whoever holds it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import Session, select

from matchmaker.errors import NotFound
from matchmaker.models import Account, AuditEntry, ClaimCode, Professional
from matchmaker.services import claims
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.conftest import both_databases
from tests.pages import Pages
from web.extensions import limiter

CODE = re.compile("[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
def me(session: Session) -> Account:
    return f.staff(session)


@pytest.fixture
def person(session: Session) -> Professional:
    return f.professional(session, name="森 一郎", email="")


def letter(app: Flask, session: Session, me: Account, person: Professional) -> tuple[str, str]:
    """The code on a letter, and everything the letter says."""
    pages = Pages(f.signed_in(app, session, me))
    page = pages.get(f"/coordinator/people/{person.id}?lang=ja")
    form = page.form(f"/coordinator/people/{person.id}/claim-letter.pdf")
    answer = pages.client.post(form.action, data=form.values)
    assert answer.mimetype == "application/pdf"
    said = "".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.data)).pages)
    found = CODE.search(said)
    assert found, said
    return found[0], said


def test_from_the_letter_through_the_site_to_ones_own_profile(
    app: Flask, session: Session, me: Account, person: Professional
) -> None:
    code, said = letter(app, session, me, person)
    assert "/take-over" in said.replace("\n", "")
    visitor = Pages(app.test_client())
    page = visitor.get(f"/take-over?code={code}&lang=en")
    assert "森 一郎" not in page.text("main")
    page = visitor.submit(page.form("/take-over"), code=f" {code.lower()} ", follow=True)
    assert "The profile of 森 一郎" in page.text("main")
    assert "Sign up" in page.text("main")
    account = f.account(session)
    mine = Pages(f.signed_in(app, session, account))
    page = mine.get("/take-over?lang=en")
    page = mine.submit(page.form("/take-over"), code=code.replace("-", ""), follow=True)
    page = mine.submit(page.form("/take-over/confirm"), follow=True)
    assert "The profile is yours now." in page.text(".notice")
    (row,) = f.look(app, select(Professional))
    assert row.account_id == account.id
    assert f.look(app, select(ClaimCode)) == []
    acts = f.look(app, select(AuditEntry.act).where(AuditEntry.subject_id == person.id))
    assert acts == ["claim_code_made", "profile_taken_over"]
    page = visitor.get("/take-over")
    assert "森 一郎" not in page.text("main")  # the code is used up
    page = visitor.submit(page.form("/take-over"), code=code, status=422)
    assert "This code is not valid" in page.errors[0]


def test_only_the_hash_is_kept_and_a_new_letter_makes_the_old_one_useless(
    app: Flask, session: Session, me: Account, person: Professional
) -> None:
    first, _said = letter(app, session, me, person)
    second, _said = letter(app, session, me, person)
    (row,) = f.look(app, select(ClaimCode))
    assert first not in str(row)
    assert second not in str(row)
    with pytest.raises(NotFound):
        claims.find(session, code=first, now=f.NOW)
    assert claims.find(session, code=second, now=f.NOW).id == person.id


@both_databases
def test_it_ends_after_sixty_days(session: Session, now: datetime) -> None:
    me, person = f.staff(session), f.professional(session)
    code = claims.issue(session, actor=f.actor(session, me), now=now, professional_id=person.id)
    last = now + claims.LIFETIME
    assert claims.until(session, professional_id=person.id, now=now) == last
    assert claims.find(session, code=code, now=last - timedelta(seconds=1)).id == person.id
    with pytest.raises(NotFound):
        claims.find(session, code=code, now=last)
    assert claims.until(session, professional_id=person.id, now=last) is None


def test_whoever_has_a_profile_and_whoever_has_an_account_is_told(
    app: Flask, session: Session, me: Account, person: Professional
) -> None:
    code, _said = letter(app, session, me, person)
    other = f.account(session)
    f.professional(session, person=other)
    theirs = Pages(f.signed_in(app, session, other))
    page = theirs.get("/take-over?lang=en")
    page = theirs.submit(page.form("/take-over"), code=code, follow=True)
    page = theirs.submit(page.form("/take-over/confirm"), status=409)
    assert "You have a profile already." in page.text("main")
    person.account_id = f.account(session).id
    session.add(person)
    session.commit()
    with pytest.raises(NotFound):
        claims.find(session, code=code, now=f.NOW)


def test_nobody_but_coordinators_makes_a_letter(session: Session, person: Professional) -> None:
    stranger = Actor(account_id=f.account(session).id)
    with pytest.raises(Exception, match="coordinators_only"):
        claims.issue(session, actor=stranger, now=f.NOW, professional_id=person.id)


@pytest.fixture
def limited(own_app: Flask) -> Iterator[Flask]:
    """A site that counts tries, as every site in use does."""
    own_app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(own_app)
    yield own_app
    limiter.enabled = False


def test_codes_cannot_be_guessed_after_ten_tries_an_hour(
    limited: Flask, session: Session, me: Account, person: Professional
) -> None:
    code, _said = letter(limited, session, me, person)
    visitor = Pages(limited.test_client())
    form = visitor.get("/take-over?lang=en").form("/take-over")
    for _try in range(10):
        page = visitor.submit(form, code="2345-6789-ABCD", status=422)
        assert "This code is not valid" in page.errors[0]
    page = visitor.submit(form, code=code, status=429)
    assert "Too many attempts" in page.text("h1")
    assert "森 一郎" not in visitor.get("/take-over").text("main")
