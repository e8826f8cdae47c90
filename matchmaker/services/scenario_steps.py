"""The steps of a scenario, each a piece of the engine's changes (``engine/answers/edits``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from sqlmodel import Session

from matchmaker.engine.files.cells import write_cell
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.market import Market
from matchmaker.engine.policy import GROUP_CLASSES, Policy
from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import MarkKind, Mode, Round, Scenario
from matchmaker.services import results, rounds, snapshots, taxonomy
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Code, Command, Whole, validated
from matchmaker.services.policies import PolicyTerms, entries
from matchmaker.services.scenarios import Step, find
from matchmaker.services.versions import claim

MOST_STEPS = 30
IMAGINED_HOURS = 20  # a week, of a person who is only imagined


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


def try_pair(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Fix two together or keep them apart (``Pair``)."""
    row, scenario = find(session, actor, scenario_id)
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
    row, scenario = find(session, actor, scenario_id)
    wanted = validated(LeftOut, data)
    _known(_market(row).professionals, wanted.id, "id")
    changes = {"remove": {"professionals": [wanted.id]}}
    step = {"kind": "without_person", "person": wanted.id, "changes": changes}
    return _add(session, scenario, version, step)


def leave_out_need(
    session: Session, *, actor: Actor, scenario_id: str, version: int, data: Mapping[str, Any]
) -> Scenario:
    """Take a need out of the round (``LeftOut``)."""
    row, scenario = find(session, actor, scenario_id)
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
    row, scenario = find(session, actor, scenario_id)
    wanted = validated(Newcomer, data)
    if wanted.skill not in taxonomy.choosable(session):
        raise Invalid([FieldError("skill", "not_in_list")])
    imagined = [each for each in scenario.steps[: scenario.done] if each["kind"] == "new_person"]
    name = f"new-{len(imagined) + 1}"
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
    row, scenario = find(session, actor, scenario_id)
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
    _row, scenario = find(session, actor, scenario_id)
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
