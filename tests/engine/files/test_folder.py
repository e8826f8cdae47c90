from pathlib import Path

import pytest

from matchmaker.engine import Market
from matchmaker.engine.files.columns import FILES, Column, File
from matchmaker.engine.files.folder import read_folder, write_folder
from matchmaker.engine.files.tables import CellError, FolderError, parse_tables
from matchmaker.engine.market import Professional
from matchmaker.engine.reasons import CATALOGUE
from tests.engine.markets import one_pair

GOOD = {
    "code": "x1",
    "text": "文字",
    "whole": "1",
    "decimal": "1.5",
    "date": "2026-11-30",
    "flag": "yes",
    "email": "a@example.jp",
    "corporate_number": "9000000000001",
    "languages": "ja",
}
ANY_TEXT = [
    ("喜び\U0001f600", "emoji"),
    ("ｶｲｹｲ", "half_width_kana"),
    ("שלום", "right_to_left"),
    ("a\x00b", "control_character"),
    ("a\u202eb", "invisible_character"),
    ("a\nb", "line_break"),
]
BAD = {
    "code": [("a b", "not_a_code"), ("-x", "not_a_code"), ("x" * 65, "too_long"), *ANY_TEXT],
    "text": ANY_TEXT,
    "whole": [(text, "not_a_whole_number") for text in ("x", "1.0", "1e3", "nan", "1,000", "--1")],
    "decimal": [(text, "not_a_number") for text in ("x", "inf", "nan", "1e3", "1,5", "0x1")],
    "date": [(text, "not_a_date") for text in ("2026/11/30", "2026-13-01", "30.11.2026", "x")],
    "flag": [(text, "not_yes_or_no") for text in ("1", "true", "はい")],
    "choice": [("other things", "not_in_list"), ("x;y", "not_in_list")],
    "choices": [("nothing", "not_in_list"), ("wed-eve,sat-am", "not_in_list")],
    "languages": [("Japanese", "not_a_language"), ("ja,en", "not_a_language")],
    "email": [("a", "not_an_email"), ("a@b", "not_an_email"), ("a b@c.jp", "not_an_email")],
    "corporate_number": [("123", "not_a_corporate_number"), ("x" * 13, "not_a_corporate_number")],
}


def raw_row(file: File) -> dict[str, str]:
    row = {}
    for column in file.columns:
        row[column.name] = column.choices[0] if column.choices else GOOD[column.kind]
        if column.kind in ("whole", "decimal"):
            row[column.name] = str(int(max(column.low, 1)))
    return row | ({"parent": ""} if file.name == "skills" else {})


def raw_market() -> dict[str, list[tuple[int, dict[str, str]]]]:
    return {name: [(2, raw_row(file))] for name, file in FILES.items()}


def bad_values(column: Column) -> list[tuple[str, str]]:
    found = list(BAD[column.kind])
    if column.required:
        found.append(("", "missing"))
    if column.kind in ("whole", "decimal"):
        found += [(str(int(column.low) - 1), "out_of_range")]
        found += [(str(int(column.high) + 1), "out_of_range")]
    if column.kind == "text":
        found.append(("字" * (int(column.high) + 1), "too_long"))
    if column.refers:
        found.append(("somebody-else", "no_such_row"))
    if column.kind == "date":
        found.append(("1066-10-14", "out_of_range"))
    return found


CASES = [
    pytest.param(name, column, value, code, id=f"{name}.{column.name}-{code}-{at}")
    for name, file in FILES.items()
    for column in file.columns
    for at, (value, code) in enumerate(bad_values(column))
]


def test_the_good_market_of_these_tests_is_accepted() -> None:
    tables = parse_tables(raw_market())
    assert all(len(tables.rows[name]) == 1 for name in FILES)


@pytest.mark.parametrize(("file", "column", "value", "code"), CASES)
def test_a_bad_cell_is_refused_with_its_place(file, column, value, code) -> None:
    raw = raw_market()
    raw[file][0][1][column.name] = value
    with pytest.raises(FolderError) as refused:
        parse_tables(raw)
    found = [each for each in refused.value.errors if each.file == f"{file}.csv"]
    assert (found[0].line, found[0].column, found[0].value) == (2, column.name, value)
    assert found[0].code == code


def refusals(folder: Path) -> list[tuple[str, int, str, str]]:
    with pytest.raises(FolderError) as refused:
        read_folder(folder)
    return [(each.file, each.line, each.column, each.code) for each in refused.value.errors]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    one_pair().write(tmp_path)
    return tmp_path


