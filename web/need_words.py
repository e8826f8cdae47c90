"""Words for needs and groups that several audiences share: declarations, tests, states, acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from matchmaker.services.check_details import Event
from matchmaker.services.readiness import FormCheck
from matchmaker.taxonomy.goals import Goal
from web import on_behalf, project_words
from web.filters import add_filters
from web.formats import AT_ONCE, hours, label, number, plain_date, within
from web.i18n import language

ELIGIBILITY = {
    "public_benefit": _l("Our work benefits the public, not only our own members."),
    "voluntary": _l("We act of our own free will and not for profit."),
    "not_religion": _l("Spreading a religion is not our main aim."),
    "not_politics": _l("Advancing a political cause is not our main aim."),
    "not_candidate": _l(
        "We do not work for or against a candidate, an office-holder or a political party."
    ),
}
TESTS = {
    "scope": _l("Is the work clear?"),
    "knowledge": _l("Can knowledge be handed over?"),
    "people": _l("Are your people ready?"),
    "urgency": _l("Is this the right moment?"),
}
READINESS = {
    "scope_one_result": _l("We can say in one sentence what there is at the end."),
    "scope_small_start": _l("Even a part of it would already help us."),
    "knowledge_material": _l("The papers, data or photos for the work are at hand."),
    "knowledge_keeper": _l("Somebody of us learns along and carries on afterwards."),
    "people_answer": _l("Somebody of us answers questions within three days."),
    "people_agreed": _l("The board or the members have agreed to this."),
    "urgency_wanted": _l("We will use the result within half a year."),
    "urgency_time": _l("No deadline falls before the work can be done."),
}
WARNINGS = {
    "scope_one_result": _l("The result cannot be said in one sentence yet."),
    "scope_small_start": _l("Only the whole would help: the work may be too large."),
    "knowledge_material": _l("The papers, data or photos are not at hand yet."),
    "knowledge_keeper": _l("Nobody is named who carries on afterwards."),
    "people_answer": _l("Nobody can answer questions within three days."),
    "people_agreed": _l("The board or the members have not agreed yet."),
    "urgency_wanted": _l("The result will not be used within half a year."),
    "urgency_time": _l("A deadline falls before the work can be done."),
}
DATES = {
    "starts_in_past": _l("The first day lies in the past."),
    "starts_soon": _l("The first day is less than three weeks away. Finding people takes time."),
    "ends_before_work_is_done": _l("Between the two dates there are fewer weeks than planned."),
}
PROBLEMS = {
    "too_few_hours": _l("This form is meant for at least %(min_hours)s a person."),
    "too_many_hours": _l("This form is meant for at most %(max_hours)s a person."),
    "too_many_weeks": _l("This form is meant for at most %(max_weeks)s."),
    "too_few_people": _l("This form is meant for at least %(min_people)s."),
    "too_many_people": _l("This form is meant for at most %(max_people)s."),
}
# What happens next, and who is waiting for whom.
NEED_NEXT = {
    "draft": _l("You are still writing. Nobody else sees this yet."),
    "submitted": _l("We are checking this. You will get a mail when it is open."),
    "returned": _l("We are waiting for you: please read the comment and hand it in again."),
    "open": _l("Everybody can see this. It takes part in the next round."),
    "in_round": _l("People have been asked. We are waiting for replies."),
    "staffed": _l("The team is complete. You will hear how it starts."),
    "in_progress": _l("The work is under way."),
    "delivered": _l("The work has been delivered. Please tell us how it went."),
    "evaluated": _l("Both sides have said how it went. We will ask once more later."),
    "followed_up": _l("This is finished. Thank you."),
    "withdrawn": _l("You withdrew this. Nothing more happens."),
    "unstaffed": _l("No team came together this time. You can change it and hand it in again."),
    "paused": _l("This rests until it is resumed. It takes part in no round."),
    "cancelled": _l("This was cancelled. Nothing more happens."),
}
GROUP_NEXT = {
    "draft": _l("The registration is not complete yet. Nobody else sees it."),
    "submitted": _l("We are checking the registration. You can write needs meanwhile."),
    "returned": _l("We are waiting for you: please read the comment and hand it in again."),
    "verified": _l("The group is registered. You can ask for help at any time."),
    "paused": _l("The group rests. Please talk to the coordinators to go on."),
    "left": _l("The group has left."),
}
CHANNELS = {
    "phone": _l("By telephone"),
    "paper": _l("On paper"),
    "visit": _l("In person"),
    "email": _l("By e-mail"),
}
ACTS = {
    "pledge_people": _l("People were pledged"),
    "withdraw_people": _l("A pledge was taken back"),
    "confirm_people": _l("A pledge was confirmed"),
    "decline_people": _l("A pledge was declined"),
    "describe_programme": _l("What employees read was written"),
    "make_invitation": _l("A link for employees was made"),
    "revoke_invitation": _l("A link for employees was taken back"),
    "join_company": _l("Somebody came to the company's programme"),
    "add_domain": _l("An e-mail domain was added"),
    "remove_domain": _l("An e-mail domain was taken away"),
    "configure_sign_on": _l("The company's sign-on was set up"),
    "tie_sign_on": _l("The company's sign-on was tied to the account"),
    "set_hour_value": _l("What an hour of company time is worth was set"),
    "need_started": _l("Began to write"),
    "need_submitted": lazy_pgettext("history", "Handed in"),
    "need_taken_back": _l("Taken back to write on it"),
    "need_returned": _l("Returned with a comment"),
    "need_outdated": lazy_pgettext("history", "Rests, because its dates are over"),
    "need_opened": _l("Opened"),
    "need_paused": lazy_pgettext("history", "Paused"),
    "need_resumed": _l("Resumed"),
    "need_renewed": _l("Offered again with new dates"),
    "need_withdrawn": lazy_pgettext("history", "Withdrawn"),
    "change_asked": lazy_pgettext("history", "A change was asked for"),
    "change_agreed": lazy_pgettext("history", "Agreed to a change and changed"),
    "change_declined": lazy_pgettext("history", "Did not want a change"),
    "group_started": _l("Registration begun"),
    "group_declared": _l("Eligibility declared"),
    "group_submitted": _l("Registration handed in"),
    "group_verified": _l("Registration accepted"),
    "group_returned": _l("Returned with a comment"),
    "group_paused": lazy_pgettext("history", "Paused"),
    "group_resumed": _l("Resumed"),
    "member_invited": _l("A member was invited"),
    "member_joined": _l("A member joined"),
    "member_refused": _l("An invitation was declined"),
    "member_removed": _l("A member left"),
    "invitation_taken_back": _l("An invitation was taken back"),
    "contact_handed_over": _l("The contact role was handed over"),
    "professional_submitted": _l("Profile handed in"),
    "professional_verified": _l("Profile accepted"),
    "professional_returned": _l("Returned with a comment"),
    "professional_paused": lazy_pgettext("history", "Paused"),
    "professional_resumed": _l("Resumed"),
    "profile_offered": _l("Invited to take the profile over"),
    "claim_code_made": lazy_pgettext("history", "A letter with a code to take it over was made"),
    "profile_taken_over": _l("Taken over by the person"),
    "profile_submitted": _l("Profile handed in"),
    "profile_paused": lazy_pgettext("history", "Paused"),
    "profile_resumed": _l("Resumed"),
    "log_hours": lazy_pgettext("history", "Hours were noted"),
    "take_back_hours": lazy_pgettext("history", "An entry of hours was taken back"),
    "confirm_hours": lazy_pgettext("history", "Hours were confirmed"),
    "reopen_need": lazy_pgettext("history", "Open again: a seat is free"),
    "search_ended": lazy_pgettext("history", "No longer looked for: the project needs nobody more"),
    "open_project": lazy_pgettext("history", "Agreed by both sides"),
    "write_on_project": lazy_pgettext("history", "A message was written"),
    "accept_terms": lazy_pgettext("history", "The terms were accepted"),
    "join_project": lazy_pgettext("history", "Somebody joined"),
    "begin_project": lazy_pgettext("history", "Begun, with a shared goal"),
    "change_project_goal": lazy_pgettext("history", "The shared goal was changed"),
    "deliver_project": lazy_pgettext("history", "The result was handed over"),
    "reopen_project": lazy_pgettext("history", "The work goes on after all"),
    "evaluate_project": lazy_pgettext("history", "Evaluated"),
    "pause_project": lazy_pgettext("history", "Paused"),
    "resume_project": _l("Resumed"),
    "cancel_project": lazy_pgettext("history", "Given up"),
    "close_project": lazy_pgettext("history", "Closed"),
    "leave_project": lazy_pgettext("history", "Somebody left"),
    "issue_certificate": lazy_pgettext("history", "A certificate was made"),
    "group_publicity": _l("What is public was decided"),
    "begin_case": _l("A case was begun"),
    "save_case": _l("The case was changed"),
    "ask_case": _l("Everybody was asked to release the case"),
    "release_case": _l("The case was released by one side"),
    "take_back_case": _l("A release of the case was taken back"),
    "publish_case": _l("The case was put on the site"),
    "withdraw_case": _l("The case was taken off the site"),
    "imported": _l("Taken over from a file"),
    "letters_on_paper": _l("Letters instead of mails"),
    "letters_by_mail": _l("Mails instead of letters"),
    "mail_again": _l("Mails that came back went out again"),
    "mail_let_be": _l("Mails that came back were let be"),
    "mail_to_paper": _l("Mails that came back were printed"),
    "mail_address": _l("Another address was told"),
    **project_words.ACTS,
    "charge_given": _l("Said who is in charge"),
    "person_erased": _l("Erased at the person's wish"),
    "person_exported": _l("Data taken away for the person"),
    "merged": _l("Merged with another record"),
    "told_apart": _l("Noted: another record that looks like it is not the same"),
}
KINDS: dict[str, Any] = {
    "eligibility": ELIGIBILITY,
    "readiness_test": TESTS,
    "readiness": READINESS,
    "readiness_warning": WARNINGS,
    "date_warning": DATES,
    "need_next": NEED_NEXT,
    "group_next": GROUP_NEXT,
    "channel": CHANNELS,
    "act": ACTS,
}


def size_sentence(check: FormCheck) -> str:
    """What the brief adds up to: "about 90 hours in all: 3 people, 30 hours each, 10 weeks"."""
    if check.form in AT_ONCE:
        return _(
            "About %(total)s hours in all: %(people)s, up to %(each)s hours each.",
            total=number(check.hours_total),
            people=_people(check.people),
            each=number(check.hours_each),
        )
    return _(
        "About %(total)s hours in all: %(people)s, up to %(each)s hours each, over %(weeks)s.",
        total=number(check.hours_total),
        people=_people(check.people),
        each=number(check.hours_each),
        weeks=_weeks(check.weeks),
    )


def _people(count: int) -> str:
    return ngettext("%(num)s person", "%(num)s people", count)


def _weeks(count: int) -> str:
    return ngettext("%(num)s week", "%(num)s weeks", count)


def problem_sentences(check: FormCheck) -> list[str]:
    """What does not fit the form, with the form's own numbers."""
    shown = {
        "min_hours": hours(check.min_hours),
        "max_hours": hours(check.max_hours),
        "max_weeks": _weeks(check.max_weeks),
        "min_people": _people(check.min_people),
        "max_people": _people(check.max_people),
    }
    return [str(PROBLEMS[code]) % shown for code in check.problems]


