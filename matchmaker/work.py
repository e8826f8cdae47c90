"""What the worker does: every kind of job and every chore that needs no page."""

from __future__ import annotations

from matchmaker.db import SessionFactory
from matchmaker.jobs import Chore, Handler
from matchmaker.services import computing, imports, rounds


def handlers() -> dict[str, Handler]:
    """Job kind → who does it."""
    return {
        rounds.COMPUTE: computing.compute_round,
        "check_import": imports.check_import,
        "apply_import": imports.apply_import,
    }


def chores(_factory: SessionFactory) -> tuple[Chore, ...]:
    """Small things to look after between jobs."""
    return ()
