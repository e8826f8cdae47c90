"""What a coordinator asks for in the address of a list; what is unknown is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.models import NeedState, ProfileState

PAGE_SIZE = 50
SORTS = ("waiting", "name", "newest")
STATES = {
    "people": tuple(state.value for state in ProfileState),
    "groups": tuple(state.value for state in ProfileState),
    "needs": tuple(state.value for state in NeedState if state != NeedState.DRAFT),
}


@dataclass(frozen=True)
class CheckSearch:
    """Filters of a coordinator's list; empty means any."""

    text: str = ""
    state: str = ""
    district: str = ""
    field: str = ""
    skill: str = ""
    sort: str = "waiting"
    direction: str = "asc"
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str], *, kind: str) -> CheckSearch:
        """The search that the address of a list of ``kind`` (people, groups, needs) asks for."""
        page = args.get("page", "1")
        return cls(
            text=args.get("q", "")[:100].strip(),
            state=_one_of(args.get("state"), STATES[kind]),
            district=_code(args.get("district")),
            field=_code(args.get("field")),
            skill=_code(args.get("skill")),
            sort=_one_of(args.get("sort"), SORTS) or "waiting",
            direction="desc" if args.get("direction") == "desc" else "asc",
            page=max(int(page), 1) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )

    def as_args(self) -> dict[str, str]:
        """The search as arguments of an address, without the page and without what is usual."""
        given = {
            "q": self.text,
            "state": self.state,
            "district": self.district,
            "field": self.field,
            "skill": self.skill,
            "sort": "" if self.sort == "waiting" else self.sort,
            "direction": "" if self.direction == "asc" else self.direction,
        }
        return {name: value for name, value in given.items() if value}


def _one_of(value: str | None, words: tuple[str, ...]) -> str:
    return value if value and value in words else ""


def _code(value: str | None) -> str:
    text = (value or "")[:64]
    return text if text.replace("-", "").replace("_", "").isalnum() and text.isascii() else ""
