"""The group's start pages: all my groups, one group with its needs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.services import group_pages, members
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm
from web.group import bp
from web.page import Page


@bp.get("/")
@allow("group")
def home() -> Page:
    return render_template(
        "group/home.html",
        groups=group_pages.mine(session, actor=actor(), on=today()),
        asked=members.invitations_for(session, actor=actor(), now=now()),
    )


@bp.get("/<string:group_id>")
@allow("group")
def overview(group_id: str) -> Page:
    page = group_pages.overview(session, actor=actor(), group_id=group_id, on=today())
    return render_template("group/overview.html", page=page, group=page.group, today=today())


@bp.get("/invitations/<string:invitation_id>")
@allow("group")
def invitation(invitation_id: str) -> Page:
    asked = members.invitations_for(session, actor=actor(), now=now())
    found = next((entry for entry in asked if entry.id == invitation_id), None)
    return render_template("group/invitation.html", asked=found, form=ConfirmForm()), (
        200 if found else 404
    )


@bp.post("/invitations/<string:invitation_id>/<any(accept, decline):reply>")
@allow("group")
def answer_invitation(invitation_id: str, reply: str) -> Page:
    accept = reply == "accept"
    group_id = members.answer(
        session, actor=actor(), now=now(), invitation_id=invitation_id, accept=accept
    )
    if not accept:
        flash(_("You declined the invitation."), "success")
        return redirect(url_for("group.home"), 303)
    flash(_("You now act for this group."), "success")
    return redirect(url_for("group.overview", group_id=group_id), 303)
