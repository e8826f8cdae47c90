"""The policy in force: weights, floor, levels. Published from a date on, followed by a next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import model_validator
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.engine.policy import CONTINUITY, FEATURES, GROUP_CLASSES, Policy
from matchmaker.errors import Conflict
from matchmaker.models import Account, PolicyVersion
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Choice, Command, Flag, ShortText, Whole, fault, validated

Weight = Annotated[int, Whole(0, 100)]
Least = Annotated[int, Whole(0, 10_000)]


class PolicyTerms(Command):
    """What counts: a weight per feature, the floor, the levels, continuity, and how many groups
    of a class are served at least, as far as possible (0: no such promise)."""

    skills: Weight
    time: Weight
    place: Weight
    interest: Weight
    wishes: Weight
    continuity_weight: Weight
    floor: Annotated[int, Whole(1, 10_000)]
    continuity: Annotated[str, Choice(CONTINUITY)]
    groups: Flag = False
    needs: Flag = False
    urgency: Flag = False
    worst_fit: Flag = False
    waiting: Flag = False
    new_employers: Flag = False
    first_time: Least = 0
    neighbourhood: Least = 0
    longest_waiting: Least = 0

    @model_validator(mode="after")
    def _counts_something(self) -> PolicyTerms:
        weights = [self.skills, self.time, self.place, self.interest, self.wishes]
        if self.continuity != "neutral":
            weights.append(self.continuity_weight)
        if not any(weights):
            raise fault("all_zero", field="skills")
        return self

    def policy(self) -> Policy:
        """The engine's policy of these decisions; seed, limit and marks belong to a round."""
        weights = {name: getattr(self, _FIELD.get(name, name)) for name in FEATURES}
        levels = {name: getattr(self, name) for name in LEVELS}
        least = {name: getattr(self, name) for name in GROUP_CLASSES}
        return Policy.from_json(
            {
                "weights": weights,
                "floor": self.floor,
                "levels": levels,
                "continuity": self.continuity,
                "guarantees": {name: number for name, number in least.items() if number},
            }
        )


class PolicyEdit(PolicyTerms):
    """What a coordinator publishes, with the reason."""

    note: Annotated[str, ShortText(400, 1)]
    based_on: Annotated[int, Whole(0, 999_999_999)] = 0


LEVELS = ("groups", "needs", "urgency", "new_employers", "worst_fit", "waiting")
_FIELD = {"continuity": "continuity_weight"}
_OF_A_ROUND = ("seed", "max_new_projects", "pins", "bans", "as_of", "reserved")


@dataclass(frozen=True)
class Published:
    """A version with the name of whoever published it ("" for the first one)."""

    version: PolicyVersion
    policy: Policy
    author: str


def current(session: Session) -> PolicyVersion | None:
    """The newest version, or None before anybody published one."""
    return session.exec(
        select(PolicyVersion).order_by(col(PolicyVersion.id).desc()).limit(1)
    ).first()


def in_force(session: Session) -> Policy:
    """The policy that the next round uses: the newest version, or the engine's defaults."""
    version = current(session)
    return Policy.from_json(version.body) if version else Policy()


def entries(policy: Policy) -> dict[str, Any]:
    """The values a form for ``PolicyEdit`` begins with."""
    weights = {_FIELD.get(name, name): value for name, value in policy.weights.items()}
    levels = {name: getattr(policy.levels, name) for name in LEVELS}
    least = {name: policy.guarantees.get(name) for name in GROUP_CLASSES}
    return {**weights, **levels, **least, "floor": policy.floor, "continuity": policy.continuity}


def publish(
    session: Session, *, actor: Actor, now: datetime, data: Mapping[str, Any]
) -> PolicyVersion:
    """Publish a next version (``PolicyEdit``). The same decisions again publish nothing new.

    Refused: ``coordinators_only``; ``Invalid``; ``changed_meanwhile`` when somebody published
    since version ``based_on`` was shown.
    """
    require_coordinator(actor)
    edit = validated(PolicyEdit, data)
    before = current(session)
    body = {
        name: value for name, value in edit.policy().to_json().items() if name not in _OF_A_ROUND
    }
    if before is not None and Policy.from_json(before.body) == Policy.from_json(body):
        return before
    if edit.based_on != (before.id if before else 0):
        raise Conflict("changed_meanwhile")
    version = PolicyVersion(
        id=edit.based_on + 1,  # the primary key lets one of two at once win
        body=body,
        note=edit.note,
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("changed_meanwhile") from taken
    audit.record(
        session,
        actor=actor,
        act="publish_policy",
        subject=("policy_version", str(version.id)),
        now=now,
    )
    return version


def history(session: Session) -> list[Published]:
    """Every version, newest first."""
    found = session.exec(
        select(PolicyVersion, Account.name)
        .join(Account, col(Account.id) == PolicyVersion.created_by, isouter=True)
        .order_by(col(PolicyVersion.id).desc())
    )
    return [
        Published(version, Policy.from_json(version.body), name or "") for version, name in found
    ]
