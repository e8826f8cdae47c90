"""Our own fields: choices as plain pairs, lists of checkboxes, readings, and "must be entered"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField as PlainBooleanField
from wtforms import Field, StringField, validators, widgets
from wtforms import RadioField as PlainRadioField
from wtforms import SelectField as PlainSelectField
from wtforms import SelectMultipleField as PlainSelectMultipleField
from wtforms.fields.choices import SelectChoice

from web.field_errors import field_sentence


class Required(validators.DataRequired):
    """Something must be entered; shown in the label, said beside the field."""

    def __init__(self, code: str = "missing") -> None:
        super().__init__()
        self.code = code
        self.field_flags = {"required_entry": True}  # not HTML's: our page says what is missing

    def __call__(self, form: Any, field: Field) -> None:
        data = field.data
        empty = data is None or data is False or (hasattr(data, "__len__") and not len(data))
        if empty or (isinstance(data, str) and not data.strip()):
            raise validators.StopValidation(field_sentence(self.code))


def options(words: Mapping[str, Any]) -> list[SelectChoice]:
    """The choices of a field: value → word."""
    return [SelectChoice(value, text) for value, text in words.items()]


def as_choices(given: Any) -> Any:
    """Choices as WTForms wants them, from pairs (value, word) or groups {heading: pairs}."""
    if given is None or callable(given):
        return given
    if isinstance(given, Mapping):
        return [
            SelectChoice(value, text, optgroup=str(heading))
            for heading, pairs in given.items()
            for value, text in pairs
        ]
    return [_as_choice(choice) for choice in given]


def _as_choice(given: Any) -> SelectChoice:
    if isinstance(given, SelectChoice):
        return given
    value, text, *more = (given, given) if isinstance(given, str) else given
    return SelectChoice(value, text, render_kw=dict(more[0]) if more else {})


class Pairs:
    """Lets a field of choices take pairs, at its making and later."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        if "choices" in more:
            more["choices"] = as_choices(more["choices"])
        super().__init__(label, validators, **more)  # type: ignore[call-arg]

    @property
    def choices(self) -> Any:
        """What can be chosen."""
        return PlainSelectField.choices.fget(self)  # type: ignore[attr-defined]

    @choices.setter
    def choices(self, given: Iterable[Any] | None) -> None:
        PlainSelectField.choices.fset(self, as_choices(given))  # type: ignore[attr-defined]


class One:
    """What was not sent was not chosen: what is stored does not step in for it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent."""
        self.data: Any = None
        super().process_formdata(valuelist)  # type: ignore[misc]


class SelectField(One, Pairs, PlainSelectField):
    """One of a list that folds open."""


class RadioField(One, Pairs, PlainRadioField):
    """One of a list that is seen as a whole."""


class SelectMultipleField(Pairs, PlainSelectMultipleField):
    """Several of a list; prefer ``CheckboxesField``."""


class CheckboxesField(SelectMultipleField):
    """Several of a list, each a checkbox: no list to hold a key for."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class KanaField(StringField):
    """The reading of a name; ``ふりがな`` in Japanese forms."""


class BooleanField(PlainBooleanField):
    """One box to tick. Only what a browser sends for it counts as a tick."""

    TICKS = ("y", "yes", "on", "true", "1")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; anything but a tick is refused."""
        super().process_formdata(valuelist)
        if self.data and valuelist[0] not in self.TICKS:
            self.data = False
            raise ValueError("not_in_list")

    def _value(self) -> str:
        return "y"
