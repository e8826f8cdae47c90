"""One need as its group sees it: where it stands, what happens next, what can be done."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import check_details, directory, needs, reason_names, suggestions
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.group import bp
from web.group.forms import ChangeAnswerForm, ReasonForm
from web.group.proxy import ask_first, note_for
from web.need_words import problem_sentences, size_sentence
from web.page import Page

# Acts with a reason: the question, what follows, the button, what is said afterwards.
ASKED: dict[str, tuple[Any, Any, Any, Any, Any]] = {
    "withdraw": (
        needs.withdraw,
        _l("Withdraw this need?"),
        _l("It closes for good and is no longer shown. Your text stays here for you to read."),
        _l("Withdraw the need"),
        _l("The need was withdrawn."),
    ),
    "pause": (
        needs.pause,
        _l("Let this need rest?"),
        _l("It takes part in no round until you resume it."),
        _l("Let it rest"),
        _l("The need rests now."),
    ),
}
DONE: dict[str, tuple[Any, Any]] = {
    "resume": (needs.resume, _l("The need goes on.")),
    "take-back": (needs.take_back, _l("You can write on it now. Please hand it in again.")),
}


@bp.get("/needs/<string:need_id>")
@allow("group")
def need(need_id: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    return render_template(
        "group/need.html",
        page=page,
        need=page.need,
        group=page.group,
        size=size_sentence(page.form_check),
        problems=problem_sentences(page.form_check),
        asked=(asked := suggestions.waiting(session, [need_id])),
        names=reason_names.names_for(session, reason_names.parsed(each.change for each in asked)),
        can={
            "withdraw": page.need.state in needs.WITHDRAWN_FROM,
            "pause": page.need.state in needs.PAUSED_FROM,
            "resume": page.need.state == "paused" and not directory.over(page.need, today()),
            "renew": page.need.state == "paused" and directory.over(page.need, today()),
            "write": page.need.state in needs.SUBMITTABLE,
            "take_back": page.need.state in needs.TAKEN_BACK_FROM,
        },
    )


@bp.route("/needs/<string:need_id>/changes/<string:change_id>", methods=["GET", "POST"])
@allow("group")
def answer_change(need_id: str, change_id: str) -> Page:
    """What the coordinators ask to change, and the group's answer."""
    found, asked = suggestions.question(
        session, actor=actor(), need_id=need_id, change_id=change_id
    )
    form = ChangeAnswerForm()
    if form.validate_on_submit():
        given = {"agreed": form.answer.data == "yes", "note": form.note.data or ""}
        try:
            suggestions.answer(
                session, actor=actor(), now=now(), need_id=need_id, change_id=change_id,
                data=given, on_behalf=note_for(found.group_id),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(
                _("Thank you. The need was changed; the coordinators look for a team again.")
                if given["agreed"]
                else _("Thank you. The need stays as it is."),
                "success",
            )
            return redirect(url_for("group.need", need_id=need_id), 303)
    names = reason_names.names_for(session, reason_names.parsed([asked.change]))
    shown = render_template(
        "group/answer-change.html", form=form, need=found, asked=asked, names=names
    )
    if form.is_submitted():
        return shown, 422
    return ask_first(found.group_id) or shown


@bp.route("/needs/<string:need_id>/<any(withdraw, pause):act>", methods=["GET", "POST"])
@allow("group")
def ask_need(need_id: str, act: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    do, question, follows, button, done = ASKED[act]
    form = ReasonForm(version=str(page.need.version))
    if form.validate_on_submit():
        try:
            do(
                session,
                actor=actor(),
                now=now(),
                need_id=need_id,
                command=validated(needs.Reason, form.data),
                on_behalf=note_for(page.group.id),
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(str(done), "success")
            return redirect(url_for("group.need", need_id=need_id), 303)
    shown = render_template(
        "group/need-reason.html", form=form, need=page.need, question=question,
        follows=follows, act_word=button,
    )  # fmt: skip
    if form.is_submitted():
        return shown, 422
    return ask_first(page.group.id) or shown


@bp.route("/needs/<string:need_id>/over", methods=["GET", "POST"])
@allow("group")
def need_over(need_id: str) -> Page:
    """The dates are over: offer it again in one click, or close it in one."""
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    form = ConfirmForm()
    if not form.is_submitted():
        return ask_first(page.group.id) or render_template(
            "group/need-over.html",
            need=page.need, group=page.group, over=directory.over(page.need, today()),
            dates=needs.renewed_dates(page.need, today()),
        )  # fmt: skip
    given = {
        "actor": actor(), "now": now(), "need_id": need_id, "on_behalf": note_for(page.group.id),
    }  # fmt: skip
    if request.form.get("act") == "close":
        reason = {"reason": _("Its dates are over."), "version": form.version.data}
        needs.withdraw(session, **given, command=validated(needs.Reason, reason))
        flash(_("The need was closed."), "success")
    else:
        needs.renew(session, **given, today=today(), version=_version(form))
        flash(_("The need is offered again, with new dates."), "success")
    return redirect(url_for("group.need", need_id=need_id), 303)


def _version(form: ConfirmForm) -> int:
    given = str(form.version.data or "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


@bp.post("/needs/<string:need_id>/<any(resume, 'take-back'):act>")
@allow("group")
def move_need(need_id: str, act: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    do, done = DONE[act]
    do(
        session,
        actor=actor(),
        now=now(),
        need_id=need_id,
        version=_version(ConfirmForm()),
        on_behalf=note_for(page.group.id),
    )
    flash(str(done), "success")
    step = url_for("group.need_step", need_id=need_id, step="form")
    return redirect(step if act == "take-back" else url_for("group.need", need_id=need_id), 303)
