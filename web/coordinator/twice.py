"""The same person, group or employer twice: find, compare, make one, or say that they are two."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import duplicates, merging
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session
from web.forms import BaseForm, HiddenField, RadioField, Required, apply_errors, options
from web.merge_words import Line, moves, side_by_side, why
from web.page import Page
from web.refusals import sentence

KINDS = {"people": "professional", "groups": "group", "companies": "company"}
PLURALS = {kind: plural for plural, kind in KINDS.items()}
PAGES = {
    "professional": ("coordinator.person", "professional_id"),
    "group": ("coordinator.group", "group_id"),
    "company": ("coordinator.company", "company_id"),
}


class MergeForm(BaseForm):
    kept_version = HiddenField()
    other_version = HiddenField()


def merge_form(found: merging.Comparison, lines: list[Line]) -> MergeForm:
    """The form with a choice for every difference, what lies nearer chosen beforehand."""
    open_ones = [line for line in lines if line.name]
    nothing = _("Nothing")
    fields = {
        line.name: RadioField(
            line.text,
            [Required("not_chosen")],
            choices=options(
                {
                    "kept": f"① {line.kept or nothing}",
                    "other": f"② {line.other or nothing}",
                }
            ),
            default=line.nearer,
        )
        for line in open_ones
    }
    kind: type[MergeForm] = type("MergeForm", (MergeForm,), fields)
    form = kind(
        kept_version=str(getattr(found.kept, "version", 1)),
        other_version=str(getattr(found.other, "version", 1)),
    )
    for line in open_ones:  # a mark on every question would say nothing
        form[line.name].flags.required_entry = False
    return form


@bp.get("/twice")
@allow("coordinator")
def twice() -> Page:
    found = duplicates.pairs(session, actor=actor())
    return render_template("coordinator/twice.html", pairs=found, why=why, plurals=PLURALS)


@bp.get("/<any(people, groups, companies):kind>/<string:record_id>/twice")
@allow("coordinator")
def find_twin(kind: str, record_id: str) -> Page:
    text = request.args.get("q", "")[:100]
    found = duplicates.look_for(
        session, actor=actor(), kind=KINDS[kind], record_id=record_id, text=text
    )
    return render_template(
        "coordinator/find-twin.html", kind=kind, record_id=record_id, text=text, rows=found,
        row=duplicates.one(session, actor=actor(), kind=KINDS[kind], record_id=record_id),
        back=address_of(KINDS[kind], record_id),
    )  # fmt: skip


@bp.route("/<any(people, groups, companies):kind>/<string:record_id>/twice/<string:other_id>",
          methods=["GET", "POST"])  # fmt: skip
@allow("coordinator")
def merge(kind: str, record_id: str, other_id: str) -> Page:
    found = _compared(kind, record_id, other_id)
    lines = side_by_side(found)
    form = merge_form(found, lines)
    if form.validate_on_submit():
        try:
            kept = merging.merge(
                session, actor=actor(), now=now(), kind=KINDS[kind], first_id=record_id,
                second_id=other_id, data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("They are one now. The old address leads here."), "success")
            return redirect(address_of(KINDS[kind], kept.id), 303)
    page = render_template(
        "coordinator/merge.html", kind=kind, found=found, form=form, moves=moves(found),
        choices=[form[line.name] for line in lines if line.name],
        same=[(line.text, line.kept, None) for line in lines if not line.name],
        why=why(found.why), address_of=lambda row: address_of(found.kind, row.id),
        hindering=[sentence(each.code, {"title": each.title}) for each in found.hindrances],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/<any(people, groups, companies):kind>/<string:record_id>/twice/<string:other_id>/apart")
@allow("coordinator")
def tell_apart(kind: str, record_id: str, other_id: str) -> Page:
    duplicates.note_different(
        session, actor=actor(), now=now(), kind=KINDS[kind], first_id=record_id, second_id=other_id
    )
    flash(_("Noted: these are two. The hint does not come again."), "success")
    return redirect(address_of(KINDS[kind], record_id), 303)


def address_of(kind: str, record_id: str) -> str:
    """The page of a record of a kind."""
    endpoint, name = PAGES[kind]
    return url_for(endpoint, **{name: record_id})


def _compared(kind: str, record_id: str, other_id: str) -> merging.Comparison:
    return merging.compare(
        session, actor=actor(), kind=KINDS[kind], first_id=record_id, second_id=other_id
    )
