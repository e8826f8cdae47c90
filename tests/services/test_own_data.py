"""My data: all of it and nothing of others; erased, no trace of the name and the same figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, LargeBinary, String, cast, or_, select, text
from sqlmodel import Session, col
from sqlmodel import select as find

from matchmaker.db import forget_traces, open_engine, session_factory, transaction
from matchmaker.errors import Conflict, Invalid
from matchmaker.jobs import utc_now
from matchmaker.models import (
    Account,
    Decision,
    HoursEntry,
    Notice,
    Professional,
    ProfileState,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    metadata,
)
from matchmaker.services import (
    accounts,
    audit,
    erasure,
    own_data,
)
from matchmaker.services.actors import Actor
from matchmaker.services.demo_people import PASSWORD
from tests import city, factories
from tests.places import actor_of, look_around

NOTE = "帳簿の件で電話しました"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "postgresql":
        from tests.conftest import require_postgres

        require_postgres()
    opened = open_engine(city.copy(request.param, tmp_path))
    yield opened
    opened.dispose()


def settle(session: Session, actor: Actor) -> None:
    """Projects of the person come to their end, so that nothing hinders the erasure."""
    mine = find(ProjectMember.project_id).where(
        ProjectMember.professional_id == actor.professional_id
    )
    for project in session.exec(find(Project).where(col(Project.id).in_(mine))):
        project.state = ProjectState.EVALUATED
        session.add(project)


def counts(session: Session) -> dict[str, Any]:
    """Figures that must not move: rows of what is counted, minutes, employers, the indicator."""
    sums = {
        "minutes": "SELECT coalesce(sum(minutes), 0) FROM hours_entry",
        "members": "SELECT count(*) FROM project_member",
        "people": "SELECT count(DISTINCT professional_id) FROM project_member",
        "employers": "SELECT count(DISTINCT company_id) FROM project_member",
        "outcomes": "SELECT count(*) FROM outcome",
        "goal": "SELECT sum(goal) FROM outcome",
        "proposals": "SELECT count(*) FROM proposal",
        "decisions": "SELECT count(*) FROM decision",
        "notices sent": "SELECT count(*) FROM notice WHERE state = 'sent'",
    }
    return {name: session.execute(text(sql)).scalar() for name, sql in sums.items()}


def traces(session: Session, words: list[str]) -> list[str]:
    """Columns of any table in which one of the words stands, also escaped in a document."""
    found = []
    spellings = [form for word in words for form in {word, json.dumps(word)[1:-1]}]
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                continue
            raw = cast(column, String)
            wanted = or_(*(raw.contains(form, autoescape=True) for form in spellings))
            if session.execute(select(column).where(wanted).limit(1)).first():
                found.append(f"{table.name}.{column.name}")
    return found


def test_the_export_holds_the_person_and_nobody_else(engine: Engine) -> None:
    with transaction(session_factory(engine)) as session:
        look_around(session)
        actor = actor_of(session, "professional")
        document = own_data.export(session, actor=actor, now=utc_now())
        said = json.dumps(document, ensure_ascii=False)
        person = session.get_one(Professional, actor.professional_id)
        account = session.get_one(Account, actor.account_id)
        others = session.exec(find(Professional).where(Professional.id != person.id)).all()
        for word in (person.name, account.email, "帳簿の見直し"):
            assert word in said
        assert account.password_hash not in said
        for other in others:
            assert f'"{other.id}"' not in said, other.id  # new ids may hold an old one by chance
            assert not other.email or other.email not in said
            assert other.name == person.name or other.name not in said
        hours = document["tables"]["hours_entry"]
        mine = find(HoursEntry).where(HoursEntry.professional_id == person.id)
        assert len(hours) == len(session.exec(mine).all())


def test_erasing_leaves_no_trace_and_every_figure(engine: Engine) -> None:
    factory = session_factory(engine)
    with transaction(factory) as session:
        look_around(session)
        actor = actor_of(session, "professional")
        settle(session, actor)
        person = session.get_one(Professional, actor.professional_id)
        name, email = person.name, person.email
        session.add(  # a mail to somebody else that names the person
            Notice(email="else@example.jp", code="team_complete", params={"names": [name]},
                   dedupe_key="told", state="sent", not_before=utc_now(), created_at=utc_now())
        )  # fmt: skip
        session.execute(
            text("UPDATE proposal SET state_note = :note"), {"note": f"{name}さんに{NOTE}"}
        )
        proposal_id = session.exec(find(Proposal.id)).first()
        for actor_id in (actor.account_id, None):  # what they decided, and a colleague's words
            session.add(
                Decision(proposal_id=proposal_id, act="decline", side="professional",
                         actor_id=actor_id, note=f"{name}です。{NOTE}", at=utc_now())
            )  # fmt: skip
        session.flush()
        before = counts(session)
        assert traces(session, [name, email])
        erasure.erase(session, actor=actor, now=utc_now(), password=PASSWORD)
    with transaction(factory) as session:
        account = session.get_one(Account, actor.account_id)
        assert traces(session, [name, name.replace(" ", ""), email]) == []
        assert counts(session) == before
        assert session.get_one(Professional, actor.professional_id).state == ProfileState.LEFT
        assert account.password_hash == ""
        assert list(audit.broken_links(session)) == []
        notes = session.execute(text("SELECT DISTINCT state_note FROM proposal")).scalars()
        assert set(notes) == {"", f"{erasure.BLACKED}さんに{NOTE}"}  # their own, those of others
        notes = session.execute(
            text("SELECT note FROM decision WHERE note LIKE '%です。%'")
        ).scalars()
        assert list(notes) == [f"{erasure.BLACKED}です。{NOTE}"]
    if engine.dialect.name == "sqlite":
        _no_bytes_left(engine, name, email)


def _no_bytes_left(engine: Engine, *words: str) -> None:
    forget_traces(engine)
    path = Path(engine.url.database or "")
    for file in path.parent.glob(path.name + "*"):
        body = file.read_bytes()
        for word in words:
            assert word.encode() not in body, (file.name, word)
            assert json.dumps(word)[1:-1].encode() not in body, (file.name, word)


def test_what_hinders_is_named_and_nothing_is_touched(session: Session, now: Any) -> None:
    account = factories.account(session)
    person = factories.professional(session, person=account)
    need = factories.need(session, factories.group(session))
    project = factories.add(
        session,
        Project(need_id=need.id, group_id=need.group_id, title=need.title, agreed_on=now.date(),
                created_at=now),
    )  # fmt: skip
    factories.add(
        session,
        ProjectMember(project_id=project.id, professional_id=person.id, joined_on=now.date()),
    )
    actor = accounts.actor_of(session, account_id=account.id)
    with pytest.raises(Invalid, match="invalid"):
        erasure.erase(session, actor=actor, now=now, password="wrong")
    with pytest.raises(Conflict, match="project_running"):
        erasure.erase(session, actor=actor, now=now, password=factories.PASSWORD)
    assert person.name != erasure.ERASED
    staff = factories.staff(session, "coordinator")
    actor = accounts.actor_of(session, account_id=staff.id)
    assert erasure.hindrances(session, actor=actor) == ("staff_first",)


def test_a_contact_hands_over_first_and_a_lone_one_leaves_the_group_without_their_name(
    session: Session, now: Any
) -> None:
    account = factories.account(session)
    group = factories.group(session, person=account, contact_name=account.name,
                            contact_email=account.email)  # fmt: skip
    actor = accounts.actor_of(session, account_id=account.id)
    erasure.erase(session, actor=actor, now=now, password=factories.PASSWORD)
    session.refresh(group)
    assert (group.contact_name, group.contact_email) == ("", "")
    assert accounts.hats(session, actor=accounts.actor_of(session, account_id=account.id)) == ()


def test_every_table_that_points_to_people_is_exported_or_known_to_be_about_others() -> None:
    """A new table with another word for its person would be missed: then say so here."""
    acts = {"created_by", "confirmed_by", "declared_by", "invited_by"}
    subject = own_data.Subject(None, None)
    covered = {table.name for table, _condition in own_data.about(subject)}
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in ("account", "professional", "project_member"):
                name = key.parent.name
                assert table.name in covered or name in acts or name.endswith("_by"), (
                    table.name, name)  # fmt: skip
