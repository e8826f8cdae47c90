"""Ranked wishes, declared conflicts, and who worked with whom before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from matchmaker.sample.bodies import Group
from matchmaker.sample.city import Past, Row
from matchmaker.sample.needs import Need
from matchmaker.sample.people import Person
from matchmaker.sample.pools import stream

_WISHING, _NOT_THIS_ONE, _CONFLICTED = 0.7, 0.06, 0.03
_REASONS = (
    "家族がこの団体の役員をしています",
    "以前、仕事の取引がありました",
    "この団体の会計監事をしています",
)


def make_wishes(seed: int, people: Sequence[Person], needs: Sequence[Need]) -> Iterator[Row]:
    """Rows of ``wishes.csv``: one to three needs whose skills a person has, seldom "not this"."""
    rng = stream(seed, "wishes")
    seekers = _needs_by_skill(needs)
    for person in people:
        suited = sorted({need for code in person.skills for need in seekers.get(code, ())})
        wished: list[str] = []
        if suited and rng.random() < _WISHING:
            wished = rng.sample(suited, min(len(suited), rng.choice((1, 2, 2, 3))))
        for rank, need_id in enumerate(wished, start=1):
            yield _wish(person, need_id, rank)
        if needs and rng.random() < _NOT_THIS_ONE:
            unwanted = rng.choice(needs).id
            if unwanted not in wished:
                yield _wish(person, unwanted, 0)


def _needs_by_skill(needs: Sequence[Need]) -> dict[str, list[str]]:
    seekers: dict[str, list[str]] = {}
    for need in needs:
        for row in need.skill_rows():
            if row["essential"] == "yes":
                seekers.setdefault(row["skill"], []).append(need.id)
    return seekers


def _wish(person: Person, need_id: str, rank: int) -> Row:
    return {"professional_id": person.id, "need_id": need_id, "rank": str(rank)}


def make_conflicts(seed: int, people: Sequence[Person], groups: Sequence[Group]) -> Iterator[Row]:
    """Rows of ``conflicts.csv``: about three people in a hundred have declared one."""
    rng: Random = stream(seed, "conflicts")
    for person in people:
        if groups and rng.random() < _CONFLICTED:
            group = rng.choice(groups)
            reason = rng.choice(_REASONS)
            yield {"professional_id": person.id, "group_id": group.id, "reason": reason}


def make_history(past: Past, people: Sequence[Person]) -> Iterator[Row]:
    """Rows of ``history.csv``: the finished projects of people who are in the market now."""
    present = {person.id for person in people}
    for project in past.projects:
        for member in project.members:
            if member.person_id in present:
                yield {
                    "professional_id": member.person_id,
                    "group_id": project.group_id,
                    "ended_on": project.ended_on.isoformat(),
                    "rating": str(member.goal),
                }
