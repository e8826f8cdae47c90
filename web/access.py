"""Deny by default: a view without a policy cannot be reached, and a test says so.

A view states who may reach it with ``@allow(...)``; whether the record is theirs is checked by
the service, which answers "not found" for what the reader must not know of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.services.actors import VISITOR, Actor

View = TypeVar("View", bound=Callable[..., Any])

# Who passes each policy. "signed-in" is any account; "demo" pages exist in the demo only.
POLICIES: dict[str, Callable[[Actor], bool]] = {
    "public": lambda actor: True,
    "signed-in": lambda actor: actor.account_id is not None,
    "professional": lambda actor: actor.account_id is not None,
    "group": lambda actor: actor.account_id is not None,
    "coordinator": lambda actor: actor.coordinator,
    "company": lambda actor: bool(actor.company_ids),
    "city": lambda actor: actor.city,
    "admin": lambda actor: actor.admin,
}


def allow(policy: str) -> Callable[[View], View]:
    """Mark who may reach a view: a key of ``POLICIES``."""
    if policy not in POLICIES:
        raise KeyError(policy)

    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> str | None:
    """The policy of an endpoint, or None when it has none and so cannot be reached."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return "public"
    return getattr(app.view_functions[endpoint], "access_policy", None)


def actor() -> Actor:
    """Who makes this request."""
    current: Actor = g.get("actor", VISITOR)
    return current


def init_access(app: Flask, find_actor: Callable[[], Actor]) -> None:
    """Find out who asks before every request, and let nobody through without a policy."""

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint is None or request.endpoint == "static":
            return None  # unknown addresses answer 404; files are the same for everyone
        g.actor = find_actor()
        policy = policy_of(app, request.endpoint)
        if policy is None:
            abort(403)
        if POLICIES[policy](g.actor):
            return None
        if g.actor.account_id is not None:
            abort(403)
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
