"""A distribution that left its dataset keeps its address; a dataset may stand in two catalogs."""

import sqlalchemy as sa
from alembic import op

from catalogue.register.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("distributions", sa.Column("gone", Moment(), nullable=True))
    op.create_table(
        "memberships",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("catalog", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("record", "catalog", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_catalog"), "memberships", ["catalog"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_memberships_catalog"), "memberships")
    op.drop_table("memberships")
    op.execute("DELETE FROM distributions WHERE gone IS NOT NULL")
    op.drop_column("distributions", "gone")
