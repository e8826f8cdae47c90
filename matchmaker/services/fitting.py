"""Open needs that suit one person: the same rules and scores as a round, without a round."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlmodel import Session, col, select

from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take as take_arrays
from matchmaker.models import Group, Need, NeedState, Professional, ProfileState, Proposal, Role
from matchmaker.services import policies, snapshots
from matchmaker.services.directory import not_over

MOST = 3
Row = TypeVar("Row")


@dataclass(frozen=True)
class Suiting:
    """A need with the role in it that suits best, and how well (0 to 10,000)."""

    need: Need
    role: Role
    group: str
    score: int


def suiting(
    session: Session,
    *,
    professional_id: str,
    today: date,
    most: int = MOST,
    among: Collection[str] | None = None,
) -> list[Suiting]:
    """The ``most`` open needs (``among`` these ids, else all) a round could propose to a verified
    person today, the best first. Whom no round would propose anywhere gets an empty list, as does
    whoever has no room left; needs they were ever offered, or refused as a wish, stay out."""
    person = session.get(Professional, professional_id)
    if person is None or person.state != ProfileState.VERIFIED:
        return []
    before = select(Proposal.need_id).where(
        Proposal.professional_id == professional_id, col(Proposal.offered_at).is_not(None)
    )
    wanted = select(Need.id).where(
        Need.state == NeedState.OPEN, not_over(today), col(Need.id).not_in(before)
    )
    if among is not None:
        wanted = wanted.where(col(Need.id).in_(among))
    need_ids = session.exec(wanted).all()
    best = _scores(session, professional_id, list(need_ids), today) if need_ids else {}
    chosen = sorted(best, key=lambda need: (-best[need][0], need))[:most]
    found = session.exec(
        select(Need, Role, Group.name)
        .join(Role, col(Role.need_id) == Need.id)
        .join(Group, col(Group.id) == Need.group_id)
        .where(col(Role.id).in_([best[need][1] for need in chosen]))
    ).all()
    told = [Suiting(need, role, group, best[need.id][0]) for need, role, group in found]
    return sorted(told, key=lambda each: chosen.index(each.need.id))


def _scores(
    session: Session, person_id: str, need_ids: list[str], today: date
) -> dict[str, tuple[int, str]]:
    """Need → the person's best score in it and the role with that score."""
    snapshot = snapshots.take(session, need_ids=need_ids, as_of=today)
    market = replace(
        snapshot.market,
        professionals=[each for each in snapshot.market.professionals if each.id == person_id],
        professional_skills=_of(snapshot.market.professional_skills, person_id),
        wishes=_of(snapshot.market.wishes, person_id),
        conflicts=_of(snapshot.market.conflicts, person_id),
        history=_of(snapshot.market.history, person_id),
        declined=frozenset(pair for pair in snapshot.market.declined if pair[0] == person_id),
    )
    seated = [pair for pair in snapshot.seated if pair[0] == person_id]
    policy = replace(policies.in_force(session), as_of=today, pins=(), bans=tuple(seated))
    arrays = take_arrays(market, policy)
    pairs = score_pairs(arrays)
    best: dict[str, tuple[int, str]] = {}
    for role, score in zip(pairs.role.tolist(), pairs.score.tolist(), strict=True):
        row = market.roles[role]
        best[row.need_id] = max(best.get(row.need_id, (-1, "")), (score, row.id))
    return best


def _of(rows: Iterable[Row], person_id: str) -> list[Row]:
    return [row for row in rows if getattr(row, "professional_id", None) == person_id]
