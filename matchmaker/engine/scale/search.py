"""The best pairs of every role, block by block, on whatever workers there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.problem import Ints
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
        kept = _empty(len(task.block.role), int(task.room.max(initial=1)))
        crowd, *others = self.gatherer.arrays(task)
        scan(crowd, *others, kept)
        return _flat(task, crowd.person, kept)


def _empty(roles: int, most: int) -> Kept:
    return Kept(
        at=np.zeros((roles, most), np.int64),
        score=np.zeros((roles, most), np.int64),
        left=np.zeros((3, roles, most), np.int64),
        size=np.zeros(roles, np.int64),
    )


def _flat(task: Task, person: Ints, kept: Kept) -> Found:
    used = np.arange(kept.at.shape[1]) < kept.size[:, None]
    return Found(
        person=person[kept.at[used]],
        role=ints(np.repeat(task.block.role, kept.size)),
        score=kept.score[used],
        left=kept.left[:, used],
    )
