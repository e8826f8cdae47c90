"""The application for the tests: built once a process, its templates compiled once a machine.

Binding some three hundred addresses and compiling the templates takes longer than most tests do,
and neither depends on the test.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine

from matchmaker.settings import Settings
from web import create_app
from web.db import bind


def fresh_app(settings: Settings, engine: Engine) -> Flask:
    """An application of its own: served beside others, given more addresses, or set otherwise."""
    app = create_app(settings, engine=engine)
    app.jinja_env.bytecode_cache = _templates()
    return app


def shared_app(settings: Settings, engine: Engine) -> Flask:
    """The application of this process on a test's folder and database; nothing is left of the
    test before. Settings that differ in anything else get an application of their own."""
    app, config = _built(replace(settings, home=Path(), database_url="sqlite://"))
    app.config.clear()
    app.config.update(config, SETTINGS=settings)
    bind(app, engine)
    return app


@cache
def _built(settings: Settings) -> tuple[Flask, dict[str, Any]]:
    app = fresh_app(settings, create_engine("sqlite://"))
    return app, dict(app.config)


@cache
def _templates() -> FileSystemBytecodeCache:
    folder = Path(tempfile.gettempdir()) / "matchmaker-test-templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
