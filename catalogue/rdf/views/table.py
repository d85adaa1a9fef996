"""THE table: which adaptations make the view of each profile, in the order they are applied.

An adaptation takes a graph and gives a graph and remarks. Each may be applied twice without
changing anything more. A new adaptation is a function and a row here.
"""

from __future__ import annotations

import pyoxigraph as ox

from catalogue.namespaces import (
    ADMS,
    CV,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    EU_AUTHORITY,
    FOAF,
    GDI,
    HDC,
    HDEU,
    PROV,
    RDF,
    VCARD,
)
from catalogue.rdf import normalise
from catalogue.rdf.fields import ONE_MG
from catalogue.rdf.graph import Graph
from catalogue.rdf.views import codes, contacts, dates, identifiers, lists, needs
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    adding,
    agents,
    catalogs,
    datasets,
    distributions,
    either,
    health_agents,
    led_to,
    resources,
    rewriting,
    triple,
)
from catalogue.rdf.views.change import (
    contacts as contact_nodes,
)
from catalogue.rdf.views.offers import offers
from catalogue.rdf.views.spelling import one_spelling

Rows = dict[str, Adaptation]
SYNTHETIC = EU_AUTHORITY + "dataset-type/SYNTHETIC_DATA"
SYNTHETIC_OF_GDI = SYNTHETIC.replace("http:", "https:")
"""GDI's shapes write `https:` where the authority says `http:`, and accept nothing else."""


def _licence(graph: Graph, subject: ox.NamedNode) -> Adapted:
    """The licence of a dataset also holds for its distributions."""
    return normalise.copy_licence(graph, subject)[0], ()


def _synthetic(fact: ox.Triple) -> list[ox.Triple] | None:
    if fact.object != ox.NamedNode(SYNTHETIC):
        return None
    return [ox.Triple(fact.subject, fact.predicate, ox.NamedNode(SYNTHETIC_OF_GDI))]


_as_resources = adding(
    either(resources),
    lambda _graph, node: [triple(node, RDF + "type", ox.NamedNode(DCAT + "Resource"))],
)

_COMMON: Rows = {
    "one spelling": one_spelling,
    "themes in words": lists.themes_in_words,
    "text identifiers": identifiers.text_identifiers,
    "no dates": dates.unread,
}
_DCAT_AP: Rows = {
    **_COMMON,
    "provenance statements": lists.provenance_statements,
    "labelled concepts": lists.labelled_concepts,
    "themes as addresses": lists.addresses_only(datasets, DCAT + "theme"),
    "no texts": lists.only(
        datasets,
        lists.no_text,
        *(DCAT + name for name in ("landingPage", "hasVersion")),
        *(DCT + n for n in ("language", "spatial", "type", "conformsTo", "hasVersion")),
        *(FOAF + "page", ADMS + "status"),
        remark="not-an-address",
    ),
    "several publishers": lists.at_most_one(resources, DCT + "publisher", DCT + "accessRights"),
}

_COUNTS = ("numberOfRecords", "numberOfUniqueIndividuals", "minTypicalAge", "maxTypicalAge")
_no_counts = lists.not_allowed(datasets, lists.whole_number, *(HDC + name for name in _COUNTS))

HEALTH_RI: Rows = {
    "named distributions": identifiers.named(distributions, "distribution"),
    **_COMMON,
    "moments": dates.as_moments(zoned=True),
    "codes as addresses": codes.codes_as_addresses,
    "conditions of interest": codes.conditions_of_interest,
    "disease codes": codes.disease_addresses,
    "coding systems": codes.wikidata_systems,
    "mailboxes": contacts.mailboxes,
    "home pages": contacts.homepages,
    "agents' identifiers": contacts.agent_identifiers,
    "contacts": contacts.kinds,
    "one contact": lists.single(
        either(datasets, catalogs), DCAT + "contactPoint", rank=lists.most_complete
    ),
    "one name and address of a contact": lists.single(
        contact_nodes, VCARD + "fn", VCARD + "hasEmail"
    ),
    "one mailbox": lists.single(agents, FOAF + "mbox", FOAF + "homepage"),
    "one access address": lists.single(distributions, DCAT + "accessURL", DCAT + "downloadURL"),
    "address as identifier": identifiers.address_as_identifier,
    "one identifier": identifiers.one_identifier,
    "plain notations": identifiers.plain_notations,
    "addresses only": lists.addresses_only(
        datasets,
        *(DCAT + name for name in ("theme", "hasVersion", "inSeries", "distribution")),
        *(
            DCT + name
            for name in ("accrualPeriodicity", "conformsTo", "isReferencedBy", "language")
        ),
        *(DCT + name for name in ("source", "spatial", "type")),
        *(HDC + name for name in ("healthTheme", "hasCodingSystem", "analytics")),
        *(DPV + name for name in ("hasLegalBasis", "hasPurpose", "hasPersonalData")),
        *(FOAF + "page", ADMS + "sample", ADMS + "status", PROV + "wasGeneratedBy"),
        DCATAP + "applicableLegislation",
    ),
    "distributions' addresses": lists.addresses_only(
        distributions,
        *(DCAT + name for name in ("mediaType", "compressFormat", "packageFormat")),
        *(DCT + name for name in ("format", "language", "license", "rights", "conformsTo")),
        FOAF + "page",
    ),
    "licence": _licence,
    "several publishers": lists.at_most_one(resources, DCT + "publisher", DCT + "accessRights"),
    "several licences": lists.at_most_one(distributions, DCT + "license", DCT + "rights"),
    "access rights": lists.not_allowed(
        datasets, lists.one_of(lists.ACCESS_RIGHTS), DCT + "accessRights"
    ),
    "no counts": _no_counts,
    "not stated": needs.not_stated(needs.HEALTH_RI),
}

