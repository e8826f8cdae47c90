"""Employers, and inviting whoever reports for one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Account, Company
from matchmaker.services import (
    company_domains,
    company_list,
    duplicates,
    invitations,
    joining,
    pledges,
    sign_on,
)
from matchmaker.services.commands import validated
from web import menu_words, openid
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import (
    BaseForm,
    BooleanField,
    ConfirmForm,
    EmailField,
    HiddenField,
    RadioField,
    Required,
    StringField,
    TextAreaField,
    apply_errors,
    options,
)
from web.invitation_forms import InvitationForm
from web.page import Page


class OfficerForm(BaseForm):
    name = StringField(_l("Name"), [Required()])
    email = EmailField(_l("E-mail address"), [Required()])
    language = RadioField(
        _l("Language of the mail"),
        choices=options({"ja": _l("Japanese"), "en": _l("English")}),
        default="ja",
    )


class DomainForm(BaseForm):
    domain = StringField(_l("What stands behind the @"), [Required()])


class DeclineForm(BaseForm):
    version = HiddenField()
    reason = TextAreaField(_l("Why not (the company reads it)"), [Required()])


class SignOnForm(BaseForm):
    version = HiddenField()
    issuer = StringField(
        _l("Issuer"), [Required()], description=_l("Such as: https://login.example.co.jp")
    )
    client_id = StringField(_l("Client id"), [Required()])
    secret = StringField(
        _l("Client secret"),
        description=_l("Stored encrypted. Leave it empty to keep the one that is stored."),
        render_kw={"autocomplete": "off"},
    )
    active = BooleanField(_l("In use"))


@bp.get("/companies")
@allow("coordinator")
def companies() -> Page:
    asked, number = request.args.get("q", ""), request.args.get("page", "1")
    page = company_list.page(
        session,
        actor=actor(),
        text=asked,
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
    )
    return render_template("coordinator/companies.html", page=page, text=asked[:100])


@bp.route("/companies/<string:company_id>", methods=["GET", "POST"])
@allow("coordinator")
def company(company_id: str) -> Page:
    body, officers = company_list.one(session, actor=actor(), company_id=company_id)
    form = OfficerForm()
    status = 200
    if form.is_submitted():
        if form.validate() and _invited(form, company_id):
            flash(_("An invitation is on its way."), "success")
            return redirect(url_for("coordinator.company", company_id=company_id), 303)
        status = 422
    return _page(body, officers, officer_form=form), status


def _page(body: Company, officers: Sequence[Account], **forms: BaseForm) -> str:
    """The company with its forms; ``forms``: the one that was sent."""
    links = joining.invitations(session, actor=actor(), company_id=body.id, today=today())
    shown: dict[str, BaseForm] = {
        "officer_form": OfficerForm(formdata=None),
        "domain_form": DomainForm(formdata=None),
        "link_form": InvitationForm(formdata=None),
    }
    return render_template(
        "coordinator/company.html",
        company=body,
        officers=officers,
        alike=duplicates.alike(session, body),
        links=links,
        pledged=pledges.of_company(session, actor=actor(), company_id=body.id),
        forms=menu_words.FORMS,
        domains=company_domains.of_company(session, company_id=body.id),
        can_sign_on=openid.available(),
        sign_on=sign_on.settings_of(session, actor=actor(), company_id=body.id),
        **{**shown, **forms},
        form=next(iter(forms.values())),
    )


@bp.post("/companies/<string:company_id>/invitations")
@allow("coordinator")
def invite_employees(company_id: str) -> Page:
    body, officers = company_list.one(session, actor=actor(), company_id=company_id)
    form = InvitationForm()
    try:
        joining.invite(
            session, actor=actor(), now=now(), today=today(), company_id=company_id, data=form.data
        )
    except Invalid as refused:
        return _page(body, officers, link_form=apply_errors(form, refused)), 422
    flash(_("The link works. Pass it on by the channel you named."), "success")
    return redirect(url_for("coordinator.company", company_id=company_id), 303)


@bp.post("/companies/<string:company_id>/invitations/<string:invitation_id>/revoke")
@allow("coordinator")
def revoke_link(company_id: str, invitation_id: str) -> Page:
    joining.revoke(
        session, actor=actor(), now=now(), company_id=company_id, invitation_id=invitation_id
    )
    flash(_("The link no longer works. Whoever came by it stays."), "success")
    return redirect(url_for("coordinator.company", company_id=company_id), 303)


@bp.post("/companies/<string:company_id>/pledges/<string:pledge_id>/confirm")
@allow("coordinator")
def confirm_pledge(company_id: str, pledge_id: str) -> Page:
    pledges.confirm(
        session, actor=actor(), now=now(), pledge_id=pledge_id, version=ConfirmForm().seen()
    )
    flash(_("Confirmed. The next round that suits it keeps these seats."), "success")
    return redirect(url_for("coordinator.company", company_id=company_id), 303)


@bp.route(
    "/companies/<string:company_id>/pledges/<string:pledge_id>/decline", methods=["GET", "POST"]
)
@allow("coordinator")
def decline_pledge(company_id: str, pledge_id: str) -> Page:
    found = pledges.one(session, actor=actor(), pledge_id=pledge_id)
    form = DeclineForm(data={"version": found.row.version})
    if form.validate_on_submit():
        try:
            pledges.decline(
                session, actor=actor(), now=now(), pledge_id=pledge_id,
                version=ConfirmForm().seen(), reason=form.reason.data or "",
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Declined. The company reads why."), "success")
            return redirect(url_for("coordinator.company", company_id=company_id), 303)
    page = render_template("coordinator/decline-pledge.html", form=form, found=found)
    return (page, 422) if form.errors else page


@bp.post("/companies/<string:company_id>/domains")
@allow("coordinator")
def add_domain(company_id: str) -> Page:
    body, officers = company_list.one(session, actor=actor(), company_id=company_id)
    form = DomainForm()
    try:
        company_domains.add(
            session, actor=actor(), now=now(), company_id=company_id, data=form.data
        )
    except Invalid as refused:
        return _page(body, officers, domain_form=apply_errors(form, refused)), 422
    flash(_("Whoever has proven an address that ends so may say that they work there."), "success")
    return redirect(url_for("coordinator.company", company_id=company_id), 303)


@bp.post("/companies/<string:company_id>/domains/remove")
@allow("coordinator")
def remove_domain(company_id: str) -> Page:
    company_list.one(session, actor=actor(), company_id=company_id)
    company_domains.remove(
        session, actor=actor(), now=now(), company_id=company_id,
        domain=request.form.get("domain", ""),
    )  # fmt: skip
    flash(_("The domain is taken away."), "success")
    return redirect(url_for("coordinator.company", company_id=company_id), 303)


@bp.route("/companies/<string:company_id>/sign-on", methods=["GET", "POST"])
@allow("coordinator")
def company_sign_on(company_id: str) -> Page:
    body, _officers = company_list.one(session, actor=actor(), company_id=company_id)
    known = sign_on.settings_of(session, actor=actor(), company_id=company_id)
    names = ("issuer", "client_id", "active", "version")
    stored = {name: getattr(known, name) for name in names} if known else {"version": 0}
    form = SignOnForm(data=stored)
    if form.validate_on_submit():
        try:
            sign_on.configure(
                session, actor=actor(), now=now(), company_id=company_id, data=form.data,
                keys=openid.keys(),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The company's sign-on is stored."), "success")
            return redirect(url_for("coordinator.company", company_id=company_id), 303)
    page = render_template(
        "coordinator/company-sign-on.html", company=body, form=form, known=known,
        back=url_for("account.sign_on_back", company_id=company_id, _external=True),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _invited(form: OfficerForm, company_id: str) -> bool:
    """Invite, or put what was refused beside its field."""
    given = {
        "role": "company",
        "company_id": company_id,
        "name": form.name.data,
        "email": form.email.data,
        "language": form.language.data,
    }
    try:
        command = validated(invitations.Invite, given)
        invitations.invite(session, actor=actor(), now=now(), command=command)
    except Invalid as refused:
        apply_errors(form, refused)
        return False
    return True
