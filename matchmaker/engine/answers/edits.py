"""A file of changes: what it may say, and the market and policy it makes of the present ones.

A JSON object, or a list of them that are carried out one after another. Every part may be left out:

- ``policy``: fields of the policy; ``weights``, ``levels`` and ``guarantees`` in part (null takes a
  guarantee away). ``pins`` and ``bans`` replace the present ones;
- ``pin``, ``unpin``, ``ban``, ``unban``: lists of ``[professional, role]``;
- ``add``, ``change``: file of the market folder → list of rows, objects of column → value; a
  changed row names its key and the columns that change. Values as in the folder; numbers, true and
  false, lists and null (blank) may be written as such;
- ``remove``: file → list of ids, or of objects with the key columns. What belongs to a removed row
  goes with it: skills, roles, wishes, pins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from matchmaker.engine.files.cells import write_cell
from matchmaker.engine.files.columns import FILES, File
from matchmaker.engine.files.tables import CellError, FolderError, parse_tables
from matchmaker.engine.market import ROW_TYPES, Market
from matchmaker.engine.policy import Policy
from matchmaker.errors import FieldError, Invalid

Key = tuple[Any, ...]
Table = dict[Key, Any]
_PAIRS = {"pin": ("pins", True), "unpin": ("pins", False)} | {
    "ban": ("bans", True),
    "unban": ("bans", False),
}
_ROWS = ("add", "change", "remove")
_PARTS = ("weights", "levels", "guarantees")


def edited(market: Market, policy: Policy, changes: Any) -> tuple[Market, Policy]:
    """``market`` and ``policy`` with ``changes`` carried out.

    Raises ``Invalid`` ``changes_invalid`` with every fault; a fault's field is its place in the
    file, such as ``add.professionals[0].hours_per_week``.
    """
    if isinstance(changes, list):
        return _one_after_another(market, policy, changes)
    if not isinstance(changes, dict):
        raise _refused([FieldError("", "not_an_object")])
    known = ("policy", *_PAIRS, *_ROWS)
    faults = [
        FieldError(str(name), "unknown_name", {"choices": known})
        for name in changes
        if name not in known
    ]
    edit = _Edit(market, faults)
    for part in _ROWS:
        edit.rows(part, changes.get(part, {}))
    try:
        asked = _policy(policy, changes)
    except Invalid as wrong:
        faults += wrong.errors
    if faults:
        raise _refused(faults)
    changed = edit.market()
    return changed, _without_the_gone(market, changed, asked)


def _one_after_another(market: Market, policy: Policy, steps: list[Any]) -> tuple[Market, Policy]:
    for at, step in enumerate(steps):
        if isinstance(step, list):
            raise _refused([FieldError(f"[{at}]", "not_an_object")])
        try:
            market, policy = edited(market, policy, step)
        except Invalid as wrong:
            faults = [
                FieldError(f"[{at}].{each.field}".rstrip("."), each.code, each.params)
                for each in wrong.errors
            ]
            raise _refused(faults) from wrong
    return market, policy


def _refused(faults: list[FieldError]) -> Invalid:
    return Invalid(faults, code="changes_invalid")


@dataclass
class _Edit:
    """The tables as they become; ``faults`` grows with everything that is wrong."""

    before: Market
    faults: list[FieldError]
    tables: dict[str, Table] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """Key → row of one file, taken from the market when first asked for."""
        if name not in self.tables:
            rows = getattr(self.before, name)
            self.tables[name] = {_key(FILES[name], row): row for row in rows}
        return self.tables[name]

    def market(self) -> Market:
        """The market of the tables that were touched and the others as they were."""
        rows: dict[str, Any] = {name: tuple(table.values()) for name, table in self.tables.items()}
        return replace(self.before, **rows)

    def rows(self, part: str, tables: Any) -> None:
        """Carry out ``add``, ``change`` or ``remove``."""
        if not isinstance(tables, dict):
            self.faults.append(FieldError(part, "not_an_object"))
            return
        for name in sorted(tables, key=_parents_first):
            rows = tables[name]
            place = f"{part}.{name}"
            if name not in FILES:
                self.faults.append(FieldError(place, "unknown_name", {"choices": tuple(FILES)}))
            elif not isinstance(rows, list):
                self.faults.append(FieldError(place, "not_a_list"))
            elif part == "remove":
                self._remove(FILES[name], place, rows)
            else:
                self._write(FILES[name], place, rows, new=part == "add")

    def _remove(self, file: File, place: str, rows: list[Any]) -> None:
        for at, row in enumerate(rows):
            stated = row if isinstance(row, dict) else {file.key[0]: row}
            key = tuple(stated.get(name) for name in file.key)
            same = [each for each in self.table(file.name) if _texts_of(each) == _texts_of(key)]
            if not same:
                code = {"file": f"{file.name}.csv"}
                self.faults.append(FieldError(f"{place}[{at}]", "no_such_row", code))
            for found in same:
                del self.table(file.name)[found]
                if len(file.key) == 1:
                    self._orphans(file.name, found[0])

    def _orphans(self, parent: str, name: str) -> None:
        """What refers to a removed row goes too, or refers to nothing where it may."""
        for file in FILES.values():
            for column in (each for each in file.columns if each.refers == parent):
                table = self.table(file.name)
                for key, row in list(table.items()):
                    if getattr(row, column.name) != name:
                        continue
                    if not column.required:
                        table[key] = replace(row, **{column.name: column.default})
                        continue
                    del table[key]
                    if len(file.key) == 1:
                        self._orphans(file.name, key[0])

    def _write(self, file: File, place: str, rows: list[Any], *, new: bool) -> None:
        raw = []
        for at, row in enumerate(rows):
            texts = self._texts(file, f"{place}[{at}]", row, new=new)
            if texts is not None:
                raw.append((at + 1, texts))
        ids = {
            name: frozenset(key[0] for key in self.table(name))
            for name in {column.refers for column in file.columns if column.refers}
        }
        try:
            parsed = parse_tables({file.name: raw}, known=ids)
        except FolderError as refused:
            self.faults += [_fault(place, error) for error in refused.errors]
            return
        for values in parsed.rows[file.name]:
            kept = ROW_TYPES[file.name](**values)
            self.table(file.name)[_key(file, kept)] = kept

    def _texts(self, file: File, place: str, row: Any, *, new: bool) -> dict[str, str] | None:
        """A row's cells as text, blank columns included; None when it cannot be made out."""
        if not isinstance(row, dict):
            self.faults.append(FieldError(place, "not_an_object"))
            return None
        names = tuple(column.name for column in file.columns)
        unknown = [name for name in row if name not in names]
        self.faults += [
            FieldError(f"{place}.{name}", "unknown_name", {"choices": names}) for name in unknown
        ]
        stated = {name: _text(value) for name, value in row.items() if name in names}
        wanted = tuple(stated.get(name, "") for name in file.key)
        same = [key for key in self.table(file.name) if _texts_of(key) == wanted]
        if bool(same) == new:
            params = {"file": f"{file.name}.csv"}
            code = "already_there" if new else "no_such_row"
            self.faults.append(FieldError(f"{place}.{file.key[-1]}", code, params))
            return None
        if new:
            return dict.fromkeys(names, "") | stated
        present = self.table(file.name)[same[0]]
        now = {each.name: write_cell(each, getattr(present, each.name)) for each in file.columns}
        return now | stated


