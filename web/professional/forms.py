"""Forms of the professional pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.models import Company
from matchmaker.services import taxonomy
from matchmaker.services.commands import LANGUAGES, SLOTS
from matchmaker.services.employers import NEW
from web.db import session
from web.formats import label, slot
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
    TelField,
    TextAreaField,
    validators,
)
from web.labels import choices
from web.need_words import language_name


class VersionedForm(BaseForm):
    """A form about a profile that may be changed in another window meanwhile."""

    version = HiddenField()


class WhoForm(VersionedForm):
    name = StringField(_l("Your name"), [Required()])
    kana = KanaField(_l("Reading of your name"), [Required()])
    relation = RadioField(_l("How are you connected with the city?"), [Required("not_chosen")])
    district = SelectField(_l("District you live or work in"))
    phone = TelField(_l("Telephone"))
    employer = StringField(_l("Where you work"))
    company_id = RadioField(_l("Which one is it?"), validate_choice=False)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        blank = [("", _("I would rather not say"))]
        rows = [(row.code, label(row)) for row in taxonomy.districts(session)]
        self["relation"].choices = choices("relation")
        self["district"].choices = blank + rows
        self["company_id"].choices = []

    def offer(self, companies: list[Company]) -> None:
        """Ask which of these known companies is meant."""
        new = _("None of these. Please enter it as a new one.")
        self["company_id"].choices = [(row.id, row.name) for row in companies] + [(NEW, new)]


class WhenForm(VersionedForm):
    hours_per_week = StringField(_l("Hours a week you can give"), [Required()])
    capacity = SelectField(_l("How many projects at a time?"))
    available_from = DateField(_l("Free from"), [validators.Optional()])
    available_until = DateField(_l("Free until"), [validators.Optional()])
    slots = CheckboxesField(_l("Times of the week when you can usually meet"))
    modes = CheckboxesField(_l("Where can you work?"), [Required("none_chosen")])
    reach_km = StringField(_l("How far can you come?"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["capacity"].choices = [(str(number), str(number)) for number in range(1, 10)]
        self["slots"].choices = [(code, slot(code)) for code in SLOTS]
        self["modes"].choices = [
            ("remote", _("Online")),
            ("onsite", _("In person, in the city")),
        ]


class InterestsForm(VersionedForm):
    fields = CheckboxesField(_l("Which fields are close to your heart?"))
    any_project = BooleanField(_l("Any project is fine"))
    languages = CheckboxesField(_l("Languages you can work in"))
    about = TextAreaField(_l("In your own words"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["fields"].choices = [(row.code, label(row)) for row in taxonomy.fields(session)]
        self["languages"].choices = [(code, language_name(code)) for code in LANGUAGES]


class SkillsForm(VersionedForm):
    text = TextAreaField(_l("What do you do at work?"))


class EntryForm(WhoForm, WhenForm, InterestsForm):
    """A whole profile on one page, in the order of the paper form; nothing but the name must be
    known. Rows of skills are added to it by ``entry_form``."""

    email = EmailField(_l("E-mail address"))
    hours_per_week = StringField(_l("Hours a week you can give"))
    modes = CheckboxesField(_l("Where can you work?"))
    said_by = StringField(_l("Who said so?"), [Required()])
    channel = RadioField(_l("How?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["channel"].choices = choices("channel")
        for number in self.rows:
            self[f"level{number}"].choices = [("", _("Level")), *choices("level")]

    rows: range = range(0)


def entry_form(rows: int) -> type[EntryForm]:
    """The form with so many rows for skills."""
    fields = {
        f"{name}{number}": kind(label)
        for number in range(1, rows + 1)
        for name, kind, label in (
            ("skill", StringField, _l("Skill")),
            ("level", SelectField, _l("Level")),
        )
    }
    return type("EntryForm", (EntryForm,), {**fields, "rows": range(1, rows + 1)})


class PauseForm(VersionedForm):
    until = DateField(_l("Not available until"), [validators.Optional()])
