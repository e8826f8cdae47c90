"""The demonstration's ready accounts: one for every role, all with the same shown password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from matchmaker.models import Account

PASSWORD = "yokkaichi-demo-2026"  # noqa: S105 - shown on purpose, only ever set by the demo
DOMAIN = "demo.example.jp"
ROLES = ("coordinator", "professional", "group", "company", "city", "admin")


@dataclass(frozen=True)
class DemoPerson:
    """A ready account and the role it shows."""

    role: str
    account_id: str
    name: str
    email: str


def address(role: str) -> str:
    """The address of the ready account for a role."""
    return f"{role}@{DOMAIN}"


def all_of(session: Session) -> list[DemoPerson]:
    """The ready accounts in the order of the story."""
    found = {
        account.email: account
        for account in session.exec(
            select(Account).where(col(Account.email).in_([address(role) for role in ROLES]))
        )
    }
    return [
        DemoPerson(role, found[address(role)].id, found[address(role)].name, address(role))
        for role in ROLES
        if address(role) in found
    ]
