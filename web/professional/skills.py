"""The skill picker: search or describe, tick, say how well. Works as a form that goes round."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import redirect, request, url_for

from matchmaker.errors import FieldError, Invalid
from matchmaker.services import profiles, skill_search, taxonomy
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session
from web.forms import apply_errors, drop_unprintable
from web.page import Page
from web.professional import bp
from web.professional.forms import SkillsForm
from web.professional.profile import after, mine, settled, show

_LEVEL = re.compile(r"level-([\w.\-]{1,64})")
TAKEN_OUT = "0"


@bp.route("/profile/skills", methods=["GET", "POST"])
@allow("professional")
def skills() -> Page:
    person = mine()
    if person is None:
        return redirect(url_for(".profile", step="who"), 303)
    form = SkillsForm(version=str(person.version))
    if not form.is_submitted():
        return _show(form, person, _text_levels(profiles.skills_of(session, person.id)))
    levels = _sent_levels()
    if request.form.get("act") != "save" or not form.validate():
        return _show(form, person, levels), 422 if form.errors else 200
    try:
        _refuse_unknown()
        _refuse_open_levels(levels)
        profiles.save_skills(
            session,
            actor=actor(),
            now=now(),
            command=validated(profiles.Skills, {"levels": levels, "version": form.version.data}),
            professional_id=person.id,
        )
    except Invalid as refused:
        apply_errors(form, refused)
        return _show(form, person, levels), 422
    return redirect(after("skills", settled=settled(person)), 303)


def _refuse_unknown() -> None:
    """Only skills of the list can be added."""
    known = taxonomy.choosable(session)
    if any(code not in known for code in request.form.getlist("add")):
        raise Invalid([FieldError("levels", "not_in_list")])


def _refuse_open_levels(levels: dict[str, str]) -> None:
    """Every chosen skill needs its level."""
    if not all(levels.values()):
        raise Invalid([FieldError("levels", "level_missing")])


def _text_levels(levels: dict[str, int]) -> dict[str, str]:
    return {code: str(level) for code, level in levels.items()}


def _sent_levels() -> dict[str, str]:
    """Skill → level as text; "" where it was ticked and its level is still to be chosen."""
    found: dict[str, str] = {}
    for name, value in request.form.items():
        match = _LEVEL.fullmatch(name)
        if match and value != TAKEN_OUT:
            found[match[1]] = value
    known = taxonomy.choosable(session)
    for code in request.form.getlist("chosen"):
        if code in known and request.form.get(f"level-{code}") != TAKEN_OUT:
            found.setdefault(code, "")
    for code in request.form.getlist("add"):
        if code in known:
            found.setdefault(code, "")
    return found


def _show(form: SkillsForm, person: Any, levels: dict[str, str]) -> str:
    known = taxonomy.skills(session)
    drop_unprintable(form)
    text = str(form.text.data or "")
    answers = skill_search.suggest(_choosable(known.values()), text)
    return show(
        "skills",
        form,
        person,
        chosen=[(known[code], level) for code, level in levels.items() if code in known],
        searched=bool(text.strip()),
        found=[each.skill for each in answers if each.skill.code not in levels],
        families=taxonomy.families(session),
        levels=levels,
        refused=bool(form.errors),
    )


def _choosable(skills: Iterable[Any]) -> list[Any]:
    choosable = taxonomy.choosable(session)
    return [skill for skill in skills if skill.code in choosable]
