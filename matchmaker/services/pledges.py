"""Pledges of companies: entered by an officer, confirmed by a coordinator, reserved in a round.

A confirmed pledge goes into the next round whose needs suit it (form, theme, dates) as seats
reserved for the company's people (``Policy.reserved``): as many as possible, but never at the
cost of a group or a need. Nobody is bound by it: each of these people says yes or no themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import model_validator
from sqlmodel import Session, col, select

from matchmaker.engine.policy import Reserve
from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import (
    ActivityField,
    Company,
    CompanyPledge,
    Need,
    NeedField,
    NeedForm,
    PledgeState,
    Round,
    RoundState,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_company, require_coordinator
from matchmaker.services.commands import (
    Choice,
    Command,
    Date,
    LongText,
    Whole,
    in_order,
    validated,
)
from matchmaker.services.versions import claim

FORMS = tuple(form.value for form in NeedForm)
OPEN = (PledgeState.OFFERED, PledgeState.CONFIRMED)


class NewPledge(Command):
    """How many people, for which form and theme (blank: any), between which days."""

    seats: Annotated[int, Whole(1, 99)]
    form: Annotated[str, Choice(FORMS)] = ""
    theme: str = ""
    from_on: Date
    until_on: Date
    note: Annotated[str, LongText(1000)] = ""

    @model_validator(mode="after")
    def _in_order(self) -> NewPledge:
        in_order(self.from_on, self.until_on, field="until_on")
        return self


@dataclass(frozen=True)
class Pledge:
    """A pledge with the names that belong to it; ``round`` once it went into one."""

    row: CompanyPledge
    company: Company
    theme: ActivityField | None
    round: Round | None


def pledge(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    company_id: str,
    data: Mapping[str, Any],
) -> CompanyPledge:
    """Enter a pledge (``NewPledge``); nothing happens until a coordinator confirms it.

    Refused: ``company_not_found``; an unknown theme (``not_in_list``); a period that is over
    (``in_the_past``).
    """
    require_company(actor, company_id)
    wanted = validated(NewPledge, data)
    if wanted.theme and session.get(ActivityField, wanted.theme) is None:
        raise Invalid([FieldError("theme", "not_in_list")])
    if wanted.until_on < today:
        raise Invalid([FieldError("until_on", "in_the_past")])
    row = CompanyPledge(
        company_id=company_id, offered_by=actor.account_id, offered_at=now, **wanted.model_dump()
    )
    session.add(row)
    session.flush()
    _record(session, actor, now, row, "pledge_people", seats=row.seats)
    return row


def withdraw(
    session: Session, *, actor: Actor, now: datetime, pledge_id: str, version: int
) -> CompanyPledge:
    """Take a pledge back; twice is once. A round it went into keeps what it reserved.

    Refused: ``pledge_not_found``, ``changed_meanwhile``, ``pledge_decided`` once declined.
    """
    row = _find(session, pledge_id)
    if not actor.coordinator and row.company_id not in actor.company_ids:
        raise NotFound("pledge_not_found")
    if row.state == PledgeState.WITHDRAWN:
        return row
    if row.state not in OPEN:
        raise Conflict("pledge_decided")
    return _decided(session, actor, now, row, version, PledgeState.WITHDRAWN, "withdraw_people")


def confirm(
    session: Session, *, actor: Actor, now: datetime, pledge_id: str, version: int
) -> CompanyPledge:
    """Let a pledge go into the next round; twice is once. Refused: ``coordinators_only``,
    ``pledge_not_found``, ``changed_meanwhile``, ``pledge_decided``."""
    require_coordinator(actor)
    row = _find(session, pledge_id)
    if row.state == PledgeState.CONFIRMED:
        return row
    if row.state != PledgeState.OFFERED:
        raise Conflict("pledge_decided")
    return _decided(session, actor, now, row, version, PledgeState.CONFIRMED, "confirm_people")


def decline(
    session: Session, *, actor: Actor, now: datetime, pledge_id: str, version: int, reason: str
) -> CompanyPledge:
    """Say no, with a reason that the company reads. Refused: as ``confirm``; ``missing`` beside
    ``reason``."""
    require_coordinator(actor)
    row = _find(session, pledge_id)
    if row.state == PledgeState.DECLINED:
        return row
    if row.state != PledgeState.OFFERED:
        raise Conflict("pledge_decided")
    row.reason = validated(Reason, {"reason": reason}).reason
    return _decided(session, actor, now, row, version, PledgeState.DECLINED, "decline_people")


class Reason(Command):
    """Why not."""

    reason: Annotated[str, LongText(400, 1)]


def of_company(session: Session, *, actor: Actor, company_id: str) -> list[Pledge]:
    """A company's pledges, newest first; refused: ``company_not_found``."""
    if not actor.coordinator:
        require_company(actor, company_id)
    return _pledges(session, CompanyPledge.company_id == company_id)


