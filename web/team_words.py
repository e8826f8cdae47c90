"""A team as sentences: who takes what, what is strong, what is missing, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.engine.reasons import Reason
from matchmaker.models import ProposalState
from matchmaker.services.board_teams import Seat, Team
from matchmaker.services.reason_names import Names, parsed
from web.formats import label, listing, slots
from web.reasons import join

_LACKS = ("skill_absent", "skill_near", "skill_below")


@dataclass(frozen=True)
class TeamWords:
    """``fit``: the mean score of its seats. ``missing`` and ``sure`` may be empty."""

    fit: int
    who: str
    strong: str
    missing: str
    sure: str


def init_team_words(app: Flask) -> None:
    """The template global ``team_words``."""
    app.jinja_env.globals["team_words"] = team_words


def team_words(team: Team, names: Names) -> TeamWords | None:
    """The team in words; None for a single seat, whose own sentences say it all."""
    seats = [each for each in team.seats if each.proposal.state != ProposalState.REJECTED]
    if not seats or len(seats) + len(team.empty) < 2:
        return None
    brings = {each.person.id: parsed(each.proposal.strengths) for each in seats}
    covered, lacking = _skills(seats, brings, names)
    return TeamWords(
        fit=round(sum(each.proposal.score for each in seats) / len(seats)),
        who=_who(seats),
        strong=join([*covered, *_together(seats, brings)]),
        missing=join([*_empty(team), *lacking, *_hours(seats)]),
        sure=_sure(seats),
    )


def _who(seats: Sequence[Seat]) -> str:
    told = listing(
        _("%(person)s takes “%(role)s”", person=each.person.name, role=each.role.title)
        for each in seats
    )
    return _("%(team)s.", team=told)


def _skills(
    seats: Sequence[Seat], brings: dict[str, tuple[Reason, ...]], names: Names
) -> tuple[list[str], list[str]]:
    """What one lacks and another brings, and what nobody brings."""
    has = {
        reason.params["skill"]: each.person.name
        for each in seats
        for reason in brings[each.person.id]
        if reason.code == "skill"
    }
    wanted = sorted(
        {
            reason.params["skill"]
            for each in seats
            for reason in parsed(each.proposal.gaps)
            if reason.code in _LACKS
        }
    )
    if not wanted:
        return [_("Every skill that was asked for is there.")], []
    covered = [
        _("%(skill)s is hoped for elsewhere too; %(person)s brings it.",
          skill=_skill(each, names), person=has[each])
        for each in wanted if each in has
    ]  # fmt: skip
    lacking = [_skill(each, names) for each in wanted if each not in has]
    absent = [_("Nobody fully brings %(skills)s.", skills=listing(lacking))] if lacking else []
    return covered, absent


def _together(seats: Sequence[Seat], brings: dict[str, tuple[Reason, ...]]) -> list[str]:
    told = []
    times = [
        {reason.params["slot"] for reason in brings[each.person.id] if reason.code == "slot"}
        for each in seats
    ]
    if len(seats) > 1 and (common := set.intersection(*times)):
        told.append(_("All are free on %(slots)s.", slots=slots(sorted(common))))
    wished = sum(any(reason.code == "wish" for reason in brings[each.person.id]) for each in seats)
    if wished:
        text = ngettext(
            "%(num)s of %(all)s wished for this need.",
            "%(num)s of %(all)s wished for this need.",
            wished,
            all=len(seats),
        )
        told.append(text)
    return told


def _empty(team: Team) -> list[str]:
    return [_("“%(role)s” stays empty.", role=role.title) for role, _seats in team.empty]


def _hours(seats: Sequence[Seat]) -> list[str]:
    tight = [
        each.person.name
        for each in seats
        if any(reason.code == "hours_tight" for reason in parsed(each.proposal.gaps))
    ]
    return [_("Hours are tight for %(people)s.", people=listing(tight))] if tight else []


def _sure(seats: Sequence[Seat]) -> str:
    """Whether the team holds under other weights; empty while it is not known of everybody."""
    if not all(each.proposal.sure for each in seats):
        return ""
    close = [each.person.name for each in seats if each.proposal.sure.get("holds") is False]
    if not close:
        return _("The whole team stays when any one weight counts a quarter more or less.")
    return _("A close call: %(people)s. Other weights would change that.", people=listing(close))


def _skill(code: str, names: Names) -> str:
    row = names.skills.get(code)
    return label(row) if row else code
