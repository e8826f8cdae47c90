"""Seats whose people offer no room for them any more, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from matchmaker.services.bulk import Left
from matchmaker.services.overtaken import Rival
from web.formats import listing, number
from web.refusals import seat_link

NAMED = 5  # people, teams and links in the message after an act, as it travels in a cookie


def mark(paused: bool, rivals: Sequence[Rival]) -> str:
    """Why a seat cannot be approved as it stands, in two words."""
    if rivals:
        return _("Too many seats at once")
    return _("Not available now") if paused else _("Asked elsewhere since")


def against(rivals: Sequence[Rival], round_id: str) -> Markup:
    """Which other seats of the round stand against a person's seat, with links to them."""
    links = [
        Markup('<a href="{}">{}</a>').format(
            url_for("coordinator.round_need", round_id=round_id, need_id=each.need.id),
            _("“%(role)s” in “%(need)s”", role=each.role.title, need=each.need.title),
        )
        for each in rivals
    ]
    text = escape(
        ngettext(
            "Beside it the same person is proposed for %(seats)s, and has room for one of the two "
            "only. Approve the one that should stay, and set the other aside.",
            "Beside it the same person is proposed for %(seats)s, and has no room for all of them. "
            "Approve what should stay, and set the rest aside.",
            len(rivals),
            seats="\0",
        )
    )
    return Markup(str(text).replace("\0", listing(links)))  # noqa: S704 - both parts are escaped


def left_out(left: Sequence[Left], round_id: str) -> Markup:
    """Who was left out when everything was approved, and where that can be changed."""
    names = _some(dict.fromkeys(each.person for each in left))
    told = [
        escape(
            _(
                "Left undecided, as they were asked elsewhere or paused meanwhile: %(names)s.",
                names=names,
            )
        )
    ]
    teams = _some(dict.fromkeys(each.need.title for each in left if each.waits))
    if teams:
        told.append(escape(_("These teams wait as a whole: %(needs)s.", needs=teams)))
    links = [_to_choose(each, round_id) for each in left if each.rivals]
    links += dict.fromkeys(seat_link(seat) for each in left for seat in each.held)
    return Markup("<br>").join([*told, *links[:NAMED]])


def _to_choose(left: Left, round_id: str) -> Markup:
    """A link to one of the seats somebody has too many of."""
    href = url_for("coordinator.round_need", round_id=round_id, need_id=left.need.id)
    words = _("Choose whether %(name)s has “%(role)s”", name=left.person, role=left.role)
    return Markup('<a href="{}">{}</a>').format(href, words)


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - NAMED
    text = listing(every[:NAMED])
    return " ".join([text, _("and %(num)s more", num=number(more))]) if more > 0 else text
