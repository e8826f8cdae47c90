"""Wherever blocks are worked on, the numbers are the same, and a dead worker loses nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from matchmaker.engine import Policy
from matchmaker.engine.scale.choice import named
from matchmaker.engine.scale.cluster import Cluster
from matchmaker.engine.scale.executors import Executor, Inline, Processes, Workers
from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.gather import Task, task_for
from matchmaker.engine.scale.terrain import Terrain, blocks, survey
from matchmaker.engine.scale.tolls import free
from matchmaker.engine.snapshot import take
from tests.engine.markets import random_market


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return survey(take(random_market(7, 60, 40), Policy(floor=1)), compiled=False)


@pytest.fixture(scope="module")
def tasks(terrain: Terrain) -> list[Task]:
    roles = np.arange(len(terrain.snapshot.needs.role_need))
    tolls, least = free(terrain.snapshot), np.full(len(roles), NONE)
    room = np.full(len(roles), 3)
    return [task_for(terrain, b, tolls, least, room) for b in blocks(terrain, roles, 120)]


@pytest.fixture(scope="module")
def expected(terrain: Terrain, tasks: list[Task]) -> bytes:
    return answered(Inline(1), terrain, tasks)


def answered(executor: Executor, terrain: Terrain, tasks: Iterable[Task]) -> bytes:
    workers = executor.open(terrain)
    try:
        return as_bytes(workers.answers(tasks))
    finally:
        workers.close()


def as_bytes(found: Iterable[Found]) -> bytes:
    return b"".join(column.tobytes() for column in Found.joined(found).columns)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)


def killing(workers: Workers, tasks: list[Task], victims: Iterator[int]) -> bytes:
    """The answers, with a worker killed in the middle."""
    found = []
    for at, part in enumerate(workers.answers(tasks)):
        found.append(part)
        if at == len(tasks) // 3:
            kill(next(victims))
    return as_bytes(found)


def test_threads_give_the_same_bytes(terrain, tasks, expected) -> None:
    assert len(tasks) > 10
    assert answered(Inline(2), terrain, tasks) == expected


def test_processes_give_the_same_bytes_though_one_is_killed(terrain, tasks, expected) -> None:
    workers = Processes(2).open(terrain)
    try:
        assert as_bytes(workers.answers(tasks)) == expected
        victims = iter(list(workers.pool._processes))  # type: ignore[attr-defined]
        assert killing(workers, tasks, victims) == expected
    finally:
        workers.close()


def test_when_every_pool_breaks_this_process_does_the_rest(terrain, tasks, expected) -> None:
    workers = Processes(1).open(terrain)
    try:
        workers.lives = 0  # type: ignore[attr-defined]
        assert as_bytes(workers.answers(tasks)) == expected
    finally:
        workers.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_dask_gives_the_same_bytes_though_a_worker_is_killed(terrain, tasks, expected) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        victims = iter([client.run(os.getpid).popitem()[1]])
        workers = Cluster(client=client).open(terrain)
        assert killing(workers, tasks, victims) == expected
        workers.close()
        by_address = Cluster(cluster.scheduler_address)
        assert answered(by_address, terrain, tasks) == expected


def test_executors_have_names() -> None:
    assert isinstance(named("processes", workers=3), Processes)
    with pytest.raises(ValueError, match="inline, processes, dask"):
        named("carrier pigeons")
