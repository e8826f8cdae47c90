"""Reasons as readable English."""

from __future__ import annotations

from matchmaker.engine.reasons import CATALOGUE, Reason

_SENTENCES = {
    "allow_remote": "let {need} be done partly remotely",
    "allow_onsite": "let {need} be done partly on site",
    "add_slot": "{need} also meets in the weekly slot {slot}",
    "move_dates": "widen the dates of {need} by {days} days, to {starts} until {ends}",
    "ask_fewer_hours": "{role} asks {hours} h a week less, that is {asks} h",
    "drop_language": "{need} does without the language {language}",
    "lower_level": "{role} accepts level {level} of {skill}",
    "make_preferred": "{role} prefers {skill} instead of requiring it",
    "make_optional": "{role} may stay empty",
    "one_seat_less": "{role} has one seat less, that is {seats}",
    "recruit": "recruit {people} more for {role}, with {skills}",
    "raise_limit": "allow {limit} new projects",
    "lower_floor": "accept pairs down to the score {floor}",
    "add_role": "describe a role of {need}",
}
_REACH = {
    "remote_only": "the person works remotely only, and the need is on site",
    "onsite_only": "the need is remote, and the person works on site only",
    "distance": "{km} km away, and the person named {reach} km",
}
_OPEN_END = "any day"


def told(reason: Reason) -> str:
    """A reason in words: a sentence where there is one, else its meaning and its parameters."""
    params = reason.params
    if reason.code == "out_of_reach":
        return _REACH[params["why"]].format_map(params)
    if sentence := _SENTENCES.get(reason.code):
        return sentence.format_map({name: _value(name, text) for name, text in params.items()})
    shown = ", ".join(f"{name} {value}" for name, value in params.items())
    meaning = CATALOGUE[reason.code].meaning
    return f"{meaning} ({shown})" if shown else meaning


def _value(name: str, text: str) -> str:
    if name == "skills":
        return _skills(text)
    return _OPEN_END if text == "-" else text


def _skills(text: str) -> str:
    """``sign-language.3+law.2`` as words."""
    named = (each.rpartition(".") for each in text.split("+") if each)
    return ", ".join(f"{code} level {level}" for code, _, level in named) or "any skills"
