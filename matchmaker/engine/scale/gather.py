"""The arrays of a block: its people side by side, its roles, and the lists that name both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.facts import asked_rows
from matchmaker.engine.formulas import skill_credit, wishes
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.kernel import Crowd, Lists, Rates, Seats
from matchmaker.engine.scale.rough import STEP
from matchmaker.engine.scale.terrain import Block, Levels, Listed, Terrain, listed, packed
from matchmaker.engine.scale.tolls import Tolls
from matchmaker.engine.scale.ways import Ways, ways
from matchmaker.engine.shapes import Needs

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
    """Turns blocks into the loop's arrays; keeps what is the same for every block.

    All arrays are made anew, in C order: the compiled loop knows one layout only.
    """

    terrain: Terrain

    def prepare(self) -> None:
        """Make what blocks share."""
        for name, kept in vars(type(self)).items():
            if isinstance(kept, cached_property):
                getattr(self, name)

    def arrays(self, task: Task) -> tuple[Crowd, Seats, Lists, Rates]:
        """All that a search of the task reads."""
        who = people_of(self.terrain, task.block)
        asked = asked_rows(self.terrain.snapshot.needs, task.block.role)
        skills, place = np.unique(self._asked[asked[1]], return_inverse=True)
        ways = self.ways(task.block, who)
        crowd = self.crowd(who, task.tolls, ints(skills), ways)
        seats = self.seats(task, asked, ints(place), ways)
        return crowd, seats, self.lists(task.block), self.rates(task.tolls)

    def crowd(self, who: Ints, tolls: Tolls, skills: Ints, ways: Ways) -> Crowd:
        """The people of a block with their prices."""
        return Crowd._make(
            (
                who,
                *self._facts.take(who, axis=1),
                ways.person,
                self._mild[who],
                self.terrain.person_word[who],
                self._speaks.take(who, axis=1),
                self._brought[skills].take(who, axis=1),
                tolls.worth,
                tolls.person,
                tolls.minute,
                tolls.long,
                self._per_price(tolls) * tolls.person[0],
            )
        )

    def _per_price(self, tolls: Tolls) -> float:
        """How many points (weights × features) one unit of a price at the first level is."""
        return int(self.terrain.weights.sum()) / int(tolls.scale[0])

    @cached_property
    def _facts(self) -> Ints:
        """(7, P) what a crowd knows of people, in its order."""
        people = self.terrain.snapshot.people
        columns = (
            people.minutes,
            people.hours_stated,
            people.from_day,
            people.until_day,
            people.slots,
            people.fields,
            people.any_project,
        )
        return ints(np.array(columns, dtype=np.int64))

    @cached_property
    def _mild(self) -> NDArray[np.float64]:
        """(P,) the points of whoever wishes for any project."""
        mild = wishes(0, ints(self.terrain.snapshot.people.any_project))
        return np.asarray(self.terrain.weights[4] * mild, dtype=np.float64)

    @cached_property
    def _speaks(self) -> Ints:
        return packed(self.terrain.snapshot.people.speaks)

    @cached_property
    def _skills(self) -> tuple[Ints, Ints]:
        """The skills that roles ask, ascending, and which of them each asked row is."""
        skills, row = np.unique(self.terrain.snapshot.needs.asked_skill, return_inverse=True)
        return ints(skills), ints(row)

    @property
    def _asked(self) -> Ints:
        return self._skills[1]

    @cached_property
    def _brought(self) -> Levels:
        """What everybody brings of each skill that is asked."""
        people = self.terrain.snapshot.people
        brought = np.empty((len(self._skills[0]), len(people.levels)), np.uint8)
        for row, skill in zip(brought, self._skills[0], strict=True):
            row[:] = STEP * people.levels[:, skill] + people.near_levels[:, skill]
        return brought

    @cached_property
    def _ways(self) -> Ways | None:
        """The ways to meet of everybody, unless they are of too many kinds."""
        return ways(self.terrain, slice(None), slice(None), _KINDS)

    def ways(self, block: Block, who: Ints) -> Ways:
        """The ways to meet of a block's people and roles."""
        need = self.terrain.snapshot.needs.role_need[block.role]
        if self._ways is None:
            own = ways(self.terrain, who, need)
            assert own is not None
            return own
        return self._ways._replace(person=self._ways.person[who], need=self._ways.need[need])

    def seats(self, task: Task, asked: tuple[Ints, Ints], skill: Ints, ways: Ways) -> Seats:
        """The roles of a block with their prices. ``asked``: their rows of skills (see
        ``asked_rows``); ``skill``: which row of what the crowd brings each of them is."""
        needs: Needs = self.terrain.snapshot.needs
        role, (pair, row) = task.block.role, asked
        need = needs.role_need[role]
        return Seats(
            minutes=needs.role_minutes[role],
            starts=needs.starts[need],
            ends=needs.ends[need],
            slots=needs.slots[need],
            fields=needs.fields[need],
            word=self.terrain.role_word[role],
            requires=packed(needs.requires[need]),
            meets=ways.need,
            place=ways.place,
            row=ints(np.searchsorted(pair, np.arange(len(role) + 1))),
            skill=skill,
            asked=needs.asked_level[row],
            must=needs.asked_essential[row],
            weight=needs.asked_weight[row],
            paid=task.tolls.role,
            least=task.least,
            room=task.room,
            slack=self._slack(task, needs.role_minutes[role]),
        )

    def _slack(self, task: Task, asks: Ints) -> NDArray[np.float64]:
        """(r,) points: half of one for each rounding of skills, of time and its parts and of the
        score, one for interest, and what is lost of prices as fractions."""
        weights, tolls = self.terrain.weights, task.tolls
        rounding = (weights[0] + 3 * weights[1] + 2 * weights[3] + weights.sum()) / 2 + 1
        minute, long, person = (
            int(np.abs(price[0]).max(initial=0))
            for price in (tolls.minute, tolls.long, tolls.person)
        )
        price = person + long + minute * asks + np.abs(tolls.role[0])
        return np.asarray(rounding + 1e-14 * self._per_price(tolls) * price, dtype=np.float64)

    @cached_property
    def _tables(self) -> tuple[Listed, ...]:
        snapshot = self.terrain.snapshot
        needs, roles = len(snapshot.needs.group), len(snapshot.needs.role_need)
        groups = len(snapshot.needs.group_wait)
        return (
            listed(snapshot.wishes, needs),
            listed(snapshot.declined, needs),
            listed(snapshot.conflicts, groups),
            listed(snapshot.past, groups),
            listed(snapshot.bans, roles),
        )

    @cached_property
    def _joined(self) -> tuple[Ints, Ints, Ints]:
        tables = self._tables
        shift = np.cumsum([0, *(len(table.person) for table in tables[:-1])])
        person = np.concatenate([table.person for table in tables])
        return ints(shift), ints(person), ints(np.concatenate([table.value for table in tables]))

    def lists(self, block: Block) -> Lists:
        """Where the lists of each role begin and end."""
        needs = self.terrain.snapshot.needs
        need = needs.role_need[block.role]
        group = needs.group[need]
        keys = (need, need, group, group, block.role)
        shift, person, value = self._joined
        each = list(zip(self._tables, keys, shift, strict=True))
        begin = ints([table.first[key] + by for table, key, by in each])
        end = ints([table.first[key + 1] + by for table, key, by in each])
        return Lists(begin, end, person, value)

    def rates(self, tolls: Tolls) -> Rates:
        """What holds for every pair."""
        snapshot, weights = self.terrain.snapshot, self.terrain.weights
        new = int(snapshot.policy.continuity == "new")
        floor, total, scale = snapshot.policy.floor, int(weights.sum()), np.array(tolls.scale)
        return Rates(self._credit, weights, total, floor, new, scale, tolls.hours)

    @cached_property
    def _credit(self) -> Ints:
        """(STEP², STEP) the credit of what somebody brings, for each level asked; none asked: 0."""
        has, near, asked = np.indices((STEP, STEP, STEP), dtype=np.int64).reshape(3, -1, STEP)
        return ints(np.where(asked > 0, skill_credit(has, near, np.maximum(asked, 1)), 0))


def people_of(terrain: Terrain, block: Block) -> Ints:
    """Positions of the people that a block looks at, ascending."""
    who = terrain.postings.holders(block.skill)
    return who[terrain.able[who]]


def task_for(terrain: Terrain, block: Block, tolls: Tolls, least: Ints, room: Ints) -> Task:
    """The block with its part of prices for everybody (P,) and of ``least``, ``room`` (R,)."""
    who, role = people_of(terrain, block), block.role
    priced = who if tolls.hours else who[:0]  # nobody reads the others
    cut = tolls._replace(
        person=tolls.person.take(who, axis=1),
        minute=tolls.minute.take(priced, axis=1),
        long=tolls.long.take(priced, axis=1),
        role=tolls.role.take(role, axis=1),
        worth=tolls.worth[who],
    )
    return Task(block, cut, least[role], room[role])
