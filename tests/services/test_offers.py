"""Sending a round: what goes out, to whom, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, Forbidden, Invalid
from matchmaker.models import (
    Decision,
    NeedState,
    Notice,
    ProfileState,
    Proposal,
    ProposalState,
    Reply,
    Round,
    RoundNeed,
    RoundState,
)
from matchmaker.services import approvals, offers, replies, rounds
from tests import factories
from tests.factories import NOW
from tests.services.sent import REPLY_BY, TODAY, Team, arrange, send, sent


def _mails(session: Session, code: str = "") -> list[Notice]:
    chosen = select(Notice).order_by(col(Notice.email))
    return list(session.exec(chosen.where(Notice.code == code) if code else chosen))


def _send(team: Team, **changed: object) -> Round:
    actor = team.actor(team.coordinator)
    seen = offers.plan(team.session, actor=actor, round_id=team.round.id)
    data = {"version": seen.round.version, "shown": seen.digest, "reply_by": REPLY_BY, **changed}
    return offers.send_round(
        team.session, actor=actor, now=NOW, today=TODAY, round_id=team.round.id, data=data
    )


def test_the_plan_shows_every_letter_before_anything_is_sent(session: Session) -> None:
    team = arrange(session, size=2)
    plan = offers.plan(session, actor=team.actor(team.coordinator), round_id=team.round.id)
    assert [letter.code for letter in plan.letters] == [
        "team_to_group",
        "offer_to_professional",
        "offer_to_professional",
    ]
    assert {letter.email for letter in plan.letters} == {
        team.contact.email,
        *(each.email for each in team.accounts),
    }
    assert not _mails(session)
    assert team.proposals[0].state == ProposalState.APPROVED


def test_sending_offers_every_approved_seat_with_one_mail_each(session: Session) -> None:
    team = sent(session, size=2)
    assert team.round.state == RoundState.SENT
    assert team.round.sent_at == NOW
    for each in team.proposals:
        assert (each.state, each.reply_by) == (ProposalState.OFFERED, REPLY_BY)
        assert each.professional_reply == each.group_reply == Reply.WAITING
    assert team.need.state == NeedState.IN_ROUND
    assert len(_mails(session, "offer_to_professional")) == 2
    assert [mail.email for mail in _mails(session, "team_to_group")] == [team.contact.email]
    assert _mails(session, "team_to_group")[0].params["need"] == team.need.title


def test_sending_twice_is_sending_once(session: Session) -> None:
    team = sent(session, size=2)
    before = (team.round.version, len(_mails(session)), len(session.exec(select(Decision)).all()))
    _send(team)
    after = (team.round.version, len(_mails(session)), len(session.exec(select(Decision)).all()))
    assert before == after


def test_nobodys_name_is_in_the_groups_letter(session: Session) -> None:
    team = sent(session)
    assert team.people[0].name not in str(_mails(session, "team_to_group")[0].params)


def test_a_letter_speaks_the_readers_language(session: Session) -> None:
    team = arrange(session)
    team.accounts[0].language = "en"
    send(team)
    assert _mails(session, "offer_to_professional")[0].language == "en"


def test_whoever_left_no_address_is_named_for_another_way(session: Session) -> None:
    team = arrange(session)
    team.people[0].account_id, team.people[0].email = None, ""
    session.commit()
    plan = offers.plan(session, actor=team.actor(team.coordinator), round_id=team.round.id)
    assert [letter.name for letter in plan.unreachable] == [team.people[0].name]
    send(team)
    assert [each.state for each in _mails(session, "offer_to_professional")] == ["paper"]


def test_half_a_team_is_not_sent(session: Session) -> None:
    team = arrange(session, size=2)
    team.proposals[1].state = ProposalState.PROPOSED
    session.commit()
    plan = offers.plan(session, actor=team.actor(team.coordinator), round_id=team.round.id)
    assert [(role.id, count) for role, count in plan.incomplete[0].missing] == [
        (team.roles[1].id, 1)
    ]
    with pytest.raises(Conflict) as refused:
        _send(team)
    assert refused.value.code == "half_team"
    assert refused.value.params["need"] == team.need.title
    session.rollback()
    assert not _mails(session)
    assert team.round.state == RoundState.READY


def test_an_optional_seat_may_stay_empty(session: Session) -> None:
    team = arrange(session, roles=[{}, {"essential": False}])
    team.proposals[1].state = ProposalState.REJECTED
    session.commit()
    assert send(team).state == RoundState.SENT


def test_what_was_not_approved_ends_and_its_need_is_free_for_the_next_round(
    session: Session,
) -> None:
    team = arrange(session)
    other = factories.need(session, team.group)
    factories.add(session, RoundNeed(round_id=team.round.id, need_id=other.id))
    role = factories.role(session, other)
    left = factories.proposal(
        session, team.round, role, factories.professional(session), state=ProposalState.PROPOSED
    )
    session.commit()
    send(team)
    assert (left.state, left.state_reason) == (ProposalState.WITHDRAWN, "not_approved")
    assert other.state == NeedState.OPEN
    assert other.id in [row.need.id for row in rounds.open_needs(session)]
    assert team.need.id not in [row.need.id for row in rounds.open_needs(session)]


def test_an_approval_that_changed_since_the_preview_is_noticed(session: Session) -> None:
    team = arrange(session)
    actor = team.actor(team.coordinator)
    seen = offers.plan(session, actor=actor, round_id=team.round.id)
    team.proposals[0].version += 1
    session.commit()
    data = {"version": seen.round.version, "shown": seen.digest, "reply_by": REPLY_BY}
    with pytest.raises(Conflict, match="changed_meanwhile"):
        offers.send_round(
            session, actor=actor, now=NOW, today=TODAY, round_id=team.round.id, data=data
        )


@pytest.mark.parametrize(
    "value", ["", "soon", "2026-13-01", TODAY, TODAY - timedelta(days=1), "２０\u0000", "🙂", None]
)
def test_a_reply_date_must_be_ahead(session: Session, value: object) -> None:
    team = arrange(session)
    with pytest.raises(Invalid) as refused:
        _send(team, reply_by=value)
    assert [error.field for error in refused.value.errors] == ["reply_by"]


def test_an_empty_round_is_not_sent(session: Session) -> None:
    team = arrange(session)
    team.proposals[0].state = ProposalState.REJECTED
    session.commit()
    with pytest.raises(Conflict, match="nothing_approved"):
        _send(team)


@pytest.mark.parametrize("state", [s for s in RoundState if s not in ("ready", "sent", "closed")])
def test_only_a_reviewed_round_is_sent(session: Session, state: str) -> None:
    team = arrange(session)
    team.round.state = state
    session.commit()
    with pytest.raises(Conflict, match="round_not_in_review"):
        _send(team)


def test_somebody_who_paused_meanwhile_is_not_written_to(session: Session) -> None:
    team = arrange(session)
    team.people[0].state = ProfileState.PAUSED
    session.commit()
    with pytest.raises(Conflict, match="person_not_verified_now"):
        _send(team)


def _asked_by_two(session: Session, *, sends: bool, **person: int) -> tuple[Team, Team]:
    """Two rounds, worked out beside each other, that both want the same person; the first is
    approved, and sent where ``sends`` says so."""
    first = arrange(session, need={"hours_per_week": 3}, **person)
    if sends:
        send(first)
    second = arrange(session, need={"hours_per_week": 3})
    second.proposals[0].professional_id = first.people[0].id
    session.commit()
    return first, second


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize("room", [{"capacity": 1}, {"capacity": 2, "hours_per_week": 5}])
def test_two_rounds_do_not_ask_one_person_for_more_than_they_offer(
    session: Session, sends: bool, room: dict[str, int]
) -> None:
    first, second = _asked_by_two(session, sends=sends, **room)
    with pytest.raises(Conflict) as refused:
        _send(second)
    assert refused.value.code == "asked_elsewhere_now"
    assert refused.value.params["names"] == [first.people[0].name]
    (seat,) = refused.value.params["seats"]
    assert (seat.proposal_id, seat.offered) == (first.proposals[0].id, sends)
    session.rollback()
    assert second.round.state == RoundState.READY
    assert second.proposals[0].state == ProposalState.APPROVED


def test_two_rounds_may_ask_whoever_offers_enough_for_both(session: Session) -> None:
    _first, second = _asked_by_two(session, sends=True, capacity=2, hours_per_week=6)
    assert _send(second).state == RoundState.SENT


def test_nobody_is_approved_who_is_asked_for_elsewhere(session: Session) -> None:
    _first, second = _asked_by_two(session, sends=True)
    proposal = second.proposals[0]
    proposal.state = ProposalState.PROPOSED
    session.commit()
    with pytest.raises(Conflict, match="asked_elsewhere_now"):
        approvals.approve_all(
            session, actor=second.actor(second.coordinator), now=NOW, round_id=second.round.id
        )


def test_only_coordinators_send(session: Session) -> None:
    team = arrange(session)
    for who in (team.contact, team.accounts[0]):
        with pytest.raises(Forbidden):
            offers.plan(session, actor=team.actor(who), round_id=team.round.id)
        with pytest.raises(Forbidden):
            offers.send_round(
                session, actor=team.actor(who), now=NOW, today=TODAY, round_id=team.round.id,
                data={},
            )  # fmt: skip


def test_a_round_closes_when_nobody_is_awaited(session: Session) -> None:
    team = sent(session)
    coordinator = team.actor(team.coordinator)

    def close() -> Round:
        return offers.close_round(
            session, actor=coordinator, now=NOW, round_id=team.round.id, version=team.round.version
        )

    with pytest.raises(Conflict, match="replies_waiting"):
        close()
    replies.decline_offer(
        session, actor=team.actor(team.accounts[0]), now=NOW, today=TODAY,
        proposal_id=team.proposals[0].id, data={"reason": "dates"},
    )  # fmt: skip
    assert close().state == RoundState.CLOSED
    assert close().closed_at == NOW


def test_a_seat_held_since_an_earlier_round_completes_the_team(session: Session) -> None:
    team = sent(session, size=2)
    replies.decline_offer(
        session, actor=team.actor(team.accounts[1]), now=NOW, today=TODAY,
        proposal_id=team.proposals[1].id, data={"reason": "dates"},
    )  # fmt: skip
    assert team.need.state == NeedState.OPEN
    second = factories.round_(session, team.need)
    factories.proposal(session, second, team.roles[1], factories.professional(session))
    session.commit()
    team.round = second
    assert send(team).state == RoundState.SENT
    held = session.exec(
        select(Proposal).where(
            Proposal.need_id == team.need.id, Proposal.state == ProposalState.OFFERED
        )
    ).all()
    assert len(held) == 2
    assert team.need.state == NeedState.IN_ROUND
