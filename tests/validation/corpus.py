"""Descriptions and shapes to test with.

Our own examples, small mutations of them, and, where a folder of real metadata is at hand,
real files and official shape sets.

`CATALOGUE_TEST_DATA` names that folder (`examples/` and `shapes/` in it). It is not part
of the project, because licences differ; without it the tests that need it are skipped.
"""

from __future__ import annotations

import atexit
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from catalogue.namespaces import DCAT, OWL, XSD
from catalogue.rdf.graph import Graph

ROOT = Path(__file__).parents[2]


def _profiles() -> Path:
    """The folder of profiles; with those of `shapes-next`, while that folder is there."""
    if not (ROOT / "shapes-next").is_dir():
        return ROOT / "shapes"
    together = Path(tempfile.mkdtemp(prefix="shapes-"))
    atexit.register(shutil.rmtree, together)
    for folder in (*(ROOT / "shapes").iterdir(), *(ROOT / "shapes-next").iterdir()):
        (together / folder.name).symlink_to(folder)
    return together


SHAPES = _profiles()

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def turtle(text: str) -> Graph:
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {
            "": "urn:x:",
            "dcat": DCAT,
            "dct": "http://purl.org/dc/terms/",
            "sh": "http://www.w3.org/ns/shacl#",
            "xsd": XSD,
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "gc": "https://w3id.org/genoomcatalogus/ns#",
        }.items()
    )
    return parsed((prefixes + text).encode(), ox.RdfFormat.TURTLE)


def parsed(content: bytes, form: ox.RdfFormat) -> Graph:
    quads = ox.parse(
        content,
        format=form,
        base_iri="https://example.org/document",
        rename_blank_nodes=True,
        lenient=True,
    )
    return Graph(quad.triple for quad in quads)


def examples(kind: str = "*") -> list[Path]:
    return sorted(SHAPES.glob(f"*/examples/{kind}/*.ttl"))


def example(path: Path) -> Graph:
    return parsed(path.read_bytes(), ox.RdfFormat.TURTLE)


def data() -> Path | None:
    """The folder that the environment names, else `shared/data` beside the checkout."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CATALOGUE_TEST_DATA") or beside)
    return folder if folder.is_dir() else None


def real_files() -> Iterator[tuple[str, Graph]]:
    """Real descriptions that parse and describe something."""
    folder = data()
    for path in sorted(folder.glob("examples/**/*")) if folder else []:
        graph = _readable(path)
        if graph is not None and _describes(graph):
            yield path.name, graph


def official_shapes() -> Iterator[tuple[str, Graph]]:
    """Each folder of official shapes as one shapes graph, without its imports."""
    folder = data()
    for inner in sorted({path.parent for path in folder.glob("shapes/**/*.ttl")} if folder else ()):
        graphs = [_readable(path) for path in sorted(inner.glob("*.ttl"))]
        triples = (t for graph in graphs if graph for t in graph)
        shapes = Graph(t for t in triples if t.predicate.value != OWL + "imports")
        yield str(inner.relative_to(folder or inner)), shapes


def mutated(graph: Graph, seed: int) -> Graph:
    """The graph with a few triples lost, doubled or given another value.

    Blank nodes get canonical names first, so that a seed means the same in every run.
    """
    chance = random.Random(seed)
    same = ox.Dataset(ox.Quad(*each) for each in graph)
    same.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = sorted((quad.triple for quad in same), key=str)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(triples))
        triples[place : place + 1] = _changed(triples[place], triples, chance)
    return Graph(triples)


def _changed(triple: ox.Triple, triples: list[ox.Triple], chance: random.Random) -> list[ox.Triple]:
    other = chance.choice([*(t.object for t in triples), *ODD_VALUES])
    swapped = ox.Triple(triple.subject, triple.predicate, other)
    return chance.choice([[], [swapped], [triple, swapped]]) or [swapped]


ODD_VALUES = (
    ox.Literal(""),
    ox.Literal("x", language="nl"),
    ox.Literal("y", language="nl"),
    ox.Literal("-5", datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
    ox.Literal("007", datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
    ox.Literal("many", datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
    ox.Literal("0", datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
    ox.Literal("5", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("250.0", datatype=ox.NamedNode(XSD + "decimal")),
    ox.Literal("2026-02-30", datatype=ox.NamedNode(XSD + "date")),
    ox.Literal("2026-02-28", datatype=ox.NamedNode(XSD + "dateTime")),
    ox.Literal("2026-02-28T10:00:00", datatype=ox.NamedNode(XSD + "dateTime")),
    ox.Literal("2026-02-28T24:00:00Z", datatype=ox.NamedNode(XSD + "dateTime")),
    ox.Literal("2026-02-28 10:00:00", datatype=ox.NamedNode(XSD + "dateTime")),
    ox.Literal("2026", datatype=ox.NamedNode(XSD + "gYear")),
    ox.Literal("yes", datatype=ox.NamedNode(XSD + "boolean")),
    ox.NamedNode("mailto:somebody@example.org"),
    ox.NamedNode("https://example.org/nothing"),
    ox.BlankNode("nowhere"),
)


def _readable(path: Path) -> Graph | None:
    form = FORMATS.get(path.suffix)
    if form is None:
        return None
    try:
        return parsed(path.read_bytes(), form)
    except (SyntaxError, ValueError):
        return None


def _describes(graph: Graph) -> bool:
    return len(graph) >= 12 and bool(
        graph.instances(DCAT + "Dataset") or graph.instances(DCAT + "Catalog")
    )
