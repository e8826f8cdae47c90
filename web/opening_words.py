"""What would open a seat, said to the person who waits: the change alone, without any need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from matchmaker.engine.reasons import parse_reasons
from matchmaker.models import Skill
from web.formats import label, plain_date, slots
from web.reasons import LEVELS

SAID: Mapping[str, Any] = {
    "offer_slot": _l("being free on %(slot)s as well"),
    "join_online": _l("taking part online as well"),
    "join_in_person": _l("coming in person as well"),
    "any_would_do": _l("saying that any project is fine"),
    "offer_hours": _l("%(hours)s h a week more, that is %(offers)s h"),
    "available_from": _l("being available from %(from)s on"),
    "available_until": _l("being available until %(until)s"),
    "go_farther": _l("coming as far as %(km)s km"),
    "more_projects": _l("room for one more project"),
    "learn_skill": _l("%(skill)s at “%(level)s”"),
}


def init_opening_words(app: Flask) -> None:
    """The template global ``opening_said``."""
    app.jinja_env.globals["opening_said"] = opening_said


def opening_said(opening: str, skills: Mapping[str, Sequence[str]]) -> str:
    """One change in a message; ``skills``: code → its label in Japanese and English."""
    told = parse_reasons(opening)[0]
    values: dict[str, Any] = dict(told.params)
    for name in ("from", "until"):
        if name in values:
            values[name] = plain_date(date.fromisoformat(values[name]))
    if "slot" in values:
        values["slot"] = slots([values["slot"]])
    if "level" in values:
        values["level"] = LEVELS[values["level"]]
    if "skill" in values:
        ja, en = skills.get(values["skill"], (values["skill"],) * 2)
        values["skill"] = label(Skill(code=values["skill"], label_ja=ja, label_en=en))
    return str(SAID[told.code]) % values
