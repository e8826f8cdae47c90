"""The what-if bench: a round under changes that are tried out, undone, redone, kept or thrown away.

A scenario is a list of steps (``scenario_steps``). It touches nothing until it is kept
(``scenario_keeping``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine.answers.whatif import WhatIf
from matchmaker.engine.reasons import Reason
from matchmaker.errors import Conflict, Invalid, NotFound, Refusal
from matchmaker.models import (
    Company,
    Need,
    Professional,
    Role,
    Round,
    RoundNeed,
    RoundPerson,
    Scenario,
)
from matchmaker.services import (
    indicators,
    results,
    rounds,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.board_search import text_matches
from matchmaker.services.commands import (
    Code,
    Command,
    ShortText,
    validated,
)
from matchmaker.services.reason_names import Names, names_for
from matchmaker.services.versions import claim

MOST_SCENARIOS, SHOWN = 8, 200
Step = dict[str, Any]


class Named(Command):
    """A scenario's name, and the one it begins as a copy of."""

    name: Annotated[str, ShortText(80, 1)]
    copy_of: Code | None = None


@dataclass(frozen=True)
class Tried:
    """A scenario and what it comes to; ``refusal`` says why it cannot be worked out.
    ``employers``: the city's indicator now and then, if everybody accepts."""

    scenario: Scenario
    answer: WhatIf | None
    refusal: Refusal | Invalid | None
    employers: tuple[int, int] = (0, 0)

    @property
    def steps(self) -> Sequence[Step]:
        """The steps in force."""
        return self.scenario.steps[: self.scenario.done]


@dataclass(frozen=True)
class Bench:
    """One scenario on its page, with the names of everything it speaks of."""

    round: Round
    tried: Tried
    names: Names


def listing(session: Session, *, actor: Actor, round_id: str) -> tuple[Round, list[Tried]]:
    """A round's scenarios side by side, oldest first. Refused: ``round_not_computed``."""
    row = _computed(session, actor, round_id)
    found = session.exec(
        select(Scenario)
        .where(Scenario.round_id == row.id)
        .order_by(col(Scenario.created_at), col(Scenario.id))
    )
    return row, [_tried(session, row, each) for each in found]


def bench(session: Session, *, actor: Actor, scenario_id: str) -> Bench:
    """One scenario worked out; refused: ``scenario_not_found``."""
    row, scenario = find(session, actor, scenario_id)
    tried = _tried(session, row, scenario)
    pairs: list[tuple[str, str]] = []
    needs: set[str] = set()
    if tried.answer:
        difference = tried.answer.difference
        pairs += [*difference.gained, *difference.lost]
        needs |= {*difference.staffed, *difference.unstaffed}
    for step in scenario.steps:
        if "role" in step:
            pairs.append((step["person"], step["role"]))
        elif "person" in step:
            pairs.append((step["person"], ""))
        needs |= {step["need"]} if "need" in step else set()
    reasons: Sequence[Reason] = ()
    if tried.refusal is not None:
        params = tried.refusal.params
        pairs += params.get("pins", ())
        pairs.append((params.get("person", ""), params.get("role", "")))
        reasons = params.get("reasons", ())
    people = {person for person, _role in pairs}
    roles = {role for _person, role in pairs} - {""}
    return Bench(row, tried, names_for(session, reasons, people=people, roles=roles, needs=needs))


