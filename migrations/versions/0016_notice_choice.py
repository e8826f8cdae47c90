"""notice choice

Who wants which messages when; what waits for the printer, and what an address did not take.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PACES = "pace IN ('at_once', 'daily', 'weekly', 'never')"
BEFORE = "state IN ('waiting', 'sent', 'failed')"
AFTER = "state IN ('waiting', 'collected', 'paper', 'sent', 'failed', 'bounced', 'dropped')"
ON_PAPER = ("professional", "civic_group")


def upgrade() -> None:
    for table in ON_PAPER:
        op.add_column(
            table, sa.Column("on_paper", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "notice_choice",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("pace", sa.String(length=16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(PACES, name=op.f("ck_notice_choice_pace_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_choice_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_index(op.f("ix_notice_choice_account_id"), "notice_choice", ["account_id"])
    with op.batch_alter_table("notice") as table:
        table.drop_constraint(op.f("ck_notice_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_notice_state_known"), AFTER)
        table.add_column(
            sa.Column("pace", sa.String(length=16), server_default="at_once", nullable=False)
        )
        table.create_check_constraint(op.f("ck_notice_pace_known"), PACES)
        table.add_column(
            sa.Column("digest_id", sa.String(length=64), server_default="", nullable=False)
        )
        table.create_index(op.f("ix_notice_digest_id"), ["digest_id"])
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE notice SET state = 'waiting' WHERE state IN ('collected', 'paper')")
    op.execute("UPDATE notice SET state = 'failed' WHERE state IN ('bounced', 'dropped')")
    with op.batch_alter_table("notice") as table:
        table.drop_column("bounced_at")
        table.drop_index(op.f("ix_notice_digest_id"))
        table.drop_column("digest_id")
        table.drop_constraint(op.f("ck_notice_pace_known"), type_="check")
        table.drop_column("pace")
        table.drop_constraint(op.f("ck_notice_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_notice_state_known"), BEFORE)
    op.drop_table("notice_choice")
    for table in ON_PAPER:
        op.drop_column(table, "on_paper")
