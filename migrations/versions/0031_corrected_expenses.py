"""corrected expenses

What was noted where the group confirmed another amount, and why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("expense") as table:
        table.add_column(sa.Column("noted_yen", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("correction", sa.String(length=400), server_default="", nullable=False)
        )
        table.create_check_constraint(
            op.f("ck_expense_corrected_is_confirmed"),
            "noted_yen IS NULL OR confirmed_at IS NOT NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("expense") as table:
        table.drop_constraint(op.f("ck_expense_corrected_is_confirmed"), type_="check")
        table.drop_column("correction")
        table.drop_column("noted_yen")
