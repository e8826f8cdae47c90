"""A scenario kept: its steps become marks, needs and rules of the round, worked out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import (
    MarkKind,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundMark,
    RoundNeed,
)
from matchmaker.services import approvals, audit, marks, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, Version, validated
from matchmaker.services.scenario_steps import terms_of
from matchmaker.services.scenarios import Step, find
from matchmaker.services.versions import claim


class Kept(Command):
    """Why a scenario is made the round; read by colleagues, and part of the receipt."""

    reason: Annotated[str, LongText(400, 1)]
    version: Version


def keep(
    session: Session, *, actor: Actor, now: datetime, scenario_id: str, data: Mapping[str, Any]
) -> Round:
    """Make a scenario the round (``Kept``) and have the round worked out again.

    Approvals of pairs that it sets aside are taken back; people who are only imagined stay out.
    Refused: ``round_is_past``, ``nothing_to_keep``, ``changed_meanwhile``, and what marks refuse.
    """
    row, scenario = find(session, actor, scenario_id)
    wanted = validated(Kept, data)
    if row.state not in rounds.COMPUTABLE:
        raise Conflict("round_is_past", state=row.state)
    steps = [step for step in scenario.steps[: scenario.done] if step["kind"] in _KEPT]
    if not steps:
        raise Conflict("nothing_to_keep")
    claim(session, scenario, wanted.version)
    for step in steps:
        _KEPT[step["kind"]](_Keeping(session, actor, now, row, wanted.reason), step)
    audit.record(
        session, actor=actor, act="keep_scenario", subject=("round", row.id), now=now,
        name=scenario.name, reason=wanted.reason,
        steps=[{name: step[name] for name in step if name != "changes"} for step in steps],
    )  # fmt: skip
    session.delete(scenario)
    session.flush()
    return rounds.request_computation(
        session, actor=actor, now=now, round_id=row.id, version=row.version
    )


def bring_back(
    session: Session, *, actor: Actor, now: datetime, round_id: str, professional_id: str
) -> Round:
    """Let somebody who was left out take part again, from the next computation on."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    if row.state not in rounds.COMPUTABLE:
        raise Conflict("round_is_past", state=row.state)
    if professional_id in row.left_out:
        row.left_out = [each for each in row.left_out if each != professional_id]
        session.add(row)
        audit.record(
            session, actor=actor, act="bring_back", subject=("round", row.id), now=now,
            professional_id=professional_id,
        )  # fmt: skip
    return row


@dataclass(frozen=True)
class _Keeping:
    """Who makes a step real, when, in which round and why."""

    session: Session
    actor: Actor
    now: datetime
    row: Round
    reason: str


def _keep_pair(keeping: _Keeping, step: Step) -> None:
    pair = {"professional_id": step["person"], "role_id": step["role"]}
    if step["kind"] == MarkKind.BAN:
        _take_back(keeping, professional_id=step["person"], role_id=step["role"])
    marks.mark(
        keeping.session, actor=keeping.actor, now=keeping.now, round_id=keeping.row.id,
        data={**pair, "kind": step["kind"], "reason": keeping.reason},
    )  # fmt: skip


def _keep_without_person(keeping: _Keeping, step: Step) -> None:
    _take_back(keeping, professional_id=step["person"])
    _forget_marks(keeping, col(RoundMark.professional_id) == step["person"])
    keeping.row.left_out = sorted({*keeping.row.left_out, step["person"]})
    keeping.session.add(keeping.row)


def _keep_without_need(keeping: _Keeping, step: Step) -> None:
    _take_back(keeping, need_id=step["need"])
    roles = select(Role.id).where(Role.need_id == step["need"])
    _forget_marks(keeping, col(RoundMark.role_id).in_(roles))
    entry = keeping.session.get(RoundNeed, (keeping.row.id, step["need"]))
    if entry is not None:
        keeping.session.delete(entry)
        keeping.session.flush()


def _keep_need(keeping: _Keeping, step: Step) -> None:
    rounds.take_in(keeping.session, row=keeping.row, need_id=step["need"])


def _keep_terms(keeping: _Keeping, step: Step) -> None:
    keeping.row.policy = terms_of(keeping.row, [step])
    keeping.session.add(keeping.row)


def _forget_marks(keeping: _Keeping, whose: Any) -> None:
    """Take pins and bans back that name somebody, or a role, no longer in the round."""
    held = select(RoundMark).where(RoundMark.round_id == keeping.row.id, whose)
    for each in keeping.session.exec(held).all():
        marks.remove(
            keeping.session, actor=keeping.actor, now=keeping.now, round_id=keeping.row.id,
            professional_id=each.professional_id, role_id=each.role_id,
        )  # fmt: skip


def _take_back(keeping: _Keeping, **where: str) -> None:
    """Undo the approvals that a kept step sets aside."""
    approved = keeping.session.exec(
        select(Proposal).where(
            Proposal.round_id == keeping.row.id,
            Proposal.state == ProposalState.APPROVED,
            *(getattr(Proposal, name) == value for name, value in where.items()),
        )
    )
    for each in approved.all():
        approvals.undo(
            keeping.session, actor=keeping.actor, now=keeping.now, proposal_id=each.id,
            version=each.version,
        )  # fmt: skip


_KEPT: dict[str, Callable[[_Keeping, Step], None]] = {
    MarkKind.PIN: _keep_pair,
    MarkKind.BAN: _keep_pair,
    "without_person": _keep_without_person,
    "without_need": _keep_without_need,
    "new_need": _keep_need,
    "terms": _keep_terms,
}
