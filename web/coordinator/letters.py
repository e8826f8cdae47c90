"""Letters that wait for the printer, and who gets letters instead of mails."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.errors import NotFound
from matchmaker.models import Notice
from matchmaker.services import paper
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.mail import letter
from web.page import Page
from web.papers.letters import offer_letters
from web.pdf import download

PAGES = {"people": ("person", "professional_id"), "groups": ("group", "group_id")}


def subject_of(notice: Notice) -> str:
    """What a message is about, in its reader's language."""
    return letter(current_app.config["SETTINGS"], notice.code, notice.language, notice.params)[0]


@bp.get("/letters")
@allow("coordinator")
def letters() -> Page:
    waiting = paper.waiting(session, actor=actor())
    return render_template(
        "coordinator/letters.html", letters=waiting, mark=paper.mark(waiting), subject=subject_of
    )


@bp.get("/letters.pdf")
@allow("coordinator")
def letters_pdf() -> Response:
    waiting = paper.waiting(session, actor=actor())
    if not waiting:
        raise NotFound("nothing_to_print")
    printed = offer_letters(
        current_app.config["SETTINGS"], _("Letters to post"),
        [paper.as_letter(each) for each in waiting], on=today(),
    )  # fmt: skip
    return download(printed, f"letters-{today():%Y%m%d}")


@bp.post("/letters/posted")
@allow("coordinator")
def letters_posted() -> Page:
    count = paper.posted(session, actor=actor(), now=now(), shown=request.form.get("shown", ""))
    flash(ngettext("%(num)s letter is done.", "%(num)s letters are done.", count), "success")
    return redirect(url_for(".letters"), 303)


@bp.post("/letters/<string:notice_id>/drop")
@allow("coordinator")
def drop_letter(notice_id: str) -> Page:
    paper.drop(session, actor=actor(), now=now(), notice_id=notice_id)
    flash(_("This letter is not printed."), "success")
    return redirect(url_for(".letters"), 303)


@bp.post("/<any(people, groups):kind>/<string:record_id>/letters/<any(on, off):to>")
@allow("coordinator")
def choose_paper(kind: str, record_id: str, to: str) -> Page:
    paper.choose(session, actor=actor(), now=now(), kind=kind, record_id=record_id, on=to == "on")
    flash(_("From now on they get letters.") if to == "on" else _("From now on they get mails."),
          "success")  # fmt: skip
    page, name = PAGES[kind]
    return redirect(url_for(f".{page}", **{name: record_id}), 303)
