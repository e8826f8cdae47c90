"""closer look

How sure a proposal is, what would open a seat to who waits, and what a round first came to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (("proposal", "sure"), ("round_person", "openings"), ("matching_round", "first"))


def upgrade() -> None:
    for table, name in COLUMNS:
        column = sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        op.add_column(table, column)


def downgrade() -> None:
    for table, name in reversed(COLUMNS):
        op.drop_column(table, name)
