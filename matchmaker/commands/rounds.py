"""``matchmaker round``: compute, send and close a round from the command line."""

from __future__ import annotations

import sys
from datetime import date
from zoneinfo import ZoneInfo

import click
from sqlmodel import Session

from matchmaker.db import SessionFactory, open_engine, session_factory, transaction
from matchmaker.jobs import run_next, utc_now
from matchmaker.models import Round, RoundState
from matchmaker.services import offers, proposals, rounds
from matchmaker.services.actors import SYSTEM
from matchmaker.services.computing import compute_round
from matchmaker.settings import Settings, read_settings


@click.group("round")
def round_group() -> None:
    """Compute, send or close a round."""


def _today(settings: Settings) -> date:
    return utc_now().astimezone(ZoneInfo(settings.time_zone)).date()


def _factory(settings: Settings) -> SessionFactory:
    return session_factory(open_engine(settings.database_url))


@round_group.command()
@click.argument("name")
@click.option("--seed", type=int, help="Number for the lot; by default today's date.")
@click.option("--max-new-projects", type=int, help="At most this many needs find a team.")
def run(name: str, seed: int | None, max_new_projects: int | None) -> None:
    """Begin a round called NAME over all open needs and compute its proposals now.

    Nobody is told anything. A computation that is interrupted is finished by `matchmaker work`.
    """
    settings = read_settings()
    factory = _factory(settings)
    data = {"name": name, "seed": seed, "max_new_projects": max_new_projects}
    with transaction(factory) as session:
        row = rounds.create(session, actor=SYSTEM, now=utc_now(), today=_today(settings), data=data)
        rounds.request_computation(
            session, actor=SYSTEM, now=utc_now(), round_id=row.id, version=row.version
        )
    while run_next(factory, {rounds.COMPUTE: compute_round}):
        continue
    with factory() as session:
        done = session.get_one(Round, row.id)
        for line in _summary(session, done):
            click.echo(line, err=done.state == RoundState.FAILED)
    if done.state != RoundState.READY:
        sys.exit(1)


def _summary(session: Session, row: Round) -> list[str]:
    if row.state == RoundState.FAILED:
        shown = ", ".join(f"{name} {value}" for name, value in row.failure["params"].items())
        return [f"{row.id}: {row.failure['code'].replace('_', ' ')}: {shown}".rstrip(": ")]
    if row.state != RoundState.READY:
        return [f"{row.id}: {row.state}; `matchmaker work` finishes it"]
    told, counts = row.measures, proposals.counts(session, row)
    seconds = sum(row.seconds.values())
    return [
        f"{row.id}: {row.name}",
        f"{told['needs'][0]} of {told['needs'][1]} needs have a team"
        f" (urgent {told['urgent'][0]} of {told['urgent'][1]}),"
        f" for {told['groups'][0]} of {told['groups'][1]} groups",
        f"{told['people'][0]} of {told['people'][1]} people,"
        f" {counts.undecided} proposals to review",
        "proven best at every level" if row.proof["proven"] else "not proven best at every level",
        f"{seconds:.2f} seconds",
    ]


@round_group.command()
@click.argument("round_id")
@click.option("--reply-by", type=click.DateTime(["%Y-%m-%d"]), help="By default the round's own.")
@click.confirmation_option(prompt="Every approved person and group gets a letter. Send?")
def send(round_id: str, reply_by: object) -> None:
    """Send the approved proposals of ROUND_ID to people and groups."""
    settings = read_settings()
    with transaction(_factory(settings)) as session:
        row = rounds.find(session, actor=SYSTEM, round_id=round_id)
        until = reply_by.date() if hasattr(reply_by, "date") else row.reply_by
        plan = offers.plan(session, actor=SYSTEM, round_id=round_id, reply_by=until)
        data = {"version": row.version, "shown": plan.digest, "reply_by": until}
        offers.send_round(
            session,
            actor=SYSTEM,
            now=utc_now(),
            today=_today(settings),
            round_id=round_id,
            data=data,
        )
        letters = len(plan.letters)
    click.echo(f"{round_id}: sent; {letters} letters wait for `matchmaker work`")


@round_group.command()
@click.argument("round_id")
def close(round_id: str) -> None:
    """Close ROUND_ID, once nobody's reply is awaited any more."""
    with transaction(_factory(read_settings())) as session:
        row = rounds.find(session, actor=SYSTEM, round_id=round_id)
        offers.close_round(
            session, actor=SYSTEM, now=utc_now(), round_id=round_id, version=row.version
        )
    click.echo(f"{round_id}: closed")


@round_group.command("list")
def list_rounds() -> None:
    """List every round, newest first."""
    with _factory(read_settings())() as session:
        for line in rounds.listing(session, actor=SYSTEM):
            click.echo(
                f"{line.round.id}\t{line.round.state}\t{line.needs} needs\t"
                f"{line.approved}/{line.proposals} approved\t{line.round.name}"
            )
