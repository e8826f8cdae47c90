"""What a rule of fairness cost, in words: levels, needs with their groups, and people."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.engine.answers.difference import Difference
from matchmaker.services.fairness import Report
from web.formats import number
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
        _level(str(LEVELS[name]), loss, on)
        for name, loss in (other.loss or {}).items()
        if loss and name not in NOT_BESIDES
    ]
    needs = [_("“%(need)s” would find a team.", need=_need(each, report)) for each in other.staffed]
    needs += [
        _("“%(need)s” would lose its team.", need=_need(each, report)) for each in other.unstaffed
    ]
    return Price(levels, needs, moves(other.gained, other.lost, names))


def _level(level: str, loss: int, on: bool) -> str:
    said = {"level": level, "num": number(abs(loss))}
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
