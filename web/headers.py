"""Security headers on every answer: pages, errors, files, redirects."""

from __future__ import annotations

from flask import Flask, Response, g, request

from web.access import actor

# No inline script or style anywhere, so neither nonce nor hash is needed.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"
FOREVER = "public, max-age=31536000, immutable"


def let_be_framed() -> None:
    """The answer to this request may stand in a frame of any other site, and sets no cookie."""
    g.framed = True


def init_headers(app: Flask) -> None:
    """Set the headers after every request, whatever answered it."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """The headers above; HSTS by https; nothing that a person reads stays in a shared cache."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if g.get("framed"):
        response.headers["Content-Security-Policy"] = FRAMED
        del response.headers["X-Frame-Options"]
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint == "static":
        _cache_file(response)
    elif actor().account_id is not None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _cache_file(response: Response) -> None:
    """A file asked for by the hash of its content (``?v=``) never changes."""
    if "v" in request.args and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOREVER
