"""A professional's expenses on a project: noted in a minute, confirmed by the group."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import ExpensePayer
from matchmaker.services import expenses
from web.access import actor, allow
from web.db import now, session, today
from web.forms import (
    BaseForm,
    DateField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices
from web.page import Page
from web.professional import bp


class ExpenseForm(BaseForm):
    spent_on = DateField(_l("Day of the expense"), [Required()])
    yen = StringField(_l("How much?"), [Required()])
    purpose = StringField(_l("What for?"), [Required()])
    payer = RadioField(_l("Who bears it?"), [Required("not_chosen")])

    def __init__(self, employed: bool) -> None:
        super().__init__(data={"spent_on": today(), "payer": ExpensePayer.GROUP})
        known = choices("expense_payer")
        self["payer"].choices = [
            each for each in known if employed or each[0] != ExpensePayer.COMPANY
        ]


@bp.route("/projects/<string:project_id>/expenses", methods=["GET", "POST"])
@allow("professional")
def project_expenses(project_id: str) -> Page:
    sheet = expenses.my_sheet(session, actor=actor(), today=today(), project_id=project_id)
    form = ExpenseForm(sheet.employed)
    if form.validate_on_submit():
        try:
            expenses.note(
                session, actor=actor(), now=now(), today=today(), project_id=project_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The expense is noted. The group confirms it."), "success")
            return redirect(url_for(".project_expenses", project_id=project_id), 303)
    page = render_template(
        "professional/expenses.html", form=form, sheet=sheet,
        back=url_for(".project", project_id=project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/expenses/<int:expense_id>/take-back")
@allow("professional")
def take_back_expense(expense_id: int) -> Page:
    found = expenses.take_back(
        session, actor=actor(), now=now(), today=today(), expense_id=expense_id
    )
    flash(_("The entry is removed."), "success")
    return redirect(url_for(".project_expenses", project_id=found.id), 303)
