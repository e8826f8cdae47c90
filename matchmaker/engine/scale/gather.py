"""What a search reads: people and roles side by side, the lists that name both, a block's share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs.formulas import FULL, skill_credit, wishes
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.kernel import Crowd, Lists, Rates, Seats, Share
from matchmaker.engine.scale.rough import LOST, STEP
from matchmaker.engine.scale.terrain import Block, Terrain, listed, packed
from matchmaker.engine.scale.tolls import Tolls
from matchmaker.engine.scale.ways import Ways, ways

_KINDS = 2**20  # cells of a table of ways that all blocks share; else each block makes its own


@dataclass(frozen=True)
class Task:
    """A block with the prices of its own people and roles, and how much to keep of each role.

    ``tolls`` are cut to the block. ``least``: (r,) no less may be left of a pair at the score
    level. ``room``: (r,) how many pairs to keep.
    """

    block: Block
    tolls: Tolls
    least: Ints
    room: Ints


@dataclass(frozen=True)
class Gatherer:
    """Turns a terrain and its tasks into the loop's arrays; keeps what is the same for every task.

    All arrays are our own, in C order, of one kind of number each: the compiled loop knows no
    others.
    """

    terrain: Terrain

    def prepare(self) -> None:
        """Make what tasks share."""
        for name, kept in vars(type(self)).items():
            if isinstance(kept, cached_property):
                getattr(self, name)

    @cached_property
    def crowd(self) -> Crowd:
        """Everybody in the market."""
        people = self.terrain.snapshot.people
        mild = self.terrain.weights[4] * wishes(0, ints(people.any_project))
        return Crowd(
            minutes=_short(people.minutes),
            stated=np.array(people.hours_stated),
            first=_short(people.from_day),
            last=_short(people.until_day),
            slots=_short(people.slots),
            fields=_short(people.fields),
            any_project=np.array(people.any_project),
            mild=np.asarray(mild, dtype=np.float32),
            word=np.array(self.terrain.person_word),
            speaks=packed(people.speaks),
            brings=self._brought,
        )

    @cached_property
    def _skills(self) -> tuple[Ints, Ints]:
        """The skills that are asked, ascending, and which of them each asked row asks."""
        skills, which = np.unique(self.terrain.snapshot.needs.asked_skill, return_inverse=True)
        return ints(skills), ints(which)

    @cached_property
    def _brought(self) -> NDArray[np.uint8]:
        """What everybody brings of each skill that is asked."""
        people, skills = self.terrain.snapshot.people, self._skills[0]
        brought = np.empty((len(skills), len(people.levels)), np.uint8)
        for row, skill in zip(brought, skills, strict=True):
            row[:] = STEP * people.levels[:, skill] + people.near_levels[:, skill]
        return brought

    @cached_property
    def seats(self) -> Seats:
        """All roles."""
        needs, need = self.terrain.snapshot.needs, self.terrain.snapshot.needs.role_need
        return Seats(
            minutes=np.array(needs.role_minutes),
            starts=needs.starts[need],
            ends=needs.ends[need],
            slots=needs.slots[need],
            fields=needs.fields[need],
            word=np.array(self.terrain.role_word),
            requires=packed(needs.requires[need]),
            row=np.array(needs.first_asked),
            skill=self._skills[1],
            asked=np.array(needs.asked_level),
            must=np.array(needs.asked_essential),
            weight=np.array(needs.asked_weight),
        )

    def share(self, task: Task) -> Share:
        """The people and roles of a task, with their prices."""
        people, person = people_of(self.terrain, task.block)
        meets = self.ways(person, task.block.role)
        tolls, per_price = task.tolls, self._total / int(task.tolls.scale[0])
        return Share(
            people=people,
            person=person,
            roles=task.block.first,
            role=task.block.role,
            meets=meets.person,
            asks=meets.need,
            place=meets.place,
            worth=tolls.worth,
            paid=tolls.person,
            minute=tolls.minute,
            long=tolls.long,
            fee=np.asarray(per_price * tolls.person[0], dtype=np.float32),
            price=tolls.role,
            least=task.least,
            room=task.room,
            slack=self._slack(task, per_price),
        )

    @cached_property
    def _total(self) -> int:
        return int(self.terrain.weights.sum())

    @cached_property
    def _ways(self) -> Ways | None:
        """The ways to meet of everybody, unless they are of too many kinds."""
        return ways(self.terrain, slice(None), slice(None), _KINDS)

    def ways(self, who: Ints, role: Ints) -> Ways:
        """The ways to meet of some people and roles."""
        need = self.terrain.snapshot.needs.role_need[role]
        if self._ways is None:
            own = ways(self.terrain, who, need)
            assert own is not None
            return own
        return self._ways._replace(person=self._ways.person[who], need=self._ways.need[need])

    @cached_property
    def _rounding(self) -> float:
        """Points: half of one for each rounding of skills, of time and its parts and of the score,
        and one for each credit and for interest."""
        weights = self.terrain.weights
        whole = 3 * weights[0] + 3 * weights[1] + 2 * weights[3] + self._total
        return float(whole) / 2 + 1

    def _slack(self, task: Task, per_price: float) -> NDArray[np.float64]:
        """(r,) points by which a rough look may be wrong, with what is lost of points and prices as
        fractions."""
        tolls = task.tolls
        price = np.full(len(task.room), int(np.abs(tolls.person[0]).max(initial=0)))
        if tolls.hours:
            price += int(np.abs(tolls.long[0]).max(initial=0))
            asks = self.terrain.snapshot.needs.role_minutes[task.block.role]
            price += int(np.abs(tolls.minute[0]).max(initial=0)) * asks
        lost = LOST * (FULL * self._total + per_price * price)
        return np.asarray(self._rounding + lost, np.float64)

    @cached_property
    def lists(self) -> Lists:
        """The lists of all roles."""
        snapshot = self.terrain.snapshot
        need, roles = snapshot.needs.role_need, ints(np.arange(len(snapshot.needs.role_need)))
        needs, groups = len(snapshot.needs.group), len(snapshot.needs.group_wait)
        group = snapshot.needs.group[need]
        tables = (
            (listed(snapshot.wishes, needs), need),
            (listed(snapshot.declined, needs), need),
            (listed(snapshot.conflicts, groups), group),
            (listed(snapshot.past, groups), group),
            (listed(snapshot.bans, len(roles)), roles),
        )
        shift = np.cumsum([0, *(len(table.person) for table, _ in tables)])[:-1, None]
        return Lists(
            ints([table.first[key] for table, key in tables]) + shift,
            ints([table.first[key + 1] for table, key in tables]) + shift,
            np.concatenate([table.person for table, _ in tables]),
            np.concatenate([table.value for table, _ in tables]),
        )

    def rates(self, tolls: Tolls) -> Rates:
        """What holds for every pair."""
        snapshot, weights = self.terrain.snapshot, self.terrain.weights
        new = int(snapshot.policy.continuity == "new")
        floor, scale = snapshot.policy.floor, np.array(tolls.scale)
        return Rates(self._credit, weights, self._total, floor, new, scale, tolls.hours)

    @cached_property
    def _credit(self) -> Ints:
        """(STEP², STEP) the credit of what somebody brings, for each level asked; none asked: 0."""
        has, near, asked = np.indices((STEP, STEP, STEP), dtype=np.int64).reshape(3, -1, STEP)
        return ints(np.where(asked > 0, skill_credit(has, near, np.maximum(asked, 1)), 0))


def _short(values: Any) -> NDArray[np.int32]:
    """Whole numbers that are never large: half as long, twice as many at a time."""
    return np.array(values, dtype=np.int32)


def people_of(terrain: Terrain, block: Block) -> tuple[Ints, Ints]:
    """Where the people of each skill of a block begin, and the positions of them all, skill after
    skill, each skill's ascending."""
    lists = [terrain.postings.holders(skill) for skill in block.skill.tolist()]
    people = np.cumsum([0, *(len(each) for each in lists)])
    return ints(people), np.concatenate(lists)


def task_for(terrain: Terrain, block: Block, tolls: Tolls, least: Ints, room: Ints) -> Task:
    """The block with its part of prices for everybody (P,) and of ``least``, ``room`` (R,)."""
    (_, who), role = people_of(terrain, block), block.role
    priced = who if tolls.hours else who[:0]  # nobody reads the others
    cut = tolls._replace(
        person=tolls.person.take(who, axis=1),
        minute=tolls.minute.take(priced, axis=1),
        long=tolls.long.take(priced, axis=1),
        role=tolls.role.take(role, axis=1),
        worth=tolls.worth[who],
    )
    return Task(block, cut, least[role], room[role])
