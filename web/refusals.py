"""Refusal code → sentence. Each audience of codes stands together; parameters fill the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES = {
    # anyone
    "coordinators_only": _l("Only coordinators can do this."),
    "changed_meanwhile": _l(
        "Somebody changed this while you were looking at it. Please load the page again."
    ),
    "group_not_found": _l("This group was not found."),
    "professional_not_found": _l("This person was not found."),
    "company_not_found": _l("This company was not found."),
    "need_not_found": _l("This need was not found."),
    "round_not_found": _l("This round was not found."),
    "proposal_not_found": _l("This proposal was not found."),
    # figures
    "indicator_not_found": _l("This indicator was not found."),
    "city_only": _l("Only city officers and coordinators can see this."),
    "year_not_over": _l("The fiscal year %(year)s is not over yet."),
}
UNKNOWN = _l("This could not be done as things stand now. Please load the page again.")


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a refusal, in the reader's language."""
    text = str(SENTENCES.get(code, UNKNOWN))
    return text % dict(params or {}) if "%(" in text else text
