"""Where in the sample city there is something to see: ids for the addresses of the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page
from sqlmodel import Session, col, select

from matchmaker.db import transaction
from matchmaker.jobs import utc_now
from matchmaker.models import (
    Account,
    Case,
    CaseState,
    CompanyOfficer,
    GroupMember,
    Need,
    NeedState,
    Notice,
    NoticeState,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Role,
    Side,
    SuggestedChange,
    TokenPurpose,
)
from matchmaker.services import (
    accounts,
    approvals,
    cases,
    certificates,
    consents,
    consultations,
    demo_people,
    expenses,
    hours,
    imports,
    joining,
    members,
    need_wizard,
    offers,
    pledges,
    project_steps,
    replies,
    saved_searches,
    scenario_steps,
    scenarios,
    sign_in,
    tokens,
)
from matchmaker.services.actors import Actor
from matchmaker.services.fiscal import fiscal_year
from matchmaker.services.indicators import EMPLOYERS
from matchmaker.services.on_behalf import OnBehalf
from tests import project_places
from tests.live import LiveSite

SMALL = Path(__file__).parent.parent / "sample_data" / "small"
Arrange = Callable[[Session], Any]


@dataclass(frozen=True)
class Places:
    """Ids of things that the ready accounts may look at."""

    need: str  # open, found by everyone
    group: str  # in the directory, the ready group account's own
    draft: str  # a need the group is still writing
    role: str  # of that draft
    matched_need: str  # with a team in the round
    invitation: str
    person: str
    round: str
    seat: str  # a proposal of the round for the ready professional
    company: str
    own_company: str  # may count the ready professional
    indicator: str
    year: str  # the running fiscal year
    batch: str
    verify: str
    reset: str
    new_email: str
    project: str  # of the ready group, with the ready professional on it
    consultation: str
    member: str  # the ready professional's place on it
    delivered: str  # another of theirs, to be evaluated
    asked_need: str  # of the ready group, with a change that the coordinators ask for
    change: str  # that change
    scenario: str  # a trial of the round, with one change
    certificate: str  # of the ready professional, for that
    declined: str  # an offer to somebody else; declined once the round is sent
    pledge: str  # of people of the company, to be decided about
    employees_link: str  # of a company
    hours: str  # an entry that waits for the group
    expense: str  # one that waits for the group
    bounced: str  # a mail that came back
    step: str  # of that project's plan
    case: str  # on the site
    twin: str  # the same person as ``person``, entered twice
    followed: str  # a project of both that was delivered half a year ago
    followed_member: str  # the ready professional's place on it
    mail: str = ""


def act(site: LiveSite, arrange: Arrange) -> Any:
    """Do something behind the scenes, as one transaction."""
    with transaction(site.app.extensions["writing"]) as session:
        return arrange(session)


def account_of(session: Session, email: str) -> Account:
    """The account with this address."""
    return session.exec(select(Account).where(Account.email == email)).one()


def actor_of(session: Session, role: str) -> Actor:
    """The ready account of a role, as services take it."""
    account = account_of(session, demo_people.address(role))
    return accounts.actor_of(session, account_id=account.id)


def enter(page: Page, site: LiveSite, email: str) -> None:
    """Let this window be signed in, without walking through the sign-in page."""

    def open_session(session: Session) -> str:
        account = account_of(session, email)
        return sign_in.open_session(
            session, account_id=account.id, now=utc_now(), user_agent="Example Browser"
        )

    signer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert signer is not None
    value = signer.dumps({"token": act(site, open_session), "_permanent": True})
    name = site.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": str(value), "url": site.url}])


def enter_as(page: Page, site: LiveSite, role: str) -> None:
    """Let this window be signed in as the ready account of a role."""
    enter(page, site, demo_people.address(role))


def look_around(session: Session) -> Places:
    """Add what the sample city has not (a draft, an invitation, links), and note where all is."""
    now = utc_now()
    group_actor = actor_of(session, "group")
    group = session.exec(
        select(GroupMember.group_id).where(GroupMember.account_id == group_actor.account_id)
    ).one()
    draft = need_wizard.start(
        session, actor=group_actor, now=now, group_id=group, menu=_first_menu(session),
        language="ja",
    )  # fmt: skip
    professional = actor_of(session, "professional")
    invitation = members.invite(
        session, actor=group_actor, now=now, group_id=group,
        command=members.Invite(email=demo_people.address("professional")),
    )  # fmt: skip
    batch = imports.upload(
        session, actor=actor_of(session, "coordinator"), now=now,
        files=[(path.name, path.read_bytes()) for path in sorted(SMALL.glob("*.csv"))],
    )  # fmt: skip
    seat = session.exec(
        select(Proposal).where(Proposal.professional_id == professional.professional_id)
    ).first()
    assert seat
    newcomer = _newcomer(session)
    person = session.get_one(Professional, professional.professional_id)
    person.capacity += 2  # room for the invitation beside the two projects
    project, entry = _project(session, group, professional)
    delivered, _entry = _project(session, group, professional, delivered=True)
    saved_searches.save(session, actor=professional, now=now, filters={"q": "会計"}, name="会計")
    return Places(
        need=session.exec(select(Need.id).where(Need.state == NeedState.OPEN)).first() or "",
        group=group,
        draft=draft.id,
        role=session.exec(select(Role.id).where(Role.need_id == draft.id)).first() or "",
        matched_need=seat.need_id,
        invitation=invitation.id,
        person=session.exec(select(Professional.id)).first() or "",
        round=seat.round_id,
        seat=seat.id,
        company=session.exec(select(CompanyOfficer.company_id)).first() or "",
        own_company=_consent(session, professional),
        indicator=EMPLOYERS,
        year=str(fiscal_year(now.date())),
        batch=batch.id,
        project=project,
        consultation=consultations.write(
            session,
            actor=actor_of(session, "coordinator"),
            now=now,
            today=now.date(),
            data={
                "held_on": now.date(),
                "medium": "phone",
                "topic": "money",
                "group_id": group,
                "name": "会計の方",
                "text": "助成金の報告書の書き方",
                "handed_to": "",
                "follow_up_on": now.date(),
            },
        ).id,
        member=session.exec(
            select(ProjectMember.id).where(ProjectMember.project_id == project)
        ).one(),
        delivered=delivered,
        hours=entry,
        expense=_expense(session, professional, project),
        bounced=_undelivered(session, professional),
        case=_told(session, delivered, professional),
        twin=_twin(session),
        step=project_places.work_on(session, group_actor, professional, project),
        followed=(past := project_places.followed(session, group, group_actor, professional))[0],
        followed_member=past[1],
        pledge=_pledge(session),
        employees_link=_employees_link(session),
        declined=session.exec(
            select(Proposal.id)
            .where(
                Proposal.round_id == seat.round_id,
                Proposal.need_id != seat.need_id,
                Proposal.state == ProposalState.PROPOSED,
            )
            .order_by(col(Proposal.score), col(Proposal.id))
        ).first()
        or "",
        certificate=certificates.issue(
            session, actor=professional, now=now, today=now.date(), project_id=delivered
        ).id,
        asked_need=(asked := _asked_change(session, group, seat.round_id)).need_id,
        change=asked.id,
        scenario=_scenario(session, seat),
        verify=_link(session, newcomer, TokenPurpose.VERIFY_EMAIL),
        reset=_link(session, group_actor, TokenPurpose.RESET_PASSWORD),
        new_email=_link(session, group_actor, TokenPurpose.CHANGE_EMAIL),
    )


def _undelivered(session: Session, actor: Actor) -> str:
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


def _twin(session: Session) -> str:
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


def send_round(session: Session, round_id: str) -> None:
    """Approve everything in a round and send it."""
    now = utc_now()
    actor = actor_of(session, "coordinator")
    approvals.approve_all(session, actor=actor, now=now, round_id=round_id)
    planned = offers.plan(session, actor=actor, round_id=round_id)
    wanted = {
        "version": planned.round.version,
        "shown": planned.digest,
        "reply_by": now.date() + timedelta(days=14),
    }
    offers.send_round(
        session, actor=actor, now=now, today=now.date(), round_id=round_id, data=wanted
    )


def after_sending(site: LiveSite, places: Places) -> Places:
    """The same places when the round is sent and the first mail was caught."""
    act(site, lambda session: send_and_hear(session, places))
    mail = site.mail_to(demo_people.address("professional"))
    return replace(places, mail=mail.name)


def _told(session: Session, project_id: str, actor: Actor) -> str:
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


def _consent(session: Session, actor: Actor) -> str:
    """The ready professional agrees to be counted by their employer."""
    person = session.get_one(Professional, actor.professional_id)
    assert person.company_id
    now = utc_now()
    consents.give_employer_report(
        session, actor=actor, now=now, today=now.date(), professional_id=person.id,
        company_id=person.company_id, until=None,
    )  # fmt: skip
    return person.company_id


def _employees_link(session: Session) -> str:
    """A company's link for its employees."""
    now = utc_now()
    company = session.exec(select(CompanyOfficer.company_id)).first() or ""
    return joining.invite(
        session, actor=actor_of(session, "company"), now=now, today=now.date(), company_id=company,
        data={"channel": "社内報", "expires_on": now.date() + timedelta(days=60)},
    ).id  # fmt: skip


