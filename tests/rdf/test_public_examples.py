"""Real RDF from public repositories, where it is present beside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from catalogue.errors import ParseFailed
from catalogue.rdf.graph import Graph
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import split

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "examples"
FOLDER = Path(os.environ.get("CATALOGUE_PUBLIC_EXAMPLES", BESIDE))
SUFFIXES = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld", ".nt": "nt"}
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in SUFFIXES)
BASE = "https://holder.example/doc"

pytestmark = pytest.mark.skipif(not FILES, reason="no public examples beside the project")


def expected_datasets(path: Path, content: bytes) -> set[str] | None:
    """The described datasets that rdflib finds, or `None` when it cannot read the file."""
    if path.suffix == ".jsonld" and b'"http' in content.split(b"{", 2)[1]:
        return None  # a context by address: rdflib would fetch it
    try:
        graph = rdflib.Graph().parse(data=content, format=SUFFIXES[path.suffix], publicID=BASE)
    except Exception:  # noqa: BLE001 - rdflib's parsers raise whatever they meet
        return None
    return {
        str(subject)
        for subject in graph.subjects(RDF.type, DCAT.Dataset)
        if (subject, DCTERMS.title, None) in graph
        and (subject, RDF.type, DCAT.Catalog) not in graph
        and (subject, RDF.type, DCAT.DatasetSeries) not in graph
        and isinstance(subject, rdflib.URIRef)
    }


def read(parser: Parser, path: Path, content: bytes) -> tuple[Graph | None, int | None]:
    """The graph, or the line at which reading it failed."""
    try:
        return parser.parse(content, media_type=None, base=BASE, url=path.name), None
    except ParseFailed as failure:
        return None, failure.line


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_public_file_gives_its_datasets_or_a_line(parser: Parser, path: Path) -> None:
    content = path.read_bytes()
    expected = expected_datasets(path, content)
    graph, line = read(parser, path, content)
    assert graph is not None or (expected is None and line is not None)
    descriptions = split(graph or Graph(), source=BASE)
    found = {d.subject.value for d in descriptions if d.kind == "dataset"}
    assert found >= (expected or set())
    for description in descriptions:
        once = normalise(description)
        assert normalise(once) == once