def test_all_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "wishes.csv").write_text(
        "professional_id,need_id,rank\np1,n1,1\np1,n1,2\n\nnobody,n1,9\n", encoding="utf-8"
    )
    (folder / "role_skills.csv").write_text("role_id\nr1\n", encoding="utf-8")
    (folder / "conflicts.csv").write_text(
        'professional_id,group_id,reason\n"p1","g1","a\nb"\np1,g9,x,y\n', encoding="utf-8"
    )
    assert sorted(refusals(folder)) == [
        ("conflicts.csv", 2, "reason", "line_break"),
        ("conflicts.csv", 4, "", "too_many_cells"),
        ("conflicts.csv", 4, "group_id", "no_such_row"),
        ("role_skills.csv", 1, "skill", "column_missing"),
        ("wishes.csv", 3, "need_id", "stated_twice"),
        ("wishes.csv", 5, "professional_id", "no_such_row"),
        ("wishes.csv", 5, "rank", "out_of_range"),
    ]


def test_dates_out_of_order_are_refused() -> None:
    raw = raw_market()
    raw["needs"][0][1].update(starts_on="2026-12-01", ends_on="2026-11-30")
    with pytest.raises(FolderError) as refused:
        parse_tables(raw)
    assert [(e.column, e.code) for e in refused.value.errors] == [("ends_on", "before")]


def test_one_bad_person_does_not_make_their_wishes_wrong(folder: Path) -> None:
    people = (folder / "professionals.csv").read_text(encoding="utf-8-sig")
    (folder / "professionals.csv").write_text(people.replace(",6,", ",many,"), encoding="utf-8")
    assert refusals(folder) == [("professionals.csv", 2, "hours_per_week", "not_a_number")]


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.needed])
def test_a_needed_file_must_be_there(folder: Path, name: str) -> None:
    (folder / f"{name}.csv").unlink()
    assert refusals(folder)[0] == (f"{name}.csv", 0, "", "file_missing")


def test_files_that_hold_nothing_may_be_absent_or_empty(folder: Path) -> None:
    (folder / "wishes.csv").unlink()
    (folder / "history.csv").write_bytes(b"")
    assert Market.read(folder) == one_pair()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfei\x00d\x00", "unknown_encoding"),
        (b"id,name\n\x81\x20", "unknown_encoding"),
        (b"", "header_missing"),
        (b'id,name\n"p', "broken_quotes"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(folder: Path, data: bytes, code: str) -> None:
    (folder / "groups.csv").write_bytes(data)
    assert code in [fault[3] for fault in refusals(folder)]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_left_out(folder: Path) -> None:
    (folder / "professional_skills.csv").write_text(
        "Level , memo,skill,professional_id\n３,x,accounting,p1\n", encoding="utf-8"
    )
    tables = read_folder(folder)
    assert Market.from_tables(tables) == one_pair()
    assert [(each.file, each.columns) for each in tables.warnings] == [
        ("professional_skills.csv", ("memo",))
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_japanese_spreadsheets_write_is_read(folder: Path, encoding: str, ends: str) -> None:
    text = ends.join(["id,name", "p1,髙﨑 ①㈱", ""])
    (folder / "professionals.csv").write_bytes(text.encode(encoding))
    assert Market.read(folder).professionals == (Professional("p1", "髙﨑 ①㈱"),)


def test_what_cp932_cannot_hold_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    market = Market(professionals=(Professional("p1", "𠮷田"), Professional("p2", "吉田")))
    with pytest.raises(FolderError) as refused:
        write_folder(market.tables(), tmp_path / "out", "cp932")
    params = {"characters": "𠮷", "encoding": "cp932"}
    expected = CellError("professionals.csv", 2, "name", "𠮷田", "not_in_encoding", params)
    assert refused.value.errors == (expected,)
    assert not (tmp_path / "out").exists()


def test_the_documentation_lists_every_column() -> None:
    page = (Path(__file__).parents[3] / "docs" / "market-folder.md").read_text(encoding="utf-8")
    for name, file in FILES.items():
        assert f"`{name}.csv`" in page
        assert all(f"`{column.name}`" in page for column in file.columns)


def test_the_documentation_lists_every_reason_code_with_its_parameters() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reason-codes.md").read_text(encoding="utf-8")
    for code, spec in CATALOGUE.items():
        assert f"| `{code}` | {', '.join(spec.params) or '–'} | {spec.meaning} |" in page
