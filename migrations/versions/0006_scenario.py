"""scenario

Trials of a round, and the people who take no part in it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_scenario_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_scenario_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    for column in ("round_id", "created_by"):
        op.create_index(op.f(f"ix_scenario_{column}"), "scenario", [column], unique=False)
    # Not in batch mode: SQLite may not replace a table that others refer to.
    op.add_column(
        "matching_round",
        sa.Column("left_out", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )


def downgrade() -> None:
    op.drop_column("matching_round", "left_out")
    op.drop_table("scenario")
