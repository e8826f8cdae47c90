"""What waits for the coordinators: oldest first, why, how old, how long it should take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import literal, union_all
from sqlmodel import Session, col, func, select

from matchmaker.db import wide_select
from matchmaker.errors import NotFound
from matchmaker.models import (
    Consultation,
    Decision,
    Group,
    ImportBatch,
    ImportState,
    Job,
    JobState,
    Need,
    NeedState,
    Notice,
    NoticeState,
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    Reply,
    Role,
    Round,
    RoundNeed,
    RoundState,
    Side,
)
from matchmaker.services import audit, charge, duplicates, pledges, project_waiting
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.notices import again

MOST = 100  # of each kind; a longer queue has its own list
# Kind → minutes it should take. What one learns by doing it a few times; shown as a help only.
MINUTES = {
    "check_group": 10,
    "check_person": 5,
    "check_need": 15,
    "need_outdated": 5,
    "need_overdue": 10,
    "round_draft": 2,
    "round_ready": 20,
    "round_failed": 10,
    "round_to_close": 2,
    "seat_free": 10,
    "silent": 5,
    "import_ready": 5,
    "follow_up": 10,
    "pledge": 5,
    "project_late": 10,
    "project_call": 15,
    "twice": 3,
    "follow_up_call": 10,
    "mail_failed": 3,
    "mail_bounced": 5,
    "letters": 10,
    "job_failed": 5,
}
SILENT_DAYS = 3  # before the reply date, whoever was silent is worth a call
ENDED = (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN)


@dataclass(frozen=True)
class Item:
    """One thing to do. ``title`` names it, ``params`` fill the sentence that says why."""

    kind: str
    subject_id: str
    title: str
    since: datetime
    params: dict[str, Any] = field(default_factory=dict)
    owner: str = ""  # account of the coordinator in charge, where somebody is

    @property
    def minutes(self) -> int:
        """How long it should take."""
        return MINUTES[self.kind]


@dataclass(frozen=True)
class Today:
    """Everything that waits, oldest first, and what waits for others."""

    items: tuple[Item, ...]
    awaited: int  # offers somebody has still to answer
    open_needs: int  # needs that could go into a round
    counts: dict[str, int] = field(default_factory=dict)  # whose → how many things

    @property
    def minutes(self) -> int:
        """All of it together."""
        return sum(item.minutes for item in self.items)


WHOSE = ("mine", "nobody")
# Kind → what somebody can be in charge of, where an item is about it.
ABOUT = {
    "check_group": "group",
    "check_person": "professional",
    "check_need": "need",
    "need_outdated": "need",
    "need_overdue": "need",
    "seat_free": "need",
    "project_late": "project",
    "project_call": "project",
}


def today(session: Session, *, actor: Actor, on: date, whose: str = "") -> Today:
    """What waits for the coordinators on a day: all of it, what is the actor's own or a colleague's
    for whom they stand in (``mine``), or what ``nobody`` is in charge of.

    Refused: ``coordinators_only``.
    """
    require_coordinator(actor)
    found = [
        *_checks(session),
        *_outdated(session, on),
        *_rounds(session, on),
        *_free_seats(session),
        *_imports(session),
        *_follow_ups(session, actor, on),
        *(Item(*each) for each in project_waiting.waiting(session, on, MOST)),
        *_twice(session, actor),
        *(Item(*each) for each in pledges.to_decide(session, MOST)),
        *_failures(session),
    ]
    awaited = select(func.count()).where(Proposal.state == ProposalState.OFFERED)
    open_needs = select(func.count()).where(Need.state == NeedState.OPEN)
    counts = select(awaited.scalar_subquery(), open_needs.scalar_subquery())
    found = _owned(session, actor, found)
    mine = charge.covered(session, actor=actor, on=on)
    parts = {
        "": found,
        "mine": [item for item in found if item.owner in mine],
        "nobody": [item for item in found if not item.owner],
    }
    return Today(
        tuple(sorted(parts[whose], key=lambda item: (item.since, item.kind, item.subject_id))),
        *session.exec(counts).one(),
        {name: len(items) for name, items in parts.items()},
    )


def _owned(session: Session, actor: Actor, items: list[Item]) -> list[Item]:
    """The items with whoever is in charge of what they are about; what is taken up again on a day
    is the actor's own."""
    owners = charge.owners(
        session, [(ABOUT[item.kind], item.subject_id) for item in items if item.kind in ABOUT]
    )
    return [
        replace(
            item,
            owner=str(actor.account_id) if item.kind == "follow_up"
            else owners.get((ABOUT.get(item.kind, ""), item.subject_id), ""),
        )
        for item in items
    ]  # fmt: skip


