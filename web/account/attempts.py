"""Signing a browser in: the try is counted before the password is looked at, outside any lock."""

from __future__ import annotations

from matchmaker.services import accounts, sign_in
from matchmaker.services.actors import Actor
from web.db import now, read, session, write
from web.sessions import remember, user_agent


def enter(email: str, password: str) -> Actor:
    """Check a password and sign this browser in.

    Refused: ``sign_in_failed``, or ``TooManyTries`` after several failures. A try stays counted
    though the request fails, and no transaction is open while the password is being checked.
    """
    session.rollback()
    with write() as own:
        try_id = sign_in.begin_try(own, email=email, now=now())
    try:
        with read() as looking:
            sign_in.refuse_too_many(looking, email=email, try_id=try_id, now=now())
            account = sign_in.find_account(looking, email=email)
    except sign_in.TooManyTries:
        with write() as own:
            sign_in.drop_try(own, try_id=try_id)
        raise
    return admit(sign_in.check_password(account, password).id)


def admit(account_id: str) -> Actor:
    """Sign this browser in for an account whose owner has proven to be here."""
    token = sign_in.open_session(session, account_id=account_id, now=now(), user_agent=user_agent())
    remember(token)
    return accounts.actor_of(session, account_id=account_id)
