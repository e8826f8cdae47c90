"""Is a need ready: four tests answered by the group, and whether the work fits its form.

Nothing here blocks: a test not passed is shown to the group and to the coordinator, with numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from matchmaker.models import Need, Role
from matchmaker.taxonomy import FORMS, form_for

# Test → its questions; yes is ready.
TESTS: dict[str, tuple[str, ...]] = {
    "scope": ("scope_one_result", "scope_small_start"),
    "knowledge": ("knowledge_material", "knowledge_keeper"),
    "people": ("people_answer", "people_agreed"),
    "urgency": ("urgency_wanted", "urgency_time"),
}
QUESTIONS = tuple(question for questions in TESTS.values() for question in questions)
WEEKS_WITHOUT_DATES = {"session": 1, "day": 1, "single": 10, "team": 16}


@dataclass(frozen=True)
class FormCheck:
    """What the brief adds up to (hours for one person and for all), against its form."""

    form: str
    hours_each: float
    hours_total: float
    weeks: int
    people: int
    problems: tuple[str, ...]  # too_many_hours, too_few_hours, too_many_weeks, …_people
    suggested: str | None  # a form that holds it; None: cut or split the work
    min_hours: float
    max_hours: float
    max_weeks: int
    min_people: int
    max_people: int

    @property
    def fits(self) -> bool:
        """Whether the form holds the work."""
        return not self.problems


def weeks_of(need: Need) -> int:
    """Weeks the work takes: as the group said, else from its dates, else usual for the form."""
    if need.weeks:
        return need.weeks
    if need.starts_on and need.ends_on:
        return max(1, ceil(((need.ends_on - need.starts_on).days + 1) / 7))
    return WEEKS_WITHOUT_DATES[need.form]


def check_form(need: Need, roles: Sequence[Role]) -> FormCheck:
    """Compare seats × hours a week × weeks with what the need's form holds.

    ``hours_each`` is the busiest seat; ``hours_total`` counts every seat of essential roles
    (of all roles when none is essential). People needed are counted in the same way.
    """
    weeks = weeks_of(need)
    asked = [role for role in roles if role.essential] or list(roles)
    weekly = [(role.seats, _weekly(need, role)) for role in asked] or [(1, need.hours_per_week)]
    each = max(hours for _seats, hours in weekly) * weeks
    total = sum(seats * hours for seats, hours in weekly) * weeks
    people = sum(seats for seats, _hours in weekly)
    form = next(form for form in FORMS if form.code == need.form)
    problems = _problems(
        (each < form.min_hours, "too_few_hours"),
        (each > form.max_hours, "too_many_hours"),
        (weeks > form.max_weeks, "too_many_weeks"),
        (people < form.min_people, "too_few_people"),
        (people > form.max_people, "too_many_people"),
    )
    return FormCheck(
        form=need.form,
        hours_each=each,
        hours_total=total,
        weeks=weeks,
        people=people,
        problems=problems,
        suggested=form_for(hours_each=each, weeks=weeks, people=people) if problems else None,
        min_hours=form.min_hours,
        max_hours=form.max_hours,
        max_weeks=form.max_weeks,
        min_people=form.min_people,
        max_people=form.max_people,
    )


def _problems(*found: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(code for wrong, code in found if wrong)


def _weekly(need: Need, role: Role) -> float:
    return need.hours_per_week if role.hours_per_week is None else role.hours_per_week


def unanswered(answers: Mapping[str, bool]) -> tuple[str, ...]:
    """Questions that nobody answered yet."""
    return tuple(question for question in QUESTIONS if question not in answers)


def not_ready(answers: Mapping[str, bool]) -> tuple[str, ...]:
    """Questions that were answered with no, in their order."""
    return tuple(question for question in QUESTIONS if answers.get(question) is False)


def date_warnings(need: Need, *, today: date) -> tuple[str, ...]:
    """What is odd about the dates: ``starts_in_past``, ``starts_soon`` (within three weeks: a
    round needs time), ``ends_before_work_is_done`` (fewer weeks between the dates than the work
    takes)."""
    found = []
    if need.starts_on and need.starts_on < today:
        found.append("starts_in_past")
    elif need.starts_on and (need.starts_on - today).days < 21:
        found.append("starts_soon")
    if need.starts_on and need.ends_on and need.weeks:
        between = ceil(((need.ends_on - need.starts_on).days + 1) / 7)
        if between < need.weeks:
            found.append("ends_before_work_is_done")
    return tuple(found)
