"""A project's way: begun with a goal, delivered, evaluated by both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import NeedState, Outcome, Project, ProjectMember, ProjectState, Side
from matchmaker.services import outcomes, project_steps
from matchmaker.services.actors import VISITOR, Actor
from matchmaker.services.on_behalf import OnBehalf
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
SAID = {"goal": "4", "relation": "5", "again": "yes"}


class Team:
    """An agreed project of a group with two professionals."""

    def __init__(self, session: Session) -> None:
        self.session = session
        accounts = [factories.account(session) for _each in range(3)]
        people = [factories.professional(session, person=each) for each in accounts[:2]]
        group = factories.group(session, person=accounts[2])
        self.need = factories.need(session, group, state=NeedState.STAFFED)
        self.project = factories.add(
            session,
            Project(need_id=self.need.id, group_id=group.id, title=self.need.title,
                    agreed_on=TODAY - timedelta(days=9), created_at=NOW),
        )  # fmt: skip
        self.stays = [
            factories.add(
                session,
                ProjectMember(project_id=self.project.id, professional_id=person.id,
                              joined_on=self.project.agreed_on),
            )
            for person in people
        ]  # fmt: skip
        session.commit()
        self.first, self.second, self.us = (factories.actor(session, each) for each in accounts)
        self.coordinator = factories.actor(session, factories.staff(session))
        session.commit()

    def act(self, step: Any, actor: Actor | None = None, **given: Any) -> Project:
        who = actor or self.us
        side = Side.PROFESSIONAL if who.professional_id else Side.GROUP
        data = {"version": self.project.version, "text": "寄付を倍にする"}
        return step(
            self.session, actor=who, now=NOW, today=TODAY, project_id=self.project.id,
            **{"side": side, "data": data, **given},
        )  # fmt: skip

    def reopen(self, actor: Actor) -> Project:
        return project_steps.reopen(
            self.session, actor=actor, now=NOW, side=Side.PROFESSIONAL,
            project_id=self.project.id, version=self.project.version,
        )  # fmt: skip

    def say(self, actor: Actor, **given: Any) -> Outcome:
        side = Side.PROFESSIONAL if actor.professional_id else Side.GROUP
        used = {} if side == Side.PROFESSIONAL else {"used": "yes"}
        return outcomes.evaluate(
            self.session, actor=actor, now=NOW, side=side, project_id=self.project.id,
            data={**SAID, **used, **given},
        )  # fmt: skip

    def seen(self, actor: Actor) -> project_steps.Seen:
        side = Side.PROFESSIONAL if actor.professional_id else Side.GROUP
        return project_steps.seen(self.session, actor=actor, side=side, project_id=self.project.id)


@pytest.fixture
def team(session: Session) -> Team:
    return Team(session)


def test_the_way_from_agreement_to_evaluation(team: Team) -> None:
    team.act(project_steps.begin, team.first)
    assert (team.project.state, team.project.started_on) == (ProjectState.IN_PROGRESS, TODAY)
    assert (team.project.goal, team.need.state) == ("寄付を倍にする", NeedState.IN_PROGRESS)
    team.act(project_steps.deliver)
    assert (team.project.state, team.project.ended_on) == (ProjectState.DELIVERED, TODAY)
    for actor in (team.first, team.us):
        team.say(actor)
        assert team.project.state == ProjectState.DELIVERED
    assert team.seen(team.second).others == ()  # nobody is led by what others said
    team.say(team.second, goal="2")
    assert (team.project.state, team.need.state) == (ProjectState.EVALUATED, NeedState.EVALUATED)
    shown = team.seen(team.us)
    assert shown.mine
    assert shown.mine.used
    assert [each.goal for each in shown.others] == [4, 2]
    with pytest.raises(Conflict, match="project_not_delivered"):
        team.say(team.first)


def test_what_the_group_does_not_use_ends_as_such(team: Team) -> None:
    team.act(project_steps.deliver)
    team.stays[1].left_on = TODAY  # whoever left is not waited for
    team.say(team.first)
    team.say(team.us, used="no", again="no")
    assert team.project.state == ProjectState.NOT_USED


def test_saying_it_again_changes_what_was_said(team: Team) -> None:
    team.act(project_steps.deliver)
    first = team.say(team.us)
    assert team.say(team.us, goal="1").id == first.id
    assert team.seen(team.us).mine == first
    assert first.goal == 1


def test_a_delivery_can_be_taken_back_until_somebody_has_evaluated(team: Team) -> None:
    with pytest.raises(Conflict, match="project_state"):
        team.reopen(team.first)
    team.act(project_steps.deliver)
    team.reopen(team.first)
    assert (team.project.state, team.project.ended_on) == (ProjectState.IN_PROGRESS, None)
    team.act(project_steps.deliver)
    team.say(team.us)
    with pytest.raises(Conflict, match="project_evaluated"):
        team.reopen(team.first)


def test_whoever_left_takes_no_step_any_more(team: Team) -> None:
    team.stays[1].left_on = TODAY
    with pytest.raises(Conflict, match="project_left"):
        team.act(project_steps.begin, team.second)
    with pytest.raises(Conflict, match="project_left"):
        team.act(project_steps.deliver, team.second)
    assert (team.project.state, team.project.goal) == (ProjectState.AGREED, "")
    team.act(project_steps.deliver, team.first)
    with pytest.raises(Conflict, match="project_left"):
        team.reopen(team.second)
    assert team.project.state == ProjectState.DELIVERED


def test_what_was_left_out_is_said_and_nothing_changes(team: Team) -> None:
    with pytest.raises(Invalid) as refused:
        team.act(project_steps.begin, data={"version": 1, "text": " "})
    assert [each.field for each in refused.value.errors] == ["text"]
    with pytest.raises(Conflict, match="changed_meanwhile"):
        team.act(project_steps.begin, data={"version": 7, "text": "x"})
    team.act(project_steps.deliver)
    with pytest.raises(Invalid) as refused:
        team.say(team.us, used="")
    assert [(each.field, each.code) for each in refused.value.errors] == [("used", "not_chosen")]
    with pytest.raises(Conflict, match="project_state"):
        team.act(project_steps.begin)


def test_only_those_who_are_part_of_it(team: Team) -> None:
    outsider = factories.account(team.session)
    factories.professional(team.session, person=outsider)
    factories.group(team.session, person=outsider)
    team.session.commit()
    for actor in (factories.actor(team.session, outsider), VISITOR):
        for side in Side:
            with pytest.raises(NotFound, match="project_not_found"):
                team.act(project_steps.begin, actor, side=side)
            with pytest.raises(NotFound, match="project_not_found"):
                project_steps.seen(team.session, actor=actor, side=side, project_id=team.project.id)
    with pytest.raises(NotFound):  # a professional does not speak for the group
        team.act(project_steps.begin, team.first, side=Side.GROUP)
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        team.act(project_steps.begin, team.coordinator)
    phone = OnBehalf(said_by="会長", channel="phone", said_on=TODAY)
    team.act(project_steps.begin, team.coordinator, on_behalf=phone)
    assert team.project.state == ProjectState.IN_PROGRESS
