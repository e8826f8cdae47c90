"""A market folder is taken in whole or not at all, and comes out as it went in."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from matchmaker.db import session_factory
from matchmaker.engine.files.columns import FILES, Column
from matchmaker.engine.files.folder import check_files, read_folder, write_folder
from matchmaker.engine.files.tables import FolderError, Tables
from matchmaker.errors import Conflict, Forbidden, Invalid
from matchmaker.jobs import Worker, run_next
from matchmaker.models import (
    Company,
    Group,
    ImportBatch,
    ImportState,
    Need,
    NeedState,
    Professional,
    ProfessionalField,
    ProfileState,
    Role,
)
from matchmaker.services import exports, imports, taxonomy
from matchmaker.services.actors import SYSTEM, VISITOR
from matchmaker.services.market_rows import key_of
from matchmaker.services.uploads import read_path, read_upload
from tests import factories
from tests.conftest import NOW, both_databases
from tests.services.markets import FULL, folder_bytes, texts, zipped


def take_in(session: Session, content: bytes) -> ImportBatch:
    return imports.import_files(
        session, actor=SYSTEM, now=NOW, given=read_upload(content), name="market.zip"
    )


def refusals(session: Session, content: bytes) -> list[tuple[str, int, str, str]]:
    """Every fault as file, line, column, code; nothing may have been stored."""
    with pytest.raises(FolderError) as caught:
        take_in(session, content)
    session.rollback()
    for table in (Professional, Group, Need, Company, ImportBatch):
        assert session.exec(select(func.count()).select_from(table)).one() == 0, table
    return [(error.file, error.line, error.column, error.code) for error in caught.value.errors]


@both_databases
def test_an_imported_folder_is_exported_as_it_was(session: Session) -> None:
    taxonomy.load(session)
    take_in(session, zipped(FULL))
    session.commit()
    session.expire_all()
    kept = exports.market_tables(session)
    given = check_files(read_upload(zipped(FULL)).raw)
    for name in set(FULL) - {"skills", "districts"}:  # the taxonomy's own rows stand there too
        assert list(kept.rows[name]) == sorted(
            given.rows[name], key=lambda row, name=name: key_of(name, row)
        )
    for tally in take_in(session, zipped(FULL)).counts.values():
        assert tally["new"] == tally["changed"] == 0


@pytest.mark.parametrize("kind", ["zip", "xlsx", "cp932", "utf-8"])
def test_every_way_out_comes_in_again_without_a_change(
    session: Session, kind: str, tmp_path: Path
) -> None:
    taxonomy.load(session)
    take_in(session, zipped(FULL))
    tables = exports.market_tables(session)
    if kind in exports.FORMATS:
        given = read_upload(exports.packed(tables, kind))
    else:
        write_folder(tables, tmp_path / "out", kind)
        assert read_folder(tmp_path / "out").rows == tables.rows
        given = read_path(tmp_path / "out")
    batch = imports.import_files(session, actor=SYSTEM, now=NOW, given=given, name="again")
    assert not [each for each in batch.counts.values() if each["new"] or each["changed"]]


def test_imported_people_and_groups_are_checked_and_needs_are_open(session: Session) -> None:
    take_in(session, zipped(FULL))
    person = session.get_one(Professional, "p1")
    assert (person.state, person.verified_at) == (ProfileState.VERIFIED, NOW)
    assert (person.remote, person.onsite, person.company_id) == (True, True, "c1")
    assert session.get_one(Group, "g1").state == ProfileState.VERIFIED
    need = session.get_one(Need, "n1")
    assert (need.state, need.opened_at) == (NeedState.OPEN, NOW)
    assert "さくら" in need.search_text


def test_a_known_row_is_changed_and_what_is_not_in_the_files_stays(session: Session) -> None:
    take_in(session, zipped(FULL))
    session.get_one(Professional, "p1").state = ProfileState.PAUSED
    version = session.get_one(Professional, "p1").version
    rows = {"professionals": "id,name,hours_per_week,fields\np1,青木 はな,4,npo-02\n"}
    batch = take_in(session, zipped(rows))
    person = session.get_one(Professional, "p1")
    assert (person.name, person.hours_per_week, person.state) == ("青木 はな", 4, "paused")
    assert person.version == version + 1
    assert (person.email, person.remote, person.slots) == (
        "hana@example.jp",
        True,
        ["mon-eve", "sat-am"],
    )  # columns that the file does not have
    assert list(session.exec(select(ProfessionalField.field))) == ["npo-02"]
    assert session.get(Professional, "p2") is not None
    assert batch.counts == {"professionals": {"new": 0, "changed": 1, "same": 0}}
    assert [each["column"] for each in batch.changes] == ["name", "hours_per_week", "fields"]


def test_the_goals_a_group_named_stay_when_its_need_comes_in_again(session: Session) -> None:
    """No file of the folder holds goals: no row, changed or the same, touches them."""
    take_in(session, zipped(FULL))
    session.get_one(Need, "n1").goals = ["4", "11"]
    session.commit()
    take_in(session, zipped(FULL))
    batch = take_in(session, zipped({"needs": "id,group_id,title\nn1,g1,名簿を一つにまとめる\n"}))
    session.commit()
    session.expire_all()
    need = session.get_one(Need, "n1")
    assert batch.counts["needs"]["changed"] == 1
    assert (need.title, need.goals) == ("名簿を一つにまとめる", ["4", "11"])


def test_a_blank_cell_empties_and_a_window_stays_in_order(session: Session) -> None:
    take_in(session, zipped(FULL))
    take_in(session, zipped({"professionals": "id,name,email\np1,青木 花,\n"}))
    assert session.get_one(Professional, "p1").email == ""
    ends = {"professionals": "id,name,available_until\np1,青木 花,2026-11-01\n"}
    assert refused_codes(session, ends) == ["before"]


def test_rows_may_refer_to_what_is_already_stored(session: Session) -> None:
    take_in(session, zipped(FULL))
    take_in(session, zipped({"wishes": "professional_id,need_id,rank\np2,n1,2\n"}))
    assert refused_codes(session, {"wishes": "professional_id,need_id,rank\np9,n1,2\n"}) == [
        "no_such_row"
    ]


def refused_codes(session: Session, files: dict[str, str]) -> list[str]:
    with pytest.raises(FolderError) as caught:
        take_in(session, zipped(files))
    return [error.code for error in caught.value.errors]


def test_a_need_for_which_people_are_being_found_cannot_be_changed(session: Session) -> None:
    take_in(session, zipped(FULL))
    session.get_one(Need, "n1").state = NeedState.IN_ROUND
    changed = {"roles": "id,need_id,title,seats\nr1,n1,会計,3\n"}
    assert refused_codes(session, changed) == ["need_is_busy"]
    assert session.get_one(Role, "r1").seats == 1
    same = {"roles": texts("roles")}
    take_in(session, zipped(same))


def test_what_does_not_fit_the_tables_is_refused_beside_its_cell(session: Session) -> None:
    head, first, *_ = texts("professionals").splitlines()
    files = dict(FULL)
    files["professionals"] = f"{head}\n{first.replace(',3,', ',61,')}\n"
    files["needs"] = texts("needs").replace("leaflet", "no-such-menu")
    files["role_skills"] = texts("role_skills").replace(",2\n", ",2.5\n")
    found = {code for *_, code in refusals(session, zipped(files))}
    assert {"out_of_range", "no_such_menu", "not_a_whole_number"} <= found


BAD = {
    "code": ["あ" * 65, "a b", "😀", "=1+1", "\x00a"],
    "text": ["x" * 500, "😀", "ｶﾅ", "\u202eabc", "שלום", "a\x00b", "改\n行"],
    "whole": ["many", "1.5", "-1", "99999", "１e3"],
    "decimal": ["many", "-1000", "1e9", "nan", "inf"],
    "date": ["yesterday", "2026-02-30", "2026/11/30", "0001-01-01"],
    "flag": ["perhaps", "2"],
    "choice": ["nothing"],
    "choices": ["mon-night", "remote;moon"],
    "languages": ["日本語", "j"],
    "email": ["a@", "a b@example.jp", "x" * 300 + "@example.jp"],
    "corporate_number": ["123", "12345678901234"],
}
CASES = [
    pytest.param(name, column, bad, id=f"{name}-{column.name}-{number}")
    for name, file in FILES.items()
    for column in file.columns
    for number, bad in enumerate([*BAD[column.kind], *([""] if column.required else [])])
]


@pytest.mark.parametrize(("name", "column", "bad"), CASES)
def test_a_bad_cell_of_any_column_is_named_and_nothing_is_stored(
    session: Session, name: str, column: Column, bad: str
) -> None:
    files = dict(FULL)
    files[name] = folder_bytes(name, {column.name: bad})
    found = refusals(session, zipped(files))
    assert (f"{name}.csv", 2, column.name) in [fault[:3] for fault in found]


def test_a_formula_in_a_workbook_is_refused(session: Session) -> None:
    book = Workbook()
    sheet = book.create_sheet("companies")
    sheet.append(["id", "name"])
    sheet.append(["c1", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    found = refusals(session, out.getvalue())
    assert ("companies.csv", 2, "B2", "formula") in found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "file_unreadable"),
        (b"", "file_unreadable"),
        (b"\x89PNG\r\n", "file_unreadable"),
    ],
)
def test_what_is_no_archive_is_refused(session: Session, content: bytes, code: str) -> None:
    assert [fault[3] for fault in refusals(session, content)] == [code]


def test_an_archive_without_a_file_of_the_folder_is_refused(session: Session) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"...")
    assert [fault[3] for fault in refusals(session, out.getvalue())] == ["no_market_files"]


def test_an_archive_that_unpacks_to_too_much_is_refused(session: Session) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("groups.csv", b"\0" * (101 * 1024 * 1024))
    assert [fault[3] for fault in refusals(session, out.getvalue())] == ["file_too_large"]


def upload(session: Session, content: bytes) -> ImportBatch:
    batch = imports.upload(session, actor=SYSTEM, now=NOW, files=[("market.zip", content)])
    session.commit()
    return batch


@both_databases
def test_upload_check_confirm_apply(session: Session, engine: Engine) -> None:
    taxonomy.load(session)
    batch = upload(session, zipped(FULL))
    worker = Worker(session_factory(engine), imports.HANDLERS, clock=lambda: NOW)
    worker.work_off()
    session.expire_all()
    assert batch.state == ImportState.PREVIEW
    assert batch.counts["professionals"] == {"new": 2, "changed": 0, "same": 0}
    assert session.get(Professional, "p1") is None
    session.rollback()

    args = {"actor": SYSTEM, "now": NOW, "batch_id": batch.id}
    with pytest.raises(Conflict, match="changed_meanwhile"):
        imports.apply(session, **args, version=1)
    session.rollback()
    imports.apply(session, **args, version=batch.version)
    imports.apply(session, **args, version=1)  # again: nothing more happens
    session.commit()
    worker.work_off()
    session.expire_all()
    assert (batch.state, batch.content) == (ImportState.APPLIED, None)
    assert session.get(Professional, "p1") is not None


def test_a_worker_that_dies_half_way_leaves_nothing_and_the_next_one_finishes(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(session, zipped(FULL))
    factory = session_factory(engine)
    Worker(factory, imports.HANDLERS, clock=lambda: NOW).work_off()
    session.expire_all()
    imports.apply(session, actor=SYSTEM, now=NOW, batch_id=batch.id, version=batch.version)
    session.commit()

    def die(*_args: object, **_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("matchmaker.services.import_store._refresh_needs", die)
        with pytest.raises(KeyboardInterrupt):
            run_next(factory, imports.HANDLERS, clock=lambda: NOW)
    session.expire_all()
    assert session.get(Professional, "p1") is None
    session.rollback()
    later = NOW + timedelta(minutes=6)
    assert run_next(factory, imports.HANDLERS, clock=lambda: later)
    session.expire_all()
    assert session.get(Professional, "p1") is not None


def test_a_refused_upload_keeps_its_errors_and_not_its_content(
    session: Session, engine: Engine
) -> None:
    files = dict(FULL) | {"groups": "id,name,kind\ng1,会\x00,circus\ng2,,npo\n"}
    batch = upload(session, zipped(files))
    Worker(session_factory(engine), imports.HANDLERS, clock=lambda: NOW).work_off()
    session.expire_all()
    assert (batch.state, batch.content) == (ImportState.REFUSED, None)
    assert {(error["line"], error["column"]) for error in batch.errors} >= {
        (2, "kind"),
        (2, "name"),
        (3, "name"),
    }


def test_only_coordinators_import_and_export(session: Session) -> None:
    person = factories.actor(session, factories.account(session))
    for who in (VISITOR, person):
        with pytest.raises(Forbidden):
            imports.upload(session, actor=who, now=NOW, files=[("a.csv", b"id")])
        with pytest.raises(Forbidden):
            exports.export_market(session, actor=who, now=NOW, kind="zip")
        with pytest.raises(Forbidden):
            imports.listed(session, actor=who)
    with pytest.raises(Invalid):
        imports.upload(session, actor=SYSTEM, now=NOW, files=[("", b"")])


def test_people_outside_the_market_are_not_exported(session: Session) -> None:
    take_in(session, zipped(FULL))
    session.get_one(Professional, "p1").state = ProfileState.LEFT
    session.flush()
    kept: Tables = exports.market_tables(session)
    assert [row["id"] for row in kept.rows["professionals"]] == ["p2"]
    assert "p1" not in str([kept.rows[name] for name in ("wishes", "history", "conflicts")])


def test_the_template_is_an_empty_folder_with_every_header() -> None:
    for kind in exports.FORMATS:
        raw = read_upload(exports.template(kind)).raw
        assert not raw.faults
        for name, file in FILES.items():
            assert raw.headers[name] == [column.name for column in file.columns]
