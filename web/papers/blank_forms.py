"""Paper forms made from the entry forms themselves: the same questions in the same order, in large
type, so that whoever enters them finds each answer where the page asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectFieldBase, TextAreaField

from matchmaker.services import taxonomy
from web.db import session
from web.i18n import language
from web.papers.furigana import annotated
from web.pdf import Block, Paper, heading, items, table, text

LINES, MANY = 4, 24
SKIPPED = ("version", "csrf_token", "company_id", "goals")  # goals follow from the fields


def paper(title: str, lead: str, parts: Iterable[tuple[str, list[Block]]], *, on: date) -> Paper:
    """A form on paper: parts with their headings, then who signs and who received it."""
    blocks: list[Block] = [heading(title, 1), text(lead)]
    for name, body in parts:
        blocks += [heading(name), *body]
    blocks += [
        heading(_("For the office")),
        items([_("Received on, how"), _("Entered by, on")], "blanks"),
    ]
    return Paper(title, _readable(blocks), on, large=True)


def _readable(blocks: list[Block]) -> list[Block]:
    """In Japanese with furigana over every word."""
    if language() != "ja":
        return blocks
    rows = (*taxonomy.districts(session), *taxonomy.fields(session))
    names = {row.label_ja: row.kana for row in rows if row.kana and "・" not in row.label_ja}
    return [annotated(block, names) for block in blocks]


def questions(fields: Iterable[Field]) -> list[Block]:
    """Every question of an entry form, or of a part of it, with room for the answer."""
    return [block for field in fields for block in _question(field) if _asked(field)]


def skill_table(rows: int, levels: Iterable[str]) -> list[Block]:
    """Rows for skills, with the words of the levels above them."""
    columns = [(_("Skill"), 6, False), (_("Level"), 4, False)]
    return [
        text(_("Levels: %(levels)s", levels=" / ".join(levels)), "small"),
        table(columns, [[" \n ", " "]] * rows),
    ]


def _asked(field: Field) -> bool:
    return field.short_name not in SKIPPED and not isinstance(field, HiddenField)


def _question(field: Field) -> Iterator[Block]:
    if isinstance(field, BooleanField):
        yield items([str(field.label.text)], "options")
        return
    yield heading(str(field.label.text), 3)
    choices = _choices(field)
    if choices and len(choices) <= MANY:
        yield items(choices, "options")
    elif isinstance(field, TextAreaField):
        yield items([" "] * LINES, "blanks")
    else:
        yield items([" "], "blanks")


def _choices(field: Field) -> list[str]:
    if not isinstance(field, SelectFieldBase):
        return []
    return [str(label) for value, label, *_rest in field.iter_choices() if value]
