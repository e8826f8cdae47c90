"""Words about a company's report, the same on its page, its paper and in its workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.models import Side
from matchmaker.services.company_reports import Quote, Report
from matchmaker.services.participation import SMALL, CompanyYear
from web import charts
from web.charts import Chart
from web.formats import label, minutes, number


def about_others(year: CompanyYear) -> Iterator[str]:
    """What may be said of those who did not agree to be seen."""
    if year.others is None:
        yield _("Further employees took part without agreeing to be shown. Their number is too "
                "small to be told without pointing at somebody.")  # fmt: skip
    elif year.others:
        yield ngettext(
            "%(count)s more employee took part without agreeing to be shown.",
            "%(count)s more employees took part without agreeing to be shown.",
            year.others, count=number(year.others),
        )  # fmt: skip


def themes(report: Report) -> list[tuple[str, int]]:
    """Field of activity → projects."""
    return [(label(theme), count) for theme, count in report.themes]


def hours(report: Report) -> Chart:
    """The hours of the years side by side."""
    return charts.hours(
        [(each.fiscal_year, each.company_minutes, each.own_minutes) for each in report.years]
    )


def districts(report: Report) -> list[tuple[str, int]]:
    """District → projects."""
    return [(label(place) if place else _("not known"), count)
            for place, count in report.districts]  # fmt: skip


def goals(report: Report) -> list[tuple[str, int]]:
    """Goal of the United Nations with its number → projects."""
    return [(f"{goal.number} {label(goal)}", count) for goal, count in report.goals]


def tables(report: Report) -> list[tuple[str, list[tuple[str, int]]]]:
    """Every way to count the year's projects: (what by, rows); those without rows left out."""
    found = (
        (_("Fields of activity"), themes(report)),
        (_("Districts"), districts(report)),
        (_("SDGs"), goals(report)),
    )
    return [(name, rows) for name, rows in found if rows]


def about_goals() -> str:
    """How goals follow from fields of activity."""
    return _("SDGs follow from the fields of activity of a need; every project counts under goal "
             "17, as a partnership. The city edits the list.")  # fmt: skip


def drawn(rows: list[tuple[str, int]]) -> Chart:
    """The same as a picture."""
    return charts.amounts(rows)


def results(report: Report) -> Iterator[str]:
    """How many projects are finished, and what the groups said of all so far."""
    yield ngettext(
        "%(count)s project of this year is finished.",
        "%(count)s projects of this year are finished.",
        report.finished, count=number(report.finished),
    )  # fmt: skip
    said = report.results
    if said.goal is None:
        yield _("What groups say of the results is told from %(least)s evaluated projects on; so "
                "far there are %(count)s.", least=number(SMALL),
                count=number(said.evaluated))  # fmt: skip
        return
    yield _("Of %(count)s projects so far, groups say that the goal was reached to %(goal)s of 5, "
            "and %(used)s use the result.", count=number(said.evaluated),
            goal=number(round(said.goal, 2)), used=number(said.used))  # fmt: skip


def result_rows(report: Report) -> list[tuple[str, Any]]:
    """What came of it, numbers as numbers."""
    said = report.results
    return [
        (_("Projects of this year that are finished"), report.finished),
        (_("Projects evaluated so far"), said.evaluated),
        (_("Goal reached, mean of 1 to 5"), None if said.goal is None else round(said.goal, 2)),
        (_("Results in use"), said.used),
    ]


def quoted(quote: Quote) -> str:
    """Words with whose they are."""
    who = _("a group") if quote.side == Side.GROUP else _("an employee")
    return _("“%(words)s” (%(who)s, %(project)s)", words=quote.text, who=who,
             project=quote.project_title)  # fmt: skip


def stages(report: Report) -> Iterator[tuple[str, str, str, str]]:
    """(stage, what, figure, note): what was put in, what was done, what came of it."""
    year, said = report.year, report.results
    put_in, done, came = _("Input"), _("Output"), _("Impact")
    rate = year.company.hour_value
    yield (put_in, _("Hours in company time"), minutes(year.company_minutes),
           _("confirmed by the groups"))  # fmt: skip
    if report.worth is not None:
        yield (
            put_in, _("Their worth"), _("%(yen)s yen", yen=number(report.worth)),
            _("%(rate)s yen an hour, set by the company: %(source)s", rate=number(rate),
              source=year.company.hour_value_source),
        )  # fmt: skip
    yield (put_in, _("Hours in own time"), minutes(year.own_minutes),
           _("the employees’ own gift; not counted as the company’s"))  # fmt: skip
    yield (done, _("Employees shown by name"), number(year.people), "")
    yield (done, _("Groups helped"), number(year.groups), "")
    yield (done, _("Projects"), number(year.projects),
           _("%(count)s of them finished", count=number(report.finished)))  # fmt: skip
    few = _("told from %(least)s evaluated projects on", least=number(SMALL))
    over = _("as the groups say, over %(count)s projects so far", count=number(said.evaluated))
    yield (came, _("Goal reached, mean of 1 to 5"),
           _("too few yet") if said.goal is None else number(round(said.goal, 2)),
           few if said.goal is None else over)  # fmt: skip
    yield (came, _("Results in use"),
           _("too few yet") if said.used is None else number(said.used),
           few if said.used is None else over)  # fmt: skip
