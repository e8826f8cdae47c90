"""Checking one person, group or need: everything on one page, then open it or return it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Group, Professional
from matchmaker.services import (
    bounces,
    charge,
    check_details,
    checks,
    claims,
    consultations,
    directory,
    needs,
    person_entry,
    profiles,
)
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import BaseForm, ConfirmForm, HiddenField, Required, TextAreaField, apply_errors
from web.need_words import problem_sentences, size_sentence
from web.page import Page
from web.papers.claim import claim_letter
from web.pdf import download


class CommentForm(BaseForm):
    version = HiddenField()
    comment = TextAreaField(_l("Comment"), [Required()])


@bp.get("/people/<string:professional_id>")
@allow("coordinator")
def person(professional_id: str) -> Page:
    page = check_details.person(session, actor=actor(), professional_id=professional_id)
    return render_template(
        "coordinator/person.html",
        page=page,
        person=page.person,
        refusal=bounces.behind(session, [page.person]).get(professional_id),
        form=CommentForm(),
        today=today(),
        notes=consultations.log(session, actor=actor(), professional_id=professional_id),
        charge=charge.owner(session, "professional", professional_id),
        code_until=claims.until(session, professional_id=professional_id, now=now()),
    )


@bp.get("/groups/<string:group_id>")
@allow("coordinator")
def group(group_id: str) -> Page:
    page = check_details.group(session, actor=actor(), group_id=group_id)
    return render_template(
        "coordinator/group.html",
        page=page,
        group=page.group,
        refusal=bounces.behind(session, [page.group]).get(group_id),
        form=CommentForm(),
        today=today(),
        notes=consultations.log(session, actor=actor(), group_id=group_id),
        charge=charge.owner(session, "group", group_id),
    )


@bp.get("/needs/<string:need_id>")
@allow("coordinator")
def need(need_id: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    return render_template(
        "coordinator/need.html",
        page=page,
        need=page.need,
        group=page.group,
        size=size_sentence(page.form_check),
        problems=problem_sentences(page.form_check),
        today=today(),
        can_pause=page.need.state in needs.PAUSED_FROM,
        over=directory.over(page.need, today()),
        notes=consultations.log(session, actor=actor(), need_id=need_id),
        charge=charge.owner(session, "need", need_id),
    )


@bp.post("/people/<string:professional_id>/verify")
@allow("coordinator")
def verify_person(professional_id: str) -> Page:
    checks.verify_professional(
        session, actor=actor(), now=now(), today=today(),
        professional_id=professional_id, version=_version(),
    )  # fmt: skip
    flash(_("The profile was accepted. The person gets a mail."), "success")
    return redirect(url_for("coordinator.people", state="submitted"), 303)


@bp.post("/groups/<string:group_id>/verify")
@allow("coordinator")
def verify_group(group_id: str) -> Page:
    checks.verify_group(
        session, actor=actor(), now=now(), today=today(), group_id=group_id, version=_version()
    )
    flash(_("The group was accepted. It gets a mail."), "success")
    return redirect(url_for("coordinator.groups", state="submitted"), 303)


@bp.post("/needs/<string:need_id>/open")
@allow("coordinator")
def open_need(need_id: str) -> Page:
    checks.open_need(
        session, actor=actor(), now=now(), today=today(), need_id=need_id, version=_version()
    )
    flash(_("The need is open. The group gets a mail."), "success")
    return redirect(url_for("coordinator.needs", state="submitted"), 303)


@bp.post("/people/<string:professional_id>/invite")
@allow("coordinator")
def invite_person(professional_id: str) -> Page:
    person_entry.invite(session, actor=actor(), now=now(), professional_id=professional_id)
    flash(_("A mail with the way to the profile is on its way."), "success")
    return redirect(url_for("coordinator.person", professional_id=professional_id), 303)


@bp.post("/people/<string:professional_id>/claim-letter.pdf")
@allow("coordinator")
def claim_letter_file(professional_id: str) -> Page:
    """A letter with a fresh code by which the person takes the profile over; it is shown once."""
    code = claims.issue(session, actor=actor(), now=now(), professional_id=professional_id)
    person = profiles.find(session, actor=actor(), professional_id=professional_id)
    until = today() + claims.LIFETIME
    return download(claim_letter(person.name, code, until=until, on=today()), "code")


# Acts with a comment, by kind of record: (service, question, what follows, button, said after).
Asked = tuple[Callable[..., Any], Any, Any, Any, Any]
RETURN_WORDS = (
    _l("The comment is mailed and shown to whom it concerns. They change the text themselves."),
    _l("Return with this comment"),
    _l("It was returned with your comment."),
)
PAUSE_WORDS = (
    _l("No round proposes it until it is resumed. The comment is shown to whom it concerns."),
    _l("Let it rest"),
    _l("It rests now."),
)
ASKED: dict[tuple[str, str], Asked] = {
    ("people", "return"): (
        checks.return_professional, _l("What should the person change?"), *RETURN_WORDS),
    ("groups", "return"): (
        checks.return_group, _l("What should the group change?"), *RETURN_WORDS),
    ("needs", "return"): (
        checks.return_need, _l("What should the group change in this need?"), *RETURN_WORDS),
    ("people", "pause"): (checks.pause_profile, _l("Let this person rest?"), *PAUSE_WORDS),
    ("groups", "pause"): (checks.pause_profile, _l("Let this group rest?"), *PAUSE_WORDS),
    ("needs", "pause"): (needs.pause, _l("Let this need rest?"), *PAUSE_WORDS),
}  # fmt: skip
IDS = {"people": "professional_id", "groups": "group_id", "needs": "need_id"}
TABLES: dict[str, Any] = {"people": Professional, "groups": Group}
PAGES = {"people": "person", "groups": "group", "needs": "need"}


@bp.route("/<any(people, groups, needs):kind>/<string:record_id>/<any(return, pause):act>",
          methods=["GET", "POST"])  # fmt: skip
@allow("coordinator")
def ask_check(kind: str, record_id: str, act: str) -> Page:
    subject, version, name = _subject(kind, record_id)
    do, question, follows, button, done = ASKED[kind, act]
    form = CommentForm(version=str(version))
    back = url_for(f"coordinator.{PAGES[kind]}", **{IDS[kind]: record_id})
    if form.validate_on_submit():
        try:
            _do(do, kind, record_id, form)
        except Invalid as refused:
            apply_errors(form, refused, names={"reason": "comment"})
        else:
            flash(str(done), "success")
            return redirect(back, 303)
    return render_template(
        "coordinator/comment.html", form=form, question=question, follows=follows,
        act_word=button, name=name, address=back, subject=subject,
    ), (422 if form.errors else 200)  # fmt: skip


@bp.post("/<any(people, groups, needs):kind>/<string:record_id>/resume")
@allow("coordinator")
def resume_check(kind: str, record_id: str) -> Page:
    if kind == "needs":
        needs.resume(session, actor=actor(), now=now(), need_id=record_id, version=_version())
    else:
        checks.resume_profile(
            session, actor=actor(), now=now(), kind=TABLES[kind], profile_id=record_id,
            version=_version(),
        )  # fmt: skip
    flash(_("It goes on."), "success")
    return redirect(url_for(f"coordinator.{PAGES[kind]}", **{IDS[kind]: record_id}), 303)


def _do(do: Callable[..., Any], kind: str, record_id: str, form: CommentForm) -> None:
    who = {"actor": actor(), "now": now()}
    if do is needs.pause:
        data = {"reason": form.comment.data, "version": form.version.data}
        do(session, **who, need_id=record_id, command=validated(needs.Reason, data))
        return
    command = validated(checks.Comment, form.data)
    if do is checks.pause_profile:
        do(session, **who, kind=TABLES[kind], profile_id=record_id, command=command)
    else:
        do(session, **who, **{IDS[kind]: record_id}, command=command)


def _subject(kind: str, record_id: str) -> tuple[Any, int, str]:
    if kind == "needs":
        need_page = check_details.need(session, actor=actor(), need_id=record_id, today=today())
        return need_page.need, need_page.need.version, need_page.need.title
    row: Any
    if kind == "people":
        row = check_details.person(session, actor=actor(), professional_id=record_id).person
    else:
        row = check_details.group(session, actor=actor(), group_id=record_id).group
    return row, row.version, row.name


def _version() -> int:
    given = str(ConfirmForm().version.data or "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
