"""What a reader of a review board asks for: the round's needs that match, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.models import (
    HELD,
    District,
    Group,
    Need,
    Professional,
    Proposal,
    ProposalState,
    RoundNeed,
)
from matchmaker.services.board_teams import SHOWN
from matchmaker.text import search_key

STATUS = ("waiting", "approved", "rejected")
SURENESS = ("sure", "close")


@dataclass(frozen=True)
class Search:
    """What a reader asks a list for. ``status``: one of ``STATUS`` or empty; ``sure``: one of
    ``SURENESS`` or empty."""

    text: str = ""
    urgency: str = ""
    status: str = ""
    sure: str = ""
    page: int = 1


def matching(round_id: str, *, staffed: bool, search: Search) -> Any:
    """The ids of a round's needs that match a search, as a subquery."""
    chosen = found_needs(round_id, staffed=staffed, search=search)
    return chosen.with_only_columns(col(Need.id), maintain_column_froms=True).order_by(None)


_URGENCY = case({"urgent": 0, "important": 1}, value=col(Need.urgency), else_=2)


def found_needs(round_id: str, *, staffed: bool, search: Search) -> Any:
    """The query for (need, group, district, round's need) of what matches, urgent first."""
    chosen = (
        wide_select(Need, Group, District, RoundNeed)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(District, col(District.code) == Group.district, isouter=True)
        .where(RoundNeed.round_id == round_id, col(RoundNeed.staffed).is_(staffed))
        .order_by(_URGENCY, col(Need.opened_at), col(Need.id))
    )
    if search.urgency:
        chosen = chosen.where(Need.urgency == search.urgency)
    if search.text:
        people = (
            select(Proposal.need_id)
            .join(Professional, col(Professional.id) == Proposal.professional_id)
            .where(
                Proposal.round_id == round_id,
                col(Proposal.state).in_(SHOWN),
                text_matches(Professional.search_text, search.text),
            )
        )
        chosen = chosen.where(
            or_(
                text_matches(Need.search_text, search.text),
                text_matches(Group.search_text, search.text),
                col(Need.id).in_(people),
            )
        )
    if search.status:
        chosen = chosen.where(_has_status(round_id, search.status))
    if search.sure:
        chosen = chosen.where(_is_sure(round_id, search.sure))
    return chosen


def _has_status(round_id: str, status: str) -> ColumnElement[bool]:
    states = {
        "waiting": [ProposalState.PROPOSED],
        "approved": list(HELD),
        "rejected": [ProposalState.REJECTED],
    }[status]
    chosen = select(Proposal.need_id).where(
        Proposal.round_id == round_id, col(Proposal.state).in_(states)
    )
    return col(Need.id).in_(chosen)


def _is_sure(round_id: str, sure: str) -> ColumnElement[bool]:
    """Whether a team is known to hold as a whole under other weights, or has somebody who does
    not; of a team that nobody has looked at closer, neither."""
    told = col(Proposal.sure)
    holds = told["holds"].as_boolean()
    known = or_(holds.is_(True), told["fixed"].as_boolean().is_(True))
    asked = select(Proposal.need_id).where(
        Proposal.round_id == round_id,
        col(Proposal.state).in_((ProposalState.PROPOSED, *HELD)),
        ~known if sure == "sure" else holds.is_(False),
    )
    condition: ColumnElement[bool] = col(Need.id).in_(asked)
    return ~condition if sure == "sure" else condition


def text_matches(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that a search column holds ``text``, whatever its case or kana."""
    key = search_key(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    matches: ColumnElement[bool] = col(column).like(f"%{key}%", escape="\\")
    return matches


def page_of(
    session: Session, chosen: Any, wanted: int, size: int, key: Any = Need.id
) -> tuple[int, int, int, list[Any]]:
    """How many there are, the page's number, how many pages, and its rows; the last page for a
    number beyond it."""
    total, found = _part(session, chosen, wanted, size, key)
    if not found and wanted > 1:
        counted = chosen.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        last = max(-(-session.execute(counted).scalar_one() // size), 1)
        return page_of(session, chosen, min(wanted - 1, last), size, key)
    return total, max(wanted, 1), max(-(-total // size), 1), found


def _part(session: Session, chosen: Any, number: int, size: int, key: Any) -> tuple[int, list[Any]]:
    """The database counts and sorts bare ids, and reads whole rows for one page only."""
    ids = chosen.with_only_columns(
        key.label("id"), func.count().over().label("total"), maintain_column_froms=True
    )
    part = ids.offset((max(number, 1) - 1) * size).limit(size).subquery()
    rows = session.exec(chosen.add_columns(part.c.total).join(part, part.c.id == key)).all()
    return (rows[0][-1] if rows else 0), [row[:-1] for row in rows]
