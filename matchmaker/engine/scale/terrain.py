"""What a worker must know to score any pair, and the blocks into which that work is cut.

Roles that start from the same posting list stand together: its people are gathered once, side by
side, so that a loop over them reads memory in order. A block is some of these, of one
list or of several short ones.
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
_LEAST, _MOST = 500_000, 8_000_000  # pairs to look at in a block
_BLOCKS = 64  # into which they are cut in between


@dataclass(frozen=True)
class Terrain:
    """A snapshot without its ids and rows (so that it travels), the posting lists of people who can
    be matched at all, and hash words. ``compiled``: whether loops are compiled."""

    snapshot: Snapshot
    postings: Postings
    person_word: Words
    role_word: Words
    compiled: bool

    @cached_property
    def weights(self) -> Ints:
        """(6,) the weights in force, in the order of the features."""
        counted = self.snapshot.policy.counted_weights
        return ints([counted[name] for name in FEATURES])


@dataclass(frozen=True)
class Block:
    """Roles that start from the holders of ``skill[k]`` (-1: from everybody) stand at ``first[k]``
    up to ``first[k + 1]``."""

    skill: Ints  # (b,)
    first: Ints  # (b + 1,)
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
    able = postings.only(people.verified & (people.capacity > 0))
    return Terrain(light, able, person_word, role_word, compiled)


def blocks(terrain: Terrain, roles: Ints, most: int | None = None) -> Iterator[Block]:
    """The given roles in blocks of about ``most`` pairs to look at (default: by how many these are
    in all)."""
    rarest = terrain.postings.rarest[roles]
    order = np.argsort(rarest, kind="stable")
    roles, rarest = roles[order], rarest[order]
    sizes = terrain.postings.sizes(roles)
    before = np.cumsum(sizes) - sizes
    if most is None:
        most = min(max(int(sizes.sum()) // _BLOCKS, _LEAST), _MOST)
    cuts = np.flatnonzero(np.diff(before // most)) + 1
    for role, skill in zip(np.split(roles, cuts), np.split(rarest, cuts), strict=True):
        if len(role):
            begin = np.flatnonzero(np.diff(skill, prepend=-2))
            yield Block(skill[begin], ints(np.append(begin, len(role))), role)


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
