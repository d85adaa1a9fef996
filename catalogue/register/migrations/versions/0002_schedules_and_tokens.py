"""Schedules, conditional requests, resumable runs, names, tokens, audit.

Columns are added and dropped in place: making `sources` anew would take its runs along.
"""

import sqlalchemy as sa
from alembic import op

from catalogue.register.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pings")),
    )
    with op.batch_alter_table("pings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pings_client"), ["client"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=True),
        sa.Column("revoked", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token"], ["tokens.id"], name=op.f("fk_sessions_token"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_table(
        "names",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["record"], ["records.id"], name=op.f("fk_names_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record", "name", name=op.f("pk_names")),
    )
    with op.batch_alter_table("names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_names_name"), ["name"], unique=False)

    op.create_table(
        "quarantine",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.slug"], name=op.f("fk_quarantine_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "iri", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "visits",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("accept", sa.String(length=200), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("next_page", sa.Text(), nullable=True),
        sa.Column("fetched", Moment(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.slug"], name=op.f("fk_visits_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "url", "accept", name=op.f("pk_visits")),
    )
    op.create_table(
        "sightings",
        sa.Column("run", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"], ["runs.id"], name=op.f("fk_sightings_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run", "record", name=op.f("pk_sightings")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cause", sa.String(length=16), server_default="command", nullable=False)
        )
        batch_op.add_column(sa.Column("figures", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("messages", sa.JSON(), server_default="{}", nullable=False))

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("organisation", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("contact", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("schedule", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("language", sa.String(length=8), server_default="nl", nullable=False)
        )
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(
            sa.Column("pending", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("verified", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("next_run", Moment(), nullable=True))
        batch_op.add_column(sa.Column("brake", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("mark", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("former", sa.JSON(), server_default="[]", nullable=False))

    op.create_table(
        "submissions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.slug"], name=op.f("fk_submissions_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index("ix_submissions_parent", "submissions", ["parent"])

    op.create_index("ix_changes_record_number", "changes", ["record", "number"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_changes_record_number", "changes")
    op.drop_table("submissions")
    op.drop_column("sources", "former")
    op.drop_column("sources", "mark")
    op.drop_column("sources", "brake")
    op.drop_column("sources", "next_run")
    op.drop_column("sources", "verified")
    op.drop_column("sources", "pending")
    op.drop_column("sources", "options")
    op.drop_column("sources", "language")
    op.drop_column("sources", "schedule")
    op.drop_column("sources", "contact")
    op.drop_column("sources", "organisation")

    op.drop_column("runs", "messages")
    op.drop_column("runs", "figures")
    op.drop_column("runs", "cause")

    op.drop_table("sightings")
    op.drop_table("visits")
    op.drop_table("quarantine")
    with op.batch_alter_table("names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_names_name"))

    op.drop_table("names")
    op.drop_table("sessions")
    op.drop_table("tokens")
    with op.batch_alter_table("pings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pings_client"))

    op.drop_table("pings")
    op.drop_table("audit")
