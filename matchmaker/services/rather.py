"""Pairs of a round who would both rather be together than as the round has it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from matchmaker.engine.answers.stable import Blocking, stability
from matchmaker.models import Proposal, Round
from matchmaker.services import results, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.board_teams import SHOWN
from matchmaker.services.reason_names import Names, names_for

MOST = 50


@dataclass(frozen=True)
class Report:
    """``pairs``: the best ``MOST`` by score. ``seats``: (person, role) → proposal of the board."""

    round: Round
    pairs: tuple[Blocking, ...]
    total: int
    allowed: int
    seats: dict[tuple[str, str], str]
    names: Names


def report(session: Session, *, actor: Actor, round_id: str) -> Report:
    """Every blocking pair, those that fit best first. Refused: ``coordinators_only``,
    ``round_not_found``, ``round_not_computed``."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    found = results.ask(row, "stability", stability)
    best = sorted(found.blocking, key=lambda each: (-each.score, each.person_id, each.role_id))
    pairs = tuple(best[:MOST])
    proposed = session.exec(
        select(Proposal.professional_id, Proposal.role_id, Proposal.id).where(
            Proposal.round_id == row.id, col(Proposal.state).in_(SHOWN)
        )
    )
    return Report(
        row,
        pairs,
        len(best),
        found.allowed,
        {(person, role): proposal for person, role, proposal in proposed},
        names_for(
            session,
            people={name for each in pairs for name in (each.person_id, each.displaces) if name},
            roles={name for each in pairs for name in (each.role_id, each.gives_up) if name},
        ),
    )
