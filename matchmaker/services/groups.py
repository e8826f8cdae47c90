"""Groups: registration in steps, the declaration of eligibility, and what is told to whom.

draft → submitted → verified, or returned with a comment; verified ↔ paused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from sqlmodel import Session, col, delete, select

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import (
    Group,
    GroupField,
    GroupKind,
    GroupMember,
    MemberRole,
    ProfileState,
)
from matchmaker.services import audit, taxonomy
from matchmaker.services.actors import Actor, require_group
from matchmaker.services.commands import (
    Choice,
    Code,
    CodeList,
    Command,
    EmailText,
    Flag,
    KanaText,
    LongText,
    ShortText,
    Version,
    WebAddress,
)
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim
from matchmaker.text import search_key

STEPS = ("who", "eligibility", "contact")
# What a group declares, one sentence each (features: public benefit, voluntary, and not mainly
# religion, politics, or for or against a candidate, an office-holder or a party).
ELIGIBILITY = ("public_benefit", "voluntary", "not_religion", "not_politics", "not_candidate")
_EDITABLE = frozenset(
    {ProfileState.DRAFT, ProfileState.SUBMITTED, ProfileState.RETURNED, ProfileState.VERIFIED}
)


class WhoWeAre(Command):
    """The group as it wants to be known."""

    name: Annotated[str, ShortText(120)]
    kana: Annotated[str, KanaText(120)]
    kind: Annotated[str, Choice(GroupKind)]
    district: Code
    fields: CodeList
    about: Annotated[str, LongText(2000)]
    website: WebAddress = ""
    version: Version = 1


class Declaration(Command):
    """Each item of the declaration, confirmed or not."""

    public_benefit: Flag = False
    voluntary: Flag = False
    not_religion: Flag = False
    not_politics: Flag = False
    not_candidate: Flag = False
    version: Version = 1


class ContactDetails(Command):
    """Whom the coordinators reach, and whether the group stands in the directory."""

    contact_name: Annotated[str, ShortText(80)]
    contact_email: EmailText = ""
    contact_note: Annotated[str, LongText(400)] = ""
    public: Flag = False
    version: Version = 1


def find(session: Session, *, actor: Actor, group_id: str) -> Group:
    """The group, for those who act for it and for coordinators; others do not learn of it."""
    require_group(actor, group_id)
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound("group_not_found")
    return group


def mine(session: Session, *, actor: Actor) -> Sequence[Group]:
    """The groups an account acts for, by reading."""
    return session.exec(
        select(Group)
        .where(col(Group.id).in_(actor.group_ids))
        .order_by(col(Group.kana), col(Group.id))
    ).all()


def fields_of(session: Session, group_id: str) -> list[str]:
    """Codes of a group's fields of activity."""
    found = select(GroupField.field).where(GroupField.group_id == group_id)
    return list(session.exec(found.order_by(col(GroupField.field))))


def register(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    command: WhoWeAre,
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Begin a group's registration. Whoever begins it is its contact, unless a coordinator
    writes for others (refused without ``on_behalf``).
    """
    details = proxy_details(actor, None, on_behalf)
    group = Group(name=command.name, created_at=now)
    _fill(session, group, command)
    session.add(group)
    session.flush()
    _set_fields(session, group.id, command.fields)
    if not details and actor.account_id:
        session.add(
            GroupMember(
                group_id=group.id,
                account_id=actor.account_id,
                role=MemberRole.CONTACT,
                joined_at=now,
            )
        )
        group.contact_name = actor.name
    _record(session, actor, "group_started", group, now, details)
    return group


def save_who(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    command: WhoWeAre,
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Change who the group is. Refused when somebody changed it meanwhile."""
    group, details = _to_change(session, actor, group_id, command.version, on_behalf)
    _fill(session, group, command)
    _set_fields(session, group.id, command.fields)
    _record(session, actor, "group_saved", group, now, {**details, "step": "who"})
    return group


def declare(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    command: Declaration,
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Declare eligibility. Refused (``must_agree``) beside each item left open."""
    answers = {item: bool(getattr(command, item)) for item in ELIGIBILITY}
    left_open = [FieldError(item, "must_agree") for item in ELIGIBILITY if not answers[item]]
    group, details = _to_change(session, actor, group_id, command.version, on_behalf)
    if left_open:
        raise Invalid(left_open)
    group.eligibility, group.declared_at, group.declared_by = answers, now, actor.account_id
    _record(session, actor, "group_declared", group, now, {**details, "step": "eligibility"})
    return group


def save_contact(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    command: ContactDetails,
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Say whom to reach. An e-mail address or a note on how to reach them is needed."""
    group, details = _to_change(session, actor, group_id, command.version, on_behalf)
    if not command.contact_email and not command.contact_note:
        raise Invalid([FieldError("contact_email", "email_or_note")])
    group.contact_name, group.contact_email = command.contact_name, command.contact_email
    group.contact_note, group.public = command.contact_note, command.public
    _record(session, actor, "group_saved", group, now, {**details, "step": "contact"})
    return group


def missing_steps(group: Group) -> tuple[str, ...]:
    """Steps of the registration that are not complete."""
    done = {
        "who": bool(group.name and group.kana and group.about),
        "eligibility": all(group.eligibility.get(item) for item in ELIGIBILITY),
        "contact": bool(group.contact_name and (group.contact_email or group.contact_note)),
    }
    return tuple(step for step in STEPS if not done[step])


def submit(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Hand the registration to the coordinators; handing it in twice is handing it in once.

    Refused: ``steps_missing`` with the first one, ``group_state`` when it is past that.
    """
    group = find(session, actor=actor, group_id=group_id)
    details = proxy_details(actor, group_id, on_behalf)
    if group.state == ProfileState.SUBMITTED:
        return group
    if group.state not in (ProfileState.DRAFT, ProfileState.RETURNED):
        raise Conflict("group_state", state=group.state)
    if missing := missing_steps(group):
        raise Conflict("steps_missing", step=missing[0])
    claim(session, group, version)
    group.state, group.submitted_at = ProfileState.SUBMITTED, now
    _record(session, actor, "group_submitted", group, now, details)
    return group


def refresh_search_text(group: Group) -> None:
    """Keep what a group is looked up by in step with its name, reading and (if shown) text."""
    about = group.about if "about" in group.public_parts else ""
    group.search_text = search_key(group.name, group.kana, about)[:1000]


def _to_change(
    session: Session, actor: Actor, group_id: str, version: int, on_behalf: OnBehalf | None
) -> tuple[Group, dict[str, str]]:
    group = find(session, actor=actor, group_id=group_id)
    details = proxy_details(actor, group_id, on_behalf)
    if group.state not in _EDITABLE:
        raise Conflict("group_state", state=group.state)
    claim(session, group, version)
    return group, details


def _fill(session: Session, group: Group, command: WhoWeAre) -> None:
    taxonomy.refuse_unknown(session, district=command.district, fields_=command.fields)
    if not command.fields:
        raise Invalid([FieldError("fields", "missing")])
    group.name, group.kana, group.kind = command.name, command.kana, command.kind
    group.district, group.about, group.website = command.district, command.about, command.website
    refresh_search_text(group)


def _set_fields(session: Session, group_id: str, codes: list[str]) -> None:
    session.exec(delete(GroupField).where(col(GroupField.group_id) == group_id))
    session.add_all(GroupField(group_id=group_id, field=code) for code in codes)


def _record(
    session: Session, actor: Actor, act: str, group: Group, now: datetime, details: dict[str, str]
) -> None:
    session.add(group)
    audit.record(session, actor=actor, act=act, subject=("group", group.id), now=now, **details)
