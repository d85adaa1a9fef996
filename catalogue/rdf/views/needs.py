"""What each profile cannot do without; what nobody stated is named, and never filled in."""

from __future__ import annotations

import pyoxigraph as ox

from catalogue.namespaces import CV, DCAT, DCATAP, DCT, EU_AUTHORITY, FOAF, HDC, VCARD
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    Role,
    agents,
    agents_named,
    catalogs,
    contacts_named,
    datasets,
    distributions,
    health_agents_named,
    lacking,
    series,
    services,
)

Needs = tuple[tuple[Role, tuple[str, ...]], ...]
"""(who, which properties) rows."""

_TEXTS = (DCT + "title", DCT + "description")
_LAW = DCATAP + "applicableLegislation"
_RIGHTS = DCT + "accessRights"
_NAME: Needs = ((agents, (FOAF + "name",)),)
_NAME_OF_ALL: Needs = ((agents_named, (FOAF + "name",)),)
_SERIES: Needs = ((series, _TEXTS),)
_HEALTH = (*_TEXTS, _RIGHTS, _LAW, DCAT + "theme", DCT + "publisher")

HEALTH_RI: Needs = (
    (datasets, (*_HEALTH, DCAT + "contactPoint", DCT + "creator", DCAT + "keyword")),
    (catalogs, (*_TEXTS, DCT + "publisher", DCAT + "contactPoint")),
    (
        distributions,
        (
            *(DCT + name for name in ("title", "format", "license", "rights")),
            *(DCAT + name for name in ("accessURL", "byteSize")),
        ),
    ),
    (agents_named, (*(FOAF + n for n in ("name", "mbox", "homepage")), DCT + "identifier")),
    (contacts_named, (VCARD + "fn", VCARD + "hasEmail")),
    (
        services,
        (
            *(*_TEXTS, _RIGHTS, DCT + "license", DCT + "publisher", DCAT + "theme"),
            *(DCAT + name for name in ("contactPoint", "endpointURL", "endpointDescription")),
        ),
    ),
    (series, (*_TEXTS, DCAT + "contactPoint")),
)


def _closed_datasets(graph: Graph) -> list[Node]:
    """HealthDCAT-AP asks less of datasets that are stated to be public."""
    public = ox.NamedNode(EU_AUTHORITY + "access-right/PUBLIC")
    return [each for each in datasets(graph) if public not in graph.objects(each, _RIGHTS)]


HEALTH_DCAT_AP: Needs = (
    (_closed_datasets, (DCAT + "contactPoint", DCAT + "keyword")),
    (
        datasets,
        (
            *(*_TEXTS, _RIGHTS, _LAW, DCT + "type", DCT + "provenance"),
            *(DCAT + name for name in ("distribution", "theme")),
            *(HDC + name for name in ("hdab", "healthCategory", "hasStructuredData")),
        ),
    ),
    (distributions, (_LAW, DCAT + "accessURL")),
    (catalogs, (*_TEXTS, _LAW)),
    (series, (*_TEXTS, _LAW)),
    (health_agents_named, (CV + "contactPoint",)),
    *_NAME,
)
DCAT_AP: Needs = (
    (datasets, _TEXTS),
    (catalogs, (*_TEXTS, DCT + "publisher")),
    (distributions, (DCAT + "accessURL",)),
    (services, (DCT + "title", DCAT + "endpointURL")),
    *_SERIES,
    *_NAME,
)
DCAT_AP_NL: Needs = (
    (
        datasets,
        (
            *(*_TEXTS, _RIGHTS, DCAT + "contactPoint", DCAT + "theme"),
            *(DCT + "creator", DCT + "publisher"),
        ),
    ),
    (catalogs, (*_TEXTS, DCT + "publisher", DCAT + "contactPoint", DCAT + "dataset")),
    (distributions, (DCAT + "accessURL", DCT + "license")),
    (
        services,
        (
            *(DCT + n for n in ("title", "accessRights", "license", "publisher")),
            *(DCAT + n for n in ("contactPoint", "endpointURL", "endpointDescription", "theme")),
        ),
    ),
    *_SERIES,
    *_NAME,
)
GENOMIC_DATA: Needs = (
    (datasets, (*_HEALTH, DCT + "identifier", DCT + "creator", HDC + "healthCategory")),
    (catalogs, (*_TEXTS, _LAW)),
    (distributions, (DCT + "title", DCAT + "accessURL", _LAW)),
    (contacts_named, (VCARD + "fn", VCARD + "hasEmail")),
    *_NAME_OF_ALL,
)
FAIR_DATA_POINT: Needs = (
    (datasets, (DCT + "title", DCT + "publisher", DCAT + "version", DCAT + "theme")),
    (catalogs, (DCT + "title", DCT + "publisher", DCAT + "version")),
    (distributions, (DCAT + "mediaType",)),
    *_NAME_OF_ALL,
)


def not_stated(needs: Needs) -> Adaptation:
    """Name what is lacking; the graph stays as it is."""

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        notes = tuple(
            lacking("not-stated", each, predicate)
            for role, predicates in needs
            for each in role(graph)
            for predicate in predicates
            if not graph.objects(each, predicate)
        )
        return graph, notes

    return adapt
