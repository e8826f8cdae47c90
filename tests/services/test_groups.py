"""What a group's people get: registration, declaration, members, and who is kept out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import AuditEntry, Group, GroupField, GroupMember, Notice
from matchmaker.services import groups, members
from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf
from tests import factories

WHO: dict[str, Any] = {
    "name": "みどりのひろばの会",
    "kana": "みどりのひろばのかい",
    "kind": "volunteer",
    "district": "tokiwa",
    "fields": ["npo-03"],
    "about": "ひろばの手入れと子どもの遊び場づくりをしています。",
    "website": "https://hiroba.example.jp/",
}
PROMISES = dict.fromkeys(groups.ELIGIBILITY, "yes")
CONTACT = {"contact_name": "緑 はなこ", "contact_email": "hanako@example.jp", "public": "yes"}


def who(**given: Any) -> groups.WhoWeAre:
    return validated(groups.WhoWeAre, {**WHO, **given})


@pytest.fixture
def anna(session: Session) -> Any:
    """Somebody who registers a group."""
    factories.district(session)
    factories.field(session)
    return factories.actor(session, factories.account(session))


def again(session: Session, actor: Any) -> Any:
    """The same person with what they may do now."""
    return factories.accounts.actor_of(session, account_id=actor.account_id)


def registered(session: Session, actor: Any, now: datetime) -> tuple[Group, Any]:
    group = groups.register(session, actor=actor, now=now, command=who())
    actor = again(session, actor)
    for act, kind, data in (
        (groups.declare, groups.Declaration, PROMISES),
        (groups.save_contact, groups.ContactDetails, CONTACT),
    ):
        command = validated(kind, {**data, "version": group.version})
        act(session, actor=actor, now=now, group_id=group.id, command=command)
    return group, actor


def test_a_group_registers_step_by_step_and_hands_in_once(
    session: Session, anna: Any, now: datetime
) -> None:
    group, anna = registered(session, anna, now)
    assert groups.missing_steps(group) == ()
    for _twice in range(2):
        groups.submit(session, actor=anna, now=now, group_id=group.id, version=group.version)
    assert group.state == "submitted"
    acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject_id == group.id)).all()
    assert acts.count("group_submitted") == 1
    assert group.declared_by == anna.account_id
    assert "みどりのひろば" in group.search_text


def test_whoever_registers_is_the_contact(session: Session, anna: Any, now: datetime) -> None:
    group = groups.register(session, actor=anna, now=now, command=who())
    member = session.exec(select(GroupMember).where(GroupMember.group_id == group.id)).one()
    assert (member.account_id, member.role) == (anna.account_id, "contact")


def test_a_step_that_is_missing_is_named(session: Session, anna: Any, now: datetime) -> None:
    group = groups.register(session, actor=anna, now=now, command=who())
    with pytest.raises(Conflict) as refused:
        groups.submit(session, actor=again(session, anna), now=now, group_id=group.id, version=1)
    assert refused.value.params == {"step": "eligibility"}


def test_each_item_of_the_declaration_must_be_confirmed(
    session: Session, anna: Any, now: datetime
) -> None:
    group = groups.register(session, actor=anna, now=now, command=who())
    command = validated(groups.Declaration, {**PROMISES, "not_politics": "no"})
    with pytest.raises(Invalid) as refused:
        groups.declare(
            session, actor=again(session, anna), now=now, group_id=group.id, command=command
        )
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("not_politics", "must_agree")
    ]
    assert group.declared_at is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "missing"),
        ("name", "あ" * 121, "too_long"),
        ("name", "みどり\x00", "control_character"),
        ("name", "みどり😀", "emoji"),
        ("name", "ﾐﾄﾞﾘ", "half_width_kana"),
        ("name", "שלום", "right_to_left"),
        ("kana", "漢字", "kana_only"),
        ("kind", "company", "not_in_list"),
        ("district", "nowhere", "not_in_list"),
        ("fields", ["npo-99"], "not_in_list"),
        ("fields", [], "missing"),
        ("website", "javascript:alert(1)", "not_a_url"),
        ("about", "あ" * 2001, "too_long"),
    ],
)
def test_bad_entries_are_refused_beside_their_field(
    session: Session, anna: Any, now: datetime, field: str, value: Any, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        groups.register(session, actor=anna, now=now, command=who(**{field: value}))
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    session.rollback()
    assert session.exec(select(Group)).all() == []
    assert session.exec(select(GroupField)).all() == []


def test_strangers_do_not_learn_of_a_group(session: Session, anna: Any, now: datetime) -> None:
    group, _anna = registered(session, anna, now)
    stranger = factories.actor(session, factories.account(session))
    with pytest.raises(NotFound):
        groups.find(session, actor=stranger, group_id=group.id)
    with pytest.raises(NotFound):
        groups.save_who(
            session, actor=stranger, now=now, group_id=group.id, command=who(version=group.version)
        )


def test_of_two_who_change_the_same_version_the_second_is_told(
    session: Session, anna: Any, now: datetime
) -> None:
    group, anna = registered(session, anna, now)
    seen = group.version
    groups.save_who(session, actor=anna, now=now, group_id=group.id, command=who(version=seen))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        groups.save_who(session, actor=anna, now=now, group_id=group.id, command=who(version=seen))


def test_a_coordinator_writes_for_others_only_with_who_said_so(
    session: Session, anna: Any, now: datetime
) -> None:
    office = factories.actor(session, factories.staff(session))
    note = validated(OnBehalf, {"said_by": "会長", "channel": "phone", "said_on": "2026-11-01"})
    group = groups.register(session, actor=office, now=now, command=who(), on_behalf=note)
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        groups.save_who(session, actor=office, now=now, group_id=group.id, command=who())
    entry = session.exec(select(AuditEntry).where(AuditEntry.act == "group_started")).one()
    assert entry.details == {"said_by": "会長", "channel": "phone", "said_on": "2026-11-01"}
    assert session.exec(select(GroupMember)).all() == []


def invite(session: Session, actor: Any, group: Group, email: str, now: datetime) -> Any:
    return members.invite(
        session, actor=actor, now=now, group_id=group.id,
        command=validated(members.Invite, {"email": email}),
    )  # fmt: skip


def test_an_invited_person_joins_by_saying_yes(session: Session, anna: Any, now: datetime) -> None:
    group, anna = registered(session, anna, now)
    friend = factories.account(session, email="tomo@example.jp")
    for _twice in range(2):
        invitation = invite(session, anna, group, "Tomo@example.jp", now)
    assert len(session.exec(select(Notice)).all()) == 1
    guest = factories.actor(session, friend)
    assert [asked.group_name for asked in
            members.invitations_for(session, actor=guest, now=now)] == [group.name]  # fmt: skip
    members.answer(session, actor=guest, now=now, invitation_id=invitation.id, accept=True)
    assert group.id in again(session, guest).group_ids
    assert members.invitations_for(session, actor=guest, now=now) == []


def test_an_invitation_is_only_for_its_address_and_its_time(
    session: Session, anna: Any, now: datetime
) -> None:
    group, anna = registered(session, anna, now)
    friend = factories.actor(session, factories.account(session, email="tomo@example.jp"))
    other = factories.actor(session, factories.account(session))
    invitation = invite(session, anna, group, "tomo@example.jp", now)
    with pytest.raises(NotFound):
        members.answer(session, actor=other, now=now, invitation_id=invitation.id, accept=True)
    with pytest.raises(NotFound):
        members.answer(
            session, actor=friend, now=now + timedelta(days=15),
            invitation_id=invitation.id, accept=True,
        )  # fmt: skip


def test_the_contact_hands_over_and_only_then_can_leave(
    session: Session, anna: Any, now: datetime
) -> None:
    group, anna = registered(session, anna, now)
    friend = factories.account(session)
    factories.add(
        session,
        GroupMember(group_id=group.id, account_id=friend.id, joined_at=now),
    )
    with pytest.raises(Conflict, match="contact_must_hand_over"):
        members.remove(session, actor=anna, now=now, group_id=group.id, account_id=anna.account_id)
    members.hand_over(session, actor=anna, now=now, group_id=group.id, account_id=friend.id)
    members.remove(session, actor=anna, now=now, group_id=group.id, account_id=anna.account_id)
    left = members.members_of(session, actor=factories.actor(session, friend), group_id=group.id)
    assert [(member.account_id, member.contact) for member in left] == [(friend.id, True)]


def test_members_who_are_not_the_contact_invite_nobody(
    session: Session, anna: Any, now: datetime
) -> None:
    group, _anna = registered(session, anna, now)
    friend = factories.account(session)
    factories.add(session, GroupMember(group_id=group.id, account_id=friend.id, joined_at=now))
    with pytest.raises(Forbidden, match="contact_only"):
        invite(session, factories.actor(session, friend), group, "neu@example.jp", now)
