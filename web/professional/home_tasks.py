"""What a professional's start page says first, and the list of what can be done."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matchmaker.services.profile_pages import Home
from web.formats import plain_date
from web.navigation import endpoint_url

Task = tuple[str, str | None, str, str, str]
LEADS = {
    "draft": _l("Your profile is not handed in yet. Nobody else sees it."),
    "submitted": _l("We are checking your profile and will write to you within a few days."),
    "returned": _l(
        "We have a question about your profile. Please correct it and hand it in again."
    ),
    "verified": _l("You take part in the next round. We write to you when a project fits you."),
    "left": _l("You have left. You are not proposed for anything."),
}


def lead(home: Home) -> str:
    """How things stand, in a sentence."""
    person = home.person
    if person is None:
        return ""
    if person.state == "paused" and person.paused_until:
        return _("You rest until %(date)s. Until then you are not proposed for anything.",
                 date=plain_date(person.paused_until))  # fmt: skip
    if person.state == "paused":
        return _("You rest. You are not proposed for anything until you come back.")
    return str(LEADS[person.state])


def tasks(home: Home) -> list[Task]:
    """Profile, wishes, invitations, consent: address, state in a word, and a hint for each."""
    if home.person is None:
        return []
    profile_url = url_for(".profile", step=home.missing[0] if home.missing else "check")
    found: list[Task] = [
        (_("My profile"), profile_url, *_profile(home)),
        (_("My wishes"), url_for(".wishes"), *_wishes(home)),
    ]
    offers = endpoint_url("professional.offers")
    if offers:
        waiting = ngettext("%(num)s waits", "%(num)s wait", home.offers) if home.offers else ""
        hint = _("Projects you were asked for, and your answers.")
        found.append((_("Invitations"), offers, waiting, "wait", hint))
    found.append((_("What my employer may see"), url_for("account.consents"), *_consent(home)))
    return found


def _profile(home: Home) -> tuple[str, str, str]:
    if home.missing:
        count = len(home.missing)
        left = ngettext("%(num)s step left", "%(num)s steps left", count)
        return left, "wait", _("Every step is saved when you go on.")
    return _("Complete"), "ok", _("You can change it at any time.")


def _wishes(home: Home) -> tuple[str, str, str]:
    if home.person is not None and home.person.any_project and not home.wishes:
        return _("Any project is fine"), "ok", _("You may still say which you would like most.")
    if not home.wishes:
        return _("None yet"), "plain", _("Say which needs you would like, up to five.")
    number = ngettext("%(num)s wish", "%(num)s wishes", home.wishes)
    return number, "ok", _("You can change the order until a round is run.")


def _consent(home: Home) -> tuple[str, str, str]:
    name = home.employer
    if not name:
        return _("No employer"), "plain", _("You named no employer, so nobody can see anything.")
    if home.employer_may_see:
        return _("Agreed"), "ok", _("%(name)s may see that you take part.", name=name)
    hint = _("%(name)s cannot see that you take part. You may allow it.", name=name)
    return _("Not agreed"), "plain", hint
