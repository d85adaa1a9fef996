"""Tokens of stewards and admins, the sessions opened with them, and what they did.

Only digests are kept, so a copy of the database opens nothing. A token that was revoked or
has expired is found by nobody, and ends the sessions that were opened with it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import NotFound
from catalogue.register import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptToken:
    """A token as the register keeps it. `expires` is `None` when it stays until revoked."""

    id: str
    digest: str
    organisation: str
    role: str
    name: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def valid(self, now: datetime) -> bool:
        """Whether it may be used at this moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Tokens:
    """The tokens in the register. `clock` gives the present, in UTC."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = clock

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.execution_options(writing=True).begin() as connection:
            yield connection

    def add(self, token: KeptToken, actor: str) -> None:
        """Keep a new token."""
        columns = ("id", "digest", "organisation", "role", "name", "created", "expires")
        row = {name: getattr(token, name) for name in columns}
        with self._writing() as connection:
            connection.execute(t.tokens.insert().values(row))
            about = {"organisation": token.organisation, "role": token.role, "name": token.name}
            self._note(connection, actor, "token-created", token.id, about)

    def find(self, identifier: str, digest: str) -> KeptToken | None:
        """The valid token of this name and digest; compared in a time that tells nothing."""
        found = self._one(sa.select(t.tokens).where(t.tokens.c.id == identifier))
        kept = found.digest if found else "0" * 64
        same = hmac.compare_digest(kept, digest)
        return found if found and same and found.valid(self._now()) else None

    def every(self) -> list[KeptToken]:
        """All tokens, also those that are no longer valid, by organisation and age."""
        query = sa.select(t.tokens).order_by(t.tokens.c.organisation, t.tokens.c.created)
        with self._engine.connect() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def revoke(self, identifier: str, actor: str) -> None:
        """End a token and its sessions at once. Raises `NotFound`; twice is no fault."""
        with self._writing() as connection:
            named = t.tokens.c.id == identifier
            if connection.execute(sa.select(t.tokens.c.id).where(named)).first() is None:
                raise NotFound(f"there is no token {identifier[:64]!r}")
            ended = t.tokens.update().where(named, t.tokens.c.revoked.is_(None))
            connection.execute(ended.values(revoked=self._now()))
            connection.execute(t.sessions.delete().where(t.sessions.c.token == identifier))
            self._note(connection, actor, "token-revoked", identifier, {})

    # sessions

    def open_session(self, token: str, digest: str, expires: datetime, actor: str) -> None:
        """Remember a browser that signed in; those that have expired are forgotten."""
        now = self._now()
        with self._writing() as connection:
            connection.execute(t.sessions.delete().where(t.sessions.c.expires <= now))
            values = {"digest": digest, "token": token, "expires": expires}
            connection.execute(t.sessions.insert().values(values))
            self._note(connection, actor, "signed-in", token, {})

    def session(self, digest: str) -> KeptToken | None:
        """The valid token with which this session was opened, while both last."""
        query = (
            sa.select(t.tokens)
            .join(t.sessions, t.sessions.c.token == t.tokens.c.id)
            .where(t.sessions.c.digest == digest, t.sessions.c.expires > self._now())
        )
        found = self._one(query)
        return found if found and found.valid(self._now()) else None

    def close_session(self, digest: str) -> None:
        """Forget a session; its cookie opens nothing any more."""
        with self._writing() as connection:
            connection.execute(t.sessions.delete().where(t.sessions.c.digest == digest))

    def _one(self, query: sa.Select[Any]) -> KeptToken | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return _kept(row) if row else None

    def _note(
        self,
        connection: sa.Connection,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        row = {"at": self._now(), "actor": actor, "action": action, "subject": subject}
        connection.execute(t.audit.insert().values({**row, "details": dict(details)}))


def _kept(row: Any) -> KeptToken:
    return KeptToken(
        id=row.id,
        digest=row.digest,
        organisation=row.organisation,
        role=row.role,
        name=row.name,
        created=row.created,
        expires=row.expires,
        revoked=row.revoked,
    )
