"""All of a MOLGENIS EMX2 schema as one RDF document (`/{schema}/api/rdf`, or `/api/rdf`).

This is a plain document without pages or links to follow. What is particular: the notation is
chosen by `?format=` and not by what we say to accept, the document may be labelled as
anything, and beside the catalog there may be rows of every other table in the schema, which
are not taken in. A catalog, its datasets and what belongs to them stand in the same document.
Texts often have no language; that is fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from catalogue.errors import NotRdf
from catalogue.ingest.source import Item, Received, Source, Web
from catalogue.namespaces import DCAT
from catalogue.rdf.graph import Graph

ACCEPT: Final = "text/turtle, application/octet-stream;q=0.5, text/plain;q=0.4"
SERVICE: Final = "api/rdf"
RECORDS: Final = tuple(DCAT + name for name in ("Catalog", "DatasetSeries", "Dataset"))


def harvest(source: Source, web: Web) -> Iterator[Item]:
    """The whole document, once. Raises `SourceError` when it cannot be read or has no records."""
    document = web.get(document_address(source.url), accept=ACCEPT)
    graph = web.parse(document)
    if not _has_records(graph):
        raise NotRdf(
            f"{document.url}: holds no dcat:Catalog or dcat:Dataset; do the tables of this "
            "schema have these as their semantics?",
            url=document.url,
        )
    yield Received(url=document.url, documents=(document,))


def document_address(url: str) -> str:
    """Where the document is, when a schema, its RDF service or the whole server is named.

    >>> document_address("https://emx2.example/genomes/")
    'https://emx2.example/genomes/api/rdf?format=ttl'
    >>> document_address("https://emx2.example/api/rdf?format=jsonld")
    'https://emx2.example/api/rdf?format=jsonld'
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    path = path if f"/{SERVICE}" in path else f"{path}/{SERVICE}"
    query = parts.query if "format=" in parts.query else _joined(parts.query, "format=ttl")
    return urlunsplit(parts._replace(path=path, query=query))


def _joined(query: str, parameter: str) -> str:
    return f"{query}&{parameter}" if query else parameter


def _has_records(graph: Graph) -> bool:
    return any(graph.instances(class_iri) for class_iri in RECORDS)
