"""project plan

Phases, milestones and meetings of a project, and what both sides say half-way.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _plan_step()
    _mid_term_check()


def _plan_step() -> None:
    table = "plan_step"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('kick_off', 'phase', 'milestone', 'meeting', 'mid_term', 'delivery')",
            name=op.f("ck_plan_step_kind_known"),
        ),
        sa.CheckConstraint(
            "begins_on IS NULL OR due_on >= begins_on", name=op.f("ck_plan_step_dates_in_order")
        ),
        *_keys(table, {"project_id": "project", "done_by": "account"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    op.create_index("ix_plan_step_project_id_due_on", table, ["project_id", "due_on"])
    op.create_index(op.f("ix_plan_step_done_by"), table, ["done_by"])


def _mid_term_check() -> None:
    table = "mid_term_check"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("on_track", sa.String(length=16), nullable=False),
        sa.Column("hours", sa.String(length=16), nullable=False),
        sa.Column("change", sa.String(length=1000), nullable=False),
        sa.Column("call", sa.Boolean(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side IN ('professional', 'group')", name=op.f("ck_mid_term_check_side_known")
        ),
        sa.CheckConstraint(
            "on_track IN ('yes', 'partly', 'no')", name=op.f("ck_mid_term_check_on_track_known")
        ),
        sa.CheckConstraint(
            "hours IN ('right', 'too_many', 'too_few')",
            name=op.f("ck_mid_term_check_hours_known"),
        ),
        sa.CheckConstraint(
            "(side = 'professional') = (member_id IS NOT NULL)",
            name=op.f("ck_mid_term_check_who_speaks"),
        ),
        *_keys(table, {"project_id": "project", "member_id": "project_member"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mid_term_check")),
        sa.UniqueConstraint(
            "project_id", "side", "member_id",
            name=op.f("uq_mid_term_check_project_id_side_member_id"),
        ),
    )  # fmt: skip
    for column in ("project_id", "member_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(
        "uq_mid_term_check_group",
        table,
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("member_id IS NULL"),
        postgresql_where=sa.text("member_id IS NULL"),
    )


def _keys(table: str, keys: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, parent in keys.items()
    ]


def downgrade() -> None:
    op.drop_table("mid_term_check")
    op.drop_table("plan_step")
