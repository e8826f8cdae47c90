"""What the people of a project fill in for its case: words, a picture, a release."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.case_sheets import CaseSheet
from web.forms import (
    BaseForm,
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    Required,
    StringField,
    TextAreaField,
)
from web.labels import choices

STORY = ("title", "problem", "work", "result", "group_words", "professional_words")


class StoryForm(BaseForm):
    version = HiddenField()
    title = StringField(_l("Title"), [Required()])
    problem = TextAreaField(_l("What troubled the group"), [Required()])
    work = TextAreaField(_l("What was done"), [Required()])
    result = TextAreaField(_l("What came of it"), [Required()])
    group_words = TextAreaField(_l("What the group says"))
    professional_words = TextAreaField(_l("What the professionals say"))


class PictureForm(BaseForm):
    version = HiddenField()
    picture = FileField(_l("Picture"))
    alt = StringField(_l("What is on the picture"), [Required()])
    people = RadioField(_l("Can anybody be recognised on it?"), [Required("not_chosen")])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["people"].choices = choices("people_shown")


class ReleaseForm(BaseForm):
    edition = HiddenField()
    named = BooleanField("")


class HeardForm(BaseForm):
    edition = HiddenField()
    who = RadioField(_l("Who agreed?"), [Required("not_chosen")])
    named = BooleanField(_l("The name may stand there."))
    said_by = StringField(_l("Who said so?"), [Required()])
    channel = RadioField(_l("How?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])

    def __init__(self, sheet: CaseSheet, **given: Any) -> None:
        super().__init__(**given)
        self["who"].choices = [
            (voice.key, voice.name if voice.member else _("%(name)s (the group)", name=voice.name))
            for voice in sheet.voices
            if voice.release is None
        ]
        self["channel"].choices = choices("channel")


def story_form(sheet: CaseSheet) -> StoryForm:
    """The words as they stand."""
    case = sheet.case
    return StoryForm(data={"version": case.version, **{name: getattr(case, name) for name in STORY}}
                     if case else {})  # fmt: skip


def picture_form(sheet: CaseSheet) -> PictureForm:
    """What is said of the picture there."""
    case, row = sheet.case, sheet.picture
    said = {"alt": row.alt, "people": row.people} if row else {}
    return PictureForm(data={"version": case.version if case else 0, **said})
