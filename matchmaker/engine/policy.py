"""The published rules of a round: weights, floor, levels, limits, seed, pins and bans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from matchmaker.engine.solution import Levels
from matchmaker.errors import FieldError, Invalid

FEATURES = ("skills", "time", "place", "interest", "wishes", "continuity")
CONTINUITY = ("new", "earlier", "neutral")
GROUP_CLASSES = ("first_time", "neighbourhood", "longest_waiting")
DEFAULT_WEIGHTS = {
    "skills": 40,
    "time": 20,
    "place": 10,
    "interest": 10,
    "wishes": 15,
    "continuity": 5,
}
Pair = tuple[str, str]


class Reserve(NamedTuple):
    """Seats kept for the people of a company: at least ``seats`` in these needs, if possible."""

    company: str
    needs: tuple[str, ...]
    seats: int


@dataclass(frozen=True)
class Policy:
    """What a coordinator decides and the city publishes before a round.

    ``weights``: whole numbers 0..1000 per feature, not all 0. ``floor``: pairs that score less
    are not allowed (1..10,000). ``levels``: which levels the objective has. ``seed`` decides ties
    that waiting leaves equal. ``max_new_projects``: at most so many needs are staffed.
    ``continuity``: prefer ``new`` partners, ``earlier`` ones, or neither (``neutral``).
    ``language``: the language assumed of a professional who named none. ``pins`` and ``bans``:
    (professional id, role id) that must or must not be together. ``as_of``: the day waiting is
    counted to; by default the latest day on record in the market, never the clock.
    ``guarantees``: class of groups → how many of them are to be served at least, as far as
    possible, before anything else is looked at. ``first_time``: never supported before;
    ``neighbourhood``: of that kind; ``longest_waiting``: the quarter of the round's groups that
    waited longest, ties included.
    ``reserved``: seats for the people of a company, kept as far as no group, no need and no
    guarantee loses by it; ids a market does not know reserve nothing.
    Raises ``Invalid`` naming every field that is wrong.

    >>> Policy(bans=(("p002", "r001"),)).to_json()["bans"]
    [['p002', 'r001']]
    >>> Policy.from_json({"weights": {"wishes": 20}}).weights["skills"]
    40
    """

    weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    floor: int = 3500
    levels: Levels = field(default_factory=Levels)
    seed: int = 1
    max_new_projects: int | None = None
    continuity: str = "new"
    language: str = "ja"
    pins: tuple[Pair, ...] = ()
    bans: tuple[Pair, ...] = ()
    as_of: date | None = None
    guarantees: Mapping[str, int] = field(default_factory=dict)
    reserved: tuple[Reserve, ...] = ()

    def __post_init__(self) -> None:
        if errors := [error for check in _CHECKS for error in check(self)]:
            raise Invalid(errors, code="policy_invalid")
        object.__setattr__(self, "weights", {name: self.weights[name] for name in FEATURES})
        promised = {
            name: self.guarantees[name] for name in GROUP_CLASSES if name in self.guarantees
        }
        object.__setattr__(self, "guarantees", promised)
        object.__setattr__(self, "reserved", tuple(map(_reserve, self.reserved)))
        object.__setattr__(self, "pins", tuple(sorted({tuple(pair) for pair in self.pins})))
        object.__setattr__(self, "bans", tuple(sorted({tuple(pair) for pair in self.bans})))

    @property
    def counted_weights(self) -> dict[str, int]:
        """The weights in force: continuity counts nothing when the policy is neutral about it."""
        neutral = self.continuity == "neutral"
        return {
            name: 0 if neutral and name == "continuity" else weight
            for name, weight in self.weights.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The policy as plain values, ready for JSON; ``from_json`` reads it back."""
        levels = {each.name: getattr(self.levels, each.name) for each in fields(Levels)}
        return {
            "weights": dict(self.weights),
            "floor": self.floor,
            "levels": levels,
            "seed": self.seed,
            "max_new_projects": self.max_new_projects,
            "continuity": self.continuity,
            "language": self.language,
            "pins": [list(pair) for pair in self.pins],
            "bans": [list(pair) for pair in self.bans],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "guarantees": dict(self.guarantees),
            "reserved": [[each.company, list(each.needs), each.seats] for each in self.reserved],
        }

    @classmethod
    def from_json(cls, data: Any) -> Policy:
        """The policy in ``data`` (a JSON object); what it does not name keeps its default.

        Weights may be given in part. Raises ``Invalid`` for unknown names and wrong values.
        """
        if not isinstance(data, dict):
            raise Invalid([FieldError("policy", "not_an_object")], code="policy_invalid")
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(data) - known):
            errors = [FieldError(str(name), "unknown_field") for name in unknown]
            raise Invalid(errors, code="policy_invalid")
        values = dict(data)
        if isinstance(values.get("weights"), dict):
            values["weights"] = {**DEFAULT_WEIGHTS, **values["weights"]}
        values["levels"] = _levels(values.get("levels", {}))
        values["as_of"] = _day(values.get("as_of"))
        return cls(**values)


