"""The same search as the loop's, with numpy alone: role by role, all its people at once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.shapes import UNKNOWN
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Gatherer, Task
from matchmaker.engine.scale.kernel import Crowd, Rates, Seats, Share
from matchmaker.engine.scale.memory import Memory, Scores
from matchmaker.engine.scale.rough import REFUSED, STEP

Floats = NDArray[np.float32]


def sift(gather: Gatherer, task: Task, memory: Memory) -> Found:
    """The best pairs of a task's roles, as ``Searcher`` answers it."""
    share, rates, parts = gather.share(task), gather.rates(task.tolls), []
    for k, here in enumerate(share.people[:-1].tolist()):
        present = _Present(gather, share, rates, slice(here, share.people[k + 1]))
        for place in range(share.roles[k], share.roles[k + 1]):
            role = int(share.role[place])
            scores = memory.known.get(role)
            if scores is None:
                scores = present.scores(place)
                memory.keep(role, scores)
            part = _best(gather, task, share, place, here + ints(scores.at), ints(scores.score))
            if part is not None:
                parts.append(part)
    return Found.joined(parts)


class _Present:
    """The people of one posting list of a block, side by side."""

    def __init__(self, gather: Gatherer, share: Share, rates: Rates, here: slice) -> None:
        self.gather, self.share, self.rates, self.here = gather, share, rates, here

    @cached_property
    def crowd(self) -> Crowd:
        """What is known of them: whole numbers are int64 here."""
        who = self.share.person[self.here]
        columns = (column.take(who, axis=-1) for column in self.gather.crowd)
        return Crowd._make(ints(each) if each.dtype == np.int32 else each for each in columns)

    def scores(self, place: int) -> Scores:
        """The pairs of the role at ``place`` that the rules and the floor allow."""
        share, seats, r = self.share, self.gather.seats, int(self.share.role[place])
        meets = share.place[share.asks[place]][share.meets[self.here]]
        rank, rating = np.zeros(len(meets), np.int64), np.full(len(meets), UNKNOWN)
        for each, values in ((0, rank), (3, rating)):
            listed, value = self._listed(each, r)
            values[listed] = value
        at = np.flatnonzero(self._allowed(r, meets))
        facts = ints(meets[at]), rank[at], rating[at]
        score = _score(r, at, self.crowd, seats, self.rates, facts)
        keep = score >= self.rates.floor
        return Scores(at[keep].astype(np.int32), score[keep].astype(np.int16))

    def _listed(self, each: int, r: int) -> tuple[Ints, Ints]:
        """Places of those who are on one of the role's lists, and their values."""
        lists, person = self.gather.lists, self.share.person[self.here]
        mine = slice(lists.begin[each, r], lists.end[each, r])
        if mine.start == mine.stop:
            return lists.person[:0], lists.value[:0]
        place = np.searchsorted(person, lists.person[mine])
        here = np.flatnonzero(place < len(person))
        here = here[person[place[here]] == lists.person[mine][here]]
        return place[here], lists.value[mine][here]

    def _allowed(self, r: int, meets: Floats) -> Bools:
        crowd, seats = self.crowd, self.gather.seats
        refused = formulas.no_common_slot(crowd.slots, seats.slots[r])
        refused |= formulas.hours_short(crowd.minutes, seats.minutes[r])
        refused |= formulas.dates_apart(seats.starts[r], seats.ends[r], crowd.first, crowd.last)
        refused |= meets == REFUSED
        for row in range(seats.row[r], seats.row[r + 1]):
            if seats.must[row]:
                asked = STEP * int(seats.asked[row])
                refused |= formulas.skill_short(crowd.brings[seats.skill[row]], asked)
        for speaks, required in zip(crowd.speaks, seats.requires[:, r], strict=True):
            if required:
                refused |= (required & ~speaks) != 0
        listed, rank = self._listed(0, r)
        refused[listed[rank == 0]] = True
        for each in (1, 2, 4):
            refused[self._listed(each, r)[0]] = True
        return np.asarray(~refused, dtype=bool)


def _score(
    r: int, at: Ints, crowd: Crowd, seats: Seats, rates: Rates, facts: tuple[Ints, ...]
) -> Ints:
    """``facts``: points of place, rank of the wish, rating of earlier work."""
    place, rank, rating = facts
    asks, minutes, slots, fields = (
        seats.minutes[r],
        crowd.minutes[at],
        crowd.slots[at],
        crowd.fields[at],
    )
    rows = slice(seats.row[r], seats.row[r + 1])
    earned = np.zeros(len(at), np.int64)
    for skill, asked, weight in zip(
        seats.skill[rows], seats.asked[rows], seats.weight[rows], strict=True
    ):
        earned += weight * rates.credit[:, asked][crowd.brings[skill][at]]
    window = seats.starts[r], seats.ends[r], crowd.first[at], crowd.last[at]
    features = (
        formulas.skills(earned, seats.weight[rows].sum()),
        formulas.time(
            formulas.hours_share(minutes, crowd.stated[at], asks),
            formulas.dates_share(*window),
            formulas.slots_share(slots, seats.slots[r]),
        ),
        formulas.interest(fields, seats.fields[r]),
        formulas.wishes(rank, crowd.any_project[at]),
        formulas.continuity(rating, rates.new),
    )
    weights = np.delete(rates.weights, 2)  # place comes in points
    points = sum(weight * each for weight, each in zip(weights, features, strict=True))
    return ints(formulas.rounded(points + place, rates.total))


def _best(
    gather: Gatherer, task: Task, share: Share, place: int, at: Ints, score: Ints
) -> Found | None:
    """The best pairs of the role at ``place``, best first; None when nothing is left of any.
    ``at``: positions among the block's people."""
    room, role = int(task.room[place]), share.role[place]
    left = _left(gather, task, share, 0, place, at, score)
    cut = task.least[place]
    if len(left) > room:
        cut = max(cut, np.partition(left, -room)[-room])
    close = np.flatnonzero(left >= cut)
    if not len(close):
        return None
    at, score = at[close], score[close]
    who = share.person[at]
    word = gather.crowd.word[who], gather.seats.word[[role]]
    worth = task.tolls.worth[at], ints(formulas.pair_hash(*word))
    rest = [
        _left(gather, task, share, level, place, at, each) for level, each in enumerate(worth, 1)
    ]
    every = np.array([left[close], *rest])
    order = np.lexsort(-every[::-1])[:room]
    return Found(who[order], np.full(len(order), role), score[order], every[:, order])


def _left(
    gather: Gatherer, task: Task, share: Share, level: int, place: int, at: Ints, worth: Ints
) -> Ints:
    """(K,) what is left of the pairs of a role at one level."""
    tolls = task.tolls
    left = tolls.scale[level] * worth - tolls.person[level, at] - tolls.role[level, place]
    if tolls.hours:
        asks = gather.seats.minutes[share.role[place]]
        offers = gather.crowd.minutes[share.person[at]]
        left -= tolls.minute[level, at] * asks + tolls.long[level, at] * (2 * asks > offers)
    return ints(left)
