"""What a company pledges for a coming round: people, for what, and when."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import joining, pledges, taxonomy
from web import menu_words
from web.access import actor, allow
from web.company import bp
from web.db import now, session, today
from web.formats import label
from web.forms import (
    BaseForm,
    ConfirmForm,
    DateField,
    IntegerField,
    Required,
    SelectField,
    TextAreaField,
    apply_errors,
)
from web.page import Page


class PledgeForm(BaseForm):
    """How many people, for what, and when."""

    seats = IntegerField(_l("How many people"), [Required()])
    form = SelectField(_l("For which kind of help"))
    theme = SelectField(_l("In which field of activity"))
    from_on = DateField(_l("From"), [Required()])
    until_on = DateField(_l("Until"), [Required()])
    note = TextAreaField(_l("What we should know"))


def _form(**given: Any) -> PledgeForm:
    made = PledgeForm(**given)
    made["form"].choices = [("", _("Any")), *((c, str(w)) for c, w in menu_words.FORMS.items())]
    fields = [(each.code, label(each)) for each in taxonomy.fields(session)]
    made.theme.choices = [("", _("Any")), *fields]
    return made


@bp.get("/<company_id>/pledges", endpoint="pledges")
@allow("company")
def pledge_list(company_id: str) -> Page:
    return _page(company_id, _form())


@bp.post("/<company_id>/pledges")
@allow("company")
def pledge(company_id: str) -> Page:
    form = _form()
    if not form.validate():
        return _page(company_id, form), 422
    try:
        pledges.pledge(
            session, actor=actor(), now=now(), today=today(), company_id=company_id, data=form.data
        )
    except Invalid as refused:
        return _page(company_id, apply_errors(form, refused)), 422
    flash(_("Thank you. A coordinator looks at it before the next round."), "success")
    return redirect(url_for("company.pledges", company_id=company_id), 303)


@bp.post("/<company_id>/pledges/<pledge_id>/withdraw")
@allow("company")
def withdraw_pledge(company_id: str, pledge_id: str) -> Page:
    joining.require_manager(session, actor=actor(), company_id=company_id)
    version = ConfirmForm().seen()
    pledges.withdraw(session, actor=actor(), now=now(), pledge_id=pledge_id, version=version)
    flash(_("The pledge is taken back."), "success")
    return redirect(url_for("company.pledges", company_id=company_id), 303)


def _page(company_id: str, form: PledgeForm) -> str:
    company = joining.require_manager(session, actor=actor(), company_id=company_id)
    return render_template(
        "company/pledges.html",
        company=company,
        found=pledges.of_company(session, actor=actor(), company_id=company_id),
        forms=menu_words.FORMS,
        form=form,
        sent=request.method == "POST",
    )
