"""Agreements: given for a purpose and a recipient, with the text that was read, until withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import Company, Consent, ConsentPurpose, ConsentText, Professional
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_professional
from matchmaker.services.consent_texts import Text, newest, texts

MARCH = 3


def publish_texts(session: Session, now: datetime) -> None:
    """Keep every version of every text in the database, beside what was agreed to."""
    known = set(session.exec(select(ConsentText.purpose, ConsentText.version)).all())
    for text in texts():
        if (text.purpose.value, text.version) not in known:
            session.add(
                ConsentText(
                    purpose=text.purpose,
                    version=text.version,
                    text_ja=text.ja,
                    text_en=text.en,
                    published_on=min(text.published_on, now.date()),
                )
            )
    session.flush()


def accept_terms(session: Session, *, actor: Actor, account_id: str, now: datetime) -> Consent:
    """Record that an account agreed to the terms in force; agreeing again changes nothing."""
    publish_texts(session, now)
    return _give(
        session,
        actor=actor,
        now=now,
        new=Consent(
            account_id=account_id,
            purpose=ConsentPurpose.TERMS,
            text_version=newest(ConsentPurpose.TERMS).version,
            given_at=now,
        ),
    )


def terms_accepted(session: Session, *, account_id: str) -> bool:
    """Whether an account has agreed to the terms in force."""
    found = session.exec(
        select(Consent.id)
        .where(Consent.account_id == account_id, Consent.purpose == ConsentPurpose.TERMS)
        .where(Consent.text_version == newest(ConsentPurpose.TERMS).version)
        .where(col(Consent.withdrawn_at).is_(None))
    ).first()
    return found is not None


def until_choices(today: date) -> list[date | None]:
    """Days an employer may see until: the end of this and the next fiscal year, or withdrawal."""
    year = today.year if today.month <= MARCH else today.year + 1
    return [date(year, MARCH, 31), date(year + 1, MARCH, 31), None]


def give_employer_report(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    professional_id: str,
    company_id: str,
    until: date | None = None,
    on_paper: bool = False,
) -> Consent:
    """Let the employer see this professional's participation by name, until a day.

    ``on_paper``: a coordinator enters what the professional signed. Refused: another person
    (``professional_not_found``), somebody else's employer (``not_your_employer``), a coordinator
    without a paper (``consent_needs_paper``), a day that has passed.
    """
    require_professional(actor, professional_id)
    person = session.get(Professional, professional_id)
    if person is None:
        raise NotFound("professional_not_found")
    if actor.professional_id != professional_id and not on_paper:
        raise Forbidden("consent_needs_paper")
    if person.company_id is None or person.company_id != company_id:
        raise Conflict("not_your_employer")
    if until is not None and until < today:
        raise Invalid([FieldError("until", "in_the_past")])
    publish_texts(session, now)
    consent = Consent(
        professional_id=professional_id,
        purpose=ConsentPurpose.EMPLOYER_REPORT,
        company_id=company_id,
        text_version=newest(ConsentPurpose.EMPLOYER_REPORT).version,
        given_at=now,
        expires_on=until,
    )
    return _give(session, actor=actor, now=now, new=consent, on_paper=on_paper)


def _give(
    session: Session, *, actor: Actor, now: datetime, new: Consent, on_paper: bool = False
) -> Consent:
    live = session.exec(
        select(Consent)
        .where(Consent.account_id == new.account_id, Consent.purpose == new.purpose)
        .where(Consent.professional_id == new.professional_id)
        .where(Consent.company_id == new.company_id, col(Consent.withdrawn_at).is_(None))
        .with_for_update()
    ).first()
    if live is not None:
        if (live.text_version, live.expires_on) == (new.text_version, new.expires_on):
            return live
        live.withdrawn_at = now  # replaced by what follows
        session.add(live)
        session.flush()
    session.add(new)
    session.flush()
    audit.record(
        session,
        actor=actor,
        act="consent_given",
        subject=_subject(new),
        now=now,
        purpose=new.purpose,
        version=new.text_version,
        company=new.company_id,
        until=new.expires_on.isoformat() if new.expires_on else None,
        on_paper=on_paper,
    )
    return new


def _subject(consent: Consent) -> tuple[str, str]:
    if consent.account_id:
        return "account", consent.account_id
    return "professional", consent.professional_id or ""


def withdraw_employer_report(
    session: Session, *, actor: Actor, now: datetime, professional_id: str, company_id: str
) -> None:
    """End the employer's view at once; withdrawing again changes nothing."""
    require_professional(actor, professional_id)
    live = session.exec(
        select(Consent)
        .where(Consent.professional_id == professional_id, Consent.company_id == company_id)
        .where(Consent.purpose == ConsentPurpose.EMPLOYER_REPORT)
        .where(col(Consent.withdrawn_at).is_(None))
    ).first()
    if live is None:
        return
    live.withdrawn_at = now
    session.add(live)
    session.flush()
    audit.record(
        session,
        actor=actor,
        act="consent_withdrawn",
        subject=_subject(live),
        now=now,
        purpose=live.purpose,
        company=company_id,
    )


