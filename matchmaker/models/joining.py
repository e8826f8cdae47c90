"""How employees come to their company's programme: by link, by address, by the company's sign-on.

Joining says where somebody works. It is never a consent: that is asked on a page of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class JoinWay(StrEnum):
    LINK = "link"
    DOMAIN = "domain"
    SIGN_ON = "sign_on"


class CompanyInvitation(SQLModel, table=True):
    """A link for employees of one company, passed on by one channel. Its id is the link's end."""

    __tablename__ = "company_invitation"
    id: str = id_field("ci")
    company_id: str = ref("company.id")
    channel: str = Field(max_length=80)  # where it is passed on, such as a staff magazine
    expires_on: date
    revoked_at: datetime | None = time_field(nullable=True)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class CompanyDomain(SQLModel, table=True):
    """Addresses that end so belong to employees of this company, as a coordinator has checked."""

    __tablename__ = "company_domain"
    domain: str = Field(primary_key=True, max_length=253)
    company_id: str = ref("company.id")
    added_by: str | None = ref("account.id", nullable=True)
    added_at: datetime = time_field()


class CompanyJoin(SQLModel, table=True):
    """Somebody who said that they work there, and how they came."""

    __tablename__ = "company_join"
    __table_args__ = (one_of("way", JoinWay),)
    company_id: str = ref("company.id", primary_key=True)
    account_id: str = ref("account.id", primary_key=True)
    way: str = Field(max_length=16)
    invitation_id: str | None = ref("company_invitation.id", nullable=True)
    joined_at: datetime = time_field()


class CompanySignOn(SQLModel, table=True):
    """A company's OpenID provider. The secret is kept encrypted, or in the environment."""

    __tablename__ = "company_sign_on"
    company_id: str = ref("company.id", primary_key=True)
    issuer: str = Field(max_length=250)
    client_id: str = Field(max_length=250)
    secret: str = Field(default="", max_length=390)  # encrypted; empty: in the environment
    active: bool = True
    changed_by: str | None = ref("account.id", nullable=True)
    changed_at: datetime = time_field()
    version: int = 1


class SignOnIdentity(SQLModel, table=True):
    """Somebody a provider vouches for. Who it is, is the pair: addresses can change hands."""

    __tablename__ = "sign_on_identity"
    issuer: str = Field(primary_key=True, max_length=250)
    subject: str = Field(primary_key=True, max_length=255)
    account_id: str = ref("account.id")
    company_id: str = ref("company.id")
    created_at: datetime = time_field()
    last_used_at: datetime = time_field()
