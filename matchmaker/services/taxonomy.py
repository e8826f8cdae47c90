"""The words both sides choose from, as rows: loaded from ``matchmaker.taxonomy``, read for pages.

Readers ask the database once a session and keep the answer there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from matchmaker import taxonomy
from matchmaker.errors import FieldError, Invalid
from matchmaker.models import ActivityField, District, Menu, Skill

Row = TypeVar("Row", bound=SQLModel)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Family:
    """A family of skills with its skills, in the order in which they are shown."""

    head: Skill
    skills: tuple[Skill, ...]


def load(session: Session) -> None:
    """Bring the taxonomy's rows up to date: new ones added, known ones corrected, none removed.

    Safe to repeat; rows of other codes (a city's own) stay as they are.
    """
    _upsert(session, Skill, [_skill(row) for row in taxonomy.skills() if row.parent is None])
    _upsert(session, Skill, [_skill(row) for row in taxonomy.skills() if row.parent], start=100)
    _upsert(session, ActivityField, [asdict(row) for row in taxonomy.fields()])
    _upsert(session, District, [asdict(row) for row in taxonomy.districts()])
    _upsert(session, Menu, [_menu(row) for row in taxonomy.menus()])
    session.info.pop("taxonomy", None)


def _skill(row: taxonomy.Skill) -> dict[str, Any]:
    return asdict(row) | {"keywords": ";".join(row.keywords)}


def _menu(row: taxonomy.Menu) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(asdict(row), ensure_ascii=False))
    shown = ("code", "label_ja", "label_en", "kana", "summary_ja", "summary_en")
    return {name: body[name] for name in shown} | {"body": body}


def _upsert(
    session: Session, kind: type[Row], rows: Iterable[dict[str, Any]], *, start: int = 0
) -> None:
    known = {getattr(row, "code"): row for row in session.exec(select(kind))}  # noqa: B009
    for position, values in enumerate(rows, start=start):
        row = known.get(values["code"]) or kind(**values)
        for name, value in {**values, "position": position}.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        session.add(row)
    session.flush()


def _kept(session: Session, name: str, ask: Callable[[], Answer]) -> Answer:
    kept: dict[str, Any] = session.info.setdefault("taxonomy", {})
    if name not in kept:
        kept[name] = ask()
    answer: Answer = kept[name]
    return answer


def _all(session: Session, kind: type[Row]) -> tuple[Row, ...]:
    table: Any = kind
    query = select(kind).order_by(col(table.position), col(table.code))
    return _kept(session, kind.__name__, lambda: tuple(session.exec(query)))


def districts(session: Session) -> tuple[District, ...]:
    """The city's districts in the order in which they are shown."""
    return _all(session, District)


def fields(session: Session) -> tuple[ActivityField, ...]:
    """The fields of activity in the order of the Act."""
    return _all(session, ActivityField)


def menus(session: Session) -> tuple[Menu, ...]:
    """The project menus in the order in which they are shown."""
    return _all(session, Menu)


def skills(session: Session) -> dict[str, Skill]:
    """Code → skill, families included."""
    return {skill.code: skill for skill in _all(session, Skill)}


def families(session: Session) -> tuple[Family, ...]:
    """Every family with its skills; a skill of no family stands under itself."""
    return _kept(session, "families", lambda: tuple(_families(_all(session, Skill))))


def _families(rows: Sequence[Skill]) -> Iterable[Family]:
    children: dict[str, list[Skill]] = {}
    for row in rows:
        if row.parent:
            children.setdefault(row.parent, []).append(row)
    for row in rows:
        if not row.parent:
            yield Family(row, tuple(children.get(row.code, [row])))


def refuse_unknown(
    session: Session,
    *,
    district: str | None = None,
    fields_: Iterable[str] = (),
    skills_: Iterable[str] = (),
    menu: str | None = None,
    names: dict[str, str] | None = None,
) -> None:
    """Refuse (``Invalid``, ``not_in_list``) codes that the taxonomy does not hold.

    A family of skills cannot be chosen itself. ``names`` gives the form's own names of the entries
    ``district``, ``fields``, ``skills`` and ``menu`` where they differ.
    """
    wrong: list[str] = []
    if district and district not in {row.code for row in districts(session)}:
        wrong.append("district")
    if not set(fields_) <= {row.code for row in fields(session)}:
        wrong.append("fields")
    if not set(skills_) <= choosable(session):
        wrong.append("skills")
    if menu and menu not in {row.code for row in menus(session)}:
        wrong.append("menu")
    if wrong:
        raise Invalid([FieldError((names or {}).get(name, name), "not_in_list") for name in wrong])


def choosable(session: Session) -> set[str]:
    """Codes of the skills a person can have: every one that is not a family of others."""
    return {skill.code for family in families(session) for skill in family.skills}
