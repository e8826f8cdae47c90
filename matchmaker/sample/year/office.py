"""The office's own year: consultations, the plan's indicators, the review for the committee."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import Session

from matchmaker.sample.year.world import World, spread, words
from matchmaker.services import consultations, indicators, paper, plan_indicators, yearbook
from matchmaker.services.fiscal import last_day

_A_YEAR = 30  # consultations
_POST = timedelta(days=7)


def keep(world: World, first: date, last: date) -> None:
    """Note the year's work between two days."""
    rng = world.chance("office")
    many = _A_YEAR * ((last - first).days + 1) // 365
    for day in spread(first, last, many, rng):
        topic, medium, text = rng.choice(words("consultations"))
        done = rng.random() < 0.8
        world.at(day, partial(_consult, world, topic, medium, text, done))
    day = first + _POST
    while day < last:
        world.at(day, partial(_post, world))
        day += _POST
    for year in range(first.year, last.year + 1):
        world.at(date(year, 5, 20), partial(_close, world, year - 1))


def _consult(world: World, topic: str, medium: str, text: str, done: bool) -> None:
    data = {"held_on": world.day, "medium": medium, "topic": topic, "text": text, "done": done}
    world.do(
        lambda session, now: consultations.write(
            session, actor=world.coordinator, now=now, today=world.day, data=data
        )
    )


def _post(world: World) -> None:
    """Once a week the letters to those without e-mail are printed and posted."""

    def posted(session: Session, now: datetime) -> None:
        letters = paper.waiting(session, actor=world.coordinator)
        if letters:
            shown = paper.mark(letters)
            paper.posted(session, actor=world.coordinator, now=now, shown=shown)

    world.do(posted)


def _close(world: World, year: int) -> None:
    """In May the last fiscal year is closed: figures from elsewhere, frozen counts, the review."""
    if last_day(year) < world.first:
        return
    for code, value in words("figures"):
        _enter(world, year, code, value)
    world.do(
        lambda session, now: indicators.freeze(
            session, actor=world.officer, code=indicators.EMPLOYERS, year=year, today=world.day,
            now=now,
        )
    )  # fmt: skip
    world.do(
        lambda session, now: yearbook.write_review(
            session, actor=world.officer, now=now, fiscal_year=year,
            data={**words("review"), "version": 0},
        )
    )  # fmt: skip


def _enter(world: World, year: int, code: str, value: float) -> None:
    data = {"year": year, "value": value, "source": words("source"), "measured_on": world.day}
    world.do(
        lambda session, now: plan_indicators.enter(
            session, actor=world.officer, now=now, today=world.day, code=code, data=data
        )
    )