def may_see(session: Session, *, company_id: str, on: date) -> set[str]:
    """Ids of professionals whom this company may see by name on a day."""
    agreed = session.exec(
        select(Consent.professional_id)
        .where(Consent.company_id == company_id)
        .where(Consent.purpose == ConsentPurpose.EMPLOYER_REPORT)
        .where(col(Consent.withdrawn_at).is_(None))
        .where(col(Consent.expires_on).is_(None) | (col(Consent.expires_on) >= on))
    )
    return {professional_id for professional_id in agreed if professional_id}


@dataclass(frozen=True)
class Given:
    """One agreement of the past or present. ``state``: live, ended (its day came), withdrawn."""

    purpose: str
    version: int
    company_id: str  # the recipient, empty for this service itself
    company: str
    given_at: datetime
    expires_on: date | None
    withdrawn_at: datetime | None
    state: str


@dataclass(frozen=True)
class Overview:
    """What the page "what I agreed to" shows."""

    terms: Text
    employer_text: Text
    professional_id: str | None
    employer: Company | None
    live: Given | None  # the agreement with the present employer
    history: tuple[Given, ...]

    def live_with(self, company_id: str) -> Given:
        """The agreement a company still profits from. Refused: ``consent_not_found``."""
        for given in self.history:
            if given.company_id == company_id != "" and given.state == "live":
                return given
        raise NotFound("consent_not_found")


def overview(session: Session, *, actor: Actor, today: date) -> Overview:
    """Everything the actor agreed to, newest first, and what can still be agreed to."""
    person = session.get(Professional, actor.professional_id) if actor.professional_id else None
    employer = session.get(Company, person.company_id) if person and person.company_id else None
    mine = col(Consent.account_id) == actor.account_id
    if person:
        mine = mine | (col(Consent.professional_id) == person.id)
    rows = session.exec(
        select(Consent, Company.name)
        .join(Company, col(Company.id) == col(Consent.company_id), isouter=True)
        .where(mine)
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    ).all()
    live = next(
        (
            consent
            for consent, _name in rows
            if employer and consent.company_id == employer.id and _state(consent, today) == "live"
        ),
        None,
    )
    return Overview(
        terms=newest(ConsentPurpose.TERMS),
        employer_text=newest(ConsentPurpose.EMPLOYER_REPORT),
        professional_id=person.id if person else None,
        employer=employer,
        live=_given(live, employer.name, today) if live and employer else None,
        history=tuple(_given(consent, name or "", today) for consent, name in rows),
    )


def _given(consent: Consent, company: str, today: date) -> Given:
    return Given(
        purpose=consent.purpose,
        version=consent.text_version,
        company_id=consent.company_id or "",
        company=company,
        given_at=consent.given_at,
        expires_on=consent.expires_on,
        withdrawn_at=consent.withdrawn_at,
        state=_state(consent, today),
    )


def _state(consent: Consent, today: date) -> str:
    if consent.withdrawn_at is not None:
        return "withdrawn"
    if consent.expires_on is not None and consent.expires_on < today:
        return "ended"
    return "live"