def _pledge(session: Session) -> str:
    """People of a company, for a coming round."""
    now = utc_now()
    company = session.exec(select(CompanyOfficer.company_id)).first() or ""
    return pledges.pledge(
        session, actor=actor_of(session, "company"), now=now, today=now.date(), company_id=company,
        data={"seats": 2, "form": "day", "from_on": now.date(),
              "until_on": now.date() + timedelta(days=60)},
    ).id  # fmt: skip


def _first_menu(session: Session) -> str | None:
    found = select(Need.menu).where(col(Need.menu).is_not(None)).order_by(col(Need.menu))
    return session.exec(found).first()


def _project(
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


def _expense(session: Session, actor: Actor, project_id: str) -> str:
    """An expense that waits for the group."""
    now = utc_now()
    row = expenses.note(
        session, actor=actor, now=now, today=now.date(), project_id=project_id,
        data={"spent_on": now.date() - timedelta(days=1), "yen": 1200, "purpose": "試し刷り",
              "payer": "own"},
    )  # fmt: skip
    return str(row.id)


def _asked_change(session: Session, group_id: str, round_id: str) -> SuggestedChange:
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


def _scenario(session: Session, seat: Proposal) -> str:
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


def send_and_hear(session: Session, places: Places) -> None:
    """Send the round; one person declines."""
    send_round(session, places.round)
    _decline(session, places.declined)


def _decline(session: Session, proposal_id: str) -> None:
    """Somebody says by telephone that they cannot come."""
    now = utc_now()
    replies.decline_offer(
        session, actor=actor_of(session, "coordinator"), now=now, today=now.date(),
        proposal_id=proposal_id, data={"reason": "dates"},
        on_behalf=OnBehalf(said_by="本人", channel="phone", said_on=now.date()),
    )  # fmt: skip


def _newcomer(session: Session) -> Actor:
    account = Account(email="newcomer@example.jp", name="新居 はじめ", created_at=utc_now())
    session.add(account)
    session.flush()
    return Actor(account_id=account.id)


def _link(session: Session, actor: Actor, purpose: TokenPurpose) -> str:
    account = session.get_one(Account, actor.account_id)
    return tokens.issue(
        session, account_id=account.id, purpose=purpose, email="new@example.jp"
        if purpose == TokenPurpose.CHANGE_EMAIL else account.email, now=utc_now(),
    )  # fmt: skip
