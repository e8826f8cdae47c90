"""A market: everything one round is about, as typed rows sorted by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from matchmaker.engine.files.archive import SUFFIX, read_archive, write_archive
from matchmaker.engine.files.columnar import Array, Rows, column_of, id_at, ids_at
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import read_folder, write_folder
from matchmaker.engine.files.tables import Tables


@dataclass(frozen=True)
class Skill:
    """A skill of the taxonomy; skills with the same parent are neighbours."""

    code: str
    label_ja: str
    label_en: str
    parent: str = ""


@dataclass(frozen=True)
class District:
    """A district and where its middle lies, in degrees."""

    code: str
    label_ja: str
    label_en: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Company:
    """An employer of professionals."""

    id: str
    name: str
    corporate_number: str = ""
    in_city: bool | None = None  # None: not known


@dataclass(frozen=True)
class Professional:
    """A person who offers skills. Blank or empty means: not stated, so no rule applies.

    ``capacity`` counts the projects the person can still take, ``hours_per_week`` what is still
    free: whoever builds a market has taken off what is already promised.
    """

    id: str
    name: str
    kana: str = ""
    email: str = ""
    company_id: str = ""
    district: str = ""
    modes: tuple[str, ...] = ()
    reach_km: float | None = None
    hours_per_week: float | None = None
    available_from: date | None = None
    available_until: date | None = None
    slots: tuple[str, ...] = ()
    capacity: int = 1
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    relation: str = "none"
    waiting_since: date | None = None
    any_project: bool = False


@dataclass(frozen=True)
class ProfessionalSkill:
    """One skill of one professional: 1 learning, 2 working, 3 expert, 4 leads others."""

    professional_id: str
    skill: str
    level: int


@dataclass(frozen=True)
class Group:
    """A civic group."""

    id: str
    name: str
    kind: str = "other"
    district: str = ""
    fields: tuple[str, ...] = ()
    waiting_since: date | None = None
    last_supported_on: date | None = None


@dataclass(frozen=True)
class Need:
    """What a group asks for. A blank district or empty fields are taken from the group."""

    id: str
    group_id: str
    title: str
    form: str = "single"
    menu: str = ""
    mode: str = "hybrid"
    district: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    hours_per_week: float | None = None
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urgency: str = "ordinary"


@dataclass(frozen=True)
class Role:
    """A role in a need; blank hours are taken from the need."""

    id: str
    need_id: str
    title: str
    seats: int = 1
    essential: bool = True
    hours_per_week: float | None = None


@dataclass(frozen=True)
class RoleSkill:
    """A skill that a role asks for."""

    role_id: str
    skill: str
    min_level: int = 1
    essential: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Wish:
    """A professional's wish for a need: rank 1 to 5, or 0 for "not this one"."""

    professional_id: str
    need_id: str
    rank: int


@dataclass(frozen=True)
class Conflict:
    """These two do not meet, whoever of them said so."""

    professional_id: str
    group_id: str
    reason: str = ""


@dataclass(frozen=True)
class Past:
    """A finished project of a professional with a group."""

    professional_id: str
    group_id: str
    ended_on: date
    rating: int | None = None


Record = TypeVar("Record")


