"""Pages that both sides of a project have: written once, with an address for each side."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from flask import redirect, url_for

from matchmaker.models import Side
from matchmaker.services import project_access
from matchmaker.services.on_behalf import OnBehalf
from web import group, professional
from web.access import actor, allow
from web.db import session
from web.group.proxy import ask_first, note_for
from web.page import Page

BLUEPRINTS = {Side.PROFESSIONAL: professional.bp, Side.GROUP: group.bp}


class View(Protocol):
    """A view of a project from one side."""

    __name__: str

    def __call__(self, side: Side, project_id: str, **values: Any) -> Page: ...


def both_sides(
    rule: str, *, methods: tuple[str, ...] = ("GET",), asks: bool = True
) -> Callable[[View], View]:
    """Give a view an address on both sides. A coordinator on the group's side first says who said
    so, unless the page only shows something (``asks``)."""

    def register(view: View) -> View:
        for side, bp in BLUEPRINTS.items():
            bp.add_url_rule(
                f"/projects/<string:project_id>{rule}",
                view.__name__,
                allow(side.value)(_seen_from(side, view, asks)),
                methods=list(methods),
            )
        return view

    return register


def _seen_from(side: Side, view: View, asks: bool) -> Callable[..., Page]:
    @wraps(view)
    def shown(project_id: str, **values: Any) -> Page:
        if asks and side == Side.GROUP:
            _project, owner = project_access.for_group(
                session, actor=actor(), project_id=project_id
            )
            if note := ask_first(owner.id):
                return note
        return view(side, project_id, **values)

    return shown


def speaking(side: Side, project_id: str) -> dict[str, Any]:
    """Who acts, for which side, on which project: what every act of a side is given."""
    return {
        "actor": actor(),
        "side": side,
        "project_id": project_id,
        "on_behalf": _note(project_id) if side == Side.GROUP else None,
    }


def _note(project_id: str) -> OnBehalf | None:
    _project, owner = project_access.for_group(session, actor=actor(), project_id=project_id)
    return note_for(owner.id)


def address(side: Side, name: str, project_id: str, **values: Any) -> str:
    """The address of a page of the project on the same side."""
    return url_for(f"{side.value}.{name}", project_id=project_id, **values)


def onward(side: Side, name: str, project_id: str, **values: Any) -> Page:
    """Go on to a page of the project after an act."""
    return redirect(address(side, name, project_id, **values), 303)
