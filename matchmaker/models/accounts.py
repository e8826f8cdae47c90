"""Sign-in, staff roles, sessions, one-time tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class AccountState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class StaffRole(StrEnum):
    COORDINATOR = "coordinator"
    CITY = "city"
    ADMIN = "admin"


class TokenPurpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a secret
    INVITE = "invite"
    CHANGE_EMAIL = "change_email"


class Account(SQLModel, table=True):
    """Someone who can sign in. What they may do follows from rows that point here."""

    __table_args__ = (
        one_of("state", AccountState),
        Index("uq_account_email", "email", unique=True),
    )
    id: str = id_field("a")
    email: str = Field(max_length=254)  # case-folded
    password_hash: str = Field(default="", max_length=255)  # empty: no password chosen yet
    name: str = Field(max_length=80)
    kana: str = Field(default="", max_length=80)
    language: str = Field(default="ja", max_length=8)
    state: str = Field(default=AccountState.ACTIVE, max_length=16)
    email_verified_at: datetime | None = time_field(nullable=True)
    created_at: datetime = time_field()
    version: int = 1


class AccountRole(SQLModel, table=True):
    """A staff role an account holds. Professionals, groups and companies point to accounts."""

    __tablename__ = "account_role"
    __table_args__ = (one_of("role", StaffRole),)
    account_id: str = ref("account.id", primary_key=True)
    role: str = Field(primary_key=True, max_length=16)


class LoginSession(SQLModel, table=True):
    """A signed-in browser. Only the hash of its token is kept, so it can be revoked, not stolen."""

    __tablename__ = "login_session"
    id: str = id_field("s")
    account_id: str = ref("account.id")
    token_hash: str = Field(max_length=64, unique=True)
    user_agent: str = Field(default="", max_length=200)
    created_at: datetime = time_field()
    last_seen_at: datetime = time_field()
    expires_at: datetime = time_field()
    revoked_at: datetime | None = time_field(nullable=True)


class AccountToken(SQLModel, table=True):
    """A single-use, short-lived token that was mailed; only its hash is kept."""

    __tablename__ = "account_token"
    __table_args__ = (one_of("purpose", TokenPurpose),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: str = ref("account.id")
    purpose: str = Field(max_length=16)
    token_hash: str = Field(max_length=64, unique=True)
    email: str = Field(default="", max_length=254)  # the address it was mailed to
    created_at: datetime = time_field()
    expires_at: datetime = time_field()
    used_at: datetime | None = time_field(nullable=True)


class SignInFailure(SQLModel, table=True):
    """A failed sign-in. Counted per address across processes and restarts."""

    __tablename__ = "sign_in_failure"
    id: int | None = Field(default=None, primary_key=True)
    email_hash: str = Field(max_length=64, index=True)
    at: datetime = time_field(index=True)
