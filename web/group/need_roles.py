"""The roles of a need, one page each."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import check_details, need_entries, need_roles, taxonomy
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.group import bp
from web.group.forms import RoleForm
from web.group.proxy import ask_first, note_for
from web.page import Page

NEW = "new"


@bp.route("/needs/<string:need_id>/roles/<string:role_id>", methods=["GET", "POST"])
@allow("group")
def need_role(need_id: str, role_id: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    view = next((view for view in page.roles if view.role.id == role_id), None)
    if view is None and role_id != NEW:
        abort(404)
    form = RoleForm(data=_stored(page, view))
    if not form.is_submitted():
        return ask_first(page.group.id) or _show(form, page, view)
    if form.validate():
        try:
            need_roles.save_role(
                session,
                actor=actor(),
                now=now(),
                need_id=need_id,
                role_id=None if role_id == NEW else role_id,
                command=validated(need_entries.RoleEntry, form.entry()),
                on_behalf=note_for(page.group.id),
            )
        except Invalid as refused:
            apply_errors(form, refused, names=form.places())
        else:
            flash(_("The role was stored."), "success")
            return redirect(url_for("group.need_step", need_id=need_id, step="roles"), 303)
    return _show(form, page, view), 422


@bp.post("/needs/<string:need_id>/roles/<string:role_id>/remove")
@allow("group")
def remove_role(need_id: str, role_id: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    need_roles.remove_role(
        session,
        actor=actor(),
        now=now(),
        need_id=need_id,
        role_id=role_id,
        version=_version(ConfirmForm()),
        on_behalf=note_for(page.group.id),
    )
    flash(_("The role was removed."), "success")
    return redirect(url_for("group.need_step", need_id=need_id, step="roles"), 303)


def _version(form: ConfirmForm) -> int:
    given = str(form.version.data or "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _show(form: RoleForm, page: check_details.NeedDetail, view: Any) -> str:
    return render_template(
        "group/need-role.html",
        form=form,
        need=page.need,
        group=page.group,
        role=view.role if view else None,
        families=taxonomy.families(session),
    )


def _stored(page: check_details.NeedDetail, view: Any) -> dict[str, Any]:
    if view is None:
        return {"seats": "1", "essential": True, "version": page.need.version,
                "hours_per_week": f"{page.need.hours_per_week or 2:g}"}  # fmt: skip
    role = view.role
    weekly = page.need.hours_per_week if role.hours_per_week is None else role.hours_per_week
    stored = {
        "title": role.title,
        "seats": str(role.seats),
        "essential": role.essential,
        "hours_per_week": f"{weekly:g}",
        "version": page.need.version,
    }
    for row, (asked, skill) in enumerate(view.skills):
        stored[f"skills-{row}-skill"] = skill.code
        stored[f"skills-{row}-min_level"] = str(asked.min_level)
        stored[f"skills-{row}-essential"] = asked.essential
    return stored
