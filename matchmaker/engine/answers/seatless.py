"""Why one person has no seat: what a large round's ``waiting.csv`` leaves out."""

from __future__ import annotations

from matchmaker.engine.outcome import Outcome
from matchmaker.engine.reasons import Reason
from matchmaker.engine.waiting import left_out, waiting_reasons
from matchmaker.errors import Refusal


def seatless(outcome: Outcome, person_id: str) -> tuple[Reason, ...]:
    """Why ``person_id`` waits: the nearest refusals, or what became of the seats that fit best.

    Raises Refusal ``unknown_person``, and ``person_is_seated`` for one who has a seat.
    """
    if person_id not in outcome.snapshot.person_at:
        raise Refusal("unknown_person", person=person_id)
    person = outcome.snapshot.person_at[person_id]
    if person not in left_out(outcome):
        raise Refusal("person_is_seated", person=person_id)
    return waiting_reasons(outcome, person)
