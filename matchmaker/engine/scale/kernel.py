"""The loop over the people of a block: refuse, score, and keep the best few of each role.

Plain Python over arrays; ``compiled`` turns it, with the formulas it calls, into machine code.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from matchmaker.engine.formulas import (
    FULL,
    NOT_STATED,
    comes_on_site,
    continuity,
    dates_apart,
    dates_share,
    hours_share,
    hours_short,
    interest,
    nearness,
    no_common_slot,
    out_of_reach,
    pair_hash,
    place,
    rounded,
    skill_short,
    skills,
    slots_share,
    time,
    wishes,
)
from matchmaker.engine.shapes import UNKNOWN

STEP = 5  # levels, none included


class Crowd(NamedTuple):
    """The n people of a block side by side: attributes, what they bring of each skill, prices."""

    person: Any  # (n,) positions, ascending
    minutes: Any
    stated: Any
    remote: Any
    onsite: Any
    reach: Any
    district: Any
    first: Any
    last: Any
    slots: Any
    fields: Any
    any_project: Any
    word: Any
    speaks: Any  # (W, n)
    brings: Any  # (S, n) STEP × level + best level of a neighbouring skill
    worth: Any  # (n,) what waiting counts
    paid: Any  # (3, n)
    minute: Any  # (3, n)
    long: Any  # (3, n)


class Seats(NamedTuple):
    """The roles of a block: what their needs ask, the rows of skills, and prices."""

    minutes: Any
    mode: Any
    district: Any
    starts: Any
    ends: Any
    slots: Any
    fields: Any
    word: Any
    requires: Any  # (W, r)
    row: Any  # (r + 1,) where the asked skills of each role begin
    skill: Any  # row of what the crowd brings
    asked: Any
    must: Any
    weight: Any
    paid: Any  # (3, r)
    least: Any  # (r,) no less may be left at the score level
    room: Any  # (r,) how many to keep


class Lists(NamedTuple):
    """Where each role's people begin and end in five lists, and the lists themselves: wishes,
    declined, conflicts, history, bans."""

    begin: Any  # (5, r)
    end: Any  # (5, r)
    person: Any  # all lists end to end
    value: Any


class Rates(NamedTuple):
    """What holds for every pair: the credit of what somebody brings for a level asked, weights,
    their sum, the floor, whether new partners are wanted, the scale of each level, whether minutes
    are priced, and the distances."""

    credit: Any  # (STEP × STEP, STEP)
    weights: Any
    total: Any
    floor: Any
    new: Any
    scale: Any
    hours: Any
    distance: Any


class Kept(NamedTuple):
    """The best pairs of each role, best first."""

    at: Any  # (r, k) which of the crowd
    score: Any  # (r, k)
    left: Any  # (3, r, k) what is left of the pair at each level
    size: Any  # (r,)


def above(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Whether (a, b, c) comes before (d, e, f): greater at the first level where they differ."""
    return a > d or (a == d and (b > e or (b == e and c > f)))


def seek(people: Any, at: Any, end: Any, person: Any) -> Any:
    """The first place in a list from ``at`` on that is not before ``person``."""
    while at < end and people[at] < person:
        at += 1
    return at


def silent(speaks: Any, i: Any, requires: Any, r: Any) -> Any:
    """Whether a required language is missing."""
    lacking = 0
    for w in range(len(requires)):
        lacking |= requires[w, r] & ~speaks[w, i]
    return lacking != 0


def insert(at: Any, scores: Any, left: Any, r: Any, size: Any, i: Any, score: Any) -> None:
    """Move the pair at the end of a role's best, ``left[:, r, size]``, up to its place."""
    a, b, c = left[0, r, size], left[1, r, size], left[2, r, size]
    to = size
    while to > 0 and above(a, b, c, left[0, r, to - 1], left[1, r, to - 1], left[2, r, to - 1]):
        at[r, to], scores[r, to] = at[r, to - 1], scores[r, to - 1]
        for level in range(3):
            left[level, r, to] = left[level, r, to - 1]
        to -= 1
    at[r, to], scores[r, to] = i, score
    left[0, r, to], left[1, r, to], left[2, r, to] = a, b, c


