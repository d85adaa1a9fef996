"""What the endpoint says about itself: a form for people, the service description for machines.

The description stays small, because federation engines fetch it before every query: of the
partitions it has only the largest, and the rest is in VoID.

SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox
from flask import Response, render_template, request

from catalogue.namespaces import DCT, GC, PREFIXES, RDF
from catalogue.rdf.graph import Graph, Node
from catalogue.web import negotiate, void
from catalogue.web.answers import rdf
from catalogue.web.graphs import named_graphs
from catalogue.web.messages import gettext
from catalogue.web.parts import settings

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
HERE: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine. The `Host` header can choose among them, and say nothing else."""
LARGEST: Final = 5
"""Partitions of each kind that are named."""


def introduction() -> Response:
    """A page with a form for people, the service description for machines."""
    header = request.headers.get("Accept")
    if negotiate.wants_page(header) and "format" not in request.args:
        page = render_template("sparql.html", examples=examples(), prefixes=_prefixes())
        return Response(page, mimetype="text/html")
    wanted = negotiate.choose(header, request.args.get("format"), page=False)
    stated = settings()
    at = base_of(stated.base_url, request.host)
    figures, federated = void.figures(), bool(stated.peers)
    return rdf(description(stated.base_url, figures, at=at, federated=federated), wanted)


def base_of(base: str, host: str) -> str:
    """Our base address; on one machine, by that of its own names by which we were asked.

    >>> base_of("http://127.0.0.1:8000", "localhost:8000")
    'http://localhost:8000'
    >>> base_of("https://catalogue.example", "localhost:8000")
    'https://catalogue.example'
    """
    parts = urlsplit(base)
    names = {f"{name}:{parts.port}" for name in HERE}
    known = parts.netloc in names and host in names
    return parts._replace(netloc=host).geturl() if known else base


def description(
    base: str, counted: void.Figures, *, at: str = "", federated: bool = False
) -> Graph:
    """The service description: small, with one absolute endpoint (SD §2), `at` our base.

    `federated`: some peers can be asked with SERVICE.
    """
    features = ["UnionDefaultGraph", *(["BasicFederatedQuery"] if federated else [])]
    service = ox.NamedNode(f"{at or base}/sparql")
    data, graph = ox.BlankNode("data"), ox.BlankNode("all")
    return Graph(
        [
            _says(service, RDF + "type", SD + "Service"),
            _says(service, SD + "endpoint", service.value),
            _says(service, SD + "supportedLanguage", SD + "SPARQL11Query"),
            *(_says(service, SD + "feature", SD + feature) for feature in features),
            *(_says(service, SD + "resultFormat", void.W3C_FORMATS + f) for f in RESULT_FORMATS),
            _says(service, DCT + "isPartOf", base),
            ox.Triple(service, ox.NamedNode(SD + "defaultDataset"), data),
            _says(data, RDF + "type", SD + "Dataset"),
            ox.Triple(data, ox.NamedNode(SD + "defaultGraph"), graph),
            *named_graphs(data),
            _says(graph, RDF + "type", SD + "Graph"),
            _says(graph, void.VOID + "inDataset", void.dataset(base).value),
            *_contents(graph, counted),
        ]
    )


def _contents(graph: ox.BlankNode, counted: void.Figures) -> Iterator[ox.Triple]:
    yield from void.totals(graph, counted)
    for counts, name in ((counted.classes, "class"), (counted.properties, "property")):
        yield from void.partitions(graph, counts[:LARGEST], name, "", numbers=False)


def _says(subject: Node, name: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(name), ox.NamedNode(value))


def examples() -> list[tuple[str, str]]:
    """Questions to start from: a sentence and its query."""
    return [
        (gettext("All datasets with their title"), EXAMPLES["titles"]),
        (gettext("Exomes and whole genomes with stated consent"), EXAMPLES["consent"]),
        (gettext("How many datasets each organisation has"), EXAMPLES["holders"]),
    ]


def _prefixes() -> list[tuple[str, str]]:
    return sorted(PREFIXES.items())


EXAMPLES = {
    "titles": """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?dataset ?title WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title .
} ORDER BY ?title LIMIT 100""",
    "consent": f"""PREFIX gc: <{GC}>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT DISTINCT ?dataset ?title ?assay ?term WHERE {{
  ?dataset dct:title ?title ;
           gc:assayGroup?/gc:assay ?assay ;
           gc:consentStratum/gc:condition/gc:term ?term .
  FILTER (?assay IN (gc:assay-wes, gc:assay-wgs))
}} LIMIT 100""",
    "holders": """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?name (COUNT(DISTINCT ?dataset) AS ?datasets) WHERE {
  ?dataset a dcat:Dataset ; dct:publisher/foaf:name ?name .
} GROUP BY ?name ORDER BY DESC(?datasets)""",
}
