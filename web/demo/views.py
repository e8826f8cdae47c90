"""The guide to the demo, quick sign-in, and the mail that was caught."""

from __future__ import annotations

from pathlib import Path

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.services import demo_people, sign_in
from web.access import allow
from web.db import now, session
from web.demo import bp, catcher
from web.i18n import choose, language
from web.sessions import remember, user_agent

ROLES = {
    "coordinator": _l("Coordinator"),
    "professional": _l("Professional"),
    "group": _l("Group"),
    "company": _l("Company"),
    "city": _l("City officer"),
    "admin": _l("Administrator"),
}
STARTS = {
    "coordinator": "coordinator.today",
    "professional": "professional.offers",
    "group": "group.home",
    "company": "company.home",
    "city": "city.home",
    "admin": "account.home",
}


def folder() -> Path:
    """Where the caught mails lie."""
    return Path(current_app.config["SETTINGS"].home) / "mail"


@bp.get("")
@allow("public")
def guide() -> str:
    return render_template(
        "demo/guide.html",
        people=demo_people.all_of(session),
        roles=ROLES,
        starts=STARTS,
        password=demo_people.PASSWORD,
    )


@bp.post("/enter/<account_id>")
@allow("public")
def enter(account_id: str) -> Response:
    if account_id not in {person.account_id for person in demo_people.all_of(session)}:
        abort(404)
    token = sign_in.open_session(session, account_id=account_id, now=now(), user_agent=user_agent())
    choose(language())  # of the page they came from, whatever the account prefers
    remember(token)
    target = request.form.get("next", "")
    return redirect(target if target in {url_for(s) for s in STARTS.values()} else "/", 303)


@bp.get("/mail")
@allow("public")
def mailbox() -> str:
    return render_template("demo/mailbox.html", mails=catcher.caught(folder())[:200])


@bp.get("/mail/<name>")
@allow("public")
def mail(name: str) -> str:
    found = catcher.find(folder(), name)
    if found is None:
        abort(404)
    return render_template("demo/mail.html", mail=found)
