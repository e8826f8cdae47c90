"""Taking over, with a code on paper, the profile that was entered for somebody without an address.

The code stands on one letter and nowhere else: its hash is kept, it works once and for 60 days, and
a fresh one makes the one before useless.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from matchmaker.errors import Conflict, Forbidden, NotFound
from matchmaker.models import ClaimCode, Professional, ProfileState
from matchmaker.services import audit, profiles
from matchmaker.services.accounts import digest
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.versions import claim as claim_version

LIFETIME = timedelta(days=60)
# Letters and figures that nobody confuses on paper: 60 bits in three groups of four.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, EACH = 3, 4


def issue(session: Session, *, actor: Actor, now: datetime, professional_id: str) -> str:
    """A fresh code for a profile, to be printed; the one before stops working.

    Refused: ``coordinators_only``, ``professional_not_found``, ``profile_has_account``,
    ``profile_left``.
    """
    require_coordinator(actor)
    person = profiles.find(session, actor=actor, professional_id=professional_id)
    if person.account_id is not None:
        raise Conflict("profile_has_account")
    if person.state == ProfileState.LEFT:
        raise Conflict("profile_left")
    _drop(session, person.id)
    code = "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(EACH)) for _group in range(GROUPS)
    )
    session.add(
        ClaimCode(
            professional_id=person.id, token_hash=digest(read(code)), created_by=actor.account_id,
            created_at=now, expires_at=now + LIFETIME,
        )
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor=actor, act="claim_code_made", subject=("professional", person.id), now=now
    )
    return code


def read(code: str) -> str:
    """A code as it is compared: case, blanks, dashes and wide letters do not matter."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def until(session: Session, *, professional_id: str, now: datetime) -> datetime | None:
    """Until when the code of a profile works; None when there is none, or not any more."""
    return session.exec(
        select(ClaimCode.expires_at).where(
            ClaimCode.professional_id == professional_id, ClaimCode.expires_at > now
        )
    ).first()


def find(session: Session, *, code: str, now: datetime) -> Professional:
    """Whose profile a code is for. Refused (``claim_not_valid``): unknown, used, too old, or the
    profile belongs to somebody by now."""
    found = session.exec(
        select(Professional)
        .join(ClaimCode, col(ClaimCode.professional_id) == Professional.id)
        .where(ClaimCode.token_hash == digest(read(code)), ClaimCode.expires_at > now)
        .where(col(Professional.account_id).is_(None), Professional.state != ProfileState.LEFT)
    ).first()
    if found is None:
        raise NotFound("claim_not_valid")
    return found


def take_over(session: Session, *, actor: Actor, now: datetime, code: str) -> Professional:
    """Make the profile of a code one's own; the code is used up with it.

    Refused: ``sign_in_first``, ``profile_exists`` for who has one already, and as ``find``.
    """
    if actor.account_id is None:
        raise Forbidden("sign_in_first")
    person = find(session, code=code, now=now)
    if actor.professional_id is not None:
        raise Conflict("profile_exists")
    claim_version(session, person, person.version)  # of two at once, one wins
    _drop(session, person.id)
    person.account_id = actor.account_id
    session.add(person)
    session.flush()
    audit.record(
        session, actor=actor, act="profile_taken_over", subject=("professional", person.id),
        now=now, by="code",
    )  # fmt: skip
    return person


def _drop(session: Session, professional_id: str) -> None:
    session.execute(delete(ClaimCode).where(col(ClaimCode.professional_id) == professional_id))
