"""The desk where tokens are handed out, shown and taken in.

A program shows its token with each request; a browser shows it once and gets a session of
eight hours, which ends earlier when its token does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from catalogue.accounts.permissions import Account, Role
from catalogue.accounts.token import Token, digest, new_token, read_token
from catalogue.register.tokens import KeptToken

SESSION = timedelta(hours=8)
USUAL_DAYS = 365
LONGEST_NAME = 100


class Storage(Protocol):
    """Where tokens and sessions are kept: `register.tokens.Tokens`."""

    def add(self, token: KeptToken, actor: str) -> None: ...  # noqa: D102
    def find(self, identifier: str, digest: str) -> KeptToken | None: ...  # noqa: D102
    def open_session(  # noqa: D102
        self, token: str, digest: str, expires: datetime, actor: str
    ) -> None: ...
    def session(self, digest: str) -> KeptToken | None: ...  # noqa: D102
    def close_session(self, digest: str) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Desk:
    """Recognises stewards and admins. `clock` gives the present, in UTC."""

    storage: Storage
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def issue(
        self, organisation: str, role: Role, name: str, *, days: int | None, actor: str
    ) -> Token:
        """A new token for somebody called `name`; its text is not kept and cannot be shown again.

        It lasts `days`; `None` lasts until it is revoked.
        """
        made, now = new_token(), self.clock()
        kept = KeptToken(
            id=made.id,
            digest=made.digest,
            organisation=organisation,
            role=role,
            name=" ".join(name.split())[:LONGEST_NAME],
            created=now,
            expires=now + timedelta(days=days) if days is not None else None,
        )
        self.storage.add(kept, actor)
        return made

    def account(self, text: str) -> Account | None:
        """Whose token this is; `None` when it is none, was revoked or has expired."""
        shown = read_token(text)
        if shown is None:
            return None
        return _account(self.storage.find(shown.id, shown.digest))

    def sign_in(self, text: str) -> str | None:
        """Open a session with a token: the secret for the cookie, new each time, or `None`."""
        account = self.account(text)
        if account is None:
            return None
        secret = secrets.token_urlsafe(32)
        until = self.clock() + SESSION
        self.storage.open_session(account.id, digest(secret), until, account.actor)
        return secret

    def visitor(self, secret: str) -> Account | None:
        """Who opened the session with this secret, while it lasts."""
        return _account(self.storage.session(digest(secret)))

    def sign_out(self, secret: str) -> None:
        """End a session for good; a copy of its cookie opens nothing."""
        self.storage.close_session(digest(secret))


def _account(kept: KeptToken | None) -> Account | None:
    if kept is None or kept.role not in {each.value for each in Role}:
        return None
    return Account(id=kept.id, name=kept.name, organisation=kept.organisation, role=Role(kept.role))
