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
    CompanyOfficer,
    GroupMember,
    Need,
    NeedState,
    Professional,
    ProjectMember,
    Proposal,
    ProposalState,
    Role,
    TokenPurpose,
)
from matchmaker.services import (
    approvals,
    certificates,
    consultations,
    demo_people,
    imports,
    members,
    need_wizard,
    offers,
    replies,
    saved_searches,
    sign_in,
)
from matchmaker.services.fiscal import fiscal_year
from matchmaker.services.indicators import EMPLOYERS
from matchmaker.services.on_behalf import OnBehalf
from tests import added_places, project_places
from tests.added_places import account_of, actor_of
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
        session, actor=group_actor, now=now, group_id=group, menu=added_places.first_menu(session),
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
    newcomer = added_places.newcomer(session)
    person = session.get_one(Professional, professional.professional_id)
    person.capacity += 2  # room for the invitation beside the two projects
    project, entry = added_places.project(session, group, professional)
    delivered, _entry = added_places.project(session, group, professional, delivered=True)
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
        own_company=added_places.consent(session, professional),
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
        expense=added_places.expense(session, professional, project),
        bounced=added_places.undelivered(session, professional),
        case=added_places.told(session, delivered, professional),
        twin=added_places.twin(session),
        step=project_places.work_on(session, group_actor, professional, project),
        followed=(past := project_places.followed(session, group, group_actor, professional))[0],
        followed_member=past[1],
        pledge=added_places.pledge(session),
        employees_link=added_places.employees_link(session),
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
        asked_need=(asked := added_places.asked_change(session, group, seat.round_id)).need_id,
        change=asked.id,
        scenario=added_places.scenario(session, seat),
        verify=added_places.link(session, newcomer, TokenPurpose.VERIFY_EMAIL),
        reset=added_places.link(session, group_actor, TokenPurpose.RESET_PASSWORD),
        new_email=added_places.link(session, group_actor, TokenPurpose.CHANGE_EMAIL),
    )


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
