"""The hours of a project as its group confirms them: as entered, or corrected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.validators import ValidationError

from matchmaker.errors import Invalid
from matchmaker.services import expenses, hours, project_access
from web.access import actor, allow
from web.db import now, session, today
from web.formats import minutes, plain_date, yen
from web.forms import BaseForm, CheckboxesField, Required, StringField, apply_errors
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.labels import word
from web.page import Page


class WaitingField(CheckboxesField):
    """Rows that wait for the group. One that got its yes, or was taken back, since the page was
    read is no mistake: a second press or a second window may send it."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, [Required("none_chosen")], **more)

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what never was the key of a row."""
        if not all(key.isdecimal() for key in self.data):
            raise ValidationError("not_in_list")

    def known(self, rows: Iterable[int | None]) -> list[str]:
        """What was chosen and is still there."""
        return sorted({str(row) for row in rows}.intersection(self.data))


class ConfirmHoursForm(BaseForm):
    entry_ids = WaitingField(_l("Hours that wait for you"))

    def __init__(self, lines: tuple[hours.Line, ...]) -> None:
        super().__init__(data={"entry_ids": [str(line.entry.id) for line in lines]})
        self["entry_ids"].choices = [(str(line.entry.id), _said(line)) for line in lines]


class ConfirmExpensesForm(BaseForm):
    expense_ids = WaitingField(_l("Expenses that wait for you"))

    def __init__(self, lines: tuple[expenses.Line, ...]) -> None:
        super().__init__(data={"expense_ids": [str(line.expense.id) for line in lines]})
        self["expense_ids"].choices = [(str(line.expense.id), _spent(line)) for line in lines]


class CorrectionForm(BaseForm):
    hours = StringField(_l("Hours"))
    minutes = StringField(_l("Minutes"))
    why = StringField(_l("Why do you note other hours?"), [Required()])


class AmountForm(BaseForm):
    yen = StringField(_l("Amount in yen"), [Required()])
    why = StringField(_l("Why do you note another amount?"), [Required()])


def _said(line: hours.Line) -> str:
    """An entry in one line."""
    parts = [plain_date(line.entry.worked_on), line.person.name, minutes(line.entry.minutes)]
    return " · ".join([*parts, line.entry.note] if line.entry.note else parts)


def _confirmed(count: int) -> str:
    if not count:
        return _("These hours are confirmed already, or were taken back.")
    return ngettext("%(num)s entry is confirmed.", "%(num)s entries are confirmed.", count)


def _spent(line: expenses.Line) -> str:
    """An expense in one line."""
    spent = line.expense
    parts = (plain_date(spent.spent_on), line.person.name, yen(spent.yen), spent.purpose,
             word(spent.payer, "expense_payer"))  # fmt: skip
    return " · ".join(parts)


@bp.route("/projects/<string:project_id>/hours", methods=["GET", "POST"])
@allow("group")
def project_hours(project_id: str) -> Page:
    sheet = hours.group_sheet(session, actor=actor(), today=today(), project_id=project_id)
    form = ConfirmHoursForm(sheet.waiting)
    if form.is_submitted() and (note := ask_first(sheet.group.id)):
        return note
    if form.validate_on_submit():
        keys = form["entry_ids"].known(line.entry.id for line in sheet.lines)
        count = hours.confirm(
            session, actor=actor(), now=now(), today=today(), project_id=project_id,
            data={"entry_ids": keys}, on_behalf=note_for(sheet.group.id),
        )  # fmt: skip
        flash(_confirmed(count), "success")
        return redirect(url_for(".project_hours", project_id=project_id), 303)
    spent = expenses.group_sheet(session, actor=actor(), today=today(), project_id=project_id)
    return _page(form, sheet, ConfirmExpensesForm(spent.waiting), spent)


@bp.post("/projects/<string:project_id>/expenses")
@allow("group")
def confirm_expenses(project_id: str) -> Page:
    sheet = expenses.group_sheet(session, actor=actor(), today=today(), project_id=project_id)
    if note := ask_first(sheet.group.id):
        return note
    form = ConfirmExpensesForm(sheet.waiting)
    if form.validate_on_submit():
        keys = form["expense_ids"].known(line.expense.id for line in sheet.lines)
        expenses.confirm(
            session, actor=actor(), now=now(), today=today(), project_id=project_id,
            data={"expense_ids": keys}, on_behalf=note_for(sheet.group.id),
        )  # fmt: skip
        flash(_("The expenses are confirmed."), "success")
        return redirect(url_for(".project_hours", project_id=project_id), 303)
    given = hours.group_sheet(session, actor=actor(), today=today(), project_id=project_id)
    return _page(ConfirmHoursForm(given.waiting), given, form, sheet)


def _page(
    form: ConfirmHoursForm, sheet: hours.Sheet, spent_form: ConfirmExpensesForm,
    spent: expenses.Sheet,
) -> Page:  # fmt: skip
    page = render_template(
        "group/hours.html", form=form, sheet=sheet, spent=spent, spent_form=spent_form
    )
    return page, 422 if form.errors or spent_form.errors else 200


@bp.route("/hours/<int:entry_id>/correct", methods=["GET", "POST"])
@allow("group")
def correct_hours(entry_id: int) -> Page:
    line = hours.to_correct(session, actor=actor(), today=today(), entry_id=entry_id)
    whole, rest = divmod(line.entry.minutes, 60)
    return _correct(
        "group/hours-correct.html",
        line,
        line.entry.project_id,
        CorrectionForm(data={"hours": whole, "minutes": rest}),
        partial(hours.correct, entry_id=entry_id),
        _("The corrected hours are confirmed. The professional sees both figures."),
    )


@bp.route("/expenses/<int:expense_id>/correct", methods=["GET", "POST"])
@allow("group")
def correct_expense(expense_id: int) -> Page:
    line = expenses.to_correct(session, actor=actor(), today=today(), expense_id=expense_id)
    return _correct(
        "group/expense-correct.html",
        line,
        line.expense.project_id,
        AmountForm(data={"yen": line.expense.yen}),
        partial(expenses.correct, expense_id=expense_id),
        _("The corrected amount is confirmed. The professional sees both amounts."),
    )


def _correct(
    template: str,
    line: hours.Line | expenses.Line,
    project_id: str,
    form: BaseForm,
    correct: Callable[..., Any],
    said: str,
) -> Page:
    """A form for other figures than were noted; what it holds is confirmed at once."""
    project, group = project_access.for_group(session, actor=actor(), project_id=project_id)
    if note := ask_first(group.id):
        return note
    if form.validate_on_submit():
        try:
            correct(
                session, actor=actor(), now=now(), today=today(), data=form.data,
                on_behalf=note_for(group.id),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(said, "success")
            return redirect(url_for(".project_hours", project_id=project.id), 303)
    page = render_template(template, form=form, line=line, project=project, group=group)
    return page, 422 if form.errors else 200
