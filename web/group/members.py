"""The people who act for a group."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import groups
from matchmaker.services import members as people
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session
from web.forms import apply_errors
from web.group import bp
from web.group.forms import InviteForm
from web.page import Page


@bp.route("/<string:group_id>/members", methods=["GET", "POST"])
@allow("group")
def members(group_id: str) -> Page:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            command = validated(people.Invite, form.data)
            people.invite(session, actor=actor(), now=now(), group_id=group_id, command=command)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The invitation is on its way. It can be answered for 14 days."), "success")
            return redirect(url_for("group.members", group_id=group_id), 303)
    listed = people.members_of(session, actor=actor(), group_id=group_id)
    return render_template(
        "group/members.html",
        form=form,
        group=groups.find(session, actor=actor(), group_id=group_id),
        members=listed,
        contact=actor().coordinator
        or any(member.contact and member.account_id == actor().account_id for member in listed),
        waiting=people.waiting_invitations(session, group_id=group_id),
    ), (422 if form.errors else 200)


@bp.post("/<string:group_id>/members/<string:account_id>/remove")
@allow("group")
def remove_member(group_id: str, account_id: str) -> Page:
    people.remove(session, actor=actor(), now=now(), group_id=group_id, account_id=account_id)
    if account_id == actor().account_id:
        flash(_("You no longer act for this group."), "success")
        return redirect(url_for("group.home"), 303)
    flash(_("The member was removed."), "success")
    return redirect(url_for("group.members", group_id=group_id), 303)


@bp.post("/<string:group_id>/members/<string:account_id>/hand-over")
@allow("group")
def hand_over(group_id: str, account_id: str) -> Page:
    people.hand_over(session, actor=actor(), now=now(), group_id=group_id, account_id=account_id)
    flash(_("The contact role was handed over."), "success")
    return redirect(url_for("group.members", group_id=group_id), 303)


@bp.post("/invitations/<string:invitation_id>/take-back")
@allow("group")
def take_back_invitation(invitation_id: str) -> Page:
    group_id = people.take_back(session, actor=actor(), now=now(), invitation_id=invitation_id)
    flash(_("The invitation was taken back."), "success")
    return redirect(url_for("group.members", group_id=group_id), 303)
