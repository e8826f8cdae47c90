"""Three past fiscal years of finished projects, with exactly the employers that were asked for.

Each employer appears for the first time in one of the years; a quarter of them appear again in a
later one. Within a year an employer has one person on one project, so that gross counts agree
however they are defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from matchmaker.sample.bodies import Company, Group, GroupMaker
from matchmaker.sample.city import (
    EmployerConsent,
    Hours,
    Past,
    PastMember,
    PastPerson,
    PastProject,
    PastRole,
)
from matchmaker.sample.needs import Story, past_stories, story_texts
from matchmaker.sample.people import Names, Person
from matchmaker.sample.pools import numbered, pool, shares, stream
from matchmaker.sample.told import voice
from matchmaker.taxonomy import districts

_YEARS = 3
_MEMBERS_A_PROJECT = 3.2
_BACK_WITH_SKILL, _BACK_WITHOUT = 0.8, 0.3  # how likely a colleague of now took part then
_COMPANY_TIME = 0.35
_TEXTS = ("title", "summary", "outcome")


def fiscal_year(day: date) -> int:
    """The fiscal year (April to March) that ``day`` falls in, by the year it begins in."""
    return day.year if day.month >= 4 else day.year - 1


@dataclass(frozen=True)
class _Seat:
    """Someone to be placed on a project of a year: with this employer, or with none."""

    year: int
    company: Company | None


def make_past(
    seed: int,
    companies: Sequence[Company],
    people: Sequence[Person],
    groups: list[Group],
    maker: GroupMaker,
    as_of: date,
) -> Past:
    """The finished projects of the three fiscal years before the one of ``as_of``.

    ``groups`` grows by those that only past projects needed.
    """
    rng = stream(seed, "past")
    took_part = [company for company in companies if company.took_part]
    seats = _seats(rng, took_part, fiscal_year(as_of) - 1)
    cast = _Cast(rng, people, len(people) + 1, len(seats))
    stories = cycle(past_stories())
    projects: list[PastProject] = []
    for year in sorted({seat.year for seat in seats}):
        of_year = [seat for seat in seats if seat.year == year]
        for team in _teams(of_year):
            story = next(stories)
            group = _group(rng, story["group"], groups, maker)
            projects.append(_project(rng, f"j{len(projects) + 1:03}", story, group, team, cast))
    _note_support(projects, groups)
    return Past(tuple(cast.past_only), tuple(projects))


def _seats(rng: Random, companies: list[Company], last_year: int) -> list[_Seat]:
    """First appearances spread over the years, then repeats, and a few people without employer."""
    years = range(last_year - _YEARS + 1, last_year + 1)
    order = list(companies)
    rng.shuffle(order)
    seats: list[_Seat] = []
    seen: list[Company] = []
    repeats = shares((0, 1, 2), len(order) // 4)
    for year, new, again in zip(years, shares((1,) * _YEARS, len(order)), repeats, strict=True):
        known = rng.sample(seen, min(again, len(seen)))
        fresh = order[len(seen) : len(seen) + new]
        seen += fresh
        seats += [_Seat(year, company) for company in (*fresh, *known)]
        seats += [_Seat(year, None)] * (new // 6)
    return seats


def _teams(seats: list[_Seat]) -> list[list[_Seat]]:
    """The year's people dealt out into teams of about three."""
    count = max(1, round(len(seats) / _MEMBERS_A_PROJECT))
    return [seats[first::count] for first in range(count)]


def _group(rng: Random, key: str, groups: list[Group], maker: GroupMaker) -> Group:
    """A group of the story's kind: known, or new as long as there are groups to make."""
    known = [group for group in groups if group.pattern["key"] == key]
    if maker.left and (not known or rng.random() < 0.6):
        groups.append(maker.make(key))
        return groups[-1]
    return rng.choice(known or groups)


def _note_support(projects: list[PastProject], groups: list[Group]) -> None:
    ended: dict[str, str] = {}
    for project in projects:
        day = project.ended_on.isoformat()
        ended[project.group_id] = max(day, ended.get(project.group_id, day))
    for group in groups:
        group.last_supported_on = ended.get(group.id, "")


class _Cast:
    """Finds who took part: someone of the present market, or someone from the past only."""

    def __init__(self, rng: Random, people: Sequence[Person], first: int, most: int) -> None:
        self._rng = rng
        self._free = list(people)
        self._names = Names(rng)
        self._ids = iter(numbered("p", most, first))
        self._moved = 2  # people who have changed their employer since
        self.past_only: list[PastPerson] = []

    def person(self, company: Company | None, skill: str, level: int) -> str:
        """The id of a person whose employer was ``company`` then."""
        known = self._present(company, skill)
        if known is not None:
            self._free.remove(known)
            return known.id
        return self._new(skill, level)

    def _present(self, company: Company | None, skill: str) -> Person | None:
        if company and self._moved:
            moved = [p for p in self._free if p.company and not p.company.took_part]
            if moved:
                self._moved -= 1
                return self._rng.choice(moved)
        same = [person for person in self._free if person.company == company]
        able = [person for person in same if skill in person.skills]
        chance = _BACK_WITH_SKILL if able else _BACK_WITHOUT
        return self._rng.choice(able or same) if same and self._rng.random() < chance else None

    def _new(self, skill: str, level: int) -> str:
        name, kana = self._names.japanese()
        person_id = next(self._ids)
        self.past_only.append(
            PastPerson(
                id=person_id,
                name=name,
                kana=kana,
                email=f"{person_id}@people.example.jp",
                district=self._rng.choice(districts()).code,
                relation=self._rng.choice(("resident", "resident", "worker")),
                skills={skill: min(4, level + self._rng.choice((0, 1)))},
            )
        )
        return person_id


