"""Limits and levels a second time, counted from the rows of a market: no arrays, no solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from matchmaker.engine.policy import Policy
from matchmaker.engine.proof.plain import Pair, Rows
from matchmaker.engine.solution import Violation

_URGENCIES = {"urgent_staffed": "urgent", "important_staffed": "important"}
_URGENCIES |= {"ordinary_staffed": "ordinary"}


def broken_limits(rows: Rows, pairs: Sequence[Pair]) -> Iterator[Violation]:
    """Every limit of section 3 of ``docs/engine.md`` that the chosen ``pairs`` break."""
    seats = Counter(pair.person.id for pair in pairs)
    minutes: Counter[str] = Counter()
    for pair in pairs:
        minutes[pair.person.id] += pair.minutes
    for person, count in sorted(seats.items()):
        row = rows.people[person]
        if count > row.capacity:
            yield Violation("capacity_exceeded", {"person": person})
        if row.hours_per_week is not None and minutes[person] > round(row.hours_per_week * 60):
            yield Violation("minutes_exceeded", {"person": person})
    twice = Counter((pair.person.id, pair.need.id) for pair in pairs)
    for person in sorted({person for (person, _), count in twice.items() if count > 1}):
        yield Violation("two_seats_in_one_need", {"person": person})
    filled, staffed = Counter(pair.role.id for pair in pairs), {pair.need.id for pair in pairs}
    for role in rows.roles.values():
        if filled[role.id] > role.seats:
            yield Violation("too_many_in_role", {"role": role.id})
        if role.essential and role.need_id in staffed and filled[role.id] < role.seats:
            yield Violation("essential_seat_empty", {"role": role.id})
    most = rows.policy.max_new_projects
    if most is not None and len(staffed) > most:
        yield Violation("too_many_needs", {"most": most})
    for pin in sorted(rows.pins - {pair.ids for pair in pairs}):
        yield Violation("pin_not_held", {"person": pin[0], "role": pin[1]})


def tally(rows: Rows, pairs: Sequence[Pair]) -> dict[str, int]:
    """Level → value, every level that the policy reports, the tie levels included."""
    needs = {pair.need.id: pair.need for pair in pairs}
    groups = {pair.group.id for pair in pairs}
    people = {pair.person.id: pair.person for pair in pairs}
    found = _guaranteed(rows, groups)
    found |= {"groups_served": len(groups), "needs_staffed": len(needs)}
    for name, urgency in _URGENCIES.items():
        found[name] = sum(need.urgency == urgency for need in needs.values())
    if rows.policy.reserved:
        found["reserved_seats"] = _reserved(rows.policy, pairs)
    if rows.policy.levels.new_employers:
        found["new_employers"] = len({each.company_id for each in people.values()} - _known(rows))
    if rows.policy.levels.worst_fit:
        found["worst_fit"] = min((_fit(rows, pairs, need) for need in needs), default=0)
    found |= {"seats_filled": len(pairs), "total_score": sum(pair.score for pair in pairs)}
    waited = sum(_days(rows, each.waiting_since) for each in people.values())
    found["tie_waiting"] = waited + sum(group_days(rows, group) for group in groups)
    return found | {"tie_hash": sum(pair.hash for pair in pairs)}


def maximised(policy: Policy) -> list[str]:
    """The levels that the policy maximises, in order."""
    on = policy.levels
    by_urgency = list(_URGENCIES) if on.urgency else ["needs_staffed"]
    return [
        *(["guarantees_met"] if policy.guarantees else []),
        *(["groups_served"] if on.groups else []),
        *(by_urgency if on.needs else []),
        *(["reserved_seats"] if policy.reserved else []),
        *(["new_employers"] if on.new_employers else []),
        *(["worst_fit"] if on.worst_fit else []),
        "total_score",
        *(["tie_waiting"] if on.waiting else []),
        "tie_hash",
    ]


def _guaranteed(rows: Rows, served: set[str]) -> dict[str, int]:
    if not rows.policy.guarantees:
        return {}
    market = rows.market
    helped = {row.group_id for row in market.history}
    here = {row.group_id for row in market.needs}
    days = sorted((group_days(rows, group) for group in here), reverse=True)
    longest = max(days[(len(days) - 1) // 4], 1) if days else 1
    members = {
        "first_time": {
            row.id
            for row in market.groups
            if row.last_supported_on is None and row.id not in helped
        },
        "neighbourhood": {row.id for row in market.groups if row.kind == "neighbourhood"},
        "longest_waiting": {group for group in here if group_days(rows, group) >= longest},
    }
    kept = rows.policy.guarantees.items()
    return {"guarantees_met": sum(min(least, len(members[name] & served)) for name, least in kept)}


def _reserved(policy: Policy, pairs: Sequence[Pair]) -> int:
    held = [(pair.person.company_id, pair.need.id) for pair in pairs]
    return sum(
        min(each.seats, sum(who == each.company and need in each.needs for who, need in held))
        for each in policy.reserved
    )


def _known(rows: Rows) -> set[str]:
    """Employers of people in the history; and none, which is no employer."""
    before = {row.professional_id for row in rows.market.history}
    return {row.company_id for row in rows.market.professionals if row.id in before} | {""}


def _fit(rows: Rows, pairs: Sequence[Pair], need: str) -> int:
    here = [pair for pair in pairs if pair.need.id == need]
    must = [pair.score for pair in here if pair.role.essential]
    if any(role.essential for role in rows.roles.values() if role.need_id == need):
        return min(must, default=0)
    return max(pair.score for pair in here)


def _days(rows: Rows, since: date | None) -> int:
    today = rows.policy.as_of or rows.market.last_day or date.min
    return max((today - since).days, 0) if since else 0


def group_days(rows: Rows, group: str) -> int:
    """Days a group has waited: since it asked, else since it was last supported."""
    row = rows.groups[group]
    return _days(rows, row.waiting_since or row.last_supported_on)
