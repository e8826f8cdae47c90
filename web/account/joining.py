"""Signing up: a mailed link, then a password; and a new address confirmed by a link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.models import ConsentPurpose
from matchmaker.services import details, sign_up
from matchmaker.services.commands import validated
from matchmaker.services.consent_texts import newest
from web.access import allow
from web.account import attempts, bp, claims
from web.account.forms import DOORS, OpenForm, SignUpForm
from web.account.paths import behind_door, start_page
from web.config import cheap_passwords
from web.db import now, session
from web.extensions import limiter
from web.forms import ConfirmForm, apply_errors
from web.i18n import language

Page = str | Response | tuple[str, int]


@bp.get("/sign-up", endpoint="sign_up")
@allow("public")
def sign_up_page() -> Page:
    door = request.args.get("door", "")
    form = SignUpForm(
        door=door if door in DOORS else "professional", join=request.args.get("join", "")[:64]
    )
    return render_template("account/sign-up.html", form=form)


@bp.post("/sign-up")
@allow("public")
@limiter.limit("10 per minute")
def ask_for_account() -> Page:
    form = SignUpForm()
    if not form.validate():
        return render_template("account/sign-up.html", form=form), 422
    try:
        command = validated(sign_up.SignUp, form.data)
    except Invalid as refused:
        return render_template("account/sign-up.html", form=apply_errors(form, refused)), 422
    sign_up.ask(session, language=language(), now=now(), command=command)
    return redirect(url_for("account.sign_up_sent"), 303)


@bp.get("/sign-up/sent")
@allow("public")
def sign_up_sent() -> Page:
    return render_template("account/sign-up-sent.html")


@bp.get("/verify/<token>")
@allow("public")
def verify(token: str) -> Page:
    return _open_page(OpenForm(), token)


def _open_page(form: OpenForm, token: str) -> str:
    account = sign_up.waiting(session, token=token, now=now())
    terms = newest(ConsentPurpose.TERMS)
    return render_template("account/open.html", form=form, email=account.email, terms=terms)


@bp.post("/verify/<token>")
@allow("public")
@limiter.limit("10 per minute")
def open_account(token: str) -> Page:
    form = OpenForm()
    try:
        account = sign_up.finish(
            session, token=token, password=form.password.data or "", agreed=form.terms.data,
            now=now(), cheap=cheap_passwords(),
        )  # fmt: skip
    except Invalid as refused:
        return _open_page(apply_errors(form, refused), token), 422
    entered = attempts.admit(account.id)
    flash(_("Your account is open."), "success")
    if claims.KEY in cookie:
        return redirect(url_for("account.claim"), 303)
    if join := request.args.get("join"):
        return redirect(url_for("account.join", code=join), 303)
    return redirect(behind_door(request.args.get("door")) or start_page(entered), 303)


@bp.get("/confirm-email/<token>")
@allow("public")
def confirm_email(token: str) -> Page:
    email = details.waiting_email(session, token=token, now=now())
    return render_template("account/confirm-email.html", form=ConfirmForm(), email=email)


@bp.post("/confirm-email/<token>")
@allow("public")
@limiter.limit("10 per minute")
def keep_new_email(token: str) -> Page:
    details.confirm_new_email(session, token=token, now=now())
    flash(_("Your new e-mail address is in use."), "success")
    return redirect(url_for("account.details"), 303)
