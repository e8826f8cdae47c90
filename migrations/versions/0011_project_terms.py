"""project terms

The text both sides of a project agree to, every version, and who said yes to which.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEYS = {
    "project_id": "project.id",
    "number": "project_terms.number",
    "member_id": "project_member.id",
    "accepted_by": "account.id",
}
OF_GROUP = sa.text("member_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "project_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_ja", sa.String(length=8000), nullable=False),
        sa.Column("text_en", sa.String(length=8000), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_project_terms_created_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_project_terms")),
    )
    op.create_index(
        op.f("ix_project_terms_created_by"), "project_terms", ["created_by"], unique=False
    )
    table = "terms_acceptance"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("accepted_by", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side IN ('professional', 'group')", name=op.f("ck_terms_acceptance_side_known")
        ),
        sa.CheckConstraint(
            "(side = 'professional') = (member_id IS NOT NULL)",
            name=op.f("ck_terms_acceptance_who_accepts"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [parent], name=op.f(f"fk_{table}_{column}"))
            for column, parent in KEYS.items()
        ),
        sa.UniqueConstraint(
            "project_id",
            "side",
            "member_id",
            name=op.f("uq_terms_acceptance_project_id_side_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptance")),
    )
    for column in KEYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        "uq_terms_acceptance_group",
        table,
        ["project_id"],
        unique=True,
        sqlite_where=OF_GROUP,
        postgresql_where=OF_GROUP,
    )


def downgrade() -> None:
    op.drop_table("terms_acceptance")
    op.drop_table("project_terms")
