"""Proxy entry: a coordinator writes down what somebody said by telephone, on paper or in person."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from matchmaker.errors import Forbidden
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, Date, ShortText


class Channel(StrEnum):
    PHONE = "phone"
    PAPER = "paper"
    VISIT = "visit"
    EMAIL = "email"


class OnBehalf(Command):
    """Who said so (a position such as "the chair" is enough), how, and when."""

    said_by: Annotated[str, ShortText(80)]
    channel: Annotated[str, Choice(Channel)]
    said_on: Date


def proxy_details(actor: Actor, group_id: str | None, on_behalf: OnBehalf | None) -> dict[str, Any]:
    """What the audit keeps of a proxy entry; empty when the group's own people act.

    Refused: ``on_behalf_needed`` when a coordinator writes for others without saying who said so.
    """
    if group_id is not None and group_id in actor.group_ids:
        return {}
    if on_behalf is not None and actor.coordinator:
        return {
            "said_by": on_behalf.said_by,
            "channel": on_behalf.channel,
            "said_on": on_behalf.said_on.isoformat(),
        }
    if group_id is None and not actor.coordinator:
        return {}
    raise Forbidden("on_behalf_needed")
