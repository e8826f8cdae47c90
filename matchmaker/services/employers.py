"""The employer a professional names: found among those known, or entered as a new one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from matchmaker.errors import FieldError, Invalid
from matchmaker.models import Company
from matchmaker.services.public_search import contains
from matchmaker.text import search_key

NEW = "new"
MOST_LETTERS = 200  # of an entry; nothing longer is looked for
MOST = 8
# Legal forms say nothing about which company is meant.
_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人"
    r"|公益財団法人|社会福祉法人|医療法人|学校法人|独立行政法人|\((株|有|同|社|医|学)\)"
    r"|\b(inc|ltd|co|corp|llc|k\.k)\b\.?"
)


@dataclass(frozen=True)
class Employer:
    """The name as entered, and the choice among known companies where one was offered."""

    name: str
    company_id: str | None = None


def company_key(name: str) -> str:
    """``name`` without its legal form, folded for comparison."""
    return re.sub(r"[\s・,.]", "", _FORMS.sub("", search_key(name)))


def alike(session: Session, name: str) -> Sequence[Company]:
    """Known companies whose names contain the entered one or are contained in it."""
    key = company_key(name)
    if not 2 <= len(key) <= MOST_LETTERS:
        return ()
    words = [word for word in _FORMS.sub(" ", search_key(name)).split() if len(word) > 1]
    pieces = {key, key[:2], *words}
    wanted = or_(*(contains(piece, col(Company.search_text)) for piece in sorted(pieces)))
    found = session.exec(select(Company).where(wanted).order_by(col(Company.name)).limit(200))
    near = [row for row in found if _near(company_key(row.name), key)]
    return sorted(near, key=lambda row: (abs(len(company_key(row.name)) - len(key)), row.name))[
        :MOST
    ]


def _near(known: str, key: str) -> bool:
    return len(known) > 1 and (key in known or known in key)


def employer_of(session: Session, *, wanted: Employer, now: datetime) -> Company | None:
    """The company meant; a new row when none is alike or the reader says it is another one.

    Refused beside ``company_id``: ``choose_employer`` when known companies are alike and nothing
    was chosen yet, ``not_in_list`` for a company that was not offered.
    """
    if not wanted.name:
        return None
    near = alike(session, wanted.name)
    same = [row for row in near if company_key(row.name) == company_key(wanted.name)]
    if wanted.company_id and wanted.company_id != NEW:
        chosen = next((row for row in near if row.id == wanted.company_id), None)
        if chosen is None:
            raise Invalid([FieldError("company_id", "not_in_list")])
        return chosen
    if len(same) == 1 and wanted.company_id != NEW:
        return same[0]
    if near and wanted.company_id != NEW:
        raise Invalid([FieldError("company_id", "choose_employer")])
    company = Company(name=wanted.name, search_text=search_key(wanted.name), created_at=now)
    session.add(company)
    session.flush()
    return company
