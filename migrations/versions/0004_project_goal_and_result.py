"""project goal and result

The goal both sides agreed on, what was handed over, and what an evaluation asks besides.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = (("project", "goal"), ("project", "delivered"), ("outcome", "learned"))


def upgrade() -> None:
    # Not in batch mode: SQLite may not replace a table that others refer to.
    for table, column in TEXTS:
        op.add_column(
            table, sa.Column(column, sa.String(length=2000), nullable=False, server_default="")
        )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.add_column(sa.Column("relation", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_outcome_relation_range"), "relation BETWEEN 1 AND 5"
        )


def downgrade() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outcome_relation_range"), type_="check")
        batch_op.drop_column("relation")
    for table, column in reversed(TEXTS):
        op.drop_column(table, column)
