"""Two records become one: nothing is lost, nothing is doubled, and the old id leads on."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Table
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Company,
    Consent,
    Group,
    GroupMember,
    KnownDifferent,
    MergedRecord,
    Need,
    Partnership,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Round,
    Wish,
    metadata,
)
from matchmaker.services import audit, check_details, duplicates, indicators, merging
from matchmaker.services.actors import VISITOR, Actor
from matchmaker.services.merge_parts import EARLIER, LATER, PARTS
from matchmaker.services.merge_rows import SEEN_TO, SETTLE, alone, link, references
from tests import factories as f
from tests.conftest import both_databases
from tests.factories import NOW
from tests.migrations.rows import count, value

TABLES = {"professional": Professional, "group": Group, "company": Company}
MOMENT = {"now": NOW}


@pytest.fixture
def office(session: Session) -> Actor:
    return f.actor(session, f.staff(session))


def pair(session: Session, kind: str) -> tuple[Any, Any]:
    """Two records of a kind, the earlier first."""
    make: Any = {"professional": f.professional, "group": f.group, "company": f.company}[kind]
    return make(session), make(session, created_at=NOW + timedelta(hours=1))


def merge(session: Session, office: Actor, kind: str, kept: Any, other: Any, **data: Any) -> Any:
    """Merge, taking what lies nearer wherever nothing else is said."""
    found = merging.compare(session, actor=office, kind=kind, first_id=other.id, second_id=kept.id)
    answers = {each.name: each.nearer for each in found.differences} | data
    versions = {"kept_version": getattr(found.kept, "version", 1),
                "other_version": getattr(found.other, "version", 1)}  # fmt: skip
    return merging.merge(
        session,
        actor=office,
        **MOMENT,
        kind=kind,
        first_id=kept.id,
        second_id=other.id,
        data={**versions, **answers},
    )


def fill(session: Session, target: Table, old_id: str) -> Counter[str]:
    """A row in every table, each that can point to ``old_id`` doing so: table → such columns."""
    known = {(target.name, "id"): old_id}
    pointing: Counter[str] = Counter()
    session.flush()
    for table in metadata.sorted_tables:
        if table is target or table.name in UNTOUCHED:
            continue
        row = {column.name: value(table, column, known) for column in table.columns}
        if table.name == "consent" and target.name == "professional":
            row |= {"account_id": None, "professional_id": old_id}
        session.execute(table.insert().values(row))
        known |= {(table.name, name): given for name, given in row.items()}
        pointing[table.name] += sum(
            row[column.name] == old_id
            for column in table.columns
            if any(key.column is target.c.id for key in column.foreign_keys)
        )
    return +pointing


UNTOUCHED = ("audit_entry", "audit_head", "merged_record", "known_different")


@both_databases
@pytest.mark.parametrize("kind", TABLES)
def test_every_row_that_points_to_one_points_to_the_other(
    session: Session, office: Actor, kind: str
) -> None:
    kept, other = pair(session, kind)
    target: Table = TABLES[kind].__table__  # type: ignore[attr-defined]
    filled = fill(session, target, other.id)
    columns = list(references(target))
    assert {column.table.name for column in columns} == set(filled)  # type: ignore[attr-defined]
    before = count(session.connection())
    session.expire_all()
    merge(session, office, kind, kept, other)
    for column in columns:
        left, led = (
            session.execute(sa.select(sa.func.count()).where(column == row_id)).scalar_one()
            for row_id in (other.id, kept.id)
        )
        assert left == 0, str(column)
        assert led >= 1, str(column)
    after = count(session.connection())
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed.pop(target.name) == -1
    assert changed.pop("merged_record") == 1
    assert changed.pop("audit_entry") >= 1
    assert set(changed) <= {"audit_head", "job"}  # a round under review is worked out again
    assert list(audit.broken_links(session)) == []


def test_each_column_is_chosen_or_settled() -> None:
    for table, parts in PARTS.items():
        known = {name for names in parts.values() for name in names} | {*EARLIER, *LATER}
        columns = set(table.__table__.columns.keys())
        assert columns - known <= {"id", "version", "search_text"}, table


def test_each_table_in_which_two_rows_can_meet_has_a_rule() -> None:
    for table in (Professional, Group, Company):
        for column in references(table.__table__):  # type: ignore[attr-defined]
            where: Any = column.table
            if alone(column):
                assert link(where) or where.name in SETTLE.keys() | SEEN_TO, str(column)


@both_databases
def test_two_people_who_were_one(session: Session, office: Actor) -> None:
    account = f.account(session, email="hana@example.jp")
    kept = f.professional(session, person=account, name="山田 花子", about="", capacity=2,
                          waiting_since=date(2026, 9, 1))  # fmt: skip
    other = f.professional(
        session,
        name="山田　花子",
        about="広報をしています。",
        hours_per_week=5,
        waiting_since=date(2026, 5, 1),
        created_at=NOW - timedelta(days=9),
    )
    group, need = f.group(session), None
    for code in ("a", "b", "c"):
        f.skill(session, code)
        f.field(session, code)
    for person, levels in ((kept, {"a": 2, "b": 1}), (other, {"a": 4, "c": 3})):
        for skill, level in levels.items():
            session.add(ProfessionalSkill(professional_id=person.id, skill=skill, level=level))
            session.add(ProfessionalField(professional_id=person.id, field=skill))
        for day in (1, 2):
            session.add(
                Partnership(professional_id=person.id, group_id=group.id,
                            ended_on=date(2025, 1, day), rating=5 if person is other else None)
            )  # fmt: skip
    needs = [f.need(session, group) for _each in range(7)]
    for person, chosen in ((kept, needs[:4]), (other, needs[3:])):
        for rank, need in enumerate(chosen, start=1):
            session.add(Wish(professional_id=person.id, need_id=need.id, rank=rank))
    session.flush()
    found = merging.compare(session, actor=office, kind="professional", first_id=other.id,
                            second_id=kept.id)  # fmt: skip
    assert found.kept.id == kept.id  # whoever has the account stays
    assert {"name", "hours", "about", "skill:a", f"wish:{needs[3].id}"} <= {
        each.name for each in found.differences
    }
    assert found.why == ("name", "kana")
    row = merge(
        session, office, "professional", kept, other, **{"skill:a": "other", "hours": "other"}
    )
    assert (row.name, row.about, row.hours_per_week) == ("山田 花子", "広報をしています。", 5)
    assert (row.account_id, row.waiting_since) == (account.id, date(2026, 5, 1))
    skills = session.exec(select(ProfessionalSkill.skill, ProfessionalSkill.level).where(
        ProfessionalSkill.professional_id == row.id))  # fmt: skip
    assert dict(skills.all()) == {"a": 4, "b": 1, "c": 3}
    ranks = session.exec(select(Wish.rank).where(Wish.professional_id == row.id)).all()
    assert sorted(ranks) == [1, 2, 3, 4, 5, 5, 5]
    ratings = session.exec(select(Partnership.rating)).all()
    assert ratings == [5, 5]
    assert session.get(Professional, other.id) is None
    assert merging.kept_id(session, "professional", other.id) == kept.id
    page = check_details.person(session, actor=office, professional_id=kept.id)
    assert page.alike == ()
    assert page.history[0].act == "merged"


def test_a_third_record_leads_on_and_what_was_told_apart_stays_apart(
    session: Session, office: Actor
) -> None:
    first, second, third, apart = (
        f.group(session, created_at=NOW + timedelta(hours=hour)) for hour in range(4)
    )
    duplicates.note_different(
        session, actor=office, **MOMENT, kind="group", first_id=second.id, second_id=apart.id
    )
    merge(session, office, "group", second, third)
    merge(session, office, "group", first, second)
    leads = session.exec(select(MergedRecord.old_id, MergedRecord.kept_id)).all()
    assert sorted(leads) == sorted([(third.id, first.id), (second.id, first.id)])
    known = session.exec(select(KnownDifferent)).one()
    assert {known.first_id, known.second_id} == {first.id, apart.id}


@both_databases
def test_an_employer_counts_once(session: Session, office: Actor) -> None:
    kept, other = (f.company(session, name=name) for name in ("みほん工業", "株式会社みほん工業"))
    group = f.group(session)
    people = [f.professional(session, company_id=each.id) for each in (kept, other)]
    for person in people:
        need = f.need(session, group, state="in_progress")
        project = f.add(
            session,
            Project(
                need_id=need.id,
                group_id=group.id,
                title="x",
                state="in_progress",
                agreed_on=NOW.date(),
                created_at=NOW,
            ),
        )
        f.add(
            session,
            ProjectMember(
                project_id=project.id,
                professional_id=person.id,
                company_id=person.company_id,
                joined_on=NOW.date(),
            ),
        )
        session.add(
            Consent(
                professional_id=people[0].id,
                purpose="employer_report",
                company_id=person.company_id,
                text_version=1,
                given_at=NOW,
            )
        )
    session.flush()
    gross, distinct_ = indicators.employers_now(session, on=NOW.date())
    assert (gross, distinct_) == (2, 2)
    assert [each.row.id for each in duplicates.alike(session, kept)] == [other.id]
    merge(session, office, "company", kept, other)
    assert indicators.employers_now(session, on=NOW.date()) == (2, 1)
    live = select(Consent).where(col(Consent.withdrawn_at).is_(None))
    assert len(session.exec(live).all()) == 1
    assert len(session.exec(select(Consent)).all()) == 2


def test_the_last_word_to_an_employer_counts(session: Session, office: Actor) -> None:
    kept, other = pair(session, "professional")
    company = f.company(session)
    for person, given, withdrawn in (
        (kept, NOW, None),
        (other, NOW - timedelta(days=9), NOW + timedelta(days=1)),
    ):
        session.add(Consent(professional_id=person.id, purpose="employer_report",
                            company_id=company.id, text_version=1, given_at=given,
                            withdrawn_at=withdrawn))  # fmt: skip
    session.flush()
    merge(session, office, "professional", kept, other)
    assert all(session.exec(select(Consent.withdrawn_at)).all())


def test_the_contact_that_is_chosen_speaks_for_both(session: Session, office: Actor) -> None:
    both, one = f.account(session), f.account(session)
    kept = f.group(session, person=one)
    other = f.group(session, person=both, created_at=NOW + timedelta(hours=1))
    f.add(session, GroupMember(group_id=kept.id, account_id=both.id, joined_at=NOW))
    merge(session, office, "group", kept, other, contact_member="other")
    members = session.exec(select(GroupMember.account_id, GroupMember.role))
    assert dict(members.all()) == {one.id: "member", both.id: "contact"}


def round_of(session: Session, people: list[Professional], **given: Any) -> tuple[Round, Need]:
    """A round in which each of ``people`` is put forward for a seat of one need."""
    need = f.need(session, f.group(session))
    row = f.round_(session, need, **given)
    role = f.role(session, need, seats=2)
    for seat, person in enumerate(people, start=1):
        f.proposal(session, row, role, person, seat=seat, state="proposed", score=9000 - seat)
    return row, need


@both_databases
def test_put_forward_twice_is_put_forward_once_and_the_round_is_worked_out_again(
    session: Session, office: Actor
) -> None:
    kept, other = pair(session, "professional")
    row, _need = round_of(session, [kept, other])
    merge(session, office, "professional", kept, other)
    live = session.exec(select(Proposal).where(Proposal.state == ProposalState.PROPOSED)).one()
    assert (live.professional_id, live.score) == (kept.id, 8999)
    ended = session.exec(select(Proposal).where(Proposal.state == ProposalState.REPLACED)).one()
    assert (ended.professional_id, ended.state_reason) == (kept.id, "same_person")
    assert session.get_one(Round, row.id).state == "computing"


def test_what_cannot_be_decided_here_is_named(session: Session, office: Actor) -> None:
    kept, other = pair(session, "professional")
    _row, need = round_of(session, [kept, other], state="sent")
    for proposal in session.exec(select(Proposal)):
        proposal.state = ProposalState.OFFERED
        session.add(proposal)
    session.flush()
    found = merging.compare(session, actor=office, kind="professional", first_id=kept.id,
                            second_id=other.id)  # fmt: skip
    assert [(each.code, each.title) for each in found.hindrances] == [
        ("both_hold_seats", need.title)
    ]
    with pytest.raises(Conflict, match="both_hold_seats"):
        merge(session, office, "professional", kept, other)


def test_who_may_not_and_what_is_wrong(session: Session, office: Actor) -> None:
    kept, other = pair(session, "professional")
    other.kana = "べつのよみ"
    session.add(other)
    session.flush()
    given: dict[str, Any] = {"kind": "professional", "first_id": kept.id, "second_id": other.id}
    with pytest.raises(Forbidden):
        merging.merge(session, actor=VISITOR, **MOMENT, **given, data={})
    data = {"kept_version": 1, "other_version": 1, "kana": "both"}
    with pytest.raises(Invalid) as refused:
        merging.merge(session, actor=office, **MOMENT, **given, data=data)
    assert "kana" in {each.field for each in refused.value.errors}
    session.rollback()
    for wrong in (kept.id, "p-none"):
        with pytest.raises(NotFound):
            merging.compare(session, actor=office, kind="professional", first_id=kept.id,
                            second_id=wrong)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ({"name": "髙橋 一郎", "kana": ""}, {"name": "高橋一郎", "kana": "x"}, ("name",)),
        ({"kana": "たかはし いちろう"}, {"kana": "タカハシ　イチロウ"}, ("kana",)),
        ({"kana": "", "email": "a@example.jp"}, {"kana": "x", "email": "A@example.jp"}, ("email",)),
        ({"kana": "", "phone": "059-354-8100"}, {"kana": "x", "phone": "059(354)8100"},
         ("phone",)),
        ({"kana": "a"}, {"kana": "b"}, ()),
    ],
)  # fmt: skip
def test_how_people_look_alike(
    session: Session, one: dict[str, str], two: dict[str, str], why: tuple[str, ...]
) -> None:
    first, second = f.professional(session, **one), f.professional(session, **two)
    for row, other in ((first, second), (second, first)):
        found = [(each.row.id, each.why) for each in duplicates.alike(session, row)]
        assert found == ([(other.id, why)] if why else [])
