"""Forms of the group pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.services import taxonomy
from matchmaker.services.commands import SLOTS
from matchmaker.services.groups import ELIGIBILITY
from matchmaker.services.need_roles import MOST_SKILLS
from matchmaker.services.readiness import QUESTIONS, TESTS
from matchmaker.taxonomy.goals import goals
from web.db import session
from web.formats import AT_ONCE, label, slot
from web.forms import (
    BaseForm,
    BooleanField,
    CheckboxesField,
    DateField,
    EmailField,
    HiddenField,
    KanaField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    validators,
)
from web.labels import WORDS, choices
from web.need_words import goal_name, language_name

OFTEN_SPOKEN = ("ja", "en", "pt", "vi", "zh", "ko", "tl", "es", "id", "ne")


def district_choices() -> list[tuple[str, str]]:
    """The city's districts, after a blank one."""
    return [("", ""), *((row.code, label(row)) for row in taxonomy.districts(session))]


def field_choices() -> list[tuple[str, str]]:
    """The fields of activity."""
    return [(row.code, label(row)) for row in taxonomy.fields(session)]


class VersionedForm(BaseForm):
    """A form about a record that others may change meanwhile."""

    version = HiddenField()


class WhoForm(VersionedForm):
    name = StringField(_l("Name of the group"), [Required()])
    kana = KanaField(_l("Reading in hiragana"), [Required()])
    kind = RadioField(_l("What kind of group?"), [Required("not_chosen")])
    district = SelectField(_l("District where you are based"), [Required("not_chosen")])
    fields = CheckboxesField(_l("What do you work on?"), [Required("none_chosen")])
    about = TextAreaField(_l("What do you do?"), [Required()])
    website = URLField(_l("Website or social media (if any)"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["kind"].choices = choices("group_kind")
        self["district"].choices = district_choices()
        self["fields"].choices = field_choices()


class EligibilityForm(VersionedForm):
    """One box for each item of the declaration."""


for _item in ELIGIBILITY:
    setattr(EligibilityForm, _item, BooleanField(WORDS["eligibility"][_item]))


class ContactForm(VersionedForm):
    contact_name = StringField(_l("Name of the person we can reach"), [Required()])
    contact_email = EmailField(_l("E-mail address"))
    contact_note = TextAreaField(_l("How and when to reach this person"))
    public = BooleanField(_l("Show the group in the public directory"))


class InviteForm(BaseForm):
    email = EmailField(_l("E-mail address"), [Required()])


class FormForm(VersionedForm):
    form = RadioField(_l("Which form suits the work?"), [Required("not_chosen")])
    hours_per_week = StringField(_l("Hours that one person gives"), [Required()])
    weeks = StringField(_l("Weeks from start to end"), [Required()])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["form"].choices = choices("need_form")

    def validate(self, *given: Any, **more: Any) -> bool:
        """An hour or a day is over in its week; nobody is asked how many there are."""
        if self["form"].data in AT_ONCE:
            self["weeks"].data = "1"
        return super().validate(*given, **more)


class StoryForm(VersionedForm):
    title = StringField(_l("Title"), [Required()])
    summary = TextAreaField(_l("What troubles you now?"), [Required()])
    deliverable = TextAreaField(_l("What will there be at the end?"), [Required()])
    gain = TextAreaField(_l("What does the professional gain?"), [Required()])
    fields = CheckboxesField(_l("Which field does it belong to?"), [Required("none_chosen")])
    goals = CheckboxesField(_l("Which goals (SDGs) does it serve?"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["fields"].choices = field_choices()
        self["goals"].choices = [(str(each.number), goal_name(each)) for each in goals().values()]


class ScheduleForm(VersionedForm):
    starts_on = DateField(_l("First day"), [validators.Optional()])
    ends_on = DateField(_l("Last day"), [validators.Optional()])
    slots = CheckboxesField(_l("Times of the week when you can meet"))
    mode = RadioField(_l("How do you work together?"), [Required("not_chosen")])
    district = SelectField(_l("District where you meet"))
    languages = CheckboxesField(_l("Languages the work needs"))
    urgency = RadioField(_l("How urgent is it?"), [Required("not_chosen")])
    urgency_reason = TextAreaField(_l("Why is it urgent?"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["slots"].choices = [(code, slot(code)) for code in SLOTS]
        self["mode"].choices = choices("mode")
        self["district"].choices = district_choices()
        self["languages"].choices = [(code, language_name(code)) for code in OFTEN_SPOKEN]
        self["urgency"].choices = choices("urgency")


class ReadinessForm(VersionedForm):
    """Yes or no to each question; ``tests`` groups them for the page."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for question in QUESTIONS:
            self[question].choices = [("yes", _l("Yes")), ("no", _l("Not yet"))]

    def tests(self) -> Iterable[tuple[str, list[Any]]]:
        """Each readiness test with the fields of its questions."""
        for test, questions in TESTS.items():
            yield test, [self[question] for question in questions]


for _question in QUESTIONS:
    setattr(
        ReadinessForm,
        _question,
        RadioField(
            WORDS["readiness"][_question],
            [Required("not_chosen")],
        ),
    )


class RoleForm(VersionedForm):
    """One role with rows for skills; a row without a skill is left out."""

    title = StringField(_l("What is this role called?"), [Required()])
    seats = StringField(_l("How many people?"), [Required()])
    essential = BooleanField(_l("The work cannot start without this role"))
    hours_per_week = StringField(_l("Hours a week of one person"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for row in range(MOST_SKILLS):
            self[f"skills-{row}-min_level"].choices = choices("level")

    def rows(self) -> Iterable[dict[str, Any]]:
        """The rows to show: those in use and two more."""
        shown = max(self._filled(), default=-1) + 3
        for row in range(min(MOST_SKILLS, shown)):
            yield {part: self[f"skills-{row}-{part}"] for part in SKILL_PARTS}

    def entry(self) -> dict[str, Any]:
        """What the service takes: only rows with a skill."""
        skills = [
            {part: self[f"skills-{row}-{part}"].data for part in SKILL_PARTS}
            for row in self._filled()
        ]
        return {**self.data, "skills": skills}

    def places(self) -> dict[str, str]:
        """Where what the service says about its rows stands in this form."""
        names = {
            f"skills-{number}-{part}": f"skills-{row}-{part}"
            for number, row in enumerate(self._filled())
            for part in SKILL_PARTS
        }
        return {"skills": "skills-0-skill", **names}

    def _filled(self) -> list[int]:
        return [row for row in range(MOST_SKILLS) if self[f"skills-{row}-skill"].data]


SKILL_PARTS = ("skill", "min_level", "essential")
for _row in range(MOST_SKILLS):
    # Which skills exist is for the service to say; the page draws the list by families.
    setattr(RoleForm, f"skills-{_row}-skill", SelectField(_l("Skill"), validate_choice=False))
    _levels = SelectField(_l("Level"), [validators.Optional()], default="1")
    setattr(RoleForm, f"skills-{_row}-min_level", _levels)
    setattr(RoleForm, f"skills-{_row}-essential", BooleanField(_l("Indispensable")))


class ChangeAnswerForm(BaseForm):
    answer = RadioField(
        _l("May we change it so?"),
        [Required("not_chosen")],
        choices=[
            ("yes", _l("Yes, please change it so")),
            ("no", _l("No, it stays as it is")),
        ],
    )
    note = TextAreaField(
        _l("A word to the coordinators"),
        description=_l("For instance, what else would be possible. You can leave it empty."),
    )


class ReasonForm(VersionedForm):
    reason = TextAreaField(_l("Reason"), [Required()])
