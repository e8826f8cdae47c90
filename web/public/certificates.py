"""Whether a certificate is genuine, and the certificate itself, for whoever holds its code."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.services import certificates
from web.access import allow
from web.db import session
from web.i18n import language
from web.mail import site_name
from web.papers.certificates import certificate_paper, rows
from web.pdf import download
from web.public import bp


@bp.get("/certificates")
@allow("public")
def check_certificate() -> str | AnyResponse:
    code = request.args.get("code", "").strip().lower()[:64]
    if code:
        return redirect(url_for(".certificate", code=code))
    return render_template("public/check-certificate.html", unknown="")


@bp.get("/certificates/<string:code>")
@allow("public")
def certificate(code: str) -> str | tuple[str, int]:
    found = certificates.find(session, code=code)
    if found is None:
        return render_template("public/check-certificate.html", unknown=code), 404
    return render_template("public/certificate.html", certificate=found, rows=rows(found))


@bp.get("/certificates/<string:code>/certificate.pdf")
@allow("public")
def certificate_pdf(code: str) -> Response:
    found = certificates.check(session, code=code)
    site = site_name(current_app.config["SETTINGS"], language())
    return download(certificate_paper(found, site), f"certificate-{code}")
