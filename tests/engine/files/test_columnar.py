"""Markets held as columns are the same markets, and a damaged file of columns is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import astuple, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchmaker.engine import Market, Policy, match
from matchmaker.engine.files.columnar import Places, Rows, Texts
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.tables import FolderError
from matchmaker.engine.market import ROW_TYPES, Professional
from matchmaker.engine.snapshot import take
from matchmaker.sample.large import large_market
from tests.engine.markets import one_pair, random_market

CITY = Path("sample_data/city")


def as_columns(market: Market, folder: Path) -> Market:
    market.write_columns(folder / "market.npz")
    return Market.read(folder / "market.npz")


@pytest.mark.parametrize("seed", range(8))
def test_a_market_of_columns_is_the_same_market(tmp_path: Path, seed: int) -> None:
    market = random_market(seed)
    columns = as_columns(market, tmp_path)
    assert isinstance(columns.professionals, Rows)
    assert columns == market
    assert columns.last_day == market.last_day
    assert [repr(row) for row in columns.needs] == [repr(row) for row in market.needs]
    assert same_arrays(take(columns, Policy()), take(market, Policy()))


def same_arrays(one: Any, other: Any) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("people", "needs", "wishes")]
    return all(
        np.array_equal(getattr(mine, each.name), getattr(theirs, each.name))
        for mine, theirs in pairs
        for each in fields(mine)
    )


def test_folder_columns_and_folder_again_are_the_same_bytes(tmp_path: Path) -> None:
    market = Market.read(CITY)
    columns = as_columns(market, tmp_path)
    market.write(tmp_path / "rows")
    columns.write(tmp_path / "columns")
    for name in FILES:
        rows, again = (tmp_path / each / f"{name}.csv" for each in ("rows", "columns"))
        assert again.read_bytes() == rows.read_bytes()
    columns.write_columns(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "market.npz").read_bytes()


def test_the_result_is_the_same_too(tmp_path: Path) -> None:
    market = random_market(3)
    of_rows, of_columns = match(market), match(as_columns(market, tmp_path))
    assert of_columns.proposals == of_rows.proposals
    assert of_columns.unstaffed == of_rows.unstaffed
    assert tuple(of_columns.waiting) == tuple(of_rows.waiting)
    assert of_columns.levels == of_rows.levels


def test_rows_can_be_counted_taken_and_exchanged(tmp_path: Path) -> None:
    market = random_market(1, people=5)
    columns = as_columns(market, tmp_path)
    people = columns.professionals
    assert len(people) == 5
    assert people[-1] == market.professionals[-1]
    assert people[1:3] == market.professionals[1:3]
    assert people[::-2] == market.professionals[::-2]
    with pytest.raises(IndexError):
        people[5]
    newcomer = Professional("p9", "高橋 実")
    grown = replace(columns, professionals=(newcomer, *people))
    assert grown.professionals[-1] == newcomer
    assert take(grown, Policy()).people.levels[:5].tolist() == (
        take(market, Policy()).people.levels.tolist()
    )


def test_what_a_row_type_has_is_what_its_file_has() -> None:
    """Rows are made from columns by place, so both must have one order."""
    for name, kind in ROW_TYPES.items():
        assert [each.name for each in fields(kind)] == [each.name for each in FILES[name].columns]


def test_texts_of_any_script_are_found_by_halving() -> None:
    words = sorted(["", "a", "ab", "é", "会", "会計", "𠮷", "z"])
    texts = Texts.of(words)
    assert list(texts) == words
    assert texts[2:4] == words[2:4]
    places = Places(texts)
    assert [places[word] for word in words] == list(range(len(words)))
    assert "b" not in places
    assert places.get("zz") is None
    assert list(texts.take(np.array([5, 0, 5]))) == [words[5], "", words[5]]


def damage(change: Callable[[dict[str, Any]], None], folder: Path, market: Market) -> Path:
    market.write_columns(folder / "market.npz")
    with np.load(folder / "market.npz") as loaded:
        arrays = dict(loaded)
    change(arrays)
    np.savez(folder / "market.npz", **arrays)
    return folder / "market.npz"


def setting(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(arrays: dict[str, Any]) -> None:
        arrays[name] = np.array(value)

    return change


WRONG_CELLS = [
    (setting("professionals.capacity", [21]), "professionals.capacity", "out_of_range"),
    (setting("professionals.capacity", [-1]), "professionals.capacity", "out_of_range"),
    (setting("professionals.hours_per_week", [np.inf]), "professionals.hours_per_week", None),
    (setting("professionals.district", [3]), "professionals.district", "no_such_row"),
    (setting("professionals.slots", [1 << 21]), "professionals.slots", "out_of_range"),
    (setting("professionals.available_from", [5]), "professionals.available_from", None),
    (setting("needs.ends_on", [700_000]), "needs.ends_on", "before"),
    (setting("needs.urgency", [3]), "needs.urgency", "out_of_range"),
    (setting("needs.group_id", [-1]), "needs.group_id", "missing"),
    (setting("roles.essential", [-1]), "roles.essential", "out_of_range"),
    (setting("role_skills.min_level", [0]), "role_skills.min_level", "out_of_range"),
    (setting("professional_skills.level", [5]), "professional_skills.level", "out_of_range"),
    (setting("professionals.id.data", list(b"?1")), "professionals.id", None),
    (setting("skills.parent", [0] * 7), "skills.parent", "own_parent"),
]


@pytest.mark.parametrize(
    ("change", "column", "code"), WRONG_CELLS, ids=[f"{at}-{code}" for _, at, code in WRONG_CELLS]
)
def test_a_cell_that_a_folder_could_not_hold_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], column: str, code: str | None
) -> None:
    def narrowed(arrays: dict[str, Any]) -> None:
        change(arrays)
        if "professionals.id.data" in arrays:
            arrays["professionals.id.data"] = arrays["professionals.id.data"].astype(np.uint8)

    with pytest.raises(FolderError) as refused:
        Market.read(damage(narrowed, tmp_path, one_pair()))
    assert [error.column for error in refused.value.errors] == [column]
    assert code in (None, refused.value.errors[0].code)


def test_ids_out_of_order_or_twice_are_refused(tmp_path: Path) -> None:
    def swap(arrays: dict[str, Any]) -> None:
        arrays["professionals.id.data"] = np.roll(arrays["professionals.id.data"], 2)

    def double(arrays: dict[str, Any]) -> None:
        arrays["wishes.professional_id"][:] = arrays["wishes.professional_id"][0]
        arrays["wishes.need_id"][:] = arrays["wishes.need_id"][0]

    for change in (swap, double):
        with pytest.raises(FolderError) as refused:
            Market.read(damage(change, tmp_path, random_market(2)))
        assert {error.code for error in refused.value.errors} == {"not_sorted"}


STRUCTURE = [
    lambda arrays: arrays.pop("matchmaker_market"),
    setting("matchmaker_market", 2),
    lambda arrays: arrays.pop("needs"),
    setting("needs", -1),
    setting("professionals.surprise", [1]),
    setting("professionals.capacity", [1, 1]),
    setting("professionals.capacity", [1.0]),
    setting("professionals.capacity", [[1]]),
    setting("professionals.id.ends", [1]),
    setting("professionals.id.ends", [-2]),
    setting("professionals.name.data", np.array([0xE4, 0xBD], np.uint8)),
    lambda arrays: arrays.pop("professionals.name.ends"),
]


@pytest.mark.parametrize("change", STRUCTURE)
def test_a_file_of_other_columns_is_refused_in_one_line(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(FolderError) as refused:
        Market.read(damage(change, tmp_path, one_pair()))
    assert [error.code for error in refused.value.errors] == ["not_a_market_file"]
    assert refused.value.errors[0].file == "market.npz"


def test_a_broken_or_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "market.npz"
    one_pair().write_columns(path)
    whole = path.read_bytes()
    with zipfile.ZipFile(tmp_path / "zip.npz", "w") as archive:
        archive.writestr("hello.txt", "hello")
    np.savez(tmp_path / "pickle.npz", things=np.array([{}], dtype=object))
    with (tmp_path / "one.npz").open("wb") as file:
        np.save(file, np.arange(3))
    (tmp_path / "text.npz").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("zip", "pickle", "one", "text", "empty", "half"):
        with pytest.raises(FolderError) as refused:
            Market.read(tmp_path / f"{name}.npz")
        assert [error.code for error in refused.value.errors] == ["not_a_market_file"], name
    with pytest.raises(FileNotFoundError):
        Market.read(tmp_path / "absent.npz")


def test_any_changed_byte_is_refused_or_changes_nothing_that_is_forbidden(tmp_path: Path) -> None:
    """The archive has checksums: a flipped bit in the data never becomes another market."""
    path = tmp_path / "market.npz"
    market = one_pair()
    market.write_columns(path)
    whole = path.read_bytes()
    for at in range(0, len(whole), 211):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            read = Market.read(path)
        except FolderError:
            continue
        assert read == market


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    market = replace(one_pair(), groups=())  # the need's group is missing
    with pytest.raises(KeyError):
        market.write_columns(tmp_path / "market.npz")
    assert not list(tmp_path.iterdir())


def test_large_markets_are_markets_like_any_other(tmp_path: Path) -> None:
    market = large_market(people=300, needs=60, seats=(1, 5), capacity=(1, 3), hours=True, seed=5)
    assert as_columns(market, tmp_path) == market
    market.write(tmp_path / "folder")
    assert Market.read(tmp_path / "folder") == market
    for name in FILES:
        key = FILES[name].key
        keys = [tuple(getattr(row, each) for each in key) for row in getattr(market, name)]
        assert all(one < other for one, other in pairwise(keys)), name
    assert astuple(market.professionals[0])[0] == "p0000001"
