"""Signing in through one's company."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid, NotFound, Refusal
from matchmaker.models import ConsentPurpose
from matchmaker.services import accounts, joining, sign_in, sign_on
from matchmaker.services.consent_texts import newest
from web import openid
from web.access import actor, allow
from web.account import bp
from web.account.employer import joined
from web.account.forms import SignOnForm, TieForm
from web.account.paths import start_page
from web.db import now, session, write
from web.extensions import limiter
from web.forms import apply_errors
from web.i18n import language
from web.page import Page
from web.sessions import remember, user_agent

VOUCHED = "vouched"  # in the cookie, from the provider's answer until an account is chosen
SECONDS = 900  # for that


@bp.route("/sign-on", methods=["GET", "POST"], endpoint="sign_on")
@allow("public")
@limiter.limit("30 per minute")
def sign_on_page() -> Page:
    form = SignOnForm()
    if form.validate_on_submit():
        try:
            company = sign_on.company_for(session, data=form.data)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            way = url_for("account.to_provider", company_id=company.id)
            return render_template("account/sign-on-go.html", company=company, way=way)
    page = render_template("account/sign-on.html", form=form)
    return (page, 422) if form.errors else page


@bp.get("/sign-on/<string:company_id>")
@allow("public")
@limiter.limit("30 per minute")
def to_provider(company_id: str) -> Response:
    _usable()
    _company, row = sign_on.provider(session, company_id=company_id)
    return openid.leave(row)


@bp.get("/sign-on/<string:company_id>/back")
@allow("public")
@limiter.limit("30 per minute")
def sign_on_back(company_id: str) -> Response:
    _usable()
    _company, row = sign_on.provider(session, company_id=company_id)
    who = openid.come_back(row)
    with write() as own:
        account_id = sign_on.enter(own, now=now(), who=who)
        if account_id is None:
            cookie[VOUCHED] = {**asdict(who), "at": now().timestamp()}
            return redirect(url_for("account.tie_sign_on"))
        remember(
            sign_in.open_session(own, account_id=account_id, now=now(), user_agent=user_agent())
        )
        entered = accounts.actor_of(own, account_id=account_id)
    return redirect(start_page(entered))


@bp.get("/sign-on/account", endpoint="tie_sign_on")
@allow("public")
def tie_page() -> Page:
    return _tie_page(TieForm())


@bp.post("/sign-on/account")
@allow("public")
@limiter.limit("10 per minute")
def tie_now() -> Page:
    who, form = _vouched(), TieForm()
    if actor().account_id is not None:
        company = sign_on.tie(session, actor=actor(), now=now(), who=who)
        cookie.pop(VOUCHED)
        return joined(company)
    try:
        account = sign_on.open_account(
            session, now=now(), who=who, language=language(), agreed=bool(form.terms.data)
        )
    except Invalid as refused:
        return _tie_page(apply_errors(form, refused)), 422
    remember(
        sign_in.open_session(session, account_id=account.id, now=now(), user_agent=user_agent())
    )
    return redirect(url_for("professional.profile", step="who"), 303)


def _tie_page(form: TieForm) -> str:
    who = _vouched()
    company, _row = sign_on.provider(session, company_id=who.company_id)
    at_work = joining.company_of_domain(session, who.email) if who.email else None
    return render_template(
        "account/tie-sign-on.html",
        who=who,
        company=company,
        may_open=at_work is not None and at_work.id == company.id,
        terms=newest(ConsentPurpose.TERMS),
        here=request.path,
        form=form,
    )


def _vouched() -> sign_on.Vouched:
    kept = dict(cookie.get(VOUCHED) or {})
    if now().timestamp() - kept.pop("at", 0) > SECONDS:
        raise Refusal("sign_on_failed")
    return sign_on.Vouched(**kept)


def _usable() -> None:
    if not openid.available():
        raise NotFound("sign_on_not_found")
