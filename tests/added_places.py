"""What the sample city has not, added so that there is something to see of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.jobs import utc_now
from matchmaker.models import (
    Account,
    Case,
    CaseState,
    CompanyOfficer,
    Need,
    NeedState,
    Notice,
    NoticeState,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    Side,
    SuggestedChange,
    TokenPurpose,
)
from matchmaker.services import (
    accounts,
    cases,
    consents,
    demo_people,
    expenses,
    hours,
    joining,
    pledges,
    project_steps,
    scenario_steps,
    scenarios,
    tokens,
)
from matchmaker.services.actors import Actor


def account_of(session: Session, email: str) -> Account:
    """The account with this address."""
    return session.exec(select(Account).where(Account.email == email)).one()


def actor_of(session: Session, role: str) -> Actor:
    """The ready account of a role, as services take it."""
    account = account_of(session, demo_people.address(role))
    return accounts.actor_of(session, account_id=account.id)


def undelivered(session: Session, actor: Actor) -> str:
    """A mail that came back, and a letter that waits for the printer."""
    now = utc_now()
    facts: dict[str, Any] = {"code": "profile_verified", "created_at": now, "not_before": now}
    mail = Notice(
        email=session.get_one(Professional, actor.professional_id).email, dedupe_key="came-back",
        state=NoticeState.BOUNCED, bounced_at=now, error="550 5.1.1 user unknown",
        params={"name": "水野 陽子"}, **facts,
    )  # fmt: skip
    letter = Notice(
        email="",
        dedupe_key="to-print",
        state=NoticeState.PAPER,
        params={"name": "加藤 誠"},
        **facts,
    )
    session.add_all([mail, letter])
    session.flush()
    return mail.id


def twin(session: Session) -> str:
    """Somebody whom a colleague entered a second time."""
    first = session.exec(select(Professional)).first()
    assert first
    twin = Professional(
        name=first.name, kana=first.kana, phone="059-000-0000", search_text=first.search_text,
        created_at=utc_now(),
    )  # fmt: skip
    session.add(twin)
    session.flush()
    return twin.id


def told(session: Session, project_id: str, actor: Actor) -> str:
    """Everybody is asked to release the case of a project; the id of another one on the site."""
    given = {"actor": actor, "now": utc_now(), "side": Side.PROFESSIONAL, "project_id": project_id}
    words = {
        "title": "会計ノート",
        "problem": "手書きの帳簿",
        "work": "表づくり",
        "result": "半日で済む",
    }
    case = cases.begin(session, **given)
    cases.save(session, **given, data={**words, "version": case.version})
    cases.ask(session, **given, version=case.version)
    return (
        session.exec(
            select(Case.id).where(Case.state == CaseState.PUBLISHED).order_by(col(Case.id))
        ).first()
        or ""
    )


def consent(session: Session, actor: Actor) -> str:
    """The ready professional agrees to be counted by their employer."""
    person = session.get_one(Professional, actor.professional_id)
    assert person.company_id
    now = utc_now()
    consents.give_employer_report(
        session, actor=actor, now=now, today=now.date(), professional_id=person.id,
        company_id=person.company_id, until=None,
    )  # fmt: skip
    return person.company_id


def employees_link(session: Session) -> str:
    """A company's link for its employees."""
    now = utc_now()
    company = session.exec(select(CompanyOfficer.company_id)).first() or ""
    return joining.invite(
        session, actor=actor_of(session, "company"), now=now, today=now.date(), company_id=company,
        data={"channel": "社内報", "expires_on": now.date() + timedelta(days=60)},
    ).id  # fmt: skip


def pledge(session: Session) -> str:
    """People of a company, for a coming round."""
    now = utc_now()
    company = session.exec(select(CompanyOfficer.company_id)).first() or ""
    return pledges.pledge(
        session, actor=actor_of(session, "company"), now=now, today=now.date(), company_id=company,
        data={"seats": 2, "form": "day", "from_on": now.date(),
              "until_on": now.date() + timedelta(days=60)},
    ).id  # fmt: skip


