"""``import`` and ``export`` on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.markets import FULL


def matchmaker(database_url: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "DATABASE_URL": database_url,
        "MATCHMAKER_ENVIRONMENT": "test",
    }
    return subprocess.run(
        [sys.executable, "-m", "matchmaker", *words],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    market = tmp_path / "market"
    market.mkdir()
    for name, text in FULL.items():
        (market / f"{name}.csv").write_text(text, encoding="cp932")
    return market


def test_a_folder_goes_in_and_comes_out(database_url: str, folder: Path, tmp_path: Path) -> None:
    done = matchmaker(database_url, "import", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "professionals: 2 new, 0 changed, 0 same" in done.stdout
    for out in (tmp_path / "out", tmp_path / "out.zip", tmp_path / "out.xlsx"):
        assert matchmaker(database_url, "export", "--out", str(out)).returncode == 0
        again = matchmaker(database_url, "import", str(out))
        assert "professionals: 0 new, 0 changed, 2 same" in again.stdout


def test_every_fault_is_one_line_and_the_answer_is_no(database_url: str, folder: Path) -> None:
    (folder / "wishes.csv").write_text("professional_id,need_id,rank\np1,n1,9\np7,n1,1\n")
    done = matchmaker(database_url, "import", str(folder))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "wishes.csv, line 2, column rank: '9': expected a value from 0 to 5",
        "wishes.csv, line 3, column professional_id: 'p7':"
        " expected an id or code that is in professionals.csv",
    ]


def test_what_cannot_be_read_is_wrong_usage(database_url: str, tmp_path: Path) -> None:
    assert matchmaker(database_url, "import", str(tmp_path / "nowhere")).returncode == 2
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    done = matchmaker(database_url, "import", str(tmp_path / "picture.png"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_characters_that_cp932_lacks_are_listed(
    database_url: str, folder: Path, tmp_path: Path
) -> None:
    (folder / "conflicts.csv").write_text(
        "professional_id,group_id,reason\np1,g2,𠮷田さんの家族\n", encoding="utf-8"
    )
    assert matchmaker(database_url, "import", str(folder)).returncode == 0
    out = tmp_path / "out"
    done = matchmaker(database_url, "export", "--out", str(out), "--encoding", "cp932")
    assert done.returncode == 1
    assert "characters that cp932 has (not 𠮷)" in done.stderr
    assert not out.exists()
