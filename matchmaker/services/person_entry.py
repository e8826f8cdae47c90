"""A professional's whole profile, entered by a coordinator from paper or the telephone in one go.

Later the person takes it over: whoever holds the address that was left may say that it is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import Account, Professional, ProfileState
from matchmaker.services import audit, invitations, profiles
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, EmailText, Version, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim

Given = Mapping[str, Any]


class Contact(Command):
    """Where mails reach the person; empty where none do."""

    email: EmailText = ""
    version: Version = 1


def enter(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    said: Given,
    data: Given,
    professional_id: str | None = None,
) -> Professional:
    """Begin or change a profile for somebody (``said``: ``OnBehalf``). ``data`` holds what the four
    steps take (``profiles.Who``, ``Skills``, ``When``, ``Interests``) and ``Contact``; a step that
    was left open as a whole stays open. What is complete is handed in for the check.

    Refused: ``coordinators_only``, ``profile_left``, ``changed_meanwhile``; ``Invalid`` with every
    entry that is wrong.
    """
    require_coordinator(actor)
    wanted = _wanted(said, data)
    on_behalf = wanted.pop("said")
    act: dict[str, Any] = {"actor": actor, "now": now, "on_behalf": on_behalf}
    person = profiles.save_who(
        session, **act, command=wanted["who"], professional_id=professional_id
    )
    saves: dict[str, Callable[..., Professional]] = {
        "contact": save_contact,
        "skills": profiles.save_skills,
        "when": profiles.save_when,
        "interests": profiles.save_interests,
    }
    for step, save in saves.items():
        if step in wanted:
            command = wanted[step].model_copy(update={"version": person.version})
            person = save(session, **act, command=command, professional_id=person.id)
    complete = not profiles.missing_steps(person, profiles.skills_of(session, person.id))
    if complete and person.state in (ProfileState.DRAFT, ProfileState.RETURNED):
        profiles.submit(session, **act, professional_id=person.id, version=person.version)
    return person


def _wanted(said: Given, data: Given) -> dict[str, Any]:
    """The commands of everything that was entered, or every entry that is wrong at once."""
    kinds: dict[str, tuple[type[Command], Given]] = {
        "said": (OnBehalf, said),
        "who": (profiles.Who, data),
        "contact": (Contact, data),
        "interests": (profiles.Interests, data),
    }
    if data.get("levels"):
        kinds["skills"] = (profiles.Skills, data)
    if any(data.get(name) for name in ("hours_per_week", "modes", "slots", "reach_km")):
        kinds["when"] = (profiles.When, data)
    wanted: dict[str, Any] = {}
    errors: list[FieldError] = []
    for step, (kind, given) in kinds.items():
        try:
            wanted[step] = validated(kind, given)
        except Invalid as refused:
            errors += refused.errors
    if errors:
        raise Invalid({error.field: error for error in errors}.values())
    return wanted


def save_contact(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: Contact,
    professional_id: str,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Keep somebody's address; one that belongs to an account is its owner's to change."""
    require_coordinator(actor)
    person = profiles.find(session, actor=actor, professional_id=professional_id)
    details = proxy_details(actor, None, on_behalf)
    claim(session, person, command.version)
    if person.account_id is None:
        person.email = command.email
    session.add(person)
    audit.record(
        session, actor=actor, act="professional_saved", subject=("professional", person.id),
        now=now, step="contact", **details,
    )  # fmt: skip
    return person


def invite(session: Session, *, actor: Actor, now: datetime, professional_id: str) -> Account:
    """Ask somebody who was entered by others to take their profile over, by mail.

    Refused: ``coordinators_only``, ``professional_not_found``, ``profile_has_account``; ``Invalid``
    beside ``email`` when no address is known or its account is closed.
    """
    require_coordinator(actor)
    person = profiles.find(session, actor=actor, professional_id=professional_id)
    if person.account_id is not None:
        raise Conflict("profile_has_account")
    if not person.email:
        raise Invalid([FieldError("email", "missing")])
    account = invitations.account_for(
        session, actor=actor, now=now, email=person.email, name=person.name, role="professional"
    )
    subject = ("professional", person.id)
    audit.record(session, actor=actor, act="profile_offered", subject=subject, now=now)
    return account


def waiting(session: Session, *, actor: Actor) -> Professional | None:
    """A profile that was entered for the actor and that they may take over."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None or actor.professional_id or account.email_verified_at is None:
        return None
    return session.exec(
        select(Professional)
        .where(
            col(Professional.account_id).is_(None),
            func.lower(Professional.email) == account.email,
            Professional.state != ProfileState.LEFT,
        )
        .order_by(col(Professional.created_at), col(Professional.id))
    ).first()


def take_over(
    session: Session, *, actor: Actor, now: datetime, professional_id: str, version: int
) -> Professional:
    """Make a profile one's own. Refused: ``professional_not_found`` unless it waits for the actor,
    ``sign_in_first``, ``changed_meanwhile``."""
    if actor.account_id is None:
        raise Forbidden("sign_in_first")
    person = waiting(session, actor=actor)
    if person is None or person.id != professional_id:
        raise NotFound("professional_not_found")
    claim(session, person, version)
    person.account_id = actor.account_id
    session.add(person)
    session.flush()
    subject = ("professional", person.id)
    audit.record(session, actor=actor, act="profile_taken_over", subject=subject, now=now)
    return person
