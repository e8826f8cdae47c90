"""Cases at the desk: the list, who released what by telephone, on the site and off it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid, NotFound
from matchmaker.services import case_releases, case_sheets
from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf
from web.access import actor, allow
from web.case_forms import HeardForm
from web.case_pages import add_case_pages
from web.coordinator import bp
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.page import Page

add_case_pages(bp, None)


def _back(project_id: str) -> Page:
    return redirect(url_for(".case", project_id=project_id), 303)


@bp.get("/cases")
@allow("coordinator")
def cases() -> Page:
    lines = case_sheets.listing(session, actor=actor())
    return render_template("coordinator/cases.html", lines=lines)


@bp.route("/projects/<string:project_id>/case/heard", methods=["GET", "POST"])
@allow("coordinator")
def hear_case(project_id: str) -> Page:
    sheet = case_sheets.sheet(session, actor=actor(), side=None, project_id=project_id)
    if sheet.case is None:
        raise NotFound("case_not_found")
    form = HeardForm(sheet, data={"edition": sheet.case.edition, "said_on": today()})
    if form.validate_on_submit():
        try:
            case_releases.release_heard(
                session, actor=actor(), now=now(), project_id=project_id, data=form.data,
                on_behalf=validated(OnBehalf, form.data),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The release is noted."), "success")
            return _back(project_id)
    page = render_template("coordinator/hear-case.html", sheet=sheet, form=form)
    return page, 422 if form.errors else 200


@bp.post("/projects/<string:project_id>/case/publish")
@allow("coordinator")
def publish_case(project_id: str) -> Page:
    case_releases.publish(
        session, actor=actor(), now=now(), project_id=project_id, version=ConfirmForm().seen()
    )
    flash(_("The case is on the site."), "success")
    return _back(project_id)


@bp.post("/projects/<string:project_id>/case/withdraw")
@allow("coordinator")
def withdraw_case(project_id: str) -> Page:
    case_releases.withdraw(
        session, actor=actor(), now=now(), project_id=project_id, version=ConfirmForm().seen()
    )
    flash(_("The case is not shown any more."), "success")
    return _back(project_id)
