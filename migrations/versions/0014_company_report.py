"""company report

What an hour of company time is worth, as the company says, and words that may be quoted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("company", sa.Column("hour_value", sa.Integer(), nullable=True))
    op.add_column(
        "company",
        sa.Column("hour_value_source", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column(
        "outcome", sa.Column("quotable", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("outcome", "quotable")
    op.drop_column("company", "hour_value_source")
    op.drop_column("company", "hour_value")
