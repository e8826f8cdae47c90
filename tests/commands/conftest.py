"""A market and its result, for everything that is done with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.matching import run
from tests.engine.markets import random_market

SEED = 29


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market and its result, matched once; tests take copies."""
    home = tmp_path_factory.mktemp("matched")
    random_market(SEED, 14, 8).write(home / "market")
    done = run("match", home / "market", "--out", home / "out", "--pairs")
    assert (done.exit_code, done.stderr) == (0, "")
    return home


@pytest.fixture
def market(matched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(matched / "market", tmp_path / "market"))


@pytest.fixture
def out(matched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(matched / "out", tmp_path / "out"))
