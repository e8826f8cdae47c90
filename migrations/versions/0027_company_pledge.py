"""company pledge

People a company pledges for a coming round: how many, for what, between which days.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEYS = {
    "company_id": "company",
    "round_id": "matching_round",
    "offered_by": "account",
    "decided_by": "account",
}


def upgrade() -> None:
    op.create_table(
        "company_pledge",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("company_id", sa.String(length=64), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=True),
        sa.Column("offered_by", sa.String(length=64), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'confirmed', 'declined', 'withdrawn')",
            name=op.f("ck_company_pledge_state_known"),
        ),
        sa.CheckConstraint("seats BETWEEN 1 AND 99", name=op.f("ck_company_pledge_seats_range")),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_company_pledge_dates_in_order")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{parent}.id"], name=op.f(f"fk_company_pledge_{column}")
            )
            for column, parent in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_pledge")),
    )
    for column in KEYS:
        op.create_index(
            op.f(f"ix_company_pledge_{column}"), "company_pledge", [column], unique=False
        )


def downgrade() -> None:
    op.drop_table("company_pledge")
