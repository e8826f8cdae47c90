"""``matchmaker demo``: a whole city on this machine, a round computed, ready to click through."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import click
from waitress import serve

from matchmaker import schema
from matchmaker.db import SessionFactory, open_engine, session_factory
from matchmaker.jobs import utc_now
from matchmaker.sample import demo
from matchmaker.services import demo_people
from matchmaker.settings import Settings, read_settings
from web import create_app
from web.commands.work import worker_for
from web.demo import catcher


@click.command("demo")
@click.option("--home", default="demo", show_default=True, help="Folder of the demo's data.")
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--year",
    is_flag=True,
    help="A city with a past: everything since the last fiscal year began is lived day by day.",
)
@click.option("--no-serve", is_flag=True, help="Stop before serving the site.")
def demo_command(home: str, port: int, year: bool, no_serve: bool) -> None:
    """Build a city of invented people, run its round, and serve the site."""
    settings = demo_settings(Path(home), port)
    engine = open_engine(settings.database_url)
    fresh = not Path(engine.url.database or "").exists()
    schema.upgrade(engine)
    factory = session_factory(engine)
    if fresh:
        click.echo("Building a city of invented people ...")
        tell(live_through(factory) if year else demo.build(factory, now=utc_now()))
    else:
        click.echo(f"Going on with the city in {settings.home}")
        if year:
            click.echo("  --year only builds a new one: choose another --home for it")
    tell_accounts(factory, settings)
    if no_serve:
        return
    server, smtp_port = catcher.start(settings.home / "mail")
    app = create_app(replace(settings, smtp_port=smtp_port), engine=engine)
    worker = worker_for(app)
    worker.start()
    click.echo("\nCtrl-C stops it; the city stays where it is.")
    try:
        serve(app, host="127.0.0.1", port=port, threads=8, ident="", _quiet=True)
    finally:
        worker.stop()
        server.stop()


def live_through(factory: SessionFactory) -> demo.Told:
    """Let the city live until today, a word for every month."""
    told, lived = demo.build_lived(
        factory, now=utc_now(), months=lambda day: click.echo(f"  {day:%Y-%m} ...")
    )
    click.echo(f"{lived.days} days, every act through the services")
    return told


def demo_settings(home: Path, port: int) -> Settings:
    """Settings of a demo under ``home``; its secret is made once and kept there."""
    home.mkdir(parents=True, exist_ok=True)
    key = home / "secret"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return read_settings(
        {},
        home=home,
        environment="demo",
        secret_key=key.read_text(encoding="ascii"),
        base_url=f"http://127.0.0.1:{port}",
        mail_from="probono@demo.example.jp",
        contact_email="coordinator@demo.example.jp",
    )


def tell(told: demo.Told) -> None:
    """Say in a few lines what happened."""
    click.echo(f"  {told.professionals} professionals, {told.groups} groups, {told.needs[1]} needs")
    click.echo(f"Running its round ... done in {told.seconds:.2f} s")
    for words, (reached, asked) in (
        ("needs staffed", told.needs),
        ("urgent ones", told.urgent),
        ("groups helped", told.groups_served),
        ("people with a seat", told.people),
    ):
        click.echo(f"  {words:20} {reached:3} of {asked}")
    now, expected = told.employers
    click.echo(f"  {'employers so far':20} {now:3} -> {expected} expected, goal {told.target}")
    click.echo(
        "  Proven: no better result exists. A second program without any solver checked the result."
        if told.proven
        else "  Best found; whether a better one exists could not be decided in time."
    )


def tell_accounts(factory: SessionFactory, settings: Settings) -> None:
    """Say where to go and as whom."""
    with factory() as session:
        people = demo_people.all_of(session)
    click.echo(f"\nOpen {settings.base_url}/demo and sign in as anyone")
    for person in people:
        click.echo(f"  {person.role:13} {person.email}")
    click.echo(f"  password      {demo_people.PASSWORD}")
