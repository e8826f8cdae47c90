"""claim code

A code on paper for each profile that was entered for somebody, by which they take it over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_claim_code_professional_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_claim_code_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_claim_code_token_hash")),
    )
    op.create_index(op.f("ix_claim_code_professional_id"), "claim_code", ["professional_id"],
                    unique=True)  # fmt: skip
    op.create_index(op.f("ix_claim_code_created_by"), "claim_code", ["created_by"])


def downgrade() -> None:
    op.drop_table("claim_code")
