"""What changes between two rounds, told by person: who gets a seat, who loses one, who moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from matchmaker.services.reason_names import Names
from web.formats import listing

Pair = Sequence[str]


def moves(
    gained: Iterable[Pair], lost: Iterable[Pair], names: Names, first: Sequence[str] = ()
) -> list[str]:
    """One line a person from (professional, role) pairs that are new and gone.

    The people of ``first`` come first; then those who lose a seat, those who get one, those who
    change it; each by name.
    """
    after, before = _seats(gained), _seats(lost)
    people = sorted(
        {*after, *before},
        key=lambda each: (
            first.index(each) if each in first else len(first),
            _rank(each in before, each in after),
            names.people.get(each, each),
            each,
        ),
    )
    return [_move(each, before.get(each, []), after.get(each, []), names) for each in people]


def _seats(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for person, role in pairs:
        found[person].append(role)
    return found


def _rank(loses: bool, gets: bool) -> int:
    return 2 if loses and gets else 0 if loses else 1


def _move(person: str, before: list[str], after: list[str], names: Names) -> str:
    who = names.people.get(person, person)
    old, new = (listing(seat(role, names) for role in sorted(roles)) for roles in (before, after))
    if before and after:
        return _("%(person)s: from %(before)s to %(after)s", person=who, before=old, after=new)
    if before:
        return _("%(person)s loses %(seats)s", person=who, seats=old)
    return _("%(person)s gets %(seats)s", person=who, seats=new)


def seat(role: str, names: Names) -> str:
    """A role with its need, in words."""
    title, need = names.roles.get(role, (role, ""))
    return _("“%(role)s” in “%(need)s”", role=title, need=need)
