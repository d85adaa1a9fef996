"""Which records a page or a file describes, so that a later run can say that they are as they were.

It must be said record by record: a file that no longer describes a dataset does not change
again, and "this file is as it was" would keep that dataset for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.ingest.source import Received, Source, Web
from catalogue.rdf.graph import Graph
from catalogue.rdf.split import split


def subjects(received: Received, source: Source, web: Web) -> tuple[str, ...]:
    """The IRIs of what is described, as a run tells them apart. Raises `NotRdf`."""
    graph = received.graph
    if graph is None:
        graph = Graph(triple for each in received.documents for triple in web.parse(each))
    found = (each.subject.value for each in split(graph, source=source.url))
    return tuple(iri for iri in found if not received.subjects or iri in received.subjects)


def still_there(iris: Iterable[str], web: Web) -> bool:
    """Whether we still have every one of them; one that is gone must be asked for after all."""
    return all(web.has(iri) for iri in iris)
