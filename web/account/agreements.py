"""What I agreed to: the terms, and whether my employer may see that I take part."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid, NotFound
from matchmaker.services import consents as agreements
from web.access import actor, allow
from web.account import bp
from web.account.forms import EmployerConsentForm
from web.db import now, session, today
from web.formats import plain_date
from web.forms import ConfirmForm, apply_errors

Page = str | Response | tuple[str, int]


def _form(seen: agreements.Overview) -> EmployerConsentForm:
    form = EmployerConsentForm(company_id=seen.employer.id if seen.employer else "")
    form.until.choices = [
        (day.isoformat(), _("Until %(day)s", day=plain_date(day)))
        if day
        else ("open", _("Until I withdraw it"))
        for day in agreements.until_choices(today())
    ]
    if seen.live and not form.is_submitted():
        form.until.data = seen.live.expires_on.isoformat() if seen.live.expires_on else "open"
    return form


def _page(form: EmployerConsentForm, seen: agreements.Overview) -> str:
    return render_template("account/consents.html", form=form, seen=seen)


@bp.get("/account/consents")
@allow("signed-in")
def consents() -> Page:
    seen = agreements.overview(session, actor=actor(), today=today())
    return _page(_form(seen), seen)


@bp.post("/account/consents")
@allow("signed-in")
def give_consent() -> Page:
    seen = agreements.overview(session, actor=actor(), today=today())
    form = _form(seen)
    if not form.validate():
        return _page(form, seen), 422
    try:
        agreements.give_employer_report(
            session,
            actor=actor(),
            now=now(),
            today=today(),
            professional_id=_mine(),
            company_id=form.company_id.data or "",
            until=None if form.until.data == "open" else date.fromisoformat(form.until.data),
        )
    except Invalid as refused:
        return _page(apply_errors(form, refused), seen), 422
    flash(_("Thank you. Your employer can now see your participation."), "success")
    return redirect(url_for("account.consents"), 303)


@bp.get("/account/consents/<company_id>/withdraw")
@allow("signed-in")
def confirm_withdrawal(company_id: str) -> Page:
    given = agreements.overview(session, actor=actor(), today=today()).live_with(company_id)
    return render_template("account/withdraw.html", form=ConfirmForm(), given=given)


@bp.post("/account/consents/<company_id>/withdraw")
@allow("signed-in")
def withdraw_consent(company_id: str) -> Page:
    agreements.withdraw_employer_report(
        session, actor=actor(), now=now(), professional_id=_mine(), company_id=company_id
    )
    flash(_("Withdrawn. Your employer no longer sees your name."), "success")
    return redirect(url_for("account.consents"), 303)


def _mine() -> str:
    """The reader's own professional record; nobody agrees for somebody else here."""
    if actor().professional_id is None:
        raise NotFound("professional_not_found")
    return actor().professional_id or ""