def first_menu(session: Session) -> str | None:
    found = select(Need.menu).where(col(Need.menu).is_not(None)).order_by(col(Need.menu))
    return session.exec(found).first()


def project(
    session: Session, group_id: str, actor: Actor, *, delivered: bool = False
) -> tuple[str, str]:
    """A project under way, with hours that wait for the group: the ids of both."""
    now = utc_now()
    need = Need(
        group_id=group_id, title="会計のしくみづくり", state=NeedState.IN_PROGRESS, created_at=now
    )
    session.add(need)
    session.flush()
    project = Project(
        need_id=need.id, group_id=group_id, title=need.title, created_at=now,
        state=ProjectState.IN_PROGRESS, agreed_on=now.date() - timedelta(days=30),
    )  # fmt: skip
    session.add(project)
    session.flush()
    member = ProjectMember(
        project_id=project.id, professional_id=actor.professional_id or "",
        joined_on=project.agreed_on,
    )  # fmt: skip
    session.add(member)
    session.flush()
    entered = [
        hours.log(
            session, actor=actor, now=now, today=now.date(), project_id=project.id,
            data={"worked_on": now.date() - timedelta(days=days), "hours": 1, "minutes": 30,
                  "payer": "own", "note": note},
        )
        for days, note in ((3, "はじめての打ち合わせ"), (1, "帳簿の見直し"))
    ]  # fmt: skip
    if delivered:
        project_steps.deliver(
            session, actor=actor, now=now, today=now.date(), side=Side.PROFESSIONAL,
            project_id=project.id, data={"version": 1, "text": "記入例つきの会計ノート"},
        )  # fmt: skip
    return project.id, str(entered[0].id)


def expense(session: Session, actor: Actor, project_id: str) -> str:
    """An expense that waits for the group."""
    now = utc_now()
    row = expenses.note(
        session, actor=actor, now=now, today=now.date(), project_id=project_id,
        data={"spent_on": now.date() - timedelta(days=1), "yen": 1200, "purpose": "試し刷り",
              "payer": "own"},
    )  # fmt: skip
    return str(row.id)


def asked_change(session: Session, group_id: str, round_id: str) -> SuggestedChange:
    """An open need of a group, and a change that would bring it a team."""
    now = utc_now()
    need = Need(
        group_id=group_id, title="広報紙の編集を手伝ってほしい", state=NeedState.OPEN,
        mode="onsite", opened_at=now, created_at=now,
    )  # fmt: skip
    session.add(need)
    session.flush()
    asked = SuggestedChange(
        need_id=need.id, round_id=round_id, change=f"allow_remote:{need.id}", asked_at=now
    )
    session.add(asked)
    session.flush()
    return asked


def scenario(session: Session, seat: Proposal) -> str:
    """A trial of the round in which a proposal is kept apart."""
    actor = actor_of(session, "coordinator")
    begun = scenarios.begin(
        session, actor=actor, now=utc_now(), round_id=seat.round_id, data={"name": "水野さんを外す"}
    )
    scenario_steps.try_pair(
        session, actor=actor, scenario_id=begun.id, version=1,
        data={"professional_id": seat.professional_id, "role_id": seat.role_id, "kind": "ban"},
    )  # fmt: skip
    return begun.id


def newcomer(session: Session) -> Actor:
    account = Account(email="newcomer@example.jp", name="新居 はじめ", created_at=utc_now())
    session.add(account)
    session.flush()
    return Actor(account_id=account.id)


def link(session: Session, actor: Actor, purpose: TokenPurpose) -> str:
    account = session.get_one(Account, actor.account_id)
    return tokens.issue(
        session, account_id=account.id, purpose=purpose, email="new@example.jp"
        if purpose == TokenPurpose.CHANGE_EMAIL else account.email, now=utc_now(),
    )  # fmt: skip
