"""The terms of a project: everybody accepts one text, and what was accepted can always be read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, NotFound
from matchmaker.models import Project, ProjectState, ProjectTerms, Side, TermsAcceptance
from matchmaker.services import project_terms
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import Team
from tests.web.test_desk import running

TEXT = {"text_ja": "新しい取り決め", "text_en": "New terms", "note": "市の要綱の改正"}


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    return running(session)


def say_yes(session: Session, team: Team, who: Any, project: Project, number: int) -> Any:
    side = Side.GROUP if who is team.contact else Side.PROFESSIONAL
    return project_terms.accept(
        session, actor=team.actor(who), now=NOW, side=side, project_id=project.id,
        data={"number": number, "scope": 0},
    )  # fmt: skip


def test_both_sides_read_accept_and_see_each_others_yes(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}?lang=en")
    page = person.get(page.link("The terms"))
    assert "No warranty" in page.text("main")
    page = person.submit(page.form("terms"), status=422)
    assert "Please confirm this to go on." in page.text("main")
    page = person.submit(page.form("terms"), agree=True)
    assert "You accepted the terms." in page.text("main")
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/terms?lang=ja")
    assert "取り決め" in page.text("h1")
    assert "バージョン" in page.text("main") or "版" in page.text("main")
    group.submit(page.form("terms"), agree=True)
    session.expire_all()
    yes = session.exec(select(TermsAcceptance).order_by(TermsAcceptance.id)).all()  # type: ignore[arg-type]
    assert [(each.side, each.number) for each in yes] == [("professional", 1), ("group", 1)]
    kept = session.get_one(ProjectTerms, 1)
    assert kept.text_ja == project_terms.standard().ja
    desk = Pages(f.signed_in(app, session, team.coordinator))
    page = desk.get(f"/coordinator/projects/{project.id}?lang=en")
    assert page.text("main").count("accepted version 1") == 2
    assert page.text("main").count(" for the group accepted") == 1


def test_a_text_published_meanwhile_is_for_projects_without_a_yes(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    first = say_yes(session, team, team.accounts[0], project, 0)
    coordinator = team.actor(team.coordinator)
    published = project_terms.publish(
        session, actor=coordinator, now=NOW, data={**TEXT, "based_on": 1}
    )
    assert (first.number, published.number) == (1, 2)
    assert say_yes(session, team, team.accounts[0], project, 2) == first  # again: nothing new
    with pytest.raises(Conflict):  # the others are asked for what the first accepted
        say_yes(session, team, team.contact, project, 2)
    assert say_yes(session, team, team.contact, project, 1).number == 1
    with pytest.raises(Conflict):
        project_terms.publish(session, actor=coordinator, now=NOW, data={**TEXT, "based_on": 1})
    assert project_terms.in_force(session).ja == "新しい取り決め"


def test_a_text_that_changed_while_it_was_read_is_not_accepted(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    project_terms.publish(session, actor=team.actor(team.coordinator), now=NOW, data=TEXT)
    with pytest.raises(Conflict) as refused:
        say_yes(session, team, team.contact, project, 0)
    assert refused.value.code == "changed_meanwhile"
    project.state = ProjectState.DELIVERED
    session.add(project)
    with pytest.raises(Conflict) as refused:
        say_yes(session, team, team.contact, project, 1)
    assert refused.value.code == "project_state"
    assert session.exec(select(TermsAcceptance)).all() == []


def test_who_may_accept_and_publish(session: Session, world: tuple[Team, Project]) -> None:
    team, project = world
    stranger = Actor(account_id=f.account(session).id)
    for side in Side:
        with pytest.raises(NotFound):
            project_terms.sheet(session, actor=stranger, side=side, project_id=project.id)
    with pytest.raises(Forbidden):
        project_terms.publish(session, actor=stranger, now=NOW, data=TEXT)
    with pytest.raises(Forbidden):  # a coordinator says who said so
        project_terms.accept(
            session, actor=team.actor(team.coordinator), now=NOW, side=Side.GROUP,
            project_id=project.id, data={"number": 0, "scope": 0},
        )  # fmt: skip
