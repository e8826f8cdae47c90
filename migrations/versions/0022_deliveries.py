"""deliveries

What a project agrees to hand over and who bears which costs; files, links, and what became of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_GROUP = sa.text("member_id IS NULL")
ONE_YES = "uq_terms_acceptance_project_id_side_member_id"


def upgrade() -> None:
    op.create_table(
        "project_scope",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deliverables", sa.JSON(), nullable=False),
        sa.Column("expenses", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _key("project_scope", "project_id", "project.id"),
        _key("project_scope", "created_by", "account.id"),
        sa.PrimaryKeyConstraint("project_id", "number", name=op.f("pk_project_scope")),
    )
    op.create_index(op.f("ix_project_scope_created_by"), "project_scope", ["created_by"])
    op.create_table(
        "deliverable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=True),
        sa.Column("use_note", sa.String(length=400), nullable=False),
        sa.Column("use_said_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "use IN ('used', 'partly', 'not_used')", name=op.f("ck_deliverable_use_known")
        ),
        _key("deliverable", "project_id", "project.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
        sa.UniqueConstraint(
            "project_id", "position", name=op.f("uq_deliverable_project_id_position")
        ),
    )
    op.create_index(op.f("ix_deliverable_project_id"), "deliverable", ["project_id"])
    op.create_table(
        "project_file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(address = '') = (size > 0)", name=op.f("ck_project_file_file_or_link")
        ),
        _key("project_file", "project_id", "project.id"),
        _key("project_file", "added_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_file")),
    )
    for column in ("project_id", "added_by"):
        op.create_index(op.f(f"ix_project_file_{column}"), "project_file", [column])
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _key("file_content", "file_id", "project_file.id"),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_content")),
    )
    op.create_index(op.f("ix_file_content_file_id"), "file_content", ["file_id"])
    _accept("uq_terms_acceptance_project_id_side_member_id_scope", ["scope"])


def _key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [parent], name=op.f(f"fk_{table}_{column}"))


def _accept(name: str, more: list[str]) -> None:
    """A yes is given once for each version of a scope."""
    op.drop_index("uq_terms_acceptance_group", "terms_acceptance")
    with op.batch_alter_table("terms_acceptance") as table:
        table.add_column(sa.Column("scope", sa.Integer(), server_default="0", nullable=False))
        table.drop_constraint(op.f(ONE_YES), type_="unique")
        table.create_unique_constraint(op.f(name), ["project_id", "side", "member_id", *more])
    with op.batch_alter_table("terms_acceptance") as table:
        table.alter_column("scope", server_default=None)
    _one_yes_of_the_group(["project_id", *more])


def _one_yes_of_the_group(columns: list[str]) -> None:
    op.create_index(
        "uq_terms_acceptance_group", "terms_acceptance", columns, unique=True,
        sqlite_where=OF_GROUP, postgresql_where=OF_GROUP,
    )  # fmt: skip


def downgrade() -> None:
    op.execute(
        "DELETE FROM terms_acceptance WHERE id NOT IN"
        " (SELECT MAX(id) FROM terms_acceptance GROUP BY project_id, side, member_id)"
    )  # the newest yes of each
    op.drop_index("uq_terms_acceptance_group", "terms_acceptance")
    with op.batch_alter_table("terms_acceptance") as table:
        table.drop_constraint(
            op.f("uq_terms_acceptance_project_id_side_member_id_scope"), type_="unique"
        )
        table.create_unique_constraint(op.f(ONE_YES), ["project_id", "side", "member_id"])
        table.drop_column("scope")
    _one_yes_of_the_group(["project_id"])
    for name in ("file_content", "project_file", "deliverable", "project_scope"):
        op.drop_table(name)
