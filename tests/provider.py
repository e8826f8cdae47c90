"""A small OpenID provider that really runs: discovery, keys, authorization code, signed tokens.

It signs everybody in at once as ``claims``, and itself checks the client's secret, PKCE and that
a code is used once. ``wrong`` changes what it says, to see that it is not believed.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "matchmaker", "provider-secret"


@dataclass
class Provider:
    """``issuer``: its address. ``claims``: whom it vouches for."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)  # claims that are said instead
    metadata: dict[str, Any] = field(default_factory=dict)  # the same of what it says of itself
    signed_with: Any = None  # another key than the published one
    forged: str = ""  # instead of a signature: "none", or "HS256"
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Flask:
        """The provider as a site."""
        site = Flask("provider")
        site.add_url_rule("/.well-known/openid-configuration", "about", self.about)
        site.add_url_rule("/keys", "keys", lambda: {"keys": [self.key.as_dict(private=False)]})
        site.add_url_rule("/authorize", "authorize", self.authorize)
        site.add_url_rule("/token", "token", self.token, methods=["POST"])
        return site

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def authorize(self) -> Any:
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return redirect(f"{asked['redirect_uri']}?{answer}")

    def token(self) -> Any:
        asked = self.codes.pop(request.form["code"], None)
        basic = request.authorization
        if asked is None or basic is None or (basic.username, basic.password) != (CLIENT, SECRET):
            return {"error": "invalid_client"}, 401
        spoken = sha256(request.form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(spoken).rstrip(b"=").decode() != asked["code_challenge"]:
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.wrong,
        }
        key = self.signed_with or self.key
        if self.forged:
            signed = _by_hand(self.forged, claims, self.key)
        else:
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


def _by_hand(alg: str, claims: dict[str, Any], key: Any) -> str:
    """A token as a forger makes it: without a signature, or with the public key as a secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": alg, "kid": "one"}, claims)]
    text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    secret = key.as_pem(private=False)
    mark = b"" if alg == "none" else hmac.digest(secret, text, "sha256")
    return (text + b"." + urlsafe_b64encode(mark).rstrip(b"=")).decode()


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
