"""How sure a proposal is, in words: does it hold when the weights are other ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from web.formats import either
from web.labels import word


@dataclass(frozen=True)
class Sure:
    """``name`` and ``tone``: as a chip. ``short``: one sentence for the board; ``long``: the
    sentences of the page “Why?”."""

    name: str
    tone: str
    short: str
    long: tuple[str, ...]


def init_sure_words(app: Flask) -> None:
    """The template global ``how_sure``."""
    app.jinja_env.globals["how_sure"] = how_sure


def how_sure(told: Mapping[str, Any]) -> Sure | None:
    """What a proposal's ``sure`` says; None while it is not known."""
    if not told:
        return None
    if told.get("fixed"):
        return Sure(_("Fixed"), "plain", "", (_("It was fixed, so no weight can move it."),))
    nearest = _nearest(told["nearest"])
    if told["holds"] and not nearest:
        text = _("Stays when any one weight counts a quarter more or less.")
        return Sure(_("Sure"), "ok", text, (text,))
    if told["holds"]:
        text = _("Stays when any one weight counts a quarter more or less.")
        return Sure(_("Fairly sure"), "ok", nearest, (text, nearest))
    quarters = either(_quarter(*each) for each in told["breaks"])
    text = _("Somebody else would be proposed if %(what)s.", what=quarters)
    return Sure(_("A close call"), "wait", nearest or text, (text, *([nearest] if nearest else [])))


def _nearest(breaks: Sequence[tuple[str, int, int]]) -> str:
    """The smallest change of one weight for which the pair goes."""
    if not breaks:
        return ""
    told = either(
        _("“%(what)s” counts %(new)s instead of %(old)s", what=word(feature, "feature"),
          new=weight, old=weight - change)
        for feature, change, weight in breaks
    )  # fmt: skip
    return _("It would change as soon as %(what)s.", what=told)


def _quarter(feature: str, percent: int) -> str:
    name = word(feature, "feature")
    if percent > 0:
        return _("“%(what)s” counts a quarter more", what=name)
    return _("“%(what)s” counts a quarter less", what=name)
