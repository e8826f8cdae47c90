"""Both sides answer: confirmation, the project, what a no or silence leads to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    AuditEntry,
    Decision,
    NeedState,
    Notice,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Reply,
    RoundNeed,
)
from matchmaker.services import deadlines, offer_pages, replies, rounds, snapshots, today
from matchmaker.services.on_behalf import OnBehalf
from matchmaker.work import chores
from tests import factories
from tests.factories import NOW
from tests.services.sent import REPLY_BY, TODAY, Team, second_offer, sent

WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}
NO = {"reason": "dates", "note": "春は忙しい"}
PHONE = OnBehalf(said_by="会長", channel="phone", said_on=date(2026, 11, 1))


def yes(team: Team, seat: int = 0) -> Proposal:
    """The professional of a seat says yes."""
    return replies.accept_offer(
        team.session, actor=team.actor(team.accounts[seat]), **WHEN,
        proposal_id=team.proposals[seat].id,
    )  # fmt: skip


def no(team: Team, seat: int = 0, **data: str) -> Proposal:
    """The professional of a seat says no."""
    return replies.decline_offer(
        team.session, actor=team.actor(team.accounts[seat]), **WHEN,
        proposal_id=team.proposals[seat].id, data={**NO, **data},
    )  # fmt: skip


def group_yes(team: Team, *seats: int) -> list[Proposal]:
    """The group says yes to some seats (all of them by default)."""
    chosen = seats or range(len(team.proposals))
    return replies.accept_team(
        team.session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id,
        proposal_ids=[team.proposals[seat].id for seat in chosen],
    )  # fmt: skip


def group_no(team: Team, *seats: int) -> list[Proposal]:
    """The group says no to some seats (all of them by default)."""
    chosen = seats or range(len(team.proposals))
    data = {"reason": "skills", "proposal_ids": [team.proposals[seat].id for seat in chosen]}
    return replies.decline_team(
        team.session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id, data=data
    )


def codes(session: Session) -> dict[str, list[str]]:
    """What was written after the round was sent: message → addresses."""
    found: dict[str, list[str]] = {}
    for mail in session.exec(select(Notice).order_by(col(Notice.email))):
        if mail.code not in ("offer_to_professional", "team_to_group"):
            found.setdefault(mail.code, []).append(mail.email)
    return found


def test_one_yes_waits_for_the_other(session: Session) -> None:
    team = sent(session)
    assert yes(team).state == ProposalState.OFFERED
    assert team.proposals[0].professional_replied_at == NOW
    assert not session.exec(select(Project)).all()
    assert codes(session) == {}


@pytest.mark.parametrize("group_first", [True, False])
def test_two_yes_open_the_project(session: Session, group_first: bool) -> None:
    company = factories.company(session)
    team = sent(session, company_id=company.id, need={"hours_per_week": 1.5})
    for answer in (group_yes, yes) if group_first else (yes, group_yes):
        answer(team)
    assert team.proposals[0].state == ProposalState.CONFIRMED
    project = session.exec(select(Project)).one()
    assert (project.need_id, project.agreed_on, project.title) == (
        team.need.id,
        TODAY,
        team.need.title,
    )
    member = session.exec(select(ProjectMember)).one()
    assert (member.professional_id, member.company_id, member.minutes_per_week) == (
        team.people[0].id,
        company.id,
        90,
    )
    assert team.need.state == NeedState.STAFFED


def test_both_sides_learn_names_and_addresses(session: Session) -> None:
    team = sent(session, size=2)
    group_yes(team)
    yes(team, 0), yes(team, 1)
    written = codes(session)
    assert written["confirmed_to_group"] == [team.contact.email]
    assert written["confirmed_to_professional"] == sorted(each.email for each in team.accounts)
    mail = session.exec(select(Notice).where(Notice.code == "confirmed_to_group")).one()
    assert {(m["name"], m["email"]) for m in mail.params["team"]} == {
        (person.name, account.email)
        for person, account in zip(team.people, team.accounts, strict=True)
    }


def test_a_team_begins_when_every_essential_seat_is_sure(session: Session) -> None:
    team = sent(session, size=2)
    group_yes(team)
    yes(team, 0)
    assert team.proposals[0].state == ProposalState.CONFIRMED
    assert not session.exec(select(Project)).all()
    assert codes(session) == {"confirmed_seat": [team.accounts[0].email]}
    yes(team, 1)
    assert len(session.exec(select(ProjectMember)).all()) == 2


def test_an_optional_seat_joins_later(session: Session) -> None:
    team = sent(session, roles=[{}, {"essential": False}])
    group_yes(team)
    yes(team, 0)
    assert len(session.exec(select(ProjectMember)).all()) == 1
    yes(team, 1)
    assert len(session.exec(select(ProjectMember)).all()) == 2
    assert len(session.exec(select(Project)).all()) == 1
    assert len(codes(session)["confirmed_to_group"]) == 2


def test_where_every_role_is_optional_one_yes_is_a_team(session: Session) -> None:
    team = sent(session, roles=[{"essential": False}, {"essential": False}])
    group_yes(team)
    yes(team, 1)
    assert session.exec(select(Project)).one()
    no(team, 0)
    assert team.need.state == NeedState.STAFFED


def test_answers_are_safe_to_repeat(session: Session) -> None:
    team = sent(session)
    for _ in range(2):
        yes(team)
        group_yes(team)
    decisions = [each.act for each in session.exec(select(Decision))]
    assert decisions.count("accept") == 2
    assert len(session.exec(select(Project)).all()) == len(
        session.exec(select(ProjectMember)).all()
    )
    other = sent(session)
    no(other), no(other)
    assert codes(session)["declined_to_group"] == [other.contact.email]


def test_a_professionals_no_reopens_the_need_and_keeps_the_reason_inside(session: Session) -> None:
    team = sent(session, size=2)
    group_yes(team), yes(team, 1)
    declined = no(team, 0)
    assert (declined.state, declined.state_reason) == (ProposalState.DECLINED, "dates")
    assert team.need.state == NeedState.OPEN
    assert team.need.id in [row.need.id for row in rounds.open_needs(session)]
    assert codes(session) == {
        "answered_no": [team.accounts[0].email],
        "confirmed_seat": [team.accounts[1].email],
        "declined_to_group": [team.contact.email],
        "team_waits": [team.accounts[1].email],
    }
    for mail in session.exec(select(Notice)):
        assert "春は忙しい" not in str(mail.params)
        assert "dates" not in str(mail.params)
    item = next(
        item
        for item in today.today(session, actor=team.actor(team.coordinator), on=TODAY).items
        if item.kind == "seat_free"
    )
    assert (item.subject_id, item.params["reason"]) == (team.need.id, "dates")


def test_the_next_round_keeps_who_said_yes_and_leaves_out_who_said_no(session: Session) -> None:
    team = sent(session, size=2)
    group_yes(team), yes(team, 1), no(team, 0)
    second = factories.round_(session, team.need)
    found = snapshots.take(session, round_id=second.id, as_of=TODAY)
    assert set(found.free_seats) == {team.roles[0].id}
    assert (team.people[0].id, team.need.id) in found.market.declined
    assert (team.people[1].id, team.roles[0].id) in found.seated


def test_a_groups_no_is_told_kindly_without_the_reason(session: Session) -> None:
    team = sent(session, size=2)
    group_no(team)
    assert {each.state for each in team.proposals} == {ProposalState.DECLINED}
    assert codes(session) == {
        "declined_to_professional": sorted(each.email for each in team.accounts),
        "answered_no": [team.contact.email],
    }
    assert team.need.state == NeedState.OPEN
    live = session.exec(select(RoundNeed).where(RoundNeed.need_id == team.need.id)).one()
    assert not live.live


def test_an_optional_no_changes_nothing_for_the_rest(session: Session) -> None:
    team = sent(session, roles=[{}, {"essential": False}])
    no(team, 1)
    assert team.need.state == NeedState.IN_ROUND
    group_yes(team, 0), yes(team, 0)
    assert session.exec(select(Project)).one()


def test_a_yes_can_be_taken_back_until_the_other_side_answers(session: Session) -> None:
    team = sent(session)
    yes(team)
    assert no(team).state == ProposalState.DECLINED
    other = sent(session)
    yes(other), group_yes(other)
    for act in (no, group_no):
        with pytest.raises(Conflict, match="offer_is_over"):
            act(other)


def test_nobody_can_say_yes_to_what_is_over(session: Session) -> None:
    team = sent(session)
    group_no(team)
    with pytest.raises(Conflict, match="offer_is_over"):
        yes(team)
    late = sent(session)
    with pytest.raises(Conflict, match="offer_is_over"):
        replies.accept_offer(
            session, actor=late.actor(late.accounts[0]), now=NOW,
            today=REPLY_BY + timedelta(days=1), proposal_id=late.proposals[0].id,
        )  # fmt: skip


def test_a_yes_uses_up_the_capacity(session: Session) -> None:
    team = sent(session)
    other = second_offer(team)
    yes(team)
    with pytest.raises(Conflict) as refused:
        yes(other)
    assert (refused.value.code, refused.value.params) == ("no_room_left", {"capacity": 1})
    no(team)
    assert yes(other).professional_reply == Reply.ACCEPTED


def test_a_yes_uses_up_the_weekly_hours(session: Session) -> None:
    team = sent(session, capacity=3, hours_per_week=3)
    other = second_offer(team, hours_per_week=1.5)
    yes(team)
    with pytest.raises(Conflict) as refused:
        yes(other)
    assert (refused.value.code, refused.value.params) == (
        "hours_used_up",
        {"asked": "1.5", "left": "1"},
    )


def test_work_that_is_running_counts(session: Session) -> None:
    team = sent(session)
    other = second_offer(team)
    yes(team), group_yes(team)
    with pytest.raises(Conflict, match="no_room_left"):
        yes(other)


def test_a_group_is_told_when_the_person_has_no_room_any_more(session: Session) -> None:
    team = sent(session)
    yes(team)
    team.people[0].capacity = 0
    session.commit()
    with pytest.raises(Conflict, match="no_room_left"):
        group_yes(team)
    session.rollback()
    assert team.proposals[0].group_reply == Reply.WAITING


def test_silence_ends_an_offer_after_the_date_and_not_before(session: Session) -> None:
    team = sent(session)
    yes(team)
    session.commit()
    factory = session_factory(session.get_bind())  # type: ignore[arg-type]
    assert deadlines.expire_offers(factory, now=NOW, today=REPLY_BY) == 0
    assert deadlines.expire_offers(factory, now=NOW, today=REPLY_BY + timedelta(days=1)) == 1
    assert deadlines.expire_offers(factory, now=NOW, today=REPLY_BY + timedelta(days=1)) == 0
    session.expire_all()
    assert (team.proposals[0].state, team.proposals[0].state_reason) == (
        ProposalState.EXPIRED,
        "no_reply",
    )
    assert team.need.state == NeedState.OPEN
    own = {
        mail.email: mail.params["own"]
        for mail in session.exec(select(Notice))
        if mail.code == "expired"
    }
    assert own == {team.contact.email: True, team.accounts[0].email: False}


def test_whoever_is_silent_is_reminded_once(session: Session) -> None:
    team = sent(session, size=2)
    yes(team, 0)
    session.commit()
    factory = session_factory(session.get_bind())  # type: ignore[arg-type]
    assert deadlines.remind(factory, now=NOW, today=TODAY) == 0
    for _ in range(2):
        deadlines.remind(factory, now=NOW, today=REPLY_BY - timedelta(days=3))
    assert codes(session) == {"reminder": sorted([team.accounts[1].email, team.contact.email])}


def test_the_worker_looks_after_the_dates_in_the_citys_time(session: Session) -> None:
    team = sent(session)
    factory = session_factory(session.get_bind())  # type: ignore[arg-type]
    chore = chores(factory, time_zone="Asia/Tokyo")[0]
    chore(NOW)
    evening = NOW.replace(day=REPLY_BY.day, hour=14, minute=59)  # 23:59 in the city
    chore(evening)
    session.expire_all()
    assert team.proposals[0].state == ProposalState.OFFERED
    session.rollback()
    chore(evening + timedelta(minutes=10))
    session.expire_all()
    assert team.proposals[0].state == ProposalState.EXPIRED


def _withdraw(team: Team, version: int | None = None, **data: str) -> Proposal:
    shown = team.proposals[0].version if version is None else version
    return replies.withdraw(
        team.session, actor=team.actor(team.coordinator), **WHEN,
        proposal_id=team.proposals[0].id, data={"version": shown, "reason": "mistake", **data},
    )  # fmt: skip


def test_an_offer_taken_back_is_told_to_both(session: Session) -> None:
    team = sent(session)
    assert _withdraw(team).state == ProposalState.WITHDRAWN
    assert _withdraw(team).state == ProposalState.WITHDRAWN
    assert codes(session) == {
        "offer_withdrawn": sorted([team.accounts[0].email, team.contact.email])
    }
    assert team.need.state == NeedState.OPEN


def test_a_reply_since_the_page_was_loaded_stops_the_withdrawal(session: Session) -> None:
    team = sent(session)
    shown = team.proposals[0].version
    yes(team)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        _withdraw(team, shown)


def test_agreed_work_is_not_taken_back_as_an_offer(session: Session) -> None:
    team = sent(session)
    yes(team), group_yes(team)
    with pytest.raises(Conflict, match="project_is_open"):
        _withdraw(team)


def test_a_reply_by_telephone_keeps_who_said_so(session: Session) -> None:
    team = sent(session)
    actor = team.actor(team.coordinator)
    given: dict[str, Any] = {"actor": actor, **WHEN, "proposal_id": team.proposals[0].id}
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        replies.accept_offer(session, **given)
    replies.accept_offer(session, **given, on_behalf=PHONE)
    replies.accept_team(
        session, actor=actor, **WHEN, need_id=team.need.id,
        proposal_ids=[team.proposals[0].id], on_behalf=PHONE,
    )  # fmt: skip
    kept = session.exec(select(AuditEntry).where(AuditEntry.act == "accept_offer")).all()
    assert [entry.details["said_by"] for entry in kept] == ["会長", "会長"]
    assert session.exec(select(Project)).one()


def test_nobody_answers_for_others(session: Session) -> None:
    team, other = sent(session, size=2), sent(session)
    for who in (other.accounts[0], other.contact, team.contact, team.accounts[1]):
        actor = team.actor(who)
        with pytest.raises(NotFound):
            replies.accept_offer(session, actor=actor, **WHEN, proposal_id=team.proposals[0].id)
        with pytest.raises(NotFound):
            offer_pages.offer(session, actor=actor, proposal_id=team.proposals[0].id, today=TODAY)
    for who in (other.accounts[0], other.contact, team.accounts[0]):
        with pytest.raises(NotFound):
            replies.accept_team(
                session, actor=team.actor(who), **WHEN, need_id=team.need.id,
                proposal_ids=[team.proposals[0].id],
            )  # fmt: skip
        with pytest.raises(NotFound):
            offer_pages.team(session, actor=team.actor(who), need_id=team.need.id, today=TODAY)
    for ids in ([other.proposals[0].id], [team.proposals[0].id, "x-none"], []):
        with pytest.raises(NotFound):
            replies.accept_team(
                session, actor=team.actor(team.contact), **WHEN, need_id=team.need.id,
                proposal_ids=ids,
            )  # fmt: skip
    with pytest.raises(Forbidden):
        replies.withdraw(
            session, actor=team.actor(team.accounts[0]), **WHEN,
            proposal_id=team.proposals[0].id, data={},
        )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [{"reason": ""}, {"reason": "none"}, {"note": "あ" * 1001}, {"note": "🙂"}, {"note": "\u0000"}],
)
def test_a_no_is_checked(session: Session, data: dict[str, str]) -> None:
    team = sent(session)
    with pytest.raises(Invalid):
        no(team, **data)
    assert team.proposals[0].state == ProposalState.OFFERED
