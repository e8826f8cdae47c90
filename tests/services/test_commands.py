"""What a person types is read kindly, and refused with a code that says what is expected."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import Field, model_validator

from matchmaker.errors import Invalid
from matchmaker.services.commands import (
    Choice,
    Command,
    Date,
    EmailText,
    Flag,
    Hours,
    Kana,
    Levels,
    LongText,
    Number,
    ShortText,
    Slots,
    WebAddress,
    Whole,
    in_order,
    validated,
)


class Everything(Command):
    name: Annotated[str, ShortText(10, least=2)]
    about: Annotated[str, LongText(20)] = ""
    kana: Kana = ""
    email: EmailText | None = None
    hours: Hours = 0
    seats: Annotated[int, Whole(1, 5)] = 1
    starts_on: Date | None = None
    ends_on: Date | None = None
    slots: Slots = Field(default_factory=list)
    levels: Levels = Field(default_factory=dict)
    mode: Annotated[str, Choice(("remote", "onsite"))] = "remote"
    website: WebAddress = ""
    agreed: Flag = False
    plain: Annotated[int, Field(ge=1, le=9)] = 1

    @model_validator(mode="after")
    def _window(self) -> Everything:
        in_order(self.starts_on, self.ends_on, field="ends_on")
        return self


def refusals(**given: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    with pytest.raises(Invalid) as caught:
        validated(Everything, {"name": "さくら会", **given})
    return {error.field: (error.code, error.params) for error in caught.value.errors}


def test_entries_are_read_as_people_write_them() -> None:
    read = validated(
        Everything,
        {
            "name": "  さくら会 ",
            "about": "一行目\r\n二行目",
            "kana": "サクラカイ",
            "email": "Hana@EXAMPLE.jp",
            "hours": "２.５",
            "seats": "３",
            "starts_on": "2026-11-23",
            "slots": ["sat-am", "mon-eve", "sat-am"],
            "levels": {"accounting": "3"},
            "website": "https://example.jp/会",
            "agreed": "y",
            "csrf_token": "left out",
        },
    )
    assert (read.name, read.about, read.kana) == ("さくら会", "一行目\n二行目", "さくらかい")
    assert (read.email, read.hours, read.seats) == ("Hana@example.jp", 2.5, 3)
    assert (read.starts_on, read.slots) == (date(2026, 11, 23), ["mon-eve", "sat-am"])
    assert (read.levels, read.agreed) == ({"accounting": 3}, True)


def test_figures_may_be_grouped_as_one_writes_them() -> None:
    class Figures(Command):
        whole: Annotated[int, Whole(0, 100_000)]
        number: Annotated[float, Number(0, 100_000)]

    read = validated(Figures, {"whole": "１８，６４４", "number": "17,923.5"})
    assert (read.whole, read.number) == (18644, 17923.5)


def test_a_blank_entry_takes_the_default_and_a_blank_required_one_is_missing() -> None:
    assert validated(Everything, {"name": "さくら", "hours": " ", "starts_on": ""}).hours == 0
    assert refusals(name="　")["name"] == ("missing", {})


@pytest.mark.parametrize(
    ("field", "entry", "code", "params"),
    [
        ("name", "あ" * 11, "too_long", {"max": 10}),
        ("name", "あ", "too_short", {"min": 2}),
        ("name", "さくら😀", "emoji", {}),
        ("name", "ｻｸﾗ会", "half_width_kana", {}),
        ("name", "\u202eさくら", "invisible_character", {}),
        ("name", "שלום", "right_to_left", {}),
        ("name", "さく\x00ら", "control_character", {}),
        ("name", "さく\nら", "line_break", {}),
        ("name", 3, "not_text", {}),
        ("kana", "桜会", "kana_only", {}),
        ("kana", "sakura", "kana_only", {}),
        ("email", "hana@", "not_an_email", {}),
        ("email", "a" * 300 + "@example.jp", "too_long", {"max": 254}),
        ("hours", "たくさん", "not_a_number", {}),
        ("hours", "nan", "not_a_number", {}),
        ("hours", "-1", "out_of_range", {"min": 0, "max": 60}),
        ("hours", float("nan"), "out_of_range", {"min": 0, "max": 60}),
        ("seats", "2.5", "not_a_whole_number", {}),
        ("seats", "1,5", "not_a_number", {}),
        ("seats", "9" * 12, "out_of_range", {"min": 1, "max": 5}),
        ("seats", "6", "out_of_range", {"min": 1, "max": 5}),
        ("seats", True, "not_a_number", {}),
        ("starts_on", "2026-02-30", "not_a_date", {}),
        ("starts_on", "11/23", "not_a_date", {}),
        ("slots", ["mon-night"], "not_in_list", {}),
        ("slots", [["mon-am"]], "not_in_list", {}),
        ("slots", "mon-am", "not_in_list", {}),
        ("levels", {"accounting": "5"}, "out_of_range", {"min": 1, "max": 4}),
        ("levels", {"'; drop": "1"}, "not_in_list", {}),
        ("mode", "nowhere", "not_in_list", {}),
        ("mode", ["remote"], "not_in_list", {}),
        ("website", "javascript:alert(1)", "not_a_url", {}),
        ("website", "https://[::1", "not_a_url", {}),
        ("agreed", "perhaps", "not_in_list", {}),
        ("plain", "x", "not_a_number", {}),
    ],
)
def test_a_bad_entry_is_refused_beside_its_field(
    field: str, entry: Any, code: str, params: dict[str, Any]
) -> None:
    assert refusals(**{field: entry}) == {field: (code, params)}


def test_every_bad_field_is_told_at_once() -> None:
    assert set(refusals(name="", hours="x", mode="?")) == {"name", "hours", "mode"}


def test_a_window_that_ends_before_it_begins_is_refused_beside_its_end() -> None:
    found = refusals(starts_on="2026-11-23", ends_on="2026-11-22")
    assert found == {"ends_on": ("dates_out_of_order", {})}
