"""``matchmaker report``: the city's figures on the command line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from matchmaker.db import open_engine, session_factory
from matchmaker.jobs import utc_now
from matchmaker.services import indicators
from matchmaker.settings import read_settings


@click.command("report")
@click.option("--year", type=int, help="Only this fiscal year (named by the year it begins in).")
@click.option("--rows", is_flag=True, help="The participations behind the figures.")
def report_command(year: int | None, rows: bool) -> None:
    """Employers of pro bono workers by fiscal year, tab-separated."""
    settings = read_settings()
    today = utc_now().astimezone(ZoneInfo(settings.time_zone)).date()
    with session_factory(open_engine(settings.database_url))() as session:
        if rows:
            for row in indicators.participations(session, on=today):
                if year in (None, row.fiscal_year):
                    facts = (row.fiscal_year, row.agreed_on, row.company_name, row.project_title)
                    click.echo("\t".join(str(fact) for fact in facts))
            return
        click.echo("fiscal_year\tgross\tdistinct\tnew\tprovisional")
        for figure in indicators.series(session, on=today).years:
            if year in (None, figure.fiscal_year):
                shown = (figure.gross, figure.distinct, figure.new)
                cells = "\t".join("" if cell is None else str(cell) for cell in shown)
                click.echo(
                    f"{figure.fiscal_year}\t{cells}\t{'yes' if figure.provisional else 'no'}"
                )
