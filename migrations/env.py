"""Alembic's environment: the tables come from matchmaker.models, the database from settings."""

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from matchmaker.db import open_engine
from matchmaker.models import metadata
from matchmaker.models.base import UTCDateTime
from matchmaker.settings import read_settings


def render_item(kind, item, _context):
    """Plain SQLAlchemy types, so that old migrations never depend on today's code."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    engine = context.config.attributes.get("engine") or open_engine(
        read_settings(environment="test").database_url
    )
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=render_item,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
