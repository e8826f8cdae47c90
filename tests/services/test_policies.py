"""The policy in force: published, followed by a next version, never changed in place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, select

from matchmaker.engine import Policy
from matchmaker.errors import Conflict, Forbidden, Invalid
from matchmaker.models import PolicyVersion
from matchmaker.services import policies
from matchmaker.services.actors import VISITOR, Actor
from tests import factories as f


@pytest.fixture
def actor(session: Session) -> Actor:
    return f.actor(session, f.staff(session))


def edit(**given: Any) -> dict[str, Any]:
    return {**policies.entries(Policy()), "note": "見直し", "based_on": 0, **given}


def test_the_engines_own_policy_holds_until_one_is_published(session: Session) -> None:
    assert policies.in_force(session) == Policy()


def test_a_published_policy_is_in_force(session: Session, actor: Actor, now: datetime) -> None:
    policies.publish(session, actor=actor, now=now, data=edit(skills=60, floor=4000))
    assert policies.in_force(session).weights["skills"] == 60
    assert policies.in_force(session).floor == 4000
    assert policies.history(session)[0].version.note == "見直し"


def test_the_same_again_publishes_nothing(session: Session, actor: Actor, now: datetime) -> None:
    for _time in range(2):
        policies.publish(session, actor=actor, now=now, data=edit(skills=60))
    assert len(session.exec(select(PolicyVersion)).all()) == 1


def test_a_policy_of_before_the_promises_is_not_published_again_unchanged(
    session: Session, actor: Actor, now: datetime
) -> None:
    version = policies.publish(session, actor=actor, now=now, data=edit(skills=60))
    del version.body["guarantees"], version.body["levels"]["new_employers"]
    flag_modified(version, "body")
    session.flush()
    policies.publish(session, actor=actor, now=now, data=edit(skills=60))
    assert len(session.exec(select(PolicyVersion)).all()) == 1


def test_promises_are_kept_and_an_empty_one_is_none(
    session: Session, actor: Actor, now: datetime
) -> None:
    given = edit(first_time=2, longest_waiting=0, neighbourhood=None, new_employers=True)
    policies.publish(session, actor=actor, now=now, data=given)
    policy = policies.in_force(session)
    assert policy.guarantees == {"first_time": 2}
    assert policy.levels.new_employers
    assert policies.entries(policy)["first_time"] == 2


def test_whoever_saw_an_older_version_is_told(
    session: Session, actor: Actor, now: datetime
) -> None:
    policies.publish(session, actor=actor, now=now, data=edit(skills=60))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        policies.publish(session, actor=actor, now=now, data=edit(skills=20))


def test_only_coordinators_publish(session: Session, now: datetime) -> None:
    with pytest.raises(Forbidden):
        policies.publish(session, actor=VISITOR, now=now, data=edit())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"skills": "x"}, "skills"),
        ({"wishes": 101}, "wishes"),
        ({"floor": 0}, "floor"),
        ({"continuity": "sideways"}, "continuity"),
        ({"note": ""}, "note"),
        ({"note": "変更\U0001f600"}, "note"),
        (
            dict.fromkeys(
                ("skills", "time", "place", "interest", "wishes", "continuity_weight"), 0
            ),
            "skills",
        ),
    ],
)
def test_a_wrong_policy_is_refused(
    session: Session, actor: Actor, now: datetime, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        policies.publish(session, actor=actor, now=now, data=edit(**given))
    assert [error.field for error in refused.value.errors] == [field]
    assert session.exec(select(PolicyVersion)).all() == []
