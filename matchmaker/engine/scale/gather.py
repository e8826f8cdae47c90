"""The arrays of a block: its people side by side, its roles, and the lists that name both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs.facts import asked_rows
from matchmaker.engine.pairs.formulas import skill_credit, wishes
from matchmaker.engine.pairs.shapes import Needs
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.kernel import Crowd, Lists, Rates, Seats
from matchmaker.engine.scale.rough import STEP
from matchmaker.engine.scale.terrain import Block, Levels, Terrain, listed, packed
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
        pair, row = asked_rows(self.terrain.snapshot.needs, task.block.role)
        asked, ways = self._asked.take(row, axis=1), self.ways(task.block, who)
        here = np.zeros(len(self._brought), dtype=bool)
        here[asked[0]] = True
        crowd = self.crowd(who, task.tolls, ints(np.flatnonzero(here)), ways)
        asked[0] = (np.cumsum(here) - 1)[asked[0]]
        seats = self.seats(task, pair, asked, ways)
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
        return self._total / int(tolls.scale[0])

    @cached_property
    def _total(self) -> int:
        return int(self.terrain.weights.sum())

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
    def _asked(self) -> Ints:
        """(4, A) of each asked row which of the asked skills, the level, whether it must be met,
        and the weight."""
        needs = self.terrain.snapshot.needs
        which = np.unique(needs.asked_skill, return_inverse=True)[1]
        return ints([which, needs.asked_level, needs.asked_essential, needs.asked_weight])

    @cached_property
    def _brought(self) -> Levels:
        """What everybody brings of each skill that is asked, ascending."""
        people, skills = self.terrain.snapshot.people, self.terrain.snapshot.needs.asked_skill
        skills = ints(np.unique(skills))
        brought = np.empty((len(skills), len(people.levels)), np.uint8)
        for row, skill in zip(brought, skills, strict=True):
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

    @cached_property
    def _roles(self) -> Ints:
        """(5, R) what each role asks, in the order of a block's seats."""
        needs: Needs = self.terrain.snapshot.needs
        columns = needs.starts, needs.ends, needs.slots, needs.fields
        return ints([needs.role_minutes, *(column[needs.role_need] for column in columns)])

    @cached_property
    def _requires(self) -> Ints:
        needs = self.terrain.snapshot.needs
        return packed(needs.requires[needs.role_need])

    def seats(self, task: Task, pair: Ints, asked: Ints, ways: Ways) -> Seats:
        """The roles of a block with their prices. ``asked``: columns of ``_asked`` that belong to
        the roles ``pair``, skills as rows of what the crowd brings."""
        role = task.block.role
        facts = self._roles.take(role, axis=1)
        return Seats._make(
            (
                *facts,
                self.terrain.role_word[role],
                self._requires.take(role, axis=1),
                ways.need,
                ways.place,
                ints(np.searchsorted(pair, np.arange(len(role) + 1))),
                *asked,
                task.tolls.role,
                task.least,
                task.room,
                self._slack(task, facts[0]),
            )
        )

    @cached_property
    def _rounding(self) -> float:
        """Points: half of one for each rounding of skills, of time and its parts and of the score,
        and one for interest."""
        weights = self.terrain.weights
        return float(weights[0] + 3 * weights[1] + 2 * weights[3] + self._total) / 2 + 1

    def _slack(self, task: Task, asks: Ints) -> NDArray[np.float64]:
        """(r,) points by which a rough look may be wrong, with what is lost of prices as
        fractions."""
        tolls = task.tolls
        price = np.abs(tolls.role[0]) + int(np.abs(tolls.person[0]).max(initial=0))
        if tolls.hours:
            price += int(np.abs(tolls.long[0]).max(initial=0))
            price += int(np.abs(tolls.minute[0]).max(initial=0)) * asks
        return np.asarray(self._rounding + 1e-14 * self._per_price(tolls) * price, np.float64)

    @cached_property
    def _lists(self) -> Lists:
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

    def lists(self, block: Block) -> Lists:
        """Where the lists of each role begin and end."""
        begin, end, person, value = self._lists
        return Lists(begin.take(block.role, axis=1), end.take(block.role, axis=1), person, value)

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
