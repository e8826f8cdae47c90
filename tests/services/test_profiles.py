"""A profile is saved step by step, handed in, paused and left; every bad entry is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    AuditEntry,
    Company,
    Professional,
    ProfileState,
    Proposal,
    Round,
)
from matchmaker.services import accounts, profiles, taxonomy
from matchmaker.services.actors import SYSTEM, VISITOR, Actor
from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf
from tests import factories
from tests.conftest import NOW, both_databases

TODAY = date(2026, 11, 2)
WHO = {"name": "青木 花", "kana": "あおき はな", "relation": "resident"}
WHEN = {"hours_per_week": "3", "modes": ["remote", "onsite"], "slots": ["sat-am"], "capacity": "1"}


@pytest.fixture
def me(session: Session) -> Actor:
    taxonomy.load(session)
    person = factories.account(session)
    session.commit()
    return factories.actor(session, person)


def begun(session: Session, me: Actor, **more: Any) -> tuple[Actor, Professional]:
    command = validated(profiles.Who, {**WHO, **more})
    person = profiles.save_who(session, actor=me, now=NOW, command=command)
    return accounts.actor_of(session, account_id=me.account_id or ""), person


def complete(session: Session, me: Actor) -> tuple[Actor, Professional]:
    me, person = begun(session, me)
    args = {"actor": me, "now": NOW, "professional_id": person.id}
    skills = {"levels": {"accounting": 3}, "version": person.version}
    profiles.save_skills(session, **args, command=validated(profiles.Skills, skills))
    when = {**WHEN, "version": person.version}
    profiles.save_when(session, **args, command=validated(profiles.When, when))
    return me, person


@both_databases
def test_from_the_first_step_to_the_check(session: Session, me: Actor) -> None:
    me, person = begun(session, me, employer="みほん工業", district="tokiwa")
    assert (person.state, person.account_id) == (ProfileState.DRAFT, me.account_id)
    assert profiles.missing_steps(person, {}) == ("skills", "when")
    with pytest.raises(Conflict, match="steps_missing"):
        profiles.submit(
            session, actor=me, now=NOW, professional_id=person.id, version=person.version
        )
    args = {"actor": me, "now": NOW, "professional_id": person.id}
    profiles.save_skills(
        session,
        **args,
        command=validated(
            profiles.Skills,
            {"levels": {"accounting": 3, "leaflet-design": 1}, "version": person.version},
        ),
    )
    profiles.save_when(
        session, **args, command=validated(profiles.When, {**WHEN, "version": person.version})
    )
    profiles.save_interests(
        session,
        **args,
        command=validated(
            profiles.Interests,
            {
                "fields": ["npo-02"],
                "any_project": "y",
                "languages": ["en", "ja"],
                "version": person.version,
            },
        ),
    )
    for _ in range(2):  # handing in twice is handing in once
        profiles.submit(session, **args, version=person.version)
    session.commit()
    session.expire_all()
    assert (person.state, person.submitted_at) == (ProfileState.SUBMITTED, NOW)
    assert profiles.skills_of(session, person.id) == {"accounting": 3, "leaflet-design": 1}
    assert profiles.fields_of(session, person.id) == ["npo-02"]
    assert person.languages == ["ja", "en"]
    assert person.any_project
    acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject_id == person.id)).all()
    assert acts.count("professional_submitted") == 1


def test_a_known_employer_is_found_whatever_its_legal_form(session: Session, me: Actor) -> None:
    known = factories.company(session, name="株式会社みほん工業")
    _, person = begun(session, me, employer="みほん工業（株）")
    assert person.company_id == known.id


def test_a_name_like_known_ones_asks_which_is_meant(session: Session, me: Actor) -> None:
    known = factories.company(session, name="みほん工業販売")
    other = factories.company(session, name="べつの会社")
    for entry, code in (({}, "choose_employer"), ({"company_id": other.id}, "not_in_list")):
        with pytest.raises(Invalid) as caught:
            begun(session, me, employer="みほん工業", **entry)
        assert [(error.field, error.code) for error in caught.value.errors] == [
            ("company_id", code)
        ]
    me, person = begun(session, me, employer="みほん工業", company_id=known.id)
    assert person.company_id == known.id
    again = {**WHO, "employer": "みほん工業", "company_id": "new", "version": person.version}
    profiles.save_who(
        session,
        actor=me,
        now=NOW,
        command=validated(profiles.Who, again),
        professional_id=person.id,
    )
    made = session.get_one(Company, person.company_id)
    assert (made.name, made.in_city) == ("みほん工業", None)


@pytest.mark.parametrize(
    ("kind", "good", "field", "entry", "code"),
    [
        (profiles.Who, WHO, "name", "", "missing"),
        (profiles.Who, WHO, "name", "あ" * 81, "too_long"),
        (profiles.Who, WHO, "name", "花😀", "emoji"),
        (profiles.Who, WHO, "name", "ﾊﾅ", "half_width_kana"),
        (profiles.Who, WHO, "name", "\u202e花", "invisible_character"),
        (profiles.Who, WHO, "name", "花\x00", "control_character"),
        (profiles.Who, WHO, "kana", "青木", "kana_only"),
        (profiles.Who, WHO, "relation", "king", "not_in_list"),
        (profiles.Who, WHO, "employer", "あ" * 121, "too_long"),
        (profiles.When, WHEN, "hours_per_week", "", "missing"),
        (profiles.When, WHEN, "hours_per_week", "0", "out_of_range"),
        (profiles.When, WHEN, "hours_per_week", "200", "out_of_range"),
        (profiles.When, WHEN, "hours_per_week", "たくさん", "not_a_number"),
        (profiles.When, WHEN, "available_from", "tomorrow", "not_a_date"),
        (profiles.When, WHEN, "slots", ["mon-night"], "not_in_list"),
        (profiles.When, WHEN, "modes", ["moon"], "not_in_list"),
        (profiles.When, WHEN, "reach_km", "-1", "out_of_range"),
        (profiles.When, WHEN, "capacity", "10", "out_of_range"),
        (profiles.When, WHEN, "capacity", "1.5", "not_a_whole_number"),
        (profiles.Interests, {}, "languages", ["xx"], "not_in_list"),
        (profiles.Interests, {}, "about", "あ" * 2001, "too_long"),
        (profiles.Interests, {}, "fields", ["a b"], "not_in_list"),
        (profiles.Skills, {}, "levels", {"accounting": "9"}, "out_of_range"),
    ],
)
def test_a_bad_entry_is_refused_beside_its_field(
    kind: Any, good: dict[str, Any], field: str, entry: Any, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        validated(kind, {**good, field: entry})
    assert [(error.field, error.code) for error in caught.value.errors] == [(field, code)]


def test_dates_out_of_order_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        validated(
            profiles.When,
            {**WHEN, "available_from": "2026-12-01", "available_until": "2026-11-01"},
        )
    assert caught.value.errors[0].field == "available_until"


def test_codes_the_taxonomy_does_not_hold_are_refused(session: Session, me: Actor) -> None:
    with pytest.raises(Invalid):
        begun(session, me, district="atlantis")
    me, person = begun(session, me)
    args = {"actor": me, "now": NOW, "professional_id": person.id}
    for levels in ({"juggling": 2}, {}):
        command = validated(profiles.Skills, {"levels": levels, "version": person.version})
        with pytest.raises(Invalid):
            profiles.save_skills(session, **args, command=command)
    command2 = validated(profiles.Interests, {"fields": ["npo-99"]})
    with pytest.raises(Invalid):
        profiles.save_interests(session, **args, command=command2)
    command3 = validated(profiles.When, {**WHEN, "modes": []})
    with pytest.raises(Invalid):
        profiles.save_when(session, **args, command=command3)


def test_nobody_else_reaches_a_profile(session: Session, me: Actor) -> None:
    _, person = begun(session, me)
    other = factories.actor(session, factories.account(session))
    command = validated(profiles.When, WHEN)
    for who in (other, VISITOR):
        with pytest.raises(NotFound):
            profiles.save_when(
                session, actor=who, now=NOW, command=command, professional_id=person.id
            )
    with pytest.raises(Forbidden, match="on_behalf_needed"):
        profiles.save_when(
            session, actor=SYSTEM, now=NOW, command=command, professional_id=person.id
        )
    begun_by_nobody = validated(profiles.Who, WHO)
    with pytest.raises(Forbidden, match="sign_in_first"):
        profiles.save_who(session, actor=VISITOR, now=NOW, command=begun_by_nobody)


def test_a_coordinator_writes_for_somebody_and_notes_who_said_so(session: Session) -> None:
    taxonomy.load(session)
    clerk = factories.actor(session, factories.staff(session))
    said = OnBehalf(said_by="本人", channel="phone", said_on="2026-11-01")
    person = profiles.save_who(
        session, actor=clerk, now=NOW, command=validated(profiles.Who, WHO), on_behalf=said
    )
    assert person.account_id is None
    entry = session.exec(select(AuditEntry).where(AuditEntry.subject_id == person.id)).one()
    assert entry.details["said_by"] == "本人"


def test_a_form_that_is_older_than_the_profile_is_refused(session: Session, me: Actor) -> None:
    me, person = complete(session, me)
    command = validated(profiles.When, {**WHEN, "version": 1})
    with pytest.raises(Conflict, match="changed_meanwhile"):
        profiles.save_when(session, actor=me, now=NOW, command=command, professional_id=person.id)


def rest(session: Session, me: Actor, person: Professional, until: date | None) -> None:
    command = profiles.Pause(until=until, version=person.version)
    profiles.pause(session, actor=me, now=NOW, today=TODAY, command=command)


def test_a_rest_ends_on_its_day_or_when_asked(session: Session, me: Actor, engine: Engine) -> None:
    me, person = complete(session, me)
    with pytest.raises(Conflict, match="profile_state"):
        rest(session, me, person, None)
    person.state = ProfileState.VERIFIED
    with pytest.raises(Invalid):
        rest(session, me, person, TODAY)
    rest(session, me, person, date(2026, 11, 20))
    assert person.state == ProfileState.PAUSED
    profiles.come_back(session, actor=me, now=NOW, version=person.version)
    assert (person.state, person.paused_until) == (ProfileState.VERIFIED, None)

    rest(session, me, person, date(2026, 11, 20))
    session.commit()
    factory = session_factory(engine)
    assert not profiles.end_rests(factory, now=NOW, today=date(2026, 11, 19))
    assert profiles.end_rests(factory, now=NOW, today=date(2026, 11, 20))
    session.expire_all()
    assert person.state == ProfileState.VERIFIED


def test_a_rest_a_coordinator_set_is_not_ended_by_the_person(session: Session, me: Actor) -> None:
    me, person = complete(session, me)
    person.state, person.returned_comment = ProfileState.PAUSED, "ご相談のうえ"
    with pytest.raises(Conflict, match="paused_by_coordinator"):
        profiles.come_back(session, actor=me, now=NOW, version=person.version)


def test_leaving_and_coming_back_as_a_draft(session: Session, me: Actor) -> None:
    me, person = complete(session, me)
    person.state = ProfileState.VERIFIED
    for _ in range(2):
        profiles.leave(session, actor=me, now=NOW, version=person.version)
    assert person.state == ProfileState.LEFT
    command = validated(profiles.When, {**WHEN, "version": person.version})
    with pytest.raises(Conflict, match="profile_left"):
        profiles.save_when(session, actor=me, now=NOW, command=command, professional_id=person.id)
    profiles.come_back(session, actor=me, now=NOW, version=person.version)
    assert person.state == ProfileState.DRAFT


def test_nobody_leaves_while_an_invitation_waits(session: Session, me: Actor) -> None:
    me, person = complete(session, me)
    need = factories.need(session, factories.group(session))
    role = factories.role(session, need)
    held = factories.add(session, Round(name="秋", as_of=TODAY, created_at=NOW))
    factories.add(
        session,
        Proposal(
            round_id=held.id,
            need_id=need.id,
            role_id=role.id,
            professional_id=person.id,
            score=7000,
            state="offered",
            created_at=NOW,
        ),
    )
    with pytest.raises(Conflict, match="offers_waiting"):
        profiles.leave(session, actor=me, now=NOW, version=person.version)


@both_databases
def test_of_two_windows_that_save_at_once_one_wins(
    session: Session, me: Actor, engine: Engine
) -> None:
    me, person = complete(session, me)
    session.commit()
    version, start = person.version, Barrier(2)
    session.rollback()
    outcomes: list[str] = []

    def save(hours: str) -> None:
        command = validated(profiles.When, {**WHEN, "hours_per_week": hours, "version": version})
        start.wait()
        try:
            with transaction(session_factory(engine)) as own:
                profiles.save_when(
                    own, actor=me, now=NOW, command=command, professional_id=person.id
                )
            outcomes.append("saved")
        except Conflict as refused:
            outcomes.append(refused.code)

    run_together(lambda: save("2"), lambda: save("5"))
    assert sorted(outcomes) == ["changed_meanwhile", "saved"]


def run_together(*acts: Callable[[], None]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
