"""The coordinators' project board: pause, give up, close; somebody leaves and is replaced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden
from matchmaker.jobs import utc_now
from matchmaker.models import (
    HoursEntry,
    Need,
    NeedState,
    Notice,
    Outcome,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Round,
)
from matchmaker.services import (
    approvals,
    indicators,
    needs,
    offers,
    project_desk,
    project_list,
    replies,
)
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.scenes import person, work_off
from tests.services.sent import TODAY, Team, sent
from web.mail import compose

WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}


def running(session: Session, **given: Any) -> tuple[Team, Project]:
    """A team of two whose project runs."""
    team = sent(session, size=2, **given)
    for account, proposal in zip(team.accounts, team.proposals, strict=True):
        replies.accept_offer(session, actor=team.actor(account), **WHEN, proposal_id=proposal.id)
    replies.accept_team(
        session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id,
        proposal_ids=[each.id for each in team.proposals],
    )  # fmt: skip
    project = session.exec(select(Project)).one()
    project.state, project.started_on = ProjectState.IN_PROGRESS, TODAY
    team.need.state = NeedState.IN_PROGRESS
    session.add_all([project, team.need])
    session.commit()
    return team, project


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    return running(session)


@pytest.fixture
def pages(app: Flask, session: Session, world: tuple[Team, Project]) -> Pages:
    return Pages(f.signed_in(app, session, world[0].coordinator))


def test_from_the_board_to_a_rest_and_on(
    app: Flask, pages: Pages, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    page = pages.get("/coordinator/projects?lang=en")
    assert team.group.name in page.text("table")
    page = pages.get(page.link(project.title))
    address = f"/coordinator/projects/{project.id}"
    page = pages.get(f"{address}/pause")
    page = pages.submit(page.form(f"{address}/pause"), reason="", status=422)
    page = pages.submit(page.form(f"{address}/pause"), reason="会長の入院", follow=True)
    assert "The project rests now." in page.text("main")
    assert "会長の入院" in page.text(".timeline")
    mails = session.exec(select(Notice).where(Notice.code == "project_changed")).all()
    session.commit()
    assert len(mails) == 3  # the group and both people
    mail = compose(app, mails[0], now=utc_now())
    assert mail is not None
    assert "会長の入院" in mail.get_content()
    page = pages.get(f"{address}/resume")
    page = pages.submit(page.form(f"{address}/resume"), reason="退院された", follow=True)
    session.expire_all()
    assert session.get_one(Project, project.id).state == ProjectState.IN_PROGRESS


def test_what_was_given_up_counts_no_more_and_its_hours_stay(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    company = f.company(session, name="みほん製作所")
    member = session.exec(select(ProjectMember)).first()
    assert member is not None
    member.company_id = company.id
    entry = HoursEntry(
        project_id=project.id, professional_id=member.professional_id, worked_on=TODAY,
        minutes=60, confirmed_at=NOW, created_at=NOW,
    )  # fmt: skip
    session.add_all([member, entry])
    session.flush()
    assert indicators.employers_now(session, on=TODAY)[1] == 1
    given = {"actor": team.actor(team.coordinator), **WHEN, "project_id": project.id}
    data = {"reason": "団体が解散した", "version": project.version}
    project_desk.cancel(session, **given, data=data)
    assert indicators.employers_now(session, on=TODAY)[1] == 0
    assert session.get_one(HoursEntry, entry.id).minutes == 60
    assert session.get_one(Need, team.need.id).state == NeedState.CANCELLED
    with pytest.raises(Conflict):
        project_desk.cancel(session, **given, data={**data, "version": project.version})


def test_a_delivered_project_closes_though_somebody_never_answers(
    pages: Pages, session: Session, world: tuple[Team, Project]
) -> None:
    _team, project = world
    project.state, project.ended_on = ProjectState.DELIVERED, TODAY
    session.add(project)
    session.commit()
    address = f"/coordinator/projects/{project.id}/close"
    page = pages.get(f"{address}?lang=en")
    page = pages.submit(page.form(address), reason="半年返事なし", follow=True)
    assert "The project is closed." in page.text("main")
    session.expire_all()
    assert session.get_one(Project, project.id).state == ProjectState.FOLLOWED_UP


def test_somebody_leaves_and_somebody_else_joins_the_same_project(
    app: Flask, pages: Pages, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    gone, seat = team.people[1], team.proposals[1]
    stay = session.exec(select(ProjectMember).where(ProjectMember.professional_id == gone.id)).one()
    newcomer = person(session, "新しい 人", "あたらしい ひと")
    account = f.account(session, name=newcomer.name)
    newcomer.account_id = account.id
    session.add(newcomer)
    session.commit()
    address = f"/coordinator/projects/{project.id}/members/{stay.id}"
    page = pages.get(f"{address}?lang=en")
    page = pages.submit(page.form(address), reason="転勤", replace=True, follow=True)
    assert "is no longer on the project" in page.text("main")
    session.expire_all()
    assert session.get_one(ProjectMember, stay.id).left_on == TODAY or stay.left_on is not None
    assert session.get_one(Need, team.need.id).state == NeedState.OPEN
    assert session.get_one(Proposal, seat.id).state == ProposalState.WITHDRAWN
    with pytest.raises(Conflict) as refused:  # the group cannot take the need away meanwhile
        needs.take_back(
            session, actor=team.actor(team.contact), now=NOW, need_id=team.need.id,
            version=session.get_one(Need, team.need.id).version,
        )  # fmt: skip
    assert refused.value.code == "project_is_open"
    session.rollback()

    page = pages.get("/coordinator?lang=en")
    assert "Fill a seat again" in page.text("main")
    page = pages.get("/coordinator/rounds/new")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="補充の回", follow=True)
    work_off(app.extensions["database"], NOW)
    session.expire_all()
    small = session.exec(select(Round).where(Round.name == "補充の回")).one()
    held = session.exec(select(Proposal).where(Proposal.round_id == small.id)).all()
    assert [each.professional_id for each in held] == [newcomer.id]
    actor = team.actor(team.coordinator)
    approvals.approve_all(session, actor=actor, now=NOW, round_id=small.id)
    planned = offers.plan(session, actor=actor, round_id=small.id)
    offers.send_round(
        session, actor=actor, **WHEN, round_id=small.id,
        data={"version": planned.round.version, "shown": planned.digest,
              "reply_by": TODAY + timedelta(days=14)},
    )  # fmt: skip
    replies.accept_offer(session, actor=team.actor(account), **WHEN, proposal_id=held[0].id)
    replies.accept_team(
        session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id,
        proposal_ids=[held[0].id],
    )  # fmt: skip
    session.commit()
    assert session.exec(select(Project)).one().id == project.id
    on_it = session.exec(
        select(ProjectMember.professional_id).where(ProjectMember.left_on == None)  # noqa: E711
    ).all()
    assert set(on_it) == {team.people[0].id, newcomer.id}
    assert session.get_one(Need, team.need.id).state == NeedState.IN_PROGRESS


def test_a_project_without_hours_is_quiet_after_a_month(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    (line,) = project_list.board(session, actor=team.actor(team.coordinator), today=TODAY).lines
    assert not line.quiet(TODAY + timedelta(days=30))
    assert line.quiet(TODAY + timedelta(days=31))
    assert (line.members, line.voices) == (2, 3)
    entry = HoursEntry(
        project_id=project.id, professional_id=team.people[0].id, worked_on=TODAY, minutes=5,
        created_at=NOW,
    )  # fmt: skip
    f.add(session, entry)
    (line,) = project_list.board(session, actor=team.actor(team.coordinator), today=TODAY).lines
    assert (line.last, line.waiting) == (TODAY, 1)
    paused = project_list.board(
        session,
        actor=team.actor(team.coordinator),
        today=TODAY,
        asked=project_list.Asked(state=ProjectState.PAUSED),
    )
    assert (paused.lines, paused.total, paused.pages) == ((), 0, 1)


def test_the_list_finds_a_project_by_its_words_its_group_and_its_people(
    pages: Pages, world: tuple[Team, Project]
) -> None:
    team, project = world
    for words in (project.title[:4], team.group.name, team.people[0].kana.split()[0]):
        found = pages.get("/coordinator/projects?lang=ja").form("/coordinator/projects")
        page = pages.submit(found, q=words)
        assert project.title in page.text("table"), words
        table = pages.client.get(page.link("この一覧")).get_data().decode("utf-8-sig").splitlines()
        assert [row.split(",")[0] for row in table] == ["id", project.id]
    page = pages.get("/coordinator/projects?lang=ja&q=どこにもない")
    assert "この条件に合うプロジェクトはありません。" in page.text("main")


def test_who_left_after_evaluating_is_among_those_who_could(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    members = session.exec(
        select(ProjectMember).where(ProjectMember.project_id == project.id)
    ).all()
    f.add(session, Outcome(project_id=project.id, side="group", goal=4, at=NOW))
    for member in members:
        f.add(session, Outcome(project_id=project.id, side="professional", member_id=member.id,
                               goal=4, at=NOW))  # fmt: skip
    members[0].left_on = TODAY
    session.commit()
    (line,) = project_list.board(session, actor=team.actor(team.coordinator), today=TODAY).lines
    assert (line.members, line.said, line.voices) == (1, 3, 3), "never more answers than people"


def test_a_group_comes_to_its_project_from_its_own_page(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/{project.group_id}?lang=ja")
    assert page.link("プロジェクトを見る") == f"/group/projects/{project.id}"
    project.state = ProjectState.CANCELLED
    session.commit()
    assert "プロジェクトを見る" not in group.get(f"/group/{project.group_id}").text("main")


def test_only_coordinators(session: Session, world: tuple[Team, Project]) -> None:
    team, project = world
    for who in (team.actor(team.contact), team.actor(team.accounts[0]), Actor(account_id=None)):
        with pytest.raises(Forbidden):
            project_list.board(session, actor=who, today=TODAY)
        with pytest.raises(Forbidden):
            project_desk.pause(
                session, actor=who, **WHEN, project_id=project.id,
                data={"reason": "x", "version": project.version},
            )  # fmt: skip
