"""The terms of a project: its own results and expenses, the city's text, and everybody's yes."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import project_scopes
from matchmaker.services import project_terms as terms
from web.access import actor
from web.db import now, session, today
from web.forms import BaseForm, HiddenField, Required, TextAreaField, apply_errors
from web.i18n import language
from web.page import Page
from web.papers.terms import terms_paper
from web.pdf import download
from web.project_forms import TermsForm
from web.sides import address, both_sides, onward, speaking


class ScopeForm(BaseForm):
    based_on = HiddenField()
    deliverables = TextAreaField(_l("What is there in the end?"), [Required()])
    expenses = TextAreaField(_l("Expenses"))


def _sheet(side: Side, project_id: str) -> terms.Sheet:
    return terms.sheet(session, actor=actor(), side=side, project_id=project_id)


@both_sides("/terms", methods=("GET", "POST"))
def project_terms(side: Side, project_id: str) -> Page:
    sheet = _sheet(side, project_id)
    form = TermsForm(data={"number": sheet.words.number, "scope": sheet.scope.number})
    if form.validate_on_submit():
        terms.accept(session, now=now(), data=form.data, **speaking(side, project_id))
        flash(_("You accepted the terms."), "success")
        return onward(side, "project", project_id)
    page = render_template(
        "project/terms.html", form=form, seen=sheet.seen, sheet=sheet, text=_text(sheet),
        back=address(side, "project", project_id),
        scope=address(side, "project_scope", project_id),
        paper=address(side, "terms_pdf", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@both_sides("/scope", methods=("GET", "POST"))
def project_scope(side: Side, project_id: str) -> Page:
    """Results and expenses are written anew; everybody is asked to accept them."""
    sheet = _sheet(side, project_id)
    known = sheet.scope
    form = ScopeForm(
        data={
            "based_on": known.number,
            "deliverables": "\n".join(known.deliverables),
            "expenses": known.expenses,
        }
    )
    if form.validate_on_submit():
        try:
            project_scopes.write(session, now=now(), data=form.data, **speaking(side, project_id))
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. Now please accept it yourself; the others are told."), "success")
            return onward(side, "project_terms", project_id)
    page = render_template(
        "project/scope.html", form=form, project=sheet.seen.project, sheet=sheet,
        back=address(side, "project_terms", project_id), home=address(side, "project", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@both_sides("/terms.pdf", asks=False)
def terms_pdf(side: Side, project_id: str) -> Page:
    """What was agreed, on paper: date, versions, and who accepted."""
    sheet = _sheet(side, project_id)
    paper = terms_paper(sheet, _text(sheet), on=today())
    return download(paper, f"terms-{project_id}")


def _text(sheet: terms.Sheet) -> str:
    return sheet.words.en if language() == "en" else sheet.words.ja
