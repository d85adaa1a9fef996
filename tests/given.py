"""Values that tests start from: say only what matters, the rest is filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox

from catalogue.model.text import LangText, Text
from catalogue.namespaces import PREFIXES
from catalogue.rdf.graph import Graph
from catalogue.register.records import Holder
from catalogue.register.writer import Draft

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_graph(turtle: str) -> Graph:
    """A graph from Turtle that may use our prefixes; relative IRIs are under umc.example."""
    parsed = ox.parse(
        PROLOGUE + turtle, format=ox.RdfFormat.TURTLE, base_iri="https://umc.example/"
    )
    return Graph(quad.triple for quad in parsed)


def named(iri: str) -> ox.NamedNode:
    """A node of umc.example, or of anywhere when the IRI is whole."""
    return ox.NamedNode(iri if "://" in iri else f"https://umc.example/{iri}")


def both(graph: Graph) -> ox.Dataset:
    """A graph in canonical form, to compare with another whatever its blank nodes are called."""
    found = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in graph)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def a_draft(identifier: str = "aaaaaaaaaaaa", **changes: Any) -> Draft:
    """A dataset ready to be published: "Genomes" of the Merwestad Hospital."""
    ours = f"https://catalogue.example/dataset/{identifier}"
    title = changes.pop("title", "Genomes")
    graph = a_graph(f'<{ours}> a dcat:Dataset ; dct:title "{title}"@en .')
    given: dict[str, Any] = {
        "id": identifier,
        "kind": "dataset",
        "source_iri": f"https://umc.example/dataset/{identifier}",
        "url": f"https://umc.example/dataset/{identifier}",
        "digest": "d1",
        "title": LangText((Text(title, "en"),)),
        "holder": Holder(slug="merwestad", name=LangText((Text("Merwestad Hospital", "en"),))),
        "catalog": None,
        "documents": (),
        "received": graph,
        "normalised": graph,
        "public": graph,
    }
    return Draft(**{**given, **changes})
