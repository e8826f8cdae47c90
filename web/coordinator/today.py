"""Today: what waits for the coordinators, oldest first, one click each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from matchmaker.services import accounts
from matchmaker.services import today as waiting
from web.access import actor, allow
from web.coordinator import bp
from web.coordinator.twice import PLURALS
from web.db import now, session
from web.db import today as this_day
from web.formats import short_date
from web.labels import word
from web.merge_words import why as marks_shared
from web.navigation import endpoint_url
from web.page import Page
from web.reply_words import WAITING

# Kind → the page where it is done, and the name of its id there.
PAGES = {
    "check_group": ("coordinator.group", "group_id"),
    "check_person": ("coordinator.person", "professional_id"),
    "check_need": ("coordinator.need", "need_id"),
    "need_outdated": ("group.need_over", "need_id"),
    "need_overdue": ("coordinator.need", "need_id"),
    "round_draft": ("coordinator.round", "round_id"),
    "round_ready": ("coordinator.round", "round_id"),
    "round_failed": ("coordinator.round", "round_id"),
    "round_to_close": ("coordinator.replies", "round_id"),
    "silent": ("coordinator.replies", "round_id"),
    "follow_up": ("coordinator.consultation", "consultation_id"),
    "project_late": ("coordinator.project", "project_id"),
    "project_call": ("coordinator.project", "project_id"),
    "mail_bounced": ("coordinator.bounced_address", "notice_id"),
    "follow_up_call": ("group.follow_up", "project_id"),
    "pledge": ("coordinator.company", "company_id"),
    "import_ready": ("coordinator.import_batch", "batch_id"),
}
RETRIES = {
    "mail_failed": ("coordinator.retry_mail", "notice_id"),
    "job_failed": ("coordinator.retry_job", "job_id"),
}


@bp.get("")
@allow("coordinator")
def today() -> Page:
    whose = request.args.get("whose", "")
    whose = whose if whose in waiting.WHOSE else ""
    found = waiting.today(session, actor=actor(), on=this_day(), whose=whose)
    return render_template(
        "coordinator/today.html",
        found=found,
        whose=whose,
        names={each.id: each.name for each in accounts.coordinators(session)},
        address=_address,
        retry=_retry,
        why=_why,
        button={kind: words[2] for kind, words in WAITING.items()},
        today=this_day(),
    )


def _address(item: waiting.Item) -> str | None:
    if item.kind == "seat_free":
        return url_for("coordinator.repair_offer", proposal_id=item.params["proposal_id"])
    if item.kind == "letters":
        return url_for("coordinator.letters")
    if item.kind == "twice":
        return url_for(
            "coordinator.merge", kind=PLURALS[item.params["kind"]], record_id=item.subject_id,
            other_id=item.params["other_id"],
        )  # fmt: skip
    endpoint, name = PAGES.get(item.kind, ("", ""))
    return endpoint_url(endpoint, **{name: item.subject_id})


def _retry(item: waiting.Item) -> str | None:
    if item.kind not in RETRIES:
        return None
    endpoint, name = RETRIES[item.kind]
    return url_for(endpoint, **{name: item.subject_id})


def _why(item: waiting.Item) -> str:
    given = dict(item.params)
    if item.kind == "seat_free":
        given |= {
            "state": word(given["state"], "proposal_state"),
            "reason": word(given["reason"], "ending"),
        }
    if item.kind == "follow_up":
        given["topic"] = word(given["topic"], "topic")
    if item.kind == "twice":
        given["marks"] = marks_shared(given["why"])
    if item.kind == "silent":
        given["reply_by"] = short_date(given["reply_by"])
    given["email"] = item.title
    text = str(WAITING[item.kind][1])
    return text % given if "%(" in text else text


@bp.post("/today/mails/<string:notice_id>/retry")
@allow("coordinator")
def retry_mail(notice_id: str) -> Page:
    waiting.retry_mail(session, actor=actor(), now=now(), notice_id=notice_id)
    flash(_("It goes out again in a moment."), "success")
    return redirect(url_for("coordinator.today"), 303)


@bp.post("/today/jobs/<string:job_id>/retry")
@allow("coordinator")
def retry_job(job_id: str) -> Page:
    waiting.retry_job(session, actor=actor(), now=now(), job_id=job_id)
    flash(_("It is tried again in a moment."), "success")
    return redirect(url_for("coordinator.today"), 303)
