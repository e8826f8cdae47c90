"""My account: what I do here, my details, where I am signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.services import accounts, password_reset, sign_in
from matchmaker.services import details as own_details
from matchmaker.services.commands import validated
from web import i18n
from web.access import actor, allow
from web.account import bp
from web.account.forms import ChangePasswordForm, DetailsForm, NewEmailForm
from web.account.paths import HOMES
from web.config import cheap_passwords
from web.db import now, session
from web.extensions import limiter
from web.forms import apply_errors
from web.navigation import endpoint_url

Page = str | Response | tuple[str, int]


@bp.get("/account")
@allow("signed-in")
def home() -> Page:
    worn = accounts.hats(session, actor=actor())
    return render_template("account/home.html", hats_worn=worn, address_of=_address_of)


def _address_of(hat: accounts.Hat) -> str | None:
    values = {"group": {"group_id": hat.id}, "company": {"company_id": hat.id}}.get(hat.kind, {})
    endpoint = {"group": "group.overview", "company": "company.report"}.get(hat.kind)
    return endpoint_url(endpoint or HOMES.get(hat.kind, ""), **values)


@bp.get("/account/details")
@allow("signed-in")
def details() -> Page:
    account = own_details.own(session, actor=actor())
    return render_template("account/details.html", form=DetailsForm(obj=account), account=account)


@bp.post("/account/details")
@allow("signed-in")
def keep_details() -> Page:
    form = DetailsForm()
    try:
        command = validated(own_details.Details, form.data)
        account = own_details.change(session, actor=actor(), now=now(), command=command)
    except Invalid as refused:
        account = own_details.own(session, actor=actor())
        form = apply_errors(form, refused)
        return render_template("account/details.html", form=form, account=account), 422
    i18n.choose(account.language)
    with force_locale(account.language):
        flash(_("Your details are saved."), "success")
    return redirect(url_for("account.details"), 303)


@bp.get("/account/email")
@allow("signed-in")
def email() -> Page:
    return render_template("account/email.html", form=NewEmailForm())


@bp.post("/account/email")
@allow("signed-in")
@limiter.limit("10 per minute")
def ask_new_email() -> Page:
    form = NewEmailForm()
    try:
        command = validated(own_details.NewEmail, form.data)
        own_details.ask_new_email(session, actor=actor(), now=now(), command=command)
    except Invalid as refused:
        return render_template("account/email.html", form=apply_errors(form, refused)), 422
    flash(_("We have sent a link to the new address. Please open it there."), "success")
    return redirect(url_for("account.details"), 303)


@bp.get("/account/password")
@allow("signed-in")
def password() -> Page:
    return render_template("account/password.html", form=ChangePasswordForm())


@bp.post("/account/password")
@allow("signed-in")
@limiter.limit("10 per minute")
def change_password() -> Page:
    form = ChangePasswordForm()
    try:
        password_reset.change(
            session, actor=actor(), old=form.old.data or "", new=form.new.data or "", now=now(),
            cheap=cheap_passwords(),
        )  # fmt: skip
    except Invalid as refused:
        return render_template("account/password.html", form=apply_errors(form, refused)), 422
    flash(_("Your new password is in use. Other browsers were signed out."), "success")
    return redirect(url_for("account.details"), 303)


@bp.get("/account/sessions")
@allow("signed-in")
def sessions() -> Page:
    listed = sign_in.open_sessions(session, actor=actor(), now=now())
    return render_template("account/sessions.html", sessions=listed)


@bp.post("/account/sessions/<session_id>/end")
@allow("signed-in")
def end_session(session_id: str) -> Page:
    sign_in.end_session(session, actor=actor(), session_id=session_id, now=now())
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("account.sessions"), 303)


@bp.post("/account/sessions/end-others")
@allow("signed-in")
def end_other_sessions() -> Page:
    sign_in.end_other_sessions(session, actor=actor(), now=now(), keep=actor().session_id)
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("account.sessions"), 303)
