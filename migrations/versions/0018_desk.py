"""desk

Records that were merged and records that are known to be two; a person's telephone; notes about
needs and projects; who is in charge of what, how much, and who stands in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _pair_table(
        "merged_record", ("kind", "old_id"), "merged", sa.Column("kept_id", _id(), nullable=False)
    )
    op.create_index(op.f("ix_merged_record_kept_id"), "merged_record", ["kept_id"])
    _pair_table("known_different", ("kind", "first_id", "second_id"), "noted")
    op.create_table(
        "coordinator_desk",
        sa.Column("account_id", _id(), nullable=False),
        sa.Column("most_projects", sa.Integer(), nullable=True),
        sa.Column("most_until", sa.Date(), nullable=True),
        sa.Column("stand_in", _id(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "most_projects IS NULL OR most_projects BETWEEN 0 AND 99",
            name=op.f("ck_coordinator_desk_most"),
        ),
        _account("coordinator_desk", "account_id"),
        _account("coordinator_desk", "stand_in"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_coordinator_desk")),
    )
    op.create_index(op.f("ix_coordinator_desk_account_id"), "coordinator_desk", ["account_id"])
    op.create_index(op.f("ix_coordinator_desk_stand_in"), "coordinator_desk", ["stand_in"])
    op.create_table(
        "in_charge",
        sa.Column("subject_type", sa.String(length=16), nullable=False),
        sa.Column("subject_id", _id(), nullable=False),
        sa.Column("account_id", _id(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _account("in_charge", "account_id"),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", name=op.f("pk_in_charge")),
    )
    op.create_index(op.f("ix_in_charge_account_id"), "in_charge", ["account_id"])
    op.add_column(
        "professional", sa.Column("phone", sa.String(length=40), server_default="", nullable=False)
    )
    with op.batch_alter_table("consultation") as batch:
        batch.add_column(sa.Column("need_id", _id(), nullable=True))
        batch.add_column(sa.Column("project_id", _id(), nullable=True))
        batch.add_column(
            sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        for column in ("need", "project"):
            batch.create_foreign_key(
                batch.f(f"fk_consultation_{column}_id"), column, [f"{column}_id"], ["id"]
            )
            batch.create_index(batch.f(f"ix_consultation_{column}_id"), [f"{column}_id"])


def downgrade() -> None:
    with op.batch_alter_table("consultation") as batch:
        for column in ("need", "project"):
            batch.drop_index(f"ix_consultation_{column}_id")
            batch.drop_constraint(f"fk_consultation_{column}_id", type_="foreignkey")
        for column in ("need_id", "project_id", "counted"):
            batch.drop_column(column)
    op.drop_column("professional", "phone")
    for table in ("in_charge", "coordinator_desk", "known_different", "merged_record"):
        op.drop_table(table)


def _id() -> sa.String:
    return sa.String(length=64)


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))


def _pair_table(name: str, keys: tuple[str, ...], act: str, *more: sa.Column) -> None:
    op.create_table(
        name,
        *(
            sa.Column(key, sa.String(length=16 if key == "kind" else 64), nullable=False)
            for key in keys
        ),
        *more,
        sa.Column(f"{act}_by", _id(), nullable=True),
        sa.Column(f"{act}_at", MOMENT, nullable=False),
        _account(name, f"{act}_by"),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{act}_by"), name, [f"{act}_by"])
