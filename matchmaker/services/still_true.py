"""Whether what a round was computed from still holds for what is approved and sent."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import Need, NeedState, Professional, ProfileState, Proposal, Role
from matchmaker.services import commitments, promises


def require_still_true(session: Session, proposals: list[Proposal]) -> None:
    """A need may have been withdrawn, a person may have paused since the computation, or another
    round may have asked them for all the work they offer. Their records are locked meanwhile, so
    that two rounds at once never ask the same person."""
    needs = {each.need_id for each in proposals}
    closed = session.exec(
        select(Need.title).where(col(Need.id).in_(needs), Need.state != NeedState.OPEN)
    ).first()
    if closed is not None:
        raise Conflict("need_not_open_now", title=closed)
    people = promises.lock_people(session, {each.professional_id for each in proposals})
    for person in people.values():
        if person.state != ProfileState.VERIFIED:
            raise Conflict("person_not_verified_now", name=person.name)
    asked = _asked_elsewhere(session, proposals, people)
    if asked:
        raise Conflict("asked_elsewhere_now", names=asked)


def _asked_elsewhere(
    session: Session, proposals: list[Proposal], people: Mapping[str, Professional]
) -> list[str]:
    """Who would hold more projects, or hours a week, than they offer."""
    elsewhere = commitments.besides(session, proposals)
    busy = {each for each in people if elsewhere.needs[each]}
    theirs = [each for each in proposals if each.professional_id in busy]
    asked = {
        role.id: promises.asked_minutes(need, role)
        for need, role in session.exec(
            select(Need, Role)
            .join(Role, col(Role.need_id) == Need.id)
            .where(col(Role.id).in_({each.role_id for each in theirs}))
        )
    }
    held = elsewhere.needs
    for each in theirs:
        held[each.professional_id].add(each.need_id)
        elsewhere.minutes[each.professional_id] += asked[each.role_id]
    return [
        people[each].name
        for each in sorted(busy)
        if len(held[each]) > people[each].capacity
        or elsewhere.minutes[each] > round(people[each].hours_per_week * 60) > 0
    ]
