"""Where blocks are worked on: in this process, in several, or on a Dask cluster.

Every executor answers the same tasks with the same numbers in the same order; only the time
differs. A worker that dies loses nothing: its tasks are done again, in the end by this process.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import cpu_count, get_context
from typing import Any, Protocol

from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Task
from matchmaker.engine.scale.search import Searcher
from matchmaker.engine.scale.terrain import Terrain

_LIVES = 3  # pools that may break before this process does the rest itself


class Workers(ABC):
    """Workers who know one terrain. ``ahead``: tasks handed out before the first is awaited."""

    def __init__(self, terrain: Terrain, ahead: int) -> None:
        self.here, self.ahead = Searcher(terrain), ahead

    def answers(self, tasks: Iterable[Task]) -> Iterator[Found]:
        """The answer to every task, in order; few tasks exist at a time."""
        handed: deque[tuple[Task, Any]] = deque()
        for task in tasks:
            handed.append((task, self.submit(task)))
            if len(handed) > self.ahead:
                yield self.result(*handed.popleft())
        while handed:
            yield self.result(*handed.popleft())

    @abstractmethod
    def submit(self, task: Task) -> Any:
        """Hand out a task; what is handed back is later given to ``result``."""

    @abstractmethod
    def result(self, task: Task, promise: Any) -> Found:
        """Wait for a task's answer."""

    @abstractmethod
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
        return _Threads(terrain, self.workers)


class _Threads(Workers):
    def __init__(self, terrain: Terrain, workers: int) -> None:
        super().__init__(terrain, 2 * workers)
        self.here.prepare()
        self.pool = ThreadPoolExecutor(workers)

    def submit(self, task: Task) -> Future[Found]:
        return self.pool.submit(self.here, task)

    def result(self, task: Task, promise: Future[Found]) -> Found:
        return promise.result()

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


class Processes:
    """Several processes of this machine (default: one a processor)."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cpu_count()

    def open(self, terrain: Terrain) -> Workers:
        """A pool of processes that each hold the terrain."""
        return _Pool(terrain, self.workers)


class _Pool(Workers):
    def __init__(self, terrain: Terrain, workers: int) -> None:
        super().__init__(terrain, 2 * workers)
        self.workers, self.lives = workers, _LIVES
        self.pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        spawn = get_context("spawn")  # a fork would copy locks that other threads hold
        return ProcessPoolExecutor(
            self.workers, mp_context=spawn, initializer=_settle, initargs=(self.here,)
        )

    def submit(self, task: Task) -> Future[Found] | None:
        """None when too many pools broke: the task is then done here."""
        while self.lives:
            try:
                return self.pool.submit(_answer, task)
            except BrokenProcessPool:
                self.close()
                self.lives -= 1
                self.pool = self._fresh()
        return None

    def result(self, task: Task, promise: Future[Found] | None) -> Found:
        while promise is not None:
            try:
                return promise.result()
            except BrokenProcessPool:
                promise = self.submit(task)
        return self.here(task)

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


_settled: list[Searcher] = []


def _settle(searcher: Searcher) -> None:
    _settled[:] = [searcher]


def _answer(task: Task) -> Found:
    return _settled[0](task)
