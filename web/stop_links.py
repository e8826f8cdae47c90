"""Signed links with which a mail program switches one kind of mails off for one account."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from matchmaker.errors import NotFound
from matchmaker.settings import Settings

SALT = "stop-mails"


def stop_token(settings: Settings, account_id: str, kind: str) -> str:
    """Says whose mails of which kind are to stop; nobody else can make it."""
    return str(_signer(settings).dumps([account_id, kind]))


def read_stop_token(settings: Settings, token: str) -> tuple[str, str]:
    """The account and the kind of a link. Refused: ``link_not_valid``."""
    try:
        account_id, kind = _signer(settings).loads(token)
    except (BadSignature, ValueError, TypeError) as forged:
        raise NotFound("link_not_valid") from forged
    return str(account_id), str(kind)


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(
        [*reversed(settings.secret_key_fallbacks), settings.secret_key], salt=SALT
    )
