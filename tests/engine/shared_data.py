"""Published problems that live beside the project; a test that needs them says so when absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a shared file, or a skipped test (a failed one where CI=true)."""
    path = FOLDER / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not in ../shared/data")
        pytest.skip(f"{name} is not in ../shared/data")
    return path
