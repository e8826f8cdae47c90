"""``matchmaker sample``: write a made-up city, or a made-up market of any size."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from matchmaker.engine.files.folder import write_folder
from matchmaker.sample import DEFAULT_SEED, generate
from matchmaker.sample.large import large_market

_SIZE = click.IntRange(min=0)
_CITY, _LARGE = ("groups", "professionals", "employers"), ("seats", "capacity", "form")
_EVERY = 100_000  # rows between two words on progress


def _range(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    """``A-B``, or ``A`` alone."""
    first, _, last = value.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise click.BadParameter(f"{value!r} is not a range like 2-6", ctx, param)
    return int(first), int(last or first)


@click.command("sample")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the CSV files (made when absent), or the .npz file.",
)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Another seed, another city.")
@click.option("--groups", default=100, show_default=True, type=_SIZE, help="City only.")
@click.option("--needs", default=30, show_default=True, type=_SIZE)
@click.option("--professionals", default=80, show_default=True, type=_SIZE, help="City only.")
@click.option(
    "--employers",
    default=36,
    show_default=True,
    type=_SIZE,
    help="City only. Employers that took part in past years; a quarter as many more never have.",
)
@click.option("--people", type=_SIZE, help="A large market instead of a city: how many people.")
@click.option("--seats", default="1", callback=_range, help="Large only: seats of a need, as 2-6.")
@click.option(
    "--capacity", default="1", callback=_range, help="Large only: projects a person takes."
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "npz"]), help="Large only; else by --out."
)
def sample_command(out: Path, people: int | None, **options: Any) -> None:
    """Write a made-up city of any size, or with --people a market of up to millions.

    The same options always give the same files.
    """
    _together(click.get_current_context(), people)
    try:
        if people is None:
            _city(out, options)
        else:
            _large(out, people, options)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    except OSError as failure:
        click.echo(f"{failure.filename or out}: {failure.strerror or failure}", err=True)
        sys.exit(2)


def _together(ctx: click.Context, people: int | None) -> None:
    """Refuse options of a city beside --people, and those of a large market without it."""
    misplaced, why = (_LARGE, "needs") if people is None else (_CITY, "does not go with")
    for option in ctx.command.params:
        given = option.name and ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        if given and option.name in misplaced:
            raise click.UsageError(f"{option.opts[0]} {why} --people", ctx)


def _city(out: Path, options: dict[str, Any]) -> None:
    if out.is_file():
        raise click.UsageError(f"--out: {out} is a file")
    seed = options["seed"]
    sizes = {name: options[name] for name in ("groups", "needs", "professionals", "employers")}
    city = generate(seed=seed, **sizes)
    city.write(out)
    counts = ", ".join(
        f"{len(city.tables[name])} {name}"
        for name in ("professionals", "groups", "needs", "companies")
    )
    click.echo(f"{out}: {counts} (seed {seed}; all people and bodies are invented)")


def _large(out: Path, people: int, options: dict[str, Any]) -> None:
    """Ctrl-C leaves whatever was there before: files appear when they are complete."""
    sizes = {name: options[name] for name in ("needs", "seats", "capacity", "seed")}
    market = large_market(people=people, **sizes)
    if (options["form"] or out.suffix.lstrip(".").lower()) == "npz":
        if out.suffix.lower() != ".npz":
            raise click.UsageError("--out: a file of columns ends in .npz")
        out.parent.mkdir(parents=True, exist_ok=True)
        market.write_columns(out)
    else:
        tables = {name: _told(name, rows) for name, rows in market.values().items()}
        write_folder(tables, out)
    counts = f"{len(market.professionals)} professionals, {len(market.needs)} needs"
    click.echo(f"{out}: {counts}, {len(market.roles)} roles (seed {options['seed']}; invented)")


def _told(name: str, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """``rows``, with a word on stderr now and then."""
    for count, row in enumerate(rows, start=1):
        if count % _EVERY == 0:
            click.echo(f"{name}: {count} rows", err=True)
        yield row
