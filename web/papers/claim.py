"""The letter with the code by which somebody takes over the profile that was entered for them."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from web.formats import plain_date
from web.i18n import site_name
from web.pdf import Paper, facts, heading, items, picture, text
from web.qr import code as drawn

QR_WIDTH = 32  # millimetres


def claim_letter(name: str, code: str, *, until: date, on: date) -> Paper:
    """One page in large type: what it is for, three steps, the code to type or photograph."""
    title = _("Your profile, in your own hands")
    address = url_for("account.claim", _external=True)
    return Paper(
        title,
        [
            text(plain_date(on), "right"),
            text(_("Dear %(name)s,", name=name)),
            heading(title, 1),
            text(
                _("We have entered a profile for you, as you told us. You need not do anything: we "
                  "go on writing to you and telephoning as before.")
            ),
            text(_("If you would like to look after it yourself on the site, here is the way:")),
            items(
                [
                    _("Open this address, or hold your telephone's camera over the picture: "
                      "%(address)s", address=address),
                    _("Type the code."),
                    _("Make an account, or sign in, and take the profile over."),
                ],
                "ordered",
            ),
            facts([(pgettext("claim", "Code"), code), (_("Works until"), plain_date(until))]),
            picture(
                drawn(url_for("account.claim", code=code, _external=True)),
                _("A code that leads to the page on which the code is typed in"), QR_WIDTH,
            ),
            text(
                _("The code works once, and whoever has it can take the profile over: please keep "
                  "it to yourself. If it was lost, tell us; we make a new one, and this one stops "
                  "working."),
                "small",
            ),
            text(site_name(), "right"),
        ],
        on,
        large=True,
    )  # fmt: skip
