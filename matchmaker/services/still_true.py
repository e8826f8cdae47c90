"""Whether what a round was computed from still holds for what is approved and sent."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import Need, NeedState, Professional, ProfileState, Proposal
from matchmaker.services import overtaken, promises
from matchmaker.services.overtaken import Sorted


def require_still_true(session: Session, proposals: Collection[Proposal]) -> None:
    """A need may have been withdrawn, a person may have paused since the computation, or another
    round may have asked them for all the work they offer. Their records are locked meanwhile, so
    that two rounds at once never ask the same person."""
    people = _locked(session, proposals)
    for person in people.values():
        if person.state != ProfileState.VERIFIED:
            raise Conflict("person_not_verified_now", name=person.name)
    rooms = overtaken.rooms(session, proposals, people)
    asked = [each for each in sorted(rooms.seats) if not rooms.fit(each, rooms.seats[each])]
    if asked:
        mine = {each.id for each in proposals}
        held = overtaken.held_seats(session, asked)
        raise Conflict(
            "asked_elsewhere_now",
            names=[people[each].name for each in asked],
            seats=tuple(each for each in held if each.proposal_id not in mine),
        )


def sort_out(session: Session, proposals: Collection[Proposal]) -> Sorted:
    """What of ``proposals`` may be approved now and what has to wait (``overtaken.sort_out``), the
    people locked as above. Refused as above where nothing may, and ``need_not_open_now``."""
    found = overtaken.sort_out(session, proposals, _locked(session, proposals))
    if not found.may:
        require_still_true(session, proposals)
    return found


def _locked(session: Session, proposals: Collection[Proposal]) -> dict[str, Professional]:
    needs = {each.need_id for each in proposals}
    closed = session.exec(
        select(Need.title).where(col(Need.id).in_(needs), Need.state != NeedState.OPEN)
    ).first()
    if closed is not None:
        raise Conflict("need_not_open_now", title=closed)
    return promises.lock_people(session, {each.professional_id for each in proposals})
