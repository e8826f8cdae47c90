"""group publicity

What a group shows of itself on its public page; writing to it through the site is off until it
says so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SHOWN = '["about", "district", "fields", "website", "needs", "finished", "cases"]'


def upgrade() -> None:
    op.add_column(
        "civic_group",
        sa.Column("public_parts", sa.JSON(), server_default=sa.text(f"'{SHOWN}'"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("civic_group", "public_parts")
