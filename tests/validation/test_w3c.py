"""The SHACL core tests of the W3C, on our own evaluator.

They are not part of the project. `SHACL_TEST_SUITE` names their folder `core`, found in
https://github.com/w3c/data-shapes and in the npm package shacl-engine (test/assets).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.namespaces import SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation.compiled import Compiled, Unsupported
from catalogue.validation.view import View

SHT = "http://www.w3.org/ns/shacl-test#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SUITE = Path(os.environ.get("SHACL_TEST_SUITE") or "no such folder")

LEFT_TO_PYSHACL = {
    "complex/personexample": "sh:closed",
    "complex/shacl-shacl": "sh:closed",
    "node/closed-001": "sh:closed",
    "node/closed-002": "sh:closed",
    "property/qualifiedMinCountDisjoint-001": "sh:qualifiedValueShape",
    "property/qualifiedValueShape-001": "sh:qualifiedValueShape",
    "property/qualifiedValueShapesDisjoint-001": "sh:qualifiedValueShape",
}
"""Tests that we refuse to compile, and for which word; pySHACL evaluates such shapes."""


def files() -> list[Path]:
    return [path for path in sorted(SUITE.glob("*/*.ttl")) if _tests(path)]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _graph(path: Path) -> Graph:
    quads = ox.parse(
        path.read_bytes(),
        format=ox.RdfFormat.TURTLE,
        base_iri=path.as_uri(),
        lenient=True,
    )
    return Graph(quad.triple for quad in quads)


def _tests(path: Path) -> list[Node]:
    return _graph(path).instances(SHT + "Validate")


def _document(graph: Graph, action: Node, role: str) -> Graph:
    return _graph(Path(str(graph.value(action, SHT + role).value).removeprefix("file://")))


def outcome(path: Path) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """What was found and what should be, each as (focus, value, component)."""
    graph = _graph(path)
    (test,) = _tests(path)
    action, result = graph.value(test, MF + "action"), graph.value(test, MF + "result")
    shapes, data = _document(graph, action, "shapesGraph"), _document(graph, action, "dataGraph")
    found = Compiled(shapes).results(View(data))
    said = Counter(_said(each.focus, each.value, each.component) for each in found)
    return said, Counter(_expected(graph, result))


def _expected(graph: Graph, report: Node) -> Iterator[tuple[str, ...]]:
    for result in graph.objects(report, SH + "result"):
        component = graph.value(result, SH + "sourceConstraintComponent")
        yield _said(
            graph.value(result, SH + "focusNode"),
            graph.value(result, SH + "value"),
            component.value.removeprefix(SH),
        )


def _said(focus: Term, value: Term | None, component: str) -> tuple[str, ...]:
    return _name(focus), "" if value is None else _name(value), component


def _name(term: Term) -> str:
    return "_" if isinstance(term, ox.BlankNode) else str(term)


def passes(path: Path) -> bool:
    found, expected = outcome(path)
    return found == expected


def missed(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The tests that we leave to pySHACL, and those with another outcome."""
    left, wrong = set(), set()
    for path in paths:
        try:
            if not passes(path):
                wrong.add(name(path))
        except Unsupported:
            left.add(name(path))
    return left, wrong


def test_we_pass_the_core_tests_but_for_those_we_name():
    if not SUITE.is_dir():
        pytest.skip("no copy of the W3C tests; see the first lines of this file")
    assert len(files()) > 90
    assert missed(files()) == (set(LEFT_TO_PYSHACL), set())
