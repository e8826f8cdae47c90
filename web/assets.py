"""Style sheets and scripts: many small files to edit, one to send, named by its content."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, url_for

from web.access import allow

STATIC = Path(__file__).parent / "static"
# In the order of the cascade: values, plain elements, the page, then components by name.
FIRST = ("vendor/design-tokens/tokens.css", "css/tokens.css", "css/base.css", "css/layout.css")
LAST = ("css/print.css",)
COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r" ?([{};,]) ?")


def init_assets(app: Flask) -> None:
    """Serve the joined style sheet, and give templates addresses that change with the content."""
    app.add_url_rule("/assets/app.css", "assets.stylesheet", allow("public")(stylesheet))
    app.jinja_env.globals.update(static_url=static_url, stylesheet_url=stylesheet_url)


@cache
def joined() -> str:
    """All style sheets as one text without comments (those that begin with /*! stay)."""
    components = sorted((STATIC / "css" / "components").glob("*.css"))
    files = [STATIC / name for name in FIRST]
    files += [*components, *(STATIC / name for name in LAST)]
    text = "\n".join(COMMENT.sub("", file.read_text("utf-8")) for file in files)
    return AROUND.sub(r"\1", SPACE.sub(" ", text)).strip()


@cache
def content_hash(path: Path) -> str:
    """The name of a file's present content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def stylesheet() -> Response:
    """The joined style sheet."""
    response = Response(joined(), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def stylesheet_url() -> str:
    """Where the joined style sheet is, by its content."""
    version = hashlib.sha256(joined().encode()).hexdigest()[:12]
    return url_for("assets.stylesheet", v=version)


def static_url(filename: str) -> str:
    """Where a file under ``static/`` is, by its content."""
    return url_for("static", filename=filename, v=content_hash(STATIC / filename))
