"""Who is signed in: a session row found by the token in the signed cookie."""

from __future__ import annotations

from flask import Flask, request
from flask import session as cookie

from matchmaker.services import accounts, sign_in
from matchmaker.services.actors import VISITOR, Actor
from web.db import SAFE_METHODS, now, session, write
from web.extensions import login

TOKEN = "token"  # noqa: S105 - the cookie's key, not a secret


def init_sessions(app: Flask) -> None:
    """Bind flask-login; the actor of a request is what it finds."""
    login.init_app(app)


@login.request_loader
def load_user(_request: object) -> None:
    """Sign-in lives in our own rows, so that it can be revoked everywhere."""
    return


def find_actor() -> Actor:
    """The actor behind this request's cookie, or a visitor."""
    token = cookie.get(TOKEN)
    if not token:
        return VISITOR
    found = accounts.find_actor(session, token=token, now=now())
    if found is None:
        cookie.pop(TOKEN, None)
        return VISITOR
    _note_use(found)
    return found


def _note_use(actor: Actor) -> None:
    """Keep a session alive that is used, with a small write every ten minutes at most."""
    if actor.session_id is None or actor.seen_at is None:
        return
    if now() - actor.seen_at < sign_in.NOTED_EVERY:
        return
    if request.method in SAFE_METHODS:
        with write() as own:
            sign_in.note_use(own, session_id=actor.session_id, now=now())
    else:
        sign_in.note_use(session, session_id=actor.session_id, now=now())


def remember(token: str) -> None:
    """Keep a fresh session token in the cookie; everything of an earlier visitor is dropped."""
    cookie.clear()
    cookie[TOKEN] = token
    cookie.permanent = True


def forget() -> None:
    """Drop the cookie's token."""
    cookie.clear()


def user_agent() -> str:
    """What the browser calls itself, shortened, for the list of sessions."""
    return (request.user_agent.string or "")[:200]
