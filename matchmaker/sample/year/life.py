"""A city lives from one day to another: what comes, the rounds, the projects, the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from matchmaker.db import SessionFactory
from matchmaker.sample.generate import Later
from matchmaker.sample.year import group_needs, office, people, projects, rounds
from matchmaker.sample.year.world import World, spread
from matchmaker.services import deadlines, follow_up_letters, hour_reminders, project_reminders
from matchmaker.services.actors import Actor

_DAY = timedelta(days=1)
_FIRST_ROUND = timedelta(days=14)
_FRESH = 18  # needs that come after the last round, so that the next one is worth it
_CHECKS = timedelta(days=12)  # before the last day: time to check what comes
_QUARTER = timedelta(days=91)
_SINCE_LAST = timedelta(days=35)  # its projects run by the last day, and new needs have come
Told = Callable[[date], None]


@dataclass(frozen=True)
class Lived:
    """What the years were: days that passed, and refusals that people met, by code."""

    days: int
    refused: Counter[str]


def live(
    factory: SessionFactory,
    later: Later,
    *,
    seed: int,
    first: date,
    last: date,
    coordinator: Actor,
    officer: Actor,
    told: Told = lambda day: None,
) -> Lived:
    """Let the city in the tables live from ``first`` to ``last``, both included.

    ``later``: who and what comes in on the way. ``told`` hears of every first day of a month.
    """
    world = World(factory, first, seed, coordinator, officer)
    people.give_accounts(world)
    _expect(world, later, first, last)
    office.keep(world, first, last)
    known: set[str] = set()
    day = first
    while day <= last:
        if day.day == 1:
            told(day)
            world.at(day, partial(people.stay_longer, world))
            world.at(day, partial(group_needs.stop_waiting, world))
        world.on(day)
        deadlines.remind(factory, now=world.now(), today=day)
        deadlines.expire_offers(factory, now=world.now(), today=day)
        hour_reminders.remind(factory, now=world.now(), today=day)
        project_reminders.remind(factory, now=world.now(), today=day)
        follow_up_letters.remind(factory, now=world.now(), today=day)
        deadlines.rest_outdated(factory, now=world.now(), today=day)
        group_needs.after_the_dates(world)
        projects.follow_new(world, known)
        day += _DAY
    return Lived((last - first).days + 1, world.refused)


def _expect(world: World, later: Later, first: date, last: date) -> None:
    rng = world.chance("arrivals")
    fresh = min(_FRESH, len(later.needs))
    eve = last - _SINCE_LAST
    days = spread(first, eve, len(later.needs) - fresh, rng)
    days += spread(eve, last - _CHECKS, fresh, rng)
    for day, story in zip(days, later.needs, strict=True):
        world.at(day, partial(group_needs.write_need, world, story))
    for day, person in zip(
        spread(first, last - _CHECKS, len(later.people), rng),
        later.people,
        strict=True,
    ):
        world.at(day, partial(people.sign_up, world, person))
    day = last - _SINCE_LAST
    while day >= first + _FIRST_ROUND:
        world.at(day, partial(rounds.hold, world))
        day -= _QUARTER
