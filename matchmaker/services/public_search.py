"""What a visitor asks for in the address of a public list; what is unknown is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, true

from matchmaker.db import holds
from matchmaker.models import GroupKind, NeedForm, Urgency
from matchmaker.text import search_key

PAGE_SIZE = 20
NEED_SORTS = ("urgency", "newest", "start")
GROUP_SORTS = ("name", "newest")
WAYS = ("remote", "onsite")
MOST_PAGES = 5000
_YEAR = re.compile("(19|20|21)[0-9]{2}")


@dataclass(frozen=True)
class NeedSearch:
    """Filters of the list of open needs; empty means any."""

    text: str = ""
    field: str = ""
    district: str = ""
    form: str = ""
    way: str = ""
    skill: str = ""
    urgency: str = ""
    sort: str = "urgency"
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> NeedSearch:
        """The search a page's address asks for."""
        return cls(
            text=args.get("q", "")[:100].strip(),
            field=_code(args.get("field")),
            district=_code(args.get("district")),
            form=_one_of(args.get("form"), [form.value for form in NeedForm]),
            way=_one_of(args.get("way"), WAYS),
            skill=_code(args.get("skill")),
            urgency=_one_of(args.get("urgency"), [urgency.value for urgency in Urgency]),
            sort=_one_of(args.get("sort"), NEED_SORTS) or "urgency",
            page=_page(args.get("page")),
        )

    def as_args(self) -> dict[str, str]:
        """The search as arguments of an address, without the page and without what is usual."""
        given = {
            "q": self.text,
            "field": self.field,
            "district": self.district,
            "form": self.form,
            "way": self.way,
            "skill": self.skill,
            "urgency": self.urgency,
            "sort": "" if self.sort == "urgency" else self.sort,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class GroupSearch:
    """Filters of the directory of groups; empty means any."""

    text: str = ""
    field: str = ""
    district: str = ""
    kind: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> GroupSearch:
        """The search a page's address asks for."""
        return cls(
            text=args.get("q", "")[:100].strip(),
            field=_code(args.get("field")),
            district=_code(args.get("district")),
            kind=_one_of(args.get("kind"), [kind.value for kind in GroupKind]),
            sort=_one_of(args.get("sort"), GROUP_SORTS) or "name",
            page=_page(args.get("page")),
        )

    def as_args(self) -> dict[str, str]:
        """The search as arguments of an address, without the page and without what is usual."""
        given = {
            "q": self.text,
            "field": self.field,
            "district": self.district,
            "kind": self.kind,
            "sort": "" if self.sort == "name" else self.sort,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class CaseSearch:
    """Filters of the list of cases; empty (0 for the fiscal year) means any."""

    text: str = ""
    field: str = ""
    district: str = ""
    form: str = ""
    year: int = 0
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> CaseSearch:
        """The search a page's address asks for."""
        year = args.get("year", "")
        return cls(
            text=args.get("q", "")[:100].strip(),
            field=_code(args.get("field")),
            district=_code(args.get("district")),
            form=_one_of(args.get("form"), [form.value for form in NeedForm]),
            year=int(year) if _YEAR.fullmatch(year) else 0,
            page=_page(args.get("page")),
        )

    def as_args(self) -> dict[str, str]:
        """The search as arguments of an address, without the page."""
        given = {
            "q": self.text,
            "field": self.field,
            "district": self.district,
            "form": self.form,
            "year": str(self.year or ""),
        }
        return {name: value for name, value in given.items() if value}


def _one_of(value: str | None, words: Any) -> str:
    return value if value in words and value else ""


def _code(value: str | None) -> str:
    text = (value or "")[:64]
    return text if text.replace("-", "").replace("_", "").isalnum() and text.isascii() else ""


def _page(value: str | None) -> int:
    text = value or "1"
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdecimal() else 1


def words_of(text: str) -> list[str]:
    """The words a search asks for, folded as they are looked up."""
    return search_key(text.replace("\x00", "")).split()[:8]


def contains(text: str, column: Any) -> ColumnElement[bool]:
    """Every word of ``text`` stands in a ``search_text`` column, however it is typed."""
    return and_(true(), *(holds(column, word) for word in words_of(text)))
