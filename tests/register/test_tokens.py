"""Tokens, sessions, decisions and slices of outcomes in a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from given import a_draft

from catalogue.accounts.desk import Desk
from catalogue.accounts.permissions import Role
from catalogue.errors import NotFound
from catalogue.model.source import Source
from catalogue.register import tables as t
from catalogue.register.decisions import Decisions
from catalogue.register.records import Outcome
from catalogue.register.register import Register
from catalogue.register.tokens import Tokens
from catalogue.register.writer import Writer


def audit(register: Register) -> list[tuple[str, str, str]]:
    with register.engine.connect() as connection:
        rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.number))
        return [(row.actor, row.action, row.subject) for row in rows]


def a_run(register: Register, source: str = "umc") -> int:
    now = datetime.now(UTC)
    row = {
        "source": source,
        "started": now,
        "heartbeat": now,
        "process": "x:1",
        "state": "complete",
        "message": "",
        "counts": {},
    }
    with register.engine.begin() as connection:
        return int(connection.execute(t.runs.insert().values(row)).inserted_primary_key[0])  # type: ignore[index]


def some_outcomes(register: Register, run: int, *outcomes: Outcome) -> None:
    rows = [
        {
            "run": run,
            "url": f"https://umc.example/{place}",
            "outcome": each,
            "title": str(place),
            "record": None,
            "source_iri": "",
            "details": {},
        }
        for place, each in enumerate(outcomes)
    ]
    with register.engine.begin() as connection:
        connection.execute(t.outcomes.insert(), rows)


def a_source(register: Register, **changes: Any) -> None:
    stated = {"slug": "umc", "title": "UMC", "protocol": "fdp", "url": "https://umc.example/"}
    Writer(register.engine).save_source(Source(**stated), **changes)


def test_a_token_and_its_session_last_as_long_as_they_should(register: Register) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    tokens = Tokens(register.engine, lambda: now)
    desk = Desk(tokens, lambda: now)
    text = desk.issue("umc", Role.STEWARD, "Anna", days=1, actor="operator").text
    secret = desk.sign_in(text)
    assert secret
    assert desk.account(text) == desk.visitor(secret)
    now += timedelta(hours=8)
    assert desk.visitor(secret) is None
    assert desk.account(text)
    now += timedelta(hours=16)
    assert desk.account(text) is None


def test_a_revoked_token_ends_its_session(register: Register) -> None:
    tokens = Tokens(register.engine)
    desk = Desk(tokens)
    made = desk.issue("umc", Role.ADMIN, "Ada", days=None, actor="operator")
    secret = desk.sign_in(made.text)
    assert secret
    tokens.revoke(made.id, "operator")
    assert desk.visitor(secret) is None
    assert [each.id for each in tokens.every()] == [made.id]


def test_outcomes_are_read_in_slices(register: Register) -> None:
    a_source(register)
    run, other = a_run(register), a_run(register)
    some_outcomes(register, run, *[Outcome.UNCHANGED, Outcome.HELD] * 3)
    some_outcomes(register, other, Outcome.NEW)
    first = register.outcome_page(run, limit=4)
    rest = register.outcome_page(run, after=first[-1][0], limit=4)
    assert [each.title for _, each in (*first, *rest)] == [str(n) for n in range(6)]
    held = register.outcome_page(run, only=(Outcome.HELD,))
    assert [each.title for _, each in held] == ["1", "3", "5"]


def test_the_kinds_of_records_are_read_without_the_records(register: Register) -> None:
    a_source(register)
    writer = Writer(register.engine)
    writer.save(writer.begin("umc"), a_draft("aaaaaaaaaaaa"))
    assert register.kinds(["aaaaaaaaaaaa", "nowhere"]) == {"aaaaaaaaaaaa": "dataset"}


def test_an_approved_source_is_harvested_and_a_refused_one_forgotten(register: Register) -> None:
    a_source(register, pending=True, enabled=False)
    decisions = Decisions(register.engine)
    decisions.approve_source("umc", "Ada")
    assert not register.source("umc").pending
    assert register.source("umc").enabled
    assert register.source("umc").next_run
    decisions.refuse_source("umc", "Ada")
    with pytest.raises(NotFound):
        register.source("umc")
    assert ("Ada", "approve", "umc") in audit(register)
    assert ("Ada", "refuse", "umc") in audit(register)
