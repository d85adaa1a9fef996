"""What a token looks like, and what is kept of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalogue.accounts.desk import SESSION, Desk
from catalogue.accounts.permissions import Role
from catalogue.accounts.token import new_token, read_token
from catalogue.errors import NotFound
from catalogue.register import tables as t
from catalogue.register.register import Register
from catalogue.register.tokens import Tokens

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path) -> Any:
    opened = Register.open(f"sqlite:///{tmp_path}/r.sqlite", "https://catalogue.example")
    yield opened
    opened.close()


@pytest.fixture
def tokens(register: Register, clock: Clock) -> Tokens:
    return Tokens(register.engine, clock)


@pytest.fixture
def desk(tokens: Tokens, clock: Clock) -> Desk:
    return Desk(tokens, clock)


def issued(desk: Desk, days: int | None = 30) -> str:
    return desk.issue("merwestad", Role.STEWARD, "Anna", days=days, actor="operator").text


def audit(register: Register) -> list[tuple[str, str]]:
    with register.engine.connect() as connection:
        rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.number))
        return [(row.actor, row.action) for row in rows]


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token().text for _ in range(100)}) == 100


def test_a_token_is_not_printed_by_accident() -> None:
    made = new_token()
    assert made.text not in repr(made)
    assert re.fullmatch(r"gcat_[a-z2-7]{10}_[a-z2-7]{40}", made.text)


@pytest.mark.parametrize("text", ["", "gcat_", "x", "gcat_" + "a" * 10 + "_" + "1" * 40, "é" * 60])
def test_what_is_no_token_is_not_looked_for(text: str) -> None:
    assert read_token(text) is None


def test_only_a_digest_is_kept(register: Register, desk: Desk) -> None:
    text = issued(desk)
    with register.engine.connect() as connection:
        kept = connection.execute(sa.select(t.tokens)).one()
        noted = connection.execute(sa.select(t.audit)).all()
    assert text[-40:] not in repr(kept)
    assert text[-40:] not in repr(noted)
    assert len(kept.digest) == 64


def test_whoever_shows_a_token_is_recognised(desk: Desk) -> None:
    account = desk.account(issued(desk))
    assert account is not None
    assert (account.name, account.organisation, account.role) == (
        "Anna",
        "merwestad",
        Role.STEWARD,
    )


def test_the_name_of_a_token_is_not_enough(desk: Desk) -> None:
    text = issued(desk)
    assert desk.account(text[:-40] + "a" * 40) is None
    assert desk.account(text[:-1]) is None


def test_a_token_ends_on_its_day(desk: Desk, clock: Clock) -> None:
    text = issued(desk, days=1)
    clock.now += timedelta(hours=23, minutes=59)
    assert desk.account(text)
    clock.now += timedelta(minutes=1)
    assert desk.account(text) is None


def test_a_token_without_days_lasts_until_it_is_revoked(desk: Desk, clock: Clock) -> None:
    text = issued(desk, days=None)
    clock.now += timedelta(days=4000)
    assert desk.account(text)


def test_a_revoked_token_and_its_sessions_end_at_once(tokens: Tokens, desk: Desk) -> None:
    text = issued(desk)
    secret = desk.sign_in(text)
    assert secret
    assert desk.visitor(secret)
    tokens.revoke(text[5:15], "operator")
    assert desk.account(text) is None
    assert desk.visitor(secret) is None
    assert desk.sign_in(text) is None


def test_revoking_twice_keeps_the_first_date(tokens: Tokens, desk: Desk, clock: Clock) -> None:
    text = issued(desk)
    tokens.revoke(text[5:15], "operator")
    clock.now += timedelta(days=1)
    tokens.revoke(text[5:15], "operator")
    assert tokens.every()[0].revoked == NOON
    with pytest.raises(NotFound, match="nobody"):
        tokens.revoke("nobody", "operator")


def test_a_session_ends_after_eight_hours_or_when_its_token_does(desk: Desk, clock: Clock) -> None:
    secret = desk.sign_in(issued(desk))
    assert secret
    clock.now += SESSION - timedelta(seconds=1)
    assert desk.visitor(secret)
    clock.now += timedelta(seconds=1)
    assert desk.visitor(secret) is None


def test_signing_out_ends_the_session_here_and_not_only_in_the_browser(desk: Desk) -> None:
    secret = desk.sign_in(issued(desk))
    assert secret
    desk.sign_out(secret)
    assert desk.visitor(secret) is None


def test_each_sign_in_has_a_new_secret(desk: Desk) -> None:
    text = issued(desk)
    assert desk.sign_in(text) != desk.sign_in(text)


def test_sessions_that_are_over_are_forgotten(register: Register, desk: Desk, clock: Clock) -> None:
    text = issued(desk)
    desk.sign_in(text)
    clock.now += timedelta(hours=9)
    desk.sign_in(text)
    with register.engine.connect() as connection:
        assert len(connection.execute(sa.select(t.sessions)).all()) == 1


def test_what_happens_to_tokens_is_in_the_audit_log(
    register: Register, tokens: Tokens, desk: Desk
) -> None:
    text = issued(desk)
    desk.sign_in(text)
    tokens.revoke(text[5:15], "operator bob")
    anna = f"Anna (steward of merwestad, token {text[5:15]})"
    assert audit(register) == [
        ("operator", "token-created"),
        (anna, "signed-in"),
        ("operator bob", "token-revoked"),
    ]


def test_a_role_that_is_not_known_opens_nothing(tokens: Tokens, desk: Desk) -> None:
    made = new_token()
    there = tokens.every()
    issued(desk)
    odd = replace(tokens.every()[0], id=made.id, digest=made.digest, role="owner")
    tokens.add(odd, "operator")
    assert there == []
    assert desk.account(made.text) is None
