"""Every way in which an invitation comes to nothing ends with a kind word and a way on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Invalid
from matchmaker.models import Need, Notice, Professional
from matchmaker.services import deadlines, fitting, replies
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import REPLY_BY, TODAY, Team, sent
from web.mail import compose

WHEN = {"now": NOW, "today": TODAY}


def open_needs(session: Session, count: int, **given: object) -> list[Need]:
    """Needs of other groups that anybody could take up."""
    made = []
    for number in range(count):
        period = {"starts_on": TODAY + timedelta(days=30), "ends_on": TODAY + timedelta(days=90)}
        need = f.need(session, f.group(session), title=f"別のニーズ{number}", **{**period, **given})
        f.role(session, need)
        made.append(need)
    session.commit()
    return made


def room(session: Session, team: Team) -> None:
    for person in team.people:
        person.capacity, person.hours_per_week = 3, 20
        session.add(person)
    session.commit()


def end(session: Session, app: Flask, team: Team, how: str) -> None:
    """Let the invitation of the first person come to nothing."""
    first = team.proposals[0]
    if how == "own no":
        replies.decline_offer(
            session, actor=team.actor(team.accounts[0]), **WHEN, proposal_id=first.id,
            data={"reason": "not_this_time"},
        )  # fmt: skip
    elif how == "the group's no":
        replies.decline_team(
            session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id,
            data={"proposal_ids": [first.id], "reason": "not_this_time"},
        )  # fmt: skip
    elif how == "taken back":
        replies.withdraw(
            session, actor=team.actor(team.coordinator), **WHEN, proposal_id=first.id,
            data={"version": first.version, "reason": "mistake"},
        )  # fmt: skip
    session.commit()
    if how == "silence":
        late = REPLY_BY + timedelta(days=1)
        deadlines.expire_offers(app.extensions["writing"], now=NOW, today=late)


def told(app: Flask, session: Session, email: str) -> list[str]:
    """What an address was told after the invitation itself."""
    rows = f.look(app, select(Notice).where(Notice.email == email).order_by(Notice.created_at))
    texts = []
    for row in rows:
        if row.code not in ("offer_to_professional", "team_to_group"):
            mail = compose(app, row, now=NOW)
            assert mail is not None
            texts.append(mailbox.body(mail))
    return texts


@pytest.mark.parametrize("how", ["own no", "the group's no", "taken back", "silence"])
def test_whoever_it_came_to_nothing_for_gets_at_most_three_needs_that_suit(
    app: Flask, session: Session, how: str
) -> None:
    team = sent(session)
    room(session, team)
    good = open_needs(session, 4)
    (far,) = open_needs(session, 1, mode="onsite", languages=["pt"])
    end(session, app, team, how)
    (text,) = told(app, session, team.accounts[0].email)
    shown = [need for need in good if f"/needs/{need.id}" in text]
    assert len(shown) == 3
    assert far.id not in text
    assert team.need.id not in text
    (group,) = told(app, session, team.contact.email)
    assert "ふたたび募集中" in group
    pages = Pages(f.signed_in(app, session, team.accounts[0]))
    page = pages.get(f"/professional/offers/{team.proposals[0].id}?lang=en")
    if how != "silence":  # the page's own day has not come to the date yet
        assert page.text("main").count("別のニーズ") == 3


def test_what_suits_is_what_a_round_would_allow(session: Session) -> None:
    team = sent(session)
    room(session, team)
    person = team.people[0]
    (one, two) = open_needs(session, 2)
    (later,) = open_needs(session, 1, starts_on=TODAY + timedelta(days=400),
                          ends_on=TODAY + timedelta(days=500))  # fmt: skip
    person.available_until = TODAY + timedelta(days=200)
    session.add(person)
    session.commit()
    found = fitting.suiting(session, professional_id=person.id, today=TODAY)
    assert {each.need.id for each in found} == {one.id, two.id}
    assert later.id not in {each.need.id for each in found}
    assert all(0 < each.score <= 10_000 for each in found)
    only = fitting.suiting(session, professional_id=person.id, today=TODAY, among=[two.id])
    assert [each.need.id for each in only] == [two.id]
    person.capacity = 1  # the invitation that waits takes it
    session.add(person)
    session.flush()
    assert fitting.suiting(session, professional_id=person.id, today=TODAY) == []
    assert fitting.suiting(session, professional_id="p-none", today=TODAY) == []


def test_a_group_reads_whether_its_team_fell(app: Flask, session: Session) -> None:
    team = sent(session, roles=[{}, {"essential": False}])
    for number in (1, 0):  # the part the work can do without, then the other
        replies.decline_offer(
            session, actor=team.actor(team.accounts[number]), **WHEN,
            proposal_id=team.proposals[number].id, data={"reason": "dates"},
        )  # fmt: skip
        session.commit()
    rows = f.look(app, select(Notice).where(Notice.code == "declined_to_group"))
    texts = {row.params["falls"]: row for row in rows}
    assert texts.keys() == {True, False}
    bodies = {falls: mailbox.body(compose(app, row, now=NOW)) for falls, row in texts.items()}  # type: ignore[arg-type]
    assert "ふたたび募集中" in bodies[True]
    assert "ふたたび募集中" not in bodies[False]


def test_not_before_a_day_asks_for_the_day(session: Session) -> None:
    team = sent(session)
    given = {"actor": team.actor(team.accounts[0]), **WHEN, "proposal_id": team.proposals[0].id}
    with pytest.raises(Invalid) as refused:
        replies.decline_offer(session, **given, data={"reason": "not_until"})
    assert [(each.field, each.code) for each in refused.value.errors] == [("again_from", "missing")]
    until = TODAY + timedelta(days=60)
    replies.decline_offer(session, **given, data={"reason": "not_until", "again_from": until})
    assert session.get_one(Professional, team.people[0].id).available_from == until


def test_the_date_comes_with_the_mail_and_from_the_page(app: Flask, session: Session) -> None:
    team = sent(session)
    mails = {mail["To"]: mail for mail in mailbox.sent(app)}
    for who, address in (
        (team.accounts[0], f"/professional/offers/{team.proposals[0].id}"),
        (team.contact, f"/group/needs/{team.need.id}/team"),
    ):
        ics = mailbox.calendar(mails[who.email])
        assert f"DTSTART;VALUE=DATE:{REPLY_BY:%Y%m%d}".encode() in ics
        assert b"METHOD:PUBLISH" in ics
        browser = f.signed_in(app, session, who)
        pages = Pages(browser)
        link = pages.get(f"{address}?lang=en").link("calendar (.ics)")
        kept = browser.get(link)
        assert kept.mimetype == "text/calendar"
        uids = [line for line in kept.data.splitlines() if line.startswith(b"UID:")]
        assert uids == [line for line in ics.splitlines() if line.startswith(b"UID:")]
    stranger = Pages(f.signed_in(app, session, f.account(session)))
    stranger.get(f"/professional/offers/{team.proposals[0].id}/reply-by.ics", status=404)
    stranger.get(f"/group/needs/{team.need.id}/team/reply-by.ics", status=404)
    replies.accept_offer(
        session, actor=team.actor(team.accounts[0]), **WHEN, proposal_id=team.proposals[0].id
    )
    session.commit()
    mine = Pages(f.signed_in(app, session, team.accounts[0]))
    mine.get(f"/professional/offers/{team.proposals[0].id}/reply-by.ics", status=404)
