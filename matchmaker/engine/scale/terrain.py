"""What a worker must know to score any pair, and the blocks into which that work is cut.

A block is some of the roles that start from the same posting list. Its people are gathered once,
side by side, so that a loop over them reads memory in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints, ordered
from matchmaker.engine.market import Market
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Lookup, Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import Words, id_words
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.scale.compiled import available

Levels = NDArray[Any]
_WORD = 62  # bits of a language word that stay clear of the sign
_COMPILED_FROM = 1_000_000  # pairs to look at, above which loading compiled loops pays


@dataclass(frozen=True)
class Terrain:
    """A snapshot without its ids and rows (so that it travels), posting lists, and hash words.

    ``able``: (P,) people who can be matched at all. ``compiled``: whether loops are compiled.
    """

    snapshot: Snapshot
    postings: Postings
    person_word: Words
    role_word: Words
    able: Bools
    compiled: bool

    @cached_property
    def weights(self) -> Ints:
        """(6,) the weights in force, in the order of the features."""
        counted = self.snapshot.policy.counted_weights
        return ints([counted[name] for name in FEATURES])


@dataclass(frozen=True)
class Block:
    """Roles that start from the holders of one skill (-1: from everybody)."""

    skill: int
    role: Ints


class Listed(NamedTuple):
    """A sparse table by its second key k: ``person`` (ascending) and ``value`` at
    ``first[k]:first[k + 1]``."""

    first: Ints
    person: Ints
    value: Ints


def survey(snapshot: Snapshot, *, compiled: bool | None = None) -> Terrain:
    """The terrain of a snapshot. ``compiled``: by default, when the size makes it pay and the
    compiler is there."""
    postings = Postings.of(snapshot)
    people = snapshot.people
    light = replace(snapshot, market=Market(), person_at={}, need_at={}, role_at={})
    person_word, role_word = id_words(snapshot)
    roles = ints(np.arange(len(snapshot.needs.role_need)))
    if compiled is None:
        compiled = int(postings.sizes(roles).sum()) >= _COMPILED_FROM and available()
    able = people.verified & (people.capacity > 0)
    return Terrain(light, postings, person_word, role_word, able, compiled)


def blocks(terrain: Terrain, roles: Ints, most: int = 8_000_000) -> Iterator[Block]:
    """The given roles in blocks of about ``most`` pairs to look at."""
    rarest = terrain.postings.rarest[roles]
    order = np.argsort(rarest, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(rarest[order])) + 1):
        if len(part):
            size = max(int(terrain.postings.sizes(roles[part[:1]])[0]), 1)
            step = max(most // size, 1)
            for at in range(0, len(part), step):
                yield Block(int(rarest[part[0]]), roles[part[at : at + step]])


def listed(lookup: Lookup, size: int) -> Listed:
    """``lookup`` turned around: the people of each of the ``size`` second keys."""
    person, second = np.divmod(lookup.keys, max(lookup.width, 1))
    order = ordered(second, person)
    first = np.searchsorted(second[order], np.arange(size + 1))
    return Listed(ints(first), ints(person[order]), ints(lookup.values[order]))


def packed(flags: Bools) -> Ints:
    """(W, n) rows of yes/no as words of bits; at least one word."""
    words = max(-(-flags.shape[1] // _WORD), 1)
    out = np.zeros((words, len(flags)), dtype=np.int64)
    for at in range(flags.shape[1]):
        out[at // _WORD] |= flags[:, at].astype(np.int64) << (at % _WORD)
    return out
