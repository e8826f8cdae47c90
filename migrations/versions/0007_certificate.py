"""certificate

That somebody took part in a project, as it was on the day of issue.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = {"member_id": "project_member", "professional_id": "professional"}


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("project", sa.String(length=120), nullable=False),
        sa.Column("group_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("own_minutes", sa.Integer(), nullable=False),
        sa.Column("company_minutes", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{parent}.id"], name=op.f(f"fk_certificate_{column}")
            )
            for column, parent in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    for column in KEYS:
        op.create_index(op.f(f"ix_certificate_{column}"), "certificate", [column], unique=False)


def downgrade() -> None:
    op.drop_table("certificate")
