"""Signing in and out, and a forgotten password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.services import password_reset, sign_in, sign_on
from matchmaker.services.commands import validated
from web import openid
from web.access import actor, allow
from web.account import attempts, bp
from web.account.forms import ForgotForm, ResetForm, SignInForm
from web.account.paths import leads_to, local_path, start_page
from web.config import cheap_passwords
from web.db import now, session
from web.extensions import limiter
from web.forms import BaseForm, apply_errors
from web.i18n import language
from web.refusals import sentence
from web.sessions import forget

Page = str | Response | tuple[str, int]


@bp.get("/sign-in", endpoint="sign_in")
@allow("public")
def sign_in_page() -> Page:
    if actor().account_id is not None:
        return redirect(local_path(request.args.get("next")) or start_page(actor()), 303)
    return _sign_in_page(SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@allow("public")
@limiter.limit("30 per minute")
def sign_in_now() -> Page:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        entered = attempts.enter(form.email.data, form.password.data)
    except Invalid as refused:
        return _sign_in_page(apply_errors(form, refused)), 422
    except sign_in.TooManyTries as refused:
        form.form_errors = [sentence(refused.code, refused.params)]
        return _sign_in_page(form), 429
    return redirect(local_path(form.next.data) or start_page(entered), 303)


def _sign_in_page(form: BaseForm) -> str:
    about = leads_to(form["next"].data)
    through_company = openid.available() and sign_on.anywhere(session)
    return render_template(
        "account/sign-in.html", form=form, leads_to=about, through_company=through_company
    )


@bp.post("/sign-out")
@allow("public")
def sign_out() -> Page:
    if actor().session_id:
        sign_in.end_session(session, actor=actor(), session_id=actor().session_id, now=now())
    forget()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"), 303)


@bp.get("/forgot-password")
@allow("public")
def forgot_password() -> Page:
    return render_template("account/forgot-password.html", form=ForgotForm())


@bp.post("/forgot-password")
@allow("public")
@limiter.limit("10 per minute")
def ask_for_link() -> Page:
    form = ForgotForm()
    try:
        command = validated(password_reset.Forgotten, form.data)
    except Invalid as refused:
        return render_template(
            "account/forgot-password.html", form=apply_errors(form, refused)
        ), 422
    password_reset.ask(session, language=language(), now=now(), command=command)
    return redirect(url_for("account.link_sent"), 303)


@bp.get("/forgot-password/sent")
@allow("public")
def link_sent() -> Page:
    return render_template("account/link-sent.html")


@bp.get("/reset-password/<token>")
@allow("public")
def reset_password(token: str) -> Page:
    account = password_reset.waiting(session, token=token, now=now())
    return render_template("account/reset-password.html", form=ResetForm(), email=account.email)


@bp.post("/reset-password/<token>")
@allow("public")
@limiter.limit("10 per minute")
def keep_new_password(token: str) -> Page:
    form = ResetForm()
    try:
        account = password_reset.finish(
            session, token=token, password=form.password.data or "", now=now(),
            cheap=cheap_passwords(),
        )  # fmt: skip
    except Invalid as refused:
        account = password_reset.waiting(session, token=token, now=now())
        page = render_template(
            "account/reset-password.html", form=apply_errors(form, refused), email=account.email
        )
        return page, 422
    entered = attempts.admit(account.id)
    flash(_("Your new password is in use. Other browsers were signed out."), "success")
    return redirect(start_page(entered), 303)
