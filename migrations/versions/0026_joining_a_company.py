"""joining a company

Links, addresses and a company's own sign-on, and what a company says of its programme.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    for name, length in (("contact", 200), ("programme", 1000)):
        op.add_column(
            "company", sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        )
    op.create_table(
        "company_invitation",
        _text("id", 64),
        _text("company_id", 64),
        _text("channel", 80),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _time("revoked_at", nullable=True),
        _text("created_by", 64, nullable=True),
        _time("created_at"),
        _key("company_invitation", "company_id", "company"),
        _key("company_invitation", "created_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_invitation")),
    )
    op.create_table(
        "company_domain",
        _text("domain", 253),
        _text("company_id", 64),
        _text("added_by", 64, nullable=True),
        _time("added_at"),
        _key("company_domain", "company_id", "company"),
        _key("company_domain", "added_by", "account"),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_company_domain")),
    )
    op.create_table(
        "company_join",
        _text("company_id", 64),
        _text("account_id", 64),
        _text("way", 16),
        _text("invitation_id", 64, nullable=True),
        _time("joined_at"),
        sa.CheckConstraint(
            "way IN ('link', 'domain', 'sign_on')", name=op.f("ck_company_join_way_known")
        ),
        _key("company_join", "company_id", "company"),
        _key("company_join", "account_id", "account"),
        _key("company_join", "invitation_id", "company_invitation"),
        sa.PrimaryKeyConstraint("company_id", "account_id", name=op.f("pk_company_join")),
    )
    op.create_table(
        "company_sign_on",
        _text("company_id", 64),
        _text("issuer", 250),
        _text("client_id", 250),
        _text("secret", 390),
        sa.Column("active", sa.Boolean(), nullable=False),
        _text("changed_by", 64, nullable=True),
        _time("changed_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("company_sign_on", "company_id", "company"),
        _key("company_sign_on", "changed_by", "account"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_sign_on")),
    )
    op.create_table(
        "sign_on_identity",
        _text("issuer", 250),
        _text("subject", 255),
        _text("account_id", 64),
        _text("company_id", 64),
        _time("created_at"),
        _time("last_used_at"),
        _key("sign_on_identity", "account_id", "account"),
        _key("sign_on_identity", "company_id", "company"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_on_identity")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


INDEXES = {
    "company_invitation": ("company_id", "created_by"),
    "company_domain": ("company_id", "added_by"),
    "company_join": ("company_id", "account_id", "invitation_id"),
    "company_sign_on": ("company_id", "changed_by"),
    "sign_on_identity": ("account_id", "company_id"),
}


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
    op.drop_column("company", "programme")
    op.drop_column("company", "contact")
