"""What a coordinator asks on the board: why this person, why not another, what would it cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.engine.result import Explanation
from matchmaker.models import (
    HELD,
    Need,
    Professional,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundPerson,
)
from matchmaker.services import proposals, results
from matchmaker.services.actors import Actor
from matchmaker.services.proposals import Seat, Team, text_matches
from matchmaker.services.reason_names import Names, names_for, parsed

FOUND = 20


@dataclass(frozen=True)
class Rival:
    """Somebody else who could have the seat. ``score`` is None when a rule forbids the pair,
    ``holds`` names the seats this person has in the round now: (role, need)."""

    person: Professional
    score: int | None
    holds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What putting somebody else on the seat would mean."""

    person: Professional
    explanation: Explanation
    difference: Difference


@dataclass(frozen=True)
class Why:
    """One proposal explained, with the people who might have the seat instead.

    ``features``: basis points of 0…1 per feature. ``found``: people who match the search.
    """

    round: Round
    team: Team
    seat: Seat
    features: dict[str, int]
    rivals: tuple[Rival, ...]
    found: tuple[Rival, ...]
    answer: Answer | None
    names: Names


def why(
    session: Session, *, actor: Actor, proposal_id: str, other: str = "", text: str = ""
) -> Why:
    """Explain a proposal; ``other`` (a professional) asks what giving them the seat would cost,
    ``text`` looks for people by name. Refused: ``proposal_not_found``, ``pair_not_in_round``."""
    row, team, seat, _names = proposals.seat(session, actor=actor, proposal_id=proposal_id)
    role = seat.role.id
    own = results.explain(row, professional_id=seat.person.id, role_id=role)
    rivals = others(session, row, seat)
    asked = session.get(Professional, other) if other else None
    answer = _answer(row, asked, role) if asked else None
    mentioned = list(parsed([*seat.proposal.strengths, *seat.proposal.gaps]))
    ids = {rival.person.id for rival in rivals}
    difference = answer.difference if answer else None
    if answer and difference:
        mentioned += [*answer.explanation.reasons, *difference.refusals]
    return Why(
        round=row,
        team=team,
        seat=seat,
        features=own.features,
        rivals=rivals,
        found=_search(session, row, text, {*ids, seat.person.id}),
        answer=answer,
        names=_names_of(session, mentioned, difference),
    )


def _answer(row: Round, person: Professional, role_id: str) -> Answer:
    return Answer(
        person,
        results.explain(row, professional_id=person.id, role_id=role_id),
        results.why_not(row, professional_id=person.id, role_id=role_id),
    )


def _names_of(session: Session, mentioned: list[Reason], difference: Difference | None) -> Names:
    if difference is None:
        return names_for(session, mentioned)
    pairs = [*difference.gained, *difference.lost, *difference.clashing_pins]
    return names_for(
        session,
        mentioned,
        people=[person for person, _role in pairs],
        roles=[role for _person, role in pairs],
        needs=[*difference.staffed, *difference.unstaffed],
    )


def others(session: Session, row: Round, seat: Seat) -> tuple[Rival, ...]:
    """Everybody else whom the rules allow on a seat, best first, with what they hold now."""
    scored = results.runners_up(row, role_id=seat.role.id)
    ids = [person for person, _score in scored if person != seat.person.id]
    found = session.exec(select(Professional).where(col(Professional.id).in_(ids)))
    people = {person.id: person for person in found}
    holds = _holds(session, row, ids)
    return tuple(
        Rival(people[each], score, tuple(holds[each])) for each, score in scored if each in people
    )


def _holds(session: Session, row: Round, people: list[str]) -> dict[str, list[tuple[str, str]]]:
    found = session.exec(
        select(Proposal.professional_id, Role.title, Need.title)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Need, col(Need.id) == Proposal.need_id)
        .where(
            Proposal.round_id == row.id,
            col(Proposal.professional_id).in_(people),
            col(Proposal.state).in_((ProposalState.PROPOSED, *HELD)),
        )
        .order_by(col(Proposal.id))
    )
    holds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for person, role, need in found:
        holds[person].append((role, need))
    return holds


def _search(session: Session, row: Round, text: str, known: set[str]) -> tuple[Rival, ...]:
    if not text.strip():
        return ()
    found = session.exec(
        select(Professional)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .where(RoundPerson.round_id == row.id, text_matches(Professional.search_text, text))
        .order_by(col(Professional.kana), col(Professional.id))
        .limit(FOUND)
    )
    return tuple(Rival(person, None) for person in found if person.id not in known)


def names_of_changes(session: Session, row: Round, decided: Iterable[Proposal] = ()) -> Names:
    """Names for what the last computation changed, for why it failed, and for proposals that
    were ``decided`` about."""
    changed = row.measures.get("changed") or {}
    pairs = [*changed.get("added", ()), *changed.get("removed", ())]
    pairs += [(each.professional_id, each.role_id) for each in decided]
    failure = row.failure.get("params", {})
    pairs += failure.get("pins", ())
    if "person" in failure and "role" in failure:
        pairs.append((failure["person"], failure["role"]))
    return names_for(
        session,
        parse_reasons(failure.get("reasons", "")),
        people=[pair[0] for pair in pairs],
        roles=[pair[1] for pair in pairs],
        needs=[*changed.get("staffed", ()), *changed.get("unstaffed", ())],
    )
