"""Consents: given for a purpose and a recipient, kept with their text, withdrawn at any time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import AuditEntry, Company, Consent, ConsentText, Professional
from matchmaker.services import consents
from matchmaker.services.actors import Actor
from tests import factories

TODAY = date(2026, 11, 2)
MARCH_27, MARCH_28 = date(2027, 3, 31), date(2028, 3, 31)


@pytest.fixture
def company(session: Session) -> Company:
    return factories.company(session)


@pytest.fixture
def worker(session: Session, company: Company) -> Professional:
    person = factories.account(session)
    return factories.professional(session, person=person, company_id=company.id)


@pytest.fixture
def actor(session: Session, worker: Professional) -> Actor:
    return Actor(account_id=worker.account_id, professional_id=worker.id)


def give(
    session: Session, actor: Actor, worker: Professional, company: Company, now: datetime,
    until: date | None = MARCH_27, on_paper: bool = False,
) -> Consent:  # fmt: skip
    return consents.give_employer_report(
        session,
        actor=actor,
        now=now,
        today=TODAY,
        professional_id=worker.id,
        company_id=company.id,
        until=until,
        on_paper=on_paper,
    )


def test_texts_are_published_once_in_both_languages(session: Session, now: datetime) -> None:
    consents.publish_texts(session, now)
    consents.publish_texts(session, now)
    texts = session.exec(select(ConsentText).order_by(col(ConsentText.purpose))).all()
    assert [(text.purpose, text.version) for text in texts] == [
        ("employer_report", 1),
        ("terms", 1),
    ]
    assert all(text.text_ja and text.text_en for text in texts)


def test_the_employer_sees_until_the_day_that_was_chosen(
    session: Session, actor: Actor, worker: Professional, company: Company, now: datetime
) -> None:
    assert consents.may_see(session, company_id=company.id, on=TODAY) == set()
    give(session, actor, worker, company, now)
    assert consents.may_see(session, company_id=company.id, on=MARCH_27) == {worker.id}
    assert consents.may_see(session, company_id=company.id, on=date(2027, 4, 1)) == set()
    other = factories.company(session)
    assert consents.may_see(session, company_id=other.id, on=TODAY) == set()


def test_giving_again_changes_the_day_and_keeps_the_history(
    session: Session, actor: Actor, worker: Professional, company: Company, now: datetime
) -> None:
    first = give(session, actor, worker, company, now)
    assert give(session, actor, worker, company, now + timedelta(minutes=1)) is first
    give(session, actor, worker, company, now + timedelta(hours=1), until=MARCH_28)
    seen = consents.overview(session, actor=actor, today=TODAY)
    assert [(given.state, given.expires_on) for given in seen.history] == [
        ("live", MARCH_28),
        ("withdrawn", MARCH_27),
    ]
    assert seen.live is not None
    assert seen.live.version == 1


def test_withdrawing_ends_the_view_at_once_and_is_recorded(
    session: Session, actor: Actor, worker: Professional, company: Company, now: datetime
) -> None:
    give(session, actor, worker, company, now, until=None)
    for _ in range(2):
        consents.withdraw_employer_report(
            session, actor=actor, now=now, professional_id=worker.id, company_id=company.id
        )
    assert consents.may_see(session, company_id=company.id, on=TODAY) == set()
    acts = session.exec(select(AuditEntry.act)).all()
    assert acts == ["consent_given", "consent_withdrawn"]


def test_only_the_person_agrees_or_a_coordinator_with_their_paper(
    session: Session, worker: Professional, company: Company, now: datetime
) -> None:
    coordinator = factories.actor(session, factories.staff(session))
    stranger = factories.actor(session, factories.account(session))
    with pytest.raises(NotFound, match="professional_not_found"):
        give(session, stranger, worker, company, now)
    with pytest.raises(Forbidden, match="consent_needs_paper"):
        give(session, coordinator, worker, company, now)
    give(session, coordinator, worker, company, now, on_paper=True)
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.actor_id, entry.details["on_paper"]) == (coordinator.account_id, True)


def test_without_an_account_paper_is_the_way(
    session: Session, company: Company, now: datetime
) -> None:
    coordinator = factories.actor(session, factories.staff(session))
    worker = factories.professional(session, company_id=company.id)
    give(session, coordinator, worker, company, now, on_paper=True)
    assert consents.may_see(session, company_id=company.id, on=TODAY) == {worker.id}


def test_neither_a_foreign_employer_nor_a_day_gone_by(
    session: Session, actor: Actor, worker: Professional, company: Company, now: datetime
) -> None:
    with pytest.raises(Conflict, match="not_your_employer"):
        give(session, actor, worker, factories.company(session), now)
    with pytest.raises(Invalid) as refused:
        give(session, actor, worker, company, now, until=date(2026, 11, 1))
    assert refused.value.errors[0].code == "in_the_past"
    assert session.exec(select(Consent)).all() == []


@pytest.mark.parametrize(
    ("today", "first"),
    [(date(2026, 3, 31), date(2026, 3, 31)), (date(2026, 4, 1), date(2027, 3, 31))],
)
def test_days_to_choose_from_are_ends_of_fiscal_years(today: date, first: date) -> None:
    assert consents.until_choices(today) == [first, first.replace(year=first.year + 1), None]
