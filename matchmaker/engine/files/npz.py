"""Arrays of an .npz file that somebody else may have written, or damaged."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

# What numpy and zipfile say of a file that is none of theirs or has a changed byte: a member that
# seems to be encrypted or otherwise packed among it.
_UNREADABLE = (
    ValueError, KeyError, EOFError, OSError, SyntaxError, AttributeError, TypeError, MemoryError,
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip


def read_arrays(source: Path) -> dict[str, Any] | None:
    """Name → array; None for a file that is no such archive or is damaged. ``OSError`` for one that
    cannot be opened."""
    with source.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        except _UNREADABLE:
            return None
