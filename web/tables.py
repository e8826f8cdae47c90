"""Rows of a table that stand one below the other on a phone: each cell says its column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask
from markupsafe import Markup, escape

from web.filters import add_filters

TAG = re.compile(r"<(tr|td|th)\b")


def init_tables(app: Flask) -> None:
    """The filter ``stacking_rows``."""
    add_filters(app, stacking_rows=stacking_rows)


def stacking_rows(rows: Markup, names: Sequence[str]) -> Markup:
    """``rows`` (``<tr>`` with their cells, none nested) ready to be stacked by the style sheet.

    A table whose boxes are laid out anew is no table to a screen reader any more, so that the roles
    are said.
    """
    column = -1

    def ready(found: re.Match[str]) -> str:
        nonlocal column
        tag = found[1]
        if tag == "tr":
            column = -1
            return '<tr role="row"'
        column += 1
        role = "rowheader" if tag == "th" else "cell"
        return f'<{tag} role="{role}" data-column="{escape(names[column])}"'

    return Markup(TAG.sub(ready, str(rows)))  # noqa: S704 - rendered before
