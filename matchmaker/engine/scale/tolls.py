"""What every pair must pay: whole-number prices in three levels, score, waiting and hash."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Ints
from matchmaker.engine.solution import Prices, Solution


class Tolls(NamedTuple):
    """What is left of a pair at each level is ``scale × worth − person − role − minute × minutes
    − long``, where ``long`` counts for a seat of more than half of the minutes offered.

    ``scale``: (3,). ``person``, ``minute``, ``long``: (3, P). ``role``: (3, R). ``worth``: (P,)
    what the person's waiting counts in the second level. Without ``hours``, minute and long are 0.
    """

    scale: Ints
    person: Ints
    minute: Ints
    long: Ints
    role: Ints
    worth: Ints
    hours: bool


def free(snapshot: Snapshot) -> Tolls:
    """No prices: what is left of a pair is its score, days waited and hash."""
    people, roles = len(snapshot.people.capacity), len(snapshot.needs.role_need)
    none, wait = np.zeros((3, people), np.int64), snapshot.people.wait
    ones = np.ones(3, np.int64)
    return Tolls(ones, none, none, none, np.zeros((3, roles), np.int64), wait, hours=False)


def simple(snapshot: Snapshot, person: Ints, role: Ints) -> Tolls:
    """Prices of people (P,) and roles (R,) at the score level alone."""
    tolls = free(snapshot)
    people, roles = tolls.person.copy(), tolls.role.copy()
    people[0], roles[0] = person, role
    return tolls._replace(person=people, role=roles)


def charged(snapshot: Snapshot, solution: Solution) -> Tolls:
    """The prices of a solution. What a pair would save by holding the one seat that staffs a need
    of optional roles is taken off its role; the price of the one seat of a person in a need is
    left out: so nothing that could improve is overlooked, and what is left of a pair may be said
    to be more than it is, never less."""
    needs, wait = snapshot.needs, snapshot.people.wait
    every = (solution.prices, *(solution.ties or (_nil(solution.prices),) * 2))
    loose = np.ones(len(needs.group), dtype=bool)
    loose[needs.role_need[needs.role_essential]] = False
    lift = [np.where(loose, prices.need, 0)[needs.role_need] for prices in every]
    role = np.array([prices.role - by for prices, by in zip(every, lift, strict=True)])
    seated = every[1].seated
    return Tolls(
        scale=np.array([prices.scale for prices in every], dtype=np.int64),
        person=np.array([prices.person for prices in every], dtype=np.int64),
        minute=np.array([prices.minute for prices in every], dtype=np.int64),
        long=np.array([prices.long for prices in every], dtype=np.int64),
        role=role.astype(np.int64),
        worth=np.where(snapshot.people.capacity > 1, seated, wait) if len(seated) else wait,
        hours=any(prices.minute.any() or prices.long.any() for prices in every),
    )


def _nil(like: Prices) -> Prices:
    """No prices: every tie at the score level counts as an improvement."""
    return replace(
        like,
        scale=1,
        **{
            name: np.zeros_like(getattr(like, name))
            for name in ("person", "role", "minute", "long", "need", "once")
        },
    )
