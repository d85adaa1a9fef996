"""The W3C's tests of SPARQL queries, read from their manifests, and how two answers are compared.

A test is made for a dataset of its own. One server can hold the data of all of them, each file
as a graph of its own, because the protocol lets a request say what its dataset is (SPARQL 1.1
Protocol, 2.1.4). Blank nodes are compared by canonicalisation, solutions as a bag.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox
import requests

from catalogue.namespaces import RDF
from catalogue.rdf.graph import Graph, Node, Term

MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
KINDS: Final = {
    MF + "QueryEvaluationTest": "evaluation",
    MF + "CSVResultFormatTest": "evaluation",
    MF + "PositiveSyntaxTest": "legal",
    MF + "PositiveSyntaxTest11": "legal",
    MF + "NegativeSyntaxTest": "illegal",
    MF + "NegativeSyntaxTest11": "illegal",
}
NOT_OURS: Final = frozenset({"entailment", "service", "syntax-fed", "delete-insert"})
"""Folders about reasoning, about asking other endpoints and about updates: we offer none."""
ACCEPT: Final = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
HERE: Final = "http://tests.example"
NOTHING: Final = "http://nowhere.example/empty"
_FROM: Final = re.compile(r"\bFROM\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test: a query that is legal or not, or one with its data and its answer."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    once: bool = False

    @property
    def complete(self) -> bool:
        """Whether all its files are there; some copies of the tests miss a few."""
        files = (self.query, *self.data, *(path for _, path in self.graphs))
        return all(path.is_file() for path in (*files, self.result or self.query))

    @property
    def text(self) -> str:
        """The query. Addresses in one that is evaluated are relative to its file."""
        text = self.query.read_text("utf-8")
        return f"BASE <{address(self.query)}>\n{text}" if self.kind == "evaluation" else text

    @property
    def accept(self) -> str:
        """The form in which the answer was written down; a graph in the simplest."""
        suffix = self.result.suffix if self.result else ""
        return ACCEPT.get(suffix, "application/n-triples, application/sparql-results+json")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The dataset, for the protocol; a query with FROM says for itself."""
        if _FROM.search(self.query.read_text("utf-8")):
            return []
        default = [address(path) for path in self.data] or [NOTHING]
        return [
            *(("default-graph-uri", iri) for iri in default),
            *(("named-graph-uri", iri) for iri, _ in self.graphs),
        ]


def cases(folder: Path) -> list[Case]:
    """The tests of all manifests below a folder, by name; one that lacks a file is left out."""
    manifests = [m for m in sorted(folder.rglob("*anifest*.ttl")) if m.parent.name not in NOT_OURS]
    found = [case for manifest in manifests for case in _in_manifest(manifest)]
    return sorted((case for case in found if case.complete), key=lambda case: case.name)


def _in_manifest(manifest: Path) -> Iterator[Case]:
    graph = Graph(quad.triple for quad in _quads(manifest))
    for start in graph.subjects():
        for test in _listed(graph, graph.value(start, MF + "entries")):
            for name in graph.types(test) & KINDS.keys():
                yield _case(graph, test, KINDS[name], manifest.parent)


def _listed(graph: Graph, node: Term | None) -> Iterator[Node]:
    """The tests in force; a manifest may describe others, that were withdrawn."""
    while node is not None and node.value != RDF + "nil":
        yield graph.value(node, RDF + "first")
        node = graph.value(node, RDF + "rest")


def _case(graph: Graph, test: Node, kind: str, folder: Path) -> Case:
    action, result = graph.value(test, MF + "action"), graph.value(test, MF + "result")
    plain = isinstance(action, ox.NamedNode)
    query = action if plain else graph.value(action, QT + "query")
    label = f"{folder.parent.name}/{folder.name}/{test.value.partition('#')[2]}"
    return Case(
        name=label,
        kind=kind,
        query=_path(query),
        data=() if plain else tuple(map(_path, graph.objects(action, QT + "data"))),
        graphs=()
        if plain
        else tuple(_named(graph, g) for g in graph.objects(action, QT + "graphData")),
        result=None if result is None else _path(result),
        once=graph.value(test, MF + "resultCardinality") == ox.NamedNode(MF + "LaxCardinality"),
    )


def _named(graph: Graph, named: Term) -> tuple[str, Path]:
    """A named graph is given as its file, or as a file and a name."""
    if isinstance(named, ox.NamedNode):
        return named.value, _path(named)
    label = graph.value(named, RDFS + "label")
    return label.value, _path(graph.value(named, QT + "graph"))


def address(path: Path) -> str:
    """What a file is called among graphs; an endpoint may well refuse addresses of files."""
    return HERE + quote(path.as_posix())


def _path(node: Term) -> Path:
    return Path(unquote(node.value.removeprefix(HERE)))


