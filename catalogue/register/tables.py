"""The tables of the register, and how to open the database that holds them.

SQLite (write-ahead log) by default, PostgreSQL by setting one URL. Graphs are kept as sorted
N-Triples, compressed; moments as UTC. `changes` is the ordered log that projections follow:
its numbers only ever grow, also after deletions. Of a record, `version` is the published
version (0 when none is) and `latest` the newest: a newer one may be held while the older
stays public.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets time zones, so we give them back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; a moment without a time zone is a mistake."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back with its time zone."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("slug", sa.String(64), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("protocol", sa.String(32), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("connect_to", sa.Text),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("organisation", sa.String(64), nullable=False, server_default=""),
    sa.Column("contact", sa.Text),
    sa.Column("schedule", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.String(8), nullable=False, server_default="nl"),
    sa.Column("options", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("pending", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("verified", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("next_run", Moment),
    sa.Column("brake", sa.JSON(none_as_null=True)),
    sa.Column("mark", sa.JSON(none_as_null=True)),
    sa.Column("former", sa.JSON, nullable=False, server_default="[]"),
)
"""`pending` announced itself and waits for an admin; `brake` is a removal that waits for a
steward ({run, records, live}); `mark` is the last `Mark`; `former` lists earlier addresses."""

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("source", sa.ForeignKey("sources.slug", ondelete="CASCADE"), nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.Column("heartbeat", Moment, nullable=False),
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("cause", sa.String(16), nullable=False, server_default="command"),
    sa.Column("figures", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("messages", sa.JSON, nullable=False, server_default="{}"),
    sa.Index("ix_runs_source_id", "source", "id"),
)
"""`cause` is command, schedule or steward; `figures` holds requests, not_modified, bytes;
`messages` is the message by language."""

sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("record", sa.String(32), primary_key=True),
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""What a run has seen, or was told to be `gone`, before its last mark; kept until a run is
complete, so that a later one may resume."""

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("source", sa.ForeignKey("sources.slug", ondelete="CASCADE"), primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("accept", sa.String(200), primary_key=True),
    sa.Column("final_url", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("next_page", sa.Text),
    sa.Column("fetched", Moment, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""What an address answered last, with its bytes, for asking conditionally (`visits.py`)."""

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("source", sa.ForeignKey("sources.slug", ondelete="CASCADE"), primary_key=True),
    sa.Column("iri", sa.Text, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
)
"""Records on which our own code failed: set aside until they, or our rules, change."""

outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("record", sa.String(32)),
    sa.Column("source_iri", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text),
    sa.Column("fetched", Moment, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("source", sa.String(64), nullable=False, index=True),
    sa.Column("source_iri", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("latest", sa.Integer, nullable=False),
    sa.Column("catalog", sa.String(32)),
    sa.Column("holder", sa.String(96), nullable=False),
    sa.Column("holder_name", sa.JSON, nullable=False),
    sa.Column("title", sa.JSON, nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("changed", Moment, nullable=False),
    sa.Column("last_run", Number, nullable=False),
    sa.Column("missing", sa.Integer, nullable=False),
    sa.Index("ix_records_kind_state", "kind", "state"),
    sa.Index("ix_records_holder", "holder"),
    sa.Index("ix_records_catalog", "catalog"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("record", sa.ForeignKey("records.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("run", Number, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("documents", sa.JSON, nullable=False),
    sa.Column("received", sa.LargeBinary, nullable=False),
    sa.Column("normalised", sa.LargeBinary, nullable=False),
    sa.Column("public", sa.LargeBinary, nullable=False),
    sa.Column("repairs", sa.JSON, nullable=False),
    sa.Column("reports", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
)

distributions = sa.Table(
    "distributions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("record", sa.ForeignKey("records.id"), nullable=False, index=True),
    sa.Column("gone", Moment),
)
"""Every distribution that is or was public, and when it left its dataset (`gone`)."""

names = sa.Table(
    "names",
    metadata,
    sa.Column("record", sa.ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(512), primary_key=True, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
)
"""What else a record is called, in one spelling. `kind` is iri (at its source), former (an
earlier IRI), persistent (DOI, EGA, handle…) or local (an identifier that means something
within its source only)."""

publishers = sa.Table(
    "publishers",
    metadata,
    sa.Column("record", sa.ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("agent", sa.String(512), primary_key=True, index=True),
    sa.Column("since", Moment, nullable=False),
)
"""The addresses of the agents as which a record is published, and since when."""

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("organisation", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("expires", Moment),
    sa.Column("revoked", Moment),
)
"""Keys of stewards and admins; only a digest is kept."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("token", sa.ForeignKey("tokens.id", ondelete="CASCADE"), nullable=False),
    sa.Column("expires", Moment, nullable=False),
)
"""Browsers that signed in with a token; `digest` is that of the secret in their cookie."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
"""Who did what; rows are only ever added."""

submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("source", sa.ForeignKey("sources.slug", ondelete="CASCADE"), nullable=False),
    sa.Column("parent", sa.String(32), nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("original", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("changed", Moment, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""What stewards wrote here, as they wrote it: the only place where drafts are. `parent` is the
id of the catalog or dataset it stands in (empty: the catalogue itself), `subject` what it is
called in `content`, `original` the IRI that its writer gave it, `number` counts the changes."""

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("record", sa.String(32), primary_key=True),
    sa.Column("catalog", sa.String(32), primary_key=True, index=True),
)
"""In which further catalogs something stands that was written here, also while it is a draft."""

pings = sa.Table(
    "pings",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String(64), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
)
"""Announcements received, counted per client; `client` is a digest of the address."""

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("record", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_changes_record_number", "record", "number"),
    sqlite_autoincrement=True,
)

projections = sa.Table(
    "projections",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("position", Number, nullable=False),
)


def open_engine(url: str) -> Engine:
    """Connect; for SQLite make the folder and choose the write-ahead log.

    `synchronous=NORMAL` may lose the last transactions on power loss, never tear one.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, pool_pre_ping=True)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once in writing transactions, so two writers queue, not fail."""
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
