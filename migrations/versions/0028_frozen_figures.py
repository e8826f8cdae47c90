"""frozen figures

Who kept a year's figures as they were counted, and when.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("indicator_figure") as table:
        table.add_column(sa.Column("frozen_by", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            op.f("fk_indicator_figure_frozen_by"), "account", ["frozen_by"], ["id"]
        )
        table.create_index(op.f("ix_indicator_figure_frozen_by"), ["frozen_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("indicator_figure") as table:
        table.drop_index(op.f("ix_indicator_figure_frozen_by"))
        table.drop_constraint(op.f("fk_indicator_figure_frozen_by"), type_="foreignkey")
        table.drop_column("frozen_at")
        table.drop_column("frozen_by")
