"""The company's programme: what it takes part in, whom to ask, the links for its employees."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import company_menu, joining, participation
from web.access import actor, allow
from web.company import bp
from web.db import now, session, today
from web.forms import apply_errors
from web.invitation_forms import InvitationForm, ProgrammeForm
from web.page import Page

WORKS = timedelta(days=90)


@bp.get("/programme")
@allow("company")
def programmes() -> Page:
    companies = participation.companies_of(session, actor=actor())
    if len(companies) == 1:
        return redirect(url_for("company.programme", company_id=companies[0].id))
    return render_template("company/programmes.html", companies=companies)


@bp.get("/<company_id>/programme")
@allow("company")
def programme(company_id: str) -> Page:
    return _programme(company_id, InvitationForm(data={"expires_on": today() + WORKS}))


def _programme(company_id: str, form: InvitationForm) -> str:
    company = joining.require_manager(session, actor=actor(), company_id=company_id)
    year = participation.company_year(
        session, actor=actor(), company_id=company_id, year=None, today=today()
    )
    return render_template(
        "company/programme.html",
        company=company,
        year=year,
        menu=company_menu.menu(session, on=today()),
        links=joining.invitations(session, actor=actor(), company_id=company_id, today=today()),
        city=current_app.config["SETTINGS"].contact_email,
        form=form,
    )


@bp.post("/<company_id>/programme")
@allow("company")
def invite(company_id: str) -> Page:
    form = InvitationForm()
    try:
        joining.invite(
            session, actor=actor(), now=now(), today=today(), company_id=company_id, data=form.data
        )
    except Invalid as refused:
        return _programme(company_id, apply_errors(form, refused)), 422
    flash(_("The link works. Pass it on by the channel you named."), "success")
    return redirect(url_for("company.programme", company_id=company_id, _anchor="links"), 303)


@bp.post("/<company_id>/invitations/<invitation_id>/revoke")
@allow("company")
def revoke(company_id: str, invitation_id: str) -> Page:
    joining.revoke(
        session, actor=actor(), now=now(), company_id=company_id, invitation_id=invitation_id
    )
    flash(_("The link no longer works. Whoever came by it stays."), "success")
    return redirect(url_for("company.programme", company_id=company_id, _anchor="links"), 303)


@bp.route("/<company_id>/programme/words", methods=["GET", "POST"])
@allow("company")
def describe(company_id: str) -> Page:
    company = joining.require_manager(session, actor=actor(), company_id=company_id)
    form = ProgrammeForm(data={"programme": company.programme, "contact": company.contact})
    if form.validate_on_submit():
        try:
            joining.describe(
                session, actor=actor(), now=now(), company_id=company_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. Employees read it behind every link."), "success")
            return redirect(url_for("company.programme", company_id=company_id), 303)
    page = render_template("company/programme-words.html", form=form, company=company)
    return (page, 422) if form.errors else page
