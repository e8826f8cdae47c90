"""A market with one proposed change carried out, as a coordinator would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from matchmaker.engine import Market, Policy
from matchmaker.engine.market import Need, Professional, ProfessionalSkill, Wish
from matchmaker.engine.reasons import Reason


def carried_out(market: Market, policy: Policy, change: Reason) -> tuple[Market, Policy]:
    """The market and policy after ``change``."""
    values = change.params
    if change.code == "raise_limit":
        return market, replace(policy, max_new_projects=int(values["limit"]))
    if change.code == "lower_floor":
        return market, replace(policy, floor=int(values["floor"]))
    if change.code == "recruit":
        return _recruit(market, **values), policy
    if change.code in _NEED_CHANGES:
        edit = _NEED_CHANGES[change.code]
        return _edit(market, "needs", values["need"], lambda need: edit(need, values)), policy
    if change.code in ("lower_level", "make_preferred"):
        return _edit_skill(market, change.code, values), policy
    return _edit(market, "roles", values["role"], lambda role: _role(role, values)), policy


def _role(role: Any, values: dict[str, str]) -> Any:
    if "asks" in values:
        return replace(role, hours_per_week=float(values["asks"]))
    if "seats" in values:
        return replace(role, seats=int(values["seats"]))
    return replace(role, essential=False)


def _edit(market: Market, table: str, key: str, edit: Callable[[Any], Any]) -> Market:
    rows = tuple(edit(row) if row.id == key else row for row in getattr(market, table))
    return replace(market, **{table: rows})


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def _window(need: Need, values: dict[str, str]) -> Need:
    return replace(need, starts_on=_day(values["starts"]), ends_on=_day(values["ends"]))


def _without_language(need: Need, values: dict[str, str]) -> Need:
    kept = tuple(each for each in need.languages if each != values["language"])
    return replace(need, languages=kept)


_NEED_CHANGES: dict[str, Callable[[Need, dict[str, str]], Need]] = {
    "add_slot": lambda need, values: replace(need, slots=(*need.slots, values["slot"])),
    "move_dates": _window,
    "allow_remote": lambda need, values: replace(need, mode="hybrid"),
    "allow_onsite": lambda need, values: replace(need, mode="hybrid"),
    "drop_language": _without_language,
}


def _edit_skill(market: Market, code: str, values: dict[str, str]) -> Market:
    def edit(row: Any) -> Any:
        if (row.role_id, row.skill) != (values["role"], values["skill"]):
            return row
        if code == "make_preferred":
            return replace(row, essential=False)
        return replace(row, min_level=int(values["level"]))

    return replace(market, role_skills=tuple(edit(row) for row in market.role_skills))


def _recruit(market: Market, role: str, people: str, skills: str) -> Market:
    """People with these skills who speak everything and come for this role's need alone."""
    need = next(row.need_id for row in market.roles if row.id == role)
    spoken = {each for row in market.needs for each in row.languages}
    ids = [f"new{at}" for at in range(int(people))]
    levels = [each.rsplit(".", 1) for each in skills.split("+") if each]
    return replace(
        market,
        professionals=(
            *market.professionals,
            *(Professional(each, "新人", languages=tuple(sorted({"ja", *spoken}))) for each in ids),
        ),
        professional_skills=(
            *market.professional_skills,
            *(ProfessionalSkill(each, s, int(level)) for each in ids for s, level in levels),
        ),
        wishes=(
            *market.wishes,
            *(Wish(each, row.id, 0) for each in ids for row in market.needs if row.id != need),
        ),
    )
