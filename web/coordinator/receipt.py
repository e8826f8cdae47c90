"""A round's receipt, to take away and check somewhere else."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from matchmaker.services import receipts
from web.access import actor, allow
from web.coordinator import bp
from web.db import session

COMMANDS = (
    "matchmaker verify result --market market",
    "matchmaker replay result --market market",
)


@bp.get("/rounds/<string:round_id>/receipt.zip")
@allow("coordinator")
def round_receipt(round_id: str) -> Response:
    content = receipts.archive(session, actor=actor(), round_id=round_id, readme=_readme())
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{round_id}.zip"'
    return response


def _readme() -> str:
    parts = (
        _("The receipt of a matching round: what went in, what came out, and what proves it."),
        _("Check it without solving anything, or work it out again, with these commands:"),
        "\n".join(f"    {command}" for command in COMMANDS),
        _("decisions.json says for each seat whether it was computed or fixed by people."),
        _("It also names the trials that were kept, who takes no part, and rules that differ."),
        _("It holds details of people, though no names. Keep it as you keep personal data."),
    )
    return "\n\n".join(parts) + "\n"