def scan_role(r: Any, crowd: Any, seats: Any, lists: Any, rates: Any, kept: Any) -> None:
    """Look at everybody in the crowd for one role. Whatever the loop reads is unpacked first.

    Who cannot come before the last that is kept, even with the best of what has not been looked
    at yet, is left out early. That test alone is in fractions, and errs towards looking on.
    """
    asks, mode, district = seats.minutes[r], seats.mode[r], seats.district[r]
    starts, ends = seats.starts[r], seats.ends[r]
    asked_slots, asked_fields, role_word = seats.slots[r], seats.fields[r], seats.word[r]
    row, row_end, room = seats.row[r], seats.row[r + 1], seats.room[r]
    skill, asked, must, weight = seats.skill, seats.asked, seats.must, seats.weight
    cut, requires = seats.least[r], seats.requires
    role_paid = seats.paid[0, r], seats.paid[1, r], seats.paid[2, r]
    person, minutes, stated, slots = crowd.person, crowd.minutes, crowd.stated, crowd.slots
    remote, onsite, reach, home = crowd.remote, crowd.onsite, crowd.reach, crowd.district
    first, last, fields, any_project = crowd.first, crowd.last, crowd.fields, crowd.any_project
    word, speaks, brings, worth = crowd.word, crowd.speaks, crowd.brings, crowd.worth
    paid, minute, long = crowd.paid, crowd.minute, crowd.long
    people, values = lists.person, lists.value
    wish, wish_end = lists.begin[0, r], lists.end[0, r]
    declined, declined_end = lists.begin[1, r], lists.end[1, r]
    conflict, conflict_end = lists.begin[2, r], lists.end[2, r]
    past, past_end = lists.begin[3, r], lists.end[3, r]
    ban, ban_end = lists.begin[4, r], lists.end[4, r]
    credit, weights, total, floor = rates.credit, rates.weights, rates.total, rates.floor
    new, scale, hours, distances = rates.new, rates.scale, rates.hours, rates.distance
    weighed = 0
    for q in range(row, row_end):
        weighed += weight[q]
    by_skill, per_point = weights[0] / max(weighed, 1), 1.0 / scale[0]
    unseen = FULL * (weights[1] + weights[2] + weights[5]) + weights[0] + total + 1.0  # rounding
    if weighed == 0:
        unseen += FULL * weights[0]
    at, scores, left, size = kept.at, kept.score, kept.left, 0
    for i in range(len(person)):
        if no_common_slot(slots[i], asked_slots) or hours_short(minutes[i], asks):
            continue
        if dates_apart(starts, ends, first[i], last[i]):
            continue
        earned, able = 0, True
        for q in range(row, row_end):
            had = brings[skill[q], i]
            earned += weight[q] * credit[had, asked[q]]
            able = able and not (must[q] and skill_short(had, STEP * asked[q]))
        if not able:
            continue
        who, rank, rating = person[i], 0, UNKNOWN
        wish = seek(people, wish, wish_end, who)
        if wish < wish_end and people[wish] == who:
            rank = values[wish]
            if rank == 0:
                continue
        price = paid[0, i] + role_paid[0]
        if hours:
            price += minute[0, i] * asks + long[0, i] * (2 * asks > minutes[i])
        cares = fields[i] & asked_fields
        shares = FULL * (cares != 0) + NOT_STATED * ((fields[i] == 0) | (asked_fields == 0))
        wanted = wishes(rank, any_project[i])
        most = by_skill * earned + unseen + weights[3] * shares + weights[4] * wanted
        if most < total * max(per_point * (cut + price), floor):
            continue
        distance = distances[home[i], district]
        comes = comes_on_site(onsite[i], reach[i], distance)
        if out_of_reach(mode, remote[i], comes) or silent(speaks, i, requires, r):
            continue
        declined = seek(people, declined, declined_end, who)
        conflict = seek(people, conflict, conflict_end, who)
        ban = seek(people, ban, ban_end, who)
        past = seek(people, past, past_end, who)
        if declined < declined_end and people[declined] == who:
            continue
        if conflict < conflict_end and people[conflict] == who:
            continue
        if ban < ban_end and people[ban] == who:
            continue
        if past < past_end and people[past] == who:
            rating = values[past]
        suits = time(
            hours_share(minutes[i], stated[i], asks),
            dates_share(starts, ends, first[i], last[i]),
            slots_share(slots[i], asked_slots),
        )
        meets = place(mode, remote[i], comes, nearness(reach[i], distance))
        points = weights[0] * skills(earned, weighed) + weights[1] * suits + weights[2] * meets
        points += weights[3] * interest(fields[i], asked_fields) + weights[4] * wanted
        points += weights[5] * continuity(rating, new)
        score = rounded(points, total)
        a = scale[0] * score - price
        if score < floor or a < cut:
            continue
        b = scale[1] * worth[i] - paid[1, i] - role_paid[1]
        c = scale[2] * int(pair_hash(word[i], role_word)) - paid[2, i] - role_paid[2]
        if hours:
            b -= minute[1, i] * asks + long[1, i] * (2 * asks > minutes[i])
            c -= minute[2, i] * asks + long[2, i] * (2 * asks > minutes[i])
        if size == room:
            end = room - 1
            if not above(a, b, c, left[0, r, end], left[1, r, end], left[2, r, end]):
                continue
            size = end
        left[0, r, size], left[1, r, size], left[2, r, size] = a, b, c
        insert(at, scores, left, r, size, i, score)
        size += 1
        if size == room:
            cut = max(cut, left[0, r, room - 1])
    kept.size[r] = size


def scan(crowd: Any, seats: Any, lists: Any, rates: Any, kept: Any) -> None:
    """Look at every pair of the block and fill ``kept``."""
    for r in range(len(seats.minutes)):
        scan_role(r, crowd, seats, lists, rates, kept)
