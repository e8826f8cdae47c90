"""The what-if bench: a round under changes that are tried out, undone, redone, kept or thrown away.

A scenario is a list of steps, each a piece of the engine's changes (``engine/answers/edits``). It
touches nothing until it is kept: then its steps become marks, needs and rules of the round, and the
round is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine.answers.whatif import WhatIf
from matchmaker.engine.cells import write_cell
from matchmaker.engine.columns import FILES
from matchmaker.engine.market import Market
from matchmaker.engine.policy import GROUP_CLASSES, Policy
from matchmaker.engine.reasons import Reason
from matchmaker.errors import Conflict, FieldError, Invalid, NotFound, Refusal
from matchmaker.models import (
    MarkKind,
    Mode,
    Need,
    Professional,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundNeed,
    RoundPerson,
    Scenario,
)
from matchmaker.services import (
    approvals,
    audit,
    indicators,
    marks,
    results,
    rounds,
    snapshots,
    taxonomy,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import (
    Choice,
    Code,
    Command,
    LongText,
    ShortText,
    Version,
    Whole,
    validated,
)
from matchmaker.services.policies import PolicyTerms, entries
from matchmaker.services.proposals import text_matches
from matchmaker.services.reason_names import Names, names_for
from matchmaker.services.versions import claim

MOST_STEPS, MOST_SCENARIOS, SHOWN = 30, 8, 200
IMAGINED_HOURS = 20  # a week, of a person who is only imagined
Step = dict[str, Any]


class Named(Command):
    """A scenario's name, and the one it begins as a copy of."""

    name: Annotated[str, ShortText(80, 1)]
    copy_of: Code | None = None


class Pair(Command):
    """Two who must be together (pin) or must not (ban)."""

    professional_id: Code
    role_id: Code
    kind: Annotated[str, Choice(MarkKind)]


class LeftOut(Command):
    """Somebody, or a need, that takes no part."""

    id: Code


class Newcomer(Command):
    """Somebody who is only imagined: one skill at a level, online, in person or both."""

    skill: Code
    level: Annotated[int, Whole(1, 4)]
    mode: Annotated[str, Choice(Mode)]


class Terms(PolicyTerms):
    """Other rules, and the most new projects of this round."""

    max_new_projects: Annotated[int, Whole(1, 10_000)] | None = None


class Kept(Command):
    """Why a scenario is made the round; read by colleagues, and part of the receipt."""

    reason: Annotated[str, LongText(400, 1)]
    version: Version


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
    row, scenario = _find(session, actor, scenario_id)
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


