"""The rules in force, as the city publishes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from matchmaker.engine.policy import Policy
from matchmaker.models import PolicyVersion


@dataclass(frozen=True)
class Rules:
    """What decides a round. ``since`` and ``version`` are None while the defaults hold.

    ``weights``: (feature, share in per cent of the total), heaviest first.
    """

    policy: Policy
    weights: tuple[tuple[str, float], ...]
    version: int | None
    since: datetime | None
    note: str


def in_force(session: Session) -> Rules:
    """The newest published policy, else the defaults."""
    newest = session.exec(
        select(PolicyVersion).order_by(col(PolicyVersion.id).desc()).limit(1)
    ).first()
    policy = Policy.from_json(newest.body) if newest else Policy()
    counted = policy.counted_weights
    total = sum(counted.values())
    shares = ((name, 100 * weight / total) for name, weight in counted.items() if weight)
    return Rules(
        policy=policy,
        weights=tuple(sorted(shares, key=lambda share: -share[1])),
        version=newest.id if newest else None,
        since=newest.created_at if newest else None,
        note=newest.note if newest else "",
    )
