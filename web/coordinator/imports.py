"""Import and export of the market folder: upload, see what would change, take over; download."""

from __future__ import annotations

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from matchmaker.errors import Invalid
from matchmaker.models import ImportState
from matchmaker.services import exports
from matchmaker.services import imports as service
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.downloads import MOST_LISTED, XLSX
from web.forms import BaseForm, ConfirmForm, apply_errors
from web.import_words import batch_name, cell_sentence, warning_sentence
from web.page import Page

KINDS = {"zip": "application/zip", "xlsx": XLSX}
ENCODINGS = (exports.UTF8, "cp932")
WORKING = (ImportState.CHECKING, ImportState.APPLYING)
RELOAD_SECONDS = 2


class UploadForm(BaseForm):
    files = MultipleFileField(_l("Files"))


@bp.route("/imports", methods=["GET", "POST"])
@allow("coordinator")
def imports() -> Page:
    form = UploadForm()
    if form.validate_on_submit():
        sent = [(file.filename or "", file.read()) for file in request.files.getlist("files")]
        try:
            batch = service.upload(session, actor=actor(), now=now(), files=sent)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return redirect(url_for(".import_batch", batch_id=batch.id), 303)
    lines = service.listed(session, actor=actor())
    page = render_template("coordinator/imports.html", form=form, lines=lines, name=batch_name)
    return page, 422 if form.errors else 200


@bp.get("/imports/<string:batch_id>")
@allow("coordinator")
def import_batch(batch_id: str) -> Page:
    batch = service.find(session, actor=actor(), batch_id=batch_id)
    page = render_template(
        "coordinator/import.html",
        batch=batch,
        name=batch_name(batch.filename, batch.created_at),
        working=batch.state in WORKING,
        counts={} if batch.state == ImportState.REFUSED else batch.counts,
        total=batch.counts.get("errors", {}).get("all", len(batch.errors)),
        errors=[(error, cell_sentence(error)) for error in batch.errors],
        warnings=[warning_sentence(warning) for warning in batch.warnings],
        nothing=not any(each.get("new") or each.get("changed") for each in batch.counts.values()),
    )
    response = make_response(page)
    if batch.state in WORKING:
        response.headers["Refresh"] = str(RELOAD_SECONDS)
    return response


@bp.route("/imports/<string:batch_id>/apply", methods=["GET", "POST"])
@allow("coordinator")
def import_apply(batch_id: str) -> Page:
    batch = service.find(session, actor=actor(), batch_id=batch_id)
    form = ConfirmForm(version=str(batch.version))
    if form.validate_on_submit():
        service.apply(session, actor=actor(), now=now(), batch_id=batch_id, version=_version(form))
        return redirect(url_for(".import_batch", batch_id=batch_id), 303)
    if batch.state != ImportState.PREVIEW:
        return redirect(url_for(".import_batch", batch_id=batch_id), 303)
    new, changed = (
        sum(each[kind] for each in batch.counts.values()) for kind in ("new", "changed")
    )
    return render_template(
        "coordinator/import-apply.html", form=form, batch=batch, new=new, changed=changed
    )


@bp.post("/imports/<string:batch_id>/drop")
@allow("coordinator")
def import_drop(batch_id: str) -> Page:
    service.drop(
        session, actor=actor(), now=now(), batch_id=batch_id, version=_version(ConfirmForm())
    )
    flash(_("The import was thrown away. Nothing was changed by it."), "success")
    return redirect(url_for(".imports"), 303)


@bp.get("/imports/template.<string:kind>")
@allow("coordinator")
def import_template(kind: str) -> Response:
    if kind not in KINDS:
        abort(404)
    return _file(exports.template(kind), f"market-template.{kind}", kind)


@bp.post("/export/<string:kind>")
@allow("coordinator")
def export(kind: str) -> Response:
    if kind not in KINDS:
        abort(404)
    encoding = request.form.get("encoding", exports.UTF8)
    if encoding not in ENCODINGS:
        abort(400)
    try:
        content = exports.export_market(
            session,
            actor=actor(),
            now=now(),
            kind=kind,
            encoding=encoding,
        )
    except exports.FolderError as refused:
        page = render_template(
            "coordinator/export-unwritable.html",
            found=refused.errors[:MOST_LISTED],
            total=len(refused.errors),
        )
        return make_response(page, 422)
    return _file(content, f"market-{today().isoformat()}.{kind}", kind)


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, mimetype=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _version(form: ConfirmForm) -> int:
    given = str(form.version.data or "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
