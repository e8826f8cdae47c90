"""A project's thread: everybody on it and its coordinator read and write, nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, NotFound
from matchmaker.models import Project, ProjectMember, ProjectMessage, Side
from matchmaker.services import project_messages
from matchmaker.services.actors import Actor
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    return running(session)


def test_what_one_writes_everybody_else_reads_and_gets_by_mail(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    mailbox.sent(app)  # what went out before
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}?lang=en")
    page = person.get(page.link("Project messages"))
    page = person.submit(page.form("messages"), text="", status=422)
    page = person.submit(page.form("messages"), text="日曜の10時に\n公民館で <b>会いましょう</b>")
    assert "Your message is on its way." in page.text("main")
    mails = mailbox.sent(app)
    wanted = {team.contact.email, team.accounts[1].email, team.coordinator.email}
    assert {each["To"] for each in mails} == wanted
    for each in mails:
        text = mailbox.body(each)
        assert team.accounts[0].name in text
        assert "公民館で <b>会いましょう</b>" in text
    for account, area in ((team.contact, "group"), (team.coordinator, "coordinator")):
        mail = next(each for each in mails if each["To"] == account.email)
        address = mailbox.link(mail, "/messages")
        assert f"/{area}/" in address
        reader = Pages(f.signed_in(app, session, account))
        page = reader.get(f"{address}?lang=en")
        assert "公民館で <b>会いましょう</b>" in page.text("main")
        reader.submit(page.form("messages"), text=f"{area}より")
    page = person.get(f"/professional/projects/{project.id}/messages")
    told = page.text("main")
    assert told.index("公民館") < told.index("groupより") < told.index("coordinatorより")


def test_whoever_left_reads_what_was_written_until_then(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    group = {"actor": team.actor(team.contact), "side": Side.GROUP, "project_id": project.id}
    project_messages.write(session, **group, now=NOW, data={"text": "はじめに"})
    member = session.exec(
        select(ProjectMember).where(ProjectMember.professional_id == team.people[0].id)
    ).one()
    member.left_on = TODAY
    session.add(member)
    later = NOW + timedelta(days=3)
    project_messages.write(session, **group, now=later, data={"text": "そのあと"})
    mine = {
        "actor": team.actor(team.accounts[0]), "side": Side.PROFESSIONAL, "project_id": project.id,
    }  # fmt: skip
    thread = project_messages.read(session, **mine)
    assert [line.message.text for line in thread.lines] == ["はじめに"]
    assert not thread.open
    with pytest.raises(Conflict):
        project_messages.write(session, **mine, now=later, data={"text": "もう一言"})


def test_strangers_neither_read_nor_write(session: Session, world: tuple[Team, Project]) -> None:
    _team, project = world
    stranger = Actor(account_id=f.account(session).id)
    for side, refused in ((Side.GROUP, NotFound), (Side.PROFESSIONAL, NotFound), (None, Forbidden)):
        given = {"actor": stranger, "side": side, "project_id": project.id}
        with pytest.raises(refused):
            project_messages.read(session, **given)
        with pytest.raises(refused):
            project_messages.write(session, **given, now=NOW, data={"text": "見知らぬ人"})
    assert session.exec(select(ProjectMessage)).all() == []
