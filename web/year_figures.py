"""A figure of a year beside the year before: the same on page, paper and in a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from web.formats import fiscal_year_of, number
from web.i18n import language

# A machine reads figures and units apart; None is an empty cell.
UNITS = {
    "hours": lazy_pgettext("unit", "hours"),
    "minutes": lazy_pgettext("unit", "minutes"),
    "people": lazy_pgettext("unit", "people"),
    "groups": lazy_pgettext("unit", "groups"),
    "projects": lazy_pgettext("unit", "projects"),
    "needs": lazy_pgettext("unit", "needs"),
    "rounds": lazy_pgettext("unit", "rounds"),
    "employers": lazy_pgettext("unit", "employers"),
    "evaluations": lazy_pgettext("unit", "evaluations"),
    "consultations": lazy_pgettext("unit", "consultations"),
    "points": lazy_pgettext("unit", "points"),
    "yen": lazy_pgettext("unit", "yen"),
}
CELL_HEADS = (_l("What is counted"), _l("Figure"), _l("Unit"), _l("Year before"), _l("Difference"))


@dataclass(frozen=True)
class Figure:
    """``value`` and ``before`` in ``unit``; None where nothing can be told."""

    what: str
    value: float | None
    unit: str
    before: float | None
    note: str = ""

    @property
    def difference(self) -> float | None:
        if self.value is None or self.before is None:
            return None
        return round(self.value - self.before, 2)

    @property
    def shown(self) -> str:
        return self._measured(self.value)

    @property
    def shown_before(self) -> str:
        return self._measured(self.before)

    @property
    def shown_difference(self) -> str:
        gap = self.difference
        if gap is None:
            return "–"
        return f"{'+' if gap > 0 else '−' if gap else '±'}{number(abs(gap))}"

    @property
    def cells(self) -> tuple[Any, ...]:
        """In the order of ``CELL_HEADS``."""
        return (self.what, self.value, self.unit, self.before, self.difference)

    def _measured(self, value: float | None) -> str:
        if value is None:
            return "–"
        return f"{number(value)}{'' if language() == 'ja' else ' '}{self.unit}"


def unit(code: str) -> str:
    """The word after a figure: hours, people, ..."""
    return str(UNITS[code])


def hours_of(minutes: int) -> float:
    """Minutes as hours with two decimals, as figures are told."""
    return round(minutes / 60, 2)


def table_columns() -> list[tuple[str, int, bool]]:
    """The columns of ``table_rows`` on paper: head, share of the width, numeric."""
    return [(_("What is counted"), 7, False), (_("Figure"), 3, True),
            (_("Year before"), 3, True), (_("Difference"), 2, True)]  # fmt: skip


def table_rows(figures: Iterable[Figure]) -> list[list[str]]:
    """Figures in words, in the order of ``table_columns``."""
    return [[each.what, each.shown, each.shown_before, each.shown_difference] for each in figures]


def runs(year: int, on: date) -> bool:
    """Whether a fiscal year is not over on a day."""
    return fiscal_year_of(on) == year


def about_running() -> str:
    """What to keep in mind while a year is not over."""
    return _("The year is not over; the year before is told whole.")