def timeline_of(history: Sequence[Event]) -> list[tuple[Any, str, str, str]]:
    """A record's history for the timeline: when, what, who, and who said so to a coordinator."""
    return [
        (event.at, str(ACTS.get(event.act, event.act)), event.by, _said(event)) for event in history
    ]


def _said(event: Event) -> str:
    if event.act.startswith("plan_"):
        return " · ".join(filter(None, (project_words.change_note(event), _by_proxy(event))))
    return _by_proxy(event)


def _by_proxy(event: Event) -> str:
    if "said_by" not in event.details:
        return str(event.details.get("reason", "")) if event.act.endswith("_project") else ""
    return said_for(event.details)


def said_for(details: Mapping[str, Any]) -> str:
    """Who said what a coordinator wrote down for them, how and when."""
    return _(
        "Said by %(who)s, %(how)s, on %(when)s",
        who=details["said_by"],
        how=within(CHANNELS.get(details["channel"], details["channel"])),
        when=plain_date(date.fromisoformat(details["said_on"])),
    )


def change_need(need_id: str) -> Callable[[str], str]:
    """Where each step of a need can be changed."""
    return lambda step: url_for("group.need_step", need_id=need_id, step=step)


def init_need_words(app: Flask) -> None:
    """Give the templates the helpers for needs and their history."""
    add_filters(app, language_name=language_name, goal_name=goal_name)
    app.jinja_env.globals.update(
        timeline_of=timeline_of,
        change_need=change_need,
        on_behalf_note=on_behalf.current,
        eligibility_of=lambda group: [(code, group.eligibility.get(code)) for code in ELIGIBILITY],
        readiness_of=lambda need: [(code, need.readiness.get(code)) for code in READINESS],
    )


def goal_name(goal: Goal) -> str:
    """A goal of the United Nations with its number."""
    return f"{goal.number} {label(goal)}"


def language_name(code: str) -> str:
    """The name of a language in the reader's language: ja as 日本語 / Japanese."""
    return str(Locale.parse(language()).languages.get(code, code))
