"""What a rule of fairness cost, in words: levels, needs with their groups, and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.policy import Policy
from matchmaker.services.fairness import Report
from matchmaker.services.round_reports import SMALL
from web.formats import listing, number, within
from web.labels import word
from web.move_words import moves
from web.round_words import LEVELS, NOT_BESIDES


@dataclass(frozen=True)
class Price:
    """``levels`` and ``needs``: a sentence each; ``people``: one line a person, for coordinators
    only."""

    levels: list[str]
    needs: list[str]
    people: list[str]


def price(other: Difference, report: Report, *, on: bool) -> Price:
    """What the round would be like without a rule that is ``on``, or with one that is off."""
    names = report.names
    levels = [
        _level(str(LEVELS[name]), loss, number(abs(loss)), on=on)
        for name, loss in (other.loss or {}).items()
        if loss and name not in NOT_BESIDES
    ]
    needs = [_("“%(need)s” would find a team.", need=_need(each, report)) for each in other.staffed]
    needs += [
        _("“%(need)s” would lose its team.", need=_need(each, report)) for each in other.unstaffed
    ]
    return Price(levels, needs, moves(other.gained, other.lost, names))


def promise_lines(prices: Mapping[str, Mapping[str, int]]) -> list[str]:
    """What each promise cost, for everybody: no small count is told."""
    lines = []
    for name, losses in prices.items():
        told = [
            _level(within(LEVELS[level]), -more, _told(level, more))
            for level, more in losses.items()
            if more and level not in NOT_BESIDES
        ]
        which = word(name, "group_class")
        lines.append(
            _("%(which)s: %(what)s", which=which, what=listing(told))
            if told
            else _("%(which)s: it cost nothing", which=which)
        )
    return lines


def _told(level: str, more: int) -> str:
    small = abs(more) < SMALL and level not in ("total_score", "worst_fit")
    return _("1 to 4") if small else number(abs(more))


def _level(level: str, loss: int, shown: str, *, on: bool = True) -> str:
    said = {"level": level, "num": shown}
    if on:
        return (
            _("%(level)s: %(num)s more without it", **said)
            if loss < 0
            else _("%(level)s: %(num)s less without it", **said)
        )
    return (
        _("%(level)s: %(num)s more with it", **said)
        if loss < 0
        else _("%(level)s: %(num)s less with it", **said)
    )


def _need(need: str, report: Report) -> str:
    title = report.names.needs.get(need, need)
    return _("%(title)s (%(group)s)", title=title, group=report.groups.get(need, ""))


def rule_lines(policy: Policy) -> list[str]:
    """The rules of a policy in the order they hold, a sentence each."""
    levels = policy.levels
    told = [
        ngettext(
            "%(which)s: at least %(num)s of them gets support, as far as possible.",
            "%(which)s: at least %(num)s of them get support, as far as possible.",
            least, which=word(name, "group_class"),
        )
        for name, least in policy.guarantees.items()
    ]  # fmt: skip
    if levels.groups:
        told.append(_("Help reaches as many different groups as possible."))
    if levels.needs:
        told.append(
            _("As many needs as possible get their team: urgent ones first, then important ones, "
              "then the others.")
            if levels.urgency
            else _("As many needs as possible get their team.")
        )  # fmt: skip
    if seats := sum(each.seats for each in policy.reserved):
        told.append(
            ngettext(
                "%(num)s seat is kept for people whom companies pledged, as far as nobody loses "
                "a team by it.",
                "%(num)s seats are kept for people whom companies pledged, as far as nobody loses "
                "a team by it.",
                seats,
            )
        )
    if levels.new_employers:
        told.append(
            _("People from as many employers as possible who are new to the programme take part.")
        )
    if levels.worst_fit:
        told.append(_("The need that fits least well fits as well as possible."))
    return [*told, _("The fit of all people and places together is as good as possible.")]
