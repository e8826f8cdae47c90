"""The base of every form: sentences for codes, errors from services, fields that suit phones.

Rules live in the services' commands. A form only knows its fields, their words and what a
browser must send; ``apply_errors`` puts a service's refusal beside the fields it concerns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from pydantic import ValidationError
from wtforms import (
    DateField,
    DecimalField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    SearchField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
    validators,
)

from matchmaker.errors import Invalid
from web.field_errors import field_sentence
from web.fields import (
    BooleanField,
    CheckboxesField,
    KanaField,
    RadioField,
    Required,
    SelectField,
    SelectMultipleField,
    options,
)

__all__ = [
    "BaseForm",
    "BooleanField",
    "CheckboxesField",
    "ConfirmForm",
    "DateField",
    "DecimalField",
    "EmailField",
    "FileField",
    "HiddenField",
    "IntegerField",
    "KanaField",
    "PasswordField",
    "RadioField",
    "Required",
    "SearchField",
    "SelectField",
    "SelectMultipleField",
    "StringField",
    "TelField",
    "TextAreaField",
    "URLField",
    "apply_errors",
    "options",
    "validators",
]


def init_forms(app: Flask) -> None:
    """Give the templates what a control needs beside its value."""
    app.jinja_env.globals["control_attributes"] = control_attributes


def control_attributes(field: Field, described: str = "", **given: Any) -> dict[str, Any]:
    """The attributes that tie a control to its hint and error; ``given`` ones where they apply."""
    attributes = {name: value for name, value in given.items() if value is not None}
    if not isinstance(field, TextAreaField):
        attributes.pop("rows", None)
    if described:
        attributes["aria-describedby"] = described
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# What a field answers when the text that was sent is not of its kind.
MALFORMED: tuple[tuple[type[Field], str], ...] = (
    (IntegerField, "not_a_whole_number"),
    (DecimalField, "not_a_number"),
    (DateField, "not_a_date"),
    (SelectField, "not_in_list"),
    (SelectMultipleField, "not_in_list"),
    (BooleanField, "not_in_list"),
)


class BaseForm(FlaskForm):
    """Fields know their own words; errors speak the reader's language."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """As WTForms does, with our sentence wherever the text was not of the field's kind."""
        valid = super().validate(extra_validators)
        for field in self:
            if field.errors and getattr(field, "process_errors", None):
                field.errors = [field_sentence(_malformed(field))]
            elif field.errors and _outside_list(field):
                field.errors = [field_sentence("not_in_list" if field.data else _unchosen(field))]
        if not valid:
            drop_unprintable(self)
        return bool(valid)

    def error_list(self) -> list[tuple[str, str]]:
        """Every error as (id of the element to go to, sentence), in the order of the fields.

        The id is empty for what concerns the form as a whole.
        """
        found = [("", str(text)) for text in self.form_errors]
        for field in leaves(self):
            found += [(target_id(field), _named(field, text)) for text in flat(field.errors)]
        return found


class ConfirmForm(BaseForm):
    """A form that only says yes, about the version of the record that was shown."""

    version = HiddenField()

    def seen(self) -> int:
        """The version that was shown; 0, which never is, for anything else."""
        given = str(self.version.data or "")
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def leaves(container: Any) -> Iterable[Field]:
    """The fields a reader fills in, those within lists and groups of fields included."""
    for field in container:
        if hasattr(field, "entries") and field.entries:
            yield from leaves(field.entries)
        elif hasattr(field, "form"):
            yield from leaves(field.form)
        else:
            yield field


def _named(field: Field, text: str) -> str:
    """An error as the summary says it: which entry, then what to do."""
    entry = str(field.label.text).rstrip("。？?")  # a question ends where the problem begins
    return _("%(entry)s: %(problem)s", entry=entry, problem=text)


def drop_unprintable(form: BaseForm) -> None:
    """Leave out of what is shown again whatever would break the page (NUL and its like)."""
    for field in _all(form):
        if isinstance(field.data, str):
            field.data = CONTROL.sub("", field.data)
        raw = getattr(field, "raw_data", None) or ()
        field.raw_data = [CONTROL.sub("", each) if isinstance(each, str) else each for each in raw]


def flat(errors: Any) -> list[str]:
    """A field's errors as a list; fields within fields (FormField, FieldList) included."""
    if isinstance(errors, Mapping):
        return [text for part in errors.values() for text in flat(part)]
    if isinstance(errors, str) or not isinstance(errors, Iterable):
        return [str(errors)]
    return [text for part in errors for text in flat(part)]


def target_id(field: Field) -> str:
    """The id of the first element a reader can type into."""
    if isinstance(field, RadioField | CheckboxesField):
        return f"{field.id}-0"
    return str(field.id)


def apply_errors(
    form: BaseForm, refused: Invalid | ValidationError, names: Mapping[str, str] | None = None
) -> BaseForm:
    """Put what a service refused beside the fields; answer the page with status 422.

    ``names`` maps a name of the service to the name of the form's field where they differ. What
    no field answers for stands in the summary alone.
    """
    for name, code, params in _errors(refused):
        field = _find(form, (names or {}).get(name, name))
        text = field_sentence(code, params)
        if field is None:
            form.form_errors = [*form.form_errors, text]
        elif text not in field.errors:
            field.errors = [*field.errors, text]
    drop_unprintable(form)
    return form


def _errors(refused: Invalid | ValidationError) -> Iterable[tuple[str, str, dict[str, Any]]]:
    if isinstance(refused, Invalid):
        for error in refused.errors:
            yield error.field, error.code, error.params
        return
    for fault in refused.errors():
        name = ".".join(str(part) for part in fault["loc"])
        yield name, fault["type"], dict(fault.get("ctx", {}))


def _find(form: BaseForm, name: str) -> Field | None:
    """The field of a name; ``roles.0.title`` and ``roles-0-title`` find the same."""
    wanted = name.replace(".", "-")
    candidates = (wanted, wanted.split("-")[0])
    for candidate in candidates:
        found = next((field for field in _all(form) if field.name == candidate), None)
        if found is not None:
            return found
    return None


def _all(container: Any) -> Iterable[Field]:
    for field in container:
        yield field
        if hasattr(field, "entries"):
            yield from _all(field.entries)
        elif hasattr(field, "form"):
            yield from _all(field.form)


def _malformed(field: Field) -> str:
    return next((code for kind, code in MALFORMED if isinstance(field, kind)), "invalid")


def _outside_list(field: Field) -> bool:
    """Whether a field of choices holds what it does not offer (nothing chosen included)."""
    if not isinstance(field, SelectField | RadioField | SelectMultipleField):
        return False
    offered = {str(choice.value) for choice in field.iter_choices()}
    several = isinstance(field, SelectMultipleField)
    chosen = (field.data or ()) if several else (field.data,)
    return any(str(value) not in offered for value in chosen)


def _unchosen(field: Field) -> str:
    """What to say where nothing was chosen: the field's own code, if it asks for something."""
    codes = [rule.code for rule in field.validators if isinstance(rule, Required)]
    return codes[0] if codes and codes[0] != "missing" else "not_chosen"
