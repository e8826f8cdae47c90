"""Words for offers and replies: reasons, what became of an offer, what waits for coordinators."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

PROFESSIONAL_REASONS = {
    "not_this_time": _l("Not this time, for no particular reason"),
    "not_until": _l("Not before a certain day"),
    "too_busy": _l("I have no time at the moment"),
    "dates": _l("The dates or times do not suit me"),
    "place": _l("The place is too far or hard to reach"),
    "content": _l("The work is not what I had hoped for"),
    "skills": _l("I do not feel able to do this"),
    "relation": _l("I know the group too well, or would rather not work with it"),
    "employer": _l("It does not go together with my job"),
    "other": _l("Another reason"),
}
GROUP_REASONS = {
    "not_this_time": _l("Not this time, for no particular reason"),
    "solved": _l("The problem is solved already"),
    "changed": _l("What we need has changed"),
    "not_ready": _l("We are not ready yet"),
    "skills": _l("We are looking for other skills"),
    "dates": _l("The dates or times do not suit us"),
    "relation": _l("We would rather not work together"),
    "other": _l("Another reason"),
}
WITHDRAW_REASONS = {
    "person_asked": _l("The person asked for it"),
    "group_asked": _l("The group asked for it"),
    "mistake": _l("It was sent by mistake"),
    "circumstances": _l("Circumstances have changed"),
    "other": _l("Another reason"),
}
ENDINGS = {
    **WITHDRAW_REASONS,
    **GROUP_REASONS,
    **PROFESSIONAL_REASONS,
    "same_person": _l("Both records were the same person"),
    "no_reply": _l("No reply by the date"),
    "need_withdrawn": _l("The group withdrew the need"),
    "left_project": _l("Left the project"),
    "search_ended": _l("The project needs nobody more"),
    "not_approved": _l("Not approved when the round was sent"),
    "round_cancelled": _l("The round was cancelled"),
}
# What waits: the act, why it is there, what to press.
WAITING = {
    "check_group": (
        _l("Check a group"),
        _l("It registered and waits for your answer."),
        _l("Check"),
    ),
    "check_person": (
        _l("Check a person"),
        _l("They signed up and wait for your answer."),
        _l("Check"),
    ),
    "check_need": (_l("Check a need"), _l("%(group)s handed it in."), _l("Check")),
    "round_draft": (
        _l("Start a round"),
        _l("It was created but not worked out yet."),
        _l("Open the round"),
    ),
    "need_outdated": (
        _l("Ask for new dates"),
        _l("Its dates are over, so it rests. Whoever left an address was asked: %(group)s."),
        _l("Renew or close"),
    ),
    "need_overdue": (
        _l("Speak with people whose need is over"),
        _l(
            "Its dates are over and it is offered to nobody, but people were asked or said yes. "
            "Please take that back or find new dates with them and %(group)s."
        ),
        _l("See the need"),
    ),
    "round_ready": (
        _l("Review a round"),
        _l("The proposals are worked out. Nobody outside has seen them."),
        _l("Review"),
    ),
    "round_failed": (
        _l("Look after a round"),
        _l("It could not be worked out."),
        _l("See why"),
    ),
    "round_to_close": (
        _l("Close a round"),
        _l("Every reply is in."),
        _l("See the replies"),
    ),
    "seat_free": (
        _l("Fill a seat again"),
        _l("“%(role)s”: %(state)s. %(reason)s. The need is open for the next round."),
        _l("See who could fill it"),
    ),
    "silent": (
        _l("Ask about replies"),
        _l("%(count)s seats still wait for a reply; the date is %(reply_by)s."),
        _l("See who is silent"),
    ),
    "import_ready": (
        _l("Take over an import"),
        _l("It was read and checked. Nothing is stored yet."),
        _l("Look at it"),
    ),
    "follow_up": (
        _l("Take a consultation up again"),
        _l("The day you chose has come. Topic: %(topic)s."),
        _l("Open it"),
    ),
    "pledge": (
        _l("Decide about a pledge"),
        _l("The company pledges people for a coming round: %(seats)s."),
        _l("See the pledge"),
    ),
    "project_late": (
        _l("Ask about a project"),
        _l("Steps of its plan that are overdue: %(count)s. Group: %(group)s."),
        _l("See the project"),
    ),
    "project_call": (
        _l("Call about a project"),
        _l("Somebody asked for a call at the check half-way: %(group)s."),
        _l("See what they said"),
    ),
    "twice": (
        _l("Twice in the books?"),
        _l(
            "%(other)s has %(marks)s. Who is twice in the books may be asked twice and counted "
            "twice."
        ),
        _l("Compare"),
    ),
    "follow_up_call": (
        _l("Ask what is left of a project"),
        _l("%(group)s was asked %(months)s months after the delivery and has not answered."),
        _l("Enter what they say"),
    ),
    "mail_failed": (
        _l("A mail did not go out"),
        _l("Sent to %(email)s again and again without success."),
        _l("Try again"),
    ),
    "mail_bounced": (
        _l("An address takes no mail"),
        _l(
            "Messages that did not arrive there: %(count)s. They wait until you have chosen a way "
            "on."
        ),
        _l("See what to do"),
    ),
    "letters": (
        _l("Print letters"),
        _l("Letters to people without mail that wait to be printed and posted: %(count)s."),
        _l("See the letters"),
    ),
    "job_failed": (_l("Background work failed"), _l("It was given up."), _l("Try again")),
}
KINDS: dict[str, dict[str, Any]] = {
    "professional_reason": PROFESSIONAL_REASONS,
    "group_reason": GROUP_REASONS,
    "withdraw_reason": WITHDRAW_REASONS,
    "ending": ENDINGS,
    "act_waiting": {kind: words[0] for kind, words in WAITING.items()},
}
