"""a decision's note can be erased

Who decided what and when stays as it is for good. The note beside it is what a person wrote, and
goes with them when they ask to be erased.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEPT = "id, proposal_id, act, side, actor_id, reason, at"


def upgrade() -> None:
    _refuse(f"UPDATE OF {KEPT}")


def downgrade() -> None:
    _refuse("UPDATE")


def _refuse(change: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER decision_append_only ON decision")
        op.execute(
            f"CREATE TRIGGER decision_append_only BEFORE {change} OR DELETE ON decision "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute("DROP TRIGGER decision_no_update")
    op.execute(
        f"CREATE TRIGGER decision_no_update BEFORE {change} ON decision "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
    )
