"""Why an address takes no mail, in plain words instead of a mail server's."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

WHY = {
    "1": _l("its server knows no such address"),
    "1.2": _l("the part after the @ does not exist"),
    "2.1": _l("the mailbox is closed or takes nothing at the moment"),
    "2.2": _l("the mailbox is full"),
    "2": _l("the mailbox does not take it"),
    "4": _l("its server could not be reached for days"),
}
OTHER = _l("its server does not take it")


def init_bounce_words(app: Flask) -> None:
    """Give the templates the reason."""
    app.jinja_env.globals["why_no_mail"] = why


def why(said: str) -> Any:
    """The reason in a server's answer, such as "550 5.1.1 user unknown"."""
    found = re.search(r"\b[45]\.(\d{1,3})\.(\d{1,3})\b", said)
    if not found:
        return WHY["1"] if said.startswith("550") else OTHER
    return WHY.get(f"{found[1]}.{found[2]}", WHY.get(found[1], OTHER))
