"""Files and links of a project, and what of the results is in use."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from typing import Any

from flask import flash, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Deliverable, Side
from matchmaker.services import deliverables, project_files, project_steps
from web.access import actor, allow
from web.db import now, session, today
from web.forms import (
    BaseForm,
    FileField,
    RadioField,
    Required,
    StringField,
    URLField,
    apply_errors,
)
from web.group import bp as group
from web.group.proxy import ask_first, note_for
from web.labels import choices
from web.page import Page
from web.sides import address, both_sides, onward, speaking


class UploadForm(BaseForm):
    file = FileField(_l("File"))


class LinkForm(BaseForm):
    title = StringField(_l("What it is"), [Required()])
    address = URLField(_l("Address"), [Required()])


@both_sides("/files", methods=("GET", "POST"), asks=False)
def files_of_project(side: Side, project_id: str) -> Page:
    form = UploadForm()
    if form.validate_on_submit():
        name, content = _sent()
        try:
            project_files.add_file(
                session, now=now(), name=name, content=content, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The file is kept. Everybody on the project can open it."), "success")
            return onward(side, "files_of_project", project_id)
    return _files_page(side, project_id, form, LinkForm())


@both_sides("/links", methods=("POST",))
def add_link(side: Side, project_id: str) -> Page:
    form = LinkForm()
    if form.validate_on_submit():
        try:
            project_files.add_link(session, now=now(), data=form.data, **speaking(side, project_id))
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The link is kept."), "success")
            return onward(side, "files_of_project", project_id)
    return _files_page(side, project_id, UploadForm(formdata=None), form)


@both_sides("/files/<string:file_id>", asks=False)
def project_file(side: Side, project_id: str, file_id: str) -> Any:
    """The file to be saved; a browser never shows it inside the site."""
    file, content = project_files.read(
        session, actor=actor(), side=side, project_id=project_id, file_id=file_id
    )
    return send_file(
        BytesIO(content), mimetype=file.media_type, as_attachment=True, download_name=file.title
    )


@both_sides("/files/<string:file_id>/remove", methods=("POST",))
def remove_file(side: Side, project_id: str, file_id: str) -> Page:
    project_files.remove(session, now=now(), file_id=file_id, **speaking(side, project_id))
    flash(_("Taken out."), "success")
    return onward(side, "files_of_project", project_id)


def _sent() -> tuple[str, bytes]:
    """Name and content of what was sent; the server's own copy is closed at once."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with closing(sent):
        return sent.filename or "", sent.read()


def _files_page(side: Side, project_id: str, form: UploadForm, link: LinkForm) -> Page:
    seen = project_steps.seen(session, actor=actor(), side=side, project_id=project_id)
    page = render_template(
        "project/files.html", form=form, link=link, seen=seen, side=side.value,
        open=seen.project.state in project_files.OPEN, back=address(side, "project", project_id),
        me=actor(),
    )  # fmt: skip
    return page, 422 if form.errors or link.errors else 200


def _use_form(results: tuple[Deliverable, ...]) -> BaseForm:
    """Two questions for each result."""
    fields: dict[str, Any] = {}
    for row in results:
        fields[f"use-{row.id}"] = RadioField(
            row.title, [Required("not_chosen")], choices=choices("use")
        )
        fields[f"note-{row.id}"] = StringField(_l("How is it used, or why not?"))
    known = {f"use-{row.id}": row.use for row in results}
    known |= {f"note-{row.id}": row.use_note for row in results}
    made: BaseForm = type("UseForm", (BaseForm,), fields)(data=known)
    return made


@group.route("/projects/<string:project_id>/use", methods=["GET", "POST"])
@allow("group")
def say_use(project_id: str) -> Page:
    """The group says which results are in use."""
    found = deliverables.results(session, actor=actor(), project_id=project_id)
    if note := ask_first(found.group.id):
        return note
    form = _use_form(found.results)
    if form.validate_on_submit():
        said = {
            row.id or 0: {"use": form[f"use-{row.id}"].data, "note": form[f"note-{row.id}"].data}
            for row in found.results
        }
        try:
            deliverables.say_use(
                session, actor=actor(), now=now(), today=today(), project_id=project_id,
                said=said, on_behalf=note_for(found.group.id),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you. Everybody on the project sees it."), "success")
            return onward(Side.GROUP, "project", project_id)
    page = render_template(
        "project/use.html", form=form, found=found, back=address(Side.GROUP, "project", project_id)
    )
    return page, 422 if form.errors else 200
