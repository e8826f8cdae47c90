"""A professional's profile: four short steps, saved one by one, handed in, paused, left.

draft → submitted → verified, or returned with a comment; verified ↔ paused; left at any time.
Changing a profile that was checked leaves it checked; the record keeps what was changed when.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, model_validator
from sqlmodel import Session, col, delete, func, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Account,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    ProfileState,
    Proposal,
    ProposalState,
    Relation,
)
from matchmaker.services import audit, taxonomy
from matchmaker.services.actors import SYSTEM, Actor, require_professional
from matchmaker.services.commands import (
    Choice,
    Choices,
    Code,
    CodeList,
    Command,
    Date,
    Flag,
    Kana,
    Kilometres,
    Languages,
    Levels,
    LongText,
    Number,
    ShortText,
    Slots,
    Version,
    Whole,
    in_order,
)
from matchmaker.services.employers import Employer, employer_of
from matchmaker.services.entries import PhoneText
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim
from matchmaker.text import search_key

STEPS = ("who", "skills", "when", "interests")


class Who(Command):
    """Name, tie to the city, employer (see ``employers.employer_of``)."""

    name: Annotated[str, ShortText(80)]
    kana: Kana
    relation: Annotated[str, Choice(Relation)]
    district: Code | None = None
    phone: Annotated[str, PhoneText(40)] = ""
    employer: Annotated[str, ShortText(120)] = ""
    company_id: Code | None = None  # one of those that were offered, or "new"
    version: Version = 1


class Skills(Command):
    """Skill code → level."""

    levels: Levels
    version: Version = 1


class When(Command):
    """Hours, dates, times of the week, and where."""

    hours_per_week: Annotated[float, Number(0.5, 40)]
    available_from: Date | None = None
    available_until: Date | None = None
    slots: Slots = Field(default_factory=list)
    modes: Annotated[list[str], Choices(("remote", "onsite"))]
    reach_km: Kilometres | None = None
    capacity: Annotated[int, Whole(1, 9)] = 1
    version: Version = 1

    @model_validator(mode="after")
    def _window(self) -> When:
        in_order(self.available_from, self.available_until, field="available_until")
        return self


class Interests(Command):
    """What the professional cares about."""

    fields_: CodeList = Field(default_factory=list, alias="fields")
    any_project: Flag = False
    languages: Languages = Field(default_factory=list)
    about: Annotated[str, LongText(2000)] = ""
    version: Version = 1


class Pause(Command):
    """A rest, with the day on which it ends by itself when there is one."""

    until: Date | None = None
    version: Version = 1


def find(session: Session, *, actor: Actor, professional_id: str | None) -> Professional:
    """The profile, for its owner and for coordinators; others do not learn of it."""
    row = session.get(Professional, professional_id) if professional_id else None
    if row is None or professional_id is None:
        raise NotFound("professional_not_found")
    require_professional(actor, professional_id)
    return row


def skills_of(session: Session, professional_id: str) -> dict[str, int]:
    """Skill code → level."""
    found = select(ProfessionalSkill.skill, ProfessionalSkill.level)
    return dict(
        session.exec(found.where(ProfessionalSkill.professional_id == professional_id)).all()
    )


def fields_of(session: Session, professional_id: str) -> list[str]:
    """Codes of the fields of activity a professional cares about."""
    found = select(ProfessionalField.field)
    found = found.where(ProfessionalField.professional_id == professional_id)
    return list(session.exec(found.order_by(col(ProfessionalField.field))))


def missing_steps(person: Professional | None, skills: Mapping[str, int]) -> tuple[str, ...]:
    """The steps that are not complete yet, in their order. Interests may stay empty."""
    if person is None:
        return ("who", "skills", "when")
    done = {
        "who": bool(person.name and person.kana),
        "skills": bool(skills),
        "when": person.hours_per_week > 0 and (person.remote or person.onsite),
    }
    return tuple(step for step in done if not done[step])


def save_who(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: Who,
    professional_id: str | None = None,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Keep who the person is; begins the profile of the actor, or of somebody a coordinator
    writes for.

    Refused: an unknown district or company, an employer's name that looks like known ones until
    one of them or ``new`` is chosen (``choose_employer`` beside ``company_id``).
    """
    taxonomy.refuse_unknown(session, district=command.district)
    wanted = Employer(command.employer, command.company_id)
    company = employer_of(session, wanted=wanted, now=now)
    if professional_id is None:
        person, details = _begin(session, actor, now, on_behalf)
    else:
        person, details = _to_write(session, actor, professional_id, command.version, on_behalf)
    person.name, person.kana, person.relation = command.name, command.kana, command.relation
    person.district = command.district
    person.phone = command.phone
    person.company_id = company.id if company else None
    return _saved(session, person, actor, now, "who", details)


