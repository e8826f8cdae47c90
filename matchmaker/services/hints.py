"""Telling somebody who waits what small change on their own side would have brought a seat.

Only what the round proved for this person can be told, once, and nothing but the change itself: the
mail names no need, no group, and nobody else. Whether to change anything is theirs to decide.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Professional, ProfileState, RoundPerson
from matchmaker.services import audit, letters, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import names_for

OURS = ("check_profile",)  # what a coordinator has to do, not the person


def tellable(opening: Reason) -> bool:
    """Whether a change is the person's own to make."""
    return opening.code not in OURS


def tell(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    round_id: str,
    professional_id: str,
    opening: str,
) -> RoundPerson:
    """Write to somebody who waits about one opening of the round; telling twice is telling once.

    Refused: ``person_not_waiting``, ``change_not_found`` for what the round does not say or the
    person cannot change, ``no_address`` for who left none and has to be told in another way.
    """
    row = rounds.find(session, actor=actor, round_id=round_id)
    told = session.get(RoundPerson, (row.id, professional_id), with_for_update=True)
    person = session.get(Professional, professional_id)
    if told is None or told.matched or person is None or person.state == ProfileState.LEFT:
        raise NotFound("person_not_waiting")
    if opening not in told.openings.get("changes", ()):
        raise NotFound("change_not_found")
    change = parse_reasons(opening)[0]
    if not tellable(change):
        raise NotFound("change_not_found")
    if opening in told.openings.get("told", ()):
        return told
    book = letters.address_book(session, people=[person], groups=())
    skill = names_for(session, [change]).skills.get(change.params.get("skill", ""))
    letter = letters.to_professional(
        book, person, "opening_told", f"{row.id}:{opening}",
        opening=opening,
        skills={skill.code: [skill.label_ja, skill.label_en]} if skill else {},
    )  # fmt: skip
    if not letter.email:
        raise Conflict("no_address", name=person.name)
    letters.post(session, [letter], now=now)
    told.openings = {**told.openings, "told": [*told.openings.get("told", ()), opening]}
    session.add(told)
    audit.record(
        session, actor=actor, act="opening_told", subject=("professional", person.id), now=now,
        round_id=row.id, opening=opening,
    )  # fmt: skip
    return told