HEALTH_DCAT_AP: Rows = {
    **_DCAT_AP,
    "codes as text": codes.codes_as_text,
    "disease codes": codes.disease_texts,
    "European coding systems": codes.european_systems,
    "coding systems on the list": lists.only(
        datasets, lists.below(f"{HDEU}coding-system/"), HDC + "hasCodingSystem"
    ),
    "coding systems are standards": codes.systems_as_standards,
    "health themes": lists.only(datasets, lists.one_of(lists.HEALTH_THEMES), HDC + "healthTheme"),
    "European health categories": lists.european_categories,
    "standards on the list": lists.only(
        datasets, lists.below(f"{HDEU}standard/"), DCT + "conformsTo"
    ),
    "contacts": contacts.kinds,
    "contact points": contacts.contact_points,
    "one contact point": lists.single(health_agents, CV + "contactPoint", rank=lists.most_complete),
    "unreachable contacts": contacts.unreachable,
    "e-mail as text": contacts.bare_emails,
    "one e-mail address of a contact": lists.single(
        contact_nodes, VCARD + "hasEmail", VCARD + "hasURL"
    ),
    "address as identifier": identifiers.address_as_identifier,
    "access rights": lists.not_allowed(
        datasets, lists.one_of(lists.ACCESS_RIGHTS), DCT + "accessRights"
    ),
    "no counts": _no_counts,
    "not stated": needs.not_stated(needs.HEALTH_DCAT_AP),
}

DCAT_AP: Rows = {
    **_DCAT_AP,
    "diseases as themes": codes.diseases_as_themes,
    "not stated": needs.not_stated(needs.DCAT_AP),
}

DCAT_AP_NL: Rows = {
    **_DCAT_AP,
    "contacts": contacts.kinds,
    "licence": _licence,
    "one access address": lists.single(distributions, DCAT + "accessURL", DCAT + "downloadURL"),
    "one contact": lists.single(catalogs, DCAT + "contactPoint", rank=lists.most_complete),
    "address as identifier": identifiers.address_as_identifier,
    "one identifier": identifiers.one_identifier,
    "not stated": needs.not_stated(needs.DCAT_AP_NL),
}

GENOMIC_DATA: Rows = {
    "named distributions": identifiers.named(distributions, "distribution"),
    **_COMMON,
    "1+MG status": lists.only(datasets, lists.one_of(frozenset(ONE_MG)), DCT + "conformsTo"),
    "health categories": lists.gdi_categories,
    "health categories on the list": lists.only(
        datasets, lists.below(f"{GDI}HealthCategory"), HDC + "healthCategory"
    ),
    "synthetic data": rewriting([DCT + "type"], _synthetic),
    "dataset types": lists.only(
        datasets, lists.one_of(frozenset({SYNTHETIC_OF_GDI})), DCT + "type"
    ),
    "legal basis": lists.addresses_only(
        datasets, DPV + "hasLegalBasis", DCT + "isReferencedBy", DCAT + "theme"
    ),
    "contacts": contacts.kinds,
    "cards of agents": contacts.cards,
    "one name and address of a contact": lists.single(
        contact_nodes, VCARD + "fn", VCARD + "hasEmail"
    ),
    "identifiers": identifiers.gdi_identifiers,
    "plain notations": identifiers.plain_notations,
    "several publishers": lists.at_most_one(resources, DCT + "publisher", DCT + "accessRights"),
    "access rights": lists.not_allowed(
        datasets, lists.one_of(lists.ACCESS_RIGHTS), DCT + "accessRights"
    ),
    "no counts": _no_counts,
    "not stated": needs.not_stated(needs.GENOMIC_DATA),
}

FAIR_DATA_POINT: Rows = {
    "named distributions": identifiers.named(distributions, "distribution"),
    "named contacts": identifiers.named(led_to(DCAT + "contactPoint"), "contact"),
    **_COMMON,
    "resources": _as_resources,
    "moments": dates.as_moments(zoned=False),
    "diseases as themes": codes.diseases_as_themes,
    "media types as text": lists.media_type_texts,
    "one contact": lists.single(datasets, DCAT + "contactPoint", rank=lists.most_complete),
    "one text": lists.single(resources, DCT + "title", DCT + "description", DCT + "language"),
    "one name": lists.single(agents, FOAF + "name"),
    "one page": lists.single(datasets, DCAT + "landingPage"),
    "several publishers": lists.at_most_one(
        resources, DCT + "publisher", DCT + "license", DCT + "rights"
    ),
    "not stated": needs.not_stated(needs.FAIR_DATA_POINT),
}

_ADAPTED: dict[str, Rows] = {
    "health-ri-core-2": HEALTH_RI,
    "healthdcat-ap-8": HEALTH_DCAT_AP,
    "dcat-ap-3": DCAT_AP,
    "dcat-ap-nl-3": DCAT_AP_NL,
    "gdi-1": GENOMIC_DATA,
    "fair-data-point-1": FAIR_DATA_POINT,
}
VIEWS: dict[str, Rows] = {
    "full": {},
    **{key: {**rows, "offers": offers} for key, rows in _ADAPTED.items()},
}
"""Name of the adaptation → the adaptation, by the profile's key. Offers come last: they repeat
what the view says by then.
"""
