"""The pages on which a project's case is written and released: the same for each audience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid, NotFound
from matchmaker.models import Side
from matchmaker.services import case_pictures, case_releases, case_sheets, cases
from matchmaker.services.on_behalf import OnBehalf
from web.access import actor, allow
from web.case_forms import ReleaseForm, picture_form, story_form
from web.db import now, session
from web.forms import ConfirmForm, apply_errors
from web.page import Page

AT = "/projects/<string:project_id>/case"


@dataclass(frozen=True)
class Proxy:
    """How a coordinator writes for a group: asked first, and the note on who said so."""

    ask_first: Callable[[str], Page | None]
    note_for: Callable[[str], OnBehalf | None]


def add_case_pages(bp: Blueprint, side: Side | None, proxy: Proxy | None = None) -> None:
    """Give a blueprint the pages for its side of a project (None: the coordinators)."""
    pages = CasePages(bp.name, side, proxy)
    for address, name, view, methods in (
        (AT, "case", pages.case, ["GET"]),
        (f"{AT}/begin", "begin_case", pages.begin, ["POST"]),
        (f"{AT}/words", "case_words", pages.words, ["GET", "POST"]),
        (f"{AT}/picture", "case_picture", pages.picture, ["GET", "POST"]),
        (f"{AT}/picture/remove", "remove_case_picture", pages.remove_picture, ["POST"]),
        (f"{AT}/ask", "ask_case", pages.ask, ["POST"]),
    ):
        bp.add_url_rule(address, name, _guarded(bp.name, view), methods=methods)
    if side is not None:
        for act, view in (("release", pages.release), ("take-back", pages.take_back)):
            name = f"{act.replace('-', '_')}_case"
            bp.add_url_rule(f"{AT}/{act}", name, _guarded(bp.name, view), methods=["POST"])


def _guarded(policy: str, view: Callable[..., Page]) -> Callable[..., Page]:
    def guarded(project_id: str) -> Page:
        return view(project_id)

    return allow(policy)(guarded)


class CasePages:
    """The views of one audience."""

    def __init__(self, audience: str, side: Side | None, proxy: Proxy | None) -> None:
        self.audience = audience
        self.side = side
        self.proxy = proxy

    def case(self, project_id: str) -> Page:
        sheet = self._sheet(project_id)
        mine = sheet.mine.release if sheet.mine else None
        form = ReleaseForm(
            formdata=None,
            data={"edition": sheet.case.edition if sheet.case else 0,
                  "named": mine.named if mine else self.side == Side.GROUP},
        )  # fmt: skip
        return self._form("project/case.html", sheet, form)

    def begin(self, project_id: str) -> Page:
        sheet = self._sheet(project_id)
        if note := self._ask_first(sheet):
            return note
        cases.begin(session, **self._who(sheet), now=now(), side=self.side)
        return redirect(self._at("case_words", project_id), 303)

    def words(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        form = story_form(sheet)
        if form.validate_on_submit():
            try:
                cases.save(session, **self._who(sheet), now=now(), side=self.side, data=form.data)
            except Invalid as refused:
                apply_errors(form, refused)
            else:
                return self._saved(project_id)
        return self._form("project/case-words.html", sheet, form)

    def picture(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        form = picture_form(sheet)
        if form.validate_on_submit():
            sent = request.files.get("picture")
            try:
                case_pictures.set_picture(
                    session, **self._who(sheet), now=now(), side=self.side, data=form.data,
                    content=sent.read() if sent else b"",
                )  # fmt: skip
            except Invalid as refused:
                apply_errors(form, refused)
            else:
                return self._saved(project_id)
        return self._form("project/case-picture.html", sheet, form)

    def remove_picture(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        case_pictures.remove_picture(
            session, **self._who(sheet), now=now(), side=self.side, version=ConfirmForm().seen()
        )
        flash(_("The picture is removed."), "success")
        return self._back(project_id)

    def ask(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        cases.ask(
            session, **self._who(sheet), now=now(), side=self.side, version=ConfirmForm().seen()
        )
        flash(_("Everybody on the project is asked to release it."), "success")
        return self._back(project_id)

    def release(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        assert self.side is not None
        form = ReleaseForm()
        if not form.validate_on_submit():
            return self._form("project/case.html", sheet, form)
        case_releases.release(
            session, **self._who(sheet), now=now(), side=self.side, data=form.data
        )
        flash(_("Thank you. You can take your release back at any time."), "success")
        return self._back(project_id)

    def take_back(self, project_id: str) -> Page:
        sheet = self._begun(project_id)
        if note := self._ask_first(sheet):
            return note
        assert self.side is not None
        case_releases.take_back(session, **self._who(sheet), now=now(), side=self.side)
        flash(_("Your release is taken back. The case is not shown any more."), "success")
        return self._back(project_id)

    def _sheet(self, project_id: str) -> case_sheets.CaseSheet:
        return case_sheets.sheet(session, actor=actor(), side=self.side, project_id=project_id)

    def _begun(self, project_id: str) -> case_sheets.CaseSheet:
        sheet = self._sheet(project_id)
        if sheet.case is None:
            raise NotFound("case_not_found")
        return sheet

    def _ask_first(self, sheet: case_sheets.CaseSheet) -> Page | None:
        return self.proxy.ask_first(sheet.group.id) if self.proxy else None

    def _who(self, sheet: case_sheets.CaseSheet) -> dict[str, Any]:
        note = self.proxy.note_for(sheet.group.id) if self.proxy else None
        return {"actor": actor(), "project_id": sheet.project.id, "on_behalf": note}

    def _at(self, name: str, project_id: str) -> str:
        return url_for(f"{self.audience}.{name}", project_id=project_id)

    def _back(self, project_id: str) -> Page:
        return redirect(self._at("case", project_id), 303)

    def _saved(self, project_id: str) -> Page:
        flash(_("Saved. Whoever releases the case releases it as it stands now."), "success")
        return self._back(project_id)

    def _links(self, sheet: case_sheets.CaseSheet) -> dict[str, Any]:
        def to(name: str) -> str:
            return self._at(name, sheet.project.id)

        return {"to": to, "side": self.side, "back": to("project")}

    def _form(self, template: str, sheet: case_sheets.CaseSheet, form: Any) -> Page:
        page = render_template(template, sheet=sheet, form=form, **self._links(sheet))
        return page, 422 if form.errors else 200
