"""The activity log: everybody who took part and every day, for coordinators alone."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import HoursEntry, Project, ProjectMember
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running
from tests.web.test_papers import paper, words


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    team, project = running(session)
    first, second = team.people
    for person, days, minutes, payer, note, confirmed in (
        (second, 3, 90, "company", "=取材", True),
        (first, 1, 45, "own", "打合せ", False),
    ):
        session.add(
            HoursEntry(
                project_id=project.id, professional_id=person.id, minutes=minutes, payer=payer,
                worked_on=TODAY + timedelta(days=days), note=note, created_at=NOW,
                confirmed_at=NOW if confirmed else None,
            )
        )  # fmt: skip
    left = session.exec(
        select(ProjectMember).where(ProjectMember.professional_id == second.id)
    ).one()
    left.left_on = TODAY + timedelta(days=4)
    session.add(left)
    session.commit()
    return team, project


def test_everybody_and_every_day_oldest_first(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    desk = Pages(f.signed_in(app, session, team.coordinator))
    page = desk.get(f"/coordinator/projects/{project.id}?lang=en")
    table = desk.client.get(page.link("The days as a table")).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    first, second = team.people
    heads = ("Day", "Name", "Activity in minutes", "Whose time", "State", "What was done")
    said = [tuple(row[head] for head in heads) for row in rows]
    assert said == [
        (
            (TODAY + timedelta(days=1)).isoformat(),
            first.name,
            "45",
            "Own time",
            "not confirmed",
            "打合せ",
        ),
        (
            (TODAY + timedelta(days=3)).isoformat(),
            second.name,
            "90",
            "Company time",
            "confirmed",
            "'=取材",
        ),
    ]
    for spoken, confirmed in (("ja", "確認済み"), ("en", "confirmed")):
        desk.get(f"/coordinator/projects/{project.id}?lang={spoken}")
        told = words(paper(desk, f"/coordinator/projects/{project.id}/activity.pdf"))
        assert confirmed in told
        for person in team.people:
            assert "".join(person.name.split()) in told
        assert "=取材" in told


def test_nobody_else_reads_it(app: Flask, session: Session, world: tuple[Team, Project]) -> None:
    team, project = world
    for account in (team.contact, team.accounts[0]):
        person = Pages(f.signed_in(app, session, account))
        for kind in ("pdf", "csv"):
            answer = person.client.get(f"/coordinator/projects/{project.id}/activity.{kind}")
            assert answer.status_code in (403, 404)
            assert team.people[1].name.encode() not in answer.data
