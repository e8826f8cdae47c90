"""Open needs in the shape of the Volunteering Data Standard: organisations → activities → roles and
sessions (standard.volunteeringdata.io). What maps and what does not: docs/feeds.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from matchmaker.models import District, Group, Mode, Need
from matchmaker.services.open_data import OpenNeed, OpenRole
from web.formats import effort, label
from web.page_meta import site_address

STANDARD = "https://ns.volunteeringdata.io/"
CONTEXT = "https://api.volunteeringdata.io/context/v1"
DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
        "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
PARTS = {"am": "Morning", "pm": "Afternoon", "eve": "Evening"}


def document(needs: Sequence[OpenNeed], *, site: str, on: date) -> dict[str, Any]:
    """The whole document; groups that are not in the directory are told as ``site``."""
    by_group: dict[str, list[OpenNeed]] = {}
    for each in needs:
        by_group.setdefault(each.group.id if each.group else "", []).append(each)
    return {
        "@context": CONTEXT,
        "conformsTo": STANDARD,
        "publisher": site_address("/"),
        "modified": on.isoformat(),
        "graph": [_organisation(listed, site) for listed in by_group.values()],
    }


def _organisation(needs: Sequence[OpenNeed], site: str) -> dict[str, Any]:
    group = needs[0].group
    found: dict[str, Any] = {"type": "Organisation"}
    found |= _named(group) if group else {"id": site_address("/"), "name": site}
    found["cause"] = sorted({_cause(field) for need in needs for field in need.fields})
    found["activity"] = [_activity(need) for need in needs]
    return found


def _named(group: Group) -> dict[str, Any]:
    page = url_for("public.group", group_id=group.id)
    found = {"id": site_address(page), "name": group.name}
    if group.about:
        found["description"] = group.about
    if group.website:
        found["website"] = group.website
    return found


def _cause(code: str) -> str:
    return site_address(url_for("public.needs", field=code))


def _activity(each: OpenNeed) -> dict[str, Any]:
    need = each.need
    found: dict[str, Any] = {
        "type": "Activity",
        "id": site_address(url_for("public.need", need_id=need.id)),
        "title": need.title,
        "description": "\n\n".join(filter(None, (need.summary, need.deliverable))),
        "role": [_role(need, role) for role in each.roles],
    }
    if need.opened_at:
        found["publishStart"] = need.opened_at.date().isoformat()
    if need.starts_on:
        found["publishEnd"] = need.starts_on.isoformat()
    if session := _session(need, each.district):
        found["session"] = [session]
    return found


def _role(need: Need, role: OpenRole) -> dict[str, Any]:
    hours = role.role.hours_per_week or need.hours_per_week
    found: dict[str, Any] = {
        "title": role.role.title,
        "applyLink": site_address(url_for("public.need", need_id=need.id)),
        "allowsRemoteParticipation": need.mode in (Mode.REMOTE, Mode.HYBRID),
        "skill": [site_address(url_for("public.needs", skill=code)) for code in role.skills],
    }
    if hours:
        found["commitment"] = effort(hours, need.form)
    if need.gain:
        found["description"] = need.gain
    return found


def _session(need: Need, district: District | None) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    if need.mode != Mode.REMOTE and district is not None:
        found["location"] = {
            "name": label(district),
            "latitude": f"{district.lat:.3f}",
            "longitude": f"{district.lon:.3f}",
        }
    if times := list(_times(need.slots)):
        found["time"] = times
    return found


def _times(slots: Iterable[str]) -> Iterable[str]:
    for slot in slots:
        day, _, part = slot.partition("-")
        yield f"{STANDARD}{DAYS[day]}{PARTS[part]}"
