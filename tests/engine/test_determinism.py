"""The same bytes whatever the order of rows, the hash seed, the threads, the road taken."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from matchmaker.engine import Market, Policy, match, matcher
from matchmaker.engine.core import roads
from matchmaker.engine.market import ROW_TYPES
from matchmaker.engine.record import RECORD_FILES, receipt_text, write_record
from matchmaker.engine.scale import round as rounds
from matchmaker.engine.scale import terrain
from matchmaker.engine.scale.executors import Executor, Inline, Processes
from tests.engine.markets import random_market

POLICY = Policy(floor=1, guarantees={"first_time": 1})
KEEPING_FEW = (rounds.settle_large.__kwdefaults__ or {}) | {"kept": 2}
SCRIPT = """
import sys
from matchmaker.engine import Market
from tests.engine.test_determinism import written
sys.stdout.buffer.write(written(Market.read(sys.argv[1]), sys.argv[2]))
"""


def written(market: Market, out: Path | str, executor: Executor | None = None) -> bytes:
    """Every byte of a result that does not depend on the clock."""
    write_record(match(market, POLICY, executor=executor), out, {}, pairs=True)
    files = [Path(out) / name for name in (*RECORD_FILES, "receipt.json")]
    return b"".join(file.read_bytes() for file in files)


def shuffled(market: Market, seed: int) -> Market:
    rows = {name: list(getattr(market, name)) for name in ROW_TYPES}
    for table in rows.values():
        Random(seed).shuffle(table)
    return replace(market, **{name: tuple(table) for name, table in rows.items()})


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_changes_no_byte(seed: int, tmp_path: Path) -> None:
    market = random_market(seed, 12, 7)
    first = written(market, tmp_path / "one")
    for other in (1, 2):
        assert written(shuffled(market, other), tmp_path / "two") == first


def test_hash_seed_and_threads_change_no_byte(tmp_path: Path) -> None:
    market = random_market(4, 12, 7)
    market.write(tmp_path / "market")
    first = written(market, tmp_path / "one")
    root = Path(__file__).parents[2]
    for seed, threads in (("1", "1"), ("2", "2")):
        chosen = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, tmp_path / "market", tmp_path / "again"],
            env={**os.environ, **chosen},
            capture_output=True,
            check=True,
        )
        assert done.stdout == first


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every market counts as large: few pairs kept, the others searched by workers."""
    monkeypatch.setattr(matcher, "_MANY", -1)
    monkeypatch.setattr(rounds.settle_large, "__kwdefaults__", KEEPING_FEW)


def test_who_does_the_work_changes_no_byte(large: None, tmp_path: Path) -> None:
    market = random_market(7, 60, 12)
    first = written(market, tmp_path / "one", Inline(1))
    for executor in (Inline(2), Processes(2)):
        assert written(market, tmp_path / "two", executor) == first


@pytest.mark.parametrize("seed", range(3))
def test_compiled_loops_change_no_byte(
    large: None, seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("numba")
    market = random_market(seed, 40, 8)
    plain = written(market, tmp_path / "one")
    monkeypatch.setattr(terrain, "_COMPILED_FROM", 0)
    for name in ("_SOME", "_MANY"):
        monkeypatch.setattr(roads, name, 0)
    assert written(market, tmp_path / "two") == plain


def test_a_receipt_is_written_in_one_way() -> None:
    assert receipt_text({"b": 1, "a": {"c": "港"}}) == (
        '{\n  "b": 1,\n  "a": {\n    "c": "港"\n  }\n}\n'
    )
