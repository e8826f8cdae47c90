"""A certificate of participation on paper: to be shown, and checked by its code."""

from __future__ import annotations

import io

import segno
from flask import url_for
from flask_babel import gettext as _

from matchmaker.models import Certificate
from web.formats import date_range, minutes, plain_date
from web.pdf import Paper, facts, heading, picture, text


def rows(certificate: Certificate) -> list[tuple[str, str]]:
    """What a certificate says, on paper and on the page that checks it."""
    said = [
        (_("Name"), certificate.name),
        (_("Project"), certificate.project),
        (_("Group"), certificate.group_name),
        (_("Role"), certificate.role),
        (_("From and until"), date_range(certificate.joined_on, certificate.ended_on)),
        (_("Hours the group confirmed"), _hours(certificate)),
        (_("Issued on"), plain_date(certificate.issued_on)),
        (_("Code"), certificate.id),
    ]
    return [(label, value) for label, value in said if value]


def _hours(certificate: Certificate) -> str:
    own, company = certificate.own_minutes, certificate.company_minutes
    if own and company:
        return _(
            "%(total)s (of these %(company)s in company time)",
            total=minutes(own + company), company=minutes(company),
        )  # fmt: skip
    return minutes(own + company) if own + company else ""


def certificate_paper(certificate: Certificate, site: str) -> Paper:
    """The certificate as a page, in the reader's language."""
    title = _("Certificate of pro bono participation")
    address = url_for("public.certificate", code=certificate.id, _external=True)
    return Paper(
        title,
        [
            heading(title, 1),
            text(
                _(
                    "This certifies that %(name)s gave professional skills, without pay, to the "
                    "civic group named below, arranged by %(site)s.",
                    name=certificate.name, site=site,
                ),
                "lead",
            ),
            facts(rows(certificate)),
            text(site, "right"),
            picture(_code(address), _("A code that leads to the page which checks this paper"), 26),
            text(_("To check it: %(address)s", address=address), "small"),
        ],
        certificate.issued_on,
    )  # fmt: skip


def _code(address: str) -> str:
    target = io.BytesIO()
    segno.make(address, error="m").save(target, kind="svg", scale=4, border=0)
    return target.getvalue().decode()
