"""One-time links: a random token is mailed, its hash is kept, it works once and not for long.

A token is made when its mail is sent, never before, so that no queue or backup holds one.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from matchmaker.errors import NotFound
from matchmaker.models import Account, AccountState, AccountToken, TokenPurpose
from matchmaker.services.accounts import digest

LIFETIMES = {
    TokenPurpose.VERIFY_EMAIL: timedelta(days=3),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.INVITE: timedelta(days=14),
    TokenPurpose.CHANGE_EMAIL: timedelta(days=1),
}


def issue(
    session: Session, *, account_id: str, purpose: TokenPurpose, email: str, now: datetime
) -> str:
    """A fresh token for a mail to ``email``; only its hash stays here."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountToken(
            account_id=account_id,
            purpose=purpose,
            token_hash=digest(token),
            email=email,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def look_up(
    session: Session, *, token: str, purposes: tuple[TokenPurpose, ...], now: datetime
) -> tuple[Account, AccountToken]:
    """Whose link this is. Refused (``link_not_valid``): unknown, used, too old, closed account."""
    found = session.exec(
        select(Account, AccountToken)
        .join(Account, col(Account.id) == col(AccountToken.account_id))
        .where(AccountToken.token_hash == digest(token), AccountToken.expires_at > now)
        .where(col(AccountToken.purpose).in_(purposes), col(AccountToken.used_at).is_(None))
        .where(Account.state == AccountState.ACTIVE)
    ).first()
    if found is None:
        raise NotFound("link_not_valid")
    return found


def redeem(
    session: Session, *, token: str, purposes: tuple[TokenPurpose, ...], now: datetime
) -> tuple[Account, AccountToken]:
    """Use a link up, and every other link of the same purposes with it. Refused as ``look_up``."""
    account, row = look_up(session, token=token, purposes=purposes, now=now)
    used = session.exec(
        update(AccountToken)
        .where(col(AccountToken.id) == row.id, col(AccountToken.used_at).is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # another click of the same link was first
        raise NotFound("link_not_valid")
    revoke(session, account_id=account.id, purposes=purposes, now=now)
    return account, row


def revoke(
    session: Session, *, account_id: str, purposes: tuple[TokenPurpose, ...], now: datetime
) -> None:
    """Make every open link of these purposes useless."""
    session.exec(
        update(AccountToken)
        .where(col(AccountToken.account_id) == account_id, col(AccountToken.used_at).is_(None))
        .where(col(AccountToken.purpose).in_(purposes))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def owner(session: Session, *, account_id: str | None, email: str) -> str | None:
    """Whose link a queued mail asks for: the account named, else the address's, else nobody's."""
    if account_id:
        return account_id
    return session.exec(
        select(Account.id).where(Account.email == email, Account.state == AccountState.ACTIVE)
    ).first()
