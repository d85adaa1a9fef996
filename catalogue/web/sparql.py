"""The SPARQL endpoint: SPARQL 1.1 Protocol, queries only.

An answer is sent when it is complete (up to a megabyte in memory, a larger one in a temporary
file), so every failure has a true status and no cut answer can look whole, whatever the web
server does with an error in mid-stream.

SPARQL 1.1 Protocol: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

import pyoxigraph as ox
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import Forbidden, UnsupportedMediaType

from catalogue.errors import BadRequest
from catalogue.namespaces import DCT, GC, PREFIXES, RDF
from catalogue.rdf.graph import Graph
from catalogue.store.base import Answer
from catalogue.store.formats import FORMATS
from catalogue.web import negotiate
from catalogue.web.answers import rdf
from catalogue.web.language import PREFIX
from catalogue.web.messages import gettext
from catalogue.web.parts import services, settings

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMAT_IRIS = {
    "json": "http://www.w3.org/ns/formats/SPARQL_Results_JSON",
    "xml": "http://www.w3.org/ns/formats/SPARQL_Results_XML",
    "csv": "http://www.w3.org/ns/formats/SPARQL_Results_CSV",
    "tsv": "http://www.w3.org/ns/formats/SPARQL_Results_TSV",
    "turtle": "http://www.w3.org/ns/formats/Turtle",
    "n-triples": "http://www.w3.org/ns/formats/N-Triples",
    "json-ld": "http://www.w3.org/ns/formats/JSON-LD",
    "rdf-xml": "http://www.w3.org/ns/formats/RDF_XML",
}
IN_MEMORY = 1_000_000
PIECE = 64 * 1024
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
BY_US: dict[str, Any] = {"provide_automatic_options": False}
"""`OPTIONS` is answered here and not by Flask."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with the graphs it names outside its text."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


def install(app: Flask) -> None:
    """Serve the endpoint at `/sparql`."""
    app.add_url_rule("/sparql", "sparql", answer, methods=["GET", "POST"], **BY_US)
    app.add_url_rule("/sparql", "sparql_options", preflight, methods=["OPTIONS"], **BY_US)
    app.add_url_rule(PREFIX + "/sparql", "sparql")


def preflight() -> Response:
    """What a browser asks before it asks."""
    return Response(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})


def answer() -> Response:
    """Answer a query; without one, say what can be asked here."""
    asked = read_question()
    if asked is None:
        return introduction()
    found = services().store.query(
        asked.query,
        accept=_accept(asked),
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )
    return stream(found)


def read_question() -> Asked | None:
    """The query of this request, in any of the three forms of the protocol (§2.1)."""
    _refuse_updates()
    if request.method != "POST":
        return _asked(request.args.getlist("query"))
    if "query" in request.args:
        raise BadRequest("query: it belongs in the body of a POST, not also in the address")
    if request.mimetype == "application/sparql-query":
        return _asked([_text(request.get_data())])
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        asked = _asked(request.form.getlist("query"))
        if asked is None:
            raise BadRequest("query: the form has no query")
        return asked
    raise UnsupportedMediaType(
        "Send application/x-www-form-urlencoded or application/sparql-query."
    )


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"query: it is not UTF-8 (byte {error.start + 1})") from error


def _refuse_updates() -> None:
    form = request.mimetype == "application/x-www-form-urlencoded"
    stated = "update" in request.args or (form and "update" in request.form)
    if stated or request.mimetype == "application/sparql-update":
        raise Forbidden("This endpoint answers queries only; updates are refused.")


def _asked(queries: list[str]) -> Asked | None:
    if not queries:
        return None
    if len(queries) > 1:
        raise BadRequest("query: it is given more than once")
    return Asked(
        query=queries[0],
        default_graphs=_graphs("default-graph-uri"),
        named_graphs=_graphs("named-graph-uri"),
        format=request.values.get("format", ""),
    )


def _graphs(parameter: str) -> tuple[str, ...]:
    found = tuple(request.values.getlist(parameter))
    for iri in found:
        if not ABSOLUTE.fullmatch(iri):
            raise BadRequest(f"{parameter}: {iri[:100]!r} is not an absolute IRI")
    return found


def _accept(asked: Asked) -> str:
    """The Accept header; `format=` decides for browsers and for those who accept anything."""
    named = next((f for f in FORMATS if asked.format in (f.name, f.extension)), None)
    header = request.headers.get("Accept", "")
    if named is not None and (header.strip() in {"", "*/*"} or negotiate.wants_page(header)):
        return f"{named.media_type}, */*;q=0.1"
    return header


def stream(found: Answer) -> Response:
    """Send an answer once it is whole; a limit that strikes before that is an error."""
    whole = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response
    try:
        for chunk in found.chunks:
            whole.write(chunk)
    except BaseException:
        whole.close()
        raise
    size = whole.tell()
    whole.seek(0)
    response = Response(_pieces(whole), content_type=_content_type(found.media_type))
    response.content_length = size
    response.call_on_close(whole.close)
    response.vary.add("Accept")
    if found.media_type == "text/csv":
        response.headers["Content-Disposition"] = 'attachment; filename="answer.csv"'
    return response


def _pieces(whole: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with whole:
        while piece := whole.read(PIECE):
            yield piece


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def introduction() -> Response:
    """A page with a form for people, the service description for machines."""
    header = request.headers.get("Accept")
    if negotiate.wants_page(header) and "format" not in request.args:
        page = render_template("sparql.html", examples=examples(), prefixes=_prefixes())
        return Response(page, mimetype="text/html")
    wanted = negotiate.choose(header, request.args.get("format"), page=False)
    return rdf(description(settings().base_url), wanted)


def description(base: str) -> Graph:
    """The service description: small, with one absolute endpoint (SD §2)."""
    service = ox.NamedNode(f"{base}/sparql")
    data = ox.BlankNode("dataset")

    def says(subject: ox.NamedNode | ox.BlankNode, name: str, value: str) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(name), ox.NamedNode(value))

    return Graph(
        [
            says(service, RDF + "type", SD + "Service"),
            says(service, SD + "endpoint", service.value),
            says(service, SD + "supportedLanguage", SD + "SPARQL11Query"),
            says(service, SD + "feature", SD + "UnionDefaultGraph"),
            *(says(service, SD + "resultFormat", each) for each in FORMAT_IRIS.values()),
            ox.Triple(service, ox.NamedNode(SD + "defaultDataset"), data),
            says(data, RDF + "type", SD + "Dataset"),
            says(service, DCT + "isPartOf", base),
        ]
    )


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
