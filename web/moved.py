"""Old addresses: a record that was merged into another one is found there."""

from __future__ import annotations

from flask import current_app, request, url_for

from matchmaker.services.merging import kept_id
from web.access import actor, policy_of
from web.db import session

# Name in an address → kind of record. ``record_id`` stands beside the plural of its kind.
NAMES = {"professional_id": "professional", "group_id": "group", "company_id": "company"}
PLURALS = {"people": "professional", "groups": "group", "companies": "company"}


def new_address() -> str | None:
    """Where this address leads now, for those who may know; None when nothing was merged."""
    given = dict(request.view_args or {})
    if request.method != "GET" or request.endpoint is None:
        return None
    changed = {}
    for name, value in given.items():
        kind = PLURALS.get(str(given.get("kind"))) if name == "record_id" else NAMES.get(name)
        kept = kept_id(session, kind, str(value)) if kind else None
        if kept is not None and _may_know(kept):
            changed[name] = kept
    if not changed:
        return None
    return url_for(request.endpoint, **{**request.args, **given, **changed})


def _may_know(kept: str) -> bool:
    reader = actor()
    public = policy_of(current_app, str(request.endpoint)) == "public"
    return public or reader.coordinator or kept in (*reader.group_ids, *reader.company_ids)
