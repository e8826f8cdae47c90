"""A round's receipt: everything to repeat and to check it, as one folder in a zip.

``market/`` and ``result/`` are what ``matchmaker replay`` and ``matchmaker verify`` read;
``decisions.json`` tells what people decided apart from what was computed. No name is in it: people,
groups and needs appear by their ids. Notes are in the coordinators' own words.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.engine.files.tables import Row, Tables
from matchmaker.engine.market import Market
from matchmaker.engine.matcher import match
from matchmaker.engine.policy import Policy
from matchmaker.engine.record import input_hashes, write_record
from matchmaker.engine.result import Result
from matchmaker.errors import Conflict
from matchmaker.models import (
    AuditEntry,
    Decision,
    PolicyVersion,
    Proposal,
    ProposalState,
    Round,
    RoundMark,
)
from matchmaker.services import rounds
from matchmaker.services.actors import Actor
from matchmaker.services.snapshots import unpack

COMPUTED, FIXED = "computed", "fixed_by_people"
_OF_PEOPLE = ("professionals", "professional_skills", "wishes", "conflicts", "history")
_WHEN = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same round, the same bytes
_RULES = ("weights", "floor", "continuity", "levels", "guarantees", "max_new_projects")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Origins:
    """How many seats of a round as it stands were computed, fixed, and set aside by people."""

    computed: int
    fixed: int
    set_aside: int


def archive(session: Session, *, actor: Actor, round_id: str, readme: str = "") -> bytes:
    """The receipt of a computed round as a zip; the round is matched again for it.

    ``readme``: words for README.txt. Refused: ``coordinators_only``, ``round_not_found``,
    ``round_not_computed``.
    """
    row = rounds.find(session, actor=actor, round_id=round_id)
    if row.snapshot is None:
        raise Conflict("round_not_computed")
    market, policy = unpack(row.snapshot)
    decided = _decided(session, row, policy)
    with TemporaryDirectory() as place:
        folder = Path(place)
        _write_market(market, folder / "market")
        result = match(Market.read(folder / "market"), _as_of(policy, row))
        write_record(result, folder / "result", input_hashes(folder / "market"))
        decided["same_as_published"] = _same(row, result)
        (folder / "decisions.json").write_text(_json(decided), encoding="utf-8", newline="")
        (folder / "README.txt").write_text(readme, encoding="utf-8", newline="")
        return _zipped(folder)


def origins(session: Session, row: Round) -> Origins:
    """Computed seats told apart from those people fixed, and what people set aside."""
    pins, _bans = _pairs_held(row)
    found = session.exec(select(Proposal).where(Proposal.round_id == row.id)).all()
    aside = sum(each.state in (ProposalState.REJECTED, ProposalState.WITHDRAWN) for each in found)
    gone = (ProposalState.REJECTED, ProposalState.WITHDRAWN, ProposalState.REPLACED)
    standing = [each for each in found if each.state not in gone]
    fixed = sum(_origin(each, pins) == FIXED for each in standing)
    return Origins(len(standing) - fixed, fixed, aside)


def trials_kept(session: Session, row: Round) -> list[AuditEntry]:
    """The trials that were made this round, oldest first: name, reason and steps in ``details``."""
    return list(
        session.exec(
            select(AuditEntry)
            .where(
                AuditEntry.subject_type == "round",
                AuditEntry.subject_id == row.id,
                AuditEntry.act == "keep_scenario",
            )
            .order_by(col(AuditEntry.id))
        )
    )


def _pairs_held(row: Round) -> tuple[set[Pair], set[Pair]]:
    if row.snapshot is None:
        return set(), set()
    policy = unpack(row.snapshot)[1]
    return set(policy.pins), set(policy.bans)


def _origin(proposal: Proposal, pins: set[Pair]) -> str:
    return FIXED if (proposal.professional_id, proposal.role_id) in pins else COMPUTED


def _as_of(policy: Policy, row: Round) -> Policy:
    return policy if policy.as_of else replace(policy, as_of=row.as_of)


def _write_market(market: Market, folder: Path) -> None:
    """The market as a folder can say it: who may not be matched is left out, and a need that a
    person declined becomes "not this one"."""
    rows = dict(market.tables().rows)
    for name in _OF_PEOPLE:
        key = "id" if name == "professionals" else "professional_id"
        rows[name] = tuple(each for each in rows[name] if each[key] not in market.unverified)
    people = {each["id"] for each in rows["professionals"]}
    declined = {pair for pair in market.declined if pair[0] in people}
    rows["wishes"] = _refused(rows["wishes"], declined)
    Market.from_tables(Tables(rows)).write(folder)


def _refused(wishes: tuple[Row, ...], declined: set[Pair]) -> tuple[Row, ...]:
    kept = [each for each in wishes if (each["professional_id"], each["need_id"]) not in declined]
    said = [{"professional_id": p, "need_id": n, "rank": 0} for p, n in sorted(declined)]
    return (*kept, *said)


def _same(row: Round, result: Result) -> bool:
    """Whether matching again gives the levels the round published."""
    return all(result.levels.get(name) == value for name, value in row.levels.items())


def _decided(session: Session, row: Round, policy: Policy) -> dict[str, Any]:
    pins = set(policy.pins)
    proposals = session.exec(
        select(Proposal).where(Proposal.round_id == row.id).order_by(col(Proposal.id))
    ).all()
    marks = session.exec(
        select(RoundMark)
        .where(RoundMark.round_id == row.id)
        .order_by(col(RoundMark.professional_id), col(RoundMark.role_id))
    )
    acts = session.exec(
        select(Decision)
        .where(col(Decision.proposal_id).in_([each.id for each in proposals]))
        .order_by(col(Decision.id))
    )
    by_proposal: dict[str, list[dict[str, Any]]] = {}
    for act in acts:
        by_proposal.setdefault(act.proposal_id, []).append(_act(act))
    return {
        "round": row.id,
        "state": str(row.state),
        "computed_at": _moment(row.computed_at),
        "engine": row.engine_version,
        "policy_version": row.policy_version,
        "inputs_hash": row.inputs_hash,
        "fixed_for_the_computation": [list(pair) for pair in sorted(policy.pins)],
        "kept_apart_for_the_computation": [list(pair) for pair in sorted(policy.bans)],
        "marks": [_mark(each) for each in marks],
        "left_out": list(row.left_out),
        "trials_kept": [_trial(each) for each in trials_kept(session, row)],
        "rules_changed": _rules_changed(session, row),
        "seats": [
            {
                **_seat(each),
                "origin": _origin(each, pins),
                "fixed_by": _fixed_by(each, pins),
                "decisions": by_proposal.get(each.id, []),
            }
            for each in proposals
        ],
    }


def _seat(proposal: Proposal) -> dict[str, Any]:
    return {
        "professional_id": proposal.professional_id,
        "role_id": proposal.role_id,
        "need_id": proposal.need_id,
        "seat": proposal.seat,
        "score": proposal.score,
        "state": str(proposal.state),
        "reason": proposal.state_reason,
    }


def _fixed_by(proposal: Proposal, pins: set[Pair]) -> str | None:
    """A seat that was fixed: by a mark (its reason stands there), or because it was approved."""
    if _origin(proposal, pins) != FIXED:
        return None
    return "mark" if proposal.pinned else "approval"


def _trial(entry: AuditEntry) -> dict[str, Any]:
    return {
        "name": entry.details["name"],
        "reason": entry.details["reason"],
        "steps": entry.details["steps"],
        "by": entry.actor_id,
        "at": _moment(entry.at),
    }


def _rules_changed(session: Session, row: Round) -> dict[str, Any]:
    """Rule → what the published policy says and what holds in this round alone."""
    version = session.get(PolicyVersion, row.policy_version) if row.policy_version else None
    published = Policy.from_json(version.body if version else {}).to_json()
    held = Policy.from_json(row.policy).to_json()
    return {
        name: {"published": published[name], "this_round": held[name]}
        for name in _RULES
        if published[name] != held[name]
    }


def _act(decision: Decision) -> dict[str, Any]:
    return {
        "act": str(decision.act),
        "side": decision.side,
        "by": decision.actor_id,
        "at": _moment(decision.at),
        "reason": decision.reason,
        "note": decision.note,
    }


def _mark(mark: RoundMark) -> dict[str, Any]:
    return {
        "kind": str(mark.kind),
        "professional_id": mark.professional_id,
        "role_id": mark.role_id,
        "reason": mark.reason,
        "by": mark.created_by,
        "at": _moment(mark.created_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _json(document: Mapping[str, Any]) -> str:
    return f"{json.dumps(document, ensure_ascii=False, indent=2)}\n"


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, path.read_bytes())
    return out.getvalue()
