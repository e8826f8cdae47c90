"""The loop over a block: refuse, score, and keep the best few people of each role.

Of each posting list the people are gathered first, side by side. All are looked at roughly
(``rough``); only those who may be among the best are scored, by the formulas, and compared. Plain
Python over arrays; ``compiled`` turns it, with what it calls, into machine code.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy import float32, uintp

from matchmaker.engine.pairs.formulas import (
    FULL,
    continuity,
    dates_share,
    hours_share,
    interest,
    pair_hash,
    rounded,
    skills,
    slots_share,
    time,
    wishes,
)
from matchmaker.engine.pairs.shapes import UNKNOWN
from matchmaker.engine.scale.rough import (
    REFUSED,
    add_dates,
    add_fields,
    add_hours,
    add_past,
    add_skill,
    add_slots,
    add_wishes,
    begin,
    everybody,
    find,
    refuse_listed,
    refuse_silent,
)

PLACES = 8  # for each of the best that are to be kept, to which people are dealt out
HALVINGS = 10  # in search of the bar
SHORT = 192  # people: so few are compared sooner all with all than one after another


class Crowd(NamedTuple):
    """Everybody: attributes, and what they bring of each skill that is asked."""

    minutes: Any  # (P,)
    stated: Any
    first: Any
    last: Any
    slots: Any
    fields: Any
    any_project: Any
    mild: Any  # points of a wish for any project
    word: Any
    speaks: Any  # (W, P)
    brings: Any  # (S, P) STEP × level + best level of a neighbouring skill


class Seats(NamedTuple):
    """All roles: what their needs ask, and the rows of skills."""

    minutes: Any  # (R,)
    starts: Any
    ends: Any
    slots: Any
    fields: Any
    word: Any
    requires: Any  # (W, R)
    row: Any  # (R + 1,) where the asked skills of each role begin
    skill: Any  # row of what the crowd brings
    asked: Any
    must: Any
    weight: Any


class Share(NamedTuple):
    """The n people and r roles of a block, posting list after posting list, with their prices."""

    people: Any  # (b + 1,) where the people of each list begin
    person: Any  # (n,) positions, ascending within a list
    roles: Any  # (b + 1,) where the roles of each list begin
    role: Any  # (r,) positions
    meets: Any  # (n,) column of place
    asks: Any  # (r,) row of place
    place: Any  # points by the needs' and the people's ways to meet, or REFUSED
    worth: Any  # (n,) what waiting counts
    paid: Any  # (3, n)
    minute: Any  # (3, n)
    long: Any  # (3, n)
    fee: Any  # (n,) what is paid at the first level, in points
    price: Any  # (3, r) of roles
    least: Any  # (r,) no less may be left at the score level
    room: Any  # (r,) how many to keep
    slack: Any  # (r,) by how many points the rough look may be wrong


class Lists(NamedTuple):
    """Where each role's people begin and end in five lists, and the lists themselves: wishes,
    declined, conflicts, history, bans."""

    begin: Any  # (5, R)
    end: Any  # (5, R)
    person: Any  # all lists end to end
    value: Any


class Rates(NamedTuple):
    """What holds for every pair: the credit of what somebody brings for a level asked, weights,
    their sum, the floor, whether new partners are wanted, the scale of each level, and whether
    minutes are priced."""

    credit: Any  # (STEP × STEP, STEP)
    weights: Any
    total: Any
    floor: Any
    new: Any
    scale: Any
    hours: Any


class Kept(NamedTuple):
    """The best pairs of each role, best first, role after role."""

    at: Any  # (k,) which of the people
    score: Any  # (k,)
    left: Any  # (3, k) what is left of the pair at each level
    size: Any  # (r,)


def deal(rough: Any, fee: Any, sure: Any, best: Any, peak: Any) -> None:
    """Deal everybody out to places, one after another: ``peak`` becomes the most that anybody has
    left in each, ``best`` the most that somebody with ``sure`` points has."""
    none, sure, places = float32(REFUSED), float32(sure), len(peak)
    for k in range(places):
        best[k], peak[k] = none, none
    for first in range(0, len(rough), places):
        for k in range(min(places, len(rough) - first)):
            i = uintp(first + k)  # never counted from the end
            mine = rough[i] - fee[i]
            peak[k] = mine if mine > peak[k] else peak[k]
            firm = mine if rough[i] >= sure else none
            best[k] = firm if firm > best[k] else best[k]


def bar_of(best: Any, room: Any) -> Any:
    """What the best of at least ``room`` places have left, and hardly less than the last of these;
    REFUSED if so many have nobody."""
    low, high, count = float32(-REFUSED), float32(REFUSED), 0
    for k in range(len(best)):
        known = best[k] > float32(REFUSED)
        count += known
        low = min(low, best[k] if known else low)
        high = max(high, best[k])
    if count < room:
        return float32(REFUSED)
    for _ in range(HALVINGS):
        middle, count = float32((low + high) / 2), 0
        for k in range(len(best)):
            count += best[k] >= middle
        low, high = (middle, high) if count >= room else (low, middle)
    return low


def shortlist(rough: Any, fee: Any, bar: Any, least: Any, peak: Any, listed: Any, left: Any) -> Any:
    """List whoever has ``least`` points and ``bar`` left, with what is left, from the places with
    such a ``peak``: how many."""
    count, bar, least = 0, float32(bar), float32(least)
    for k in range(len(peak)):
        if peak[k] >= bar:
            for i in range(k, len(rough), len(peak)):
                listed[count], left[count] = i, rough[i] - fee[i]
                count += (rough[i] >= least) & (left[count] >= bar)
    return count


def shorten(rough: Any, sure: Any, listed: Any, left: Any, count: Any, room: Any, miss: Any) -> Any:
    """Strike off a short list whoever has less left, by more than ``miss``, than ``room`` others
    with ``sure`` points: how many remain."""
    firm, kept, none = np.empty(count, np.float32), 0, float32(REFUSED)
    sure, miss = float32(sure), float32(miss)
    for k in range(count):
        firm[k] = left[k] if rough[listed[k]] >= sure else none
    for k in range(count):
        better, enough = 0, left[k] + miss
        for other in range(count):
            better += firm[other] > enough
        listed[kept] = listed[k]
        kept += better < room
    return kept


def above(left: Any, i: Any, j: Any) -> Any:
    """Whether i comes before j: more is left at the first level where they differ; of equals, who
    stands first."""
    if left[0, i] != left[0, j]:
        return left[0, i] > left[0, j]
    if left[1, i] != left[1, j]:
        return left[1, i] > left[1, j]
    if left[2, i] != left[2, j]:
        return left[2, i] > left[2, j]
    return i < j


def arrange(listed: Any, size: Any, left: Any, placed: Any) -> None:
    """Put a short list in order by the first level, best first: each goes where as many stand
    before it as have more left. ``placed``: space for as many."""
    key = np.empty(size, np.int64)
    for k in range(size):
        key[k] = left[0, listed[k]]
    for k in range(size):
        mine, before = key[k], 0
        for other in range(size):
            before += key[other] > mine
        for other in range(k):
            before += key[other] == mine
        placed[before] = listed[k]
    for k in range(size):
        listed[k] = placed[k]


def sort(listed: Any, size: Any, left: Any, step: Any) -> None:
    """Put a list in order, best first (Shell's way, by steps that shrink)."""
    while step > 0:
        for k in range(step, size):
            node, at = listed[k], k
            while at >= step and above(left, node, listed[at - step]):
                listed[at] = listed[at - step]
                at -= step
            listed[at] = node
        step = 1 if step == 2 else step * 5 // 11


def note(who: Any, people: Any, values: Any, begin: Any, end: Any, out: Any) -> None:
    """Put what a list says of those who are here in their places."""
    for at in range(begin, end):
        i = find(who, 0, len(who), people[at])
        if i < len(who) and who[i] == people[at]:
            out[i] = values[at]


def forget(who: Any, people: Any, begin: Any, end: Any, usual: Any, out: Any) -> None:
    """Put the ``usual`` value back in the places of a list."""
    for at in range(begin, end):
        i = find(who, 0, len(who), people[at])
        if i < len(who):
            out[i] = usual


def pick(values: Any, who: Any, out: Any) -> None:
    """The values of some people, side by side."""
    for i in range(len(who)):
        out[i] = values[who[i]]


def look(
    k: Any, stored: Any, share: Any, crowd: Any, seats: Any, lists: Any, rates: Any, kept: Any
) -> Any:
    """The same for one posting list of the block, ``stored`` pairs being kept already: how many are
    then. What the loops read is unpacked and gathered first: in machine code each access to a
    tuple's array costs as much as looking at a person."""
    here, end = share.people[k], share.people[k + 1]
    person, n = share.person[here:end], end - here
    minutes, first, last = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    slots, fields, mild = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.float32)
    stated, any_project = np.empty(n, np.bool_), np.empty(n, np.bool_)
    word, speaks = np.empty(n, np.uint64), np.empty((len(crowd.speaks), n), np.int64)
    pick(crowd.minutes, person, minutes)
    pick(crowd.first, person, first)
    pick(crowd.last, person, last)
    pick(crowd.slots, person, slots)
    pick(crowd.fields, person, fields)
    pick(crowd.mild, person, mild)
    pick(crowd.stated, person, stated)
    pick(crowd.any_project, person, any_project)
    pick(crowd.word, person, word)
    for w in range(len(speaks)):
        pick(crowd.speaks[w], person, speaks[w])
    brings = np.empty((len(crowd.brings), n), np.uint8)
    known = np.zeros(len(crowd.brings), np.bool_)  # the rows of it that are filled
    meets, worth, known_fee = share.meets[here:end], share.worth[here:end], share.fee[here:end]
    paid, minute, long = share.paid[:, here:end], share.minute[:, here:end], share.long[:, here:end]
    people, values, head, tail = lists.person, lists.value, lists.begin, lists.end
    row, skill, asked, must, weight = seats.row, seats.skill, seats.asked, seats.must, seats.weight
    credit, weights, total, floor = rates.credit, rates.weights, rates.total, rates.floor
    new, scale, hours = rates.new, rates.scale, rates.hours
    role, needs, places, price = share.role, share.asks, share.place, share.price
    leasts, rooms, slacks, requires = share.least, share.room, share.slack, seats.requires
    begins, until, role_minutes = seats.starts, seats.ends, seats.minutes
    role_slots, role_fields, role_words = seats.slots, seats.fields, seats.word
    size_of, kept_at, kept_score, kept_left = kept.size, kept.at, kept.score, kept.left
    widest = 0
    for at in range(share.roles[k], share.roles[k + 1]):
        widest = max(widest, rooms[at])
    rough, toll = np.empty(n, np.float32), np.empty(n, np.float32)
    left, scores = np.empty((3, n), np.int64), np.empty(n, np.int64)
    ranks, ratings = np.zeros(n, np.int64), np.full(n, UNKNOWN)
    listed, about = np.empty(n + 1, np.int64), np.empty(n + 1, np.float32)
    dealt = max(min(PLACES * widest, n), 1)
    bests, peaks = np.empty(dealt, np.float32), np.empty(dealt, np.float32)
    placed = np.empty(SHORT, np.int64)
    per_price, third = total / scale[0], weights[1] / 3
    for at in range(share.roles[k], share.roles[k + 1]):
        r, place, fee = role[at], places[needs[at]], known_fee
        asks, starts, ends = role_minutes[r], begins[r], until[r]
        asked_slots, asked_fields, role_word = role_slots[r], role_fields[r], role_words[r]
        least, room, slack = leasts[at], rooms[at], slacks[at]
        price_0, price_1, price_2 = price[0, at], price[1, at], price[2, at]
        weighed = 0
        for q in range(row[r], row[r + 1]):
            weighed += weight[q]
            if not known[skill[q]]:
                known[skill[q]] = True
                pick(crowd.brings[skill[q]], person, brings[skill[q]])
        points = everybody(weighed, asked_slots, asks, asked_fields, new, weights)
        begin(rough, points, mild, meets, place)
        for q in range(row[r], row[r + 1]):
            full = FULL * weights[0] * weight[q] / max(weighed, 1)
            add_skill(rough, brings[skill[q]], full, asked[q], must[q])
        if asked_slots:
            add_slots(rough, slots, asked_slots, third)
        add_dates(rough, first, last, starts, ends, third)
        if asks:
            add_hours(rough, minutes, stated, asks, third)
        if asked_fields:
            add_fields(rough, fields, asked_fields, weights[3])
        add_wishes(rough, person, mild, people, values, head[0, r], tail[0, r], weights[4])
        add_past(rough, person, people, values, head[3, r], tail[3, r], new, weights[5])
        for w in range(len(speaks)):
            refuse_silent(rough, speaks[w], requires[w, r])
        refuse_listed(rough, person, people, head[1, r], tail[1, r])
        refuse_listed(rough, person, people, head[2, r], tail[2, r])
        refuse_listed(rough, person, people, head[4, r], tail[4, r])
        if hours:
            for i in range(n):
                more = minute[0, i] * asks + long[0, i] * (2 * asks > minutes[i])
                toll[i] = known_fee[i] + per_price * more
            fee = toll
        cut = per_price * (float(least) + price_0) - slack
        sure = total * floor + slack
        dealt = max(min(PLACES * room, n), 1)
        best, peak = bests[:dealt], peaks[:dealt]
        deal(rough, fee, sure, best, peak)
        cut = max(cut, bar_of(best, room) - 2 * slack)
        count = shortlist(rough, fee, cut, total * floor - slack, peak, listed, about)
        if room < count <= SHORT:
            count = shorten(rough, sure, listed, about, count, room, 2 * slack)
        note(person, people, values, head[0, r], tail[0, r], ranks)
        note(person, people, values, head[3, r], tail[3, r], ratings)
        size = 0
        for j in range(count):
            i = listed[j]
            earned = 0
            for q in range(row[r], row[r + 1]):
                earned += weight[q] * credit[brings[skill[q], i], asked[q]]
            suits = time(
                hours_share(int(minutes[i]), stated[i], asks),
                dates_share(starts, ends, int(first[i]), int(last[i])),
                slots_share(int(slots[i]), asked_slots),
            )
            points = weights[0] * skills(earned, weighed) + weights[1] * suits
            points += int(place[meets[i]])
            points += weights[3] * interest(int(fields[i]), asked_fields)
            points += weights[4] * wishes(ranks[i], any_project[i])
            points += weights[5] * continuity(ratings[i], new)
            scores[i] = rounded(points, total)
            hashed = int(pair_hash(word[i], role_word))
            left[0, i] = scale[0] * scores[i] - paid[0, i] - price_0
            left[1, i] = scale[1] * worth[i] - paid[1, i] - price_1
            left[2, i] = scale[2] * hashed - paid[2, i] - price_2
            if hours:
                for level in range(3):
                    more = minute[level, i] * asks + long[level, i] * (2 * asks > minutes[i])
                    left[level, i] -= more
            if scores[i] >= floor and left[0, i] >= least:
                listed[size] = i
                size += 1
        forget(person, people, head[0, r], tail[0, r], 0, ranks)
        forget(person, people, head[3, r], tail[3, r], UNKNOWN, ratings)
        if size <= SHORT:
            arrange(listed, size, left, placed)
        sort(listed, size, left, 1 if size <= SHORT else size // 2)
        size_of[at] = min(size, room)
        for j in range(min(size, room)):
            i = listed[j]
            kept_at[stored], kept_score[stored] = here + i, scores[i]
            for level in range(3):
                kept_left[level, stored] = left[level, i]
            stored += 1
    return stored


def scan(share: Any, crowd: Any, seats: Any, lists: Any, rates: Any, kept: Any) -> None:
    """Look at every pair of the block and fill ``kept``."""
    stored = 0
    for k in range(len(share.people) - 1):
        stored = look(k, stored, share, crowd, seats, lists, rates, kept)
