"""The e-mail domains a company is known by, as a coordinator has checked them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import Company, CompanyDomain
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, ShortText, validated

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# Anybody can have an address there, so it says nothing about where they work.
FOR_EVERYBODY = frozenset({
    "aol.com", "docomo.ne.jp", "ezweb.ne.jp", "gmail.com", "googlemail.com", "hotmail.co.jp",
    "hotmail.com", "i.softbank.jp", "icloud.com", "live.jp", "mac.com", "mail.com", "me.com",
    "msn.com", "nifty.com", "outlook.com", "outlook.jp", "proton.me", "protonmail.com",
    "softbank.ne.jp", "ymail.ne.jp", "yahoo.co.jp", "yahoo.com", "yahoo.ne.jp",
})  # fmt: skip


class NewDomain(Command):
    """What stands behind the @ of the company's addresses."""

    domain: Annotated[str, ShortText(254, 1)]


def of_company(session: Session, *, company_id: str) -> list[str]:
    """The company's domains, in order."""
    return list(
        session.exec(
            select(CompanyDomain.domain)
            .where(CompanyDomain.company_id == company_id)
            .order_by(col(CompanyDomain.domain))
        )
    )


def add(
    session: Session, *, actor: Actor, now: datetime, company_id: str, data: Mapping[str, Any]
) -> CompanyDomain:
    """Add a checked domain (``NewDomain``; with or without @). The same again changes nothing.

    Refused: ``coordinators_only``, ``company_not_found``; ``not_a_domain``,
    ``domain_of_everybody``, ``domain_taken`` by another company.
    """
    require_coordinator(actor)
    if session.get(Company, company_id) is None:
        raise NotFound("company_not_found")
    domain = validated(NewDomain, data).domain.casefold().removeprefix("@")
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise Invalid([FieldError("domain", "not_a_domain")])
    if domain in FOR_EVERYBODY:
        raise Invalid([FieldError("domain", "domain_of_everybody")])
    known = session.get(CompanyDomain, domain)
    if known is not None:
        if known.company_id != company_id:
            raise Invalid([FieldError("domain", "domain_taken")])
        return known
    row = CompanyDomain(
        domain=domain, company_id=company_id, added_by=actor.account_id, added_at=now
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, act="add_domain", subject=("company", company_id), now=now,
        domain=domain,
    )  # fmt: skip
    return row


def remove(session: Session, *, actor: Actor, now: datetime, company_id: str, domain: str) -> None:
    """Take a domain away; whoever came by it stays. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    row = session.get(CompanyDomain, domain)
    if row is None or row.company_id != company_id:
        return
    session.delete(row)
    session.flush()
    audit.record(
        session, actor=actor, act="remove_domain", subject=("company", company_id), now=now,
        domain=domain,
    )  # fmt: skip
