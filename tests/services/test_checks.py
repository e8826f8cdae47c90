"""What coordinators get when they check, and what whoever waits is told."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, Forbidden, Invalid, Refusal
from matchmaker.models import AuditEntry, Group, Need, Notice, Professional, ProfessionalSkill
from matchmaker.services import check_details, check_lists, checks
from matchmaker.services.check_search import CheckSearch
from matchmaker.services.commands import validated
from tests import factories
from tests.conftest import both_databases

TODAY = date(2026, 11, 2)


@pytest.fixture
def office(session: Session) -> Any:
    """A coordinator."""
    return factories.actor(session, factories.staff(session))


def comment(
    version: int, text: str = "活動の内容をもう少し詳しく書いてください。"
) -> checks.Comment:
    return validated(checks.Comment, {"comment": text, "version": version})


def submitted_need(session: Session, group: Group, **given: Any) -> Need:
    return factories.need(session, group, state="submitted", opened_at=None, **given)


def test_an_accepted_person_is_told_once_and_starts_to_wait(
    session: Session, office: Any, now: datetime
) -> None:
    someone = factories.account(session)
    person = factories.professional(
        session, person=someone, state="submitted", waiting_since=None, verified_at=None
    )
    for _twice in range(2):
        checks.verify_professional(
            session, actor=office, now=now, today=TODAY, professional_id=person.id, version=1
        )
    assert (person.state, person.waiting_since) == ("verified", TODAY)
    assert [notice.code for notice in session.exec(select(Notice))] == ["profile_verified"]


def test_a_returned_group_reads_the_comment(session: Session, office: Any, now: datetime) -> None:
    contact = factories.account(session)
    group = factories.group(session, person=contact, state="submitted")
    checks.return_group(session, actor=office, now=now, group_id=group.id, command=comment(1))
    assert group.state == "returned"
    notice = session.exec(select(Notice)).one()
    assert (notice.email, notice.code) == (contact.email, "group_returned")
    assert notice.params["comment"] == group.returned_comment


def test_a_need_opens_only_for_a_checked_group(
    session: Session, office: Any, now: datetime
) -> None:
    group = factories.group(session, person=factories.account(session), state="submitted")
    need = submitted_need(session, group)
    with pytest.raises(Conflict, match="group_not_verified"):
        checks.open_need(session, actor=office, now=now, today=TODAY, need_id=need.id, version=1)
    group.state = "verified"
    checks.open_need(session, actor=office, now=now, today=TODAY, need_id=need.id, version=1)
    assert (need.state, need.opened_at, group.waiting_since) == ("open", now, TODAY)


def test_a_returned_need_keeps_its_text(session: Session, office: Any, now: datetime) -> None:
    group = factories.group(session, contact_email="kaichou@example.jp")
    need = submitted_need(session, group, title="題", summary="書いたとおり")
    checks.return_need(session, actor=office, now=now, need_id=need.id, command=comment(1))
    assert (need.state, need.title, need.summary) == ("returned", "題", "書いたとおり")
    notice = session.exec(select(Notice)).one()
    assert (notice.email, notice.code) == ("kaichou@example.jp", "need_returned")


def test_only_coordinators_check(session: Session, now: datetime) -> None:
    someone = factories.account(session)
    group = factories.group(session, person=someone, state="submitted")
    with pytest.raises(Forbidden):
        checks.verify_group(
            session, actor=factories.actor(session, someone), now=now, today=TODAY,
            group_id=group.id, version=1,
        )  # fmt: skip


def test_a_return_needs_a_comment() -> None:
    with pytest.raises(Invalid) as refused:
        comment(1, "?")
    assert refused.value.errors[0].code == "too_short"


def test_somebody_rests_and_goes_on(session: Session, office: Any, now: datetime) -> None:
    person = factories.professional(session)
    checks.pause_profile(
        session, actor=office, now=now, kind=Professional, profile_id=person.id,
        command=comment(1),
    )  # fmt: skip
    assert person.state == "paused"
    checks.resume_profile(
        session, actor=office, now=now, kind=Professional, profile_id=person.id, version=2
    )
    assert person.state == "verified"


@both_databases
def test_of_two_coordinators_at_once_one_decides(
    engine: Engine, session: Session, now: datetime
) -> None:
    offices = [factories.actor(session, factories.staff(session)) for _each in range(2)]
    group = factories.group(session, person=factories.account(session), state="submitted")
    session.commit()
    results: list[str] = []
    start = threading.Barrier(2)

    def decide(number: int) -> None:
        start.wait()
        try:
            with transaction(session_factory(engine)) as mine:
                if number:
                    checks.verify_group(
                        mine, actor=offices[1], now=now, today=TODAY, group_id=group.id, version=1
                    )
                else:
                    checks.return_group(
                        mine, actor=offices[0], now=now, group_id=group.id, command=comment(1)
                    )
            results.append("done")
        except Refusal as refusal:
            results.append(refusal.code)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("done") == 1
    session.expire_all()
    assert len(session.exec(select(Notice)).all()) == 1
    acts = session.exec(select(AuditEntry.act)).all()
    assert len([act for act in acts if act in ("group_verified", "group_returned")]) == 1


def test_the_lists_put_the_oldest_wait_first_and_filter(session: Session, office: Any) -> None:
    factories.district(session)
    skill = factories.skill(session)
    for day in (3, 1, 2):
        person = factories.professional(
            session, name=f"順番 {day}", state="submitted", district="tokiwa",
            submitted_at=datetime(2026, 10, day, tzinfo=factories.NOW.tzinfo),
        )  # fmt: skip
    factories.add(session, ProfessionalSkill(professional_id=person.id, skill=skill.code, level=2))
    factories.professional(session, name="済み 人")

    def names(**args: str) -> list[str]:
        search = CheckSearch.read(args, kind="people")
        page = check_lists.people(session, actor=office, search=search)
        return [row.person.name for row in page.rows]

    assert names()[:3] == ["順番 1", "順番 2", "順番 3"]
    assert names(state="verified") == ["済み 人"]
    assert names(skill="accounting") == ["順番 2"]
    assert names(q="ｼﾞｭﾝﾊﾞﾝ") == []
    assert len(names(q="順番", district="tokiwa")) == 3
    assert names(page="99", state="verified") == ["済み 人"]


def test_look_alikes_are_pointed_out(session: Session, office: Any) -> None:
    old = factories.professional(session, name="水野 陽子", kana="みずのようこ")
    new = factories.professional(session, name="水野陽子", kana="", state="submitted")
    factories.professional(session, name="別 人", kana="", state="submitted")
    search = CheckSearch.read({"state": "submitted"}, kind="people")
    page = check_lists.people(session, actor=office, search=search)
    assert {row.person.name: row.doubtful for row in page.rows} == {
        "水野陽子": True, "別 人": False,
    }  # fmt: skip
    detail = check_details.person(session, actor=office, professional_id=new.id)
    assert [other.row.id for other in detail.alike] == [old.id]


def test_drafts_of_groups_are_their_own(session: Session, office: Any) -> None:
    group = factories.group(session)
    factories.need(session, group, state="draft", title="まだ下書き")
    search = CheckSearch.read({}, kind="needs")
    assert check_lists.needs(session, actor=office, search=search).rows == ()
    assert check_details.group(session, actor=office, group_id=group.id).needs == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_version_check_both_would_decide(
    engine: Engine, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the race above."""
    meeting = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(checks, "claim", lambda *_row: meeting.wait())
    office = factories.actor(session, factories.staff(session))
    group = factories.group(session, state="submitted")
    session.commit()
    done: list[str] = []

    def decide(act: Any) -> None:
        with transaction(session_factory(engine)) as mine:
            act(mine)
        done.append("done")

    acts = (
        lambda mine: checks.verify_group(
            mine, actor=office, now=now, today=TODAY, group_id=group.id, version=1
        ),
        lambda mine: checks.return_group(
            mine, actor=office, now=now, group_id=group.id, command=comment(1)
        ),
    )
    threads = [threading.Thread(target=decide, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["done", "done"]
