"""Whatever a market folder may hold comes out of the database as it went in, in every wrapping."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from matchmaker.engine.files.columns import FILES, Column
from matchmaker.engine.files.folder import check_files, folder_texts, to_csv
from matchmaker.engine.files.tables import Tables
from matchmaker.services import exports, imports, taxonomy
from matchmaker.services.actors import SYSTEM
from matchmaker.services.import_plan import NARROWER
from matchmaker.services.market_rows import key_of
from matchmaker.services.uploads import read_upload
from tests.conftest import NOW
from tests.services.markets import zipped

# Characters of names, formula signs, separators, what CP932 has and UTF-8 alone does not need.
LETTERS = "青木花髙﨑①ァーAz09 .,;\"'=+-@★"
TEXT = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: f"会{text.strip()}花")
WILD = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
OWN = ("id", "code", "parent")  # given below, or left blank
DAY = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def cell(file: str, column: Column, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    """Values of one column; blank ones where it may be blank."""
    if column.refers:
        known = st.sampled_from(ids[column.refers])
        return known if column.required else st.one_of(st.just(""), known)
    low, high = NARROWER.get((file, column.name), (column.low, column.high))
    quarter = st.integers(int(low * 4), int(high * 4)).map(lambda each: each / 4)
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXT if column.required else st.one_of(st.just(""), TEXT),
        "whole": st.integers(int(low), int(high)),
        "decimal": quarter.filter(bool),
        "date": DAY,
        "flag": st.booleans(),
        "choice": st.sampled_from(column.choices or ("",)),
        "choices": st.sets(st.sampled_from(column.choices or ("",)), max_size=4).map(
            lambda found: tuple(sorted(found, key=column.choices.index))
        ),
        "languages": st.sets(st.sampled_from(("en", "ja", "pt-br")), max_size=2).map(
            lambda found: tuple(sorted(found))
        ),
        "email": st.sampled_from(("", "hana@example.jp")),
        "corporate_number": st.just(""),
        "code": st.just(""),
    }
    if column.required or column.default is not None:
        return strategies[column.kind]
    return st.one_of(st.none(), strategies[column.kind])


@st.composite
def markets(draw: st.DrawFn) -> Tables:
    """A small market with every kind of row."""
    ids: dict[str, list[str]] = {}
    rows: dict[str, tuple[dict[str, Any], ...]] = {}
    for name, file in FILES.items():
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for number in range(draw(st.integers(1, 2))):
            row = {
                each.name: "" if each.name in OWN else draw(cell(name, each, ids))
                for each in file.columns
            }
            if len(file.key) == 1:
                row[file.key[0]] = f"{name[:3]}-{number}"
            if file.in_order and (window := [row[each] for each in file.in_order]) and all(window):
                row |= dict(zip(file.in_order, sorted(window), strict=True))
            if name == "role_skills":
                row["weight"] = float(draw(st.integers(1, 10)))
            if name == "conflicts":
                row["reason"] = draw(st.one_of(st.just(""), WILD))
            found[key_of(name, row)] = row
        rows[name] = tuple(found[key] for key in sorted(found))
        ids[name] = [row[file.key[0]] for row in rows[name]]
    return Tables(rows)


def csv_files(tables: Tables) -> dict[str, str]:
    return {
        name: to_csv([column.name for column in FILES[name].columns], rows)
        for name, rows in folder_texts(tables).items()
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables=markets())
def test_in_and_out_is_the_same_market(session: Session, tables: Tables) -> None:
    session.rollback()
    session.info.clear()
    taxonomy.load(session)
    first = read_upload(exports.packed(tables, "xlsx"))
    assert check_files(first.raw).rows == tables.rows
    imports.import_files(session, actor=SYSTEM, now=NOW, given=first, name="first")
    stored = exports.market_tables(session)
    for name, rows in tables.rows.items():
        mine = [row for row in stored.rows[name] if key_of(name, row) in keys(name, rows)]
        assert tuple(mine) == rows, name
    files = csv_files(stored)
    for wrapped in (
        exports.packed(stored, "zip"),
        exports.packed(stored, "xlsx"),
        zipped(files, "utf-8"),
        zipped(files, "cp932"),
    ):
        again = read_upload(wrapped)
        assert check_files(again.raw).rows == stored.rows
        batch = imports.import_files(session, actor=SYSTEM, now=NOW, given=again, name="again")
        assert not [each for each in batch.counts.values() if each["new"] or each["changed"]]
    session.rollback()


def keys(name: str, rows: tuple[dict[str, Any], ...]) -> set[tuple[Any, ...]]:
    return {key_of(name, row) for row in rows}
