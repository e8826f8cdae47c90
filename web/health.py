"""For machines that watch: is the process alive, can it serve, is work being done."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from matchmaker.services import health
from web.access import allow
from web.db import now, session

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow("public")
def alive() -> Response:
    return jsonify(status="ok")


@bp.get("/readyz")
@allow("public")
def ready() -> tuple[Response, int]:
    found = health.readiness(session, now=now())
    answer = jsonify(
        ready=found.ready, database=found.database, schema=found.schema, worker=found.worker
    )
    return answer, 200 if found.ready else 503
