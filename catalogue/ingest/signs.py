"""Find out which protocol an address speaks, by looking at what it answers first.

The signs are looked at in a fixed order, from the most to the least particular. When the
answer is a web page, a few usual places are asked as well: somebody who only knows the
address of a hospital's catalogue should not have to know the address of its interface.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from catalogue.errors import NotRdf, SourceError
from catalogue.ingest.dense import JSON_MARKS, refuse_dense
from catalogue.ingest.source import Document, Web
from catalogue.namespaces import DCAT, LDES, LDP, TREE
from catalogue.rdf.graph import Graph

BEGINNING = 4000
"""Bytes at the beginning of a document in which its own words are looked for."""
PAGES = ("text/html", "application/xhtml+xml")
SHEETS = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ACCEPT = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, "
    "application/n-triples;q=0.7, application/json;q=0.4, application/xml;q=0.3, */*;q=0.1"
)
FDP_TYPES = ("FAIRDataPoint", "FairDataPoint", "MetadataService", "Repository")
FDP_LINKS = ("metadataCatalog", "dataCatalog")
SERVICE = "http://www.w3.org/ns/sparql-service-description#Service"
RECORDS = (DCAT + "Dataset", DCAT + "Catalog", DCAT + "DatasetSeries")
ASK = "query=ASK%20%7B%7D"


@dataclass(frozen=True, slots=True)
class Guess:
    """A protocol, and the address at which it is spoken."""

    protocol: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; `graph` when that is RDF."""

    document: Document
    graph: Graph | None

    @property
    def beginning(self) -> str:
        """The first words, in lower case, whatever they are."""
        return self.document.content[:BEGINNING].decode("utf-8", "replace").lower()

    @property
    def is_page(self) -> bool:
        """Whether a browser would show it as a web page."""
        return self.document.media_type in PAGES or bool(
            re.match(r"\ufeff?\s*(<!doctype html|<html)", self.beginning)
        )


def _is_oai(answer: Answer) -> bool:
    return "openarchives.org/oai/2.0" in answer.beginning and "<oai-pmh" in answer.beginning


def _is_sitemap(answer: Answer) -> bool:
    return bool(re.search(r"<(\w+:)?(urlset|sitemapindex)[\s>]", answer.beginning))


def _is_ckan(answer: Answer) -> bool:
    """CKAN's action API answers `{"help": …, "success": …, "result": …}`."""
    said = _json(answer)
    return isinstance(said, dict) and {"success", "result"} <= set(said)


def _is_ask(answer: Answer) -> bool:
    said = _json(answer)
    return isinstance(said, dict) and isinstance(said.get("boolean"), bool)


def _is_sheet(answer: Answer) -> bool:
    path = urlsplit(answer.document.url).path.lower()
    return answer.document.media_type in SHEETS or path.endswith((".xlsx", ".csv"))


def _is_ldes(answer: Answer) -> bool:
    return _says(answer, types=(LDES + "EventStream",), links=(TREE + "view", TREE + "member"))


def _is_sparql(answer: Answer) -> bool:
    return _says(answer, types=(SERVICE,))


def _is_emx2(answer: Answer) -> bool:
    return answer.graph is not None and urlsplit(answer.document.url).path.endswith("/api/rdf")


def _is_fdp(answer: Answer) -> bool:
    """A root, or any other record that leads on through a container."""
    graph = answer.graph
    if graph is None:
        return False
    types = {kind for node in graph.subjects() for kind in graph.types(node)}
    links = {triple.predicate.value for triple in graph}
    return (
        any("fdp" in each.lower() and each.endswith(FDP_TYPES) for each in types)
        or any(each.endswith("#Repository") and "re3data" in each for each in types)
        or any(each.endswith(FDP_LINKS) for each in links)
        or LDP + "contains" in links
    )


def _is_dcat(answer: Answer) -> bool:
    return _says(answer, types=RECORDS)


def _says(answer: Answer, types: Collection[str] = (), links: Collection[str] = ()) -> bool:
    graph = answer.graph
    return graph is not None and (
        any(True for kind in types for _ in graph.instances(kind))
        or any(triple.predicate.value in links for triple in graph)
    )


def _json(answer: Answer) -> object:
    try:
        refuse_dense(answer.document, JSON_MARKS)
        return json.loads(answer.document.content)
    except (NotRdf, ValueError, RecursionError):
        return None


Sign = Callable[[Answer], bool]

SIGNS: tuple[tuple[str, Sign], ...] = (
    ("oai", _is_oai),
    ("sitemap", _is_sitemap),
    ("ckan", _is_ckan),
    ("spreadsheet", _is_sheet),
    ("ldes", _is_ldes),
    ("fdp", _is_fdp),
    ("sparql", _is_sparql),
    ("emx2", _is_emx2),
    ("dcat", _is_dcat),
)
"""What tells a protocol by the first answer; the first sign that fits decides."""

PROBES: tuple[tuple[str, str, Sign, str | None], ...] = (
    ("oai", "?verb=Identify", _is_oai, ""),
    ("sparql", f"?{ASK}", _is_ask, ""),
    ("ckan", "/api/3/action/package_search?rows=0", _is_ckan, "/"),
    ("sitemap", "/sitemap.xml", _is_sitemap, None),
)
"""Protocol, what to ask where the first answer says nothing, the sign, and the source's address
then: relative to what was asked first, or `None` for what was asked."""


def find_out(
    url: str, web: Web, known: Collection[str], asked: list[str]
) -> tuple[Guess | None, SourceError | None]:
    """The protocol of `url` out of those that are `known`, and why it could not be read.

    `asked` gets every address that was asked. A guess may have another address than `url`.
    """
    answer, error = _first(url, web, asked)
    if answer is not None:
        for protocol, fits in SIGNS:
            if protocol in known and fits(answer):
                return Guess(protocol, url), None
    if answer is None or answer.is_page or not answer.graph:
        for guess in _probed(url, web, known, asked):
            return guess, None
    return None, error


def _first(url: str, web: Web, asked: list[str]) -> tuple[Answer | None, SourceError | None]:
    asked.append(url)
    try:
        document = web.get(url, accept=ACCEPT, pages=True)
    except SourceError as error:
        return None, error
    try:
        graph = web.parse(document)
    except SourceError as error:
        return Answer(document, None), error
    return Answer(document, graph), None


def _probed(url: str, web: Web, known: Collection[str], asked: list[str]) -> Iterator[Guess]:
    for protocol, question, fits, place in PROBES:
        if protocol in known:
            address = _joined(url, question)
            answer, _ = _asked(address, web, asked)
            if answer is not None and fits(answer):
                yield Guess(protocol, address if place is None else _place(url, place))


def _asked(url: str, web: Web, asked: list[str]) -> tuple[Answer | None, SourceError | None]:
    asked.append(url)
    try:
        return Answer(web.get(url, accept="*/*", pages=True), None), None
    except SourceError as error:
        return None, error


def _place(url: str, place: str) -> str:
    return urljoin(url, place) if place else url


def _joined(url: str, question: str) -> str:
    """`question` is a query for the same place, or a path on the same host."""
    if not question.startswith("?"):
        return urljoin(url, question)
    return urlunsplit(urlsplit(url)._replace(query=question[1:], fragment=""))
