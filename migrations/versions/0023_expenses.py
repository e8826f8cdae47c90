"""expenses

Expenses of a project; travel and place of an activity, and what the insurer says of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEYS = {
    "project_id": "project.id",
    "professional_id": "professional.id",
    "confirmed_by": "account.id",
}
ADDED: dict[str, tuple[sa.types.TypeEngine, str]] = {
    "travel_minutes": (sa.Integer(), "0"),
    "place": (sa.String(length=16), ""),
    "insurance": (sa.String(length=16), ""),
    "insurance_note": (sa.String(length=400), ""),
}
CHECKS = {
    "travel_range": "travel_minutes BETWEEN 0 AND 1440",
    "place_known": "place IN ('', 'city', 'online', 'home', 'outside')",
    "insurance_known": "insurance IN ('', 'covered', 'not_covered')",
}


def upgrade() -> None:
    op.create_table(
        "expense",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=400), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "payer IN ('group', 'company', 'own')", name=op.f("ck_expense_payer_known")
        ),
        sa.CheckConstraint("yen BETWEEN 1 AND 1000000", name=op.f("ck_expense_yen_range")),
        *(
            sa.ForeignKeyConstraint([column], [parent], name=op.f(f"fk_expense_{column}"))
            for column, parent in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense")),
    )
    for column in (*KEYS, "spent_on"):
        op.create_index(op.f(f"ix_expense_{column}"), "expense", [column])
    with op.batch_alter_table("hours_entry") as table:
        for name, (kind, usual) in ADDED.items():
            table.add_column(sa.Column(name, kind, server_default=usual, nullable=False))
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_hours_entry_{name}"), condition)
    with op.batch_alter_table("hours_entry") as table:
        for name in ADDED:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("hours_entry") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_hours_entry_{name}"), type_="check")
        for name in ADDED:
            table.drop_column(name)
    op.drop_table("expense")
