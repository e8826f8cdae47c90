"""The what-if bench: scenarios of a round side by side, their steps, undo and redo, keep or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.models import Scenario
from matchmaker.services import rounds, scenario_keeping, scenario_steps, scenarios, taxonomy
from web import whatif_words
from web.access import actor, allow
from web.coordinator import bp
from web.coordinator.policy import OPTIONAL, TermsForm
from web.db import now, session
from web.formats import label, listing
from web.forms import (
    BaseForm,
    ConfirmForm,
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    apply_errors,
)
from web.labels import choices
from web.move_words import moves
from web.page import Page
from web.reasons import LEVELS


class BeginForm(BaseForm):
    name = StringField(_l("Name of the trial"), [Required()])
    copy_of = SelectField(_l("Begin with the changes of"))


class StepForm(BaseForm):
    version = HiddenField()


class PairForm(StepForm):
    professional_id = SelectField(_l("Person in this round"), [Required("not_chosen")])
    role_id = SelectField(_l("Role"), [Required("not_chosen")])
    kind = RadioField(
        _l("What should be tried?"),
        [Required("not_chosen")],
        choices=[("pin", _l("They work together")), ("ban", _l("They do not work together"))],
    )


class OneForm(StepForm):
    id = SelectField(_l("Which one?"), [Required("not_chosen")])


class NewcomerForm(StepForm):
    skill = SelectField(_l("Skill"), [Required("not_chosen")])
    level = SelectField(_l("Level"), [Required("not_chosen")])
    mode = RadioField(_l("How to work together"), [Required("not_chosen")])


class OtherTermsForm(TermsForm):
    version = HiddenField()
    max_new_projects = IntegerField(
        _l("At most this many new projects"), OPTIONAL, description=_l("Empty: no limit.")
    )


class KeepForm(BaseForm):
    version = HiddenField()
    reason = TextAreaField(
        _l("Why do you decide so?"),
        [Required()],
        description=_l("Colleagues read it, and it stands in the receipt of the round."),
    )


@bp.route("/rounds/<string:round_id>/what-if", methods=["GET", "POST"])
@allow("coordinator")
def what_if(round_id: str) -> Page:
    row, tried = scenarios.listing(session, actor=actor(), round_id=round_id)
    form = BeginForm(name=_("Trial %(num)s", num=len(tried) + 1))
    if tried:
        form.copy_of.choices = [
            ("", _("nothing: as the round is now")),
            *((each.scenario.id, each.scenario.name) for each in tried),
        ]
    else:
        del form.copy_of
    if form.validate_on_submit():
        try:
            begun = scenarios.begin(
                session, actor=actor(), now=now(), round_id=row.id, data=form.data
            )
            return redirect(url_for(".scenario", scenario_id=begun.id), 303)
        except Invalid as refused:
            apply_errors(form, refused)
    worked = [each for each in tried if each.answer]
    page = render_template(
        "coordinator/what-if.html",
        round=row,
        tried=tried,
        worked=worked,
        form=form,
        lines=whatif_words.side_by_side(row, worked),
        other_measure=any(whatif_words.other_measure(row, each) for each in worked),
    )
    return (page, 422) if form.errors else page


@bp.get("/what-if/<string:scenario_id>")
@allow("coordinator")
def scenario(scenario_id: str) -> Page:
    bench = scenarios.bench(session, actor=actor(), scenario_id=scenario_id)
    names = whatif_words.with_imagined(bench.names, bench.tried.steps)
    answer = bench.tried.answer
    return render_template(
        "coordinator/scenario.html",
        bench=bench,
        round=bench.round,
        scenario=bench.tried.scenario,
        steps=whatif_words.step_lines(bench),
        kinds=whatif_words.SHORT,
        impossible=whatif_words.why_impossible(bench.tried, names),
        lines=whatif_words.side_by_side(bench.round, [bench.tried]),
        other_measure=whatif_words.other_measure(bench.round, bench.tried),
        moves=moves(answer.difference.gained, answer.difference.lost, names) if answer else [],
        names=names,
        open=bench.round.state in rounds.COMPUTABLE,
    )


STEP_KINDS = ", ".join(whatif_words.SHORT)


@bp.route(f"/what-if/<string:scenario_id>/try/<any({STEP_KINDS}):kind>", methods=["GET", "POST"])
@allow("coordinator")
def scenario_step(scenario_id: str, kind: str) -> Page:
    """One more change, of one kind."""
    bench = scenarios.bench(session, actor=actor(), scenario_id=scenario_id)
    text = request.args.get("text", "")[:80]
    form = _FORMS[kind](bench, text)
    if form.validate_on_submit():
        try:
            _ACTS[kind](
                session, actor=actor(), scenario_id=scenario_id, version=_version(),
                data=form.data,
            )  # fmt: skip
            return redirect(url_for(".scenario", scenario_id=scenario_id), 303)
        except Invalid as refused:
            apply_errors(form, refused)
    page = render_template(
        "coordinator/scenario-step.html",
        form=form,
        kind=kind,
        title=whatif_words.SHORT[kind],
        round=bench.round,
        scenario=bench.tried.scenario,
        text=text,
        most=scenarios.SHOWN,
    )
    return (page, 422) if form.errors else page


@bp.post("/what-if/<string:scenario_id>/<any(undo, redo):act>")
@allow("coordinator")
def move_scenario(scenario_id: str, act: str) -> Response:
    do = scenarios.undo if act == "undo" else scenarios.redo
    do(session, actor=actor(), scenario_id=scenario_id, version=_version())
    return redirect(url_for(".scenario", scenario_id=scenario_id), 303)


@bp.post("/what-if/<string:scenario_id>/throw-away")
@allow("coordinator")
def throw_scenario_away(scenario_id: str) -> Response:
    round_id = scenarios.throw_away(session, actor=actor(), scenario_id=scenario_id)
    flash(_("The trial was thrown away. The round is as it was."), "success")
    return redirect(url_for(".what_if", round_id=round_id), 303)


@bp.route("/what-if/<string:scenario_id>/keep", methods=["GET", "POST"])
@allow("coordinator")
def keep_scenario(scenario_id: str) -> Page:
    bench = scenarios.bench(session, actor=actor(), scenario_id=scenario_id)
    form = KeepForm(version=str(bench.tried.scenario.version))
    if form.validate_on_submit():
        try:
            row = scenario_keeping.keep(
                session, actor=actor(), now=now(), scenario_id=scenario_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The trial is the round now. It is being worked out again."), "success")
            return redirect(url_for(".round", round_id=row.id), 303)
    page = render_template(
        "coordinator/keep-scenario.html",
        form=form,
        round=bench.round,
        scenario=bench.tried.scenario,
        steps=whatif_words.step_lines(bench),
        imagined=any(step["kind"] == "new_person" for step in bench.tried.steps),
    )
    return (page, 422) if form.errors else page


@bp.post("/rounds/<string:round_id>/bring-back")
@allow("coordinator")
def bring_back(round_id: str) -> Response:
    given = request.form.get("professional_id", "")[:64]
    scenario_keeping.bring_back(
        session, actor=actor(), now=now(), round_id=round_id, professional_id=given
    )
    flash(_("From the next computation on this person takes part again."), "success")
    return redirect(url_for(".round_record", round_id=round_id), 303)


def _pair_form(bench: scenarios.Bench, text: str) -> BaseForm:
    form = PairForm(version=_seen(bench))
    form.professional_id.choices = _people(bench, text)
    form.role_id.choices = [
        ("", ""),
        *(
            (role, _("%(need)s: %(role)s", need=need, role=title))
            for role, title, need in scenarios.roles_of(session, bench.round)
        ),
    ]
    return form


def _person_form(bench: scenarios.Bench, text: str) -> BaseForm:
    form = OneForm(version=_seen(bench))
    form.id.choices = _people(bench, text)
    return form


def _people(bench: scenarios.Bench, text: str) -> list[tuple[str, str]]:
    """The round's people to choose from; namesakes with what tells them apart."""
    found = scenarios.people_of(session, bench.round, text)
    names = Counter(each.name for each in found)
    districts = {each.code: each for each in taxonomy.districts(session)}
    told = [("", "")]
    for each in found:
        more = [label(districts.get(each.district)), each.employer] if names[each.name] > 1 else []
        by = listing(filter(None, more))
        told.append((each.id, _("%(name)s (%(by)s)", name=each.name, by=by) if by else each.name))
    return told