def _parents_first(name: str) -> int:
    """Files that others refer to come first, in whatever order they were written."""
    return list(FILES).index(name) if name in FILES else len(FILES)


def _key(file: File, row: Any) -> Key:
    return tuple(getattr(row, name) for name in file.key)


def _texts_of(key: Key) -> tuple[str, ...]:
    return tuple(str(part) for part in key)


def _text(value: Any) -> str:
    """A JSON value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(_text(each) for each in value)
    return str(value)


def _fault(place: str, error: CellError) -> FieldError:
    params = error.params | ({"value": error.value} if error.value else {})
    return FieldError(f"{place}[{error.line - 1}].{error.column}", error.code, params)


def _policy(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    given = changes.get("policy", {})
    if not isinstance(given, dict):
        raise _refused([FieldError("policy", "not_an_object")])
    data = policy.to_json()
    for name, value in given.items():
        both = name in _PARTS and isinstance(value, dict)
        data[name] = data.get(name, {}) | value if both else value
        if name == "guarantees" and both:
            data[name] = {group: least for group, least in data[name].items() if least is not None}
    faults = list(_pairs(data, changes))
    if not faults:
        try:
            return Policy.from_json(data)
        except Invalid as wrong:
            faults = [
                FieldError(f"policy.{each.field}", each.code, each.params) for each in wrong.errors
            ]
    raise _refused(faults)


def _pairs(data: dict[str, Any], changes: Mapping[str, Any]) -> Iterator[FieldError]:
    """Pins and bans more and fewer, into ``data``."""
    for part, (name, more) in _PAIRS.items():
        pairs = changes.get(part, [])
        if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
            yield FieldError(part, "not_pairs")
        elif isinstance(data[name], list):
            rest = [pair for pair in data[name] if pair not in pairs]
            data[name] = rest + pairs if more else rest


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)


def _without_the_gone(before: Market, market: Market, policy: Policy) -> Policy:
    """A pin or ban of what was removed falls with it; any other unknown name stays, and is refused
    where the round is posed."""
    gone = [
        {row.id for row in getattr(before, name)} - {row.id for row in getattr(market, name)}
        for name in ("professionals", "roles")
    ]
    pins, bans = (
        tuple(pair for pair in pairs if pair[0] not in gone[0] and pair[1] not in gone[1])
        for pairs in (policy.pins, policy.bans)
    )
    return replace(policy, pins=pins, bans=bans)
