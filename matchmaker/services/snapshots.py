"""Rows become the engine's market: the only door from the tables to the engine.

A snapshot is what a round was computed from. It is kept with the round, without anybody's name,
so that every later question about the round is answered from the same facts.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine import market as rows
from matchmaker.engine.files.tables import Tables
from matchmaker.engine.market import ROW_TYPES, Market
from matchmaker.engine.policy import Policy
from matchmaker.models import (
    DeclaredConflict,
    District,
    Group,
    GroupField,
    Need,
    NeedField,
    NeedState,
    Partnership,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    ProfileState,
    Role,
    RoleSkill,
    Round,
    RoundNeed,
    Skill,
    Wish,
)
from matchmaker.services.commitments import Commitments, outside

ASKED = (ProfileState.VERIFIED, ProfileState.SUBMITTED)


@dataclass(frozen=True)
class Snapshot:
    """A market with the seats and people that other rounds and projects hold in it.

    ``free_seats``: role → numbers of the seats that can still be filled. ``seated``: pairs that
    are not allowed because the person already has a seat in the need.
    """

    market: Market
    free_seats: dict[str, list[int]]
    seated: tuple[tuple[str, str], ...]


def take(
    session: Session, *, round_id: str | None = None, need_ids: Iterable[str] = (), as_of: date
) -> Snapshot:
    """The market of a round's open needs (or of ``need_ids``) on the day ``as_of``.

    People: everybody verified, and those still to be checked, so that they learn why they wait.
    Capacity and hours are what is left after everything promised elsewhere; needs that are no
    longer open stay out, as do seats that somebody holds already.
    """
    held = outside(session, round_id)
    needs = _needs(session, round_id, list(need_ids))
    people, unverified = _people(session, held, _left_out(session, round_id))
    roles, free = _roles(session, {need.id for need in needs}, held)
    kept = {role.id for role in roles}
    role_needs = {(role.need_id, role.id) for role in roles}
    known = {person.id for person in people}
    groups = {need.group_id for need in needs}
    market = Market(
        skills=tuple(
            rows.Skill(each.code, each.label_ja, each.label_en, each.parent or "")
            for each in session.exec(select(Skill))
        ),
        districts=tuple(
            rows.District(each.code, each.label_ja, each.label_en, each.lat, each.lon)
            for each in session.exec(select(District))
        ),
        companies=tuple(
            rows.Company(each, each)
            for each in sorted({person.company_id for person in people} - {""})
        ),
        professionals=tuple(people),
        professional_skills=_skills(session, known),
        groups=_groups(session, groups),
        needs=tuple(needs),
        roles=tuple(roles),
        role_skills=_role_skills(session, kept),
        wishes=_wishes(session, known, {need.id for need in needs}),
        conflicts=_conflicts(session, known, groups),
        history=_history(session, known, groups),
        unverified=frozenset(unverified),
        declined=frozenset(held.declined),
    )
    seated = {
        (person, role)
        for person, need in held.seated
        for role_need, role in role_needs
        if need == role_need and person in known
    }
    return Snapshot(market, free, tuple(sorted(seated)))


def _needs(session: Session, round_id: str | None, ids: list[str]) -> list[rows.Need]:
    chosen = select(Need).where(Need.state == NeedState.OPEN)
    if round_id is None:
        chosen = chosen.where(col(Need.id).in_(ids))
    else:
        chosen = chosen.join(RoundNeed, col(RoundNeed.need_id) == Need.id).where(
            RoundNeed.round_id == round_id, col(RoundNeed.live)
        )
    found = list(session.exec(chosen))
    fields = _many(session, NeedField.need_id, NeedField.field, {need.id for need in found} or {""})
    return [
        rows.Need(
            id=need.id,
            group_id=need.group_id,
            title=need.id,
            form=need.form,
            menu=need.menu or "",
            mode=need.mode,
            district=need.district or "",
            starts_on=need.starts_on,
            ends_on=need.ends_on,
            hours_per_week=need.hours_per_week,
            slots=tuple(need.slots),
            fields=fields.get(need.id, ()),
            languages=tuple(need.languages),
            urgency=need.urgency,
        )
        for need in found
    ]


def _left_out(session: Session, round_id: str | None) -> frozenset[str]:
    row = session.get(Round, round_id) if round_id else None
    return frozenset(row.left_out) if row else frozenset()


def _people(
    session: Session, held: Commitments, left_out: frozenset[str]
) -> tuple[list[rows.Professional], list[str]]:
    found = session.exec(
        wide_select(
            Professional.id,
            Professional.state,
            Professional.company_id,
            Professional.district,
            Professional.remote,
            Professional.onsite,
            Professional.reach_km,
            Professional.hours_per_week,
            Professional.available_from,
            Professional.available_until,
            Professional.slots,
            Professional.capacity,
            Professional.languages,
            Professional.relation,
            Professional.waiting_since,
            Professional.any_project,
        ).where(col(Professional.state).in_(ASKED))
    ).all()
    found = [row for row in found if row.id not in left_out]
    fields = _many(session, ProfessionalField.professional_id, ProfessionalField.field)
    people = [
        rows.Professional(
            id=row.id,
            name=row.id,
            company_id=row.company_id or "",
            district=row.district or "",
            modes=tuple(mode for mode in ("remote", "onsite") if getattr(row, mode)),
            reach_km=row.reach_km,
            hours_per_week=_hours_left(row.hours_per_week, held.minutes[row.id]),
            available_from=row.available_from,
            available_until=row.available_until,
            slots=tuple(row.slots),
            capacity=max(row.capacity - len(held.needs.get(row.id, ())), 0),
            fields=fields.get(row.id, ()),
            languages=tuple(row.languages),
            relation=row.relation,
            waiting_since=row.waiting_since,
            any_project=row.any_project,
        )
        for row in found
    ]
    return people, [row.id for row in found if row.state != ProfileState.VERIFIED]


def _hours_left(offered: float, promised: int) -> float | None:
    """Hours still free; 0 in a profile means that nothing was said, so no rule applies."""
    return max(offered - promised / 60, 0.0) if offered else None


def _roles(
    session: Session, needs: set[str], held: Commitments
) -> tuple[list[rows.Role], dict[str, list[int]]]:
    found, free = [], {}
    for role in session.exec(select(Role).where(col(Role.need_id).in_(needs))):
        left = [
            seat for seat in range(1, role.seats + 1) if seat not in held.seats.get(role.id, ())
        ]
        if not left:
            continue
        free[role.id] = left
        hours = role.hours_per_week
        found.append(rows.Role(role.id, role.need_id, role.id, len(left), role.essential, hours))
    return found, free


def _groups(session: Session, ids: set[str]) -> tuple[rows.Group, ...]:
    fields = _many(session, GroupField.group_id, GroupField.field, ids)
    return tuple(
        rows.Group(
            group.id,
            group.id,
            group.kind,
            group.district or "",
            fields.get(group.id, ()),
            group.waiting_since,
            group.last_supported_on,
        )
        for group in session.exec(select(Group).where(col(Group.id).in_(ids)))
    )


def _skills(session: Session, people: set[str]) -> tuple[rows.ProfessionalSkill, ...]:
    found = session.exec(
        select(ProfessionalSkill.professional_id, ProfessionalSkill.skill, ProfessionalSkill.level)
    )
    return tuple(rows.ProfessionalSkill(*row) for row in found if row[0] in people)


def _role_skills(session: Session, roles: set[str]) -> tuple[rows.RoleSkill, ...]:
    found = session.exec(select(RoleSkill).where(col(RoleSkill.role_id).in_(roles)))
    return tuple(
        rows.RoleSkill(row.role_id, row.skill, row.min_level, row.essential, float(row.weight))
        for row in found
    )


def _wishes(session: Session, people: set[str], needs: set[str]) -> tuple[rows.Wish, ...]:
    found = session.exec(select(Wish).where(col(Wish.need_id).in_(needs)))
    return tuple(
        rows.Wish(row.professional_id, row.need_id, row.rank)
        for row in found
        if row.professional_id in people
    )


def _conflicts(session: Session, people: set[str], groups: set[str]) -> tuple[rows.Conflict, ...]:
    found = session.exec(select(DeclaredConflict).where(col(DeclaredConflict.group_id).in_(groups)))
    return tuple(
        rows.Conflict(row.professional_id, row.group_id)
        for row in found
        if row.professional_id in people
    )


def _history(session: Session, people: set[str], groups: set[str]) -> tuple[rows.Past, ...]:
    found = session.exec(select(Partnership).where(col(Partnership.group_id).in_(groups)))
    return tuple(
        rows.Past(row.professional_id, row.group_id, row.ended_on, row.rating)
        for row in found
        if row.professional_id in people
    )


def _many(
    session: Session, owner: Any, value: Any, owners: set[str] | None = None
) -> dict[str, tuple[str, ...]]:
    chosen = select(owner, value).order_by(owner, value)
    if owners is not None:
        chosen = chosen.where(owner.in_(owners))
    found: dict[str, list[str]] = {}
    for key, each in session.exec(chosen):
        found.setdefault(key, []).append(each)
    return {key: tuple(values) for key, values in found.items()}


def pack(market: Market, policy: Policy) -> bytes:
    """Market and policy as they were matched, small enough to keep with the round."""
    tables = {name: [_plain(row) for row in given] for name, given in market.tables().rows.items()}
    document = {
        "market": tables,
        "unverified": sorted(market.unverified),
        "declined": sorted(market.declined),
        "policy": policy.to_json(),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode())


def unpack(kept: bytes) -> tuple[Market, Policy]:
    """The reverse of ``pack``."""
    document = json.loads(zlib.decompress(kept))
    tables = {
        name: tuple(_typed(kind, row) for row in document["market"][name])
        for name, kind in ROW_TYPES.items()
    }
    market = Market.from_tables(
        Tables(tables),
        unverified=document["unverified"],
        declined=[tuple(pair) for pair in document["declined"]],
    )
    policy = document["policy"]
    policy["pins"] = tuple(tuple(pair) for pair in policy["pins"])
    policy["bans"] = tuple(tuple(pair) for pair in policy["bans"])
    return market, Policy.from_json(policy)


def fingerprint(kept: bytes) -> str:
    """sha256 of what was packed, whatever compressed it."""
    return sha256(zlib.decompress(kept)).hexdigest()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if value not in (None, "", ())
    }


_DATES = (
    "available_from",
    "available_until",
    "waiting_since",
    "last_supported_on",
    "starts_on",
    "ends_on",
    "ended_on",
)
_LISTS = ("modes", "slots", "fields", "languages")


def _typed(kind: Any, row: dict[str, Any]) -> dict[str, Any]:
    values = dict(row)
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in _LISTS:
        if name in values:
            values[name] = tuple(values[name])
    return values
