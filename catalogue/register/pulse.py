"""Whether anything was written since, told in microseconds.

Whoever keeps something that was made from the register compares two pulses: while they are the
same, nothing that anybody committed in between can be seen, in whatever table, by whatever
process. The opposite does not hold: a pulse may change when nothing that matters did.

SQLite counts for each connection the commits of all others, so the pulse has a connection of its
own that never writes. PostgreSQL names the transactions that are visible now.

https://www.sqlite.org/pragma.html#pragma_data_version
https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
"""

from __future__ import annotations

import itertools
import threading

import sqlalchemy as sa
from sqlalchemy.engine import Engine

QUESTIONS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_current_snapshot()::text",
}
"""What has the same answer while nothing is committed, by kind of database."""


class Pulse:
    """The pulse of one database. May be used by several threads; connects when first asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = QUESTIONS.get(engine.dialect.name, "")
        self._lock = threading.Lock()
        self._connection: sa.PoolProxiedConnection | None = None
        self._numbers = itertools.count(1)
        self._number = 0

    def read(self) -> str:
        """The pulse now; empty for a database that has none, or that does not answer.

        Pulses of two instances are not to be compared.
        """
        if not self._question:
            return ""
        with self._lock:
            try:
                return self._ask()
            except (self._engine.dialect.loaded_dbapi.Error, sa.exc.SQLAlchemyError):
                self._let_go()  # whoever reads the register next gets the error told
                return ""

    def close(self) -> None:
        """Give the connection up."""
        with self._lock:
            self._let_go()

    def _ask(self) -> str:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            self._number = next(self._numbers)
        cursor = self._connection.cursor()
        cursor.execute(self._question)
        row = cursor.fetchone()
        cursor.close()
        if self._engine.dialect.name != "sqlite":
            self._connection.rollback()  # a snapshot lasts as long as its transaction
        return f"{self._number}.{row[0]}" if row else ""

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None
