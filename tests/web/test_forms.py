"""Errors stand beside the fields they are about, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel, Field, ValidationError
from werkzeug.datastructures import MultiDict

from matchmaker.errors import FieldError, Invalid
from matchmaker.text import text_fault
from web.field_errors import FIELD_SENTENCES, SYNONYMS, field_sentence
from web.forms import (
    BaseForm,
    CheckboxesField,
    DateField,
    IntegerField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)


class SampleForm(BaseForm):
    name = StringField("Name", [Required()])
    hours = IntegerField("Hours")
    starts_on = DateField("Starts")
    size = RadioField("Size", choices=[("s", "Small"), ("l", "Large")])
    days = CheckboxesField("Days", choices=[("mon", "Monday"), ("tue", "Tuesday")])


def sample(app: Flask, language: str = "en", **values: Any) -> SampleForm:
    """The form as sent; valid unless a value says otherwise."""
    sent = {"name": "Aki", "hours": "2", "starts_on": "2026-11-30", "size": "s", "days": ["mon"]}
    with app.test_request_context(f"/?lang={language}", method="POST"):
        form = SampleForm(formdata=MultiDict({**sent, **values}), meta={"csrf": False})
        form.validate()
        form.summary = form.error_list()
        return form


def test_what_is_right_is_accepted(app: Flask) -> None:
    form = sample(app)
    assert not form.errors
    assert form.hours.data == 2


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("name", "   ", "Please fill this in."),
        ("hours", "many", "Please enter a whole number."),
        ("hours", "2.5", "Please enter a whole number."),
        ("starts_on", "tomorrow", "Please enter a date, such as 2026-11-30."),
        ("starts_on", "2026-02-30", "Please enter a date, such as 2026-11-30."),
        ("size", "xl", "Please choose from the list."),
        ("size", [], "Please choose one."),
        ("days", ["mon", "sun"], "Please choose from the list."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    app: Flask, name: str, value: Any, sentence: str
) -> None:
    form = sample(app, **{name: value})
    assert form.errors == {name: [sentence]}


def test_the_summary_names_the_entry_and_leads_to_something_that_takes_the_focus(
    app: Flask,
) -> None:
    form = sample(app, name="", size="xl", days=["sun"])
    assert form.summary == [
        ("name", "Name: Please fill this in."),
        ("size-0", "Size: Please choose from the list."),
        ("days-0", "Days: Please choose from the list."),
    ]


def test_errors_speak_japanese_to_japanese_readers(app: Flask) -> None:
    assert sample(app, "ja", name="").errors == {"name": ["入力してください。"]}


def test_a_services_refusal_goes_to_its_field_and_the_rest_to_the_summary(app: Flask) -> None:
    form = sample(app)
    refused = Invalid(
        [
            FieldError("name", "too_long", {"max": 80}),
            FieldError("weekly", "out_of_range", {"min": 0, "max": 60}),
            FieldError("elsewhere", "emoji"),
        ]
    )
    with app.test_request_context("/?lang=en"):
        apply_errors(form, refused, names={"weekly": "hours"})
        assert form.name.errors == ["Please shorten this to 80 characters."]
        assert form.hours.errors == ["Please enter a number from 0 to 60."]
        assert ("", "Emoji cannot be printed. Please leave them out.") in form.error_list()


def test_what_pydantic_refuses_is_said_in_the_same_words(app: Flask) -> None:
    class Command(BaseModel):
        name: str = Field(max_length=3)
        hours: int = Field(ge=1)

    form = sample(app)
    with pytest.raises(ValidationError) as caught:
        Command.model_validate({"name": "Akiko", "hours": 0})
    with app.test_request_context("/?lang=en"):
        apply_errors(form, caught.value)
        assert form.name.errors == ["Please shorten this to 3 characters."]
        assert form.hours.errors == ["Please enter 1 or more."]


def test_every_fault_of_a_text_has_its_own_sentence() -> None:
    bad = ["a\x00", "a\nb", "ｱ", "אב", "a\u200b", "😀", "\ue000"]
    codes = {text_fault(text) for text in bad}
    assert len(codes) == len(bad)
    assert codes <= set(FIELD_SENTENCES)
    assert set(SYNONYMS.values()) <= set(FIELD_SENTENCES)


def test_an_unknown_code_still_says_something(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert field_sentence("brand_new") == "This entry cannot be accepted."
        assert field_sentence("too_long") == "This entry cannot be accepted."
