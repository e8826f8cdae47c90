"""plan indicators

Every indicator of the plan, those entered by hand too; what a year's review says of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Not in batch mode: SQLite may not replace a table that others refer to.
ADDED = {
    "section": (sa.Integer(), "3"),
    "position": (sa.Integer(), "1"),
    "decimals": (sa.Integer(), "0"),
    "counted": (sa.Boolean(), sa.true()),
    "baseline_provisional": (sa.Boolean(), sa.false()),
}


def upgrade() -> None:
    for name, (kind, default) in ADDED.items():
        op.add_column("indicator", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("indicator_figure", sa.Column("measured_on", sa.Date(), nullable=True))
    op.create_table(
        "year_review",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("changed", sa.String(length=4000), nullable=False),
        sa.Column("learned", sa.String(length=4000), nullable=False),
        sa.Column("questions", sa.String(length=4000), nullable=False),
        sa.Column("actions", sa.String(length=4000), nullable=False),
        sa.Column("written_by", sa.String(length=64), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_year_review_written_by")
        ),
        sa.PrimaryKeyConstraint("fiscal_year", name=op.f("pk_year_review")),
    )
    op.create_index(op.f("ix_year_review_written_by"), "year_review", ["written_by"], unique=False)


def downgrade() -> None:
    op.drop_table("year_review")
    op.drop_column("indicator_figure", "measured_on")
    for name in ADDED:
        op.drop_column("indicator", name)
