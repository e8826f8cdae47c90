"""Taking over a profile that was entered from paper, with the code of the letter.

The code goes from page to page in the reader's own cookie, so that it outlasts signing up.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import NotFound
from matchmaker.services import claims
from web.access import actor, allow
from web.account import bp
from web.db import now, session
from web.extensions import limiter
from web.forms import BaseForm, ConfirmForm, Required, StringField, drop_unprintable
from web.page import Page
from web.refusals import sentence

KEY = "claim"


class CodeForm(BaseForm):
    code = StringField(_l("The code on your letter"), [Required()])


@bp.get("/take-over", endpoint="claim")
@allow("public")
def claim_page() -> Page:
    """Where the code is typed in, or stands already; once it was found, whose profile it is."""
    kept, code = cookie.get(KEY, ""), request.args.get("code", "")[:40]
    if kept and not code:
        try:
            person = claims.find(session, code=kept, now=now())
        except NotFound:
            cookie.pop(KEY)
        else:
            return render_template("account/claim.html", person=person, form=ConfirmForm())
    return render_template("account/claim.html", person=None, form=CodeForm(code=code))


@bp.post("/take-over")
@allow("public")
@limiter.limit("10 per hour")
def check_claim() -> Page:
    form = CodeForm()
    if form.validate():
        code = str(form.code.data)[:40]
        try:
            claims.find(session, code=code, now=now())
        except NotFound as refused:
            form.code.errors = [sentence(refused.code)]
            drop_unprintable(form)
        else:
            cookie[KEY] = code
            return redirect(url_for("account.claim"), 303)
    return render_template("account/claim.html", person=None, form=form), 422


@bp.post("/take-over/confirm")
@allow("signed-in")
@limiter.limit("10 per hour")
def take_over() -> Response:
    claims.take_over(session, actor=actor(), now=now(), code=cookie.get(KEY, ""))
    cookie.pop(KEY, None)
    flash(_("The profile is yours now. Please look whether everything is right."), "success")
    return redirect(url_for("professional.profile_check"), 303)
