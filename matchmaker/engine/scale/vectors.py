"""The same search as the loop's, with numpy alone: role by role, all its people at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.shapes import UNKNOWN
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.scale.found import Found
from matchmaker.engine.scale.gather import Gatherer, Task, people_of
from matchmaker.engine.scale.kernel import Crowd, Lists, Rates, Seats
from matchmaker.engine.scale.memory import Memory, Scores
from matchmaker.engine.scale.rough import REFUSED, STEP

Floats = NDArray[np.float32]


def sift(gather: Gatherer, task: Task, memory: Memory) -> Found:
    """The best pairs of a task's roles, as ``Searcher`` answers it."""
    who = people_of(gather.terrain, task.block)
    parts = []
    for place, scores in enumerate(_scored(gather, task, memory)):
        part = _best(gather, task, who, place, scores)
        if part is not None:
            parts.append(part)
    return Found.joined(parts)


def _scored(gather: Gatherer, task: Task, memory: Memory) -> Iterator[Scores]:
    """The allowed pairs of each role of the task, remembered or scored now."""
    arrays: tuple[Crowd, Seats, Lists, Rates] | None = None
    for place, role in enumerate(task.block.role.tolist()):
        scores = memory.known.get(role)
        if scores is None:
            arrays = arrays or gather.arrays(task)
            scores = score_role(place, *arrays)
            memory.keep(role, scores)
        yield scores


def score_role(r: int, crowd: Crowd, seats: Seats, lists: Lists, rates: Rates) -> Scores:
    """The pairs of one role that the rules and the floor allow."""
    place = seats.place[seats.meets[r]][crowd.meets]
    rank, rating = np.zeros(len(place), np.int64), np.full(len(place), UNKNOWN)
    for each, values in ((0, rank), (3, rating)):
        listed, value = _listed(each, r, crowd, lists)
        values[listed] = value
    at = np.flatnonzero(_allowed(r, crowd, seats, lists, place))
    score = _score(r, at, crowd, seats, rates, (ints(place[at]), rank[at], rating[at]))
    keep = score >= rates.floor
    return Scores(at[keep].astype(np.int32), score[keep].astype(np.int16))


def _listed(each: int, r: int, crowd: Crowd, lists: Lists) -> tuple[Ints, Ints]:
    """Places in the crowd of the people on one of the role's lists, and their values."""
    mine = slice(lists.begin[each, r], lists.end[each, r])
    if mine.start == mine.stop:
        return lists.person[:0], lists.value[:0]
    place = np.searchsorted(crowd.person, lists.person[mine])
    here = np.flatnonzero(place < len(crowd.person))
    here = here[crowd.person[place[here]] == lists.person[mine][here]]
    return place[here], lists.value[mine][here]


def _allowed(r: int, crowd: Crowd, seats: Seats, lists: Lists, place: Floats) -> Bools:
    window = seats.starts[r], seats.ends[r], crowd.first, crowd.last
    refused = formulas.no_common_slot(crowd.slots, seats.slots[r])
    refused |= formulas.hours_short(crowd.minutes, seats.minutes[r])
    refused |= formulas.dates_apart(*window)
    refused |= place == REFUSED
    for row in range(seats.row[r], seats.row[r + 1]):
        if seats.must[row]:
            asked = STEP * int(seats.asked[row])
            refused |= formulas.skill_short(crowd.brings[seats.skill[row]], asked)
    for speaks, required in zip(crowd.speaks, seats.requires[:, r], strict=True):
        if required:
            refused |= (required & ~speaks) != 0
    listed, rank = _listed(0, r, crowd, lists)
    refused[listed[rank == 0]] = True
    for each in (1, 2, 4):
        refused[_listed(each, r, crowd, lists)[0]] = True
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


def _best(gather: Gatherer, task: Task, who: Ints, place: int, scores: Scores) -> Found | None:
    """The best pairs of the role at ``place``, best first; None when nothing is left of any."""
    room, role = int(task.room[place]), task.block.role[place]
    at, score = ints(scores.at), ints(scores.score)
    left = _left(gather, task, 0, place, at, score)
    cut = task.least[place]
    if len(left) > room:
        cut = max(cut, np.partition(left, -room)[-room])
    close = np.flatnonzero(left >= cut)
    if not len(close):
        return None
    at, score = at[close], score[close]
    word = gather.terrain.person_word[who[at]], gather.terrain.role_word[[role]]
    worth = task.tolls.worth[at], ints(formulas.pair_hash(*word))
    rest = [_left(gather, task, level, place, at, each) for level, each in enumerate(worth, 1)]
    every = np.array([left[close], *rest])
    order = np.lexsort(-every[::-1])[:room]
    return Found(who[at[order]], np.full(len(order), role), score[order], every[:, order])


def _left(gather: Gatherer, task: Task, level: int, place: int, at: Ints, worth: Ints) -> Ints:
    """(K,) what is left of the pairs of a role at one level."""
    tolls = task.tolls
    left = tolls.scale[level] * worth - tolls.person[level, at] - tolls.role[level, place]
    if tolls.hours:
        needs, block = gather.terrain.snapshot.needs, task.block
        asks = needs.role_minutes[block.role[place]]
        offers = gather.terrain.snapshot.people.minutes[people_of(gather.terrain, block)[at]]
        left -= tolls.minute[level, at] * asks + tolls.long[level, at] * (2 * asks > offers)
    return ints(left)