def _levels(data: Any) -> Levels:
    known = {each.name for each in fields(Levels)}
    if not isinstance(data, dict) or not all(
        name in known and isinstance(on, bool) for name, on in data.items()
    ):
        error = FieldError("levels", "not_levels", {"levels": sorted(known)})
        raise Invalid([error], code="policy_invalid")
    return Levels(**data)


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid([FieldError("as_of", "not_a_date")], code="policy_invalid") from None


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _check_weights(policy: Policy) -> list[FieldError]:
    weights = policy.weights
    if not isinstance(weights, Mapping) or set(weights) != set(FEATURES):
        return [FieldError("weights", "not_weights", {"features": FEATURES})]
    errors = [
        FieldError(f"weights.{name}", "out_of_range", {"low": 0, "high": 1000})
        for name in FEATURES
        if not _whole(weights[name], 0, 1000)
    ]
    if not errors and not any(policy.counted_weights.values()):
        errors.append(FieldError("weights", "all_zero"))
    return errors


def _check_numbers(policy: Policy) -> list[FieldError]:
    errors = []
    for name, low, high in (
        ("floor", 1, 10_000),
        ("seed", 0, 2**53),
        ("max_new_projects", 0, 10**6),
    ):
        value = getattr(policy, name)
        if name == "max_new_projects" and value is None:
            continue
        if not _whole(value, low, high):
            errors.append(FieldError(name, "out_of_range", {"low": low, "high": high}))
    return errors


def _check_guarantees(policy: Policy) -> list[FieldError]:
    given = policy.guarantees
    if not isinstance(given, Mapping) or not set(given) <= set(GROUP_CLASSES):
        return [FieldError("guarantees", "not_in_list", {"choices": GROUP_CLASSES})]
    return [
        FieldError(f"guarantees.{name}", "out_of_range", {"low": 1, "high": 10**6})
        for name, least in given.items()
        if not _whole(least, 1, 10**6)
    ]


def _reserve(given: Any) -> Reserve:
    company, needs, seats = given
    return Reserve(company, tuple(sorted(set(needs))), seats)


def _check_reserved(policy: Policy) -> list[FieldError]:
    given = policy.reserved
    if not isinstance(given, list | tuple) or not all(_is_reserve(each) for each in given):
        return [FieldError("reserved", "not_reserves")]
    return []


def _is_reserve(given: Any) -> bool:
    return (
        isinstance(given, list | tuple)
        and len(given) == 3
        and isinstance(given[0], str)
        and isinstance(given[1], list | tuple)
        and all(isinstance(each, str) for each in given[1])
        and _whole(given[2], 1, 10**6)
    )


def _check_words(policy: Policy) -> list[FieldError]:
    errors = []
    if policy.continuity not in CONTINUITY:
        errors.append(FieldError("continuity", "not_in_list", {"choices": CONTINUITY}))
    if not isinstance(policy.language, str) or not policy.language:
        errors.append(FieldError("language", "not_a_language"))
    if not isinstance(policy.levels, Levels):
        errors.append(FieldError("levels", "not_levels"))
    return errors


def _check_pairs(policy: Policy) -> list[FieldError]:
    errors = []
    for name in ("pins", "bans"):
        pairs = getattr(policy, name)
        if not isinstance(pairs, list | tuple) or not all(_is_pair(pair) for pair in pairs):
            errors.append(FieldError(name, "not_pairs"))
    if not errors:
        both = {tuple(pair) for pair in policy.pins} & {tuple(pair) for pair in policy.bans}
        errors += [FieldError("bans", "pinned_and_banned", {"pair": pair}) for pair in sorted(both)]
    return errors


def _is_pair(pair: Any) -> bool:
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(each, str) for each in pair)
    )


_CHECKS = (
    _check_weights,
    _check_numbers,
    _check_guarantees,
    _check_reserved,
    _check_words,
    _check_pairs,
)
