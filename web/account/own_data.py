"""My data: take all of it away as a file, or have it erased."""

from __future__ import annotations

import io
import json
from collections import Counter

from flask import flash, redirect, render_template, send_file, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.services import erasure, own_data
from web.access import actor, allow
from web.account import bp
from web.account.forms import EraseForm
from web.db import leave_no_trace, now, session
from web.extensions import limiter
from web.forms import apply_errors
from web.refusals import sentence

OTHER = _l("Other records")
RECORDS = {
    "account": _l("Account"),
    "professional": _l("Profile"),
    "professional_skill": _l("Skills"),
    "professional_field": _l("Fields I care about"),
    "wish": _l("Wishes"),
    "proposal": _l("Proposals and invitations"),
    "round_person": _l("Rounds without a place for me"),
    "project_member": _l("Projects"),
    "hours_entry": _l("Hours"),
    "outcome": _l("Evaluations I gave"),
    "partnership": _l("Groups I worked with"),
    "consent": _l("Consents"),
    "notice": _l("Mails to me"),
    "login_session": _l("Sign-ins"),
    "audit_entry": _l("What I did here"),
    "group_member": _l("Groups I act for"),
}

Page = str | Response | tuple[str, int]


@bp.get("/account/data")
@allow("signed-in")
def data() -> Page:
    found = own_data.export(session, actor=actor(), now=now())
    kinds = Counter(dict.fromkeys(RECORDS.values(), 0))
    for table, rows in found["tables"].items():
        kinds[RECORDS.get(table, OTHER)] += len(rows)
    return render_template("account/data.html", kinds=[pair for pair in kinds.items() if pair[1]])


@bp.get("/account/data.json")
@allow("signed-in")
def data_file() -> Page:
    found = own_data.export(session, actor=actor(), now=now())
    body = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return send_file(
        io.BytesIO(body), "application/json", as_attachment=True, download_name="my-data.json"
    )


@bp.get("/account/erase")
@allow("signed-in")
def confirm_erasure() -> Page:
    return _page(EraseForm())


@bp.post("/account/erase")
@allow("signed-in")
@limiter.limit("10 per minute")
def erase() -> Page:
    form = EraseForm()
    try:
        erasure.erase(session, actor=actor(), now=now(), password=form.password.data or "")
    except Invalid as refused:
        return _page(apply_errors(form, refused)), 422
    cookie.clear()
    flash(_("Your account and your data are erased. Thank you for having been with us."), "success")
    answer = redirect(url_for("public.home"), 303)
    answer.call_on_close(leave_no_trace())
    return answer


def _page(form: EraseForm) -> str:
    hindering = [sentence(code) for code in erasure.hindrances(session, actor=actor())]
    return render_template("account/erase.html", form=form, hindering=hindering)
