"""Time and peak memory of one contender, measured in the process that runs it."""

from __future__ import annotations

import ctypes
import gc
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psutil

MEGABYTE = 1_000_000
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Answer:
    """What a contender found: a value that others must find too, and whether it is proven.

    ``about``: sizes, gaps and the like, for the tables.
    """

    value: int | None
    proven: bool | None = None
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """A contender with its input made: ``act`` is measured. ``input_mb``: megabytes of an input
    that this contender alone needs, such as a full matrix; they count as its memory."""

    act: Callable[[], Answer]
    input_mb: float = 0.0


@dataclass(frozen=True)
class Run:
    """One contender measured ``len(wall)`` times; ``failure`` says why there is no answer."""

    contender: str
    wall: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    value: int | None = None
    proven: bool | None = None
    about: dict[str, Any] = field(default_factory=dict)
    compiled: bool = False
    failure: str = ""

    @property
    def seconds(self) -> float:
        """Median by the wall's clock."""
        return median(self.wall)

    @property
    def peak_mb(self) -> float:
        """Median of the highest memory of each run, in megabytes."""
        return median(self.peaks)

    @property
    def processor_seconds(self) -> float:
        """Median of processor time, all threads added up."""
        return median(self.used)

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return asdict(self)


def measured(contender: str, prepare: Callable[[], Ready], repeats: int) -> Run:
    """Prepare once, then act ``repeats`` times: wall and processor seconds of each, and the
    highest memory of any beyond what the process held before."""
    ready = prepare()
    wall, used, peaks = [], [], []
    for _ in range(repeats):
        before = _fresh_peak()
        start, worked = perf_counter(), process_time()
        answer = ready.act()
        used.append(process_time() - worked)
        wall.append(perf_counter() - start)
        peaks.append(round((_peak() - before) / MEGABYTE + ready.input_mb, 1))
    return Run(
        contender=contender,
        wall=wall,
        used=used,
        peaks=peaks,
        value=answer.value,
        proven=answer.proven,
        about=answer.about,
        compiled=bool(sys.modules.get("numba")),
    )


def _fresh_peak() -> int:
    """Forget the highest memory so far, where the system can; bytes held now."""
    gc.collect()
    if _CLEAR.exists():
        ctypes.CDLL(None).malloc_trim(0)
        _CLEAR.write_text("5", encoding="ascii")
        return psutil.Process().memory_info().rss
    return _peak()


def _peak() -> int:
    """Bytes: the highest memory since it was last forgotten, as the kernel counted it."""
    if not _STATUS.exists():
        scale = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
    line = next(each for each in _STATUS.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
