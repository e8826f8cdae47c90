"""What is left of a project half a year and a year later, and letters of thanks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    FollowUp,
    NeedState,
    Notice,
    Project,
    ProjectMember,
    ProjectState,
    Side,
    Thanks,
)
from matchmaker.services import (
    deliverables,
    erasure,
    follow_up_letters,
    follow_ups,
    outcomes,
    own_data,
    profile_pages,
    project_desk,
    project_steps,
    thanks,
    today,
)
from matchmaker.services.on_behalf import OnBehalf
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages, own_text
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running
from tests.web.test_papers import paper, words

HALF, YEAR = date(2027, 5, 2), date(2027, 11, 2)  # TODAY is 2 November 2026


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    """A project delivered today and evaluated by nobody."""
    team, project = running(session)
    project_steps.deliver(
        session, now=NOW, today=TODAY, data={"version": project.version, "text": "名簿"},
        **who(team, team.contact, project),
    )  # fmt: skip
    session.commit()
    return team, project


def who(team: Team, account: Any, project: Project) -> dict[str, Any]:
    side = Side.GROUP if account is team.contact else Side.PROFESSIONAL
    return {"actor": team.actor(account), "side": side, "project_id": project.id}


def conclude(session: Session, team: Team, project: Project) -> None:
    project_desk.conclude(
        session, actor=team.actor(team.coordinator), now=NOW, today=TODAY, project_id=project.id,
        data={"version": project.version, "reason": "一か月たちました"},
    )  # fmt: skip


def answer(session: Session, team: Team, account: Any, project: Project, on: date, **more: Any
           ) -> FollowUp:  # fmt: skip
    used = {"in_use": "used"} if account is team.contact else {}
    return follow_ups.say(
        session, now=NOW, today=on, data={"again": "yes", **used, **more},
        **who(team, account, project),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "half", "year"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31)),
        (date(2027, 8, 31), date(2028, 2, 29), date(2028, 8, 31)),
        (date(2026, 12, 1), date(2027, 6, 1), date(2027, 12, 1)),
    ],
)
def test_the_day_of_a_question(ended: date, half: date, year: date) -> None:
    project = Project(
        need_id="n", group_id="g", title="x", agreed_on=ended, ended_on=ended, created_at=NOW,
        state=ProjectState.EVALUATED,
    )  # fmt: skip
    assert (follow_ups.day_of(project, 6), follow_ups.day_of(project, 12)) == (half, year)
    day = timedelta(days=1)
    assert [follow_ups.asked(project, on) for on in (half - day, half, year - day, year)] == [
        0, 6, 0, 12
    ]  # fmt: skip


def test_an_evaluation_that_is_not_waited_for_any_more(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    conclude(session, team, project)
    assert (project.state, team.need.state) == (ProjectState.EVALUATED, NeedState.EVALUATED)
    with pytest.raises(Conflict, match="project_state"):
        conclude(session, team, project)


def test_what_the_group_does_not_use_stays_so_when_the_evaluation_ends(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    outcomes.evaluate(
        session, now=NOW, **who(team, team.contact, project),
        data={"goal": 2, "relation": 4, "again": "yes", "used": "no"},
    )  # fmt: skip
    conclude(session, team, project)
    assert project.state == ProjectState.NOT_USED
    answer(session, team, team.contact, project, YEAR, in_use="not_used")
    assert project.state == ProjectState.NOT_USED


def test_both_sides_answer_and_a_year_later_the_project_is_followed_up(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    conclude(session, team, project)
    project.started_on = project.ended_on = date(2026, 5, 2)  # half a year ago today
    session.commit()
    group = Pages(f.signed_in(app, session, team.contact))
    address = f"/group/projects/{project.id}"
    page = group.get(f"{address}?lang=en")
    page = group.get(page.link("Tell what is left of it"))
    page = group.submit(page.form("follow-up"), status=422)
    said = {"in_use": "partly", "again": "yes", "text": "会員が20人増えました"}
    page = group.submit(page.form("follow-up"), **said, follow=True)
    assert "会員が20人増えました" in page.text("main")
    session.expire_all()
    assert session.get_one(Project, project.id).state == ProjectState.EVALUATED
    session.commit()
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}/follow-up?lang=en")
    assert "Is the result still in use?" not in page.text("main")
    page = person.submit(page.form("follow-up"), again="yes", text="人前で話す自信", follow=True)
    assert "会員が20人増えました" in page.text("main")
    session.refresh(project)
    answer(session, team, team.contact, project, HALF)
    assert project.state == ProjectState.FOLLOWED_UP
    with pytest.raises(Conflict, match="nothing_asked"):
        answer(session, team, team.contact, project, HALF)
    session.commit()
    desk = Pages(f.signed_in(app, session, team.coordinator))
    page = desk.get(f"/coordinator/projects/{project.id}?lang=ja")
    assert "半年後・1年後の回答（3件）" in page.text("details.folded"), "much of it is folded"
    assert "成果物：一部を使っている。" in page.text("details.folded")
    assert "成果物：使っている。" in page.text("details.folded")
    assert "会員が20人増えました" in page.text("main")
    assert "人前で話す自信" in page.text("main")


def test_what_is_refused_and_what_a_coordinator_enters(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    with pytest.raises(Conflict, match="nothing_asked"):
        answer(session, team, team.contact, project, HALF - timedelta(days=1))
    with pytest.raises(Invalid):
        answer(session, team, team.contact, project, HALF, in_use="")
    first = answer(session, team, team.contact, project, HALF)
    assert answer(session, team, team.contact, project, HALF, in_use="partly").id == first.id
    given = {**who(team, team.contact, project), "actor": team.actor(team.coordinator)}
    data = {"again": "no", "in_use": "not_used"}
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        follow_ups.say(session, now=NOW, today=HALF, data=data, **given)
    phone = OnBehalf(said_by="会長", channel="phone", said_on=HALF)
    follow_ups.say(session, now=NOW, today=HALF, data=data, on_behalf=phone, **given)
    assert (first.in_use, first.again) == ("not_used", False)


def test_who_is_silent_is_asked_twice_and_then_called(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    session.commit()
    factory = session_factory(session.get_bind())  # type: ignore[arg-type]

    def asked() -> dict[str, str | None]:
        rows = session.exec(select(Notice).where(Notice.code == "follow_up"))
        found = {row.dedupe_key: row.account_id for row in rows}
        session.commit()
        return found

    def remind(on: date) -> list[str]:
        before = asked()
        for _twice in range(2):
            follow_up_letters.remind(factory, now=NOW, today=on)
        return sorted(str(who) for key, who in asked().items() if key not in before)

    everybody = sorted(account.id for account in (team.contact, *team.accounts))
    assert remind(HALF - timedelta(days=1)) == []
    assert remind(HALF) == everybody
    answer(session, team, team.accounts[0], project, HALF)
    session.commit()
    silent = sorted({team.contact.id, team.accounts[1].id})
    assert remind(HALF + timedelta(days=20)) == []
    assert remind(HALF + timedelta(days=21)) == silent
    assert remind(HALF + timedelta(days=60)) == []
    coordinator = team.actor(team.coordinator)

    def waiting(on: date) -> list[str]:
        found = today.today(session, actor=coordinator, on=on).items
        return [item.kind for item in found if item.subject_id == project.id]

    assert waiting(HALF + timedelta(days=41)) == []
    assert waiting(HALF + timedelta(days=42)) == ["follow_up_call"]
    answer(session, team, team.contact, project, HALF)
    assert waiting(HALF + timedelta(days=42)) == []


def test_a_letter_of_thanks_stands_on_the_record_and_goes_with_its_person(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}?lang=en")
    assert "Write a letter of thanks" in page.text("main")
    member = session.exec(
        select(ProjectMember.id).where(ProjectMember.professional_id == team.people[0].id)
    ).one()
    session.commit()
    page = group.get(f"/group/projects/{project.id}/thanks/{member}")
    page = group.submit(page.form("thanks"), text="", status=422)
    page = group.submit(page.form("thanks"), text="名簿が毎週役に立っています。", follow=True)
    told = session.exec(select(Notice.account_id).where(Notice.code == "thanks")).all()
    session.commit()
    assert told == [team.accounts[0].id]
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    address = f"/professional/projects/{project.id}"
    assert "名簿が毎週役に立っています。" in person.get(address).text("main")
    said = words(paper(person, f"{address}/thanks.pdf"))
    assert "名簿が毎週役に立っています。" in said
    assert "".join(team.group.name.split()) in said
    conclude(session, team, project)
    session.commit()
    actor = team.actor(team.accounts[0])
    (done,) = profile_pages.home(session, actor=actor, today=TODAY).record
    assert done.thanked
    other = team.actor(team.accounts[1])
    assert not profile_pages.home(session, actor=other, today=TODAY).record[0].thanked
    with pytest.raises(NotFound):
        thanks.mine(session, actor=other, project_id=project.id)
    taken = own_data.export(session, actor=actor, now=NOW)
    assert taken["tables"]["thanks"][0]["text"] == "名簿が毎週役に立っています。"
    erasure.erase(session, actor=actor, now=NOW, password=f.PASSWORD)
    assert session.exec(select(Thanks)).all() == []


def test_thanks_are_written_by_the_group_after_the_work(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    member = project_steps.seen(session, **who(team, team.contact, project)).members[0].stay
    given: dict[str, Any] = {
        "now": NOW, "project_id": project.id, "member_id": member.id, "data": {"text": "感謝"}
    }  # fmt: skip
    for stranger, refusal in ((team.accounts[0], NotFound), (team.coordinator, Forbidden)):
        with pytest.raises(refusal):
            thanks.write(session, actor=team.actor(stranger), **given)
    project.state = ProjectState.IN_PROGRESS
    with pytest.raises(Conflict, match="project_state"):
        thanks.write(session, actor=team.actor(team.contact), **given)
    member.left_on = TODAY  # whoever left has given time too
    first = thanks.write(session, actor=team.actor(team.contact), **given)
    assert thanks.write(session, actor=team.actor(team.contact), **given).id == first.id


def test_the_later_word_on_the_use_is_in_force_and_both_show_their_day(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    row = deliverables.of_project(session, project.id)[0]
    title, row_id = row.title, row.id or 0
    given: dict[str, Any] = {"actor": team.actor(team.contact), "project_id": project.id}

    def mark(use: str, on: date) -> None:
        said = {row_id: {"use": use, "note": "様子見"}}
        deliverables.say_use(session, now=NOW, today=on, said=said, **given)
        session.commit()

    def shown() -> tuple[str, str]:
        page = Pages(f.signed_in(app, session, team.contact)).get(
            f"/group/projects/{project.id}?lang=en"
        )
        line = next(text for text in map(own_text, page.all("li")) if f"{title} " in text)
        first, _word, rest = line.partition("Earlier, ")
        return first, rest

    mark("not_used", TODAY)
    follow_ups.say(
        session, now=datetime(2027, 5, 1, 20, tzinfo=UTC), today=HALF, side=Side.GROUP,
        data={"again": "yes", "in_use": "used"}, **given,
    )  # fmt: skip
    session.commit()
    first, rest = shown()
    assert "In use 2 May 2027" in first  # the city's day, not Greenwich's
    assert "on 2 November 2026: Not in use" in rest
    assert "様子見" in rest  # stays with the word it was said with
    mark("partly", HALF + timedelta(days=9))
    first, rest = shown()
    assert "Partly in use 11 May 2027" in first
    assert "on 2 May 2027: In use" in rest
    mark("not_used", HALF)  # the same day: the single result's own mark
    assert "Not in use 2 May 2027" in shown()[0]
