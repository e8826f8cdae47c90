"""Asking a group for exactly the change that would bring its need a team.

The engine proves which smallest changes would do (``smallest_change`` of the round); a coordinator
asks, the group answers, and with its yes the need is changed as asked, without being checked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select, update

from matchmaker.engine.files.columns import SLOTS
from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Account,
    Group,
    Mode,
    Need,
    NeedState,
    Role,
    RoleSkill,
    RoundNeed,
    SuggestedChange,
    SuggestionState,
)
from matchmaker.services import audit, letters, notices, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, Flag, LongText, validated
from matchmaker.services.need_drafts import find
from matchmaker.services.needs import require_state
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.reason_names import names_for

CHANGEABLE = (NeedState.OPEN, NeedState.UNSTAFFED)
Params = Mapping[str, str]


class Answer(Command):
    """What the group says: yes or no, and a note to the coordinators."""

    agreed: Flag
    note: Annotated[str, LongText(1000)] = ""


def askable(change: Reason) -> bool:
    """Whether a change is the group's to make (people to find, floors and limits are not)."""
    return change.code in _APPLIED


def ask(
    session: Session, *, actor: Actor, now: datetime, round_id: str, need_id: str, change: str
) -> SuggestedChange:
    """Ask the need's group for a change that the round proved; asking twice is asking once.

    Refused: ``need_not_found``, ``change_not_found`` for what the round does not say or the group
    cannot change, ``need_state`` for a need that is not open any more.
    """
    row = rounds.find(session, actor=actor, round_id=round_id)
    told = session.get(RoundNeed, (row.id, need_id))
    if told is None:
        raise NotFound("need_not_found")
    if change not in told.smallest_change.get("changes", ()):
        raise NotFound("change_not_found")
    return put(session, actor=actor, now=now, round_id=round_id, need_id=need_id, change=change)


def put(
    session: Session, *, actor: Actor, now: datetime, round_id: str, need_id: str, change: str
) -> SuggestedChange:
    """The same for a change that the caller has proven; refused likewise."""
    if not askable(_parsed(change)):
        raise NotFound("change_not_found")
    need = _locked(session, need_id)
    require_state(need, CHANGEABLE)
    known = session.exec(
        select(SuggestedChange).where(
            SuggestedChange.need_id == need_id,
            SuggestedChange.change == change,
            SuggestedChange.state == SuggestionState.ASKED,
        )
    ).first()
    if known is not None:
        return known
    asked = SuggestedChange(
        need_id=need_id, round_id=round_id, change=change, asked_by=actor.account_id, asked_at=now
    )
    session.add(asked)
    session.flush()
    group = session.get_one(Group, need.group_id)
    book = letters.address_book(session, people=(), groups=(group,))
    told_of = _told_of(session, need, asked)
    letters.post(
        session, letters.to_group(book, group, "change_asked", asked.id, **told_of), now=now
    )
    audit.record(
        session, actor=actor, act="change_asked", subject=("need", need_id), now=now, change=change
    )
    return asked


def waiting(session: Session, need_ids: Iterable[str]) -> Sequence[SuggestedChange]:
    """What the groups of these needs were asked for and have not answered, oldest first."""
    return session.exec(
        select(SuggestedChange)
        .join(Need, col(Need.id) == SuggestedChange.need_id)
        .where(
            SuggestedChange.state == SuggestionState.ASKED,
            col(SuggestedChange.need_id).in_(list(need_ids)),
            col(Need.state).in_(CHANGEABLE),
        )
        .order_by(col(SuggestedChange.asked_at), col(SuggestedChange.id))
    ).all()


def of_needs(session: Session, need_ids: Iterable[str]) -> dict[tuple[str, str], SuggestedChange]:
    """(need, change) → the latest time it was asked for."""
    rows = session.exec(
        select(SuggestedChange)
        .where(col(SuggestedChange.need_id).in_(list(need_ids)))
        .order_by(col(SuggestedChange.asked_at), col(SuggestedChange.id))
    )
    return {(row.need_id, row.change): row for row in rows}


def question(
    session: Session, *, actor: Actor, need_id: str, change_id: str
) -> tuple[Need, SuggestedChange]:
    """What a group was asked for, for its people and coordinators. Refused:
    ``change_not_found``."""
    need = find(session, actor=actor, need_id=need_id)
    asked = session.get(SuggestedChange, change_id)
    if asked is None or asked.need_id != need.id:
        raise NotFound("change_not_found")
    return need, asked


