"""Opening an account, signing in and out, forgetting a password, changing details."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Account,
    AccountToken,
    AuditEntry,
    Consent,
    LoginSession,
    Notice,
    SignInFailure,
    TokenPurpose,
)
from matchmaker.services import (
    accounts,
    details,
    invitations,
    password_reset,
    passwords,
    sign_in,
    sign_up,
    tokens,
)
from matchmaker.services.actors import SYSTEM
from matchmaker.services.commands import validated
from tests import factories
from tests.conftest import both_databases

GOOD = "akai-jitensha-de-umi"


def queued(session: Session) -> list[tuple[str, str]]:
    return [(notice.code, notice.email) for notice in session.exec(select(Notice))]


def ask(session: Session, now: datetime, email: str = "aoi@example.jp", name: str = "青井") -> None:
    command = sign_up.SignUp(door="professional", name=name, email=email)
    sign_up.ask(session, language="ja", now=now, command=command)


def opened(session: Session, now: datetime, email: str = "aoi@example.jp") -> Account:
    ask(session, now, email)
    account = session.exec(select(Account).where(Account.email == email)).one()
    token = tokens.issue(
        session, account_id=account.id, purpose=TokenPurpose.VERIFY_EMAIL, email=email, now=now
    )
    return sign_up.finish(session, token=token, password=GOOD, agreed=True, now=now, cheap=True)


def test_an_actor_holds_every_role_the_account_has(session: Session, now: datetime) -> None:
    person = factories.staff(session, "coordinator", name="伊藤")
    worker = factories.professional(session, person=person)
    group = factories.group(session, person=person)
    company = factories.company(session, officer=person)
    token = sign_in.open_session(session, account_id=person.id, now=now)

    actor = accounts.find_actor(session, token=token, now=now)

    assert actor is not None
    assert (actor.account_id, actor.name, actor.coordinator) == (person.id, "伊藤", True)
    assert actor.professional_id == worker.id
    assert (actor.group_ids, actor.company_ids) == ({group.id}, {company.id})
    assert [hat.kind for hat in accounts.hats(session, actor=actor)] == [
        "professional",
        "group",
        "company",
        "coordinator",
    ]


def test_a_session_ends_by_signing_out_by_time_and_with_its_account(
    session: Session, now: datetime
) -> None:
    person = factories.account(session)
    token = sign_in.open_session(session, account_id=person.id, now=now)
    actor = accounts.find_actor(session, token=token, now=now)
    assert actor is not None
    assert accounts.find_actor(session, token="another", now=now) is None
    assert accounts.find_actor(session, token=token, now=now + timedelta(days=15)) is None

    sign_in.end_session(session, actor=actor, session_id=actor.session_id or "", now=now)
    sign_in.end_session(session, actor=actor, session_id=actor.session_id or "", now=now)

    assert accounts.find_actor(session, token=token, now=now) is None
    acts = session.exec(select(AuditEntry.act)).all()
    assert acts.count("sign_out") == 1


def test_a_used_session_lives_on_but_not_for_ever(session: Session, now: datetime) -> None:
    person = factories.account(session)
    token = sign_in.open_session(session, account_id=person.id, now=now)
    row = session.exec(select(LoginSession)).one()
    for day in range(10, 100, 10):
        sign_in.note_use(session, session_id=row.id, now=now + timedelta(days=day))
    assert row.expires_at == now + timedelta(days=90)
    assert accounts.find_actor(session, token=token, now=now + timedelta(days=91)) is None


def test_only_a_hash_of_session_and_link_tokens_is_kept(session: Session, now: datetime) -> None:
    person = factories.account(session)
    token = sign_in.open_session(session, account_id=person.id, now=now)
    link = tokens.issue(
        session, account_id=person.id, purpose=TokenPurpose.INVITE, email=person.email, now=now
    )
    assert session.exec(select(LoginSession.token_hash)).one() == accounts.digest(token) != token
    assert session.exec(select(AccountToken.token_hash)).one() == accounts.digest(link) != link


def test_signing_up_answers_and_queues_alike_for_known_and_unknown_addresses(
    session: Session, now: datetime
) -> None:
    known = factories.account(session)
    ask(session, now, "new@example.jp")
    ask(session, now, known.email.upper())
    assert sorted(queued(session)) == [
        ("email_exists", known.email),
        ("verify_email", "new@example.jp"),
    ]
    assert session.get_one(Account, known.id).name == known.name


def test_asking_twice_mails_once_and_ten_minutes_later_again(
    session: Session, now: datetime
) -> None:
    ask(session, now)
    ask(session, now + timedelta(seconds=5))
    assert len(queued(session)) == 1
    ask(session, now + timedelta(minutes=10))
    assert len(queued(session)) == 2
    assert len(session.exec(select(Account)).all()) == 1


def test_finishing_opens_the_account_once_and_keeps_the_terms(
    session: Session, now: datetime
) -> None:
    account = opened(session, now)
    assert account.email_verified_at == now
    assert passwords.matches(GOOD, account.password_hash)
    consent = session.exec(select(Consent)).one()
    assert (consent.account_id, consent.purpose, consent.text_version) == (account.id, "terms", 1)
    assert ("welcome", "aoi@example.jp") in queued(session)


def test_a_link_works_once_for_its_purpose_and_its_time(session: Session, now: datetime) -> None:
    person = factories.account(session, password_hash="", email_verified_at=None)
    link = tokens.issue(
        session, account_id=person.id, purpose=TokenPurpose.INVITE, email=person.email, now=now
    )
    with pytest.raises(NotFound, match="link_not_valid"):
        password_reset.waiting(session, token=link, now=now)
    with pytest.raises(NotFound, match="link_not_valid"):
        sign_up.waiting(session, token=link, now=now + timedelta(days=14))
    sign_up.finish(session, token=link, password=GOOD, agreed=True, now=now, cheap=True)
    with pytest.raises(NotFound, match="link_not_valid"):
        sign_up.finish(session, token=link, password=GOOD, agreed=True, now=now, cheap=True)


def test_without_the_terms_nothing_opens(session: Session, now: datetime) -> None:
    ask(session, now)
    account = session.exec(select(Account)).one()
    link = tokens.issue(
        session,
        account_id=account.id,
        purpose=TokenPurpose.VERIFY_EMAIL,
        email=account.email,
        now=now,
    )
    with pytest.raises(Invalid) as refused:
        sign_up.finish(session, token=link, password=GOOD, agreed=False, now=now, cheap=True)
    assert refused.value.errors == (FieldError("terms", "must_agree"),)
    assert account.email_verified_at is None
    assert sign_up.waiting(session, token=link, now=now).id == account.id


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "missing"),
        ("mijikai-9", "too_short"),
        ("ながい" * 70, "too_long"),
        ("password12", "password_common"),
        ("P@ssw0rd2026", "password_common"),
        ("1234567890", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("qwertyuiop", "password_common"),
        ("abcabcabcabc", "password_common"),
        ("Person@Example.jp", "password_is_email"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.refuse_weak(password, email="person@example.jp")
    assert refused.value.errors[0].code == code


@pytest.mark.parametrize("password", [GOOD, "さくらのしたでべんとう", "k7#vQ2!mZp"])
def test_good_passwords_are_accepted_and_match_however_they_are_typed(password: str) -> None:
    passwords.refuse_weak(password, email="person@example.jp")
    kept = passwords.hashed(password, cheap=True)
    assert passwords.matches(password, kept)
    assert not passwords.matches(password + "x", kept)
    assert not passwords.matches(password, "")


def test_passwords_are_kept_with_argon2id_at_the_low_memory_profile() -> None:
    assert passwords.hashed(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def attempt(session: Session, email: str, now: datetime) -> None:
    try_id = sign_in.begin_try(session, email=email, now=now)
    try:
        sign_in.refuse_too_many(session, email=email, try_id=try_id, now=now)
    except sign_in.TooManyTries:
        sign_in.drop_try(session, try_id=try_id)
        raise


def test_after_five_failures_an_address_waits_and_another_does_not(
    session: Session, now: datetime
) -> None:
    for second in range(5):
        attempt(session, "aoi@example.jp", now + timedelta(seconds=second))
    with pytest.raises(sign_in.TooManyTries) as refused:
        attempt(session, "AOI@example.jp", now + timedelta(minutes=5))
    assert refused.value.params == {"minutes": 10}
    attempt(session, "other@example.jp", now + timedelta(minutes=5))
    attempt(session, "aoi@example.jp", now + timedelta(minutes=16))


def test_signing_in_clears_what_was_counted(session: Session, now: datetime) -> None:
    person = factories.account(session)
    for _ in range(4):
        attempt(session, person.email, now)
    sign_in.open_session(session, account_id=person.id, now=now)
    assert session.exec(select(SignInFailure)).all() == []


@both_databases
def test_of_many_tries_at_once_no_more_than_five_see_a_password_checked(
    engine: Engine, now: datetime
) -> None:
    factory, checked = session_factory(engine), []
    start = threading.Barrier(8)

    def guess() -> None:
        start.wait()
        with transaction(factory) as own:
            try_id = sign_in.begin_try(own, email="aoi@example.jp", now=now)
        with transaction(factory) as own:
            try:
                sign_in.refuse_too_many(own, email="aoi@example.jp", try_id=try_id, now=now)
                checked.append(try_id)
            except sign_in.TooManyTries:
                pass

    for _ in range(2):
        threads = [threading.Thread(target=guess) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(checked) <= 5


def test_only_an_open_account_can_sign_in(session: Session, now: datetime) -> None:
    person = factories.account(session)
    closed = factories.account(session, state="closed")
    unproven = factories.account(session, email_verified_at=None)
    assert sign_in.find_account(session, email=f" {person.email.upper()}") == person
    assert sign_in.find_account(session, email=closed.email) is None
    assert sign_in.find_account(session, email=unproven.email) is None
    assert sign_in.check_password(person, factories.PASSWORD) is person
    for account, password in ((person, "wrong"), (None, factories.PASSWORD)):
        with pytest.raises(Invalid, match="sign_in_failed"):
            sign_in.check_password(account, password)


def test_one_sees_and_ends_only_ones_own_sessions(session: Session, now: datetime) -> None:
    person, other = factories.account(session), factories.account(session)
    tokens_ = [sign_in.open_session(session, account_id=person.id, now=now) for _ in range(3)]
    foreign = sign_in.open_session(session, account_id=other.id, now=now)
    actor = accounts.find_actor(session, token=tokens_[0], now=now)
    stranger = accounts.find_actor(session, token=foreign, now=now)
    assert actor is not None
    assert stranger is not None

    listed = sign_in.open_sessions(session, actor=actor, now=now)
    assert [entry.current for entry in listed] == [True, False, False]
    with pytest.raises(NotFound, match="session_not_found"):
        sign_in.end_session(session, actor=stranger, session_id=listed[0].id, now=now)
    assert sign_in.end_other_sessions(session, actor=actor, now=now, keep=actor.session_id) == 2
    assert accounts.find_actor(session, token=tokens_[0], now=now) is not None
    assert accounts.find_actor(session, token=tokens_[1], now=now) is None
    assert accounts.find_actor(session, token=foreign, now=now) is not None


def forgot(session: Session, now: datetime, email: str) -> None:
    command = password_reset.Forgotten(email=email)
    password_reset.ask(session, language="ja", now=now, command=command)


def test_a_forgotten_password_is_asked_for_alike_with_and_without_an_account(
    session: Session, now: datetime
) -> None:
    person = factories.account(session)
    forgot(session, now, person.email)
    forgot(session, now, "nobody@example.jp")
    assert sorted(queued(session)) == [
        ("reset_password", "nobody@example.jp"),
        ("reset_password", person.email),
    ]
    assert tokens.owner(session, account_id=None, email=person.email) == person.id
    assert tokens.owner(session, account_id=None, email="nobody@example.jp") is None


def test_a_reset_signs_out_everywhere_and_tells_the_owner(session: Session, now: datetime) -> None:
    person = factories.account(session)
    old = sign_in.open_session(session, account_id=person.id, now=now)
    purpose = TokenPurpose.RESET_PASSWORD
    first, second = (
        tokens.issue(session, account_id=person.id, purpose=purpose, email=person.email, now=now)
        for _ in range(2)
    )
    password_reset.finish(session, token=first, password=GOOD, now=now, cheap=True)
    assert passwords.matches(GOOD, person.password_hash)
    assert accounts.find_actor(session, token=old, now=now) is None
    assert queued(session) == [("password_changed", person.email)]
    with pytest.raises(NotFound, match="link_not_valid"):
        password_reset.finish(session, token=second, password=GOOD, now=now, cheap=True)


def test_changing_a_password_needs_the_old_one_and_keeps_this_browser(
    session: Session, now: datetime
) -> None:
    person = factories.account(session)
    here = sign_in.open_session(session, account_id=person.id, now=now)
    there = sign_in.open_session(session, account_id=person.id, now=now)
    actor = accounts.find_actor(session, token=here, now=now)
    assert actor is not None
    with pytest.raises(Invalid) as refused:
        password_reset.change(session, actor=actor, old="wrong", new=GOOD, now=now, cheap=True)
    assert refused.value.errors[0] == FieldError("old", "password_wrong")
    password_reset.change(
        session, actor=actor, old=factories.PASSWORD, new=GOOD, now=now, cheap=True
    )
    assert accounts.find_actor(session, token=here, now=now) is not None
    assert accounts.find_actor(session, token=there, now=now) is None


def test_details_change_and_a_stale_window_is_told(session: Session, now: datetime) -> None:
    person = factories.account(session, name="古い 名前")
    actor = factories.actor(session, person)
    given = {"name": "新しい 名前", "kana": "アタラシイ なまえ", "language": "en", "version": "1"}
    details.change(session, actor=actor, now=now, command=validated(details.Details, given))
    assert (person.name, person.kana, person.language, person.version) == (
        "新しい 名前",
        "あたらしい なまえ",
        "en",
        2,
    )
    with pytest.raises(Conflict, match="changed_meanwhile"):
        details.change(session, actor=actor, now=now, command=validated(details.Details, given))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "missing"),
        ("name", "あ" * 81, "too_long"),
        ("name", "山田\x00太郎", "control_character"),
        ("name", "山田😀", "emoji"),
        ("name", "ﾔﾏﾀﾞ", "half_width_kana"),
        ("name", "שלום", "right_to_left"),
        ("kana", "yamada", "kana_only"),
        ("language", "fr", "not_in_list"),
        ("version", "x", "stale"),
    ],
)
def test_details_refuse_what_cannot_be_kept(field: str, value: str, code: str) -> None:
    given = {"name": "山田", "kana": "やまだ", "language": "ja", "version": "1", field: value}
    with pytest.raises(Invalid) as refused:
        validated(details.Details, given)
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]


def test_a_new_address_counts_only_once_its_link_was_used(session: Session, now: datetime) -> None:
    person = factories.account(session)
    worker = factories.professional(session, person=person)
    actor = factories.actor(session, person)
    old = person.email
    command = details.NewEmail(email="New@Example.jp", password=factories.PASSWORD)
    details.ask_new_email(session, actor=actor, now=now, command=command)
    assert person.email == old
    assert queued(session) == [("change_email", "new@example.jp")]
    link = tokens.issue(
        session,
        account_id=person.id,
        purpose=TokenPurpose.CHANGE_EMAIL,
        email="new@example.jp",
        now=now,
    )
    details.confirm_new_email(session, token=link, now=now)
    session.refresh(worker)
    assert person.email == worker.email == "new@example.jp"
    assert ("email_changed", old) in queued(session)


def test_a_new_address_needs_the_password_and_must_be_free(session: Session, now: datetime) -> None:
    person, other = factories.account(session), factories.account(session)
    actor = factories.actor(session, person)

    def change_to(email: str, password: str = factories.PASSWORD) -> None:
        command = details.NewEmail(email=email, password=password)
        details.ask_new_email(session, actor=actor, now=now, command=command)

    with pytest.raises(Invalid, match="invalid"):
        change_to("new@example.jp", "wrong")
    with pytest.raises(Invalid, match="invalid"):
        change_to(person.email)
    change_to(other.email)
    assert queued(session) == [("email_exists", other.email)]
    link = tokens.issue(
        session,
        account_id=person.id,
        purpose=TokenPurpose.CHANGE_EMAIL,
        email=other.email,
        now=now,
    )
    with pytest.raises(NotFound, match="link_not_valid"):
        details.confirm_new_email(session, token=link, now=now)


def test_an_invitation_gives_the_role_and_a_link_once(session: Session, now: datetime) -> None:
    company = factories.company(session, name="みほん電機")
    coordinator = factories.actor(session, factories.staff(session, "coordinator", name="伊藤"))
    command = invitations.Invite(
        role="company", name="担当 花子", email="csr@example.jp", company_id=company.id
    )
    account = invitations.invite(session, actor=coordinator, now=now, command=command)
    again = invitations.invite(session, actor=coordinator, now=now, command=command)
    assert account is again
    assert factories.actor(session, account).company_ids == {company.id}
    notice = session.exec(select(Notice)).one()
    assert (notice.code, notice.params["inviter"], notice.params["body"]) == (
        "invite",
        "伊藤",
        "みほん電機",
    )


def test_who_has_an_account_gets_the_role_without_a_link(session: Session, now: datetime) -> None:
    person = factories.account(session)
    command = invitations.Invite(role="city", name="市の担当", email=person.email)
    invitations.invite(session, actor=SYSTEM, now=now, command=command)
    assert factories.actor(session, person).city
    assert queued(session) == [("role_given", person.email)]


def test_nobody_invites_beyond_their_role(session: Session, now: datetime) -> None:
    company = factories.company(session)
    coordinator = factories.actor(session, factories.staff(session, "coordinator"))
    officer = factories.actor(session, factories.account(session))
    staff = invitations.Invite(role="admin", name="誰か", email="x@example.jp")
    to_company = staff.model_copy(update={"role": "company", "company_id": company.id})
    nowhere = staff.model_copy(update={"role": "company", "company_id": "c-none"})
    for actor, command in ((coordinator, staff), (officer, to_company)):
        with pytest.raises(Forbidden, match="may_not_invite"):
            invitations.invite(session, actor=actor, now=now, command=command)
    with pytest.raises(NotFound, match="company_not_found"):
        invitations.invite(session, actor=coordinator, now=now, command=nowhere)
    assert queued(session) == []
