"""The four forms of a need, how much work each holds, and which one fits a brief.

Session: one hour with one person. Day: one day, with some preparation in the weeks before. Single:
one or two people, about 30 hours each. Team: two to six people over one to six months.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """Bounds of a form, both ends included. Hours are for one person over the whole project."""

    code: str
    min_hours: float
    max_hours: float
    max_weeks: int
    min_people: int
    max_people: int


FORMS = (
    Form("session", min_hours=0.5, max_hours=2, max_weeks=1, min_people=1, max_people=1),
    Form("day", min_hours=2, max_hours=10, max_weeks=4, min_people=1, max_people=6),
    Form("single", min_hours=5, max_hours=40, max_weeks=16, min_people=1, max_people=2),
    Form("team", min_hours=12, max_hours=130, max_weeks=26, min_people=2, max_people=6),
)


def forms_that_fit(*, hours_each: float, weeks: int, people: int) -> tuple[str, ...]:
    """Codes of every form that holds the work: ``hours_each`` in all, for each of ``people``."""
    return tuple(
        form.code
        for form in FORMS
        if form.min_hours <= hours_each <= form.max_hours
        and weeks <= form.max_weeks
        and form.min_people <= people <= form.max_people
    )


def form_for(*, hours_each: float, weeks: int, people: int) -> str | None:
    """The smallest form that holds the work, or None when the brief should be cut or split."""
    fitting = forms_that_fit(hours_each=hours_each, weeks=weeks, people=people)
    return fitting[0] if fitting else None
