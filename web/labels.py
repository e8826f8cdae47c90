"""Codes of the tables → words for the reader, and the tone each state is shown in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from web import project_words, reply_words
from web.filters import add_filters
from web.need_words import KINDS

Words = Mapping[str, Any]

WORDS: dict[str, Words] = {
    "voice": {
        "professional": _l("Professional"),
        "group": _l("Group"),
        "coordinator": _l("Coordinator"),
    },
    "public_part": {
        "about": _l("What we do"),
        "district": _l("District"),
        "fields": _l("Fields of activity"),
        "website": _l("Our website"),
        "needs": _l("Our needs under our name"),
        "finished": _l("How many projects are finished"),
        "cases": _l("Our cases"),
        "letters": _l("A form to write to us; our address is not shown"),
    },
    "case_state": {
        "draft": _l("Being written"),
        "asked": _l("Waiting for releases"),
        "published": _l("Public"),
        "withdrawn": _l("Taken off the site"),
    },
    "people_shown": {
        "none": _l("No, nobody"),
        "agreed": _l("Yes, and everybody who can be recognised has agreed"),
    },
    "rule": {
        "groups": _l("As many groups as possible get support"),
        "needs": _l("As many needs as possible find a team"),
        "urgency": _l("Urgent needs first, then important ones"),
        "new_employers": _l("Favour people of employers who are new to the programme"),
        "worst_fit": _l("The need that is served worst is served as well as possible"),
        "waiting": _l("Where all is equal, those who waited longest come first"),
    },
    "need_state": {
        "draft": _l("Draft"),
        "submitted": _l("Being checked"),
        "returned": _l("Returned to the group"),
        "open": lazy_pgettext("need", "Open"),
        "in_round": _l("In a round"),
        "staffed": _l("Team found"),
        "in_progress": _l("In progress"),
        "delivered": _l("Delivered"),
        "evaluated": _l("Evaluated"),
        "followed_up": _l("Followed up"),
        "withdrawn": _l("Withdrawn"),
        "unstaffed": _l("No team this time"),
        "paused": _l("Paused"),
        "cancelled": _l("Cancelled"),
    },
    "need_form": {
        "session": _l("One hour"),
        "day": _l("One day"),
        "single": _l("One or two people, about 30 hours"),
        "team": _l("Team"),
    },
    "mode": {
        "remote": _l("Online"),
        "onsite": _l("In person"),
        "hybrid": _l("Mainly online, sometimes in person"),
    },
    "urgency": {
        "urgent": _l("Urgent"),
        "important": _l("Important"),
        "ordinary": _l("Not in a hurry"),
    },
    "level": {
        "1": _l("Learning"),
        "2": _l("Working with it"),
        "3": _l("Expert"),
        "4": _l("Leading others"),
    },
    "profile_state": {
        "draft": _l("Draft"),
        "submitted": _l("Being checked"),
        "returned": _l("Please correct"),
        "verified": _l("Checked"),
        "paused": _l("Paused"),
        "left": lazy_pgettext("person", "Left"),
    },
    "relation": {
        "resident": _l("I live in the city"),
        "worker": _l("I work in the city"),
        "student": _l("I study in the city"),
        "none": _l("None of these"),
    },
    "group_kind": {
        "neighbourhood": _l("Neighbourhood association"),
        "npo": _l("NPO corporation"),
        "volunteer": _l("Volunteer group"),
        "council": _l("Council or committee"),
        "other": _l("Other group"),
    },
    "plan_section": {
        "1": _l("Policy 1: a wider door to civic cooperation"),
        "2": _l("Policy 2: civic groups lively and lasting"),
        "3": _l("Policy 3: connections and coordination"),
        "4": _l("Cooperation within the city office"),
    },
    "topic": {
        "start": _l("Beginning something"),
        "manage": _l("Running a group"),
        "money": _l("Money and grants"),
        "people": _l("Finding people"),
        "publicity": _l("Publicity"),
        "place": _l("Places and equipment"),
        "law": _l("Legal form and paperwork"),
        "pro_bono": _l("Pro bono"),
        "company": _l("A company's contribution"),
        "other": _l("Something else"),
    },
    "medium": {
        "visit": _l("Here"),
        "phone": _l("By telephone"),
        "email": _l("By e-mail"),
        "online": _l("Online"),
        "outside": _l("At their place"),
    },
    "partners": {
        "new": _l("New partners"),
        "earlier": _l("Partners from before"),
        "neutral": _l("Neither"),
    },
    "group_class": {
        "all": _l("All groups of the round"),
        "first_time": _l("Groups that get support for the first time"),
        "neighbourhood": _l("Neighbourhood associations"),
        "longest_waiting": _l("Groups that have waited longest"),
    },
    "member_role": {"contact": _l("Contact person"), "member": _l("Member")},
    "round_state": {
        "draft": _l("Being prepared"),
        "computing": _l("Being worked out"),
        "ready": _l("Ready for review"),
        "sent": _l("Sent"),
        "closed": _l("Closed"),
        "failed": _l("Could not be worked out"),
        "cancelled": _l("Cancelled"),
    },
    "mark_kind": {"pin": _l("Keep together"), "ban": _l("Not this pair")},
    "proposal_state": {
        "proposed": _l("Proposed"),
        "approved": _l("Approved"),
        "offered": _l("Waiting for replies"),
        "confirmed": _l("Both sides said yes"),
        "rejected": _l("Set aside by the coordinator"),
        "declined": lazy_pgettext("proposal", "Declined"),
        "expired": _l("No reply in time"),
        "withdrawn": _l("Withdrawn"),
        "replaced": _l("Replaced"),
    },
    "reply": {
        "waiting": _l("No reply yet"),
        "accepted": _l("Yes"),
        "declined": _l("Not this time"),
    },
    "decision_act": {
        "approve": _l("approved"),
        "reject": _l("set aside"),
        "undo": _l("taken back"),
        "send": _l("sent"),
        "accept": _l("said yes"),
        "decline": _l("said no"),
        "expire": _l("ran out of time"),
        "withdraw": _l("withdrew"),
        "replace": _l("replaced"),
    },
    "side": {
        "professional": _l("Professional"),
        "group": _l("Group"),
        "coordinator": _l("Coordinator"),
        "system": _l("The system"),
    },
    "project_state": {
        "agreed": _l("Agreed, about to begin"),
        "in_progress": _l("In progress"),
        "delivered": _l("Delivered"),
        "evaluated": _l("Evaluated"),
        "followed_up": _l("Followed up"),
        "paused": _l("Paused"),
        "cancelled": _l("Cancelled"),
        "not_used": _l("Delivered, but not used"),
    },
    "goal_reached": {
        "5": _l("Reached"),
        "4": _l("Mostly reached"),
        "3": _l("Half reached"),
        "2": _l("Hardly reached"),
        "1": _l("Not reached"),
    },
    "work_together": {
        "5": _l("Very good"),
        "4": _l("Good"),
        "3": _l("All right"),
        "2": _l("Rather difficult"),
        "1": _l("Difficult"),
    },
    "record_kind": {
        "professional": _l("Professional"),
        "group": _l("Group"),
        "company": _l("Employer"),
    },
    "yes_no": {"yes": _l("Yes"), "no": _l("No")},
    "payer": {"own": _l("Own time"), "company": _l("Company time")},
    "staff_role": {
        "coordinator": _l("Coordinator"),
        "city": _l("City officer"),
        "admin": _l("Administrator"),
    },
    "consent_purpose": {
        "terms": _l("Terms of use"),
        "employer_report": _l("My employer may see that I take part"),
    },
    "import_state": {
        "checking": _l("Being checked"),
        "preview": _l("Ready to take over"),
        "refused": _l("Not accepted"),
        "applying": _l("Being taken over"),
        "applied": _l("Taken over"),
    },
    "suggestion_state": {
        "asked": _l("The group was asked"),
        "agreed": _l("The group agreed; it is changed"),
        "declined": _l("The group does not want it"),
    },
    "job_state": {
        "waiting": _l("Waiting"),
        "running": _l("Running"),
        "done": _l("Done"),
        "failed": _l("Failed"),
    },
    "notice_state": {
        "waiting": _l("Waiting"),
        "sent": _l("Sent"),
        "failed": _l("Failed"),
    },
    "feature": {
        "skills": _l("Skills"),
        "time": _l("Time"),
        "place": _l("Place"),
        "interest": _l("Interests"),
        "wishes": _l("Wishes"),
        "continuity": _l("Earlier work together"),
    },
    **KINDS,
    **project_words.KINDS,
    **reply_words.KINDS,
}
# Word by state: what is done is green, what waits for somebody yellow, what is urgent red.
TONES: dict[str, str] = {
    **dict.fromkeys(("submitted", "returned", "offered", "ready", "preview", "checking"), "wait"),
    "asked": "wait",
    **dict.fromkeys(("verified", "staffed", "confirmed", "accepted", "applied", "done"), "ok"),
    **dict.fromkeys(("agreed", "approved", "delivered", "evaluated", "followed_up"), "ok"),
    **dict.fromkeys(("urgent", "failed", "refused"), "urgent"),
}
# Lowest score → word, best first.
FITS = (
    (8000, _l("Fits very well")),
    (6000, _l("Fits well")),
    (4000, _l("Fits")),
    (0, _l("Fits a little")),
)


def init_labels(app: Flask) -> None:
    """The filters ``word("need_state")``, ``tone`` and ``fit_word``."""
    add_filters(app, word=word, tone=tone, fit_word=fit_word)


def word(code: object, kind: str) -> str:
    """The word for a code of a kind (a key of ``WORDS``); an unknown code as itself."""
    return str(WORDS[kind].get(str(code), code))


def choices(kind: str) -> list[tuple[str, Any]]:
    """All codes of a kind with their words, for a field's choices."""
    return list(WORDS[kind].items())


def tone(code: object) -> str:
    """The tone of a state's chip: urgent, ok, wait or plain."""
    return TONES.get(str(code), "plain")


def fit_word(score: int) -> str:
    """How well a pair fits, in words; the only place with the thresholds."""
    return next(str(text) for lowest, text in FITS if score >= lowest)
