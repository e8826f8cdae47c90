"""What a group gets that asks for help: the draft from the menu, warnings, and each state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Invalid, NotFound
from matchmaker.models import AuditEntry, Need, Proposal, Role, RoundNeed
from matchmaker.services import (
    check_details,
    need_drafts,
    need_entries,
    need_roles,
    need_wizard,
    needs,
    taxonomy,
)
from matchmaker.services.commands import validated
from matchmaker.services.readiness import QUESTIONS, check_form, date_warnings, not_ready
from matchmaker.taxonomy.goals import goals_of_field
from tests import factories

STORY = {
    "title": "会計をらくにしたい",
    "summary": "手書きの帳簿に毎月二日かかり、担当の人が疲れています。",
    "deliverable": "表計算のひな形と使い方の紙",
    "gain": "地域の会計のしくみが分かります。",
    "fields": ["npo-03"],
}
SCHEDULE = {"mode": "remote", "urgency": "ordinary", "starts_on": "2027-01-11"}
READY = dict.fromkeys(QUESTIONS, "yes")


@pytest.fixture
def chair(session: Session) -> Any:
    """Somebody who acts for a checked group; the whole taxonomy is there."""
    taxonomy.load(session)
    person = factories.account(session)
    factories.group(session, person=person, district="tokiwa")
    return factories.actor(session, person)


def started(session: Session, actor: Any, now: datetime, menu: str | None = "accounting") -> Need:
    return need_wizard.start(
        session, actor=actor, now=now, group_id=min(actor.group_ids), menu=menu, language="ja"
    )


def save(session: Session, actor: Any, now: datetime, need: Need, act: Any, kind: Any,
         data: dict[str, Any]) -> None:  # fmt: skip
    command = validated(kind, {**data, "version": need.version})
    act(session, actor=actor, now=now, need_id=need.id, command=command)


def written(session: Session, actor: Any, now: datetime) -> Need:
    need = started(session, actor, now)
    save(session, actor, now, need, need_wizard.save_story, need_entries.Story, STORY)
    save(session, actor, now, need, need_wizard.save_schedule, need_entries.Schedule, SCHEDULE)
    save(session, actor, now, need, need_wizard.save_readiness, need_entries.Answers, READY)
    return need


def test_a_menu_fills_in_form_roles_and_skills(session: Session, chair: Any, now: datetime) -> None:
    need = started(session, chair, now)
    roles = need_drafts.roles_of(session, need.id)
    assert (need.form, need.weeks, need.hours_per_week) == ("single", 10, 3)
    assert [role.title for role in roles] == ["会計担当", "会計ソフト担当"]
    skills = need_drafts.skills_of(session, [roles[0].id])[roles[0].id]
    assert "accounting" in {row.skill for row, _skill in skills}
    assert need_drafts.missing_steps(need, roles) == ("story", "readiness")


def test_a_need_can_begin_from_nothing(session: Session, chair: Any, now: datetime) -> None:
    need = started(session, chair, now, menu=None)
    assert need_drafts.missing_steps(need, []) == ("form", "story", "roles", "readiness")


def test_a_whole_need_is_handed_in_once_and_found_by_its_skills(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    for _twice in range(2):
        needs.submit(session, actor=chair, now=now, need_id=need.id, version=need.version)
    assert need.state == "submitted"
    acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject_id == need.id)).all()
    assert acts.count("need_submitted") == 1
    assert "会計" in need.search_text


def test_what_is_missing_is_named(session: Session, chair: Any, now: datetime) -> None:
    need = started(session, chair, now)
    with pytest.raises(Conflict) as refused:
        needs.submit(session, actor=chair, now=now, need_id=need.id, version=need.version)
    assert (refused.value.code, refused.value.params) == ("steps_missing", {"step": "story"})


def test_ninety_hours_do_not_fit_into_a_session() -> None:
    need = Need(group_id="g", title="t", form="session", weeks=10, hours_per_week=3)
    found = check_form(need, [Role(need_id="n", title="r", seats=3, hours_per_week=3)])
    assert found.hours_total == 90
    assert set(found.problems) == {"too_many_hours", "too_many_weeks", "too_many_people"}
    assert found.suggested == "team"


def test_optional_seats_do_not_count_against_the_form() -> None:
    need = Need(group_id="g", title="t", form="single", weeks=10, hours_per_week=3)
    roles = [
        Role(need_id="n", title="a", seats=1, essential=True, hours_per_week=3),
        Role(need_id="n", title="b", seats=5, essential=False, hours_per_week=9),
    ]
    assert check_form(need, roles).fits


def test_dates_that_cannot_hold_are_pointed_out() -> None:
    need = Need(group_id="g", title="t", weeks=10, starts_on=date(2026, 11, 9),
                ends_on=date(2026, 11, 29))  # fmt: skip
    today = date(2026, 11, 2)
    assert date_warnings(need, today=today) == ("starts_soon", "ends_before_work_is_done")


def test_a_no_in_the_readiness_tests_is_kept_and_blocks_nothing(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    answers = {**READY, "people_answer": "no"}
    save(session, chair, now, need, need_wizard.save_readiness, need_entries.Answers, answers)
    assert not_ready(need.readiness) == ("people_answer",)
    needs.submit(session, actor=chair, now=now, need_id=need.id, version=need.version)
    assert need.state == "submitted"


def role_entry(**given: Any) -> dict[str, Any]:
    return {"title": "記録係", "seats": "1", "essential": "yes", "hours_per_week": "2",
            "skills": [{"skill": "accounting", "min_level": "2", "essential": "yes"}],
            **given}  # fmt: skip


def add_role(session: Session, actor: Any, now: datetime, need: Need, data: Any) -> Role:
    command = validated(need_entries.RoleEntry, {**data, "version": need.version})
    return need_roles.save_role(
        session, actor=actor, now=now, need_id=need.id, role_id=None, command=command
    )


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"title": ""}, "title", "missing"),
        ({"seats": "0"}, "seats", "out_of_range"),
        ({"seats": "x"}, "seats", "not_a_number"),
        ({"hours_per_week": "41"}, "hours_per_week", "out_of_range"),
        ({"skills": []}, "skills", "missing"),
        ({"skills": [{"skill": "magic"}]}, "skills-0-skill", "not_in_list"),
        ({"skills": [{"skill": "accounting"}] * 2}, "skills-1-skill", "duplicate"),
        ({"skills": [{"skill": "accounting", "min_level": "5"}]}, "skills-0-min_level",
         "out_of_range"),
    ],
)  # fmt: skip
def test_bad_roles_are_refused_beside_their_field(
    session: Session, chair: Any, now: datetime, given: Any, field: str, code: str
) -> None:
    need = started(session, chair, now)
    with pytest.raises(Invalid) as refused:
        add_role(session, chair, now, need, role_entry(**given))
    assert (field, code) in [(error.field, error.code) for error in refused.value.errors]
    assert len(need_drafts.roles_of(session, need.id)) == 2


def test_a_role_of_another_need_is_not_changed(session: Session, chair: Any, now: datetime) -> None:
    need, other = started(session, chair, now), started(session, chair, now)
    foreign = need_drafts.roles_of(session, other.id)[0]
    command = validated(need_entries.RoleEntry, {**role_entry(), "version": need.version})
    with pytest.raises(NotFound, match="role_not_found"):
        need_roles.save_role(
            session, actor=chair, now=now, need_id=need.id, role_id=foreign.id, command=command
        )


def test_roles_are_added_and_taken_out(session: Session, chair: Any, now: datetime) -> None:
    need = started(session, chair, now)
    command = validated(need_entries.RoleEntry, {**role_entry(), "version": need.version})
    role = need_roles.save_role(
        session, actor=chair, now=now, need_id=need.id, role_id=None, command=command
    )
    assert [row.title for row in need_drafts.roles_of(session, need.id)][-1] == "記録係"
    need_roles.remove_role(
        session, actor=chair, now=now, need_id=need.id, role_id=role.id, version=need.version
    )
    assert role.id not in [row.id for row in need_drafts.roles_of(session, need.id)]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"ends_on": "2027-01-01"}, "ends_on", "dates_out_of_order"),
        ({"starts_on": "tomorrow"}, "starts_on", "not_a_date"),
        ({"urgency": "urgent"}, "urgency_reason", "missing"),
        ({"district": "nowhere"}, "district", "not_in_list"),
        ({"slots": ["mon-night"]}, "slots", "not_in_list"),
        ({"languages": ["klingon"]}, "languages", "not_in_list"),
        ({"mode": "telepathy"}, "mode", "not_in_list"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(
    session: Session, chair: Any, now: datetime, given: Any, field: str, code: str
) -> None:
    need = started(session, chair, now)
    with pytest.raises(Invalid) as refused:
        save(session, chair, now, need, need_wizard.save_schedule, need_entries.Schedule,
             {**SCHEDULE, **given})  # fmt: skip
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]


def test_nobody_else_writes_on_a_need(session: Session, chair: Any, now: datetime) -> None:
    need = started(session, chair, now)
    other = factories.account(session)
    factories.group(session, person=other)
    with pytest.raises(NotFound, match="need_not_found"):
        save(session, factories.actor(session, other), now, need, need_wizard.save_story,
             need_entries.Story, STORY)  # fmt: skip


def test_a_group_names_the_goals_or_leaves_them_to_the_fields(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    assert need.goals == []
    shown = check_details.need(session, actor=chair, need_id=need.id, today=now.date())
    of_fields = {goal for field in STORY["fields"] for goal in goals_of_field()[field]}
    assert {goal.number for goal in shown.goals} == {17, *of_fields}
    named = {**STORY, "goals": ["5", "12"]}
    save(session, chair, now, need, need_wizard.save_story, need_entries.Story, named)
    shown = check_details.need(session, actor=chair, need_id=need.id, today=now.date())
    assert [goal.number for goal in shown.goals] == [5, 12, 17]
    with pytest.raises(Invalid) as refused:
        save(session, chair, now, need, need_wizard.save_story, need_entries.Story,
             {**STORY, "goals": ["18"]})  # fmt: skip
    assert [error.field for error in refused.value.errors] == ["goals"]


def test_an_open_need_is_written_on_only_after_taking_it_back(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    need.state, need.opened_at = "open", now
    with pytest.raises(Conflict, match="need_not_writable"):
        save(session, chair, now, need, need_wizard.save_story, need_entries.Story, STORY)
    needs.take_back(session, actor=chair, now=now, need_id=need.id, version=need.version)
    save(session, chair, now, need, need_wizard.save_story, need_entries.Story, STORY)
    assert need.state == "draft"


def test_a_need_rests_and_comes_back(session: Session, chair: Any, now: datetime) -> None:
    need = written(session, chair, now)
    need.state, need.opened_at = "open", now
    reason = validated(needs.Reason, {"reason": "担当が入院中のため", "version": need.version})
    for _twice in range(2):
        needs.pause(session, actor=chair, now=now, need_id=need.id, command=reason)
    assert (need.state, need.state_note) == ("paused", "担当が入院中のため")
    needs.resume(session, actor=chair, now=now, need_id=need.id, version=need.version)
    assert need.state == "open"


def proposed(session: Session, need: Need, now: datetime, state: str) -> Proposal:
    from matchmaker.models import Round

    round_ = factories.add(
        session, Round(name="秋の回", as_of=now.date(), state="ready", created_at=now)
    )
    role = need_drafts.roles_of(session, need.id)[0]
    factories.add(session, RoundNeed(round_id=round_.id, need_id=need.id, staffed=True))
    return factories.add(
        session,
        Proposal(round_id=round_.id, need_id=need.id, role_id=role.id, score=5000, state=state,
                 professional_id=factories.professional(session).id, created_at=now),
    )  # fmt: skip


def test_withdrawing_takes_along_what_nobody_was_told_of(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    need.state = "open"
    proposal = proposed(session, need, now, "approved")
    reason = validated(needs.Reason, {"reason": "自分たちでできました", "version": need.version})
    needs.withdraw(session, actor=chair, now=now, need_id=need.id, command=reason)
    assert (need.state, proposal.state) == ("withdrawn", "withdrawn")
    assert not session.exec(select(RoundNeed.live)).one()


def test_withdrawing_waits_for_a_talk_once_people_were_asked(
    session: Session, chair: Any, now: datetime
) -> None:
    need = written(session, chair, now)
    need.state = "open"
    proposal = proposed(session, need, now, "offered")
    reason = validated(needs.Reason, {"reason": "やめます", "version": need.version})
    with pytest.raises(Conflict, match="need_in_round"):
        needs.withdraw(session, actor=chair, now=now, need_id=need.id, command=reason)
    assert proposal.state == "offered"
