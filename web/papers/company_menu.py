"""The list of open needs for employees, on paper."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from matchmaker.services.company_menu import Item, Menu
from web import menu_words
from web.formats import full_date
from web.pdf import Block, Paper, heading, table, text


def menu_sheet(menu: Menu, *, home: str, on: date) -> Paper:
    """Needs by length; for each when, where, how many, and what one takes home."""
    title = _("What you could help with")
    blocks: list[Block] = [
        text(full_date(on), "right"),
        heading(title, 1),
        text(
            _("Local groups ask for these skills now. Nobody needs experience in civic work, and "
              "a coordinator accompanies every project."),
            "lead",
        ),
    ]  # fmt: skip
    if not menu.forms:
        blocks.append(text(_("No open need fits this choice at the moment.")))
    columns = [
        (_("Need"), 5, False), (_("When and where"), 4, False), (_("People"), 2, False),
        (_("What one takes home"), 5, False),
    ]  # fmt: skip
    for form, items in menu.forms.items():
        blocks.append(heading(str(menu_words.FORMS[form])))
        blocks.append(table(columns, [_row(item, on) for item in items]))
    blocks.append(text(_("Read more and sign up: %(address)s", address=home)))
    return Paper(title, blocks, on)


def _row(item: Item, on: date) -> list[str]:
    need = item.card.need
    return [
        "\n".join(filter(None, [need.title, item.card.group_name])),
        "\n".join([*menu_words.when(need, on), menu_words.where(item)]),
        "\n".join(menu_words.size(item)),
        need.gain,
    ]
