"""Whom to recruit, in words: a profile as one phrase."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from matchmaker.engine.answers.recruit import Profile
from matchmaker.services.reason_names import Names
from web.formats import either, label, listing, slots, weekly
from web.labels import word
from web.need_words import language_name
from web.reasons import LEVELS


def skills(profile: Profile, names: Names) -> str:
    """What such a person brings: "accounting (working) and spreadsheets (expert)"."""
    return listing(
        _("%(skill)s (%(level)s)", skill=label(names.skills.get(code)) or code,
          level=LEVELS[str(level)])
        for code, level in profile.skills
    )  # fmt: skip


def terms(profile: Profile, home: str, times: Sequence[str] = ()) -> list[str]:
    """When, where and how much, and the languages besides ``home``. ``times``: several meeting
    times of which one is enough, instead of the profile's own."""
    times = times or ([profile.slot] if profile.slot else [])
    told = [
        either(slots([each]) for each in times) if times else _("Any time"),
        word(profile.mode, "mode"),
        weekly(float(profile.hours)),
    ]
    foreign = [language_name(code) for code in profile.languages if code != home]
    return [*told, *([_("Speaks %(language)s", language=listing(foreign))] if foreign else [])]
