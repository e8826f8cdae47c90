"""follow-ups

What is left of a project after half a year and a year, and letters of thanks.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("in_use", sa.String(length=16), nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side IN ('professional', 'group')", name=op.f("ck_follow_up_side_known")
        ),
        sa.CheckConstraint(
            "in_use IN ('used', 'partly', 'not_used')", name=op.f("ck_follow_up_in_use_known")
        ),
        sa.CheckConstraint("months IN (6, 12)", name=op.f("ck_follow_up_months_known")),
        sa.CheckConstraint(
            "(side = 'professional') = (member_id IS NOT NULL)",
            name=op.f("ck_follow_up_who_speaks"),
        ),
        _key("follow_up", "project_id", "project.id"),
        _key("follow_up", "member_id", "project_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "project_id", "months", "side", "member_id",
            name=op.f("uq_follow_up_project_id_months_side_member_id"),
        ),
    )  # fmt: skip
    for column in ("project_id", "member_id"):
        op.create_index(op.f(f"ix_follow_up_{column}"), "follow_up", [column])
    op.create_index(
        "uq_follow_up_group",
        "follow_up",
        ["project_id", "months"],
        unique=True,
        sqlite_where=sa.text("member_id IS NULL"),
        postgresql_where=sa.text("member_id IS NULL"),
    )
    op.create_table(
        "thanks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("written_by", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("thanks", "project_id", "project.id"),
        _key("thanks", "member_id", "project_member.id"),
        _key("thanks", "written_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
    )
    for column in ("project_id", "written_by"):
        op.create_index(op.f(f"ix_thanks_{column}"), "thanks", [column])
    op.create_index(op.f("ix_thanks_member_id"), "thanks", ["member_id"], unique=True)


def _key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [parent], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_table("thanks")
    op.drop_table("follow_up")
