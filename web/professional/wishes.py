"""Wishes: choose, put in order, say "not this one"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services import wishes as service
from web.access import actor, allow
from web.db import now, session
from web.page import Page
from web.professional import bp

ACTS: dict[str, tuple[Callable[..., None], Any]] = {
    "wish": (service.wish, _l("It is on your list of wishes now.")),
    "not-this-one": (service.not_this_one, _l("You will not be proposed for this one.")),
    "up": (partial(service.move, up=True), _l("The order was changed.")),
    "down": (partial(service.move, up=False), _l("The order was changed.")),
    "remove": (service.remove, _l("It was taken off the list.")),
}


@bp.get("/wishes")
@allow("professional")
def wishes() -> Page:
    if actor().professional_id is None:
        flash(_("Please fill in your profile first. Then you can wish for needs."), "info")
        return redirect(url_for(".profile", step="who"), 303)
    found = service.overview(session, actor=actor(), need_id=request.args.get("need", "")[:64])
    return render_template("professional/wishes.html", found=found, most=service.MOST)


@bp.post("/wishes/<any('wish', 'not-this-one', 'up', 'down', 'remove'):act>/<string:need_id>")
@allow("professional")
def wish_act(act: str, need_id: str) -> Page:
    do, said = ACTS[act]
    do(session, actor=actor(), now=now(), need_id=need_id)
    flash(str(said), "success")
    return redirect(url_for(".wishes"), 303)


@bp.post("/wishes/any-project")
@allow("professional")
def wish_any() -> Page:
    said = request.form.get("fine")
    if said not in ("yes", "no"):
        abort(400)
    fine = said == "yes"
    service.set_any_project(session, actor=actor(), now=now(), fine=fine)
    flash(_("Any project is fine for you now.") if fine else _("Only what you chose counts now."),
          "success")  # fmt: skip
    return redirect(url_for(".wishes"), 303)
