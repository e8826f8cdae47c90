"""What two records that become one can differ in, and which answer lies nearer.

A part is what is chosen as a whole: columns that only make sense together go together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from matchmaker.models import (
    Company,
    Group,
    GroupMember,
    MemberRole,
    Professional,
    ProfessionalSkill,
    ProfileState,
    Wish,
)

KEPT, OTHER = "kept", "other"
_CHECKED = ("state", "returned_comment", "submitted_at", "verified_at")
PARTS: dict[type[Any], dict[str, tuple[str, ...]]] = {
    Professional: {
        "state": (*_CHECKED, "paused_until"),
        "name": ("name",),
        "kana": ("kana",),
        "email": ("email",),
        "phone": ("phone",),
        "on_paper": ("on_paper",),
        "account": ("account_id",),
        "company": ("company_id",),
        "relation": ("relation",),
        "district": ("district",),
        "hours": ("hours_per_week",),
        "capacity": ("capacity",),
        "window": ("available_from", "available_until"),
        "slots": ("slots",),
        "place": ("remote", "onsite", "reach_km"),
        "languages": ("languages",),
        "any_project": ("any_project",),
        "about": ("about",),
    },
    Group: {
        "state": _CHECKED,
        "name": ("name",),
        "kana": ("kana",),
        "kind": ("kind",),
        "district": ("district",),
        "about": ("about",),
        "website": ("website",),
        "eligibility": ("eligibility", "declared_at", "declared_by"),
        "contact": ("contact_name", "contact_email", "contact_note"),
        "on_paper": ("on_paper",),
        "public": ("public", "public_parts"),
    },
    Company: {
        "name": ("name",),
        "kana": ("kana",),
        "corporate_number": ("corporate_number",),
        "in_city": ("in_city",),
        "hour_value": ("hour_value", "hour_value_source"),
        "programme": ("programme", "contact"),
    },
}
# Further columns, taken without a question: the earlier, or the later, of the two.
EARLIER = ("waiting_since", "created_at")
LATER = ("last_supported_on",)
_STATES = tuple(reversed(
    (ProfileState.VERIFIED, ProfileState.PAUSED, ProfileState.SUBMITTED, ProfileState.RETURNED,
     ProfileState.DRAFT, ProfileState.LEFT)
))  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One thing in which the two differ. ``about`` is the skill, need or account it concerns."""

    code: str
    kept: Any
    other: Any
    nearer: str  # KEPT or OTHER: what is chosen unless somebody says otherwise
    about: str = ""

    @property
    def name(self) -> str:
        """How a choice names it."""
        return f"{self.code}:{self.about}" if self.about else self.code


def differences(session: Session, kept: Any, other: Any) -> tuple[Difference, ...]:
    """Everything in which two records of a table differ and one answer has to be chosen."""
    found = list(_own(kept, other))
    if isinstance(kept, Professional):
        found += _levels(session, kept.id, other.id)
        found += _wishes(session, kept.id, other.id)
    if isinstance(kept, Group):
        found += _contacts(session, kept.id, other.id)
    return tuple(found)


def _own(kept: Any, other: Any) -> Iterator[Difference]:
    for code, columns in PARTS[type(kept)].items():
        if code == "state" and kept.state == other.state:
            continue
        one, two = (tuple(getattr(row, name) for name in columns) for row in (kept, other))
        if one != two:
            yield Difference(code, one, two, _nearer(code, one, two))


def _nearer(code: str, one: tuple[Any, ...], two: tuple[Any, ...]) -> str:
    if code == "state":
        return OTHER if _STATES.index(two[0]) > _STATES.index(one[0]) else KEPT
    blank = not any(value not in (None, "", [], {}, 0, False) for value in one)
    return OTHER if blank else KEPT


def _levels(session: Session, kept_id: str, other_id: str) -> Iterator[Difference]:
    one, two = (
        dict(
            session.exec(
                select(ProfessionalSkill.skill, ProfessionalSkill.level).where(
                    ProfessionalSkill.professional_id == each
                )
            ).all()
        )
        for each in (kept_id, other_id)
    )
    for skill in sorted(one.keys() & two.keys()):
        if one[skill] != two[skill]:
            yield Difference("skill", one[skill], two[skill], KEPT, skill)


def _wishes(session: Session, kept_id: str, other_id: str) -> Iterator[Difference]:
    one, two = (
        dict(
            session.exec(select(Wish.need_id, Wish.rank).where(Wish.professional_id == each)).all()
        )
        for each in (kept_id, other_id)
    )
    for need in sorted(one.keys() & two.keys()):
        if one[need] != two[need]:
            yield Difference("wish", one[need], two[need], KEPT, need)


def _contacts(session: Session, kept_id: str, other_id: str) -> Iterator[Difference]:
    one, two = (
        session.exec(
            select(GroupMember.account_id).where(
                GroupMember.group_id == each, GroupMember.role == MemberRole.CONTACT
            )
        ).first()
        for each in (kept_id, other_id)
    )
    if one and two and one != two:
        yield Difference("contact_member", one, two, KEPT)


def take_over(kept: Any, other: Any, code: str) -> None:
    """Give the record that stays the other one's answer to a part."""
    for name in PARTS[type(kept)][code]:
        setattr(kept, name, getattr(other, name))


def settle_dates(kept: Any, other: Any) -> None:
    """The earlier beginning and the later end of the two."""
    for names, choose in ((EARLIER, min), (LATER, max)):
        for name in names:
            given = [value for row in (kept, other) if (value := getattr(row, name, None))]
            if given:
                setattr(kept, name, choose(given))
