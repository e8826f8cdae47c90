"""Professionals and groups: who they are, what they can do, what they wish."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class ProfileState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    PAUSED = "paused"
    LEFT = "left"


class Relation(StrEnum):
    RESIDENT = "resident"
    WORKER = "worker"
    STUDENT = "student"
    NONE = "none"


class GroupKind(StrEnum):
    NEIGHBOURHOOD = "neighbourhood"
    NPO = "npo"
    VOLUNTEER = "volunteer"
    COUNCIL = "council"
    OTHER = "other"


class MemberRole(StrEnum):
    CONTACT = "contact"
    MEMBER = "member"


# What a group's public page can show beside its name; letters only where the group says so.
PUBLIC_PARTS = (
    "about", "district", "fields", "website", "needs", "finished", "cases", "letters",
)  # fmt: skip


class Professional(SQLModel, table=True):
    """A working person who offers skills (プロボノワーカー)."""

    __table_args__ = (
        one_of("state", ProfileState),
        one_of("relation", Relation),
        CheckConstraint("hours_per_week >= 0 AND hours_per_week <= 60", name="hours_range"),
        CheckConstraint("capacity >= 0 AND capacity <= 9", name="capacity_range"),
        CheckConstraint("reach_km IS NULL OR (reach_km >= 0 AND reach_km <= 500)", name="reach"),
        CheckConstraint(
            "available_until IS NULL OR available_from IS NULL"
            " OR available_until >= available_from",
            name="window_in_order",
        ),
    )
    id: str = id_field("p")
    account_id: str | None = ref("account.id", nullable=True, unique=True)
    name: str = Field(max_length=80)
    kana: str = Field(default="", max_length=80)
    email: str = Field(default="", max_length=254)
    on_paper: bool = False  # letters instead of mails
    phone: str = Field(default="", max_length=40)
    company_id: str | None = ref("company.id", nullable=True)
    district: str | None = ref("district.code", nullable=True)
    remote: bool = False
    onsite: bool = False
    reach_km: float | None = None
    hours_per_week: float = 0
    available_from: date | None = None
    available_until: date | None = None
    slots: list[str] = json_field(list)  # mon-eve, sat-am …; empty: not said
    languages: list[str] = json_field(list)  # empty: ja
    capacity: int = 1
    any_project: bool = False
    relation: str = Field(default=Relation.NONE, max_length=16)
    about: str = Field(default="", max_length=2000)
    waiting_since: date | None = None
    paused_until: date | None = None  # the day the person's own rest ends by itself
    state: str = Field(default=ProfileState.DRAFT, max_length=16, index=True)
    returned_comment: str = Field(default="", max_length=2000)
    submitted_at: datetime | None = time_field(nullable=True)
    verified_at: datetime | None = time_field(nullable=True)
    search_text: str = Field(default="", max_length=1000)
    created_at: datetime = time_field()
    version: int = 1


class ProfessionalSkill(SQLModel, table=True):
    """A skill at a level: 1 learning, 2 working, 3 expert, 4 leads others."""

    __tablename__ = "professional_skill"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),)
    professional_id: str = ref("professional.id", primary_key=True)
    skill: str = ref("skill.code", primary_key=True)
    level: int


class ProfessionalField(SQLModel, table=True):
    """A field of activity a professional cares about."""

    __tablename__ = "professional_field"
    professional_id: str = ref("professional.id", primary_key=True)
    field: str = ref("activity_field.code", primary_key=True)


class Group(SQLModel, table=True):
    """A civic group (市民活動団体) that asks for help."""

    __tablename__ = "civic_group"
    __table_args__ = (one_of("state", ProfileState), one_of("kind", GroupKind))
    id: str = id_field("g")
    name: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    kind: str = Field(default=GroupKind.OTHER, max_length=16)
    district: str | None = ref("district.code", nullable=True)
    about: str = Field(default="", max_length=2000)
    website: str = Field(default="", max_length=400)
    eligibility: dict[str, bool] = json_field()  # what the group declared, item by item
    declared_at: datetime | None = time_field(nullable=True)
    declared_by: str | None = ref("account.id", nullable=True, index=False)
    contact_name: str = Field(default="", max_length=80)
    contact_email: str = Field(default="", max_length=254)
    contact_note: str = Field(default="", max_length=400)  # when and how to reach them
    on_paper: bool = False  # letters to the contact instead of mails
    public: bool = True  # shown in the directory once verified
    public_parts: list[str] = json_field(lambda: list(PUBLIC_PARTS[:-1]))
    waiting_since: date | None = None
    last_supported_on: date | None = None
    state: str = Field(default=ProfileState.DRAFT, max_length=16, index=True)
    returned_comment: str = Field(default="", max_length=2000)
    submitted_at: datetime | None = time_field(nullable=True)
    verified_at: datetime | None = time_field(nullable=True)
    search_text: str = Field(default="", max_length=1000)
    created_at: datetime = time_field()
    version: int = 1


class GroupField(SQLModel, table=True):
    """A field of activity of a group."""

    __tablename__ = "group_field"
    group_id: str = ref("civic_group.id", primary_key=True)
    field: str = ref("activity_field.code", primary_key=True)


class GroupMember(SQLModel, table=True):
    """An account that acts for a group. Exactly one member is its contact."""

    __tablename__ = "group_member"
    __table_args__ = (
        one_of("role", MemberRole),
        Index(
            "uq_group_member_contact",
            "group_id",
            unique=True,
            sqlite_where=text("role = 'contact'"),
            postgresql_where=text("role = 'contact'"),
        ),
    )
    group_id: str = ref("civic_group.id", primary_key=True)
    account_id: str = ref("account.id", primary_key=True)
    role: str = Field(default=MemberRole.MEMBER, max_length=16)
    joined_at: datetime = time_field()


class GroupInvitation(SQLModel, table=True):
    """Somebody asked by e-mail to act for a group; whoever holds the address may say yes."""

    __tablename__ = "group_invitation"
    __table_args__ = (
        Index(
            "uq_group_invitation_open",
            "group_id",
            "email",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: str = id_field("i")
    group_id: str = ref("civic_group.id")
    email: str = Field(max_length=254, index=True)  # case-folded
    invited_by: str | None = ref("account.id", nullable=True, index=False)
    created_at: datetime = time_field()
    expires_at: datetime = time_field()
    ended_at: datetime | None = time_field(nullable=True)  # accepted, refused or taken back
    accepted: bool = False


class DeclaredConflict(SQLModel, table=True):
    """A professional and a group who must not work together, declared by either side."""

    __tablename__ = "declared_conflict"
    professional_id: str = ref("professional.id", primary_key=True)
    group_id: str = ref("civic_group.id", primary_key=True)
    reason: str = Field(default="", max_length=400)


class Partnership(SQLModel, table=True):
    """A professional and a group who have worked together (the market folder's history)."""

    __table_args__ = (
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_range"),
    )
    professional_id: str = ref("professional.id", primary_key=True)
    group_id: str = ref("civic_group.id", primary_key=True)
    ended_on: date = Field(primary_key=True)
    rating: int | None = None
