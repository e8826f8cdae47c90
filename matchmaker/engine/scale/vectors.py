"""The same search as the loop's, with numpy alone: many pairs at once, refused in stages."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.features import feature_stack
from matchmaker.engine.formulas import pair_hash
from matchmaker.engine.problem import Ints
from matchmaker.engine.rules import allowed
from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.gather import Task, people_of
from matchmaker.engine.scale.terrain import Terrain
from matchmaker.engine.scale.tolls import Tolls
from matchmaker.engine.scores import scores_of

_AT_ONCE = 2**18  # pairs, so that their arrays stay near the processor


def sift(terrain: Terrain, task: Task) -> Found:
    """The best pairs of a task's roles, as ``Searcher`` answers it."""
    who = people_of(terrain, task.block)
    step = max(_AT_ONCE // max(len(who), 1), 1)
    roles = np.arange(len(task.block.role))
    parts = [_some(terrain, task, who, roles[at : at + step]) for at in range(0, len(roles), step)]
    return Found.joined(parts)


def _some(terrain: Terrain, task: Task, who: Ints, roles: Ints) -> Found:
    """``roles``: positions in the block."""
    snapshot, every = terrain.snapshot, task.block.role
    at = ints(np.tile(np.arange(len(who)), len(roles)))
    place = ints(np.repeat(roles, len(who)))
    keep = allowed(snapshot, who[at], every[place])
    at, place = at[keep], place[keep]
    stack = feature_stack(snapshot, who[at], every[place])
    score = scores_of(stack, snapshot.policy.counted_weights)
    keep = score >= snapshot.policy.floor
    at, place, score = at[keep], place[keep], score[keep]
    left = _left(terrain, task, who, at, place, score)
    keep = left[0] >= task.least[place]
    at, place, score, left = at[keep], place[keep], score[keep], left[:, keep]
    chosen = _best(place - roles[0], left, task.room[roles])
    return Found(who[at[chosen]], every[place[chosen]], score[chosen], left[:, chosen])


def _left(terrain: Terrain, task: Task, who: Ints, at: Ints, place: Ints, score: Ints) -> Ints:
    """(3, K) what is left of the pairs at each level."""
    words = terrain.person_word[who[at]], terrain.role_word[task.block.role[place]]
    worth = score, task.tolls.worth[at], ints(pair_hash(*words))
    people, needs = terrain.snapshot.people, terrain.snapshot.needs
    minutes, offered = needs.role_minutes[task.block.role[place]], people.minutes[who[at]]
    left = [
        task.tolls.scale[level] * value - _toll(task.tolls, level, at, place, minutes, offered)
        for level, value in enumerate(worth)
    ]
    return ints(left)


def _toll(tolls: Tolls, level: int, at: Ints, place: Ints, minutes: Ints, offered: Ints) -> Ints:
    paid = tolls.person[level, at] + tolls.role[level, place]
    if tolls.hours:
        paid = paid + tolls.minute[level, at] * minutes
        paid = paid + tolls.long[level, at] * (2 * minutes > offered)
    return ints(paid)


def _best(place: Ints, left: Ints, room: Ints) -> Ints:
    """Positions of the best pairs of each role, role by role, best first. ``place``: the role of
    each pair, ascending."""
    order = np.lexsort((-left[0], place))
    last = _rank(place) == room[place] - 1
    least = np.full(len(room), NONE, dtype=np.int64)  # at the first level, to come into question
    least[place[last]] = left[0, order[last]]
    close = order[left[0, order] >= least[place]]
    exact = close[np.lexsort((-left[2, close], -left[1, close], -left[0, close], place[close]))]
    return ints(exact[_rank(place[exact]) < room[place[exact]]])


def _rank(group: Ints) -> Ints:
    """The place of each entry within its run of equal ``group``."""
    begins = np.flatnonzero(np.diff(group, prepend=-1) != 0)
    return ints(np.arange(len(group)) - np.repeat(begins, np.diff(begins, append=len(group))))
