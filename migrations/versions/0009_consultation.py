"""consultation

What the coordinators are asked, by topic, and who goes on with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = {
    "group_id": "civic_group",
    "professional_id": "professional",
    "handed_to": "account",
    "created_by": "account",
}
TOPICS = "'start', 'manage', 'money', 'people', 'publicity', 'place', 'law', 'pro_bono', 'company', 'other'"


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=True),
        sa.Column("professional_id", sa.String(length=64), nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("handed_to", sa.String(length=64), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"topic IN ({TOPICS})", name=op.f("ck_consultation_topic_known")),
        sa.CheckConstraint(
            "medium IN ('visit', 'phone', 'email', 'online', 'outside')",
            name=op.f("ck_consultation_medium_known"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{parent}.id"], name=op.f(f"fk_consultation_{column}")
            )
            for column, parent in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    for column in (*KEYS, "held_on", "topic", "follow_up_on"):
        op.create_index(op.f(f"ix_consultation_{column}"), "consultation", [column], unique=False)


def downgrade() -> None:
    op.drop_table("consultation")
