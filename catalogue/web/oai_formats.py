"""One record in each metadata format of OAI-PMH, as an XML element.

Names are written with their prefix, and every element that is handed over declares the
prefixes it uses, so that a harvester may cut it out of the answer. Characters that XML cannot
hold become U+FFFD; a property that cannot be the name of an element is left out with a
comment, because a dataset is not to be lost for the sake of one odd property.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, SubElement

import pyoxigraph as ox

from catalogue.exports.datacite import KERNEL, resource
from catalogue.exports.datacite_xml import XSI, build
from catalogue.exports.export import clean, each_language, maker
from catalogue.model.dataset import Catalog, Dataset
from catalogue.model.text import LangText
from catalogue.namespaces import DC, DCAT, DCT, RDF
from catalogue.rdf import rdf_xml
from catalogue.rdf.graph import Graph
from catalogue.rdf.rdf_xml import LANGUAGE
from catalogue.register.records import Published
from catalogue.web.exports import described

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DATACITE = "http://schema.datacite.org/oai/oai-1.1/"
SCHEMAS = {OAI_DC: f"{OAI_DC[:-1]}.xsd", OAI_DATACITE: f"{OAI_DATACITE}oai.xsd"}
SYMBOL = "GENOOMCATALOGUS"
"""By which the envelope of DataCite names who hands out the record."""

_NAME = re.compile(r"[\w-]{1,96}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A row of ListMetadataFormats, and how a record is written in it."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Published], Element]


def is_name(text: str) -> bool:
    """Whether a text can be the identifier or slug of anything here, so that asking is no waste.

    >>> is_name("ivz266u3dhln"), is_name("noordzee-umc"), is_name("a b"), is_name("")
    (True, True, False, False)
    """
    return _NAME.fullmatch(text) is not None


# --- RDF ----------------------------------------------------------------------------------


def dcat(published: Published) -> Element:
    """Everything that was said, as RDF/XML. A dataset also names the catalog that lists it."""
    return rdf_xml.element(Graph(_told(published)))


def _told(published: Published) -> Iterator[ox.Triple]:
    """Members of a catalog are told by the datasets: they change without the catalog."""
    yield from (t for t in published.graph if t.predicate.value != DCAT + "dataset")
    yield from listing(published.graph, published.record.iri)


def listing(graph: Graph, iri: str) -> Iterator[ox.Triple]:
    """`dcat:dataset` from our catalog in which a dataset of this address stands."""
    dataset, ours = ox.NamedNode(iri), f"{iri.rpartition('/dataset/')[0]}/catalog/"
    for home in graph.objects(dataset, DCT + "isPartOf"):
        if isinstance(home, ox.NamedNode) and home.value.startswith(ours):
            yield ox.Triple(home, ox.NamedNode(RDF + "type"), ox.NamedNode(DCAT + "Catalog"))
            yield ox.Triple(home, ox.NamedNode(DCAT + "dataset"), dataset)


# --- Dublin Core --------------------------------------------------------------------------


def dublin_core(published: Published) -> Element:
    """The fifteen elements, as far as something was stated: https://www.dublincore.org/."""
    root = Element("oai_dc:dc", {"xmlns:oai_dc": OAI_DC, "xmlns:dc": DC, **_schema(OAI_DC)})
    for name, value, language in _elements(published):
        element = SubElement(root, f"dc:{name}", {LANGUAGE: language} if language else {})
        element.text = clean(value)
    return root


def _elements(published: Published) -> Iterator[tuple[str, str, str]]:
    """(element, value, language) in the order of Dublin Core."""
    told = described(as_dataset(published))
    value, record = told.dataset, published.record
    yield from _texts("title", value.title)
    yield from (("creator", made.name, "") for each in value.creators if (made := maker(each)))
    yield from _texts("subject", LangText(value.keywords))
    yield from _texts("description", value.description)
    yield "publisher", told.publisher.name, ""
    yield from (("date", each, "") for each in (value.issued, value.modified) if each)
    yield "type", "Dataset" if record.kind == "dataset" else "Collection", ""
    yield "identifier", record.iri, ""
    yield from (("identifier", each, "") for each in value.identifiers if each.strip())
    yield from (("rights", each, "") for each in [value.access_rights] if each)
    yield "source", record.source_iri, ""


def _texts(name: str, text: LangText) -> Iterator[tuple[str, str, str]]:
    return ((name, said, language) for said, language in each_language(text))


# --- DataCite -----------------------------------------------------------------------------


def datacite(published: Published) -> Element:
    """DataCite 4, as the same record has it at its own address."""
    return build(resource(described(as_dataset(published))))


def as_dataset(published: Published) -> Published:
    """A catalog or a series with what formats of datasets ask of it."""
    value = published.value
    if isinstance(value, Dataset):
        return published
    plain = Dataset(
        iri=value.iri,
        title=value.title,
        description=value.description,
        publisher=value.publisher,
        issued=value.issued,
        modified=value.modified,
        languages=value.languages if isinstance(value, Catalog) else (),
    )
    return replace(published, value=plain)


def wrapped_datacite(published: Published) -> Element:
    """The same in the envelope of `oai_datacite`."""
    root = Element("oai_datacite", {"xmlns": OAI_DATACITE, **_schema(OAI_DATACITE)})
    _leaf(root, "schemaVersion", "4")
    _leaf(root, "datacentreSymbol", SYMBOL)
    SubElement(root, "payload").append(datacite(published))
    return root


def _schema(namespace: str) -> dict[str, str]:
    """Where the schema of an element is, as OAI-PMH §3.4 wants it said."""
    return {"xmlns:xsi": XSI, "xsi:schemaLocation": f"{namespace} {SCHEMAS[namespace]}"}


def _leaf(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
FORMATS = {
    each.prefix: each
    for each in (
        MetadataFormat("oai_dc", SCHEMAS[OAI_DC], OAI_DC, dublin_core),
        MetadataFormat("dcat", RDF_SCHEMA, RDF, dcat),
        MetadataFormat("dcat_ap", RDF_SCHEMA, RDF, dcat),
        MetadataFormat(
            "datacite", "http://schema.datacite.org/meta/kernel-4/metadata.xsd", KERNEL, datacite
        ),
        MetadataFormat("oai_datacite", SCHEMAS[OAI_DATACITE], OAI_DATACITE, wrapped_datacite),
    )
}
"""The metadata formats, by prefix. `dcat_ap` is another name for `dcat`."""
