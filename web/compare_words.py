"""A round beside itself as it first was, and beside the last one that was sent, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.engine.policy import GROUP_CLASSES
from matchmaker.services.comparisons import Again, Compared, Figures, Since
from matchmaker.services.reason_names import Names
from web.formats import listing, number
from web.labels import word
from web.round_words import LEVELS
from web.whatif_words import Line

Part = tuple[int, int]  # so many of so many


def lines(compared: Compared) -> list[Line]:
    """Measure by measure: this round, its first computation, the last sent round."""
    sides = [each for each in (compared.now, compared.first, compared.last) if each]
    told = [
        _parts(_("Groups that get support"), sides, "groups"),
        _parts(_("Needs with a team"), sides, "needs"),
        _parts(str(LEVELS["urgent_staffed"]), sides, "urgent"),
        _parts(str(LEVELS["important_staffed"]), sides, "important"),
        _parts(_("People taking part"), sides, "people"),
        _parts(str(LEVELS["seats_filled"]), sides, "seats"),
        _values(str(LEVELS["total_score"]), sides, _total),
        _values(_("Fit of a filled seat on average"), sides, _average),
    ]
    if all("fairness" in side.measures for side in sides):
        told.append(_values(str(LEVELS["worst_fit"]), sides, _worst))
        told += [_served(name, sides) for name in GROUP_CLASSES]
        told.append(_values(_("Days waited by groups that are served, on average"), sides, _days))
    return [*told, _employers(sides)]


def heads(compared: Compared) -> list[str]:
    """The columns of ``lines``."""
    told = [_("This round")]
    if compared.first:
        told.append(_("Before any change"))
    if compared.last:
        told.append(_("Last sent: %(name)s", name=compared.last.name))
    return told


def against_first(now: Figures, first: Figures) -> str:
    """What the changes did, in one sentence for the board."""
    told = [text for text in map(_step, *_both(now.levels, first.levels)) if text]
    if not told:
        return _("Your changes cost the round nothing: it is as good as it was at first.")
    return _("Since the first computation: %(what)s.", what=listing(told))


def against_last(last: Figures) -> str:
    """What the last sent round came to, in one sentence for the board."""
    needs, people = _part(last, "needs"), _part(last, "people")
    return _(
        "The last sent round, “%(name)s”, had a team for %(needs)s of %(all)s needs, with "
        "%(people)s.",
        name=last.name,
        needs=number(needs[0]),
        all=number(needs[1]),
        people=ngettext("%(num)s person", "%(num)s people", people[0]),
    )


def since_lines(since: Since, names: Names) -> list[str]:
    """Needs that found or lost their team since the first computation."""
    told = [
        _("Now has a team: “%(need)s”", need=names.needs.get(each, each)) for each in since.staffed
    ]
    return told + [
        _("Has no team any more: “%(need)s”", need=names.needs.get(each, each))
        for each in since.unstaffed
    ]


def again_line(again: Again) -> str:
    """Who is proposed as last time."""
    if not (again.people or again.groups):
        return _("Nobody who is proposed now was proposed in it.")
    return _(
        "Proposed in it as well: %(people)s, %(groups)s, and %(pairs)s with the same group.",
        people=ngettext("%(num)s person", "%(num)s people", again.people),
        groups=ngettext("%(num)s group", "%(num)s groups", again.groups),
        pairs=ngettext("%(num)s of them", "%(num)s of them", again.pairs),
    )


def _both(now: dict[str, int], first: dict[str, int]) -> tuple[list[str], list[int]]:
    shared = [name for name in _TOLD if name in now and name in first]
    return shared, [now[name] - first[name] for name in shared]


_TOLD = ("groups_served", "needs_staffed", "seats_filled", "total_score")


def _step(name: str, more: int) -> str:
    """What became of one measure; the exact totals stand on the page that compares."""
    if not more:
        return ""
    if name == "groups_served":
        if more > 0:
            return ngettext(
                "%(num)s more group gets support", "%(num)s more groups get support", more
            )
        return ngettext(
            "%(num)s group fewer gets support", "%(num)s groups fewer get support", -more
        )
    if name == "needs_staffed":
        if more > 0:
            return ngettext("%(num)s more need has a team", "%(num)s more needs have a team", more)
        return ngettext("%(num)s need fewer has a team", "%(num)s needs fewer have a team", -more)
    if name == "seats_filled":
        if more > 0:
            return ngettext("%(num)s more seat is filled", "%(num)s more seats are filled", more)
        return ngettext("%(num)s seat fewer is filled", "%(num)s seats fewer are filled", -more)
    if more > 0:
        return _("the people suit better all in all")
    return _("the people suit less well all in all")


def _part(side: Figures, name: str) -> Part:
    done, every = side.measures.get(name, (0, 0))
    return done, every


def _parts(name: str, sides: Sequence[Figures], key: str) -> Line:
    return _line(name, [_part(side, key) for side in sides])


def _served(name: str, sides: Sequence[Figures]) -> Line:
    parts = [side.measures["fairness"]["served"].get(name, (0, 0)) for side in sides]
    return _line(word(name, "group_class"), [(done, every) for done, every in parts])


def _line(name: str, parts: Sequence[Part]) -> Line:
    """Shares are compared, since rounds differ in size."""
    shares = [done / every if every else 0.0 for done, every in parts]
    return Line(
        name,
        tuple(
            _("%(done)s of %(all)s", done=number(done), all=number(every)) for done, every in parts
        ),
        tuple((share > shares[0]) - (share < shares[0]) for share in shares),
    )


def _values(name: str, sides: Sequence[Figures], of: Callable[[Figures], int]) -> Line:
    values = [of(side) for side in sides]
    return Line(
        name,
        tuple(number(value) for value in values),
        tuple((value > values[0]) - (value < values[0]) for value in values),
    )


def _total(side: Figures) -> int:
    return side.levels.get("total_score", 0)


def _average(side: Figures) -> int:
    seats = side.levels.get("seats_filled", 0)
    return round(side.levels.get("total_score", 0) / seats) if seats else 0


def _worst(side: Figures) -> int:
    worst: int = side.measures["fairness"]["worst_fit"]
    return worst


def _days(side: Figures) -> int:
    days: int = side.measures["fairness"]["days"][0]
    return days


def _employers(sides: Sequence[Figures]) -> Line:
    pairs = [side.measures.get("employers", (0, 0)) for side in sides]
    return Line(
        _("Employers so far (forecast)"),
        tuple(f"{number(now)} → {number(then)}" for now, then in pairs),
        tuple((then > pairs[0][1]) - (then < pairs[0][1]) for _now, then in pairs),
    )
