"""Executors by name, as the command line knows them."""

from __future__ import annotations

from matchmaker.engine.scale.cluster import Cluster
from matchmaker.engine.scale.executors import Executor, Inline, Processes

NAMES = ("inline", "processes", "dask")


def named(name: str, *, workers: int | None = None, scheduler: str | None = None) -> Executor:
    """The executor of that name. ``scheduler``: address of a Dask scheduler; without one, ``dask``
    starts workers on this machine. ValueError for another name."""
    if name == "inline":
        return Inline(workers)
    if name == "processes":
        return Processes(workers)
    if name == "dask":
        return Cluster(scheduler, workers)
    raise ValueError(f"executor: not one of {', '.join(NAMES)}")
