"""Where blocks are worked on: in this process, in several, or on a Dask cluster.

Every executor answers the same tasks with the same numbers in the same order; only the time
differs. A worker that dies loses nothing: its tasks are done again, in the end by this process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import cpu_count, get_context
from typing import Protocol

from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Task
from matchmaker.engine.scale.search import Searcher
from matchmaker.engine.scale.terrain import Terrain

Open = Callable[[Terrain], "Workers"]
NAMES = ("inline", "processes", "dask")
_LIVES = 3  # pools that may break before this process does the rest itself


class Workers(Protocol):
    """Workers who know one terrain."""

    def answers(self, tasks: Sequence[Task]) -> Iterator[Found]:
        """The answer to every task, in order."""

    def close(self) -> None:
        """Let the workers go."""


class Executor(Protocol):
    """Brings workers to a terrain."""

    def open(self, terrain: Terrain) -> Workers:
        """Workers who know ``terrain``; the caller closes them."""


class Inline:
    """This process: compiled loops on ``workers`` threads (default: one a processor)."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cpu_count()

    def open(self, terrain: Terrain) -> Workers:
        """A pool of threads; they share the terrain."""
        return _Threads(Searcher(terrain), self.workers)


class _Threads:
    def __init__(self, searcher: Searcher, workers: int) -> None:
        self.searcher = searcher
        self.pool = ThreadPoolExecutor(workers)

    def answers(self, tasks: Sequence[Task]) -> Iterator[Found]:
        self.searcher.prepare()
        return self.pool.map(self.searcher, tasks)

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


class Processes:
    """Several processes of this machine (default: one a processor)."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cpu_count()

    def open(self, terrain: Terrain) -> Workers:
        """A pool of processes that each hold the terrain."""
        return _Pool(terrain, self.workers)


class _Pool:
    def __init__(self, terrain: Terrain, workers: int) -> None:
        self.terrain, self.workers, self.lives = terrain, workers, _LIVES
        self.pool = self._fresh()
        self.here = Searcher(terrain)

    def _fresh(self) -> ProcessPoolExecutor:
        spawn = get_context("spawn")  # a fork would copy locks that other threads hold
        return ProcessPoolExecutor(
            self.workers, mp_context=spawn, initializer=_settle, initargs=(self.terrain,)
        )

    def answers(self, tasks: Sequence[Task]) -> Iterator[Found]:
        done = 0
        while done < len(tasks):
            if not self.lives:
                yield from map(self.here, tasks[done:])
                return
            with suppress(BrokenProcessPool):
                for found in self.pool.map(_answer, tasks[done:]):
                    yield found
                    done += 1
                return
            self.close()
            self.lives -= 1
            self.pool = self._fresh()

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


_settled: list[Searcher] = []


def _settle(terrain: Terrain) -> None:
    _settled[:] = [Searcher(terrain)]


def _answer(task: Task) -> Found:
    return _settled[0](task)


def named(name: str, *, workers: int | None = None, scheduler: str | None = None) -> Executor:
    """The executor of that name. ``scheduler``: address of a Dask scheduler; without one, ``dask``
    starts workers on this machine. ValueError for another name."""
    if name == "inline":
        return Inline(workers)
    if name == "processes":
        return Processes(workers)
    if name == "dask":
        from matchmaker.engine.scale.cluster import Cluster

        return Cluster(scheduler, workers)
    raise ValueError(f"executor: not one of {', '.join(NAMES)}")
