"""Projects to look at: one with a plan, files and expenses, one that ended half a year ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from matchmaker.jobs import utc_now
from matchmaker.models import Need, NeedState, Project, ProjectMember, ProjectState, Side
from matchmaker.services import (
    deliverables,
    expenses,
    mid_terms,
    plan_steps,
    project_files,
    project_steps,
    thanks,
)
from matchmaker.services.actors import Actor


def work_on(session: Session, group: Actor, professional: Actor, project_id: str) -> str:
    """A plan, answers half-way, a file, a link and an expense; the id of a meeting."""
    now = utc_now()
    voice: dict[str, Any] = {
        "actor": group, "now": now, "side": Side.GROUP, "project_id": project_id
    }  # fmt: skip
    plan_steps.draw(session, data={"begins_on": now.date() - timedelta(days=20)}, **voice)
    mid_terms.say(
        session, today=now.date(), **voice,
        data={"on_track": "partly", "hours": "right", "change": "もう一度会いたい", "call": True},
    )  # fmt: skip
    project_files.add_file(session, name="帳簿の下書き.csv", content="日付,額\n".encode(), **voice)
    project_files.add_link(
        session, data={"title": "共有フォルダー", "address": "https://example.jp/share"}, **voice
    )
    expenses.note(
        session, actor=professional, now=now, today=now.date(), project_id=project_id,
        data={"spent_on": now.date(), "yen": 1480, "purpose": "電車、往復", "payer": "group"},
    )  # fmt: skip
    meeting = {"kind": "meeting", "due_on": now.date(), "at": "18:30", "place": "市民交流会館"}
    return plan_steps.add(session, data=meeting, **voice).id


def followed(session: Session, group_id: str, group: Actor, professional: Actor) -> tuple[str, str]:
    """A project delivered half a year ago, in use, with a letter of thanks: it and its member."""
    now = utc_now()
    ended = now.date() - timedelta(days=190)
    need = Need(
        group_id=group_id, title="会員名簿を整える", deliverable="会員名簿\n更新の手引き",
        state=NeedState.IN_PROGRESS, created_at=now,
    )  # fmt: skip
    session.add(need)
    session.flush()
    project = Project(
        need_id=need.id, group_id=group_id, title=need.title, created_at=now,
        state=ProjectState.IN_PROGRESS, agreed_on=ended - timedelta(days=60),
    )  # fmt: skip
    session.add(project)
    session.flush()
    member = ProjectMember(
        project_id=project.id, professional_id=professional.professional_id or "",
        joined_on=project.agreed_on,
    )  # fmt: skip
    session.add(member)
    session.flush()
    project_steps.deliver(
        session, actor=group, now=now, today=ended, side=Side.GROUP, project_id=project.id,
        data={"version": 1, "text": "名簿は共有フォルダーにあります。", "handed_over": ["0"]},
    )  # fmt: skip
    rows = deliverables.of_project(session, project.id)
    deliverables.say_use(
        session, actor=group, now=now, today=now.date(), project_id=project.id,
        said={rows[0].id or 0: {"use": "used", "note": "毎週の当番表に"}},
    )  # fmt: skip
    project.state = ProjectState.EVALUATED
    session.add(project)
    thanks.write(
        session, actor=group, now=now, project_id=project.id, member_id=member.id,
        data={"text": "おかげさまで、名簿づくりに迷わなくなりました。"},
    )  # fmt: skip
    return project.id, member.id
