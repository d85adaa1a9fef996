"""What the register remembers of the addresses of one source: the last answer of each.

It serves asking a source whether something changed. One row and its bytes are kept for each
address, and written again only when the answer differs, or once a month to say that the
address is still asked for; others go after three, because some sources make new addresses
for every run. The bytes are apart from those of `documents`, which belong to versions and
are never replaced.
"""

from __future__ import annotations

import logging
import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from catalogue.model.visit import Visit
from catalogue.register import tables as t

KEY: Final = ("source", "url", "accept")
log = logging.getLogger(__name__)

FORGOTTEN_AFTER: Final = timedelta(days=90)
MOST_ACCEPT: Final = 200
"""Characters of the column `accept`; a longer question is kept by its digest."""
SAME: Final = sa.and_(*(t.visits.c[name] == sa.bindparam(f"{name}_") for name in KEY))
VISIT: Final = sa.select(*(c for c in t.visits.c if c.name != "content")).where(SAME)
CONTENT: Final = sa.select(t.visits.c.content, t.visits.c.digest).where(SAME)
OF_ADDRESS: Final = sa.and_(*(t.visits.c[name] == sa.bindparam(f"{name}_") for name in KEY[:2]))


class SourceVisits:
    """What the addresses of one source answered. May be used by several threads."""

    def __init__(self, engine: Engine, source: str) -> None:
        self._engine = engine
        self._source = source
        self._tidied = False

    def known(self, url: str, accept: str) -> Visit | None:
        """What the address answered last to a question that accepts this."""
        row = self._row(VISIT, url, accept)
        return None if row is None else _visit(row, accept)

    def content(self, visit: Visit) -> bytes | None:
        """The bytes of that answer; `None` when they are gone, or not what they were."""
        row = self._row(CONTENT, visit.url, visit.accept)
        if row is None:
            return None
        content = zlib.decompress(row.content)
        return content if _digest(content) == row.digest else None

    def keep(self, visit: Visit, content: bytes) -> None:
        """Remember an answer; nothing is written when it is the one that we have."""
        values = _values(visit, content)
        before = self._row(VISIT, visit.url, visit.accept)
        if before is not None and _is_current(before, visit, values):
            return
        row = {**values, "fetched": visit.fetched, "content": zlib.compress(content)}
        try:
            self._write(visit, row, new=before is None)
        except IntegrityError:
            log.info("%s: another answer was kept at the same moment", visit.url)

    def _write(self, visit: Visit, row: dict[str, Any], *, new: bool) -> None:
        with self._engine.execution_options(writing=True).begin() as connection:
            if new:
                key = {"source": self._source, "url": visit.url, "accept": _short(visit.accept)}
                connection.execute(t.visits.insert(), {**key, **row})
            else:
                key = self._key(visit.url, visit.accept)
                connection.execute(t.visits.update().where(SAME), {**key, **row})
            if not self._tidied:
                self._tidy(connection, visit.fetched - FORGOTTEN_AFTER)

    def _tidy(self, connection: sa.Connection, before: datetime) -> None:
        """Once in a while: drop what nobody asked for any more."""
        old = sa.and_(t.visits.c.source == self._source, t.visits.c.fetched < before)
        connection.execute(t.visits.delete().where(old))
        self._tidied = True

    def forget(self, url: str) -> None:
        """Forget what an address answered, to whatever question."""
        key = {"source_": self._source, "url_": url}
        with self._engine.connect() as connection:
            query = sa.select(t.visits.c.url).where(OF_ADDRESS)
            if connection.execute(query, key).first() is None:
                return
        with self._engine.execution_options(writing=True).begin() as connection:
            connection.execute(t.visits.delete().where(OF_ADDRESS), key)

    def _row(self, query: sa.Select[Any], url: str, accept: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(query, self._key(url, accept)).first()

    def _key(self, url: str, accept: str) -> dict[str, str]:
        return {"source_": self._source, "url_": url, "accept_": _short(accept)}


def _is_current(row: Any, visit: Visit, values: dict[str, str | None]) -> bool:
    """Whether a row says of an answer what there is to say, and did so not long ago."""
    same = all(getattr(row, name) == value for name, value in values.items())
    return same and not _visit(row, visit.accept).is_old(visit.fetched)


def _visit(row: Any, accept: str) -> Visit:
    return Visit(
        url=row.url,
        accept=accept,
        final_url=row.final_url,
        media_type=row.media_type,
        etag=row.etag,
        last_modified=row.last_modified,
        next_page=row.next_page,
        fetched=row.fetched,
    )


def _values(visit: Visit, content: bytes) -> dict[str, str | None]:
    """What makes one answer differ from another; when it was fetched does not."""
    return {
        "final_url": visit.final_url,
        "media_type": visit.media_type,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "next_page": visit.next_page,
        "digest": _digest(content),
    }


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _short(accept: str) -> str:
    return accept if len(accept) <= MOST_ACCEPT else sha256(accept.encode()).hexdigest()
