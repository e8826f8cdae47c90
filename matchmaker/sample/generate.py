"""The city as a whole: bodies, people, needs, past, in this order, each from its own stream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matchmaker.sample.bodies import Company, Group, GroupMaker, make_companies
from matchmaker.sample.city import City, Extra, Past, Row
from matchmaker.sample.needs import Need, make_needs
from matchmaker.sample.past import make_consents, make_past
from matchmaker.sample.people import Person, make_people
from matchmaker.sample.wishes import make_conflicts, make_history, make_wishes
from matchmaker.taxonomy import districts, skills

DEFAULT_SEED = 14
_AS_OF = date(2026, 11, 1)
_NEWCOMERS_PER_EMPLOYER = 4  # one employer that never took part for every four that did


@dataclass(frozen=True)
class Later:
    """What comes to a city after its day: needs that groups will write, people who will join."""

    needs: tuple[Need, ...] = ()
    people: tuple[Person, ...] = ()


def generate(
    *,
    seed: int = DEFAULT_SEED,
    groups: int = 100,
    needs: int = 30,
    professionals: int = 80,
    employers: int = 36,
    as_of: date = _AS_OF,
    past: bool = True,
) -> City:
    """A made-up city as it stands on ``as_of``; the same arguments always give the same city.

    ``employers`` is the number of distinct employers whose people took part in finished projects
    of the three fiscal years before ``as_of``; about a quarter as many more employ present
    professionals but have never taken part. With ``past=False`` nobody has taken part yet.
    Raises ``ValueError`` for sizes below zero, needs without a group, or more employers than
    can be named.
    """
    return generate_with_later(
        seed=seed, groups=groups, needs=needs, professionals=professionals, employers=employers,
        as_of=as_of, past=past,
    )[0]  # fmt: skip


def generate_with_later(
    *,
    seed: int = DEFAULT_SEED,
    groups: int = 100,
    needs: int = 30,
    professionals: int = 80,
    employers: int = 36,
    as_of: date = _AS_OF,
    past: bool = True,
    later_needs: int = 0,
    later_people: int = 0,
) -> tuple[City, Later]:
    """As ``generate``, and so many needs and people that come after ``as_of``."""
    sizes = {"needs": needs, "professionals": professionals, "employers": employers}
    for name, size in {"groups": groups, **sizes}.items():
        if size < 0:
            raise ValueError(f"{name}: {size} is below zero")
    if not groups and (needs or (past and employers)):
        raise ValueError("groups: needs and past projects belong to groups, so at least 1")
    newcomers = -(-employers // _NEWCOMERS_PER_EMPLOYER)
    companies = make_companies(seed, employers, newcomers)
    everybody = make_people(seed, professionals + later_people, companies, as_of)
    people = everybody[:professionals]
    maker = GroupMaker(seed, groups)
    every_need = make_needs(seed, needs + later_needs, maker, as_of)
    open_needs = every_need[:needs]
    bodies = list({need.group.id: need.group for need in every_need}.values())
    left = make_past(seed, companies, people, bodies, maker, as_of) if past else Past()
    bodies += [maker.make() for _ in range(maker.left)]
    city = City(
        seed=seed,
        as_of=as_of,
        tables=_tables(seed, companies, people, bodies, open_needs, left),
        extra=_extra(companies, people, bodies, open_needs),
        past=left,
        consents=tuple(make_consents(seed, left, people, as_of)),
    )
    return city, Later(tuple(every_need[needs:]), tuple(everybody[professionals:]))


def _tables(
    seed: int,
    companies: Sequence[Company],
    people: Sequence[Person],
    groups: Sequence[Group],
    needs: Sequence[Need],
    past: Past,
) -> dict[str, list[Row]]:
    return {
        "skills": [
            _labels(skill.code, skill.label_ja, skill.label_en) | {"parent": skill.parent or ""}
            for skill in skills()
        ],
        "districts": [
            _labels(place.code, place.label_ja, place.label_en)
            | {"lat": f"{place.lat:.3f}", "lon": f"{place.lon:.3f}"}
            for place in districts()
        ],
        "companies": [company.row() for company in companies],
        "professionals": [person.row() for person in people],
        "professional_skills": list(_skill_rows(people)),
        "groups": [group.row() for group in groups],
        "needs": [need.row() for need in needs],
        "roles": [row for need in needs for row in need.role_rows()],
        "role_skills": [row for need in needs for row in need.skill_rows()],
        "wishes": list(make_wishes(seed, people, needs)),
        "conflicts": list(make_conflicts(seed, people, groups)),
        "history": list(make_history(past, people)),
    }


def _labels(code: str, label_ja: str, label_en: str) -> Row:
    return {"code": code, "label_ja": label_ja, "label_en": label_en}


def _skill_rows(people: Sequence[Person]) -> Iterable[Row]:
    for person in people:
        for code in sorted(person.skills):
            level = str(person.skills[code])
            yield {"professional_id": person.id, "skill": code, "level": level}


def _extra(
    companies: Sequence[Company],
    people: Sequence[Person],
    groups: Sequence[Group],
    needs: Sequence[Need],
) -> Extra:
    return Extra(
        needs={need.id: need.texts() for need in needs},
        roles={
            role_id: {name: role[name] for name in ("title_ja", "title_en")}
            for need in needs
            for role_id, role in need.roles.items()
        },
        groups={group.id: group.texts() for group in groups},
        companies={company.id: {"kana": company.kana} for company in companies},
        professionals={person.id: person.texts() for person in people},
    )