def one(session: Session, *, actor: Actor, pledge_id: str) -> Pledge:
    """A pledge for a coordinator; refused: ``coordinators_only``, ``pledge_not_found``."""
    require_coordinator(actor)
    found = _pledges(session, CompanyPledge.id == pledge_id)
    if not found:
        raise NotFound("pledge_not_found")
    return found[0]


def to_decide(
    session: Session, most: int
) -> Iterator[tuple[str, str, str, datetime, dict[str, Any]]]:
    """(kind, company, its name, since, parameters) of pledges that wait for a coordinator."""
    found = session.exec(
        select(CompanyPledge, Company.name)
        .join(Company, col(Company.id) == CompanyPledge.company_id)
        .where(CompanyPledge.state == PledgeState.OFFERED)
        .order_by(col(CompanyPledge.offered_at), col(CompanyPledge.id))
        .limit(most)
    )
    for row, name in found:
        yield "pledge", row.company_id, name, row.offered_at, {"seats": row.seats}


def of_round(session: Session, *, round_id: str) -> list[Pledge]:
    """The pledges that went into a round, in the order of its reserves."""
    found = _pledges(session, CompanyPledge.round_id == round_id)
    return sorted(found, key=lambda each: each.row.id)


def reserve(session: Session, *, row: Round, need_ids: Iterable[str], today: date) -> None:
    """Put every confirmed pledge that suits a need of a fresh round into the round's policy."""
    ids = list(need_ids)
    needs = session.exec(select(Need).where(col(Need.id).in_(ids))).all()
    themes: dict[str, set[str]] = {}
    for need_id, code in session.exec(
        select(NeedField.need_id, NeedField.field).where(col(NeedField.need_id).in_(ids))
    ):
        themes.setdefault(need_id, set()).add(code)
    reserved = []
    for each in _free(session, today):
        suiting = [need.id for need in needs if suits(each, need, themes.get(need.id, set()))]
        if suiting:
            reserved.append(Reserve(each.company_id, tuple(sorted(suiting)), each.seats))
            each.round_id = row.id
            session.add(each)
    if reserved:
        row.policy = {**row.policy, "reserved": [[c, list(n), s] for c, n, s in reserved]}
        session.add(row)
    session.flush()


def suits(pledged: CompanyPledge, need: Need, themes: set[str]) -> bool:
    """Whether a need has the form and theme of a pledge and dates within reach of its period."""
    return (
        pledged.form in ("", need.form)
        and (not pledged.theme or pledged.theme in themes)
        and (need.starts_on is None or need.starts_on <= pledged.until_on)
        and (need.ends_on is None or need.ends_on >= pledged.from_on)
    )


def _free(session: Session, today: date) -> list[CompanyPledge]:
    """Confirmed pledges of periods not over that no round has, or only a cancelled one."""
    return list(
        session.exec(
            select(CompanyPledge)
            .join(Round, col(Round.id) == CompanyPledge.round_id, isouter=True)
            .where(CompanyPledge.state == PledgeState.CONFIRMED, CompanyPledge.until_on >= today)
            .where(col(Round.id).is_(None) | (col(Round.state) == RoundState.CANCELLED))
            .order_by(col(CompanyPledge.id))
        )
    )


def _pledges(session: Session, wanted: Any) -> list[Pledge]:
    found = session.exec(
        select(CompanyPledge, Company, ActivityField, Round)
        .join(Company, col(Company.id) == CompanyPledge.company_id)
        .join(ActivityField, col(ActivityField.code) == CompanyPledge.theme, isouter=True)
        .join(Round, col(Round.id) == CompanyPledge.round_id, isouter=True)
        .where(wanted)
        .order_by(col(CompanyPledge.offered_at).desc(), col(CompanyPledge.id))
    )
    return [Pledge(*row) for row in found]


def _find(session: Session, pledge_id: str) -> CompanyPledge:
    row = session.get(CompanyPledge, pledge_id)
    if row is None:
        raise NotFound("pledge_not_found")
    return row


def _decided(
    session: Session,
    actor: Actor,
    now: datetime,
    row: CompanyPledge,
    version: int,
    state: PledgeState,
    act: str,
) -> CompanyPledge:
    claim(session, row, version)
    row.state, row.decided_by, row.decided_at = state, actor.account_id, now
    session.add(row)
    session.flush()
    _record(session, actor, now, row, act)
    return row


def _record(
    session: Session, actor: Actor, now: datetime, row: CompanyPledge, act: str, **details: Any
) -> None:
    audit.record(
        session, actor=actor, act=act, subject=("company", row.company_id), now=now,
        pledge=row.id, **details,
    )  # fmt: skip
