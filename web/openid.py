"""A company's own sign-on: what authlib needs to know, and what is believed of its answer.

State, nonce and PKCE are authlib's; the issuer must be the very one that was configured, the
signature asymmetric, and every company has a way back of its own.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from flask import current_app, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matchmaker.errors import NotFound, Refusal
from matchmaker.models import Company, CompanySignOn
from matchmaker.services import sign_on
from matchmaker.services.sign_on import Vouched
from matchmaker.settings import Settings

SIGNATURES = ("RS256", "PS256", "ES256", "EdDSA")
SECONDS = 10  # to wait for a provider


def available() -> bool:
    """Whether this installation has the extra ``oidc``."""
    return find_spec("authlib") is not None


def usable(session: Session, company: Company) -> bool:
    """Whether employees of the company can sign in through it."""
    if not available():
        return False
    try:
        sign_on.provider(session, company_id=company.id)
    except NotFound:
        return False
    return True


def keys() -> list[str]:
    """What secrets are encrypted with: the key in force, then earlier ones."""
    settings: Settings = current_app.config["SETTINGS"]
    return [settings.secret_key, *settings.secret_key_fallbacks]


def leave(row: CompanySignOn) -> Response:
    """Send the browser to the provider; refused: ``sign_on_failed``."""
    back = url_for("account.sign_on_back", company_id=row.company_id, _external=True)
    try:
        answer: Response = _client(row).authorize_redirect(back)
    except Exception as failed:
        raise _failed(failed) from failed
    return answer


def come_back(row: CompanySignOn) -> Vouched:
    """Whom the provider vouches for, from the request it sent the browser back with.

    Refused (``sign_on_failed``): another state, nonce, issuer or audience, a signature that is
    none, an answer without an identity, a provider that does not answer.
    """
    try:
        client = _client(row)
        told = client.authorize_access_token(claims_options={
            "iss": {"essential": True, "value": row.issuer},
            "sub": {"essential": True},
        })  # fmt: skip
        claims = told["userinfo"]
        subject = str(claims["sub"])
    except Exception as failed:
        raise _failed(failed) from failed
    return Vouched(
        company_id=row.company_id,
        issuer=row.issuer,
        subject=subject[:255],
        email=str(claims.get("email") or "") if claims.get("email_verified") is True else "",
        name=str(claims.get("name") or ""),
    )


def _client(row: CompanySignOn) -> Any:
    from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App

    settings: Settings = current_app.config["SETTINGS"]
    client = FlaskOAuth2App(
        FlaskIntegration(row.company_id),
        name=row.company_id,
        client_id=row.client_id,
        client_secret=sign_on.secret_of(row, keys=keys(), outside=dict(settings.sign_on_secrets)),
        server_metadata_url=row.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
    told = client.load_server_metadata()
    if told.get("issuer") != row.issuer:
        raise ValueError("another issuer")
    told["id_token_signing_alg_values_supported"] = [
        each for each in SIGNATURES if each in told.get("id_token_signing_alg_values_supported", ())
    ]
    return client


def _failed(reason: Exception) -> Refusal:
    current_app.logger.warning("company sign-on failed: %s", type(reason).__name__)
    return reason if isinstance(reason, Refusal) else Refusal("sign_on_failed")
