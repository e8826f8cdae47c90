"""What a coordinator asks on the board: why this person, why not another, what would it cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.engine.result import Explanation
from matchmaker.errors import NotFound
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
from matchmaker.services.board_search import text_matches
from matchmaker.services.board_teams import Seat, Team
from matchmaker.services.reason_names import Names, names_for, parsed

FOUND = 20


@dataclass(frozen=True)
class Rival:
    """Somebody else who could have the seat. ``score`` is None for who was only looked up by name,
    ``holds`` names the seats this person has in the round now: (role, need); ``cost``: what the
    whole round would lose, where it was worked out."""

    person: Professional
    score: int | None
    holds: tuple[tuple[str, str], ...] = ()
    cost: Difference | None = None


@dataclass(frozen=True)
class Others:
    """Who else could have a seat: the cheapest for the whole first where ``ranked``, else the best
    scores. ``allowed``: how many the rules allow, of whom these were looked at. ``without``: what
    the round would lose if the person of the seat could not have it."""

    rivals: tuple[Rival, ...]
    ranked: bool
    allowed: int
    without: Difference | None
    names: Names


@dataclass(frozen=True)
class Answer:
    """What putting somebody else on the seat would mean."""

    person: Professional
    explanation: Explanation
    difference: Difference


@dataclass(frozen=True)
class Why:
    """One proposal explained, with the people who might have the seat instead.

    ``features``: basis points of 0…1 per feature; empty for a pair that the round as it was last
    worked out does not know any more. ``found``: people who match the search.
    """

    round: Round
    team: Team
    seat: Seat
    features: dict[str, int]
    others: Others
    found: tuple[Rival, ...]
    answer: Answer | None
    names: Names


def why(
    session: Session, *, actor: Actor, proposal_id: str, other: str = "", text: str = ""
) -> Why:
    """Explain a proposal; ``other`` (a professional) asks what giving them the seat would cost,
    ``text`` looks for people by name. A proposal that has ended is explained as it was. Refused:
    ``proposal_not_found``, ``pair_not_in_round``."""
    row, team, seat, _names = proposals.seat(session, actor=actor, proposal_id=proposal_id)
    role = seat.role.id
    try:
        features = results.explain(row, professional_id=seat.person.id, role_id=role).features
    except NotFound:  # of an earlier computation: what was said then is kept, the rest is not
        features = {}
    rivals = others(session, row, seat)
    known = {rival.person.id for rival in rivals.rivals}
    found = _search(session, row, text, {seat.person.id})
    if len(found) == 1 and not other:
        other = found[0].person.id  # the one who was named is who is asked about
    asked = session.get(Professional, other) if other else None
    answer = _answer(row, asked, role) if asked else None
    mentioned = list(parsed([*seat.proposal.strengths, *seat.proposal.gaps]))
    difference = answer.difference if answer else None
    if answer and difference:
        mentioned += [*answer.explanation.reasons, *difference.refusals]
    return Why(
        round=row,
        team=team,
        seat=seat,
        features=features,
        others=rivals,
        found=tuple(each for each in found if each.person.id not in {*known, other}),
        answer=answer,
        names=_names_of(session, mentioned, [difference] if difference else []),
    )


def _answer(row: Round, person: Professional, role_id: str) -> Answer:
    return Answer(
        person,
        results.explain(row, professional_id=person.id, role_id=role_id),
        results.why_not(row, professional_id=person.id, role_id=role_id),
    )


def _names_of(
    session: Session, mentioned: Iterable[Reason], differences: Iterable[Difference]
) -> Names:
    differences = list(differences)
    pairs = [
        pair for each in differences for pair in (*each.gained, *each.lost, *each.clashing_pins)
    ]
    return names_for(
        session,
        mentioned,
        people={person for person, _role in pairs},
        roles={role for _person, role in pairs},
        needs={need for each in differences for need in (*each.staffed, *each.unstaffed)},
    )


def others(session: Session, row: Round, seat: Seat) -> Others:
    """Everybody else whom the rules allow on a seat, with what they hold now and what they would
    cost the whole; by fit alone where the round does not have the seat, or where it is fixed."""
    told = results.why(row, professional_id=seat.person.id, role_id=seat.role.id)
    costs = {each.person_id: each.cost for each in told.alternatives} if told else {}
    scored = results.runners_up(row, role_id=seat.role.id)
    scores = {each.person_id: each.score for each in told.alternatives} if told else {}
    scores = scores or {person: score for person, score in scored if person != seat.person.id}
    found = session.exec(select(Professional).where(col(Professional.id).in_(scores)))
    people = {person.id: person for person in found}
    holds = _holds(session, row, list(scores))
    return Others(
        tuple(
            Rival(people[each], score, tuple(holds[each]), costs.get(each))
            for each, score in scores.items()
            if each in people
        ),
        ranked=bool(costs),
        allowed=told.allowed if told else len(scores),
        without=told.without if told else None,
        names=_names_of(session, (), [*costs.values(), *([told.without] if told else [])]),
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
