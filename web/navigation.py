"""The menu of each audience, the hats of the reader, and where on the site a page stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from matchmaker.services.actors import Actor
from web.access import actor, policy_of


@dataclass(frozen=True)
class Link:
    """An entry of a menu. ``current`` marks the page's own section."""

    text: Any
    href: str
    current: bool = False
    audience: str = ""


# Entries: endpoint, word, and the start of other endpoints that belong to the same section.
MENUS: dict[str, tuple[tuple[str, Any, tuple[str, ...]], ...]] = {
    "public": (
        ("public.needs", _l("Open needs"), ("public.need",)),
        ("public.groups", _l("Groups"), ("public.group",)),
        ("public.cases", _l("Cases"), ("public.case",)),
        ("public.how_it_works", _l("How it works"), ()),
        ("public.figures", _l("In figures"), ()),
        ("public.rules", _l("How we decide"), ()),
    ),
    "professional": (
        ("professional.home", _l("My start page"), ()),
        ("professional.profile", _l("My profile"), ("professional.skill", "professional.profile")),
        ("professional.wishes", _l("My wishes"), ("professional.wish",)),
        ("professional.offers", _l("Invitations"), ("professional.offer",)),
        ("public.needs", _l("Open needs"), ()),
    ),
    "group": (
        ("group.home", _l("My groups"), ("group.",)),
        ("public.needs", _l("Open needs"), ()),
        ("public.how_it_works", _l("How it works"), ()),
    ),
    "coordinator": (
        (
            "coordinator.today",
            _l("Today"),
            (
                "coordinator.desk",
                "coordinator.hand_over",
                "coordinator.history",
                "coordinator.twice",
                "coordinator.letters",
                "coordinator.bounced_address",
            ),
        ),
        (
            "coordinator.rounds",
            _l("Rounds"),
            (
                "coordinator.round",
                "coordinator.new_round",
                "coordinator.why_proposal",
                "coordinator.change_proposal",
                "coordinator.approve_all",
                "coordinator.cancel_round",
                "coordinator.policy",
                "coordinator.wordings",
                "coordinator.wording",
                "coordinator.what_if",
                "coordinator.scenario",
                "coordinator.keep_scenario",
                "coordinator.send_round",
                "coordinator.replies",
                "coordinator.offer",
                "coordinator.enter_reply",
                "coordinator.withdraw_offer",
                "coordinator.repair_offer",
            ),
        ),
        ("coordinator.needs", _l("Needs"), ("coordinator.need",)),
        (
            "coordinator.projects",
            _l("Projects"),
            (
                "coordinator.project",
                "coordinator.act_on_project",
                "coordinator.leave_project",
                "coordinator.project_messages",
                "coordinator.project_insurance",
                "coordinator.calibration",
                "coordinator.case",
                "coordinator.hear_case",
                "coordinator.terms",
            ),
        ),
        (
            "coordinator.people",
            _l("People"),
            (
                "coordinator.person",
                "coordinator.erase_person",
                "professional.new_entry",
                "professional.change_entry",
            ),
        ),
        ("coordinator.groups", _l("Groups"), ("coordinator.group",)),
        (
            "coordinator.companies",
            _l("Employers"),
            ("coordinator.company", "coordinator.decline_pledge"),
        ),
        (
            "coordinator.consultations",
            _l("Consultations"),
            ("coordinator.consultation", "coordinator.new_consultation"),
        ),
    ),
    "company": (
        (
            "company.home",
            _l("Participation"),
            ("company.report", "company.hour_value"),
        ),
        ("company.menu", _l("What to help with"), ()),
        (
            "company.programmes",
            _l("Our programme"),
            (
                "company.programme",
                "company.invite",
                "company.revoke",
                "company.describe",
                "company.pledge",
            ),
        ),
    ),
    "city": (("city.home", _l("Indicators"), ("city.",)),),
}
MENUS["account"] = MENUS["public"]
# What one goes to now and then, beside the hats in the account menu: endpoint, word, audience.
ASIDE = (("coordinator.imports", _l("Import and export"), "coordinator"),)
HATS = (
    ("professional.home", _l("My work as a professional"), "professional"),
    ("group.home", _l("My groups"), "group"),
    ("coordinator.today", _l("Coordination"), "coordinator"),
    ("company.home", _l("Company"), "company"),
    ("city.home", _l("City figures"), "city"),
)
STEP_VALUES = {"professional.profile": {"step": "who"}}


def init_navigation(app: Flask) -> None:
    """Give the templates the menu, the hats and the audience."""
    app.jinja_env.globals.update(
        audience=audience,
        menu=menu,
        hats=hats,
        reader=actor,
        endpoint_url=endpoint_url,
        page_url=page_url,
    )


def audience() -> str:
    """Whose page this is: it decides the menu and the accent colour."""
    if request.endpoint and policy_of(current_app, request.endpoint) == "coordinator":
        return "coordinator"  # also where a coordinator writes in others' pages
    name = request.blueprint or "public"
    return name if name in MENUS else "public"


def endpoint_url(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None where this installation has no such page."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **{**STEP_VALUES.get(endpoint, {}), **values})


def page_url(**changes: Any) -> str:
    """This same address with some query values changed; None drops one."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    added = [(key, value) for key, value in changes.items() if value is not None]
    query = urlencode([*kept, *added])
    return f"{request.path}?{query}" if query else request.path


def menu() -> list[Link]:
    """The main menu of the present audience."""
    links = []
    for endpoint, text, belonging in MENUS[audience()]:
        href = endpoint_url(endpoint)
        if href is not None:
            links.append(Link(text, href, _is_current(endpoint, belonging)))
    return links


def _is_current(endpoint: str, belonging: tuple[str, ...]) -> bool:
    here = request.endpoint or ""
    return here == endpoint or any(here.startswith(start) for start in belonging)


def hats() -> list[Link]:
    """The parts of the site this reader works in, for the account menu."""
    return list(_hats(actor()))


def _hats(reader: Actor) -> Iterator[Link]:
    held = {
        "professional": reader.professional_id is not None,
        "group": bool(reader.group_ids),
        "coordinator": reader.coordinator,
        "company": bool(reader.company_ids),
        "city": reader.city,
    }
    for endpoint, text, name in HATS:
        href = endpoint_url(endpoint) if held[name] else None
        if href is not None:
            yield Link(text, href, name == audience() and not _aside(), name)
    for endpoint, text, name in ASIDE:
        href = endpoint_url(endpoint) if held[name] else None
        if href is not None:
            yield Link(text, href, _aside(), name)


def _aside() -> bool:
    """Whether this is a page that stands beside the hats."""
    return any(
        (request.endpoint or "").startswith(endpoint.removesuffix("s"))
        for endpoint, _text, _name in ASIDE
    )