def answer(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    change_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> SuggestedChange:
    """The group's answer; with a yes the need is changed. The same answer twice is one answer.

    Refused: ``change_answered`` when it was answered otherwise, ``need_state`` when the need is
    not open any more, ``change_outdated`` when what should change is gone.
    """
    need, asked = question(session, actor=actor, need_id=need_id, change_id=change_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    given = validated(Answer, data)
    state = SuggestionState.AGREED if given.agreed else SuggestionState.DECLINED
    need = _locked(session, need_id)
    session.refresh(asked)
    if asked.state == state:
        return asked
    if asked.state != SuggestionState.ASKED:
        raise Conflict("change_answered")
    require_state(need, CHANGEABLE)
    asked.state, asked.note = state, given.note
    asked.answered_by, asked.answered_at = actor.account_id, now
    session.add(asked)
    if given.agreed:
        _carry_out(session, need, _parsed(asked.change))
        session.flush()
        session.execute(
            update(SuggestedChange)
            .where(
                col(SuggestedChange.need_id) == need.id,
                col(SuggestedChange.state) == SuggestionState.ASKED,
            )
            .values(state=SuggestionState.SETTLED)
        )
    audit.record(
        session, actor=actor, act=f"change_{state}", subject=("need", need.id), now=now,
        **details, change=asked.change,
    )  # fmt: skip
    _tell(session, need, asked, now)
    return asked


def _locked(session: Session, need_id: str) -> Need:
    """The need, held until the end of the transaction: of two who ask or answer, one waits."""
    return session.exec(select(Need).where(Need.id == need_id).with_for_update()).one()


def _parsed(change: str) -> Reason:
    return parse_reasons(change)[0]


def _told_of(session: Session, need: Need, asked: SuggestedChange) -> dict[str, Any]:
    """A message's parameters: the change, and the words that belong to its codes."""
    names = names_for(session, (change := _parsed(asked.change),))
    skill = names.skills.get(change.params.get("skill", ""))
    return {
        "need": need.title,
        "need_id": need.id,
        "round_id": asked.round_id,
        "change_id": asked.id,
        "change": asked.change,
        "skills": {skill.code: [skill.label_ja, skill.label_en]} if skill else {},
        "roles": {role: list(titles) for role, titles in names.roles.items()},
    }


def _tell(session: Session, need: Need, asked: SuggestedChange, now: datetime) -> None:
    asker = session.get(Account, asked.asked_by) if asked.asked_by else None
    if asker is None:
        return
    group = session.get_one(Group, need.group_id)
    notices.tell(
        session,
        to=asker,
        code="change_answered",
        dedupe_key=f"change_answered:{asked.id}",
        now=now,
        name=asker.name,
        group=group.name,
        agreed=asked.state == SuggestionState.AGREED,
        note=asked.note,
        **_told_of(session, need, asked),
    )


def _carry_out(session: Session, need: Need, change: Reason) -> None:
    _APPLIED[change.code](session, need, change.params)
    need.version += 1
    session.add(need)


def _both_ways(_session: Session, need: Need, _given: Params) -> None:
    need.mode = Mode.HYBRID


def _add_slot(_session: Session, need: Need, given: Params) -> None:
    need.slots = [slot for slot in SLOTS if slot in {*need.slots, given["slot"]}]


def _move_dates(_session: Session, need: Need, given: Params) -> None:
    need.starts_on, need.ends_on = _day(given["starts"]), _day(given["ends"])


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def _drop_language(_session: Session, need: Need, given: Params) -> None:
    need.languages = [code for code in need.languages if code != given["language"]]


def _ask_fewer_hours(session: Session, need: Need, given: Params) -> None:
    role = _role(session, need, given)
    role.hours_per_week = float(given["asks"])
    session.add(role)


def _make_optional(session: Session, need: Need, given: Params) -> None:
    role = _role(session, need, given)
    role.essential = False
    session.add(role)


def _one_seat_less(session: Session, need: Need, given: Params) -> None:
    role = _role(session, need, given)
    role.seats = int(given["seats"])
    session.add(role)


def _lower_level(session: Session, need: Need, given: Params) -> None:
    row = _role_skill(session, need, given)
    row.min_level = int(given["level"])
    session.add(row)


def _make_preferred(session: Session, need: Need, given: Params) -> None:
    row = _role_skill(session, need, given)
    row.essential = False
    session.add(row)


def _role(session: Session, need: Need, given: Params) -> Role:
    role = session.get(Role, given["role"])
    if role is None or role.need_id != need.id:
        raise Conflict("change_outdated")
    return role


def _role_skill(session: Session, need: Need, given: Params) -> RoleSkill:
    row = session.get(RoleSkill, (_role(session, need, given).id, given["skill"]))
    if row is None:
        raise Conflict("change_outdated")
    return row


_APPLIED: dict[str, Callable[[Session, Need, Params], None]] = {
    "allow_remote": _both_ways,
    "allow_onsite": _both_ways,
    "add_slot": _add_slot,
    "move_dates": _move_dates,
    "ask_fewer_hours": _ask_fewer_hours,
    "drop_language": _drop_language,
    "lower_level": _lower_level,
    "make_preferred": _make_preferred,
    "make_optional": _make_optional,
    "one_seat_less": _one_seat_less,
}