def _quads(path: Path, label: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
    """The triples of a file, its blank nodes its own; a TriG file has graphs of its own too."""
    parsed = ox.parse(
        path.read_bytes(),
        format=ox.RdfFormat.from_extension(path.suffix[1:]),
        base_iri=address(path),
        rename_blank_nodes=True,
        lenient=True,
    )
    for quad in parsed:
        own = isinstance(quad.graph_name, ox.NamedNode)
        yield ox.Quad(*quad.triple, quad.graph_name if own or label is None else label)


def together(found: Iterable[Case]) -> bytes:
    """N-Quads for all these tests: every file in the graph of its address."""
    graphs = {pair for case in found for pair in (*_defaults(case), *case.graphs, *_beside(case))}
    quads = (q for iri, path in sorted(graphs) for q in _quads(path, ox.NamedNode(iri)))
    return _written(quads)


def alone(case: Case) -> bytes:
    """N-Quads for this test only, its data in the default graph."""
    quads = [quad for path in case.data for quad in _quads(path)]
    for iri, path in (*case.graphs, *_beside(case)):
        quads += _quads(path, ox.NamedNode(iri))
    return _written(quads)


def _written(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _defaults(case: Case) -> list[tuple[str, Path]]:
    return [(address(path), path) for path in case.data]


def _beside(case: Case) -> list[tuple[str, Path]]:
    """What a query with FROM may name: the data in its folder."""
    if case.parameters:
        return []
    return _defaults_of(case.query.parent.glob("data*.ttl"))


def _defaults_of(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    return [(address(path), path) for path in sorted(paths)]


def passes(case: Case, endpoint: str, *, post: bool = False, exact: bool = False) -> bool:
    """Whether the endpoint answers as the test says; `exact`: it holds `alone(case)`."""
    parameters = [("query", case.text), *([] if exact else case.parameters)]
    headers = {"Accept": case.accept}
    if post:
        found = requests.post(endpoint, data=parameters, headers=headers, timeout=60)
    else:
        found = requests.get(endpoint, params=parameters, headers=headers, timeout=60)
    if case.kind != "evaluation":
        return found.status_code == (200 if case.kind == "legal" else 400)
    kind = found.headers.get("Content-Type", "").partition(";")[0]
    return found.status_code == 200 and _same(case, kind, found.content)


def _same(case: Case, kind: str, body: bytes) -> bool:
    path = case.result
    expected = path.read_bytes()
    if path.suffix == ".csv":
        return _rows(body) == _rows(expected)
    found = read(kind, body)
    if path.suffix in ACCEPT:
        wanted = read(ACCEPT[path.suffix], expected)
    else:
        wanted = _from_graph(Graph(quad.triple for quad in _quads(path)))
    return _canonical(found, once=case.once) == _canonical(wanted, once=case.once)


def _rows(content: bytes) -> Counter[tuple[tuple[str, str], ...]]:
    """The rows of a CSV answer, whatever the order of columns and the names of blank nodes."""
    rows = csv.DictReader(io.StringIO(content.decode()))
    return Counter(tuple((name, _nameless(row[name])) for name in sorted(row)) for row in rows)


def _nameless(cell: str) -> str:
    return "_:" if cell.startswith("_:") else cell


Row = dict[str, Term]
Found = bool | list[Row] | Graph


def read(kind: str, body: bytes) -> Found:
    """An answer of this media type: yes or no, solutions, or a graph."""
    form = ox.QueryResultsFormat.from_media_type(kind)
    if form is None:
        return Graph(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    found = ox.parse_query_results(body, format=form)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return [_row(zip(names, solution, strict=True)) for solution in found]


def _row(pairs: Iterable[tuple[str, Term | None]]) -> Row:
    return {name: term for name, term in pairs if term is not None}


def _from_graph(graph: Graph) -> Found:
    """A graph; the older tests write solutions and booleans as one too."""
    sets = graph.instances(RS + "ResultSet")
    if not sets:
        return graph
    said = graph.value(sets[0], RS + "boolean")
    if said is not None:
        return said.value == "true"
    rows = graph.objects(sets[0], RS + "solution")
    return [_row(_bindings(graph, row)) for row in rows]


def _bindings(graph: Graph, row: Node) -> Iterator[tuple[str, Term]]:
    for binding in graph.objects(row, RS + "binding"):
        name = graph.value(binding, RS + "variable")
        yield name.value, graph.value(binding, RS + "value")


def _canonical(found: Found, *, once: bool) -> object:
    """A value that is equal for equal answers."""
    if isinstance(found, bool):
        return found
    triples = found if isinstance(found, Graph) else _as_triples(found, once=once)
    dataset = ox.Dataset(_kept(ox.Quad(*triple) for triple in triples))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return type(found), len(found) if not once else 0, frozenset(dataset)


def _kept(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """As a store keeps them: `01` and `1` are the same integer there."""
    store = ox.Store()
    store.extend(quads)
    return iter(store)


def _as_triples(rows: list[Row], *, once: bool) -> Iterator[ox.Triple]:
    """A node for each solution, or for each different one when repeats do not matter."""
    kept = {str(sorted(row.items())): row for row in rows}.values() if once else rows
    for row in kept:
        node = ox.BlankNode()
        yield ox.Triple(node, ox.NamedNode(RS + "solution"), ox.Literal("yes"))
        for name, term in row.items():
            yield ox.Triple(node, ox.NamedNode(RS + name), term)
