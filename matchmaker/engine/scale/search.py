"""The best pairs of every role, block by block, on whatever workers there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.scale import compiled
from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Gatherer, Task
from matchmaker.engine.scale.kernel import Kept
from matchmaker.engine.scale.memory import Memory
from matchmaker.engine.scale.terrain import Terrain
from matchmaker.engine.scale.vectors import sift


class Searcher:
    """Answers tasks on one terrain; every worker has one."""

    def __init__(self, terrain: Terrain) -> None:
        self.terrain, self.memory = terrain, Memory()

    @cached_property
    def gatherer(self) -> Gatherer:
        """The arrays that blocks share."""
        return Gatherer(self.terrain)

    def __reduce__(self) -> tuple[type[Searcher], tuple[Terrain]]:
        return Searcher, (self.terrain,)  # workers make the rest themselves

    def prepare(self) -> None:
        """Make what all tasks share, before threads ask for it at once."""
        self.gatherer.prepare()
        if self.terrain.compiled:
            compiled.scan()

    def __call__(self, task: Task) -> Found:
        """The best pairs of a task's roles."""
        if self.terrain.compiled:
            return self.looped(task, compiled.scan())
        return sift(self.gatherer, task, self.memory)

    def looped(self, task: Task, scan: Callable[..., None]) -> Found:
        """The same by a loop over every pair."""
        kept = _empty(task)
        share, gather = self.gatherer.share(task), self.gatherer
        scan(share, gather.crowd, gather.seats, gather.lists, gather.rates(task.tolls), kept)
        size = int(kept.size.sum())
        return Found(
            person=share.person[kept.at[:size]],
            role=ints(np.repeat(task.block.role, kept.size)),
            score=kept.score[:size],
            left=kept.left[:, :size],
        )


def _empty(task: Task) -> Kept:
    most = int(np.minimum(task.room, task.tolls.person.shape[1]).sum())
    return Kept(
        at=np.empty(most, np.int64),
        score=np.empty(most, np.int64),
        left=np.empty((3, most), np.int64),
        size=np.empty(len(task.room), np.int64),
    )
