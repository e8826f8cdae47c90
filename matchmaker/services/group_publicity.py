"""What a group shows of itself: in the directory or not, and each part of its page by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, String, cast
from sqlmodel import Session, col

from matchmaker.models import PUBLIC_PARTS, Group
from matchmaker.services import audit, groups
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choices, Command, Flag, Version, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim

PARTS = PUBLIC_PARTS


class Publicity(Command):
    """In the directory or not; the parts of the page that are shown."""

    public: Flag = False
    parts: Annotated[list[str], Choices(PARTS)] = Field(default_factory=list)
    version: Version = 1


def shows(group: Group, part: str) -> bool:
    """Whether a part of a group's page is shown."""
    return group.public and part in group.public_parts


def showing(part: str) -> ColumnElement[bool]:
    """The condition that a group shows a part, for the directory's filters."""
    return cast(col(Group.public_parts), String).contains(f'"{part}"')


def save(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Group:
    """Decide what is public (``Publicity``).

    Refused: ``group_not_found``, ``changed_meanwhile``, ``on_behalf_needed``.
    """
    group = groups.find(session, actor=actor, group_id=group_id)
    details = proxy_details(actor, group_id, on_behalf)
    wanted = validated(Publicity, data)
    claim(session, group, wanted.version)
    group.public = wanted.public
    group.public_parts = [part for part in PARTS if part in wanted.parts]
    groups.refresh_search_text(group)
    session.add(group)
    session.flush()
    audit.record(
        session, actor=actor, act="group_publicity", subject=("group", group.id), now=now,
        public=group.public, parts=group.public_parts, **details,
    )  # fmt: skip
    return group
