"""What the generator hands over: a market, its longer texts, and what past years left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matchmaker.engine.files.folder import write_folder
from matchmaker.engine.files.tables import parse_tables

Row = dict[str, str]
Texts = dict[str, str]


@dataclass(frozen=True)
class PastPerson:
    """Someone who helped in past years and takes no part in the present market."""

    id: str
    name: str
    kana: str
    email: str
    district: str
    relation: str
    skills: Mapping[str, int]  # skill -> level


@dataclass(frozen=True)
class Hours:
    """Time given on a day; ``payer`` is ``own`` or ``company``."""

    worked_on: date
    minutes: int
    payer: str
    note: str


@dataclass(frozen=True)
class PastMember:
    """A person on a finished project, with the employer at the time (``None``: nobody's)."""

    person_id: str  # of a present professional or of a ``PastPerson``
    role: int  # position in the project's roles
    company_id: str | None
    joined_on: date
    hours: tuple[Hours, ...]
    goal: int  # how far the goal was reached, as this person says: 1 to 5
    again: bool
    comment: str


@dataclass(frozen=True)
class PastRole:
    """A role of a finished project and the skill it turned on."""

    title_ja: str
    title_en: str
    seats: int
    hours_per_week: int
    skill: str
    min_level: int


@dataclass(frozen=True)
class PastProject:
    """A project that was delivered and evaluated by both sides within one fiscal year."""

    id: str
    group_id: str
    menu: str
    form: str
    mode: str
    fields: tuple[str, ...]
    texts: Texts  # title, summary, deliverable, outcome, each _ja and _en
    fiscal_year: int  # April of this year to March of the next
    opened_on: date
    agreed_on: date
    started_on: date
    ended_on: date
    hours_per_week: int
    roles: tuple[PastRole, ...]
    members: tuple[PastMember, ...]
    goal: int  # as the group says: 1 to 5
    used: bool
    again: bool
    comment: str
    followed_up: bool


@dataclass(frozen=True)
class EmployerConsent:
    """A person lets an employer see their participation by name."""

    person_id: str
    company_id: str
    given_on: date
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Past:
    """Finished projects, oldest first, and the people who are no longer in the market."""

    people: tuple[PastPerson, ...] = ()
    projects: tuple[PastProject, ...] = ()

    def employers(self, *, until_fiscal_year: int | None = None) -> set[str]:
        """Distinct employers of members of projects agreed up to and including that year."""
        return {
            member.company_id
            for project in self.projects
            if until_fiscal_year is None or project.fiscal_year <= until_fiscal_year
            for member in project.members
            if member.company_id
        }

    def gross_employers(self) -> int:
        """Employers counted once for every project their people took part in (のべ)."""
        return sum(1 for p in self.projects for member in p.members if member.company_id)


@dataclass(frozen=True)
class Extra:
    """Texts the market folder has no column for, by id."""

    needs: Mapping[str, Texts]  # title, summary, deliverable, gain: _ja and _en
    roles: Mapping[str, Texts]  # title_ja, title_en
    groups: Mapping[str, Texts]  # kana, about_ja, about_en
    companies: Mapping[str, Texts]  # kana
    professionals: Mapping[str, Texts]  # about_ja, about_en (motive), work_ja, work_en


@dataclass(frozen=True)
class City:
    """A made-up city. ``tables`` are the market folder's rows as text, by file name."""

    seed: int
    as_of: date
    tables: Mapping[str, list[Row]]
    extra: Extra
    past: Past
    consents: tuple[EmployerConsent, ...]

    def write(self, folder: str | Path) -> None:
        """Write the market folder (UTF-8 with BOM), after the same checks as any import."""
        raw = {name: list(enumerate(rows, start=2)) for name, rows in self.tables.items()}
        write_folder(parse_tables(raw), folder)
