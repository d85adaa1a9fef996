"""What is in the public store, in figures: VoID at `/.well-known/void`.

The figures are counted when somebody asks and something changed, at most once a minute; when
the store does not answer, everything else is said without them.

VoID: https://www.w3.org/TR/void/
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

import pyoxigraph as ox
from flask import Flask, Response, current_app, request

from catalogue.errors import StoreError
from catalogue.namespaces import DCT, FOAF, PREFIXES, RDF, XSD
from catalogue.rdf.graph import Graph, Node
from catalogue.settings import Settings
from catalogue.store import queries
from catalogue.store.base import PublicStore
from catalogue.web import negotiate
from catalogue.web.answers import rdf
from catalogue.web.parts import services, settings

KEY: Final = "void"
VOID: Final = "http://rdfs.org/ns/void#"
W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"
ADDRESS: Final = "/.well-known/void"
PAUSE: Final = 60.0
COUNT_SECONDS: Final = 3.0

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many things each class has and statements each property makes, the most first."""

    classes: Counts = ()
    properties: Counts = ()

    @property
    def triples(self) -> int:
        """Statements in all."""
        return sum(count for _, count in self.properties)


class Counted:
    """The figures of a store, counted again when it changed, and not too often."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._of: tuple[str, float] | None = None
        self._figures = Figures()

    def figures(self, store: PublicStore) -> Figures:
        """As they are, or were a minute ago; none when the store does not answer."""
        with self._lock:
            if self._due(store.state()):
                try:
                    self._figures = count(store)
                except StoreError as error:
                    current_app.logger.warning("void: %s", error)
                    self._figures = Figures()
            return self._figures

    def _due(self, state: str) -> bool:
        now = self._clock()
        if self._of and (self._of[1] + PAUSE > now or (state and self._of[0] == state)):
            return False
        self._of = (state, now)
        return True


def install(app: Flask) -> None:
    """Serve it."""
    app.extensions[KEY] = Counted()
    app.add_url_rule(ADDRESS, "void", show)


def show() -> Response:
    """The description in any RDF notation."""
    asked = request.args.get("format")
    wanted = negotiate.choose(request.headers.get("Accept"), asked, page=False)
    return rdf(description(settings(), figures()), wanted)


def figures() -> Figures:
    """The figures of the public store."""
    return cast(Counted, current_app.extensions[KEY]).figures(services().store)


def count(store: PublicStore) -> Figures:
    """Ask the store. Raises `StoreError`."""
    return Figures(_counts(store, "partition-classes"), _counts(store, "partition-properties"))


def _counts(store: PublicStore, name: str) -> Counts:
    accept = "application/sparql-results+json"
    found = store.query(queries.text(name), accept=accept, seconds=COUNT_SECONDS, own=True).read()
    try:
        rows = json.loads(found)["results"]["bindings"]
        return tuple((row["name"]["value"], int(row["count"]["value"])) for row in rows)
    except (ValueError, KeyError) as error:
        raise StoreError(f"{name}: the store answered with something else") from error


def dataset(base: str) -> ox.NamedNode:
    """The name of everything that is public here, as one dataset of linked data."""
    return ox.NamedNode(f"{base}{ADDRESS}#dataset")


def description(stated: Settings, counted: Figures) -> Graph:
    """The whole description, with a partition for every class and property."""
    base = stated.base_url
    document, data = ox.NamedNode(base + ADDRESS), dataset(base)
    return Graph(
        [
            _iri(document, RDF + "type", VOID + "DatasetDescription"),
            _iri(document, FOAF + "primaryTopic", data.value),
            *_about(data, stated),
            *totals(data, counted),
            *partitions(data, counted.classes, "class", "entities"),
            *partitions(data, counted.properties, "property", "triples"),
        ]
    )


def _about(data: ox.NamedNode, stated: Settings) -> Iterator[ox.Triple]:
    base = stated.base_url
    yield _iri(data, RDF + "type", VOID + "Dataset")
    yield ox.Triple(data, ox.NamedNode(DCT + "title"), ox.Literal("Genoomcatalogus"))
    yield _iri(data, DCT + "publisher", f"{base}#publisher")
    yield _iri(data, DCT + "license", stated.license)
    yield _iri(data, FOAF + "homepage", base + "/")
    yield _iri(data, VOID + "rootResource", base)
    yield _iri(data, VOID + "sparqlEndpoint", f"{base}/sparql")
    yield _iri(data, VOID + "dataDump", f"{base}/dump.nq.gz")
    yield ox.Triple(data, ox.NamedNode(VOID + "uriSpace"), ox.Literal(base + "/"))
    for vocabulary in sorted(set(PREFIXES.values())):
        yield _iri(data, VOID + "vocabulary", vocabulary)
    for form in ("Turtle", "JSON-LD", "RDF_XML", "N-Triples"):
        yield _iri(data, VOID + "feature", W3C_FORMATS + form)


def totals(data: Node, counted: Figures) -> Iterator[ox.Triple]:
    """How many statements, classes and properties; nothing when they could not be counted."""
    if counted.properties:
        yield _number(data, VOID + "triples", counted.triples)
        yield _number(data, VOID + "classes", len(counted.classes))
        yield _number(data, VOID + "properties", len(counted.properties))


def partitions(
    data: Node, counts: Counts, name: str, measure: str, *, numbers: bool = True
) -> Iterator[ox.Triple]:
    """A part of the dataset for each of these classes or properties."""
    for place, (iri, number) in enumerate(counts):
        part = ox.BlankNode(f"{name}{place}")
        yield ox.Triple(data, ox.NamedNode(f"{VOID}{name}Partition"), part)
        yield _iri(part, VOID + name, iri)
        if numbers:
            yield _number(part, VOID + measure, number)


def _iri(subject: Node, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value))


def _number(subject: Node, predicate: str, value: int) -> ox.Triple:
    literal = ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    return ox.Triple(subject, ox.NamedNode(predicate), literal)
