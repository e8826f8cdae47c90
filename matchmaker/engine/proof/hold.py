"""The most that one person can hold: the dearest bundle of seats, tried state by state.

For the check: no solver, nothing shared with one.
"""

from __future__ import annotations

from collections.abc import Iterable

Seat = tuple[int, int, int]  # need, minutes, what it is worth


def most_held(seats: Iterable[Seat], capacity: int, offered: int) -> int:
    """The greatest worth of any of ``seats`` together: at most ``capacity`` of them, one in a need,
    ``offered`` minutes in all. Nothing held is worth 0."""
    by_need: dict[int, list[tuple[int, int]]] = {}
    for need, minutes, worth in seats:
        if worth > 0 and minutes <= offered:
            by_need.setdefault(need, []).append((minutes, worth))
    best = {(0, 0): 0}  # seats and minutes taken -> the most they are worth
    for choices in by_need.values():
        grown = dict(best)
        for (count, taken), held in best.items():
            for minutes, worth in choices if count < capacity else ():
                state = count + 1, taken + minutes
                if state[1] <= offered and held + worth > grown.get(state, -1):
                    grown[state] = held + worth
        best = _kept(grown)
    return max(best.values())


def _kept(states: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Without states that another beats with no more seats and no more minutes."""
    kept: dict[tuple[int, int], int] = {}
    for (count, taken), worth in sorted(states.items(), key=lambda each: (-each[1], each[0])):
        if not any(c <= count and t <= taken for c, t in kept):
            kept[count, taken] = worth
    return kept
