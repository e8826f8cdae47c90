"""Coming to one's company's programme, by its link or by the address one has there."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.models import Company
from matchmaker.services import company_menu, consents, joining
from web import menu_words, openid
from web.access import actor, allow
from web.account import bp
from web.db import now, session, today
from web.forms import ConfirmForm
from web.page import Page


@bp.get("/join/<string:code>", endpoint="join")
@allow("public")
def join_page(code: str) -> Page:
    _invitation, company = joining.open_invitation(session, code=code, today=today())
    return render_template(
        "account/join.html",
        company=company,
        code=code,
        menu=company_menu.menu(session, on=today()),
        words=menu_words,
        today=today(),
        sign_on=openid.usable(session, company),
        form=ConfirmForm(),
    )


@bp.post("/join/<string:code>")
@allow("signed-in")
def join_now(code: str) -> Page:
    company = joining.join_by_link(session, actor=actor(), now=now(), today=today(), code=code)
    return joined(company)


@bp.get("/account/employer")
@allow("signed-in")
def employer() -> Page:
    seen = consents.overview(session, actor=actor(), today=today())
    offered = joining.company_of_address(session, actor=actor())
    return render_template(
        "account/employer.html",
        employer=seen.employer or joining.employer_of(session, actor=actor()),
        offered=offered,
        sign_on=offered if offered and openid.usable(session, offered) else None,
        form=ConfirmForm(),
    )


@bp.post("/account/employer")
@allow("signed-in")
def join_by_address() -> Page:
    return joined(joining.join_by_address(session, actor=actor(), now=now()))


def joined(company: Company) -> Response:
    """On to the profile where there is none, else to the question what the company may see."""
    flash(
        _("You work at %(company)s: that is noted. Your company sees nothing of you unless you "
          "agree to it.", company=company.name),
        "success",
    )  # fmt: skip
    if actor().professional_id is None:
        return redirect(url_for("professional.profile", step="who"), 303)
    return redirect(url_for("account.consents"), 303)
