"""What is hidden changes nothing that a stranger gets: no count, no tag, no length, no order.

Two catalogues are filled by the same runs. Into the one the source also sends what is held, and
stewards write drafts. Whatever a stranger asks, but for the reports on runs, both give the same
bytes.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conformance.hidden import ANNOUNCED, DRAFT, DRAFT_CATALOG, Desk, World, published, tokens_of
from conformance.test_nothing_leaks import queries
from conformance.test_nothing_told_apart import filled
from harvested import BASE, Bench

from catalogue.cli.parts import SHAPES
from catalogue.rdf.parse import Parser
from catalogue.register.pings import PingBook
from catalogue.validation.validate import Validator
from catalogue.web import create_app

REPORTED = (
    "sources", "source", "run", "source_feed", "api_sources", "api_source", "api_runs", "api_run",
    "api_outcomes",
)  # fmt: skip
"""These say how many records of a source are held, which is no secret."""
OTHERS = {
    "page": ("1",), "moment": ("20250302120000", "20250303120000"), "scheme": ("assay",),
    "name": ("minimum",), "child": ("catalog", "dataset", "distribution"),
    "filename": ("base.css",), "slug": ("umc-voorbeeld",), "number": ("1",),
}  # fmt: skip
NAMELESS = re.compile(r"_:\w+|\bn?[0-9a-f]{24,32}\b")
NOW = re.compile(rf"{datetime.now(UTC):%Y-%m-%d}T[\d:.]+(?:Z|\+00:00)?")


@pytest.mark.timeout(900)  # some thousands of requests, beside whatever else is running
def test_what_is_hidden_changes_no_byte_that_a_stranger_gets(tmp_path: Path) -> None:
    with site(tmp_path / "plain", hidden=False) as (plain, ids):
        expected = {address: said(plain, *address) for address in addresses(plain, ids)}
    with site(tmp_path / "full", hidden=True) as (full, same):
        assert same == ids
        told = [each for each, answer in expected.items() if said(full, *each) != answer]
    assert len(expected) > 500
    assert not told, "\n".join(f"{path} as {accept}" for path, accept in told[:40])


@contextmanager
def site(folder: Path, *, hidden: bool) -> Iterator[tuple[Any, list[str]]]:
    """One of the two, and the ids of what is public in it."""
    folder.mkdir()
    with Parser() as parser, Validator(SHAPES) as validator:
        world = World(Bench(folder, parser, validator))
        world.harvest(hidden=hidden)
        with world.site(folder) as made:
            if hidden:
                hide(world, create_app(made, world.settings(folder)), made)
            app, parts = world.opened(folder, made)
            yield app, sorted(each.record.id for each in published(parts))


def hide(world: World, app: Any, made: Any) -> None:
    """Drafts of two organisations, and a source that waits for an admin."""
    desk = Desk(app, tokens_of(made))
    catalog = desk.make("draft catalog", "catalog", DRAFT_CATALOG, BASE)
    desk.make("draft", "dataset", DRAFT, catalog)
    desk.make("only draft", "catalog", DRAFT_CATALOG, BASE, "bob")
    PingBook(world.bench.register.engine).add(ANNOUNCED)


def addresses(app: Any, ids: list[str]) -> set[tuple[str, str]]:
    """(path, Accept) of everything that can be read, in Dutch, English and as programs do."""
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in REPORTED:
            known = {"id": tuple(ids), **OTHERS}
            names = rule.arguments - set(rule.defaults or {})
            paths = list(filled(rule, known, min(names))) if names else [rule.rule]
            found |= {(path, accept) for path in paths for accept in ("text/html", "*/*")}
            if "language" not in rule.arguments:
                asked = [each for each in queries(rule.endpoint) or () if each]
                found |= {
                    (f"{path}?{query}", "text/html") for path in paths for query in asked[::3]
                }
    return found


def said(app: Any, path: str, accept: str) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Status, headers and body, without what no two answers share: the moment, nameless nodes.

    A tag of bytes with nameless nodes in them differs too, and so may their length.
    """
    with app.test_client().get(path, headers={"Accept": accept}) as answer:
        packed, data = answer.mimetype == "application/gzip", answer.data
        text = (gzip.decompress(data) if packed else data).decode("utf-8", "replace")
        plain = NAMELESS.sub("_:b", NOW.sub("now", text))
        left_out = {"Date", "Expires", *({"ETag", "Content-Length"} if plain != text else ())}
        headers = sorted(each for each in answer.headers if each[0] not in left_out)
    rows = sorted(re.split(r"[\n{}]", plain)) if plain != text else [plain]
    return answer.status_code, headers, rows