def try_pair(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Fix two together or keep them apart (``Pair``)."""
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(Pair, data)
    pair = [wanted.professional_id, wanted.role_id]
    market = _market(row)
    _known(market.professionals, pair[0], "professional_id")
    _known(market.roles, pair[1], "role_id")
    other = "unban" if wanted.kind == MarkKind.PIN else "unpin"
    changes = {other: [pair], wanted.kind: [pair]}
    step = {"kind": wanted.kind, "person": pair[0], "role": pair[1], "changes": changes}
    return _add(session, scenario, version, step)


def leave_out_person(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Let somebody take no part (``LeftOut``)."""
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(LeftOut, data)
    _known(_market(row).professionals, wanted.id, "id")
    changes = {"remove": {"professionals": [wanted.id]}}
    step = {"kind": "without_person", "person": wanted.id, "changes": changes}
    return _add(session, scenario, version, step)


def leave_out_need(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Take a need out of the round (``LeftOut``)."""
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(LeftOut, data)
    _known(_market(row).needs, wanted.id, "id")
    changes = {"remove": {"needs": [wanted.id]}}
    return _add(
        session, scenario, version, {"kind": "without_need", "need": wanted.id, "changes": changes}
    )


def add_person(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Imagine one more person (``Newcomer``), free at any time."""
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(Newcomer, data)
    if wanted.skill not in taxonomy.choosable(session):
        raise Invalid([FieldError("skill", "not_in_list")])
    name = f"new-{len([each for each in scenario.steps if each['kind'] == 'new_person']) + 1}"
    modes = ["remote", "onsite"] if wanted.mode == Mode.HYBRID else [wanted.mode]
    language = rounds.policy_of(row).language
    person = {
        "id": name, "name": name, "modes": modes, "hours_per_week": IMAGINED_HOURS,
        "languages": [language],
    }  # fmt: skip
    skill = {"professional_id": name, "skill": wanted.skill, "level": wanted.level}
    changes = {"add": {"professionals": [person], "professional_skills": [skill]}}
    step = {
        "kind": "new_person", "imagined": name, "skill": wanted.skill, "level": wanted.level,
        "mode": wanted.mode, "changes": changes,
    }  # fmt: skip
    return _add(session, scenario, version, step)


def add_need(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Take one more open need into the round (``LeftOut`` names it)."""
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(LeftOut, data)
    if wanted.id not in {each.need.id for each in rounds.open_needs(session)}:
        raise Invalid([FieldError("id", "not_in_list")])
    changes = {"add": _rows_of_need(session, row, wanted.id)}
    return _add(
        session, scenario, version, {"kind": "new_need", "need": wanted.id, "changes": changes}
    )


def other_terms(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Let other rules hold (``Terms``)."""
    _row, scenario = _find(session, actor, scenario_id)
    wanted = validated(Terms, data)
    policy = wanted.policy().to_json()
    changes = {
        "weights": policy["weights"],
        "levels": policy["levels"],
        "floor": policy["floor"],
        "continuity": policy["continuity"],
        "guarantees": {name: policy["guarantees"].get(name) for name in GROUP_CLASSES},
        "max_new_projects": wanted.max_new_projects,
    }
    return _add(session, scenario, version, {"kind": "terms", "changes": {"policy": changes}})


def terms_of(row: Round, steps: Sequence[Step]) -> dict[str, Any]:
    """The rules that hold after ``steps``: what a policy is made of, as JSON."""
    held = dict(row.policy)
    for step in steps:
        if step["kind"] == "terms":
            given = step["changes"]["policy"]
            least = {name: each for name, each in given["guarantees"].items() if each}
            held |= {**given, "guarantees": least}
    return held


def terms_entries(row: Round, steps: Sequence[Step]) -> dict[str, Any]:
    """The values a form for ``Terms`` begins with."""
    held = Policy.from_json(terms_of(row, steps))
    return {**entries(held), "max_new_projects": held.max_new_projects}


def undo(session: Session, *, actor: Actor, scenario_id: str, version: int) -> Scenario:
    """Take the last step back; with none in force nothing happens."""
    return _move(session, actor, scenario_id, version, -1)


def redo(session: Session, *, actor: Actor, scenario_id: str, version: int) -> Scenario:
    """Carry the step out again that was taken back last."""
    return _move(session, actor, scenario_id, version, 1)


def throw_away(session: Session, *, actor: Actor, scenario_id: str) -> str:
    """Forget a scenario; the round is as it was. Returns the round's id."""
    row, scenario = _find(session, actor, scenario_id)
    session.delete(scenario)
    session.flush()
    return row.id


def keep(
    session: Session, *, actor: Actor, now: datetime, scenario_id: str, data: Mapping[str, Any]
) -> Round:
    """Make a scenario the round (``Kept``) and have the round worked out again.

    Approvals of pairs that it sets aside are taken back; people who are only imagined stay out.
    Refused: ``round_is_past``, ``nothing_to_keep``, ``changed_meanwhile``, and what marks refuse.
    """
    row, scenario = _find(session, actor, scenario_id)
    wanted = validated(Kept, data)
    if row.state not in rounds.COMPUTABLE:
        raise Conflict("round_is_past", state=row.state)
    steps = [step for step in scenario.steps[: scenario.done] if step["kind"] in _KEPT]
    if not steps:
        raise Conflict("nothing_to_keep")
    claim(session, scenario, wanted.version)
    for step in steps:
        _KEPT[step["kind"]](_Keeping(session, actor, now, row, wanted.reason), step)
    audit.record(
        session, actor=actor, act="keep_scenario", subject=("round", row.id), now=now,
        name=scenario.name, reason=wanted.reason,
        steps=[{name: step[name] for name in step if name != "changes"} for step in steps],
    )  # fmt: skip
    session.delete(scenario)
    session.flush()
    return rounds.request_computation(
        session, actor=actor, now=now, round_id=row.id, version=row.version
    )


def bring_back(
    session: Session, *, actor: Actor, now: datetime, round_id: str, professional_id: str
) -> Round:
    """Let somebody who was left out take part again, from the next computation on."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    if row.state not in rounds.COMPUTABLE:
        raise Conflict("round_is_past", state=row.state)
    if professional_id in row.left_out:
        row.left_out = [each for each in row.left_out if each != professional_id]
        session.add(row)
        audit.record(
            session, actor=actor, act="bring_back", subject=("round", row.id), now=now,
            professional_id=professional_id,
        )  # fmt: skip
    return row


def people_of(session: Session, row: Round, text: str = "") -> list[tuple[str, str]]:
    """(id, name) of the round's people by reading, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Professional.id, Professional.name)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .where(RoundPerson.round_id == row.id)
        .order_by(col(Professional.kana), col(Professional.id))
        .limit(SHOWN)
    )
    if text.strip():
        chosen = chosen.where(text_matches(Professional.search_text, text))
    return [(row_id, name) for row_id, name in session.execute(chosen)]


def roles_of(session: Session, row: Round, text: str = "") -> list[tuple[str, str, str]]:
    """(id, title, need's title) of the round's roles, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Role.id, Role.title, Need.title)
        .join(Need, col(Need.id) == Role.need_id)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
        .order_by(col(Need.title), col(Role.position), col(Role.id))
        .limit(SHOWN)
    )
    if text.strip():
        chosen = chosen.where(text_matches(Need.search_text, text))
    return [(role, title, need) for role, title, need in session.execute(chosen)]


def needs_of(session: Session, row: Round, text: str = "") -> list[tuple[str, str]]:
    """(id, title) of the round's needs, at most ``SHOWN`` that match ``text``."""
    chosen = (
        wide_select(Need.id, Need.title)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
        .order_by(col(Need.title), col(Need.id))
        .limit(SHOWN)
    )
    if text.strip():
        chosen = chosen.where(text_matches(Need.search_text, text))
    return [(row_id, title) for row_id, title in session.execute(chosen)]


def _computed(session: Session, actor: Actor, round_id: str) -> Round:
    row = rounds.find(session, actor=actor, round_id=round_id)
    if not row.runs:
        raise Conflict("round_not_computed")
    return row


def _find(session: Session, actor: Actor, scenario_id: str) -> tuple[Round, Scenario]:
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


def _market(row: Round) -> Market:
    return results.result_of(row).outcome.snapshot.market


def _known(rows: Sequence[Any], wanted: str, field: str) -> None:
    if not any(each.id == wanted for each in rows):
        raise Invalid([FieldError(field, "not_in_list")])


def _add(session: Session, scenario: Scenario, version: int, step: Step) -> Scenario:
    if scenario.done >= MOST_STEPS:
        raise Conflict("too_many_steps", max=MOST_STEPS)
    claim(session, scenario, version)
    scenario.steps = [*scenario.steps[: scenario.done], step]
    scenario.done = len(scenario.steps)
    session.add(scenario)
    session.flush()
    return scenario


def _move(session: Session, actor: Actor, scenario_id: str, version: int, by: int) -> Scenario:
    _row, scenario = _find(session, actor, scenario_id)
    claim(session, scenario, version)
    scenario.done = min(max(scenario.done + by, 0), len(scenario.steps))
    session.add(scenario)
    session.flush()
    return scenario


def _rows_of_need(session: Session, row: Round, need_id: str) -> dict[str, list[dict[str, str]]]:
    """What a need brings into the round's market: its own rows, and its group's if it is new."""
    present = _market(row)
    fresh = snapshots.take(session, need_ids=[need_id], as_of=row.as_of).market
    people = {each.id for each in present.professionals}
    new_group = not {each.id for each in fresh.groups} <= {each.id for each in present.groups}
    names = ["needs", "roles", "role_skills", "wishes"]
    names = ["groups", *names, "conflicts", "history"] if new_group else names
    found: dict[str, list[dict[str, str]]] = {}
    for name in names:
        kept = [
            each
            for each in getattr(fresh, name)
            if getattr(each, "professional_id", None) in {None, *people}
        ]
        columns = FILES[name].columns
        found[name] = [
            {column.name: write_cell(column, getattr(each, column.name)) for column in columns}
            for each in kept
        ]
    return {name: rows for name, rows in found.items() if rows}


@dataclass(frozen=True)
class _Keeping:
    """Who makes a step real, when, in which round and why."""

    session: Session
    actor: Actor
    now: datetime
    row: Round
    reason: str


def _keep_pair(keeping: _Keeping, step: Step) -> None:
    pair = {"professional_id": step["person"], "role_id": step["role"]}
    if step["kind"] == MarkKind.BAN:
        _take_back(keeping, professional_id=step["person"], role_id=step["role"])
    marks.mark(
        keeping.session, actor=keeping.actor, now=keeping.now, round_id=keeping.row.id,
        data={**pair, "kind": step["kind"], "reason": keeping.reason},
    )  # fmt: skip


def _keep_without_person(keeping: _Keeping, step: Step) -> None:
    _take_back(keeping, professional_id=step["person"])
    keeping.row.left_out = sorted({*keeping.row.left_out, step["person"]})
    keeping.session.add(keeping.row)


def _keep_without_need(keeping: _Keeping, step: Step) -> None:
    _take_back(keeping, need_id=step["need"])
    entry = keeping.session.get(RoundNeed, (keeping.row.id, step["need"]))
    if entry is not None:
        keeping.session.delete(entry)
        keeping.session.flush()


def _keep_need(keeping: _Keeping, step: Step) -> None:
    rounds.take_in(keeping.session, row=keeping.row, need_id=step["need"])


def _keep_terms(keeping: _Keeping, step: Step) -> None:
    keeping.row.policy = terms_of(keeping.row, [step])
    keeping.session.add(keeping.row)


def _take_back(keeping: _Keeping, **where: str) -> None:
    """Undo the approvals that a kept step sets aside."""
    approved = keeping.session.exec(
        select(Proposal).where(
            Proposal.round_id == keeping.row.id,
            Proposal.state == ProposalState.APPROVED,
            *(getattr(Proposal, name) == value for name, value in where.items()),
        )
    )
    for each in approved.all():
        approvals.undo(
            keeping.session, actor=keeping.actor, now=keeping.now, proposal_id=each.id,
            version=each.version,
        )  # fmt: skip


_KEPT: dict[str, Callable[[_Keeping, Step], None]] = {
    MarkKind.PIN: _keep_pair,
    MarkKind.BAN: _keep_pair,
    "without_person": _keep_without_person,
    "without_need": _keep_without_need,
    "new_need": _keep_need,
    "terms": _keep_terms,
}
