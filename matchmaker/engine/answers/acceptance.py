"""Deferred acceptance: people ask in the order of their wishes, roles keep whom they value most.

Gale and Shapley 1962, many to one, people proposing: the stable outcome that every person likes
best among all stable ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop
from itertools import chain

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.problem import Ints


@dataclass(frozen=True)
class Wanted:
    """P people's wishes, K in all, person by person, best first.

    ``first``: (P+1,) where each person's wishes begin. ``role``: (K,) the role wished for.
    ``worth``: (K,) what the role gives for that person, greater is better; equal worth goes to
    the person numbered first, so put a tie rule into ``worth``. ``seats``: (R,).
    """

    first: Ints
    role: Ints
    worth: Ints
    seats: Ints

    def __post_init__(self) -> None:
        size = len(self.role)
        if len(self.worth) != size or not len(self.first) or self.first[-1] != size:
            raise ValueError("first, role, worth: lengths do not agree")
        if size and not 0 <= self.role.min() <= self.role.max() < len(self.seats):
            raise ValueError("role: points past the end of seats")
        if len(self.seats) and self.seats.min() < 0:
            raise ValueError("seats: negative")


def wanted(
    wishes: Sequence[Sequence[int]], choices: Sequence[Sequence[int]], seats: Sequence[int]
) -> Wanted:
    """``Wanted`` of two lists of lists: each person's roles and each role's people, best first.

    A wish counts only when the role lists the person too.
    """
    count = ints([len(row) for row in wishes])
    role = _flat(wishes)
    person = np.repeat(np.arange(len(wishes)), count)
    listed = ints([len(row) for row in choices])
    people = _flat(choices)
    roles = np.repeat(np.arange(len(choices)), listed)
    place = np.arange(len(people)) - np.repeat(np.cumsum(listed) - listed, listed)
    keys = roles * max(len(wishes), 1) + people
    mine = role * max(len(wishes), 1) + person
    at = _found(keys, mine)
    both = at >= 0
    kept = np.bincount(person[both], minlength=len(wishes))
    first = np.concatenate([[0], np.cumsum(kept)])
    return Wanted(ints(first), role[both], -place[at[both]], ints(seats))


def _flat(rows: Sequence[Sequence[int]]) -> Ints:
    return np.fromiter(chain.from_iterable(rows), np.int64)


def _found(keys: Ints, asked: Ints) -> Ints:
    """Where each of ``asked`` stands in ``keys``, -1 where it does not. Both are put in order
    first: a search in order is many times as quick."""
    order, turn = np.argsort(keys, kind="stable"), np.argsort(asked)
    place = np.searchsorted(keys[order], asked[turn])
    at = np.full(len(asked), -1)
    at[turn] = np.append(order, -1)[place]
    at[keys[at] != asked if len(keys) else slice(None)] = -1
    return ints(at)


def deferred_acceptance(asked: Wanted) -> Ints:
    """(P,) the wish (position in ``asked.role``) that each person gets, -1 for none.

    O(K log seats): each wish is made at most once.
    """
    first, role, worth, seats = (
        each.tolist() for each in (asked.first, asked.role, asked.worth, asked.seats)
    )
    after = first[:-1]
    last = first[1:]
    held: list[list[tuple[int, int, int]]] = [[] for _ in seats]
    for start in range(len(after)):
        person = start
        while person >= 0 and after[person] < last[person]:
            at = after[person]
            after[person] = at + 1
            holders = held[role[at]]
            bid = (worth[at], -person, at)
            if len(holders) < seats[role[at]]:
                heappush(holders, bid)
                break
            if seats[role[at]]:
                person = -heappushpop(holders, bid)[1]
    got = np.full(len(after), -1, dtype=np.int64)
    for holders in held:
        for _worth, negative, at in holders:
            got[-negative] = at
    return got


def blocking(asked: Wanted, got: Ints) -> Ints:
    """Wishes whose person and role would both rather be together than as in ``got``; ascending,
    none when ``got`` is stable. Linear in the number of wishes, and vectorised."""
    size = len(asked.seats)
    count = np.diff(asked.first)
    person = np.repeat(np.arange(len(count)), count)
    mine = np.where(got >= 0, got, asked.first[1:])[person]
    held = np.flatnonzero(got >= 0)
    roles = asked.role[got[held]]
    full = np.bincount(roles, minlength=size) >= asked.seats
    order = np.lexsort((-held, asked.worth[got[held]], roles))
    least = np.full(size, np.iinfo(np.int64).max)
    weakest = np.full(size, -1, dtype=np.int64)
    first_of = np.unique(roles[order], return_index=True)
    least[first_of[0]] = asked.worth[got[held]][order][first_of[1]]
    weakest[first_of[0]] = held[order][first_of[1]]
    better = (asked.worth > least[asked.role]) | (
        (asked.worth == least[asked.role]) & (person < weakest[asked.role])
    )
    return np.flatnonzero((np.arange(len(person)) < mine) & (~full[asked.role] | better))
