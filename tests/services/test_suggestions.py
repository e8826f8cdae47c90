"""Asking a group for exactly the change that would bring its need a team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from matchmaker.db import open_engine, session_factory
from matchmaker.engine.matcher import match
from matchmaker.engine.reasons import parse_reasons
from matchmaker.errors import Conflict, Forbidden, NotFound
from matchmaker.jobs import utc_now
from matchmaker.models import (
    AuditEntry,
    Need,
    NeedState,
    Notice,
    RoleSkill,
    Round,
    RoundNeed,
    SuggestedChange,
)
from matchmaker.services import snapshots, suggestions
from matchmaker.services.actors import Actor
from matchmaker.services.rounds import policy_of
from tests import city as sample
from tests import factories as f
from tests.places import actor_of
from tests.scenes import City, city, computed_round, recompute


@pytest.fixture(params=["sqlite", "postgresql"])
def big_city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """The sample city with its computed round."""
    engine = open_engine(sample.copy(request.param, tmp_path))
    with session_factory(engine)() as session:
        yield session
    engine.dispose()


def test_every_change_that_is_asked_for_brings_the_team_once_it_is_made(
    big_city: Session,
) -> None:
    session = big_city
    actor = actor_of(session, "coordinator")
    row = session.exec(select(Round)).first()
    assert row is not None
    open_needs = session.exec(
        select(RoundNeed).where(RoundNeed.round_id == row.id, col(RoundNeed.staffed).is_(False))
    ).all()
    offered = [
        (told.need_id, str(change))
        for told in open_needs
        for change in told.smallest_change.get("changes", ())
        if suggestions.askable(parse_reasons(change)[0])
    ]
    assert len(offered) >= 3
    policy = policy_of(row)
    for need_id, change in offered[:6]:
        asked = suggestions.ask(
            session, actor=actor, now=utc_now(), round_id=row.id, need_id=need_id, change=change
        )
        suggestions.answer(
            session, actor=group_of(session, need_id), now=utc_now(), need_id=need_id,
            change_id=asked.id, data={"agreed": True},
        )  # fmt: skip
        session.flush()
        then = match(snapshots.take(session, round_id=row.id, as_of=row.as_of).market, policy)
        assert need_id in {then.outcome.need_id(int(at)) for at in staffed(then)}, change
        session.rollback()


def staffed(result: object) -> list[int]:
    outcome = result.outcome  # type: ignore[attr-defined]
    return [at for at, has in enumerate(outcome.solution.staffed) if has]


def group_of(session: Session, need_id: str) -> Actor:
    """Somebody of the need's group."""
    group = session.get_one(Need, need_id).group_id
    return Actor(account_id=f.account(session).id, group_ids=frozenset({group}))


@pytest.fixture
def town(session: Session) -> City:
    """A leaflet nobody can make as it is asked for: 加藤 is one level below."""
    world = city(session)
    skill = session.get_one(RoleSkill, (world.designer.id, "leaflets"))
    skill.min_level, skill.essential = 4, True
    session.add(skill)
    world.groups[1].contact_email = "kaicho@example.jp"
    session.add(world.groups[1])
    return world


def change_of(session: Session, row: Round, need: Need) -> str:
    told = session.get_one(RoundNeed, (row.id, need.id))
    assert not told.staffed
    return str(told.smallest_change["changes"][0])


def ask(session: Session, town: City, row: Round, now: datetime) -> SuggestedChange:
    asked = suggestions.ask(
        session, actor=town.actor, now=now, round_id=row.id, need_id=town.leaflet.id,
        change=change_of(session, row, town.leaflet),
    )  # fmt: skip
    session.flush()
    return asked


