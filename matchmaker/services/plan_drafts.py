"""What a plan looks like before anybody changes it: the phases of the menu laid out in weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session

from matchmaker.models import Menu, Need, NeedForm, PlanStep, StepKind
from matchmaker.services.days_off import DAY, WEEK, working_day

AT_ONCE = (NeedForm.SESSION, NeedForm.DAY)
WITHOUT_DATES = 8  # weeks of a need that says nothing and has no menu
CHECK_FROM = 6  # weeks that make a check half-way worth everybody's time


def steps(
    session: Session, project_id: str, need: Need, begins_on: date, language: str, now: datetime
) -> Iterator[PlanStep]:
    """Phases one after another, a check half-way and the delivery, each due on a working day; an
    hour or a day of help is its own delivery."""

    def step(kind: StepKind, due_on: date, begins: date | None = None, title: str = "") -> PlanStep:
        due_on = max(working_day(due_on), begins or due_on - WEEK)
        return PlanStep(
            project_id=project_id, kind=kind, title=title, begins_on=begins, due_on=due_on,
            created_at=now,
        )  # fmt: skip

    if need.form in AT_ONCE:
        yield step(StepKind.DELIVERY, begins_on)
        return
    menu = session.get(Menu, need.menu) if need.menu else None
    phases = menu.body.get("phases", []) if menu else []
    long = weeks_of(need, menu)
    whole = sum(phase["weeks"] for phase in phases)
    passed, end = 0, begins_on + long * WEEK - DAY
    for phase in phases:
        first = min(begins_on + _share(passed, whole, long), end)
        passed += phase["weeks"]
        last = max(begins_on + _share(passed, whole, long) - DAY, first)
        yield step(StepKind.PHASE, last, first, phase[f"title_{language}"])
    if long >= CHECK_FROM:
        yield step(StepKind.MID_TERM, begins_on + long // 2 * WEEK)
    yield step(StepKind.DELIVERY, end)


def weeks_of(need: Need, menu: Menu | None) -> int:
    """How long the work takes: as the need says, else from its dates, else as its menu says."""
    if need.weeks:
        return need.weeks
    if need.starts_on and need.ends_on:
        return max(((need.ends_on - need.starts_on).days + 1) // 7, 1)
    return int(menu.body.get("weeks") or WITHOUT_DATES) if menu else WITHOUT_DATES


def _share(passed: int, whole: int, long: int) -> timedelta:
    """Whole days until ``passed`` of ``whole`` weeks of the menu are over, in ``long`` weeks."""
    return timedelta(days=round(7 * long * passed / whole))