def _checks(session: Session) -> Iterator[Item]:
    signed_up = union_all(
        *(
            wide_select(literal(kind), table.id, table.name, table.submitted_at, table.created_at)
            .where(table.state == ProfileState.SUBMITTED)
            .order_by(table.submitted_at)
            .limit(MOST)
            .subquery()
            .select()
            for kind, table in (("check_group", Group), ("check_person", Professional))
        )
    )
    for kind, row_id, name, submitted, created in session.execute(signed_up):
        yield Item(kind, row_id, name, submitted or created)
    needs = session.exec(
        select(Need, Group.name)
        .join(Group, col(Group.id) == Need.group_id)
        .where(Need.state == NeedState.SUBMITTED)
        .order_by(col(Need.submitted_at))
        .limit(MOST)
    )
    for need, group in needs:
        since = need.submitted_at or need.created_at
        yield Item("check_need", need.id, need.title, since, {"group": group})


def _outdated(session: Session, on: date) -> Iterator[Item]:
    """Needs whose dates are over: those that rest (somebody may have to telephone), and those that
    cannot, because people of them were asked or said yes."""
    states = (NeedState.PAUSED, NeedState.OPEN, NeedState.IN_ROUND)
    rows = session.exec(
        select(Need, Group.name)
        .join(Group, col(Group.id) == Need.group_id)
        .where(col(Need.state).in_(states), col(Need.ends_on) < on)
        .order_by(col(Need.ends_on), col(Need.id))
        .limit(MOST)
    )
    for need, group in rows:
        since = datetime.combine(need.ends_on or on, time.min, UTC)
        kind = "need_outdated" if need.state == NeedState.PAUSED else "need_overdue"
        yield Item(kind, need.id, need.title, since, {"group": group})


def _rounds(session: Session, on: date) -> Iterator[Item]:
    """Rounds that want something done, and those in which replies are overdue soon."""
    kinds = {
        RoundState.DRAFT: "round_draft",
        RoundState.READY: "round_ready",
        RoundState.FAILED: "round_failed",
    }
    soon = on + timedelta(days=SILENT_DAYS)
    offered = (Proposal.round_id == Round.id, Proposal.state == ProposalState.OFFERED)
    due = (*offered, col(Proposal.reply_by) <= soon)
    rows = session.exec(
        wide_select(
            Round.id,
            Round.name,
            Round.state,
            func.coalesce(Round.sent_at, Round.computed_at, Round.created_at),
            select(func.count()).where(*offered).scalar_subquery(),
            select(func.count()).where(*due).scalar_subquery(),
            select(func.min(Proposal.reply_by)).where(*due).scalar_subquery(),
        ).where(col(Round.state).in_([*kinds, RoundState.SENT]))
    )
    for round_id, name, state, since, awaited, late, reply_by in rows:
        if late:
            yield Item("silent", round_id, name, since, {"reply_by": reply_by, "count": late})
        elif kind := kinds.get(state) or ("" if awaited else "round_to_close"):
            yield Item(kind, round_id, name, since)


def _free_seats(session: Session) -> Iterator[Item]:
    """Needs that are open again because somebody said no, was silent, or was taken back."""
    ended_at = (
        select(func.max(Decision.at)).where(Decision.proposal_id == Proposal.id).scalar_subquery()
    )
    taken_up = select(RoundNeed.need_id).where(col(RoundNeed.live))
    rows = session.exec(
        wide_select(Need, Group.name, Role.title, Proposal, ended_at.label("at"))
        .join(Proposal, col(Proposal.need_id) == Need.id)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Group, col(Group.id) == Need.group_id)
        .where(
            Need.state == NeedState.OPEN,
            col(Need.id).not_in(taken_up),
            col(Proposal.offered_at).is_not(None),
            col(Proposal.state).in_(ENDED),
        )
        .order_by(ended_at.desc(), col(Proposal.id))
    )
    seen: set[str] = set()
    for need, group, role, proposal, at in rows:
        if need.id in seen:
            continue
        seen.add(need.id)
        by_person = proposal.professional_reply == Reply.DECLINED
        params = {
            "group": group,
            "role": role,
            "state": proposal.state,
            "reason": proposal.state_reason,
            "by": Side.PROFESSIONAL if by_person else Side.GROUP,
            "round_id": proposal.round_id,
            "proposal_id": proposal.id,
        }
        yield Item("seat_free", need.id, need.title, at or need.created_at, params)