def test_the_group_is_asked_once_and_its_yes_changes_the_need(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    asked = ask(session, town, row, now)
    assert asked.change == f"lower_level:{town.designer.id}=leaflets/3"
    assert ask(session, town, row, now).id == asked.id
    mails = session.exec(select(Notice).where(Notice.code == "change_asked")).all()
    assert [mail.params["change"] for mail in mails] == [asked.change]

    chair = f.account(session, name="会長")
    theirs = Actor(account_id=chair.id, group_ids=frozenset({town.groups[1].id}))
    data = {"agreed": True, "note": "経験が浅くてもかまいません"}
    for _twice in range(2):
        suggestions.answer(
            session, actor=theirs, now=now, need_id=town.leaflet.id, change_id=asked.id, data=data
        )
    assert session.get_one(RoleSkill, (town.designer.id, "leaflets")).min_level == 3
    told = session.exec(select(Notice).where(Notice.code == "change_answered")).one()
    assert told.account_id == town.coordinator.id
    assert (told.params["agreed"], told.params["note"]) == (True, data["note"])
    acts = session.exec(
        select(AuditEntry.act).where(AuditEntry.subject_id == town.leaflet.id)
    ).all()
    assert acts.count("change_asked") == 1
    assert acts.count("change_agreed") == 1
    session.commit()

    row = recompute(session, town.actor, now, row)
    assert session.get_one(RoundNeed, (row.id, town.leaflet.id)).staffed


def test_a_no_leaves_everything_and_is_final(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    asked = ask(session, town, row, now)
    theirs = Actor(account_id=f.account(session).id, group_ids=frozenset({town.groups[1].id}))
    given = {"need_id": town.leaflet.id, "change_id": asked.id}
    suggestions.answer(session, actor=theirs, now=now, **given, data={"agreed": False})
    assert session.get_one(RoleSkill, (town.designer.id, "leaflets")).min_level == 4
    with pytest.raises(Conflict) as refused:
        suggestions.answer(session, actor=theirs, now=now, **given, data={"agreed": True})
    assert refused.value.code == "change_answered"


def test_a_yes_settles_the_other_questions_about_the_need(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    asked = ask(session, town, row, now)
    other = f.add(
        session,
        SuggestedChange(
            need_id=town.leaflet.id, round_id=row.id, asked_at=now,
            change=f"make_preferred:{town.designer.id}=leaflets",
        ),
    )  # fmt: skip
    theirs = Actor(account_id=f.account(session).id, group_ids=frozenset({town.groups[1].id}))
    assert {each.id for each in suggestions.waiting(session, [town.leaflet.id])} == {
        asked.id, other.id,
    }  # fmt: skip
    suggestions.answer(
        session, actor=theirs, now=now, need_id=town.leaflet.id, change_id=asked.id,
        data={"agreed": True},
    )  # fmt: skip
    session.refresh(other)
    assert other.state == "settled"
    assert suggestions.waiting(session, [town.leaflet.id]) == []


def test_who_may_ask_and_answer(session: Session, town: City, now: datetime) -> None:
    row = computed_round(session, town.actor, now)
    change = change_of(session, row, town.leaflet)
    stranger = Actor(account_id=f.account(session).id, group_ids=frozenset({town.groups[0].id}))
    given = {"now": now, "round_id": row.id, "need_id": town.leaflet.id}
    with pytest.raises(Forbidden):
        suggestions.ask(session, actor=stranger, change=change, **given)
    for wrong in ("lower_floor:10", f"allow_remote:{town.leaflet.id}", "", "nonsense"):
        with pytest.raises(NotFound):
            suggestions.ask(session, actor=town.actor, change=wrong, **given)
    asked = ask(session, town, row, now)
    known = {"need_id": town.leaflet.id, "change_id": asked.id}
    with pytest.raises(NotFound):
        suggestions.answer(session, actor=stranger, now=now, **known, data={"agreed": True})
    with pytest.raises(Forbidden) as refused:
        suggestions.answer(session, actor=town.actor, now=now, **known, data={"agreed": True})
    assert refused.value.code == "on_behalf_needed"


def test_a_need_that_is_no_longer_open_is_left_alone(
    session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    asked = ask(session, town, row, now)
    town.leaflet.state = NeedState.PAUSED
    session.add(town.leaflet)
    session.flush()
    assert suggestions.waiting(session, [town.leaflet.id]) == []
    theirs = Actor(account_id=f.account(session).id, group_ids=frozenset({town.groups[1].id}))
    with pytest.raises(Conflict) as refused:
        suggestions.answer(
            session, actor=theirs, now=now, need_id=town.leaflet.id, change_id=asked.id,
            data={"agreed": True},
        )  # fmt: skip
    assert refused.value.code == "need_state"
