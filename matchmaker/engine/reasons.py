"""Every reason the engine can give, as a code with named parameters.

A reason is written ``code``, ``code:first`` or ``code:first=second/third/fourth``; a list of
reasons is joined with ``;``. The engine never writes sentences: the site turns ``Reason.code`` and
``Reason.params`` into Japanese or English. ``CATALOGUE`` is the complete list.

Parameter values are text: ids and codes as in the market folder, hours as decimal numbers
(``2.5``), kilometres with one decimal, dates in ISO form, an open end or an unknown value as ``-``.
Several values in one parameter are joined with ``+`` (``wed-eve+sat-am``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STRENGTH, GAP, REFUSAL = "strength", "gap", "refusal"
UNSTAFFED, WAITING, CHANGE, OPENING = "unstaffed", "waiting", "change", "opening"


@dataclass(frozen=True)
class CodeSpec:
    """What one code means: where it appears, its parameters in order, and its meaning."""

    kind: str
    params: tuple[str, ...]
    meaning: str


def _codes(kind: str, *rows: tuple[str, str, str]) -> dict[str, CodeSpec]:
    return {code: CodeSpec(kind, tuple(params.split()), text) for code, params, text in rows}


CATALOGUE: dict[str, CodeSpec] = {
    **_codes(
        STRENGTH,
        ("skill", "skill level", "has the skill at or above the level the role asks"),
        ("language", "language", "speaks a language the need requires"),
        ("hours", "offers asks", "offers at least the weekly hours the role asks"),
        ("slot", "slot", "a weekly slot both named"),
        ("remote", "", "the need is remote and the person works remotely"),
        ("near", "km", "lives close, measured against the reach the person named"),
        ("field", "field", "cares for a field of activity of this need"),
        ("wish", "rank", "wished for this need, 1 first"),
        ("any_project", "", "said that any project is fine"),
        ("new_partner", "", "has not worked with this group before (policy prefers new partners)"),
        ("earlier_partner", "rating", "worked with this group before (policy prefers that)"),
        ("pinned", "", "the coordinator fixed this pair"),
    ),
    **_codes(
        GAP,
        ("skill_below", "skill level asked", "has a preferred skill below the level asked"),
        ("skill_near", "skill other level", "lacks a preferred skill but has a neighbouring one"),
        ("skill_absent", "skill asked", "lacks a preferred skill and its neighbours"),
        ("hours_tight", "offers asks", "offers the hours asked with less than half as much again"),
        ("hours_unknown", "asks", "did not say how many hours a week"),
        ("slots_few", "common asked", "shares only some of the slots the need named"),
        ("slots_unknown", "", "did not name weekly slots"),
        ("dates_partly", "percent", "is available for only this part of the need's dates"),
        ("far", "km", "lives rather far, though within reach"),
        ("hybrid_remote", "", "takes part remotely in a need that also meets on site"),
        ("place_unknown", "", "the distance is unknown"),
        ("field_none", "", "named other fields of activity"),
        ("worked_before", "", "worked with this group before (policy prefers new partners)"),
        ("not_worked_before", "", "is new to this group (policy prefers earlier partners)"),
    ),
    **_codes(
        REFUSAL,
        ("skill_missing", "skill asked level", "an essential skill is absent (level 0) or too low"),
        ("hours_short", "asks offers", "the role asks more weekly hours than are offered"),
        ("dates_apart", "starts ends from until", "the two windows do not overlap"),
        ("no_common_slot", "asked offered", "both named weekly slots and share none"),
        ("out_of_reach", "why km reach", "why: remote_only, onsite_only or distance"),
        ("language_missing", "language", "a language the need requires is missing"),
        ("conflict", "group", "either side declared a conflict"),
        ("declined_before", "", "this pair was declined before"),
        ("wish_zero", "", "the person said: not this one"),
        ("capacity_used", "capacity", "the person can take no further project"),
        ("not_verified", "", "the person has not been checked by the coordinator yet"),
        ("banned", "", "the coordinator excluded this pair"),
        ("below_floor", "score floor", "the score is below the policy's floor"),
    ),
    **_codes(
        UNSTAFFED,
        ("no_roles", "", "the need has no role to fill"),
        (
            "nobody_has",
            "skill level best",
            "nobody has the skill at this level; best: highest seen",
        ),
        ("nobody_has_all", "skills", "nobody has all the essential skills of the role together"),
        ("too_few", "role people seats", "fewer people are allowed for the role than it has seats"),
        ("refused", "rule people", "people with the essential skills whom this rule refuses"),
        ("team_clash", "role", "each role has people, but not enough different ones for all"),
        ("needed_elsewhere", "need", "the people it could have are worth more in this need"),
        ("limit_reached", "limit", "the number of new projects is used up"),
    ),
    **_codes(
        WAITING,
        ("no_allowed_pair", "", "no role is allowed for this person; the nearest refusals follow"),
        ("nearest", "role rule", "a role that only these rules refuse"),
        ("seat_taken", "role holder theirs mine", "the seat went to the holder; both scores"),
        ("need_unstaffed", "need", "the best need for this person was not staffed"),
        ("seat_pinned", "role holder theirs mine", "the coordinator fixed the holder there"),
        ("tie_lost", "role holder theirs mine", "equal scores: the tie rule decided"),
        ("no_needs", "", "the round has no needs"),
    ),
    **_codes(
        CHANGE,
        ("allow_remote", "need", "let the need be done partly remotely"),
        ("allow_onsite", "need", "let a remote need be done partly on site"),
        ("add_slot", "need slot", "also meet in this weekly slot"),
        ("move_dates", "need starts ends days", "widen the dates to these, by so many days"),
        ("ask_fewer_hours", "role hours asks", "ask so many hours a week less, that is: asks"),
        ("drop_language", "need language", "do without this language"),
        ("lower_level", "role skill level", "accept this lower level of the skill"),
        ("make_preferred", "role skill", "prefer the skill instead of requiring it"),
        ("make_optional", "role", "let the role stay empty"),
        ("one_seat_less", "role seats", "ask for one seat less"),
        ("recruit", "role people skills", "so many more people with these skills (skill.level+…)"),
        ("raise_limit", "limit", "allow one more new project"),
        ("lower_floor", "floor", "accept pairs down to this score"),
        ("add_role", "need", "describe a role"),
    ),
    **_codes(
        OPENING,
        ("check_profile", "role", "once the coordinator has checked the profile"),
        ("offer_slot", "role slot", "meet in this weekly slot as well"),
        ("join_online", "role", "take part remotely as well"),
        ("join_in_person", "role", "take part on site as well"),
        ("any_would_do", "role", "say that any project is fine"),
        ("offer_hours", "role hours offers", "so many hours a week more, that is: offers"),
        ("available_from", "role from days", "be available from this day on, so many days earlier"),
        ("available_until", "role until days", "stay available until this day, so many days more"),
        ("go_farther", "role km", "come as far as this many kilometres"),
        ("more_projects", "role capacity", "take so many projects at a time"),
        ("learn_skill", "role skill level", "bring the skill at this level, one more than now"),
    ),
}
_TAKES = {code: len(spec.params) for code, spec in CATALOGUE.items()}
# One rule order everywhere: hard facts of the work first, then people's own words.
REFUSAL_CODES: tuple[str, ...] = tuple(c for c, s in CATALOGUE.items() if s.kind == REFUSAL)


@dataclass(frozen=True)
class Reason:
    """One code with its parameter values, in the order ``CATALOGUE`` names them."""

    code: str
    values: tuple[str, ...] = ()

    @property
    def params(self) -> dict[str, str]:
        """Parameter name → value."""
        return dict(zip(CATALOGUE[self.code].params, self.values, strict=True))

    def __str__(self) -> str:
        first, rest = self.values[:1], self.values[1:]
        head = ":".join((self.code, *first))
        return f"{head}={'/'.join(rest)}" if rest else head


def reason(code: str, *values: object) -> Reason:
    """A ``Reason`` checked against the catalogue (ValueError when code or count is wrong)."""
    if len(values) != _TAKES[code]:
        raise ValueError(f"{code} takes {CATALOGUE[code].params}, got {values}")
    return Reason(code, tuple(map(str, values)))


def join_reasons(reasons: Iterable[Reason]) -> str:
    """Reasons as written in the result files."""
    return ";".join(str(each) for each in reasons)


def parse_reasons(text: str) -> tuple[Reason, ...]:
    """The reasons in ``text``; the reverse of ``join_reasons``."""
    return tuple(_parse(part) for part in text.split(";") if part)


def _parse(part: str) -> Reason:
    head, _, rest = part.partition("=")
    code, _, first = head.partition(":")
    values = ([first] if first else []) + (rest.split("/") if rest else [])
    return reason(code, *values)
