"""Words about a company's report, the same on its page, its paper and in its workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.models import Side
from matchmaker.services.company_reports import Figures, Quote, Report
from matchmaker.services.participation import SMALL, CompanyYear
from web import charts
from web.charts import Chart
from web.formats import hours as hours_in_words
from web.formats import label, number
from web.need_words import goal_name
from web.year_figures import Figure, hours_of, unit


def about_others(year: CompanyYear) -> Iterator[str]:
    """What may be said of those who did not agree to be seen."""
    if not year.others:  # nobody or a few: told apart, the first to come would be seen
        yield _("How many more took part without agreeing to be shown is told from %(least)s "
                "people on, so that it points at nobody.", least=number(SMALL))  # fmt: skip
    else:
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


def time_of(minutes: int) -> str:
    """Confirmed minutes as a report tells them: 7.5時間, or 記録なし."""
    return hours_in_words(hours_of(minutes)) if minutes else _("no record")


def districts(report: Report) -> list[tuple[str, int]]:
    """District → projects."""
    return [(label(place) if place else _("not known"), count)
            for place, count in report.districts]  # fmt: skip


def goals(report: Report) -> list[tuple[str, int]]:
    """Goal of the United Nations with its number → projects."""
    return [(goal_name(goal), count) for goal, count in report.goals]


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
    return _("SDGs are those the group names for its need, else they follow from its fields of "
             "activity; every project counts under goal 17, as a partnership.")  # fmt: skip


def drawn(rows: list[tuple[str, int]]) -> Chart:
    """The same as a picture."""
    return charts.amounts(rows, unit("projects"))


def results(report: Report) -> Iterator[str]:
    """How many projects are finished, and what the groups said of all so far."""
    yield ngettext(
        "%(count)s project of this year is finished.",
        "%(count)s projects of this year are finished.",
        report.figures.finished, count=number(report.figures.finished),
    )  # fmt: skip
    said = report.figures.results
    if said.goal is None:
        yield _("What groups say of the results is told from %(least)s evaluated projects on; so "
                "far there are %(count)s.", least=number(SMALL),
                count=number(said.evaluated))  # fmt: skip
        return
    yield _("Of %(count)s projects so far, groups say that the goal was reached to %(goal)s of 5, "
            "and %(used)s use the result.", count=number(said.evaluated),
            goal=number(round(said.goal, 2)), used=number(said.used))  # fmt: skip


def quoted(quote: Quote) -> str:
    """Words with whose they are."""
    who = _("a group") if quote.side == Side.GROUP else _("an employee")
    return _("“%(words)s” (%(who)s, %(project)s)", words=quote.text, who=who,
             project=quote.project_title)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A figure with its place in inputs, outputs, impacts."""

    name: str
    figure: Figure


def stages(report: Report) -> list[Stage]:
    """What was put in, what was done, what came of it, each beside the year before."""
    rate = report.year.company.hour_value
    said = report.figures.results
    few = _("told from %(least)s evaluated projects on", least=number(SMALL))
    over = _("as the groups say, over %(count)s projects so far", count=number(said.evaluated))
    hours, people, groups, projects = (
        unit("hours"),
        unit("people"),
        unit("groups"),
        unit("projects"),
    )

    def one(
        told: Callable[[Figures], float | None], what: str, unit: str, note: str = ""
    ) -> Figure:
        return Figure(what, told(report.figures), unit,
                      told(report.before) if report.before else None, note)  # fmt: skip

    put_in = [
        one(lambda f: hours_of(f.year.company_minutes), _("Hours in company time"), hours,
            _("confirmed by the groups")),
        one(lambda f: f.worth, _("Their worth"), unit("yen"),
            _("%(rate)s yen an hour, set by the company: %(source)s", rate=number(rate),
              source=report.year.company.hour_value_source)),
        one(lambda f: hours_of(f.year.own_minutes), _("Hours in own time"), hours,
            _("the employees’ own gift; not counted as the company’s")),
    ]  # fmt: skip
    if rate is None:
        del put_in[1]
    done = [
        one(lambda f: f.year.people, _("Employees shown by name"), people),
        one(lambda f: f.year.groups, _("Groups helped"), groups),
        one(lambda f: f.year.projects, _("Projects"), projects),
        one(lambda f: f.finished, _("Projects of this year that are finished"), projects),
    ]
    came = [
        one(lambda f: f.results.evaluated, _("Projects evaluated so far"), projects),
        one(lambda f: _rounded(f.results.goal), _("Goal reached, mean of 1 to 5"), unit("points"),
            few if said.goal is None else over),
        one(lambda f: f.results.used, _("Results in use"), projects,
            few if said.used is None else over),
    ]  # fmt: skip
    named = ((_("Input"), put_in), (_("Output"), done), (_("Impact"), came))
    return [Stage(name, figure) for name, figures in named for figure in figures]


def _rounded(mean: float | None) -> float | None:
    return None if mean is None else round(mean, 2)
