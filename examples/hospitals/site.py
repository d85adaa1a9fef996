"""What stands at which address of a hospital's host.

A FAIR Data Point gives every catalog, dataset and distribution a page of its own, joined
by LDP containers; a paged catalog gives a few datasets and a link to the next page; a file
gives everything at once. The text of a record is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from examples.hospitals.describe import Description
from examples.hospitals.generate import written
from examples.hospitals.hospital import CatalogList, Hospital
from examples.hospitals.turtle import (
    CC0,
    EU,
    PREFIXES,
    Pairs,
    contact,
    literal,
    moment,
    organisation,
    resource,
    texts,
)

PAGE_SIZE = 6
OLD_FDP = "http://rdf.biosemantics.org/ontologies/fdp-o#"
MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One dataset as its hospital publishes it: Turtle texts, hand-written or generated."""

    id: str
    catalog: str
    dataset: str
    distributions: dict[str, str] = field(default_factory=dict)
    draft: bool = False

    @property
    def whole(self) -> str:
        """The dataset and its distributions in one text."""
        return "\n".join([self.dataset, *self.distributions.values()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address. `media_type` is fixed, or `None` when the client may choose.

    `turtle` is what the page says. A draft answers 403; `fault` names what goes wrong.
    """

    turtle: str
    media_type: str | None = None
    draft: bool = False
    fault: str = ""


def records(hospital: Hospital, generated: Iterable[Description]) -> list[Record]:
    """Every record of a hospital, by id."""
    found = [_hand_written(hospital, path.stem) for path in hospital.folder.glob("dataset/*.ttl")]
    found += [_generated(hospital, description) for description in generated]
    return sorted(found, key=lambda record: record.id)


def _generated(hospital: Hospital, description: Description) -> Record:
    texts_ = written(description, hospital)
    return Record(
        id=description.id,
        catalog=description.catalog,
        dataset=texts_.dataset,
        distributions=texts_.distributions,
        draft=description.draft,
    )


def _hand_written(hospital: Hospital, identifier: str) -> Record:
    text = (hospital.folder / f"dataset/{identifier}.ttl").read_text("utf-8")
    parent = re.search(r"dct:isPartOf <[^>]*/catalog/([\w-]+)>", text)
    forms = sorted(hospital.folder.glob(f"distribution/{identifier}--*.ttl"))
    return Record(
        id=identifier,
        catalog=parent[1] if parent else hospital.catalogs[0].id,
        dataset=text,
        distributions={path.stem.partition("--")[2]: path.read_text("utf-8") for path in forms},
        draft=identifier in hospital.drafts,
    )


def pages(hospital: Hospital, found: Sequence[Record]) -> dict[str, Page]:
    """Path and query → page."""
    return {**_records(found), **BUILDERS[hospital.protocol](hospital, found)}


def _records(found: Sequence[Record]) -> dict[str, Page]:
    """Each record at the address that is its name, whatever the protocol."""
    made: dict[str, Page] = {}
    for record in found:
        made[f"/dataset/{record.id}"] = Page(turtle=record.dataset, draft=record.draft)
        for name, text in record.distributions.items():
            made[f"/distribution/{record.id}--{name}"] = Page(turtle=text, draft=record.draft)
    return made


# A FAIR Data Point


def _fdp(hospital: Hospital, found: Sequence[Record]) -> dict[str, Page]:
    made = {"/": Page(turtle=_root(hospital))}
    for catalog in hospital.catalogs:
        inside = [record for record in found if record.catalog == catalog.id]
        made[f"/catalog/{catalog.id}"] = Page(turtle=_fdp_catalog(hospital, catalog, inside))
    for position, record in enumerate(found):
        made[f"/dataset/{record.id}"] = Page(
            turtle=_fdp_dataset(hospital, record),
            draft=record.draft,
            fault=hospital.faults.at(position),
        )
    return made


def _root(hospital: Hospital) -> str:
    catalogs = [f"{hospital.base}/catalog/{catalog.id}" for catalog in hospital.catalogs]
    old = "old-namespace" in hospital.ways
    relation = "r3d:dataCatalog" if old else "fdp:metadataCatalog"
    class_ = "fdp:FAIRDataPoint, " + (
        "r3d:Repository" if old else "fdp:MetadataService, dcat:DataService"
    )
    pairs: Pairs = [
        (
            "dct:title",
            texts({tag: f"FAIR Data Point {name}" for tag, name in hospital.name.items()}),
        ),
        ("dct:description", literal(f"Synthetic demonstration in {hospital.city}.", "en")),
        ("dct:publisher", f"<{hospital.iri}>"),
        ("dct:license", f"<{CC0}>"),
        ("dct:conformsTo", f"<{hospital.base}/profile/repository>"),
        ("dcat:endpointURL", f"<{hospital.base}>"),
        ("dcat:version", literal("1.0")),
        ("dct:language", f"<{EU}/language/NLD>"),
        ("fdp:conformsToFdpSpec", "<https://specs.fairdatapoint.org/fdp-specs-v1.2.html>"),
        *_metadata(hospital, hospital.base),
        (relation, _addresses(catalogs)),
    ]
    root = resource(f"<{hospital.base}>", class_, pairs)
    container = _container(hospital, hospital.base, "catalog", relation, catalogs)
    return "\n".join([PREFIXES, root, _publisher(hospital), container])


def _fdp_catalog(hospital: Hospital, catalog: CatalogList, inside: Sequence[Record]) -> str:
    iri = f"{hospital.base}/catalog/{catalog.id}"
    public = [f"{hospital.base}/dataset/{r.id}" for r in inside if not r.draft]
    leaked = [f"{hospital.base}/dataset/{r.id}" for r in inside if r.draft]
    listed = public + leaked if "leaks-drafts" in hospital.ways else public
    pairs = [
        ("dct:isPartOf", f"<{hospital.base}>"),
        *_metadata(hospital, iri),
        ("dcat:dataset", _addresses(public)),
    ]
    container = _container(hospital, iri, "dataset", "dcat:dataset", sorted(listed))
    return "\n".join([_catalog(hospital, catalog, pairs), container])


def _fdp_dataset(hospital: Hospital, record: Record) -> str:
    iri = f"{hospital.base}/dataset/{record.id}"
    said = resource(
        f"<{iri}>", "dcat:Resource", _metadata(hospital, iri) + _defaults(hospital, iri)
    )
    forms = [f"{hospital.base}/distribution/{record.id}--{name}" for name in record.distributions]
    container = _container(hospital, iri, "distribution", "dcat:distribution", forms)
    return "\n".join(
        [record.dataset, PREFIXES, said, _open_access(hospital, iri), container if forms else ""]
    )


def _metadata(hospital: Hospital, iri: str) -> Pairs:
    """What the server says of its own record."""
    space = OLD_FDP if "old-namespace" in hospital.ways else "https://w3id.org/fdp/fdp-o#"
    return [
        (f"<{space}metadataIdentifier>", f"<{iri}#identifier>"),
        (f"<{space}metadataIssued>", moment("2024-02-01")),
        (f"<{space}metadataModified>", moment("2026-11-02")),
    ]


def _defaults(hospital: Hospital, iri: str) -> Pairs:
    """What old servers add unasked: open access, and a profile of their own."""
    if "polluted" not in hospital.ways:
        return []
    return [
        ("dct:accessRights", f"<{iri}#accessRights>"),
        ("dct:conformsTo", f"<{hospital.base}/profile/2f08228e-1789-40f8-84cd-28e3288c3604>"),
    ]


def _open_access(hospital: Hospital, iri: str) -> str:
    if "polluted" not in hospital.ways:
        return ""
    statement = literal("This resource has no access restriction", "en")
    return resource(
        f"<{iri}#accessRights>", "dct:RightsStatement", [("dct:description", statement)]
    )


def _container(
    hospital: Hospital, parent: str, kind: str, relation: str, children: list[str]
) -> str:
    shared = "shared-containers" in hospital.ways
    address = f"{hospital.base}/{kind}/" if shared else f"{parent}/{kind}/"
    pairs = [
        ("dct:title", literal(f"{kind}s", "en")),
        ("ldp:membershipResource", f"<{parent}>"),
        ("ldp:hasMemberRelation", relation),
        ("ldp:contains", _addresses(children)),
    ]
    return resource(f"<{address}>", "ldp:DirectContainer", pairs)


# A catalog in pages, and in one file


def _hydra(hospital: Hospital, found: Sequence[Record]) -> dict[str, Page]:
    public = [record for record in found if not record.draft]
    parts = [public[at : at + PAGE_SIZE] for at in range(0, len(public), PAGE_SIZE)]
    made = {
        f"{hospital.path}?page={number}": _hydra_page(hospital, part, number, parts)
        for number, part in enumerate(parts, start=1)
    }
    return {hospital.path: made[f"{hospital.path}?page=1"], **made}


def _hydra_page(
    hospital: Hospital, part: Sequence[Record], number: int, parts: Sequence[Sequence[Record]]
) -> Page:
    total = sum(map(len, parts))
    pairs: Pairs = [
        ("hydra:first", _page_link(hospital, 1)),
        ("hydra:last", _page_link(hospital, len(parts))),
        ("hydra:previous", _page_link(hospital, number - 1) if number > 1 else ""),
        ("hydra:next", _page_link(hospital, number + 1) if number < len(parts) else ""),
    ]
    view = resource(f"<{hospital.url}?page={number}>", "hydra:PartialCollectionView", pairs)
    collection = [
        ("hydra:totalItems", str(total)),
        ("hydra:view", f"<{hospital.url}?page={number}>"),
    ]
    whole = resource(f"<{hospital.url}>", "hydra:Collection", collection)
    return Page(turtle="\n".join([_listing(hospital, part), view, whole]))


def _page_link(hospital: Hospital, number: int) -> str:
    address = f"{hospital.url}?page={number}"
    return literal(address) if "literal-next" in hospital.ways else f"<{address}>"


def _file(hospital: Hospital, found: Sequence[Record]) -> dict[str, Page]:
    public = [record for record in found if not record.draft]
    suffix = hospital.path[hospital.path.rindex(".") :]
    return {hospital.path: Page(turtle=_listing(hospital, public), media_type=MEDIA_TYPES[suffix])}


def _listing(hospital: Hospital, part: Sequence[Record]) -> str:
    """The catalog with these records in full; a dataset without an address has no link."""
    named = [record for record in part if "[] a dcat:Dataset" not in record.dataset]
    links = _addresses([f"{hospital.base}/dataset/{record.id}" for record in named])
    catalog = _catalog(hospital, hospital.catalogs[0], [("dcat:dataset", links)])
    return "\n".join([catalog, *(record.whole for record in part), PREFIXES])


# What they share


def _catalog(hospital: Hospital, catalog: CatalogList, more: Pairs) -> str:
    pairs: Pairs = [
        ("dct:title", texts(catalog.title)),
        ("dct:description", texts(catalog.description)),
        ("dct:publisher", f"<{hospital.iri}>"),
        ("dcat:contactPoint", contact(hospital)),
        ("dct:license", f"<{CC0}>"),
        ("dct:issued", moment("2024-02-01")),
        ("dct:modified", moment("2026-11-02")),
        ("dct:language", f"<{EU}/language/NLD>, <{EU}/language/ENG>"),
        ("dcat:themeTaxonomy", f"<{EU}/data-theme>"),
        *more,
    ]
    iri = f"<{hospital.base}/catalog/{catalog.id}>"
    return "\n".join([PREFIXES, resource(iri, "dcat:Catalog", pairs), _publisher(hospital)])


def _publisher(hospital: Hospital) -> str:
    return resource(f"<{hospital.iri}>", "foaf:Agent", organisation(hospital))


def _addresses(iris: Iterable[str]) -> str:
    return ", ".join(f"<{iri}>" for iri in iris)


BUILDERS = {"fdp": _fdp, "dcat-hydra": _hydra, "dcat-file": _file}
"""Protocol → how its pages are made."""
