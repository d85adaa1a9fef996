"""RO-Crate 1.1: the description as a research object.

The crate describes data that are elsewhere and holds no files; only data that are open to
anybody become parts. RO-Crate wants a licence or a text on how the crate may be used: where the
holder states no licence the text says just that, because a licence is not ours to choose.
https://www.researchobject.org/ro-crate/specification/1.1/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalogue.exports.export import (
    Described,
    Export,
    Maker,
    as_json,
    clean,
    moment,
    said,
    stated,
    web,
)
from catalogue.model.dataset import Distribution
from catalogue.rdf.schema_org_write import file_format

CRATE = "https://w3id.org/ro/crate/1.1"
ROOT = "./"
"""What the specification calls the root of a crate; its address is its `identifier`."""
Entity = dict[str, Any]
NO_LICENCE: Entity = {
    "@id": "#no-licence",
    "@type": "CreativeWork",
    "name": "No licence stated",
    "description": "The holder states no licence.",
}
"""What stands where RO-Crate wants a licence and there is none."""
DESCRIPTOR: Entity = {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    "conformsTo": {"@id": CRATE},
    "about": {"@id": ROOT},
}
"""By which a crate is recognised."""


def write(described: Described) -> bytes:
    """The metadata document: a flat graph in which everything is referred to by `@id`."""
    graph = [DESCRIPTOR, _root(described), *_others(described)]
    unique = {each["@id"]: each for each in reversed(graph)}
    return as_json({"@context": f"{CRATE}/context", "@graph": list(unique.values())[::-1]})


def _root(described: Described) -> Entity:
    dataset, makers = described.dataset, _one([_ref(_id(each)) for each in described.makers])
    return stated(
        {
            "@id": ROOT,
            "@type": "Dataset",
            "name": described.title,
            "description": described.description or described.title,
            "identifier": _one(_identifiers(described)),
            "url": described.iri,
            "datePublished": described.published,
            "dateModified": moment(dataset.modified),
            "version": clean(dataset.version or ""),
            "license": _ref(described.licence or NO_LICENCE["@id"]),
            "keywords": ", ".join(described.keywords),
            "author": makers,
            "creator": makers,
            "publisher": {"@id": _id(described.publisher)},
            "conditionsOfAccess": "; ".join(described.access),
            "isAccessibleForFree": described.is_open or None,
            "measurementTechnique": _one([_ref(each) for each in described.techniques]),
            "about": _one([_ref(each) for each in dataset.diseases if web(each)]),
            "hasPart": _one([_ref(each.download_url) for each in described.downloads]),
        }
    )


def _others(described: Described) -> Iterator[Entity]:
    """Everything that the root refers to, described at least by type and name."""
    for each in (described.publisher, *described.makers):
        yield _agent(each)
    licence = described.licence
    yield {"@id": licence, "@type": "CreativeWork", "name": licence} if licence else NO_LICENCE
    formats = map(file_format, described.downloads)
    for iri in (*described.techniques, *filter(web, (*described.dataset.diseases, *formats))):
        yield _term(described, iri, "DefinedTerm")
    yield from map(_file, described.downloads)


def _agent(maker: Maker) -> Entity:
    kind = "Person" if maker.is_person else "Organization"
    return stated({"@id": _id(maker), "@type": kind, "name": maker.name, "url": maker.iri})


def _term(described: Described, iri: str, kind: str) -> Entity:
    return {"@id": iri, "@type": kind, "name": described.labels(iri)[0]}


def _file(distribution: Distribution) -> Entity:
    told = file_format(distribution)
    return stated(
        {
            "@id": distribution.download_url,
            "@type": "File",
            "name": said(distribution.title) or distribution.download_url,
            "encodingFormat": _ref(web(told)) or clean(told).strip(),
            "contentSize": str(distribution.byte_size) if distribution.byte_size else None,
        }
    )


def _identifiers(described: Described) -> list[str]:
    return list(dict.fromkeys(filter(None, (described.iri, described.doi_address))))


def _id(maker: Maker) -> str:
    """Its address, else a name within this document."""
    return maker.iri or "#" + "-".join(maker.name.lower().split())


def _one(values: list[Any]) -> Any:
    """The value itself when there is just one, as RO-Crate recommends."""
    return values[0] if len(values) == 1 else values


def _ref(iri: str | None) -> dict[str, str] | None:
    return {"@id": iri} if iri else None


EXPORT = Export(
    key="ro-crate",
    media_type="application/ld+json",
    profile="https://w3id.org/ro/crate",
    name="RO-Crate",
    suffix="ro-crate-metadata.json",
    write=write,
)
