"""What an import would do: which rows are new, which change, which cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import RawFiles, check_files
from matchmaker.engine.files.tables import CellError, FolderError, Row, Tables
from matchmaker.models import Company, Menu, MergedRecord, NeedState, Role
from matchmaker.services import taxonomy
from matchmaker.services.exports import stored_rows
from matchmaker.services.market_rows import MODELS, Key, key_of

# The tables are narrower here than what the engine can work with: (lowest, highest).
NARROWER: dict[tuple[str, str], tuple[float, float]] = {
    ("professionals", "hours_per_week"): (0, 60),
    ("professionals", "reach_km"): (0, 500),
    ("professionals", "capacity"): (0, 9),
    ("needs", "hours_per_week"): (0, 60),
    ("roles", "hours_per_week"): (0, 60),
    ("roles", "seats"): (1, 20),
}
LONGEST = {("professionals", "name"): 80, ("professionals", "kana"): 80, ("needs", "title"): 120}
# A need's own rows may change until somebody is being found or working for it.
CHANGEABLE = frozenset(
    {
        NeedState.DRAFT,
        NeedState.SUBMITTED,
        NeedState.RETURNED,
        NeedState.OPEN,
        NeedState.UNSTAFFED,
        NeedState.PAUSED,
        NeedState.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class Changes:
    """What an import does: per file the rows to write and how many are new, changed, same."""

    tables: Tables
    write: dict[str, list[Row]]
    counts: dict[str, dict[str, int]]
    details: list[dict[str, str]] = field(default_factory=list)  # file, id, column, before, after


MOST_DETAILS = 200


def plan(session: Session, raw: RawFiles) -> Changes:
    """Check ``raw`` against itself and the tables. ``FolderError`` with every fault at once."""
    if not taxonomy.fields(session):
        taxonomy.load(session)
    tables = check_files(raw, _known_ids(session))
    stored = {name: dict(_by_key(session, name)) for name in raw.rows}
    write: dict[str, list[Row]] = {}
    counts: dict[str, dict[str, int]] = {}
    details: list[dict[str, str]] = []
    errors: list[CellError] = []
    busy = _Busy(session)
    menus = {row.code for row in session.exec(select(Menu))}
    numbers = _numbers(session)
    merged = _merged(session)
    for name in (name for name in FILES if name in raw.rows):
        tally = {"new": 0, "changed": 0, "same": 0}
        write[name] = []
        for (line, texts), given in zip(raw.rows[name], tables.rows[name], strict=True):
            place = _Place(name, line, texts)
            before = stored[name].get(key_of(name, given))
            row = _kept(before, given, raw.headers[name])
            errors += _misfits(place, row, menus, numbers)
            if into := merged.get((name, str(row.get("id", "")))):
                errors.append(place.fault("id", "merged_into", other=into))
            kind = "new" if before is None else "same" if before == row else "changed"
            tally[kind] += 1
            if kind == "same":
                continue
            errors += busy.faults(place, row)
            write[name].append(row)
            if before is not None and len(details) < MOST_DETAILS:
                details += _differences(name, before, row)
        counts[name] = tally
    if errors:
        raise FolderError(errors)
    return Changes(tables, write, counts, details[:MOST_DETAILS])


def _kept(before: Row | None, given: Row, header: Sequence[str]) -> Row:
    """``given``, with the stored value of every column that the file does not have."""
    if before is None:
        return given
    return {name: value if name in header else before[name] for name, value in given.items()}


def _known_ids(session: Session) -> dict[str, frozenset[str]]:
    singles = {name: file.key[0] for name, file in FILES.items() if len(file.key) == 1}
    return {
        name: frozenset(session.exec(select(getattr(MODELS[name], column))))
        for name, column in singles.items()
    }


def _by_key(session: Session, name: str) -> Iterator[tuple[Key, Row]]:
    for _stored, row in stored_rows(session, name):
        yield key_of(name, row), row


def _numbers(session: Session) -> dict[str, str]:
    rows = session.exec(select(Company.corporate_number, Company.id))
    return {number: company_id for number, company_id in rows if number}


def _merged(session: Session) -> dict[tuple[str, str], str]:
    """(file, id) of what was merged → the id it goes by now."""
    files = {"professional": "professionals", "group": "groups", "company": "companies"}
    found = session.exec(select(MergedRecord))
    return {(files[row.kind], row.old_id): row.kept_id for row in found}


def _differences(name: str, before: Row, after: Row) -> Iterator[dict[str, str]]:
    key = " · ".join(str(part) for part in key_of(name, after))
    for column, value in after.items():
        if value != before[column]:
            yield {
                "file": f"{name}.csv",
                "id": key,
                "column": column,
                "before": _shown(before[column]),
                "after": _shown(value),
            }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)[:200]


@dataclass(frozen=True)
class _Place:
    name: str
    line: int
    texts: Mapping[str, str]

    def fault(self, column: str, code: str, **params: Any) -> CellError:
        text = self.texts.get(column, "")
        return CellError(f"{self.name}.csv", self.line, column, text, code, params)


def _misfits(
    place: _Place, row: Row, menus: set[str], numbers: dict[str, str]
) -> Iterator[CellError]:
    """What is fine for the engine, or in the file alone, but does not fit the tables."""
    if window := FILES[place.name].in_order:
        first, last = row[window[0]], row[window[1]]
        if first and last and last < first:
            yield place.fault(window[1], "before", other=window[0], than=first)
    for column, value in row.items():
        bounds = NARROWER.get((place.name, column))
        if bounds and value is not None and not bounds[0] <= value <= bounds[1]:
            yield place.fault(column, "out_of_range", low=bounds[0], high=bounds[1])
        longest = LONGEST.get((place.name, column))
        if longest and len(value) > longest:
            yield place.fault(column, "too_long", most=longest)
    if place.name == "role_skills" and row["weight"] not in range(1, 11):
        yield place.fault("weight", "not_a_whole_number", low=1, high=10)
    if place.name == "needs" and row["menu"] and row["menu"] not in menus:
        yield place.fault("menu", "no_such_menu")
    if place.name == "companies" and row["corporate_number"]:
        holder = numbers.setdefault(row["corporate_number"], row["id"])
        if holder != row["id"]:
            yield place.fault("corporate_number", "number_taken", other=holder)


class _Busy:
    """Needs whose rows no import may change, because people are being found or at work."""

    def __init__(self, session: Session) -> None:
        need: Any = MODELS["needs"]
        rows = session.exec(select(need.id, need.state))
        self.states = {row[0]: row[1] for row in rows if row[1] not in CHANGEABLE}
        self.roles = dict(session.exec(select(Role.id, Role.need_id)).all())

    def faults(self, place: _Place, row: Row) -> Iterator[CellError]:
        """Faults of a row that is new or changed."""
        column, need_id = "need_id", row.get("need_id", "")
        if place.name == "needs":
            column, need_id = "id", row["id"]
        elif place.name == "role_skills":
            column, need_id = "role_id", self.roles.get(row["role_id"], "")
        elif place.name != "roles":
            return
        if need_id in self.states:
            yield place.fault(column, "need_is_busy", state=str(self.states[need_id]))
        elif place.name == "roles" and self.roles.get(row["id"], need_id) != need_id:
            yield place.fault("need_id", "role_moved", other=self.roles[row["id"]])
