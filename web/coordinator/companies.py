"""Employers, and inviting whoever reports for one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import company_list, duplicates, invitations
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session
from web.forms import BaseForm, EmailField, RadioField, Required, StringField, apply_errors, options
from web.page import Page


class OfficerForm(BaseForm):
    name = StringField(_l("Name"), [Required()])
    email = EmailField(_l("E-mail address"), [Required()])
    language = RadioField(
        _l("Language of the mail"),
        choices=options({"ja": _l("Japanese"), "en": _l("English")}),
        default="ja",
    )


@bp.get("/companies")
@allow("coordinator")
def companies() -> Page:
    asked, number = request.args.get("q", ""), request.args.get("page", "1")
    page = company_list.page(
        session,
        actor=actor(),
        text=asked,
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
    )
    return render_template("coordinator/companies.html", page=page, text=asked[:100])


@bp.route("/companies/<string:company_id>", methods=["GET", "POST"])
@allow("coordinator")
def company(company_id: str) -> Page:
    body, officers = company_list.one(session, actor=actor(), company_id=company_id)
    form = OfficerForm()
    status = 200
    if form.is_submitted():
        if form.validate() and _invited(form, company_id):
            flash(_("An invitation is on its way."), "success")
            return redirect(url_for("coordinator.company", company_id=company_id), 303)
        status = 422
    return (
        render_template(
            "coordinator/company.html",
            company=body,
            officers=officers,
            form=form,
            alike=duplicates.alike(session, body),
        ),
        status,
    )


def _invited(form: OfficerForm, company_id: str) -> bool:
    """Invite, or put what was refused beside its field."""
    given = {
        "role": "company",
        "company_id": company_id,
        "name": form.name.data,
        "email": form.email.data,
        "language": form.language.data,
    }
    try:
        command = validated(invitations.Invite, given)
        invitations.invite(session, actor=actor(), now=now(), command=command)
    except Invalid as refused:
        apply_errors(form, refused)
        return False
    return True
