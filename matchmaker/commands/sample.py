"""``matchmaker sample``: write a made-up city as a market folder."""

from __future__ import annotations

from pathlib import Path

import click

from matchmaker.sample import DEFAULT_SEED, generate

_SIZE = click.IntRange(min=0)


@click.command("sample")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the CSV files; made when absent.",
)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Another seed, another city.")
@click.option("--groups", default=100, show_default=True, type=_SIZE)
@click.option("--needs", default=30, show_default=True, type=_SIZE)
@click.option("--professionals", default=80, show_default=True, type=_SIZE)
@click.option(
    "--employers",
    default=36,
    show_default=True,
    type=_SIZE,
    help="Employers that took part in past years; a quarter as many more never have.",
)
def sample_command(
    out: Path, seed: int, groups: int, needs: int, professionals: int, employers: int
) -> None:
    """Write a made-up city of any size; the same options always give the same files."""
    try:
        city = generate(
            seed=seed,
            groups=groups,
            needs=needs,
            professionals=professionals,
            employers=employers,
        )
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    city.write(out)
    counts = ", ".join(
        f"{len(city.tables[name])} {name}"
        for name in ("professionals", "groups", "needs", "companies")
    )
    click.echo(f"{out}: {counts} (seed {seed}; all people and bodies are invented)")
