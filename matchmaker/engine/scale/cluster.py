"""Blocks on a Dask cluster (extra ``distributed``), on any number of machines."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from matchmaker.engine.scale.executors import Workers
from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Task
from matchmaker.engine.scale.search import Searcher
from matchmaker.engine.scale.terrain import Terrain

_AHEAD = 4  # tasks a worker thread has waiting, so that the network never keeps it idle


class Cluster:
    """The workers of a scheduler, or local ones: by address, or a client that the caller keeps."""

    def __init__(
        self, scheduler: str | None = None, workers: int | None = None, *, client: Any = None
    ) -> None:
        self.scheduler, self.workers, self.client = scheduler, workers, client

    def open(self, terrain: Terrain) -> Workers:
        """Send the terrain to every worker. OSError when the scheduler does not answer."""
        if self.client is not None:
            return _Remote(terrain, self.client, owned=False)
        client = import_module("distributed").Client
        if self.scheduler:
            return _Remote(terrain, client(self.scheduler), owned=True)
        local = client(n_workers=self.workers, threads_per_worker=1, dashboard_address=None)
        return _Remote(terrain, local, owned=True)


class _Remote(Workers):
    """Dask gives the tasks of a dead worker to another one; what even that cannot save (every copy
    of the terrain lost) is done here."""

    def __init__(self, terrain: Terrain, client: Any, *, owned: bool) -> None:
        super().__init__(terrain, _AHEAD * max(len(client.nthreads()), 1))
        self.client, self.owned = client, owned
        self.there = client.scatter(self.here, broadcast=True, hash=False)

    def submit(self, task: Task) -> Any:
        return self.client.submit(_answer, self.there, task, pure=False)

    def result(self, task: Task, promise: Any) -> Found:
        promise.exception()  # waits
        found = promise.result() if promise.status == "finished" else self.here(task)
        promise.release()
        return found

    def close(self) -> None:
        """Forget the terrain; end the client if it is ours."""
        self.there.release()
        if self.owned:
            self.client.close()


def _answer(searcher: Searcher, task: Task) -> Found:
    return searcher(task)
