"""A desk whose tokens are kept in memory: two stewards, an admin, and what they decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from catalogue.accounts.desk import Desk
from catalogue.accounts.permissions import Role
from catalogue.register.tokens import KeptToken

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class FakeTokens:
    """Behaves as the register does; `now` moves when a test says so."""

    def __init__(self) -> None:
        self.now = NOW
        self.kept: dict[str, KeptToken] = {}
        self.sessions: dict[str, tuple[str, datetime]] = {}
        self.asked = 0

    def add(self, token: KeptToken, actor: str) -> None:
        self.kept[token.id] = token

    def find(self, identifier: str, digest: str) -> KeptToken | None:
        self.asked += 1
        found = self.kept.get(identifier)
        return found if found and found.digest == digest and found.valid(self.now) else None

    def revoke(self, identifier: str) -> None:
        self.kept[identifier] = replace(self.kept[identifier], revoked=self.now)

    def open_session(self, token: str, digest: str, expires: datetime, actor: str) -> None:
        self.sessions[digest] = (token, expires)

    def session(self, digest: str) -> KeptToken | None:
        token, expires = self.sessions.get(digest, ("", self.now))
        found = self.kept.get(token)
        return found if found and self.now < expires and found.valid(self.now) else None

    def close_session(self, digest: str) -> None:
        self.sessions.pop(digest, None)


@dataclass
class FakeDecisions:
    """Remembers what was decided."""

    made: list[tuple[str, str, str]] = field(default_factory=list)

    def confirm_removal(self, source: str, by: str) -> int:
        self.made.append(("confirm", source, by))
        return 3

    def decline_removal(self, source: str, by: str) -> None:
        self.made.append(("decline", source, by))

    def approve_source(self, source: str, by: str) -> None:
        self.made.append(("approve", source, by))

    def refuse_source(self, source: str, by: str) -> None:
        self.made.append(("refuse", source, by))


@dataclass
class Reception:
    """The desk with its tokens: anna and bob are stewards, ada is an admin."""

    tokens: FakeTokens
    desk: Desk
    anna: str
    bob: str
    ada: str

    def later(self, **time: Any) -> None:
        self.tokens.now += timedelta(**time)


def reception() -> Reception:
    """Open the desk."""
    tokens = FakeTokens()
    desk = Desk(tokens, clock=lambda: tokens.now)

    def issued(organisation: str, role: Role, name: str) -> str:
        return desk.issue(organisation, role, name, days=30, actor="operator").text

    return Reception(
        tokens,
        desk,
        anna=issued("noordzee", Role.STEWARD, "Anna"),
        bob=issued("merwestad", Role.STEWARD, "Bob"),
        ada=issued("health-ri", Role.ADMIN, "Ada"),
    )
