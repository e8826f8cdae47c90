from dataclasses import replace
from datetime import date
from random import Random

import pytest

from matchmaker.engine import Market
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.market import Group, Need, Professional, Wish
from tests.engine.markets import one_pair, random_market


def shuffled(market: Market, seed: int) -> Market:
    rng = Random(seed)
    return replace(
        market,
        **{name: tuple(rng.sample(rows, len(rows))) for name, rows in _rows(market).items()},
    )


def _rows(market: Market) -> dict[str, tuple[object, ...]]:
    return {name: getattr(market, name) for name in FILES}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_never_matters(seed: int) -> None:
    market = random_market(seed)
    assert shuffled(market, seed) == market


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_a_market_written_and_read_again_is_the_same(tmp_path, seed, encoding) -> None:
    market = random_market(seed)
    market.write(tmp_path / "once", encoding)
    again = Market.read(tmp_path / "once")
    assert again == market
    again.write(tmp_path / "twice", encoding)
    for name in FILES:
        first, second = (tmp_path / at / f"{name}.csv" for at in ("once", "twice"))
        assert first.read_bytes() == second.read_bytes()


def test_texts_that_a_spreadsheet_would_compute_come_back_as_they_were(tmp_path) -> None:
    names = ("=1+1", "+81", "-", "@home", "'=x", "''-", "O'Neil", "a,b", 'say "hi"', "'quoted'")
    people = tuple(Professional(f"p{at:02}", name) for at, name in enumerate(names))
    Market(professionals=people).write(tmp_path)
    text = (tmp_path / "professionals.csv").read_text(encoding="utf-8-sig")
    assert "p00,'=1+1," in text
    assert not any(f",{sign}" in text for sign in "=+@")
    assert Market.read(tmp_path).professionals == people


def test_what_is_blank_stays_blank(tmp_path) -> None:
    market = Market(
        professionals=(Professional("p1", "佐藤"),),
        groups=(Group("g1", "会"),),
        needs=(Need("n1", "g1", "題"),),
        wishes=(Wish("p1", "n1", 0),),
    )
    market.write(tmp_path)
    assert Market.read(tmp_path) == market


def test_the_last_day_on_record_counts_and_never_the_clock() -> None:
    assert one_pair().last_day is None
    waiting = {"waiting_since": date(2026, 9, 1), "last_supported_on": date(2026, 9, 30)}
    assert one_pair(group=waiting).last_day == date(2026, 9, 30)
