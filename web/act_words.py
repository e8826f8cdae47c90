"""Every act of the history in words, and what was noted with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from web.labels import word
from web.need_words import ACTS, said_for

SUBJECTS = {
    "professional": _l("Professional"),
    "group": _l("Group"),
    "need": _l("Need"),
    "round": _l("Round"),
    "project": _l("Project"),
    "company": _l("Employer"),
    "proposal": _l("Seat"),
    "account": _l("Account"),
    "consultation": _l("Consultation"),
    "import_batch": _l("Import"),
    "indicator": _l("Indicator"),
    "job": _l("Background work"),
    "market": _l("Market folder"),
    "notice": _l("Mail"),
    "policy_version": _l("Policy"),
    "project_terms": _l("Terms"),
    "wording": _l("Message text"),
    "year": _l("Fiscal year"),
}
# What is not said by the histories of single records.
ACT_WORDS: dict[str, Any] = {
    **ACTS,
    "account_erased": _l("Account erased"),
    "account_opened": _l("Account opened"),
    "any_project_set": _l("Said whether any project is fine"),
    "ask_first": _l("Asked something before answering"),
    "bring_back": _l("Taken up again"),
    "calendar_made": _l("A calendar address was made"),
    "calendar_revoked": _l("A calendar address was taken back"),
    "cancel_round": _l("Round cancelled"),
    "choose_notices": _l("Chose which mails come"),
    "close_round": _l("Round closed"),
    "compute_round": _l("Asked for the proposals"),
    "consent_given": _l("Agreement given"),
    "consent_withdrawn": _l("Agreement withdrawn"),
    "consultation_handed_over": _l("Handed over to a colleague"),
    "create_round": _l("Round begun"),
    "desk_said": _l("Said how much can be taken and who stands in"),
    "delete_search": _l("A saved search was deleted"),
    "details_changed": _l("Details changed"),
    "drop_letter": _l("A letter was not sent"),
    "email_changed": _l("E-mail address changed"),
    "enter_figure": _l("A figure was entered"),
    "freeze_figure": _l("A figure was fixed"),
    "group_saved": _l("Registration written on"),
    "import_applied": lazy_pgettext("history", "Taken over"),
    "import_dropped": _l("Thrown away"),
    "import_uploaded": _l("Uploaded"),
    "keep_scenario": _l("A trial was kept"),
    "market_exported": _l("Taken away as a file"),
    "need_saved": _l("Need written on"),
    "note_consultation": _l("Noted"),
    "password_changed": _l("Password changed"),
    "opening_told": _l("Told those who look for such a need"),
    "post_letters": _l("Letters posted"),
    "professional_left": _l("Left"),
    "professional_saved": _l("Profile written on"),
    "publish_policy": _l("A policy was published"),
    "publish_terms": _l("Terms were published"),
    "retry_job": _l("Tried again"),
    "retry_mail": _l("Sent again"),
    "role_given": _l("A role was given"),
    "save_search": _l("A search was saved"),
    "send_round": _l("Round sent"),
    "sign_in": _l("Signed in"),
    "sign_out": _l("Signed out"),
    "sign_out_others": _l("Signed out elsewhere"),
    "stop_computation": _l("Computation stopped"),
    "pin_pair": _l("A pair was fixed"),
    "ban_pair": _l("A pair was ruled out"),
    "unmark_pair": _l("A pair was set free"),
    "wish_added": _l("A wish was added"),
    "wish_moved": _l("Wishes put in another order"),
    "wish_refused": _l("Said: not this one"),
    "wish_removed": _l("A wish was taken off"),
    "word_message": _l("A message text was changed"),
    "write_review": _l("The yearly review was written"),
    "approve_proposal": lazy_pgettext("history", "Approved"),
    "reject_proposal": lazy_pgettext("history", "Set aside"),
    "undo_proposal": _l("Decision taken back"),
    "replace_proposal": lazy_pgettext("history", "Replaced"),
    "withdraw_proposal": lazy_pgettext("history", "Withdrawn"),
    "send_offer": _l("Invitation sent"),
    "accept_offer": _l("Said yes"),
    "decline_offer": _l("Said no"),
    "expire_offer": lazy_pgettext("history", "No reply in time"),
    "withdraw_offer": _l("Invitation taken back"),
    "replace_offer": lazy_pgettext("history", "Replaced"),
}


def init_act_words(app: Flask) -> None:
    """Give the templates the words of the history."""
    app.jinja_env.globals.update(act_word=act_word, note_of=said)


def act_word(act: str) -> str:
    """The word for an act; an unknown one as itself."""
    return str(ACT_WORDS.get(act, act))


def said(details: Mapping[str, Any]) -> str:
    """What was noted with an act: who said so to a coordinator, and the reason that was given."""
    parts = []
    if details.get("said_by") and details.get("said_on"):
        parts.append(said_for(details))
    reason = details.get("reason")
    if reason:
        parts.append(word(reason, "ending"))
    return " · ".join(parts)
