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
)

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
    sa.Index("ix_runs_source_id", "source", "id"),
)

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
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("record", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("at", Moment, nullable=False),
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
