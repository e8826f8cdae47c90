"""A professional's whole profile on one page, in the order of the paper form: entered by a
coordinator from paper or the telephone, taken over by the person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.errors import FieldError, Invalid
from matchmaker.models import Professional, Skill
from matchmaker.services import (
    employers,
    person_entry,
    profile_pages,
    profiles,
    skill_search,
    taxonomy,
)
from matchmaker.text import search_key
from web import on_behalf
from web.access import actor, allow
from web.db import now, session, today
from web.formats import label, listing
from web.forms import ConfirmForm, apply_errors
from web.page import Page
from web.professional import bp
from web.professional.forms import EntryForm, entry_form
from web.professional.profile import stored

ROWS = 6


@bp.route("/entry", methods=["GET", "POST"])
@allow("coordinator")
def new_entry() -> Page:
    return _entry(None)


@bp.route("/entry/<string:professional_id>", methods=["GET", "POST"])
@allow("coordinator")
def change_entry(professional_id: str) -> Page:
    return _entry(profiles.find(session, actor=actor(), professional_id=professional_id))


@bp.post("/take-over/<string:professional_id>")
@allow("professional")
def take_over(professional_id: str) -> Response:
    person_entry.take_over(
        session, actor=actor(), now=now(), professional_id=professional_id,
        version=ConfirmForm().seen(),
    )  # fmt: skip
    flash(_("The profile is yours now. Please look whether everything is right."), "success")
    return redirect(url_for(".profile_check"), 303)


def _entry(person: Professional | None) -> Page:
    known = profiles.skills_of(session, person.id) if person else {}
    form = entry_form(max(ROWS, len(known) + 3))(data=_known(person, known))
    if form.validate_on_submit():
        try:
            saved = _save(form, person)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return _done(saved)
    if form.company_id.errors or form.company_id.data:  # only who is asked has to choose
        form.offer(list(employers.alike(session, str(form.employer.data or ""))))
    page = render_template(
        "professional/entry.html", form=form, person=person,
        skills=[label(skill) for skill in _choosable()],
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _save(form: EntryForm, person: Professional | None) -> Professional:
    data = {**form.data, "levels": _levels(form), "said_on": str(form.said_on.data or "")}
    data |= {name: data[name].isoformat() for name in ("available_from", "available_until")
             if data.get(name)}  # fmt: skip
    return person_entry.enter(
        session,
        actor=actor(),
        now=now(),
        said=data,
        data=data,
        professional_id=person.id if person else None,
    )


def _done(person: Professional) -> Response:
    """On to the check of what is complete; what is not can be gone on with later."""
    if person.state == "submitted":
        flash(_("It is entered and complete. Please check it like any other profile."), "success")
    elif person.state == "draft":
        flash(_("It is entered, but not complete yet. You can go on when you know more."), "info")
    else:
        flash(_("The change was stored."), "success")
    return redirect(url_for("coordinator.person", professional_id=person.id), 303)


def _known(person: Professional | None, levels: dict[str, int]) -> dict[str, Any]:
    kept = on_behalf.current()
    said = kept.model_dump() if kept else {"said_on": today()}
    if person is None:
        return {**said, "capacity": "1", "version": 1}
    found = {**said, "email": person.email}
    for step in ("who", "when", "interests"):
        found |= stored(person, step)
    page = profile_pages.profile(session, actor=actor(), professional_id=person.id)
    for number, (skill, level) in enumerate(page.skills, start=1):
        found |= {f"skill{number}": label(skill), f"level{number}": str(level)}
    return found


def _levels(form: EntryForm) -> dict[str, Any]:
    """Skill code → level of the rows that were filled in. Refused: a word that names no skill (with
    those that are near), a skill without its level, one that stands twice."""
    found: dict[str, Any] = {}
    errors = []
    for number in form.rows:
        word, level = form[f"skill{number}"].data or "", form[f"level{number}"].data or ""
        if not word.strip():
            continue
        skill, near = _skill(word)
        if skill is None:
            code = "which_skill" if near else "not_in_list"
            errors.append(FieldError(f"skill{number}", code, {"near": listing(near)}))
        elif skill.code in found:
            errors.append(FieldError(f"skill{number}", "duplicate"))
        elif not level:
            errors.append(FieldError(f"level{number}", "not_chosen"))
        else:
            found[skill.code] = level
    if errors:
        raise Invalid(errors)
    return found


def _choosable() -> list[Skill]:
    return [skill for family in taxonomy.families(session) for skill in family.skills]


def _skill(word: str) -> tuple[Skill | None, list[str]]:
    choosable = _choosable()
    asked = search_key(word)
    for skill in choosable:
        if asked in {search_key(name) for name in (skill.label_ja, skill.label_en, skill.kana)}:
            return skill, []
    return None, [label(each.skill) for each in skill_search.suggest(choosable, word, most=3)]
