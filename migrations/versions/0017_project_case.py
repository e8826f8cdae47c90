"""project case

Finished projects told in public: the text, its picture, who released it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _foreign(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _case()
    _picture()
    _release()


def _case() -> None:
    table = "project_case"
    texts = {"problem": 2000, "work": 2000, "result": 2000, "group_words": 1000,
             "professional_words": 1000}  # fmt: skip
    op.create_table(
        table,
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        *(sa.Column(name, sa.String(length=most), nullable=False) for name, most in texts.items()),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'asked', 'published', 'withdrawn')",
            name=op.f(f"ck_{table}_state_known"),
        ),
        _foreign(table, "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_project_id"), table, ["project_id"], unique=True)
    for column in ("state", "published_at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _picture() -> None:
    table = "case_picture"
    op.create_table(
        table,
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("people", sa.String(length=16), nullable=False),
        sa.CheckConstraint("people IN ('none', 'agreed')", name=op.f(f"ck_{table}_people_known")),
        _foreign(table, "case_id", "project_case"),
        sa.PrimaryKeyConstraint("case_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"], unique=False)


def _release() -> None:
    table = "case_release"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "side IN ('professional', 'group')", name=op.f(f"ck_{table}_side_known")
        ),
        sa.CheckConstraint(
            "(side = 'professional') = (member_id IS NOT NULL)",
            name=op.f(f"ck_{table}_who_releases"),
        ),
        _foreign(table, "case_id", "project_case"),
        _foreign(table, "member_id", "project_member"),
        _foreign(table, "given_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "case_id", "side", "member_id", name=op.f(f"uq_{table}_case_id_side_member_id")
        ),
    )
    for column in ("case_id", "member_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("case_release", "case_picture", "project_case"):
        op.drop_table(table)
