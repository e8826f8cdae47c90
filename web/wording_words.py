"""The messages a city may word itself: what they are called, when they go out, what they look
like with made-up names."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.notice_kinds import KIND_OF
from web import notice_words

MESSAGES: dict[str, tuple[Any, Any]] = {
    "welcome": (_l("Account ready"), _l("when somebody has confirmed their address")),
    "group_invitation": (
        _l("Invitation to act for a group"),
        _l("when a group asks somebody to join it"),
    ),
    "offer_to_professional": (
        _l("Invitation to a professional"),
        _l("when a round is sent"),
    ),
    "team_to_group": (_l("Proposed team for a group"), _l("when a round is sent")),
    "reminder": (_l("Reminder"), _l("three days before the reply date, to whoever is silent")),
    "offer_withdrawn": (
        _l("Invitation taken back, to both sides"),
        _l("when a coordinator takes it back"),
    ),
    "confirmed_to_professional": (
        _l("Complete team, to its professionals"),
        _l("when everybody has said yes"),
    ),
    "confirmed_to_group": (
        _l("Complete team, to its group"),
        _l("when everybody has said yes"),
    ),
    "confirmed_seat": (
        _l("A seat is sure, to its professional"),
        _l("when both sides said yes and others are still awaited"),
    ),
    "answered_no": (
        _l("Thanks for a no, to whoever said it"),
        _l("when a professional or a group says no"),
    ),
    "declined_to_professional": (
        _l("It does not work out, to a professional"),
        _l("when the group decides otherwise"),
    ),
    "declined_to_group": (
        _l("It does not work out, to a group"),
        _l("when somebody of the team says no"),
    ),
    "expired": (_l("The date has passed, to both sides"), _l("when a reply did not come in time")),
    "team_waits": (
        _l("Please wait a little longer"),
        _l("when a seat beside somebody who said yes is free again"),
    ),
    "profile_verified": (_l("Profile accepted"), _l("when a coordinator accepts a profile")),
    "profile_returned": (_l("Profile returned"), _l("when a coordinator asks for a change")),
    "group_verified": (
        _l("Registration accepted"),
        _l("when a coordinator accepts a registration"),
    ),
    "group_returned": (_l("Registration returned"), _l("when a coordinator asks for a change")),
    "need_opened": (_l("A need is open"), _l("when a coordinator accepts a need")),
    "need_returned": (_l("Need returned"), _l("when a coordinator asks for a change")),
    "need_outdated": (
        _l("The dates of a need are over"),
        _l("the day after its last day, while nobody was found"),
    ),
    "change_asked": (
        _l("Question about a small change of a need"),
        _l("when a coordinator asks for it"),
    ),
    "opening_told": (
        _l("A small change of a profile that would open a place"),
        _l("when a coordinator tells somebody who found none"),
    ),
    "project_message": (_l("Message on a project"), _l("when somebody writes one")),
    "project_changed": (
        _l("Change of a project"),
        _l("when it rests, goes on or ends, or somebody leaves"),
    ),
    "meeting_planned": (_l("A meeting"), _l("when a meeting is planned or moved")),
    "meeting_cancelled": (_l("A meeting called off"), _l("when a meeting is taken off the plan")),
    "mid_term": (_l("Questions half-way"), _l("when half of the time is over")),
    "release_case": (_l("Request to release a case"), _l("when a case is written")),
    "note_hours": (_l("Reminder to note hours"), _l("after three weeks without any")),
    "confirm_hours": (_l("Reminder to confirm hours"), _l("when some have waited for two weeks")),
    "group_letter": (
        _l("Letter to a group through its public page"),
        _l("when somebody writes to it"),
    ),
    "new_needs": (
        _l("New needs that suit"),
        _l("on Monday mornings, to whoever asked for it"),
    ),
    "follow_up": (
        _l("Follow-up, to both sides"),
        _l("half a year and a year after the end"),
    ),
    "scope_changed": (
        _l("Results and expenses written anew"),
        _l("when somebody on a project writes them anew"),
    ),
    "thanks": (
        _l("A letter of thanks"),
        _l("when a group has written one"),
    ),
    "question": (
        _l("Question before an answer, to the coordinators"),
        _l("when somebody asks first"),
    ),
    "change_answered": (
        _l("Answer about a change, to the coordinators"),
        _l("when the group has answered"),
    ),
    "handed_over": (
        _l("Consultation handed over, to a coordinator"),
        _l("when a colleague hands one over"),
    ),
    "recruit_company": (
        _l("Whom we look for, to an employer"),
        _l("printed from the questions to a round"),
    ),
    "recruit_channel": (
        _l("Whom we look for, to others"),
        _l("printed from the questions to a round"),
    ),
}
LETTERS = ("recruit_company", "recruit_channel")
PLACEHOLDERS = {
    "need": _l("the need"),
    "title": _l("the need or the project"),
    "group": _l("the group"),
    "role": _l("the role"),
    "company": _l("the employer"),
    "inviter": _l("who invites"),
    "author": _l("who writes"),
}


def by_kind() -> dict[str, tuple[str, ...]]:
    """The messages under the kinds their readers know, the printed letters last."""
    found = {
        kind: tuple(code for code in MESSAGES if KIND_OF.get(code) == kind)
        for kind in notice_words.KINDS
    }
    return {kind: codes for kind, codes in {**found, "letters": LETTERS}.items() if codes}


def sample(today: date) -> dict[str, Any]:
    """Made-up facts for a preview, in the language in force."""
    person, group = _("Hanako Yamada"), _("Sample Neighbourhood Association")
    need, role = _("A leaflet for our autumn festival"), _("Designer")
    partner = _("Taro Suzuki")
    member = {"role": role, "name": person, "email": "hanako@example.jp"}
    ids = ("proposal_id", "need_id", "group_id", "project_id", "change_id", "round_id",
           "invitation_id", "consultation_id")  # fmt: skip
    return {
        **dict.fromkeys(ids, "sample"),
        "name": person, "need": need, "title": need, "group": group, "role": role,
        "company": _("Sample Works"), "roles": [role], "side": "professional",
        "reply_by": today.isoformat(), "ends_on": today.isoformat(), "due_on": today.isoformat(),
        "team": [member], "partner": {"name": partner, "email": "taro@example.jp"},
        "comment": _("Please add what the leaflet should say."),
        "text": _("Shall we meet on Sunday?"),
        "reason": _("The hall is being repaired."), "note": "", "own": False, "falls": True,
        "months": 6,
        "act": "pause", "person": person, "author": partner, "inviter": partner,
        "kind": "meeting", "what": "", "at": "10:00", "place": _("Community hall"), "count": 2,
        "asker": person, "asker_email": "hanako@example.jp", "agreed": True,
        "change": "allow_remote:sample", "skills": {}, "opening": "join_online:sample",
        "by": partner, "topic": "money",
        "who": person, "follow_up_on": "", "reply_to": "hanako@example.jp", "found": [],
        "suited": [{"id": "sample", "title": need, "group": group}],
    }  # fmt: skip


def sample_of(code: str, today: date) -> dict[str, Any]:
    """The facts as a message has them: what is a list of parts in one is by name in another."""
    facts = sample(today)
    return facts | {"roles": {}} if code in ("change_asked", "change_answered") else facts
