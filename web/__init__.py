"""The site: everything a person reads or clicks."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine

from matchmaker.settings import Settings, read_settings
from web import (
    account,
    city,
    company,
    coordinator,
    demo,
    group,
    health,
    professional,
    project,  # noqa: F401 - gives both sides of a project their pages
    public,
)
from web.access import init_access
from web.act_words import init_act_words
from web.assets import init_assets
from web.bounce_words import init_bounce_words
from web.config import init_config
from web.db import init_db
from web.errors import init_errors
from web.extensions import csrf, limiter
from web.formats import init_formats
from web.forms import init_forms
from web.headers import init_headers
from web.highlight import init_highlight
from web.i18n import init_i18n
from web.labels import init_labels
from web.merge_words import init_merge_words
from web.navigation import init_navigation
from web.need_words import init_need_words
from web.opening_words import init_opening_words
from web.page_meta import init_page_meta
from web.project_words import init_project_words
from web.reasons import init_reasons
from web.sessions import find_actor, init_sessions
from web.spoken import init_spoken
from web.sure_words import init_sure_words
from web.tables import init_tables
from web.team_words import init_team_words

AUDIENCES = (public, account, professional, group, coordinator, company, city)


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> Flask:
    """The application: configured, guarded, with one blueprint per audience."""
    app = Flask(__name__)
    init_config(app, settings or read_settings())
    init_db(app, engine)
    init_i18n(app)
    init_formats(app)
    init_spoken(app)
    init_tables(app)
    init_labels(app)
    init_opening_words(app)
    init_reasons(app)
    init_sure_words(app)
    init_team_words(app)
    init_forms(app)
    init_assets(app)
    init_headers(app)
    init_errors(app)
    csrf.init_app(app)
    limiter.init_app(app)
    init_sessions(app)
    init_access(app, find_actor)
    init_navigation(app)
    init_need_words(app)
    init_bounce_words(app)
    init_project_words(app)
    init_page_meta(app)
    init_highlight(app)
    init_merge_words(app)
    init_act_words(app)
    for audience in AUDIENCES:
        app.register_blueprint(audience.bp)
    app.register_blueprint(health.bp)
    if app.config["SETTINGS"].demo:
        app.register_blueprint(demo.bp)
    return app
