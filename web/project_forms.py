"""What either side of a project fills in: a step with its words, an evaluation."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.models import Side
from matchmaker.services.project_steps import Seen
from web.forms import (
    BaseForm,
    BooleanField,
    CheckboxesField,
    HiddenField,
    RadioField,
    Required,
    TextAreaField,
)
from web.labels import choices


class StepForm(BaseForm):
    version = HiddenField()
    text = TextAreaField("", [Required()])
    handed_over = CheckboxesField(_l("Which of the agreed results are handed over?"))


class EvaluationForm(BaseForm):
    goal = RadioField(_l("How far was the goal reached?"), [Required("not_chosen")])
    used = RadioField(_l("Is the result in use?"), [Required("not_chosen")])
    relation = RadioField(_l("How was the work together?"), [Required("not_chosen")])
    again = RadioField(_l("Would you do it again?"), [Required("not_chosen")])
    learned = TextAreaField(_l("What did you learn?"))
    comment = TextAreaField(_l("Anything you want to tell the others?"))
    quotable = BooleanField(_l("These words may be quoted without my name."))

    def __init__(self, side: Side, **given: Any) -> None:
        super().__init__(**given)
        for name, kind in (("goal", "goal_reached"), ("relation", "work_together")):
            self[name].choices = choices(kind)
        for name in ("used", "again"):
            self[name].choices = choices("yes_no")
        if side == Side.PROFESSIONAL:
            del self["used"]


class MessageForm(BaseForm):
    text = TextAreaField(_l("Your message"), [Required()])


class TermsForm(BaseForm):
    number = HiddenField()
    scope = HiddenField()
    agree = BooleanField(_l("I have read the terms and accept them."), [Required("must_agree")])


def step_form(seen: Seen, step: str) -> StepForm:
    """The form of beginning or delivering, as far as it is written."""
    project = seen.project
    text = project.goal if step == "begin" else project.delivered
    agreed = list(enumerate(seen.agreed_results)) if step == "deliver" else []
    form = StepForm(data={"version": project.version, "text": text})
    if agreed:
        form["handed_over"].choices = [(str(position), title) for position, title in agreed]
    else:
        del form["handed_over"]
    return form


def evaluation_form(seen: Seen) -> EvaluationForm:
    """The side's evaluation as it stands, or an empty one."""
    said = seen.mine
    if said is None:
        return EvaluationForm(seen.side)
    known = {
        "goal": str(said.goal),
        "quotable": said.quotable,
        "relation": str(said.relation or ""),
        "again": _word(said.again),
        "used": _word(said.used),
        "learned": said.learned,
        "comment": said.comment,
    }
    return EvaluationForm(seen.side, data=known)


def _word(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"