def _imports(session: Session) -> Iterator[Item]:
    rows = session.exec(
        select(ImportBatch.id, ImportBatch.filename, ImportBatch.created_at).where(
            ImportBatch.state == ImportState.PREVIEW
        )
    )
    for batch_id, filename, since in rows:
        yield Item("import_ready", batch_id, filename, since)


def _follow_ups(session: Session, actor: Actor, on: date) -> Iterator[Item]:
    """Consultations to be taken up again today or before, by this coordinator or whoever wrote
    them down where nobody else was named."""
    rows = session.exec(
        select(Consultation)
        .where(
            col(Consultation.follow_up_on) <= on,
            col(Consultation.done_at).is_(None),
            func.coalesce(Consultation.handed_to, Consultation.created_by).in_(
                charge.covered(session, actor=actor, on=on)
            ),
        )
        .order_by(col(Consultation.follow_up_on), col(Consultation.id))
        .limit(MOST)
    )
    for row in rows:
        yield Item("follow_up", row.id, row.name or row.text[:40], row.created_at,
                   {"topic": row.topic})  # fmt: skip


def _twice(session: Session, actor: Actor) -> Iterator[Item]:
    """Records that are very likely one."""
    for pair in duplicates.pairs(session, actor=actor, most=MOST):
        params = {
            "kind": pair.kind, "other_id": pair.second.id, "other": pair.second.name,
            "why": pair.why,
        }  # fmt: skip
        yield Item("twice", pair.first.id, pair.first.name, pair.second.created_at, params)


def _failures(session: Session) -> Iterator[Item]:
    mails = session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.FAILED)
        .order_by(col(Notice.created_at))
        .limit(MOST)
    )
    for mail in mails:
        yield Item(
            "mail_failed", mail.id, mail.email, mail.created_at,
            {"error": mail.error, "code": mail.code},
        )  # fmt: skip
    yield from _bounced(session)
    yield from _letters(session)
    jobs = session.exec(
        select(Job).where(Job.state == JobState.FAILED).order_by(col(Job.created_at)).limit(MOST)
    )
    for job in jobs:
        yield Item("job_failed", job.id, job.kind, job.created_at, {"error": job.error})


def _bounced(session: Session) -> Iterator[Item]:
    """Addresses that take no mail, each once."""
    rows = session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.BOUNCED)
        .order_by(col(Notice.bounced_at), col(Notice.id))
        .limit(MOST)
    ).all()
    for mail in {row.email: row for row in reversed(rows)}.values():
        yield Item("mail_bounced", mail.id, mail.email, mail.bounced_at or mail.created_at,
                   {"count": sum(row.email == mail.email for row in rows)})  # fmt: skip


def _letters(session: Session) -> Iterator[Item]:
    """What is to be printed, as one thing to do."""
    rows = session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.PAPER)
        .order_by(col(Notice.created_at), col(Notice.id))
    ).all()
    if rows:
        names = list(dict.fromkeys(str(row.params.get("name", "")) for row in rows))
        yield Item("letters", "letters", "・".join(names[:3]), rows[0].created_at,
                   {"count": len(rows)})  # fmt: skip


def retry_mail(session: Session, *, actor: Actor, now: datetime, notice_id: str) -> None:
    """Put a message that could not be sent back into the outbox; refused: ``mail_not_found``."""
    require_coordinator(actor)
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound("mail_not_found")
    if notice.state != NoticeState.FAILED:
        return
    again(notice, now=now)
    session.add(notice)
    audit.record(session, actor=actor, act="retry_mail", subject=("notice", notice.id), now=now)


def retry_job(session: Session, *, actor: Actor, now: datetime, job_id: str) -> None:
    """Let a failed piece of background work be tried again; refused: ``job_not_found``."""
    require_coordinator(actor)
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("job_not_found")
    if job.state != JobState.FAILED:
        return
    job.state, job.attempts, job.error, job.not_before = JobState.WAITING, 0, "", now
    job.finished_at = None
    session.add(job)
    audit.record(session, actor=actor, act="retry_job", subject=("job", job.id), now=now)