def begin(
    session: Session, *, actor: Actor, now: datetime, round_id: str, data: Mapping[str, Any]
) -> Scenario:
    """A new scenario (``Named``). Refused: ``round_not_computed``, ``too_many_scenarios``."""
    row = _computed(session, actor, round_id)
    wanted = validated(Named, data)
    known = session.exec(select(Scenario).where(Scenario.round_id == row.id)).all()
    if len(known) >= MOST_SCENARIOS:
        raise Conflict("too_many_scenarios", max=MOST_SCENARIOS)
    copied = next((each for each in known if each.id == wanted.copy_of), None)
    scenario = Scenario(
        round_id=row.id,
        name=wanted.name,
        steps=copied.steps[: copied.done] if copied else [],
        done=copied.done if copied else 0,
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(scenario)
    session.flush()
    return scenario


def undo(session: Session, *, actor: Actor, scenario_id: str, version: int) -> Scenario:
    """Take the last step back; with none in force nothing happens."""
    return _move(session, actor, scenario_id, version, -1)


def redo(session: Session, *, actor: Actor, scenario_id: str, version: int) -> Scenario:
    """Carry the step out again that was taken back last."""
    return _move(session, actor, scenario_id, version, 1)


def throw_away(session: Session, *, actor: Actor, scenario_id: str) -> str:
    """Forget a scenario; the round is as it was. Returns the round's id."""
    row, scenario = find(session, actor, scenario_id)
    session.delete(scenario)
    session.flush()
    return row.id


@dataclass(frozen=True)
class Choosable:
    """Somebody to choose, and what tells them from namesakes: the district's code, the employer."""

    id: str
    name: str
    district: str
    employer: str


def people_of(session: Session, row: Round, text: str = "") -> list[Choosable]:
    """The round's people by reading, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Professional.id, Professional.name, Professional.district, Company.name)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .join(Company, col(Company.id) == Professional.company_id, isouter=True)
        .where(RoundPerson.round_id == row.id)
        .order_by(col(Professional.kana), col(Professional.id))
    )
    return [
        Choosable(each, name, district or "", employer or "")
        for each, name, district, employer in _matching(session, chosen, Professional, text)
    ]


def roles_of(session: Session, row: Round, text: str = "") -> list[tuple[str, str, str]]:
    """(id, title, need's title) of the round's roles, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Role.id, Role.title, Need.title)
        .join(Need, col(Need.id) == Role.need_id)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
        .order_by(col(Need.title), col(Role.position), col(Role.id))
    )
    return [(each, title, need) for each, title, need in _matching(session, chosen, Need, text)]


def needs_of(session: Session, row: Round, text: str = "") -> list[tuple[str, str]]:
    """(id, title) of the round's needs, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Need.id, Need.title)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
        .order_by(col(Need.title), col(Need.id))
    )
    return [(each, title) for each, title in _matching(session, chosen, Need, text)]


def _matching(
    session: Session, chosen: Any, searched: type[Professional] | type[Need], text: str
) -> Any:
    if text.strip():
        chosen = chosen.where(text_matches(searched.search_text, text))
    return session.execute(chosen.limit(SHOWN))


def _computed(session: Session, actor: Actor, round_id: str) -> Round:
    row = rounds.find(session, actor=actor, round_id=round_id)
    if not row.runs:
        raise Conflict("round_not_computed")
    return row


def find(session: Session, actor: Actor, scenario_id: str) -> tuple[Round, Scenario]:
    """A scenario and its round; refused: ``scenario_not_found``, ``round_not_computed``."""
    scenario = session.get(Scenario, scenario_id)
    if scenario is None:
        require_coordinator(actor)
        raise NotFound("scenario_not_found")
    return _computed(session, actor, scenario.round_id), scenario


def _tried(session: Session, row: Round, scenario: Scenario) -> Tried:
    steps = [step["changes"] for step in scenario.steps[: scenario.done]]
    try:
        answer = results.try_out(row, steps)
    except (Refusal, Invalid) as refused:
        return Tried(scenario, None, refused)
    seats = results.seats(row)
    then = (seats | set(answer.difference.gained)) - set(answer.difference.lost)
    now, later = (
        indicators.employers_through(session, on=row.as_of, people={person for person, _ in pairs})
        for pairs in (seats, then)
    )
    return Tried(scenario, answer, None, (now, later))


def _move(session: Session, actor: Actor, scenario_id: str, version: int, by: int) -> Scenario:
    _row, scenario = find(session, actor, scenario_id)
    claim(session, scenario, version)
    scenario.done = min(max(scenario.done + by, 0), len(scenario.steps))
    session.add(scenario)
    session.flush()
    return scenario
