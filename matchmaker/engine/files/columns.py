"""The market folder as one table: every file, every column, its kind, default and range.

Reading, writing, the checks of bad input and the documentation all follow this table.
"""

from __future__ import annotations

from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in ("am", "pm", "eve"))
FIELDS = (*(f"npo-{number:02}" for number in range(1, 21)), "local")
MODES = ("remote", "onsite")
NEED_MODES = ("remote", "onsite", "hybrid")
RELATIONS = ("resident", "worker", "student", "none")
GROUP_KINDS = ("neighbourhood", "npo", "volunteer", "council", "other")
FORMS = ("session", "day", "single", "team")
URGENCIES = ("urgent", "important", "ordinary")

# Kinds of a cell: "code" (an identifier), "text", "whole", "decimal", "date", "flag", "choice",
# "choices" (several of a list), "languages", "email", "corporate_number".


@dataclass(frozen=True)
class Column:
    """One column. ``default`` is the value of a blank cell; ``refers`` names another file."""

    name: str
    kind: str = "text"
    required: bool = False
    default: object = None
    low: float = 0
    high: float = 100
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True)
class File:
    """One file: ``key`` columns are unique together; a needed file must exist in a folder."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    needed: bool = False
    in_order: tuple[str, str] | None = None

    def column(self, name: str) -> Column:
        """The column called ``name`` (KeyError when there is none)."""
        return {column.name: column for column in self.columns}[name]


def _code(name: str, *, refers: str = "", required: bool = False) -> Column:
    return Column(name, "code", required, "", 1, 64, refers=refers)


def _text(name: str, longest: int = 120, *, required: bool = False) -> Column:
    return Column(name, "text", required, "", 0, longest)


def _number(
    name: str, kind: str, low: float, high: float, *, required: bool = False, default: object = None
) -> Column:
    return Column(name, kind, required, default, low, high)


def _date(name: str) -> Column:
    return Column(name, "date")


def _flag(name: str, *, default: bool | None) -> Column:
    return Column(name, "flag", default=default)


def _choice(name: str, choices: tuple[str, ...], default: str) -> Column:
    return Column(name, "choice", default=default, choices=choices)


def _choices(name: str, choices: tuple[str, ...]) -> Column:
    return Column(name, "choices", default=(), choices=choices)


def _hours(name: str = "hours_per_week") -> Column:
    return _number(name, "decimal", 0, 168)


_LANGUAGES = Column("languages", "languages", default=())
_DISTRICT = _code("district", refers="districts")

_LABELS = (_text("label_ja", required=True), _text("label_en", required=True))
_PERSON = _code("professional_id", refers="professionals", required=True)
_GROUP = _code("group_id", refers="groups", required=True)
_NEED = _code("need_id", refers="needs", required=True)

FILES: dict[str, File] = {
    file.name: file
    for file in (
        File(
            "skills",
            (_code("code", required=True), *_LABELS, _code("parent", refers="skills")),
            key=("code",),
        ),
        File(
            "districts",
            (
                _code("code", required=True),
                *_LABELS,
                _number("lat", "decimal", -90, 90, required=True),
                _number("lon", "decimal", -180, 180, required=True),
            ),
            key=("code",),
        ),
        File(
            "companies",
            (
                _code("id", required=True),
                _text("name", required=True),
                Column("corporate_number", "corporate_number", default=""),
                _flag("in_city", default=None),
            ),
        ),
        File(
            "professionals",
            (
                _code("id", required=True),
                _text("name", required=True),
                _text("kana"),
                Column("email", "email", default="", high=254),
                _code("company_id", refers="companies"),
                _DISTRICT,
                _choices("modes", MODES),
                _number("reach_km", "decimal", 0, 20_000),
                _hours(),
                _date("available_from"),
                _date("available_until"),
                _choices("slots", SLOTS),
                _number("capacity", "whole", 0, 20, default=1),
                _choices("fields", FIELDS),
                _LANGUAGES,
                _choice("relation", RELATIONS, "none"),
                _date("waiting_since"),
                _flag("any_project", default=False),
            ),
            needed=True,
            in_order=("available_from", "available_until"),
        ),
        File(
            "professional_skills",
            (
                _PERSON,
                _code("skill", refers="skills", required=True),
                _number("level", "whole", 1, 4, required=True),
            ),
            key=("professional_id", "skill"),
        ),
        File(
            "groups",
            (
                _code("id", required=True),
                _text("name", required=True),
                _choice("kind", GROUP_KINDS, "other"),
                _DISTRICT,
                _choices("fields", FIELDS),
                _date("waiting_since"),
                _date("last_supported_on"),
            ),
            needed=True,
        ),
        File(
            "needs",
            (
                _code("id", required=True),
                _GROUP,
                _text("title", 200, required=True),
                _choice("form", FORMS, "single"),
                _code("menu"),
                _choice("mode", NEED_MODES, "hybrid"),
                _DISTRICT,
                _date("starts_on"),
                _date("ends_on"),
                _hours(),
                _choices("slots", SLOTS),
                _choices("fields", FIELDS),
                _LANGUAGES,
                _choice("urgency", URGENCIES, "ordinary"),
            ),
            needed=True,
            in_order=("starts_on", "ends_on"),
        ),
        File(
            "roles",
            (
                _code("id", required=True),
                _NEED,
                _text("title", required=True),
                _number("seats", "whole", 1, 50, default=1),
                _flag("essential", default=True),
                _hours(),
            ),
            needed=True,
        ),
        File(
            "role_skills",
            (
                _code("role_id", refers="roles", required=True),
                _code("skill", refers="skills", required=True),
                _number("min_level", "whole", 1, 4, default=1),
                _flag("essential", default=False),
                _number("weight", "decimal", 0, 100, default=1.0),
            ),
            key=("role_id", "skill"),
        ),
        File(
            "wishes",
            (_PERSON, _NEED, _number("rank", "whole", 0, 5, required=True)),
            key=("professional_id", "need_id"),
        ),
        File(
            "conflicts",
            (_PERSON, _GROUP, _text("reason", 400)),
            key=("professional_id", "group_id"),
        ),
        File(
            "history",
            (
                _PERSON,
                _GROUP,
                Column("ended_on", "date", required=True),
                _number("rating", "whole", 1, 5),
            ),
            key=("professional_id", "group_id", "ended_on"),
        ),
    )
}
