"""Which seats of a need are held, and whether its essential ones are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlmodel import Session, col, select

from matchmaker.models import Proposal, Role, RoundNeed


def lacking(
    session: Session,
    need_ids: Collection[str],
    states: Collection[str],
    *,
    without: Collection[str] = (),
) -> dict[str, tuple[tuple[Role, int], ...]]:
    """Need → roles whose seats are not all held by proposals in ``states``, leaving out those of
    the ids ``without``, with how many lack.

    Only essential roles count; where a need has none, one seat of its first role is wanted as
    long as nobody holds any. A need that lacks nothing is left out.
    """
    if not need_ids:
        return {}
    held = Counter(
        session.exec(
            select(Proposal.role_id).where(
                col(Proposal.need_id).in_(need_ids),
                col(Proposal.state).in_(states),
                col(Proposal.id).not_in(without),
            )
        )
    )
    roles: dict[str, list[Role]] = {}
    for role in session.exec(
        select(Role)
        .where(col(Role.need_id).in_(need_ids))
        .order_by(col(Role.position), col(Role.id))
    ):
        roles.setdefault(role.need_id, []).append(role)
    found = {need_id: _lacking(of_need, held) for need_id, of_need in roles.items()}
    return {need_id: lack for need_id, lack in found.items() if lack}


def _lacking(roles: list[Role], held: Counter[str]) -> tuple[tuple[Role, int], ...]:
    essential = [role for role in roles if role.essential]
    if not essential:
        return () if any(held[role.id] for role in roles) else ((roles[0], 1),)
    return tuple(
        (role, role.seats - held[role.id]) for role in essential if held[role.id] < role.seats
    )


def release(session: Session, need_id: str) -> None:
    """No round holds the need any more."""
    live = select(RoundNeed).where(RoundNeed.need_id == need_id, col(RoundNeed.live))
    for entry in session.exec(live).all():
        entry.live, entry.staffed = False, False
        session.add(entry)
    session.flush()
