"""The coordinators' lists of people, groups and needs: search, filter, sort, page, download."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from matchmaker.services import check_lists, taxonomy
from matchmaker.services.check_search import STATES, CheckSearch
from web.access import actor, allow
from web.coordinator import bp
from web.db import session, today
from web.downloads import csv_download, xlsx_download
from web.formats import label
from web.labels import word
from web.page import Page


@dataclass(frozen=True)
class Listing:
    """What differs from list to list: who reads it, its states, its columns as a file."""

    kind: str
    rows: Callable[..., Any]
    all_rows: Callable[..., Sequence[Any]]
    states: str  # the kind of words of its states
    header: tuple[str, ...]
    cells: Callable[[Any], Iterable[Any]]


def _person_cells(row: check_lists.PersonRow) -> Iterable[Any]:
    person = row.person
    return (
        person.id, person.name, person.kana, person.email, row.company.name if row.company else "",
        label(row.district), "; ".join(label(skill) for skill in row.skills),
        person.hours_per_week, word(person.state, "profile_state"), _day(person.submitted_at),
    )  # fmt: skip


def _group_cells(row: check_lists.GroupRow) -> Iterable[Any]:
    group = row.group
    return (
        group.id, group.name, group.kana, word(group.kind, "group_kind"), label(row.district),
        row.needs, word(group.state, "profile_state"), _day(group.submitted_at),
    )  # fmt: skip


def _need_cells(row: check_lists.NeedRow) -> Iterable[Any]:
    need = row.need
    return (
        need.id, need.title, row.group.name, word(need.form, "need_form"),
        word(need.urgency, "urgency"), need.starts_on, need.ends_on, row.warnings,
        word(need.state, "need_state"), _day(need.submitted_at),
    )  # fmt: skip


def _day(moment: Any) -> Any:
    return moment.date() if moment else None


LISTS = {
    "people": Listing(
        "people", check_lists.people, check_lists.all_people, "profile_state",
        ("id", "name", "kana", "email", "company", "district", "skills", "hours_per_week",
         "state", "submitted_on"), _person_cells,
    ),
    "groups": Listing(
        "groups", check_lists.groups, check_lists.all_groups, "profile_state",
        ("id", "name", "kana", "kind", "district", "needs", "state", "submitted_on"), _group_cells,
    ),
    "needs": Listing(
        "needs", check_lists.needs, check_lists.all_needs, "need_state",
        ("id", "title", "group", "form", "urgency", "starts_on", "ends_on", "warnings", "state",
         "submitted_on"), _need_cells,
    ),
}  # fmt: skip


@bp.get("/people")
@allow("coordinator")
def people() -> Page:
    return _list("people")


@bp.get("/groups")
@allow("coordinator")
def groups() -> Page:
    return _list("groups")


@bp.get("/needs")
@allow("coordinator")
def needs() -> Page:
    return _list("needs")


@bp.get("/<any(people, groups, needs):kind>.<any(csv, xlsx):suffix>")
@allow("coordinator")
def download(kind: str, suffix: str) -> Response:
    listing = LISTS[kind]
    search = CheckSearch.read(request.args, kind=kind)
    rows = listing.all_rows(session, actor=actor(), search=search)
    write = csv_download if suffix == "csv" else xlsx_download
    return write(kind, listing.header, (tuple(listing.cells(row)) for row in rows))


def _list(kind: str) -> str:
    listing = LISTS[kind]
    search = CheckSearch.read(request.args, kind=kind)
    states = [(state, word(state, listing.states)) for state in STATES[kind]]
    return render_template(
        f"coordinator/{kind}.html",
        found=listing.rows(session, actor=actor(), search=search),
        search=search,
        states=states,
        districts=[(row.code, label(row)) for row in taxonomy.districts(session)],
        fields=[(row.code, label(row)) for row in taxonomy.fields(session)],
        families=taxonomy.families(session) if kind != "groups" else (),
        waiting=check_lists.waiting_counts(session, actor=actor())[kind],
        today=today(),
        any_word=_("Any"),
    )
