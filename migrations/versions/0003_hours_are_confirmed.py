"""hours are confirmed

Who confirmed an entry, and what was entered where the group confirmed other minutes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("logged_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("correction", sa.String(length=400), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("confirmed_by", sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_hours_entry_confirmed_by"), "account", ["confirmed_by"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_hours_entry_confirmed_by"), ["confirmed_by"])
        batch_op.create_check_constraint(
            batch_op.f("ck_hours_entry_corrected_is_confirmed"),
            "logged_minutes IS NULL OR confirmed_at IS NOT NULL",
        )
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.alter_column(
            "correction", existing_type=sa.String(length=400), server_default=None
        )


def downgrade() -> None:
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_hours_entry_corrected_is_confirmed"), type_="check")
        batch_op.drop_index(batch_op.f("ix_hours_entry_confirmed_by"))
        batch_op.drop_constraint(batch_op.f("fk_hours_entry_confirmed_by"), type_="foreignkey")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("correction")
        batch_op.drop_column("logged_minutes")
