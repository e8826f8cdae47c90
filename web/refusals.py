"""Refusal code → sentence. Each audience of codes stands together; parameters fill the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from matchmaker.errors import Refusal
from matchmaker.services.overtaken import Elsewhere
from web.formats import listing

SENTENCES = {
    # anyone
    "coordinators_only": _l("Only coordinators can do this."),
    "changed_meanwhile": _l(
        "Somebody changed this while you were looking at it. Please load the page again."
    ),
    "group_not_found": _l("This group was not found."),
    "professional_not_found": _l("This person was not found."),
    "company_not_found": _l("This company was not found."),
    "need_not_found": _l("This need was not found."),
    "round_not_found": _l("This round was not found."),
    "role_not_found": _l("This role was not found. It may have been removed."),
    "member_not_found": _l("This person is no longer a member."),
    "invitation_not_found": _l("This invitation is over, or it was sent to another address."),
    "pledge_not_found": _l("This pledge was not found."),
    "pledge_decided": _l("Somebody has already decided about this. Please load the page again."),
    "too_many_links": _l("%(max)s links work already. Please take one back first."),
    "address_not_of_company": _l("This address does not belong to the company."),
    "sign_on_not_found": _l("This company has no sign-on of its own here."),
    "sign_on_failed": _l(
        "The sign-in through your company did not work. Please try once more, or ask the person in "
        "charge there."
    ),
    "sign_on_not_for_staff": _l("Staff accounts cannot be entered through a company."),
    "sign_on_taken": _l("This sign-in belongs to another account here."),
    "email_has_account": _l(
        "There is an account with this address. Please sign in as ever, then try once more."
    ),
    "account_closed_here": _l("This account is closed."),
    "secret_not_readable": _l("The secret of the sign-on cannot be read. Please enter it anew."),
    # groups and needs
    "on_behalf_needed": _l("Please note first who told you this, how and when."),
    "group_state": _l("This is not possible while the group is in its present state."),
    "group_not_submitted": _l("Please hand in the group's registration first."),
    "group_not_verified": _l("Please check the group first. Then its needs can be opened."),
    "profile_state": _l("Somebody has already decided about this. Please load the page again."),
    "steps_missing": _l("Some steps are not complete yet."),
    "need_state": _l("This is not possible while the need is in its present state."),
    "need_not_writable": _l("To change this need, please take it back first."),
    "need_in_round": _l("People have already been asked. Please talk to the coordinators first."),
    "too_many_roles": _l("A need can have at most %(max)s roles."),
    "too_many_invitations": _l("%(max)s invitations are waiting. Please take some back first."),
    "contact_only": _l("Only the group's contact person can do this."),
    "contact_must_hand_over": _l("Please hand over the contact role first."),
    "proposal_not_found": _l("This proposal was not found."),
    # professionals, wishes, imports
    "profile_has_account": _l("This person has an account and can change the profile there."),
    "profile_exists": _l("You have a profile already. Please tell us: we can make one of the two."),
    "profile_left": _l("You have left. Please come back first, then you can go on."),
    "paused_by_coordinator": _l("A coordinator set this rest. Please talk to us to end it."),
    "offers_waiting": _l("An invitation waits for your answer. Please answer it first."),
    "staff_first": _l(
        "You hold a staff role. Please have it taken from you first, so that nothing is left alone."
    ),
    "project_running": _l(
        "A project you are on is not over. Please talk to the coordinators about it first."
    ),
    "sign_in_first": _l("Please sign in first."),
    "wishes_full": _l("You can wish for %(max)s needs. Please take one off the list first."),
    "wish_not_found": _l("This need is no longer on your list."),
    "import_not_found": _l("This import was not found. It may have been thrown away."),
    "import_not_ready": _l(
        "This import is not ready to be taken over. Please load the page again."
    ),
    # projects and hours
    "project_not_found": _l("This project was not found."),
    "project_left": _l("You have left this project, so this is up to those who are on it."),
    "project_state": _l("This is not possible while the project is in its present state."),
    "step_not_found": _l("This part of the plan was not found. It may have been taken out."),
    "plan_full": _l("A plan can have at most %(max)s entries."),
    "planned_once": _l("This is in the plan already. Please change it there."),
    "project_evaluated": _l("Somebody has evaluated the project already."),
    "project_not_delivered": _l("The project can be evaluated between its delivery and its close."),
    "project_cancelled": _l("This project was cancelled. No more hours can be entered."),
    "project_not_finished": _l("A certificate can be made once the result has been handed over."),
    "search_empty": _l("Please choose a filter or a word first. Then the search can be kept."),
    "searches_full": _l("You can keep %(max)s searches. Please delete one first."),
    "search_not_found": _l("This search was not found. It may have been deleted."),
    "group_takes_no_letters": _l("This group does not take letters through the site."),
    "too_many_letters": _l(
        "Too many letters were sent today. Please write again tomorrow, or ask us."
    ),
    "project_not_told": _l("A case can be written once the result has been handed over."),
    "case_not_found": _l("This case was not found. It may have been taken off the site."),
    "case_state": _l("This is not possible while the case is in its present state."),
    "case_incomplete": _l("Some parts of the case are still empty. Please fill them in first."),
    "case_not_released": _l("Not everybody on the project has released the case as it stands."),
    "not_on_case": _l("Only those who were on the project to its end can release its case."),
    "certificate_not_found": _l("There is no certificate with this code."),
    "nothing_to_print": _l("There is nothing to print: everybody has an address."),
    "nothing_asked": _l("Nothing is asked now. We ask half a year and a year after the delivery."),
    "thanks_not_found": _l("No letter was written yet."),
    "calendar_not_found": _l("There is no calendar at this address. It may have been taken back."),
    "files_full": _l("A project can keep at most %(max)s files and links."),
    "file_not_found": _l("This file was not found. It may have been taken out."),
    "not_your_file": _l("Only whoever added this can take it out."),
    "expense_not_found": _l("This expense was not found. It may have been removed."),
    "expense_confirmed": _l("This expense is confirmed already and can no longer be changed."),
    "hours_not_found": _l("This entry was not found. It may have been removed."),
    "hours_confirmed": _l("These hours are confirmed already and can no longer be changed."),
    "hours_year_closed": _l(
        "The hours of this fiscal year are closed. Please talk to the coordinators."
    ),
    # sending and replies
    "nothing_approved": _l("Nothing is approved yet, so there is nothing to send."),
    "half_team": _l("“%(need)s” lacks an essential seat. Half a team cannot be sent."),
    "round_not_sent": _l("This round has not been sent."),
    "replies_waiting": _l("%(count)s replies are still awaited. Then the round can be closed."),
    "offer_is_over": _l("This invitation is no longer open. Please load the page again."),
    "no_room_left": _l("There is no room for another project: %(capacity)s at a time, as agreed."),
    "hours_used_up": _l(
        "The hours do not suffice: %(asked)s a week are asked, %(left)s are still free."
    ),
    "offer_not_ended": _l("This invitation is still open, so there is nothing to fill."),
    "nothing_to_repair": _l("None of the round's needs is open for another round now."),
    "project_is_open": _l("The project has begun. Please talk to everybody before a change."),
    "mail_not_found": _l("This mail was not found."),
    "nobody_behind_address": _l("This address belongs to no person and no group here."),
    "job_not_found": _l("This piece of work was not found."),
    # rounds
    "round_not_in_review": _l(
        "This round is not under review now. Please load the page again to see where it stands."
    ),
    "claim_not_valid": _l(
        "This code is not valid: it was used, is too old, or was typed otherwise than on the "
        "letter. We gladly make a new one for you."
    ),
    "round_too_large": _l(
        "This round is so large that this cannot be worked out even for one. "
        "A round of fewer needs can tell it."
    ),
    "round_is_past": _l("This round is over or was sent already. It cannot be changed any more."),
    "round_is_computing": _l("The round is being worked out. Please wait until it is done."),
    "round_not_computed": _l("This round has not been worked out yet."),
    "scenario_not_found": _l("This trial was not found. It may have been thrown away or kept."),
    "too_many_scenarios": _l("A round can have %(max)s trials. Please throw one away first."),
    "too_many_steps": _l("A trial can have %(max)s changes. Please begin another one."),
    "nothing_to_keep": _l("There is nothing in this trial that could be kept."),
    "no_employer_to_write_to": _l("There is no such employer to write to."),
    "wording_not_found": _l("This message has no text that can be changed."),
    "consultation_not_found": _l("This entry was not found."),
    "person_not_waiting": _l("This person does not wait in this round any more."),
    "no_address": _l("%(name)s left no address. Please tell them yourself."),
    "change_not_found": _l("This change was not found, or the group cannot make it."),
    "change_answered": _l("This question has been answered already. Please load the page again."),
    "need_not_over": _l("The dates of this need are not over."),
    "change_outdated": _l("The need was changed meanwhile: this change does not fit any more."),
    "pair_not_in_round": _l("This person or role is not part of this round."),
    "already_decided": _l("%(by)s was a moment earlier and has decided about this already."),
    "need_not_open_now": _l("“%(title)s” is no longer open. Please work the round out again."),
    "person_not_verified_now": _l(
        "%(name)s is not available any more. Please work the round out again."
    ),
    "asked_elsewhere_now": _l(
        "Another round or project already takes all the work they offer: %(names)s. Please work "
        "this round out again; then somebody else is looked for."
    ),
    "seat_taken_meanwhile": _l("Somebody else was approved for this seat a moment ago."),
    # figures
    "indicator_not_found": _l("This indicator was not found."),
    "city_only": _l("Only city officers and coordinators can see this."),
    "year_not_over": _l("The fiscal year %(year)s is not over yet."),
    # merging
    "round_computes_now": _l("“%(title)s” is being worked out. Please wait until it is done."),
    "both_hold_seats": _l(
        "Both hold a seat of “%(title)s”. Please take one of the two back first, in its round."
    ),
    "both_on_project": _l(
        "Both are on the project “%(title)s”. Please take one of them off first."
    ),
    "two_corporate_numbers": _l(
        "They have different corporate numbers, so they are two bodies. Please say that they are"
        " different, or correct the number."
    ),
    # accounts
    "account_not_found": _l("This account was not found."),
    "link_not_valid": _l(
        "This link no longer works: it was used already, or it is too old."
        " Please ask for a new one."
    ),
    "too_many_tries": _l(
        "Too many attempts with this address. Please wait %(minutes)s minutes, then try again."
    ),
    "session_not_found": _l("This browser is not among those where you are signed in."),
    "not_your_employer": _l("Your profile names another employer now. Please load the page again."),
    "consent_needs_paper": _l("Only the person can agree to this, here or on paper."),
    "consent_not_found": _l("There is no such agreement any more."),
    "may_not_invite": _l("You cannot invite somebody to this role."),
}
UNKNOWN = _l("This could not be done as things stand now. Please load the page again.")


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a refusal, in the reader's language."""
    text = str(SENTENCES.get(code, UNKNOWN))
    told = {
        name: listing(value) if isinstance(value, list) else value
        for name, value in (params or {}).items()
    }
    return text % told if "%(" in text else text


def told(refusal: Refusal) -> str:
    """The sentence for a refusal, with links to the seats other rounds hold people on."""
    text = escape(sentence(refusal.code, refusal.params))
    links = [seat_link(each) for each in refusal.params.get("seats", ())]
    return Markup(" ").join([text, *links]) if links else text


def seat_link(seat: Elsewhere) -> Markup:
    """A link to where an approval, or an invitation, of another round is taken back."""
    said = {"name": seat.name, "round": seat.round_name}
    if seat.offered:
        href = url_for("coordinator.offer", proposal_id=seat.proposal_id)
        words = _("%(name)s was invited in “%(round)s”", **said)
    else:
        href = url_for("coordinator.round_need", round_id=seat.round_id, need_id=seat.need_id)
        words = _("Take back the approval of %(name)s in “%(round)s”", **said)
    return Markup('<a href="{}">{}</a>').format(href, words)