def _need_form(bench: scenarios.Bench, text: str) -> BaseForm:
    form = OneForm(version=_seen(bench))
    form.id.choices = [("", ""), *scenarios.needs_of(session, bench.round, text)]
    return form


def _newcomer_form(bench: scenarios.Bench, _text: str) -> BaseForm:
    form = NewcomerForm(version=_seen(bench), level="3", mode="hybrid")
    known, may = taxonomy.skills(session), taxonomy.choosable(session)
    skills = sorted((label(row), code) for code, row in known.items() if code in may)
    form.skill.choices = [("", ""), *((code, text) for text, code in skills)]
    form.level.choices = [(code, text) for code, text in LEVELS.items() if code != "0"]
    form.mode.choices = choices("mode")
    return form


def _open_need_form(bench: scenarios.Bench, _text: str) -> BaseForm:
    form = OneForm(version=_seen(bench))
    found = rounds.open_needs(session, most=scenarios.SHOWN)
    form.id.choices = [("", ""), *((each.need.id, each.need.title) for each in found)]
    return form


def _terms_form(bench: scenarios.Bench, _text: str) -> BaseForm:
    held = scenario_steps.terms_entries(bench.round, bench.tried.steps)
    return OtherTermsForm(data={**held, "version": _seen(bench)})


_FORMS: dict[str, Callable[[scenarios.Bench, str], Any]] = {
    "pin": _pair_form,
    "without_person": _person_form,
    "without_need": _need_form,
    "new_person": _newcomer_form,
    "new_need": _open_need_form,
    "terms": _terms_form,
}
_ACTS: dict[str, Callable[..., Scenario]] = {
    "pin": scenario_steps.try_pair,
    "without_person": scenario_steps.leave_out_person,
    "without_need": scenario_steps.leave_out_need,
    "new_person": scenario_steps.add_person,
    "new_need": scenario_steps.add_need,
    "terms": scenario_steps.other_terms,
}


def _seen(bench: scenarios.Bench) -> str:
    return str(bench.tried.scenario.version)


def _version() -> int:
    return ConfirmForm().seen()
