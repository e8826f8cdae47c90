"""Whom to recruit, on paper: a sheet to show around, and letters to employers and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matchmaker.services.recruiting import Report
from matchmaker.services.wordings import Filled
from web.formats import full_date
from web.pdf import NEW_PAGE, Block, Paper, heading, items, text
from web.recruit_words import skills, terms

CHANNELS = {
    "chamber": _l("Chamber of commerce and business associations"),
    "university": _l("Universities and alumni"),
    "neighbourhood": _l("Neighbourhood circulars"),
    "newsletter": _l("Newsletters and local media"),
}


def sheet(report: Report, *, home: str, on: date) -> Paper:
    """The profiles with the needs they would help; nobody's name."""
    title = _("We are looking for you")
    blocks = [heading(title, 1), text(_missing(), "lead"), *_profiles(report, home)]
    return Paper(title, blocks, on)


def letters(
    report: Report, to: Sequence[tuple[str, Filled]], code: str, *, home: str, on: date, sender: str
) -> Paper:
    """One letter a page to each (name, the city's words for it), all with the same profiles."""
    blocks: list[Block] = []
    for name, own in to:
        subject, opening, closing = _parts(code, own)
        blocks += [NEW_PAGE] if blocks else []
        blocks += [
            text(full_date(on), "right"),
            text(_("To: %(name)s", name=name), "lead"),
            text(sender, "right"),
            heading(subject, 1),
            text(opening),
            *_profiles(report, home),
            text(closing),
        ]
    return Paper(_("Whom we look for"), blocks, on)


def words(code: str, own: Filled) -> tuple[str, str]:
    """Subject and words of such a letter, with a line where the profiles will stand."""
    subject, opening, closing = _parts(code, own)
    return subject, f"{opening}\n\n– – –\n\n{closing}"


def _parts(code: str, own: Filled) -> tuple[str, str, str]:
    return (
        own.subject or _("Who among your people would like to help?"),
        own.opening or _opening(code),
        own.closing
        or _(
            "Whoever is interested can write to us or sign up on the site. Nobody is assigned "
            "without agreeing, and an employer sees a name only if that person allows it."
        ),
    )


def _opening(code: str) -> str:
    if code == "recruit_company":
        return _(
            "Working people of this city help neighbourhood associations and civic groups with "
            "what they do for a living. For the needs below, one more person is missing. Would "
            "you show this to your employees?"
        )
    return _missing()


def _missing() -> str:
    return _(
        "Working people of this city help neighbourhood associations and civic groups with "
        "what they do for a living. For the needs below, one more person is missing."
    )


def _profiles(report: Report, home: str) -> Iterator[Block]:
    for each in report.wanted:
        for at, way in enumerate(each.ways):
            told = skills(way.profile, report.names)
            yield heading(_("or: %(skills)s", skills=told) if at else told)
            yield text(" · ".join(terms(way.profile, home, way.slots)), "small")
        yield text(
            ngettext("You would help here:", "You would help at one of these:", len(each.needs))
        )
        yield items(_needs(report, each.needs))
    if not report.wanted:
        yield text(_("No single person is missing."))


def _needs(report: Report, needs: Iterable[str]) -> Iterator[str]:
    for need in needs:
        yield _(
            "%(need)s (%(group)s)",
            need=report.names.needs.get(need, need),
            group=report.groups.get(need, ""),
        )
