"""The rows of the taxonomy. Labels are data in both languages; ``kana`` is the reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Skill:
    """A skill, or (without ``parent``) a family of skills. Siblings are neighbouring skills."""

    code: str
    label_ja: str
    label_en: str
    kana: str
    parent: str | None
    keywords: tuple[str, ...]  # words in ja and en that people use for it


@dataclass(frozen=True)
class ActivityField:
    """A field of activity, with the words of the Act in ``full_ja``."""

    code: str
    label_ja: str
    label_en: str
    kana: str
    full_ja: str
    full_en: str


@dataclass(frozen=True)
class District:
    """A district of the city; ``lat`` and ``lon`` in degrees, good to a few hundred metres."""

    code: str
    label_ja: str
    label_en: str
    kana: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Phase:
    """A stage of a project and how many weeks it takes."""

    title_ja: str
    title_en: str
    weeks: int


@dataclass(frozen=True)
class RoleSkill:
    """A skill that a role asks for: ``min_level`` 1..4, ``weight`` 1..5."""

    skill: str
    min_level: int
    essential: bool
    weight: int


@dataclass(frozen=True)
class MenuRole:
    """A role that a menu suggests. ``hours_per_week`` is asked of each seat."""

    title_ja: str
    title_en: str
    seats: int
    essential: bool
    hours_per_week: int
    skills: tuple[RoleSkill, ...]


@dataclass(frozen=True)
class Question:
    """A question that the group answers before posting."""

    ja: str
    en: str


@dataclass(frozen=True)
class Hint:
    """Advice for one readiness test: ``scope``, ``knowledge``, ``people`` or ``urgency``."""

    test: str
    ja: str
    en: str


@dataclass(frozen=True)
class Menu:
    """A ready-made project: what the group gets, who it takes, how long, what to ask first.

    ``weeks``, ``hours_per_week`` and ``roles`` describe the default form.
    """

    code: str
    label_ja: str
    label_en: str
    kana: str
    summary_ja: str
    summary_en: str
    forms: tuple[str, ...]
    default_form: str
    weeks: int
    hours_per_week: int
    deliverable_ja: str
    deliverable_en: str
    phases: tuple[Phase, ...]
    roles: tuple[MenuRole, ...]
    questions: tuple[Question, ...]
    readiness: tuple[Hint, ...]

    @property
    def seats(self) -> int:
        """Seats of all roles, optional ones included."""
        return sum(role.seats for role in self.roles)

    @property
    def total_hours(self) -> int:
        """Hours that all essential seats give over the whole project."""
        weekly = sum(role.seats * role.hours_per_week for role in self.roles if role.essential)
        return weekly * self.weeks
