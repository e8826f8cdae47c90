"""A letter of thanks to a professional: written by the group, printed by either."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid, NotFound
from matchmaker.services import thanks
from web.access import actor, allow
from web.db import now, session
from web.forms import BaseForm, Required, TextAreaField, apply_errors
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.page import Page
from web.papers.thanks import thanks_paper
from web.pdf import download


class ThanksForm(BaseForm):
    text = TextAreaField(_l("Your letter"), [Required()])


@bp.route("/projects/<string:project_id>/thanks/<string:member_id>", methods=["GET", "POST"])
@allow("group")
def write_thanks(project_id: str, member_id: str) -> Page:
    found = thanks.letter(session, actor=actor(), project_id=project_id, member_id=member_id)
    if note := ask_first(found.group.id):
        return note
    form = ThanksForm(data={"text": found.thanks.text if found.thanks else ""})
    if form.validate_on_submit():
        try:
            thanks.write(
                session, actor=actor(), now=now(), project_id=project_id, member_id=member_id,
                data=form.data, on_behalf=note_for(found.group.id),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your letter is on its way."), "success")
            return redirect(url_for(".project", project_id=project_id), 303)
    page = render_template(
        "group/thanks.html", form=form, found=found,
        back=url_for(".project", project_id=project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/projects/<string:project_id>/thanks/<string:member_id>.pdf")
@allow("group")
def thanks_pdf(project_id: str, member_id: str) -> Response:
    found = thanks.letter(session, actor=actor(), project_id=project_id, member_id=member_id)
    if found.thanks is None:
        raise NotFound("thanks_not_found")
    return download(thanks_paper(found), f"thanks-{project_id}")