def _project(
    rng: Random, project_id: str, story: Story, group: Group, team: list[_Seat], cast: _Cast
) -> PastProject:
    agreed = date(team[0].year, 4, 10) + timedelta(days=rng.randint(0, 150))
    started = agreed + timedelta(days=rng.randint(7, 21))
    ended = started + timedelta(days=7 * story["weeks"] - 1)
    spare = len(team) - len(story["roles"])
    roles = tuple(
        _role(role, role["seats"] + len(range(i, spare, len(story["roles"]))))
        for i, role in enumerate(story["roles"])
        if i < len(team)
    )
    members = tuple(
        _member(rng, seat, index % len(roles), roles, (started, ended), cast, story["menu"])
        for index, seat in enumerate(team)
    )
    goal = rng.choice((3, 4, 4, 4, 5, 5))
    return PastProject(
        id=project_id,
        group_id=group.id,
        menu=story["menu"],
        form=story["form"],
        mode=story["mode"],
        fields=tuple(group.pattern["fields"].split(";")),
        texts=story_texts(story, _TEXTS),
        fiscal_year=team[0].year,
        opened_on=agreed - timedelta(days=rng.randint(40, 80)),
        agreed_on=agreed,
        started_on=started,
        ended_on=ended,
        hours_per_week=max(role.hours_per_week for role in roles),
        roles=roles,
        members=members,
        goal=goal,
        used=goal > 3 or rng.random() < 0.5,
        again=goal > 3,
        comment=voice(story["menu"], "group", rng),
        followed_up=rng.random() < 0.6,
    )


def _role(role: Story, seats: int) -> PastRole:
    asked = role["skills"][0]
    return PastRole(
        title_ja=role["title_ja"],
        title_en=role["title_en"],
        seats=seats,
        hours_per_week=role["hours_per_week"],
        skill=asked["skill"],
        min_level=asked["min_level"],
    )


def _member(
    rng: Random,
    seat: _Seat,
    position: int,
    roles: tuple[PastRole, ...],
    window: tuple[date, date],
    cast: _Cast,
    menu: str,
) -> PastMember:
    role = roles[position]
    goal = rng.choice((3, 4, 4, 5, 5))
    pays = seat.company is not None and rng.random() < _COMPANY_TIME
    return PastMember(
        person_id=cast.person(seat.company, role.skill, role.min_level),
        role=position,
        company_id=seat.company.id if seat.company else None,
        joined_on=window[0],
        hours=tuple(_hours(rng, window, role.hours_per_week, company_time=pays)),
        goal=goal,
        again=goal > 3 or rng.random() < 0.5,
        comment=voice(menu, "member", rng),
    )


def _hours(
    rng: Random, window: tuple[date, date], weekly: int, *, company_time: bool
) -> Iterator[Hours]:
    """An entry in most weeks, of about the hours that were promised."""
    week = window[0]
    while week <= window[1]:
        if rng.random() < 0.8:
            day = min(week + timedelta(days=rng.randint(0, 6)), window[1])
            paid = company_time and day.weekday() < 5
            minutes = max(30, 60 * weekly + 30 * rng.randint(-2, 2))
            note = rng.choice(pool("past")["notes"])
            yield Hours(day, minutes, "company" if paid else "own", note)
        week += timedelta(days=7)


def make_consents(
    seed: int, past: Past, people: Sequence[Person], as_of: date
) -> Iterator[EmployerConsent]:
    """Who lets an employer see their participation: everyone who took part, and some newcomers.

    Of the present people who never took part with their employer, about half have agreed, a few
    have withdrawn, the others have not answered.
    """
    rng = stream(seed, "consents")
    given: dict[tuple[str, str], date] = {}
    for project in past.projects:
        for member in project.members:
            if member.company_id:
                given.setdefault((member.person_id, member.company_id), project.agreed_on)
    for (person_id, company_id), day in sorted(given.items()):
        yield EmployerConsent(person_id, company_id, day)
    for person in people:
        chance = rng.random()
        if not person.company or (person.id, person.company.id) in given or chance > 0.6:
            continue
        day = as_of - timedelta(days=rng.randint(20, 200))
        withdrawn = day + timedelta(days=14) if chance > 0.55 else None
        yield EmployerConsent(person.id, person.company.id, day, withdrawn)
