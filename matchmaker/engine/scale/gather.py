"""The arrays of a block: its people side by side, its roles, and the lists that name both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.facts import asked_rows
from matchmaker.engine.formulas import skill_credit
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.kernel import STEP, Crowd, Lists, Rates, Seats
from matchmaker.engine.scale.terrain import Block, Listed, Terrain, listed, packed
from matchmaker.engine.scale.tolls import Tolls
from matchmaker.engine.shapes import Needs


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
        assert len(self._joined)

    def arrays(self, task: Task) -> tuple[Crowd, Seats, Lists, Rates]:
        """All that a search of the task reads."""
        crowd, rates = self.crowd(task.block, task.tolls), self.rates(task.tolls)
        return crowd, self.seats(task), self.lists(task.block), rates

    def crowd(self, block: Block, tolls: Tolls) -> Crowd:
        """The people of a block with their prices."""
        who, people = people_of(self.terrain, block), self.terrain.snapshot.people
        asked = np.ix_(who, self.skills(block))
        brings = STEP * ints(people.levels[asked]) + people.near_levels[asked]
        return Crowd(
            person=who,
            minutes=people.minutes[who],
            stated=people.hours_stated[who],
            remote=people.remote[who],
            onsite=people.onsite[who],
            reach=people.reach[who],
            district=people.district[who],
            first=people.from_day[who],
            last=people.until_day[who],
            slots=people.slots[who],
            fields=people.fields[who],
            any_project=people.any_project[who],
            word=self.terrain.person_word[who],
            speaks=packed(people.speaks[who]),
            brings=np.ascontiguousarray(brings.T).astype(np.int8),
            worth=np.array(tolls.worth),
            paid=np.array(tolls.person, order="C"),
            minute=np.array(tolls.minute, order="C"),
            long=np.array(tolls.long, order="C"),
        )

    def skills(self, block: Block) -> Ints:
        """The skills that the block's roles ask, ascending."""
        needs = self.terrain.snapshot.needs
        return ints(np.unique(needs.asked_skill[asked_rows(needs, block.role)[1]]))

    def seats(self, task: Task) -> Seats:
        """The roles of a block with their prices."""
        needs: Needs = self.terrain.snapshot.needs
        role = task.block.role
        need = needs.role_need[role]
        pair, row = asked_rows(needs, role)
        return Seats(
            minutes=needs.role_minutes[role],
            mode=needs.mode[need],
            district=needs.district[need],
            starts=needs.starts[need],
            ends=needs.ends[need],
            slots=needs.slots[need],
            fields=needs.fields[need],
            word=self.terrain.role_word[role],
            requires=packed(needs.requires[need]),
            row=ints(np.searchsorted(pair, np.arange(len(role) + 1))),
            skill=ints(np.searchsorted(self.skills(task.block), needs.asked_skill[row])),
            asked=needs.asked_level[row],
            must=needs.asked_essential[row],
            weight=needs.asked_weight[row],
            paid=np.array(task.tolls.role, order="C"),
            least=np.array(task.least),
            room=np.array(task.room),
        )

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
        floor, total = snapshot.policy.floor, int(weights.sum())
        scale, distance = np.array(tolls.scale), np.array(snapshot.distance, order="C")
        return Rates(_credit(), weights, total, floor, new, scale, tolls.hours, distance)


def _credit() -> Ints:
    """(STEP², STEP) the credit of what somebody brings, for each level asked; none asked: none."""
    has, near, asked = np.indices((STEP, STEP, STEP), dtype=np.int64).reshape(3, STEP * STEP, STEP)
    return ints(np.where(asked > 0, skill_credit(has, near, np.maximum(asked, 1)), 0))


def people_of(terrain: Terrain, block: Block) -> Ints:
    """Positions of the people that a block looks at, ascending."""
    who = terrain.postings.holders(block.skill)
    return who[terrain.able[who]]


def task_for(terrain: Terrain, block: Block, tolls: Tolls, least: Ints, room: Ints) -> Task:
    """The block with its part of prices for everybody (P,) and of ``least``, ``room`` (R,)."""
    who, role = people_of(terrain, block), block.role
    cut = tolls._replace(
        person=tolls.person[:, who],
        minute=tolls.minute[:, who],
        long=tolls.long[:, who],
        role=tolls.role[:, role],
        worth=tolls.worth[who],
    )
    return Task(block, cut, least[role], room[role])
