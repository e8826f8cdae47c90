"""Searches for needs that somebody keeps, and the weekly mail that goes with them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from matchmaker.models import Pace
from matchmaker.services import notice_choices, saved_searches, taxonomy
from matchmaker.services.public_search import NeedSearch
from web.access import actor, allow
from web.account import bp
from web.db import now, session
from web.formats import label, listing
from web.labels import word
from web.page import Page


@bp.get("/account/searches")
@allow("signed-in")
def searches() -> Page:
    pace = notice_choices.pace_of(session, account_id=actor().account_id, code=saved_searches.KIND)
    return render_template(
        "account/searches.html",
        searches=saved_searches.mine(session, actor=actor()),
        told=pace == Pace.WEEKLY,
    )


@bp.post("/account/searches")
@allow("signed-in")
def save_search() -> Page:
    saved_searches.save(
        session, actor=actor(), now=now(), filters=request.form, name=in_words(request.form)
    )
    flash(_("The search is kept."), "success")
    return redirect(url_for(".searches"), 303)


@bp.post("/account/searches/<string:search_id>/delete")
@allow("signed-in")
def delete_search(search_id: str) -> Page:
    saved_searches.delete(session, actor=actor(), now=now(), search_id=search_id)
    flash(_("The search is deleted."), "success")
    return redirect(url_for(".searches"), 303)


@bp.post("/account/searches/mail")
@allow("signed-in")
def mail_of_searches() -> Page:
    """Begin or stop the weekly mail with one click."""
    pace = request.form.get("pace", "")
    notice_choices.choose(session, actor=actor(), now=now(), data={saved_searches.KIND: pace})
    flash(
        _("You get the mail once a week, if something is new.")
        if pace == Pace.WEEKLY
        else _("You get no more mails about new needs."),
        "success",
    )
    return redirect(url_for(".searches"), 303)


def in_words(filters: dict[str, str]) -> str:
    """A search as a phrase of its filters, in the reader's language."""
    search = NeedSearch.read(filters)
    named = (
        (search.field, taxonomy.fields(session)),
        (search.district, taxonomy.districts(session)),
        (search.skill, [skill for family in taxonomy.families(session) for skill in family.skills]),
    )
    words = [search.text] if search.text else []
    words += [label(row) for code, rows in named for row in rows if row.code == code]
    words += [word(search.form, "need_form")] if search.form else []
    words += [_("Online") if search.way == "remote" else _("In person")] if search.way else []
    words += [word(search.urgency, "urgency")] if search.urgency else []
    return listing(words)
