"""Invitations, teams, sending and replies as pages: what each side reads, answers and is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.engine.reasons import reason
from matchmaker.models import (
    Account,
    Job,
    JobState,
    NeedState,
    Notice,
    NoticeState,
    Professional,
    ProfileState,
    Project,
    Proposal,
    ProposalState,
    Reply,
    RoundState,
)
from tests import factories
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import Team, arrange, send, sent

LANGUAGES = ("ja", "en")
BAD_TEXTS = ("\u0000", "🙂", "ﾊﾝｶｸ", "\u202eabc", "あ" * 1001)


def _pages(app: Flask, session: Session, who: Account) -> Pages:
    return Pages(factories.signed_in(app, session, who))


def _offer(team: Team) -> str:
    return f"/professional/offers/{team.proposals[0].id}"


def _team(team: Team) -> str:
    return f"/group/needs/{team.need.id}/team"


def _send(team: Team) -> str:
    return f"/coordinator/rounds/{team.round.id}/send"


# the professional


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_says_what_why_and_until_when(
    app: Flask, session: Session, language: str
) -> None:
    team = arrange(session, size=2, need={"slots": ["wed-eve"]})
    factories.skill(session)
    team.proposals[0].strengths = [str(reason("skill", "accounting", "3")), str(reason("pinned"))]
    team.proposals[0].gaps = [str(reason("hours_unknown", "2"))]
    send(team)
    pages = _pages(app, session, team.accounts[0])
    page = pages.get(f"{_offer(team)}?lang={language}")
    text = page.text("main")
    for expected in (team.need.title, team.group.name, team.roles[0].title, team.need.deliverable):
        assert expected in text
    assert team.roles[1].title in text
    assert team.people[1].name not in text
    listed = pages.get(f"/professional/offers?lang={language}")
    assert team.need.title in listed.text("main")
    assert "Brings" in text if language == "en" else "技能 accounting" in text
    assert "A coordinator fixed" not in text


def test_yes_and_yes_bring_both_sides_together_by_name(app: Flask, session: Session) -> None:
    team = sent(session)
    person = _pages(app, session, team.accounts[0])
    page = person.get(f"{_offer(team)}?lang=en")
    page = person.submit(page.form("/accept"))
    assert "group has answered" in page.text(".notice")
    contact = _pages(app, session, team.contact)
    page = contact.get(f"{_team(team)}?lang=en")
    assert team.people[0].name not in page.html
    page = contact.submit(page.form("/team/accept"))
    assert team.people[0].name in page.text("main")
    assert team.accounts[0].email in page.text("main")
    session.expire_all()
    assert session.exec(select(Project)).one().need_id == team.need.id
    page = person.get(f"{_offer(team)}?lang=en")
    assert team.contact.email in page.text("main")


def test_a_no_needs_a_reason_and_says_who_reads_it(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.accounts[0])
    page = pages.get(f"{_offer(team)}/decline?lang=en")
    assert "Only the coordinators" in page.text("main")
    page = pages.submit(page.form("/decline"), status=422)
    assert page.errors
    page = pages.submit(page.form("/decline"), reason="too_busy", note="来年なら")
    assert "Thank you" in page.text("main")
    session.expire_all()
    row = session.get_one(Proposal, team.proposals[0].id)
    assert (row.state, row.state_reason, row.state_note) == ("declined", "too_busy", "来年なら")
    mail = session.exec(select(Notice).where(Notice.code == "declined_to_group")).one()
    assert "too_busy" not in str(mail.params)
    assert "来年" not in str(mail.params)


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_a_bad_note_is_refused_and_nothing_is_stored(
    app: Flask, session: Session, text: str
) -> None:
    team = sent(session)
    pages = _pages(app, session, team.accounts[0])
    page = pages.get(f"{_offer(team)}/decline?lang=en")
    page = pages.submit(page.form("/decline"), status=422, reason="dates", note=text)
    assert page.errors
    page = pages.get(f"{_offer(team)}/ask?lang=en")
    assert pages.submit(page.form("/ask"), status=422, text=text).errors
    session.expire_all()
    assert session.get_one(Proposal, team.proposals[0].id).state == ProposalState.OFFERED
    assert not session.exec(select(Notice).where(Notice.code == "question")).all()


def test_a_reason_that_is_not_on_the_list_is_refused(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.accounts[0])
    pages.get(f"{_offer(team)}/decline?lang=en")
    page = pages.post(f"{_offer(team)}/decline", {"reason": "skilz"}, status=422)
    assert page.errors


def test_asking_first_reaches_a_coordinator_once(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.accounts[0])
    for _ in range(2):
        page = pages.get(f"{_offer(team)}/ask?lang=en")
        pages.submit(page.form("/ask"), text="初回の場所はどこですか")
    mail = session.exec(select(Notice).where(Notice.code == "question")).one()
    assert mail.email == team.coordinator.email
    assert mail.params["asker_email"] == team.accounts[0].email


def test_without_room_the_page_says_so_and_offers_no_yes(app: Flask, session: Session) -> None:
    team = sent(session, capacity=0)
    pages = _pages(app, session, team.accounts[0])
    page = pages.get(f"{_offer(team)}?lang=en")
    assert "no room for another project" in page.text(".note")
    assert not [form for form in page.forms if form.action.endswith("/accept")]
    answer = pages.post(f"{_offer(team)}/accept", status=409)
    assert "no room" in answer.text("main")


def test_invitations_of_others_do_not_exist(app: Flask, session: Session) -> None:
    team, other = sent(session), sent(session)
    unsent = arrange(session)
    pages = _pages(app, session, team.accounts[0])
    assert pages.get(_offer(team))
    for address in (_offer(other), _offer(unsent), "/professional/offers/x-none"):
        for page in ("", "/decline", "/ask"):
            pages.get(f"{address}{page}", status=404)
        pages.post(f"{address}/accept", status=404)
    own = _pages(app, session, unsent.accounts[0])
    own.get(_offer(unsent), status=404)
    stranger = Pages(app.test_client())
    assert "/sign-in" in stranger.get(_offer(team), status=302).location


def test_no_invitation_yet_says_what_to_do(app: Flask, session: Session) -> None:
    person = factories.account(session)
    factories.professional(session, person=person)
    pages = _pages(app, session, person)
    page = pages.get("/professional/offers?lang=en")
    assert "Look at open needs" in page.text("main")


def test_both_sides_read_the_same_reasons_about_each_other(app: Flask, session: Session) -> None:
    team = arrange(session)
    factories.skill(session)
    team.proposals[0].strengths = [str(reason("skill", "accounting", "3")), str(reason("pinned"))]
    team.proposals[0].gaps = [str(reason("hours_unknown", "2"))]
    send(team)
    seen = []
    for who, address in ((team.accounts[0], _offer(team)), (team.contact, _team(team))):
        page = _pages(app, session, who).get(f"{address}?lang=en")
        missing = page.text(".gap").partition(": ")[2]  # what it is called differs by reader
        seen.append((page.text(".why"), missing, page.text(".fit")))
    assert seen[0] == seen[1]
    assert seen[0][1]


# the group


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_sees_reasons_but_no_names(app: Flask, session: Session, language: str) -> None:
    team = sent(session, size=2)
    page = _pages(app, session, team.contact).get(f"{_team(team)}?lang={language}")
    assert all(person.name not in page.html for person in team.people)
    assert all(account.email not in page.html for account in team.accounts)
    assert [role.title in page.text() for role in team.roles] == [True, True]


def test_one_button_says_yes_to_the_whole_team(app: Flask, session: Session) -> None:
    team = sent(session, size=2)
    pages = _pages(app, session, team.contact)
    page = pages.get(f"{_team(team)}?lang=en")
    pages.submit(page.form("/team/accept", button="whole team"))
    session.expire_all()
    assert {row.group_reply for row in session.exec(select(Proposal))} == {Reply.ACCEPTED}


def test_a_group_may_decline_one_person(app: Flask, session: Session) -> None:
    team = sent(session, size=2)
    pages = _pages(app, session, team.contact)
    page = pages.get(f"{_team(team)}?lang=en")
    page = pages.get(f"{_team(team)}/decline?lang=en&seat={team.proposals[1].id}")
    form = page.form("/decline")
    assert form.values.getlist("proposal_ids") == [team.proposals[1].id]
    page = pages.submit(form, reason="skills")
    session.expire_all()
    assert [session.get_one(Proposal, p.id).state for p in team.proposals] == [
        "offered",
        "declined",
    ]
    assert "A seat is free again" in page.text("main")


def test_a_group_answers_only_for_its_own_team(app: Flask, session: Session) -> None:
    team, other = sent(session), sent(session)
    pages = _pages(app, session, team.contact)
    for page in ("", "/decline", "/ask"):
        pages.get(f"{_team(other)}{page}", status=404)
    pages.get(_team(team))
    pages.post(f"{_team(other)}/accept", {"proposal_ids": other.proposals[0].id}, status=404)
    pages.post(f"{_team(team)}/accept", {"proposal_ids": other.proposals[0].id}, status=404)
    pages.post(f"{_team(team)}/accept", {}, status=404)
    page = pages.post(
        f"{_team(team)}/decline",
        {"proposal_ids": other.proposals[0].id, "reason": "skills"},
        status=422,
    )
    assert page.errors


def test_a_team_page_without_a_team_says_what_comes(app: Flask, session: Session) -> None:
    team = arrange(session)
    page = _pages(app, session, team.contact).get(f"{_team(team)}?lang=en")
    assert "No team yet" in page.text("main")
    assert team.people[0].name not in page.html


# the coordinators


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_read_before_it_is_sent(app: Flask, session: Session, language: str) -> None:
    team = arrange(session, size=2)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang={language}")
    assert len(page.all(".mail-preview")) == 3
    assert f"/professional/offers/{team.proposals[0].id}" in page.html
    assert not session.exec(select(Notice)).all()


def test_sending_leads_to_the_replies(app: Flask, session: Session) -> None:
    team = arrange(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang=en")
    page = pages.submit(page.form("/send"))
    assert page.path.endswith("/replies")
    assert team.people[0].name in page.text("main")
    assert pages.get(_send(team), follow=True).path.endswith("/replies")
    session.expire_all()
    assert len(session.exec(select(Notice)).all()) == 2


def test_half_a_team_cannot_be_sent_and_is_named(app: Flask, session: Session) -> None:
    team = arrange(session, size=2)
    team.proposals[1].state = ProposalState.PROPOSED
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang=en")
    assert team.roles[1].title in page.text(".note")
    assert not [form for form in page.forms if form.action.endswith("/send")]


def test_another_date_can_be_read_in_every_message_before_sending(
    app: Flask, session: Session
) -> None:
    team = arrange(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang=en")
    page = pages.submit(page.form("/send"), press="preview", reply_by="2026-12-24")
    assert page.text("main").count("2026年12月24日") == 4  # in the text, and in the calendar entry
    assert factories.look(app, select(Notice)) == []
    pages.submit(page.form("/send"))
    session.expire_all()
    assert str(session.get_one(Proposal, team.proposals[0].id).reply_by) == "2026-12-24"


@pytest.mark.parametrize("value", ["", "2020-01-01", "soon", "🙂", "２０２６"])
def test_a_bad_reply_date_is_refused(app: Flask, session: Session, value: str) -> None:
    team = arrange(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang=en")
    page = pages.submit(page.form("/send"), status=422, reply_by=value)
    assert page.errors
    session.expire_all()
    assert not session.exec(select(Notice)).all()


def test_a_stale_preview_is_refused(app: Flask, session: Session) -> None:
    team = arrange(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"{_send(team)}?lang=en")
    page = pages.submit(page.form("/send"), status=409, shown="x")
    assert "changed" in page.text("main")


def test_a_reply_by_telephone_is_entered_with_who_said_so(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.coordinator)
    address = f"/coordinator/offers/{team.proposals[0].id}"
    page = pages.get(f"{address}?lang=en")
    page = pages.click("Enter a reply")
    page = pages.submit(page.form("/reply"), status=422, side="professional", answer="accepted")
    assert len(page.errors) == 2
    said = {"side": "professional", "answer": "declined", "said_by": "本人", "channel": "phone"}
    page = pages.submit(page.form("/reply"), status=422, **said, reason="not_until")
    (wrong,) = page.errors
    assert "asked again" in wrong
    later = NOW.date() + timedelta(days=60)
    page = pages.submit(
        page.form("/reply"), **said, reason="not_until", again_from=later.isoformat()
    )
    assert page.path == address
    session.expire_all()
    assert session.get_one(Proposal, team.proposals[0].id).state == ProposalState.DECLINED
    assert session.get_one(Professional, team.people[0].id).available_from == later


def test_a_reply_for_the_group_too(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"/coordinator/offers/{team.proposals[0].id}/reply?lang=en")
    pages.submit(
        page.form("/reply"), side="group", answer="accepted", said_by="会長", channel="paper"
    )
    session.expire_all()
    assert session.get_one(Proposal, team.proposals[0].id).group_reply == Reply.ACCEPTED


def test_taking_an_invitation_back_asks_why(app: Flask, session: Session) -> None:
    team = sent(session)
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"/coordinator/offers/{team.proposals[0].id}/withdraw?lang=en")
    assert pages.submit(page.form("/withdraw"), status=422).errors
    pages.submit(page.form("/withdraw"), reason="mistake")
    session.expire_all()
    assert session.get_one(Proposal, team.proposals[0].id).state == ProposalState.WITHDRAWN
    assert pages.get("/coordinator?lang=en").text("main").count("Fill a seat again") == 1


def test_a_settled_round_is_closed_from_its_replies(app: Flask, session: Session) -> None:
    team = sent(session)
    team.proposals[0].state = ProposalState.EXPIRED
    pages = _pages(app, session, team.coordinator)
    page = pages.get(f"/coordinator/rounds/{team.round.id}/replies?lang=en")
    pages.submit(page.form("/close"))
    session.expire_all()
    assert session.get_one(type(team.round), team.round.id).state == RoundState.CLOSED


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_shows_what_waits_oldest_first(app: Flask, session: Session, language: str) -> None:
    coordinator = factories.staff(session)
    waiting = {"state": ProfileState.SUBMITTED}
    factories.group(session, name="新しい会", submitted_at=NOW - timedelta(days=1), **waiting)
    factories.professional(session, name="待つ人", submitted_at=NOW - timedelta(days=3), **waiting)
    group = factories.group(session)
    factories.need(
        session, group, title="急ぎの相談", state=NeedState.SUBMITTED,
        submitted_at=NOW - timedelta(days=2),
    )  # fmt: skip
    factories.round_(session, name="春の回")
    page = _pages(app, session, coordinator).get(f"/coordinator?lang={language}")
    rows = page.texts(".person-name")
    found = [
        name
        for row in rows
        for name in ("待つ人", "急ぎの相談", "新しい会", "春の回")
        if name in row
    ]
    assert found == ["待つ人", "急ぎの相談", "新しい会", "春の回"]


def test_a_failed_mail_and_job_can_be_tried_again(app: Flask, session: Session) -> None:
    coordinator = factories.staff(session)
    mail = factories.add(
        session,
        Notice(
            email="a@example.jp", code="welcome", dedupe_key="k", state=NoticeState.FAILED,
            attempts=6, error="refused", not_before=NOW, created_at=NOW,
        ),
    )  # fmt: skip
    job = factories.add(
        session,
        Job(
            kind="compute_round", state=JobState.FAILED, attempts=4, error="x", not_before=NOW,
            created_at=NOW,
        ),
    )  # fmt: skip
    pages = _pages(app, session, coordinator)
    page = pages.get("/coordinator?lang=en")
    page = pages.submit(page.form("/mails/"))
    page = pages.submit(page.form("/jobs/"))
    session.expire_all()
    assert session.get_one(Notice, mail.id).state == NoticeState.WAITING
    assert session.get_one(Job, job.id).state == JobState.WAITING
    session.rollback()
    assert "Nothing waits for you" in page.text("main")
    pages.post("/coordinator/today/mails/none/retry", status=404)


def test_others_do_not_reach_the_coordinators_pages(app: Flask, session: Session) -> None:
    team = sent(session)
    offer = f"/coordinator/offers/{team.proposals[0].id}"
    for who in (team.contact, team.accounts[0]):
        pages = _pages(app, session, who)
        for address in ("/coordinator", _send(team), offer, f"{offer}/withdraw", f"{offer}/reply"):
            pages.get(address, status=403)
    pages = _pages(app, session, team.coordinator)
    for address in (
        "/coordinator/offers/none",
        "/coordinator/rounds/none/send",
        "/coordinator/rounds/none/replies",
    ):
        pages.get(address, status=404)


def test_replies_that_are_nearly_due_are_worth_a_call(
    app: Flask, session: Session, clock: list[datetime]
) -> None:
    team = sent(session)
    pages = _pages(app, session, team.coordinator)
    assert "Nothing waits for you" in pages.get("/coordinator?lang=en").text("main")
    clock[0] = NOW + timedelta(days=12)
    assert "Ask about replies" in pages.get("/coordinator?lang=en").text("main")
