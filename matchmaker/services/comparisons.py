"""A round beside others: the last one that was sent, and itself before anybody changed anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.models import HELD, Need, Proposal, ProposalState, Role, Round
from matchmaker.services import rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, names_for

Pair = tuple[str, str]
_STANDING = (ProposalState.PROPOSED, *HELD)


@dataclass(frozen=True)
class Figures:
    """What a round came to: ``levels`` as in the receipt, ``measures`` as on the board. ``at``:
    when it was first computed, or sent."""

    name: str
    at: datetime | None
    levels: dict[str, int]
    measures: dict[str, Any]


@dataclass(frozen=True)
class Since:
    """What is different from the first computation: (professional, role) seats that are new or
    gone, needs that found or lost their team. Seats that people set aside count as gone."""

    gained: tuple[Pair, ...]
    lost: tuple[Pair, ...]
    staffed: tuple[str, ...]
    unstaffed: tuple[str, ...]


@dataclass(frozen=True)
class Again:
    """Proposed in the last sent round as well: people, groups, and the same two together."""

    people: int
    groups: int
    pairs: int


@dataclass(frozen=True)
class Compared:
    """``first`` and ``since`` are None where the round was computed once, and nobody decided
    otherwise; ``last`` and ``again`` where no round was sent before this one."""

    round: Round
    now: Figures
    first: Figures | None
    since: Since | None
    last: Figures | None
    again: Again | None
    names: Names


def beside(session: Session, row: Round) -> tuple[Figures | None, Figures | None]:
    """The round's first computation, when there was another since, and the last sent round."""
    first = _first(row) if row.first and row.runs > 1 else None
    last = _last_sent(session, row)
    return first, last[1] if last else None


def compared(session: Session, *, actor: Actor, round_id: str) -> Compared:
    """A computed round beside its first computation and the last sent round. Refused:
    ``coordinators_only``, ``round_not_found``, ``round_not_computed``."""
    row = rounds.find_computed(session, actor=actor, round_id=round_id)
    standing = _standing(session, row.id)
    since = _since(session, row, set(standing)) if row.first else None
    changed = since is not None and (row.runs > 1 or since.gained or since.lost)
    last = _last_sent(session, row)
    pairs = [*since.gained, *since.lost] if since else []
    names = names_for(
        session,
        people=[person for person, _role in pairs],
        roles=[role for _person, role in pairs],
        needs=[*since.staffed, *since.unstaffed] if since else [],
    )
    return Compared(
        round=row,
        now=Figures(row.name, row.computed_at, row.levels, row.measures),
        first=_first(row) if changed else None,
        since=since if changed else None,
        last=last[1] if last else None,
        again=_again(standing, _standing(session, last[0])) if last else None,
        names=names,
    )


def _first(row: Round) -> Figures:
    kept = row.first
    at = datetime.fromisoformat(kept["at"])
    return Figures(row.name, at, kept["levels"], kept["measures"])


def _last_sent(session: Session, row: Round) -> tuple[str, Figures] | None:
    """Without the kept market, which is large."""
    chosen = (
        wide_select(Round.id, Round.name, Round.sent_at, Round.levels, Round.measures)
        .where(col(Round.sent_at).is_not(None), Round.id != row.id)
        .order_by(col(Round.sent_at).desc())
        .limit(1)
    )
    if row.sent_at is not None:
        chosen = chosen.where(col(Round.sent_at) < row.sent_at)
    found = session.execute(chosen).first()
    return (found[0], Figures(*found[1:])) if found else None


def _standing(session: Session, round_id: str) -> dict[Pair, str]:
    """(professional, role) → group of everything that is proposed, or was sent."""
    found = session.execute(
        wide_select(Proposal.professional_id, Proposal.role_id, Need.group_id)
        .join(Need, col(Need.id) == Proposal.need_id)
        .where(
            Proposal.round_id == round_id,
            col(Proposal.state).in_(_STANDING) | col(Proposal.offered_at).is_not(None),
        )
    )
    return {(person, role): group for person, role, group in found}


def _since(session: Session, row: Round, standing: set[Pair]) -> Since:
    before = {(person, role) for person, role in row.first["pairs"]}
    roles = {role for _person, role in before | standing}
    needs = dict(session.exec(select(Role.id, Role.need_id).where(col(Role.id).in_(roles))).all())
    old, new = ({needs.get(role, "") for _p, role in pairs} - {""} for pairs in (before, standing))
    return Since(
        tuple(sorted(standing - before)),
        tuple(sorted(before - standing)),
        tuple(sorted(new - old)),
        tuple(sorted(old - new)),
    )


def _again(now: dict[Pair, str], then: dict[Pair, str]) -> Again:
    people, known = ({person for person, _role in each} for each in (now, then))
    together, before = (
        {(person, group) for (person, _role), group in each.items()} for each in (now, then)
    )
    return Again(
        people=len(people & known),
        groups=len(set(now.values()) & set(then.values())),
        pairs=len(together & before),
    )
