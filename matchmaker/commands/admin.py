"""``matchmaker admin``: accounts for the people who run the programme."""

from __future__ import annotations

import click
from sqlmodel import col, select

from matchmaker.db import open_engine, session_factory, transaction
from matchmaker.jobs import utc_now
from matchmaker.models import Account, AccountRole, StaffRole
from matchmaker.services import invitations, passwords
from matchmaker.services.actors import SYSTEM
from matchmaker.services.commands import validated
from matchmaker.settings import read_settings

ROLES = [role.value for role in StaffRole]


@click.group("admin")
def admin_group() -> None:
    """Accounts of coordinators, city officers and administrators."""


@admin_group.command()
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--language", default="ja", type=click.Choice(["ja", "en"]), show_default=True)
@click.option(
    "--set-password", is_flag=True, help="Ask for a password now instead of mailing a link."
)
def create(
    email: str, name: str, roles: tuple[str, ...], language: str, set_password: bool
) -> None:
    """Give an address one or more roles; its owner gets a link to choose a password."""
    password = ""
    if set_password:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        passwords.refuse_weak(password, email=email)
    factory = session_factory(open_engine(read_settings().database_url))
    with transaction(factory) as session:
        for role in roles:
            data = {"role": role, "name": name, "email": email, "language": language}
            account = invitations.invite(
                session,
                actor=SYSTEM,
                now=utc_now(),
                command=validated(invitations.Invite, data),
            )
        if password:
            account.password_hash = passwords.hashed(password)
            account.email_verified_at = utc_now()
            session.add(account)
    click.echo(f"{account.email}: {', '.join(roles)}")
    if not password:
        click.echo("A link to choose a password goes out by mail (matchmaker work).")


@admin_group.command("list")
def list_accounts() -> None:
    """Who holds which role."""
    factory = session_factory(open_engine(read_settings().database_url))
    with factory() as session:
        found = session.exec(
            select(Account.email, Account.name, AccountRole.role)
            .join(AccountRole, col(AccountRole.account_id) == Account.id)
            .order_by(col(Account.email), col(AccountRole.role))
        )
        for email, name, role in found:
            click.echo(f"{role:12} {email}  {name}")
