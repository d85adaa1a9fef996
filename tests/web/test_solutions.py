"""Answers as the query page shows them, and queries as programs."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pytest

from catalogue.store.base import Answer, HeldBack
from catalogue.web.present import snippets
from catalogue.web.present.solutions import MOST_ROWS, cell, solutions

HOSTILE = 'SELECT * { ?s ?p "QUERY", """it\'s \\"\\u0041\\" )-- """ }\nQUERY\n# )"'


def answer(pieces: Iterable[bytes], kind: str = "select") -> Answer:
    def chunks() -> Iterator[bytes]:
        yield from pieces

    return Answer("text/tab-separated-values", kind, HeldBack(chunks()))  # type: ignore[arg-type]


def table(*lines: str) -> Answer:
    return answer([("\n".join(lines) + "\n").encode()])


def test_every_kind_of_term_that_the_store_writes_is_read() -> None:
    store = ox.Store()
    store.update('INSERT DATA { <x:a> <x:b> 1, 2.5, true, "a\\n\\tb\\"c"@nl, "d"^^<x:t> }')
    found = store.query("SELECT ?o { ?s ?p ?o } ORDER BY STR(?o)")
    assert isinstance(found, ox.QuerySolutions)
    written = found.serialize(format=ox.QueryResultsFormat.TSV)
    shown = solutions(answer([written]))
    assert [row[0].text for row in shown.rows] == ["1", "2.5", 'a\n\tb"c', "d", "true"]
    assert shown.rows[2][0].lang == "nl"


def test_pieces_may_break_anywhere() -> None:
    whole = '?a\t?b\n"é"@fr\t1\n<x:y>\t2\n'.encode()
    shown = solutions(answer([whole[place : place + 1] for place in range(len(whole))]))
    assert [[each.text for each in row] for row in shown.rows] == [["é", "1"], ["x:y", "2"]]


def test_reading_stops_when_the_page_is_full() -> None:
    read = []

    def endless() -> Iterator[bytes]:
        yield b"?n\n"
        for number in range(1_000_000):
            read.append(number)
            yield b"%d\n" % number + b" " * 5000

    shown = solutions(answer(endless()))
    assert len(shown.rows) == MOST_ROWS
    assert shown.more
    assert len(read) < 2 * MOST_ROWS


def test_a_label_and_a_number_are_drawn() -> None:
    shown = solutions(table("?name\t?n", '"A"\t8', '"B"\t2', '"C"\t0'))
    assert [(bar.label.text, bar.number, bar.share) for bar in shown.bars] == [
        ("A", "8", 100),
        ("B", "2", 25),
        ("C", "0", 0),
    ]
    assert shown.measure == "n"


def test_bars_that_would_be_called_the_same_are_told_apart_by_every_text() -> None:
    shown = solutions(table("?name\t?kind\t?n", '"A"@nl\t"x"@nl\t8', '"A"@nl\t"y"\t2'))
    labels = [bar.label for bar in shown.bars]
    assert [(each.text, each.lang) for each in labels] == [("A · x", "nl"), ("A · y", "")]


@pytest.mark.parametrize(
    "lines",
    [
        ("?name\t?other", '"A"\t"B"', '"C"\t"D"'),
        ("?name\t?n", '"A"\t8'),
        ("?name\t?n", '"A"\t-8', '"B"\t2'),
        ("?name\t?n", '"A"\t0', '"B"\t0'),
        ("?n", "1", "2"),
        ("?name\t?n", '"A"\t8', '"A"\t2'),
    ],
    ids=["no number", "one row", "below zero", "all zero", "no name", "all alike"],
)
def test_what_a_drawing_would_misstate_is_only_a_table(lines: tuple[str, ...]) -> None:
    shown = solutions(table(*lines))
    assert shown.bars == ()
    assert shown.rows


def test_an_unbound_value_is_empty_and_never_zero() -> None:
    shown = solutions(table("?name\t?n", '"A"\t', '"B"\t2', '"C"\t3'))
    assert shown.rows[0][1].text == ""
    assert [bar.label.text for bar in shown.bars] == ["B", "C"]


def test_an_address_that_runs_is_text() -> None:
    assert cell("<javascript:alert(1)>").href == ""
    assert cell("<https://example.org/a>").href == "https://example.org/a"


@pytest.mark.parametrize(("written", "yes"), [(b"true", True), (b"false\n", False)])
def test_a_yes_or_no_is_read(written: bytes, yes: bool) -> None:
    assert solutions(answer([written], "ask")).yes is yes


def test_a_long_graph_is_cut_and_says_so() -> None:
    shown = solutions(answer([b"<x:a> <x:b> <x:c> .\n" * 20_000], "graph"))
    assert shown.more
    assert shown.kind == "graph"


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", HOSTILE])
def test_the_program_in_python_holds_the_query_itself(query: str) -> None:
    tree = ast.parse(snippets.python("https://x.example/sparql", query, "table"))
    (value,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "query"
    ]
    assert ast.literal_eval(value).strip() == query.strip()


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", HOSTILE])
def test_the_program_for_a_shell_sends_the_query_itself(query: str) -> None:
    program = snippets.curl("https://x.example/sparql", query, "table")
    listening = "curl() { cat; }\n" + program
    done = subprocess.run(["sh", "-c", listening], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == query.strip()


def test_the_program_in_r_closes_its_text_where_the_query_ends() -> None:
    program = snippets.r("https://x.example/sparql", HOSTILE, "graph")
    opened = program.index('r"') + 2
    dashes = program[opened : program.index("(", opened)]
    assert program.count(f'){dashes}"') == 1