def save_skills(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: Skills,
    professional_id: str,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Keep what the person can do. Refused: no skill at all, one the taxonomy does not know."""
    if not command.levels:
        raise Invalid([FieldError("levels", "none_chosen")])
    taxonomy.refuse_unknown(session, skills_=command.levels, names={"skills": "levels"})
    person, details = _to_write(session, actor, professional_id, command.version, on_behalf)
    table: Any = ProfessionalSkill
    session.execute(delete(table).where(table.professional_id == person.id))
    session.add_all(
        ProfessionalSkill(professional_id=person.id, skill=skill, level=level)
        for skill, level in command.levels.items()
    )
    return _saved(session, person, actor, now, "skills", details)


def save_when(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: When,
    professional_id: str,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Keep when and where the person can work. Refused: neither online nor in person."""
    if not command.modes:
        raise Invalid([FieldError("modes", "none_chosen")])
    person, details = _to_write(session, actor, professional_id, command.version, on_behalf)
    person.hours_per_week, person.capacity = command.hours_per_week, command.capacity
    person.available_from, person.available_until = command.available_from, command.available_until
    person.slots = command.slots
    person.remote, person.onsite = "remote" in command.modes, "onsite" in command.modes
    person.reach_km = command.reach_km if person.onsite else None
    return _saved(session, person, actor, now, "when", details)


def save_interests(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: Interests,
    professional_id: str,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Keep what the person cares about. Refused: a field of activity that does not exist."""
    taxonomy.refuse_unknown(session, fields_=command.fields_)
    person, details = _to_write(session, actor, professional_id, command.version, on_behalf)
    person.any_project, person.languages = command.any_project, command.languages
    person.about = command.about
    table: Any = ProfessionalField
    session.execute(delete(table).where(table.professional_id == person.id))
    session.add_all(
        ProfessionalField(professional_id=person.id, field=field) for field in command.fields_
    )
    return _saved(session, person, actor, now, "interests", details)


def submit(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    professional_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Professional:
    """Hand the profile in for the coordinators' check; handing in again changes nothing.

    Refused: ``steps_missing`` (with ``step``, the first that is), ``profile_state``.
    """
    person = find(session, actor=actor, professional_id=professional_id)
    if person.state == ProfileState.SUBMITTED:
        return person
    if person.state not in (ProfileState.DRAFT, ProfileState.RETURNED):
        raise Conflict("profile_state", state=person.state)
    missing = missing_steps(person, skills_of(session, person.id))
    if missing:
        raise Conflict("steps_missing", step=missing[0])
    person, details = _to_write(session, actor, professional_id, version, on_behalf)
    person.state, person.submitted_at, person.returned_comment = ProfileState.SUBMITTED, now, ""
    return _recorded(session, person, actor, now, "professional_submitted", details)


def pause(
    session: Session, *, actor: Actor, now: datetime, today: date, command: Pause
) -> Professional:
    """Rest: no round proposes the person, until a day or until they come back.

    Refused: a day that is not still to come, ``profile_state`` unless checked.
    """
    person = find(session, actor=actor, professional_id=actor.professional_id)
    if command.until is not None and command.until <= today:
        raise Invalid([FieldError("until", "in_the_past")])
    if person.state not in (ProfileState.VERIFIED, ProfileState.PAUSED):
        raise Conflict("profile_state", state=person.state)
    if person.state == ProfileState.PAUSED and person.returned_comment:
        raise Conflict("paused_by_coordinator")
    claim(session, person, command.version)
    person.state, person.paused_until = ProfileState.PAUSED, command.until
    return _recorded(session, person, actor, now, "professional_paused", {})


def come_back(session: Session, *, actor: Actor, now: datetime, version: int) -> Professional:
    """End one's own rest, or begin again after leaving (then as a draft that is checked again).

    Refused: ``paused_by_coordinator`` when a coordinator set the rest.
    """
    person = find(session, actor=actor, professional_id=actor.professional_id)
    if person.state not in (ProfileState.PAUSED, ProfileState.LEFT):
        return person
    if person.state == ProfileState.PAUSED and person.returned_comment:
        raise Conflict("paused_by_coordinator")
    claim(session, person, version)
    rested = person.state == ProfileState.PAUSED
    person.state = ProfileState.VERIFIED if rested else ProfileState.DRAFT
    person.paused_until = None
    return _recorded(session, person, actor, now, "professional_resumed", {})


def leave(session: Session, *, actor: Actor, now: datetime, version: int) -> Professional:
    """Take no part any more; work that was agreed stays agreed. Leaving twice is leaving once.

    Refused: ``offers_waiting`` while an invitation waits for an answer.
    """
    person = find(session, actor=actor, professional_id=actor.professional_id)
    if person.state == ProfileState.LEFT:
        return person
    waiting = session.exec(
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.professional_id == person.id, Proposal.state == ProposalState.OFFERED)
    ).one()
    if waiting:
        raise Conflict("offers_waiting", count=waiting)
    claim(session, person, version)
    person.state, person.paused_until = ProfileState.LEFT, None
    return _recorded(session, person, actor, now, "professional_left", {})


def _begin(
    session: Session, actor: Actor, now: datetime, on_behalf: OnBehalf | None
) -> tuple[Professional, dict[str, Any]]:
    if on_behalf is not None:
        person = Professional(name="", created_at=now)
        return person, proxy_details(actor, None, on_behalf)
    if actor.account_id is None:
        raise Forbidden("sign_in_first")
    mine = select(Professional).where(Professional.account_id == actor.account_id)
    known = session.exec(mine).first()
    if known is not None:  # begun in another window meanwhile
        raise Conflict("changed_meanwhile")
    account = session.get_one(Account, actor.account_id)
    return Professional(account_id=account.id, name="", email=account.email, created_at=now), {}


def _to_write(
    session: Session, actor: Actor, professional_id: str, version: int, on_behalf: OnBehalf | None
) -> tuple[Professional, dict[str, Any]]:
    person = find(session, actor=actor, professional_id=professional_id)
    own = actor.professional_id == professional_id
    details = {} if own else proxy_details(actor, None, on_behalf)
    if person.state == ProfileState.LEFT:
        raise Conflict("profile_left")
    claim(session, person, version)
    return person, details


def _saved(
    session: Session,
    person: Professional,
    actor: Actor,
    now: datetime,
    step: str,
    details: dict[str, Any],
) -> Professional:
    person.search_text = search_key(person.name, person.kana)
    return _recorded(session, person, actor, now, "professional_saved", {"step": step, **details})


def _recorded(
    session: Session,
    person: Professional,
    actor: Actor,
    now: datetime,
    act: str,
    details: dict[str, Any],
) -> Professional:
    session.add(person)
    session.flush()
    subject = ("professional", person.id)
    audit.record(session, actor=actor, act=act, subject=subject, now=now, **details)
    return person


def end_rests(factory: SessionFactory, *, now: datetime, today: date) -> bool:
    """Chore: bring back everybody whose rest ends today or ended before. True when somebody was."""
    with transaction(factory) as session:
        due = session.exec(
            select(Professional)
            .where(Professional.state == ProfileState.PAUSED)
            .where(col(Professional.paused_until) <= today)
            .limit(50)
            .with_for_update(skip_locked=True)
        ).all()
        for person in due:
            person.state, person.paused_until = ProfileState.VERIFIED, None
            person.version += 1
            _recorded(session, person, SYSTEM, now, "professional_resumed", {})
        return bool(due)
