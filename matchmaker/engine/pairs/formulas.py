"""Every formula of a rule or a feature, once, for one pair or for many.

Each function takes whole numbers (or yes/no) and gives whole numbers, written with arithmetic that
means the same for numpy vectors and for the single numbers of a compiled loop, so that both roads
give the same integers. Features and credits are 0..FULL. ``docs/engine.md`` says them in words.
Vectors are int64; single numbers belong into a compiled loop, where they are int64 as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import maximum, minimum

from matchmaker.engine.pairs.shapes import FAR_AHEAD, LONG_AGO, ONSITE, REMOTE, UNKNOWN

FULL = 10_000
NEIGHBOUR_CREDIT = FULL // 2
NOT_STATED = FULL // 2
REMOTE_IN_HYBRID = 7_000
USUAL_REACH = 200  # 0.1 km: the scale of distance for those who named no reach
MILD_WISH = 4_000
HASH_BITS = 20
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(64 - HASH_BITS)
_FACTORS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

Number = Any  # an int64 vector, or an int64 in a compiled loop


def either(condition: Number, yes: Number, no: Number) -> Number:
    """``yes`` where the condition holds, else ``no``."""
    return no + condition * (yes - no)


def rounded(dividend: Number, divisor: Number) -> Number:
    """``dividend / divisor`` for numbers ≥ 0, rounded half up, exactly."""
    return (2 * dividend + divisor) // (2 * divisor)


def ones(bits: Number) -> Number:
    """How many of the lowest 32 bits are set."""
    bits = bits - ((bits >> 1) & 0x55555555)
    bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F
    return ((bits * 0x01010101) >> 24) & 0xFF


def skill_short(has: Number, asked: Number) -> Number:
    """Refused: the level had is below the level asked."""
    return has < asked


def hours_short(offers: Number, asks: Number) -> Number:
    """Refused: the role asks more minutes a week than the person offers."""
    return asks > offers


def dates_apart(starts: Number, ends: Number, first: Number, last: Number) -> Number:
    """Refused: the need's window and the person's share no day."""
    return (first > ends) | (last < starts)


def no_common_slot(offered: Number, asked: Number) -> Number:
    """Refused: both named weekly slots and share none."""
    return (offered != 0) & (asked != 0) & ((offered & asked) == 0)


def comes_on_site(onsite: Number, reach: Number, distance: Number) -> Number:
    """Whether the person works on site and the place is within reach, as far as known."""
    return onsite & ((reach == UNKNOWN) | (distance == UNKNOWN) | (distance <= reach))


def out_of_reach(mode: Number, remote: Number, comes: Number) -> Number:
    """Refused: neither by wire nor on foot."""
    return ((remote & (mode != ONSITE)) | (comes & (mode != REMOTE))) == 0


def skill_credit(has: Number, near: Number, asked: Number) -> Number:
    """Level had / level asked, at most 1; a neighbouring skill counts half, when that is more."""
    own = minimum(FULL * has // asked, FULL)
    return maximum(own, minimum(NEIGHBOUR_CREDIT * near // asked, NEIGHBOUR_CREDIT))


def skills(earned: Number, total: Number) -> Number:
    """Weighted mean of credits: ``earned`` = Σ weight × credit; a role that asks nothing: 1."""
    return either(total > 0, rounded(earned, maximum(total, 1)), FULL)


def hours_share(offers: Number, stated: Number, asks: Number) -> Number:
    """Full for half as much again as is asked: a little slack keeps a project alive."""
    share = minimum(2 * FULL * offers // maximum(3 * asks, 1), FULL)
    return either(asks > 0, either(stated, share, NOT_STATED), FULL)


def dates_share(starts: Number, ends: Number, first: Number, last: Number) -> Number:
    """The part of the need's days on which the person is available; full for an open window."""
    common = maximum(minimum(ends, last) - maximum(starts, first) + 1, 0)
    open_window = (starts == LONG_AGO) | (ends == FAR_AHEAD)
    return either(open_window, FULL * (common > 0), FULL * common // (ends - starts + 1))


def slots_share(offered: Number, asked: Number) -> Number:
    """The part of the need's slots that the person named."""
    share = FULL * ones(offered & asked) // maximum(ones(asked), 1)
    return either(asked != 0, either(offered != 0, share, NOT_STATED), FULL)


def time(hours: Number, dates: Number, slots: Number) -> Number:
    """The mean of the three parts."""
    return rounded(hours + dates + slots, 3)


def nearness(reach: Number, distance: Number) -> Number:
    """1 at no distance, ½ at the end of the person's reach (20 km when not stated), never < 0."""
    scale = maximum(either(reach == UNKNOWN, USUAL_REACH, reach), 1)
    near = maximum(FULL - FULL * distance // (2 * scale), 0)
    return either(distance == UNKNOWN, NOT_STATED, near)


def place(mode: Number, remote: Number, comes: Number, near: Number) -> Number:
    """How easily they meet: by wire, on foot, or the better of the two for a hybrid need."""
    on_foot = near * comes
    mixed = maximum(on_foot, REMOTE_IN_HYBRID * remote)
    return either(mode == REMOTE, FULL * remote, either(mode == ONSITE, on_foot, mixed))


def interest(named: Number, asked: Number) -> Number:
    """½ for sharing a field at all, the other ½ for the part of the need's fields shared."""
    common = ones(named & asked)
    share = FULL // 2 + FULL * common // (2 * maximum(ones(asked), 1))
    return either((named != 0) & (asked != 0), either(common > 0, share, 0), NOT_STATED)


def wishes(rank: Number, any_project: Number) -> Number:
    """First wish 1, each later one 0.1 less; "any project is fine" is a mild wish for all."""
    return maximum(either(rank > 0, 11_000 - 1_000 * rank, 0), MILD_WISH * any_project)


def continuity(rating: Number, new: Number) -> Number:
    """With ``new``: 1 when they never met. Else the rating of their last project, 1…5 as 0…1,
    unrated (0) 1, never met (UNKNOWN) 0."""
    met = rating != UNKNOWN
    earlier = met * either(rating > 0, (rating - 1) * FULL // 4, FULL)
    return either(new, FULL * (rating == UNKNOWN), earlier)


def mixed(words: Number) -> Number:
    """The finishing step of splitmix64: every bit of the input moves every bit of the output."""
    words = (words ^ (words >> _SHIFTS[0])) * _FACTORS[0]
    words = (words ^ (words >> _SHIFTS[1])) * _FACTORS[1]
    return words ^ (words >> _SHIFTS[2])


def pair_hash(person: Number, role: Number) -> Number:
    """The 20-bit hash of a pair of 64-bit words: the last word in a tie."""
    return mixed(person + mixed(role)) >> _SHIFTS[3]
