"""A Virtuoso as a peer: the most common endpoint there is, with a cap on its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import endpoints
import pytest
from federation.neighbours import rows, store

from catalogue.errors import QueryTooLarge

pytestmark = [pytest.mark.slow, pytest.mark.server]
GRAPH = "http://umc.example/g"


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    endpoints.refuse_without_virtuoso()
    held = "".join(
        f"<urn:{letter}> <urn:held> <urn:umc> ; <urn:n> {number} .\n"
        for number, letter in enumerate("abcdefgh")
    )
    with endpoints.virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=5) as root:
        to = f"{root}/sparql-graph-crud-auth?graph-uri={GRAPH}"
        endpoints.put(
            to, held + '<urn:a> <urn:by> [ <urn:name> "x"@nl ] .', password=endpoints.PASSWORD
        )
        yield f"{root}/sparql"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("?s <urn:held> ?h FILTER(?s IN (<urn:a>, <urn:z>))", [{"s": "urn:a"}]),
        ("{ SELECT ?s { ?s <urn:n> 1 } }", [{"s": "urn:b"}]),
        ("?s <urn:by>/<urn:name> 'x'@nl", [{"s": "urn:a"}]),
        ("?s <urn:by> ?blank", [{"s": "urn:a"}]),
        ("VALUES ?s { <urn:a> <urn:c> } ?s <urn:n> ?n", [{"s": "urn:a"}, {"s": "urn:c"}]),
        ("?s <urn:never> ?o", []),
    ],
)
def test_it_answers(engine: Any, virtuoso: str, pattern: str, found: list[dict[str, str]]) -> None:
    query = f"SELECT ?s {{ ?s <urn:title> ?t SERVICE <{virtuoso}> {{ {pattern} }} }}"
    assert rows(store(engine, virtuoso), query) == found


def test_numbers_and_blank_nodes_arrive(engine: Any, virtuoso: str) -> None:
    part = f"SERVICE <{virtuoso}> {{ <urn:a> <urn:n> ?n ; <urn:by> ?x . ?x <urn:name> ?name }}"
    [row] = rows(store(engine, virtuoso), f"SELECT * {{ {part} }}")
    assert (row["n"], row["name"]) == ("0", "x")
    assert row["x"].startswith("https://catalogue.example/.well-known/genid/")


def test_an_answer_that_it_cut_off_is_an_error(engine: Any, virtuoso: str) -> None:
    part = f"SERVICE SILENT <{virtuoso}> {{ ?s <urn:held> ?h }}"
    with pytest.raises(QueryTooLarge, match="cut its answer off"):
        rows(store(engine, virtuoso), f"SELECT * {{ {part} }}")
