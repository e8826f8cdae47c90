"""Letters and match sheets of a round, for people who are told on paper or by telephone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.services.board_teams import Team
from matchmaker.services.letters import Letter
from matchmaker.services.reason_names import Names
from matchmaker.settings import Settings
from web.formats import date_range, effort, full_date, listing, slots
from web.labels import fit_word, word
from web.mail import letter, site_name
from web.pdf import NEW_PAGE, Block, Paper, facts, heading, items, text
from web.reasons import gaps, why_fits

ASKED, ASKED_GROUP = "offer_to_professional", "team_to_group"


def offer_letters(settings: Settings, title: str, letters: Sequence[Letter], *, on: date) -> Paper:
    """One letter a page, in its reader's language, with a slip to send back."""
    blocks: list[Block] = []
    for each in letters:
        with force_locale(each.language):
            blocks += (
                [NEW_PAGE, *_letter(settings, each, on)] if blocks else _letter(settings, each, on)
            )
    return Paper(title, blocks, on, large=True)


def _letter(settings: Settings, each: Letter, on: date) -> list[Block]:
    subject, body = letter(settings, each.code, each.language, each.params)
    return [
        text(full_date(on), "right"),
        heading(subject, 1),
        text(body.split("\n-- \n")[0].strip()),
        text(site_name(settings, each.language), "right"),
        *_reply_slip(each.code),
    ]


def _reply_slip(code: str) -> list[Block]:
    """What an invitation is answered with on paper; other letters ask for nothing."""
    answers = {
        ASKED: [
            _("Yes, I will do this"),
            _("Not this time"),
            _("I would like to ask something first"),
        ],
        ASKED_GROUP: [
            _("Yes, we would like to work with them"),
            _("Not this time"),
            _("We would like to ask something first"),
        ],
    }
    if code not in answers:
        return []
    return [
        heading(_("Reply slip")),
        text(
            _("Please tick one, and send or hand this back to us. A telephone call is enough too.")
        ),
        items(answers[code], "options"),
        items([_("Name"), _("Date"), _("Telephone")], "blanks"),
    ]


def match_sheets(title: str, teams: Iterable[Team], names: Names, *, on: date) -> Paper:
    """One need a page: what is asked, who is proposed and why, what is missing."""
    blocks: list[Block] = []
    for team in teams:
        blocks += [NEW_PAGE] if blocks else [heading(title, 1)]
        blocks += list(_sheet(team, names))
    return Paper(title, blocks or [heading(title, 1), text(_("No need has a team."))], on)


def _sheet(team: Team, names: Names) -> Iterator[Block]:
    need = team.need
    yield heading(need.title)
    contact = listing(filter(None, [team.group.contact_name, team.group.contact_email]))
    rows = [
        (_("Group"), team.group.name),
        (_("Contact details"), contact or "–"),
        (_("Urgency"), word(need.urgency, "urgency")),
        (_("Form"), word(need.form, "need_form")),
        (_("How much"), effort(need.hours_per_week, need.form)),
        (_("Dates"), date_range(need.starts_on, need.ends_on) or _("To be agreed")),
        (_("Times of the week"), slots(need.slots) or _("Any time")),
        (_("How to work together"), word(need.mode, "mode")),
    ]
    yield facts(rows)
    for seat in team.seats:
        if seat.proposal.state == "rejected":
            continue
        yield heading(_("%(role)s: %(name)s", role=seat.role.title, name=seat.person.name), 3)
        told = [
            _("%(word)s (%(score)s points)", word=fit_word(seat.proposal.score),
              score=f"{seat.proposal.score:,}"),
            why_fits(seat.proposal.strengths, names, 9),
        ]  # fmt: skip
        if seat.company:
            told.insert(0, seat.company)
        yield items([line for line in told if line])
        missing = gaps(seat.proposal.gaps, names, 9)
        if missing:
            yield text(_("Still missing: %(what)s", what=missing), "note")
    for role, count in team.empty:
        yield text(_("%(role)s: %(num)s seats are empty", role=role.title, num=count), "note")
    yield items([_("Decided by"), _("Date"), _("Notes")], "blanks")