@dataclass(frozen=True)
class Market:
    """One round's professionals, groups, needs, and all that relates them.

    Every kind of row is kept sorted by its key, whatever order it came in; ``Rows`` hold the same
    as columns, for markets too large for an object a row.
    ``unverified`` (professional ids) and ``declined`` ((professional id, need id) pairs) come from
    whoever keeps the records; the folder does not hold them.
    """

    skills: Sequence[Skill] = ()
    districts: Sequence[District] = ()
    companies: Sequence[Company] = ()
    professionals: Sequence[Professional] = ()
    professional_skills: Sequence[ProfessionalSkill] = ()
    groups: Sequence[Group] = ()
    needs: Sequence[Need] = ()
    roles: Sequence[Role] = ()
    role_skills: Sequence[RoleSkill] = ()
    wishes: Sequence[Wish] = ()
    conflicts: Sequence[Conflict] = ()
    history: Sequence[Past] = ()
    unverified: frozenset[str] = field(default_factory=frozenset)
    declined: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for name in ROW_TYPES:
            object.__setattr__(self, name, _sorted(name, getattr(self, name)))

    @classmethod
    def read(cls, path: str | Path) -> Market:
        """The market in the folder, or the file of columns (``.npz``), at ``path``.

        Raises ``FolderError`` with every bad cell, ``OSError`` when nothing is there.
        """
        if Path(path).suffix.lower() != SUFFIX or Path(path).is_dir():
            return cls.from_tables(read_folder(path))
        tables: dict[str, Any] = {
            name: Rows(FILES[name], ROW_TYPES[name], size, columns)
            for name, (size, columns) in read_archive(path).items()
        }
        return cls(**tables)

    @classmethod
    def from_tables(
        cls,
        tables: Tables,
        *,
        unverified: Iterable[str] = (),
        declined: Iterable[tuple[str, str]] = (),
    ) -> Market:
        """The market of checked ``tables``."""
        rows: dict[str, Any] = {
            name: tuple(kind(**row) for row in tables.rows.get(name, ()))
            for name, kind in ROW_TYPES.items()
        }
        extras: dict[str, Any] = {
            "unverified": frozenset(unverified),
            "declined": frozenset(declined),
        }
        return cls(**rows, **extras)

    def tables(self) -> Tables:
        """The same rows as tables of the market folder."""
        return Tables(
            {
                name: tuple(
                    {each.name: getattr(row, each.name) for each in fields(kind)}
                    for row in getattr(self, name)
                )
                for name, kind in ROW_TYPES.items()
            }
        )

    def write(self, path: str | Path, encoding: str = "utf-8-sig") -> None:
        """Write the market folder to ``path``; see ``write_folder``."""
        write_folder(self.values(), path, encoding)

    def values(self) -> dict[str, Iterator[list[Any]]]:
        """Table → the values of each row, in the order of its columns, made as they are read."""
        return {name: _values(kind, getattr(self, name)) for name, kind in ROW_TYPES.items()}

    def write_columns(self, path: str | Path) -> None:
        """Write the market as one file of columns, ``….npz``; see
        ``matchmaker.engine.files.archive``.

        Sets (slots, fields, modes) are written in the order of their lists, as in a folder.
        """
        write_archive({name: getattr(self, name) for name in ROW_TYPES}, path)

    def ids(self, name: str, places: Array) -> list[str]:
        """The ids of the rows at ``places`` of the table ``name``."""
        return ids_at(FILES[name], getattr(self, name), places)

    def id_at(self, name: str, place: int) -> str:
        """The id of one row of the table ``name``."""
        return id_at(FILES[name], getattr(self, name), place)

    @cached_property
    def last_day(self) -> date | None:
        """The latest day on which something had happened: where waiting is counted to."""
        latest = max(self._latest(*place) for place in _PAST_DAYS)
        return date.fromordinal(latest) if latest else None

    def _latest(self, name: str, column: str) -> int:
        days = column_of(FILES[name], getattr(self, name), column)
        return int(np.asarray(days).max(initial=0))


_PAST_DAYS = (
    ("professionals", "waiting_since"),
    ("groups", "waiting_since"),
    ("groups", "last_supported_on"),
    ("history", "ended_on"),
)

ROW_TYPES: dict[str, Any] = {
    "skills": Skill,
    "districts": District,
    "companies": Company,
    "professionals": Professional,
    "professional_skills": ProfessionalSkill,
    "groups": Group,
    "needs": Need,
    "roles": Role,
    "role_skills": RoleSkill,
    "wishes": Wish,
    "conflicts": Conflict,
    "history": Past,
}


def _sorted(name: str, rows: Iterable[Record]) -> Sequence[Record]:
    if isinstance(rows, Rows):
        return rows
    key = FILES[name].key
    return tuple(sorted(rows, key=attrgetter(*key)))


def _values(kind: Any, rows: Iterable[Any]) -> Iterator[list[Any]]:
    names = [each.name for each in fields(kind)]
    return ([getattr(row, name) for name in names] for row in rows)
