"""Tables, ids and chance for large markets, drawn a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.files.columnar import Array, Data, Rows, Texts
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.market import ROW_TYPES
from matchmaker.taxonomy import skills

LARGEST = 9_999_999  # rows of a table


def table(name: str, size: int, /, **columns: Data) -> Rows[Any]:
    """The table ``name`` of a market; columns left out are blank."""
    kept = {name: _narrow(data) for name, data in columns.items()}
    return Rows(FILES[name], ROW_TYPES[name], size, kept)


def _narrow(data: Data) -> Data:
    """Whole numbers take four bytes, as when a market is read."""
    if isinstance(data, np.ndarray) and data.dtype != np.float64:
        return data.astype(np.int32)
    return data


def numbered_ids(letter: str, count: int) -> Texts:
    """``p0000001`` and so on: they sort in the order of their numbers."""
    digits = len(str(LARGEST))
    number = np.arange(1, count + 1)
    data = np.empty((count, digits + 1), np.uint8)
    data[:, 0] = ord(letter)
    for place in range(digits):
        data[:, digits - place] = ord("0") + number // 10**place % 10
    return Texts(data.reshape(-1), np.arange(1, count + 1, dtype=np.int64) * (digits + 1))


def skill_tree(count: int) -> tuple[list[str], Array, list[tuple[str, ...]]]:
    """Codes in order, the place of each one's family (-1 for one), and both labels."""
    known = list(skills())
    leaves = [(skill.code, skill.parent or "") for skill in known if skill.parent][:count]
    family = known[0].code
    leaves += [(f"skill-{at:04}", family) for at in range(len(leaves), count)]
    parent = dict(sorted([(each, "") for each in {p for _, p in leaves}] + leaves))
    names = list(parent)
    place = {name: at for at, name in enumerate(names)}
    labels = {skill.code: (skill.label_ja, skill.label_en) for skill in known}
    shown = zip(*(labels.get(name, (name, name)) for name in names), strict=True)
    parents = np.array([place.get(parent[name], -1) for name in names], np.int32)
    return names, parents, list(shown)


def falling(count: int, start: float) -> NDArray[np.float64]:
    """Weights 1/start, 1/(start+1), …: a few common ones, a long tail."""
    return np.reciprocal(start + np.arange(count, dtype=np.float64))


def pick(
    rng: np.random.Generator, values: Sequence[Any], weight: Sequence[float] | Array, count: int
) -> Array:
    """``count`` of ``values``, each drawn in proportion to its weight."""
    upto = np.cumsum(np.asarray(weight, dtype=np.float64))
    drawn = np.searchsorted(upto, rng.random(count) * upto[-1], side="right")
    found: Array = np.asarray(values)[np.minimum(drawn, len(upto) - 1)]
    return found


def some(rng: np.random.Generator, part: float, values: Array) -> Array:
    """``values`` for this part of the rows, blank (0) for the others."""
    return np.where(rng.random(len(values)) < part, values, 0)
