"""Calendar entries that went out by mail: they stand in the preview, and are taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from icalendar import Calendar
from sqlmodel import Session

from matchmaker.models import Side
from matchmaker.services import (
    approvals,
    digests,
    notice_choices,
    plan_steps,
    project_desk,
    replies,
)
from matchmaker.services.notice_kinds import KIND_OF
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.scenes import city, computed_round
from tests.services.sent import TODAY, sent
from tests.web.test_desk import running


def entries(mails: list[EmailMessage]) -> list[tuple[str, str, str, int, str]]:
    """Of every attached entry: reader, method, uid, sequence, status."""
    found = []
    for mail in mails:
        for part in mail.iter_attachments():
            made: Any = Calendar.from_ical(part.get_payload(decode=True))
            assert part.get_param("method") == made["METHOD"]
            for event in made.walk("VEVENT"):
                assert str(event["ORGANIZER"]).startswith("mailto:")
                found.append(
                    (str(mail["To"]), str(made["METHOD"]), str(event["UID"]),
                     int(event["SEQUENCE"]), str(event["STATUS"]))
                )  # fmt: skip
    return sorted(found)


def test_an_invitation_taken_back_leaves_the_calendar_of_whom_it_concerns(
    app: Flask, session: Session
) -> None:
    team = sent(session, size=2)
    before = entries(mailbox.sent(app))
    assert {each[1] for each in before} == {"PUBLISH"}
    first = team.proposals[0]
    given = {"now": NOW, "today": TODAY, "proposal_id": first.id}
    replies.withdraw(
        session, actor=team.actor(team.coordinator), **given,
        data={"reason": "other", "note": "", "version": first.version},
    )  # fmt: skip
    session.commit()
    (taken,) = entries(mailbox.sent(app))  # the group still has to answer about the other
    (asked,) = [each for each in before if each[0] == taken[0]]
    assert (taken[1], taken[2], taken[4]) == ("CANCEL", asked[2], "CANCELLED")
    assert taken[3] > asked[3]
    second = team.proposals[1]
    replies.decline_offer(
        session, actor=team.actor(team.accounts[1]), now=NOW, today=TODAY,
        proposal_id=second.id, data={"reason": "dates"},
    )  # fmt: skip
    session.commit()
    gone = {each[:3] for each in entries(mailbox.sent(app))}
    assert gone == {(who, "CANCEL", uid) for who, _how, uid, _seq, _state in before} - {taken[:3]}


def test_a_meeting_that_moves_or_is_called_off_does_so_in_the_calendars(
    app: Flask, session: Session
) -> None:
    team, project = running(session)
    mailbox.sent(app)
    given: dict[str, Any] = {
        "actor": team.actor(team.contact), "side": Side.GROUP, "project_id": project.id, "now": NOW,
    }  # fmt: skip
    meeting = {"kind": "meeting", "due_on": date(2026, 12, 3), "at": "18:30", "place": "会館"}
    step = plan_steps.add(session, data=meeting, **given)
    session.commit()
    planned = entries(mailbox.sent(app))
    assert len(planned) == 2  # both professionals
    moved = {**meeting, "due_on": date(2026, 12, 10), "version": step.version}
    plan_steps.change(session, step_id=step.id, data=moved, **given)
    session.commit()
    later = entries(mailbox.sent(app))
    assert [(each[0], each[2]) for each in later] == [(each[0], each[2]) for each in planned]
    assert all(new[3] > old[3] for new, old in zip(later, planned, strict=True))
    plan_steps.remove(session, step_id=step.id, version=step.version, **given)
    session.commit()
    mails = mailbox.sent(app)
    gone = entries(mails)
    assert [each[1] for each in gone] == ["CANCEL", "CANCEL"]
    assert all(new[3] > old[3] for new, old in zip(gone, later, strict=True))
    assert "中止" in str(mails[0]["Subject"])


def test_whoever_reads_once_a_day_gets_the_days_as_they_stand_by_then(
    app: Flask, session: Session, clock: list[datetime]
) -> None:
    team, project = running(session)
    mailbox.sent(app)
    reader = team.accounts[0]
    notice_choices.choose(
        session, actor=team.actor(reader), now=NOW, data={KIND_OF["meeting_planned"]: "daily"}
    )
    given: dict[str, Any] = {
        "actor": team.actor(team.contact), "side": Side.GROUP, "project_id": project.id, "now": NOW,
    }  # fmt: skip
    meeting = {"kind": "meeting", "due_on": date(2026, 12, 3), "at": "18:30"}
    steps = [plan_steps.add(session, data=meeting, **given) for _number in range(2)]
    moved = {**meeting, "due_on": date(2026, 12, 10), "version": steps[0].version}
    plan_steps.change(session, step_id=steps[0].id, data=moved, **given)
    plan_steps.remove(session, step_id=steps[1].id, version=steps[1].version, **given)
    session.commit()
    others = entries(mailbox.sent(app))
    clock[0] = NOW + timedelta(days=1)
    digests.collect(app.extensions["writing"], now=clock[0], zone=ZoneInfo("Asia/Tokyo"))
    (mail,) = mailbox.sent(app)
    told = entries([mail])
    assert [(each[0], each[1]) for each in told] == [
        (reader.email, "CANCEL"), (reader.email, "PUBLISH")
    ]  # fmt: skip
    last = {each[2]: each[3:] for each in sorted(others, key=lambda each: each[3])}
    assert {each[2]: each[3:] for each in told} == last
    files = [part.get_filename() for part in mail.iter_attachments()]
    assert files == ["date.ics", "cancelled.ics"]
    assert b"20261210T183000" in mailbox.calendar(mail)


def test_a_project_given_up_takes_its_meetings_out_of_the_calendars(
    app: Flask, session: Session
) -> None:
    team, project = running(session)
    meeting = {"kind": "meeting", "due_on": date(2026, 12, 3)}
    plan_steps.add(
        session, actor=team.actor(team.contact), side=Side.GROUP, project_id=project.id, now=NOW,
        data=meeting,
    )  # fmt: skip
    session.commit()
    before = {each[2]: each[3] for each in entries(mailbox.sent(app))}
    project_desk.cancel(
        session, actor=team.actor(team.coordinator), now=NOW, today=TODAY, project_id=project.id,
        data={"version": project.version, "reason": "団体の事情のため"},
    )  # fmt: skip
    session.commit()
    gone = entries(mailbox.sent(app))
    assert {each[1] for each in gone} == {"CANCEL"}
    assert all(each[3] > before[each[2]] for each in gone)


def test_what_is_looked_at_before_sending_names_the_entry_and_its_day(
    app: Flask, session: Session
) -> None:
    town = city(session)
    for group in town.groups:
        group.contact_email = f"{group.id}@example.jp"
        session.add(group)
    row = computed_round(session, town.actor, NOW)
    approvals.approve_all(session, actor=town.actor, now=NOW, round_id=row.id)
    session.commit()
    pages = Pages(f.signed_in(app, session, town.coordinator))
    address = f"/coordinator/rounds/{row.id}/send?lang=en"
    page = pages.get(address)
    told = page.text(".mail-preview")
    assert row.reply_by
    assert f"{row.reply_by.month}月{row.reply_by.day}日" in told
    assert "カレンダーの予定がつきます" in told
    assert "返事の期限、2026年11月16日（月）" in page.text(".mail-preview .card-foot")
