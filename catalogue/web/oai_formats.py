"""One record in each metadata format of OAI-PMH, as an XML element.

Names are written with their prefix, and every element that is handed over declares the
prefixes it uses, so that a harvester may cut it out of the answer. Characters that XML cannot
hold become U+FFFD; a property that cannot be the name of an element is left out with a
comment, because a dataset is not to be lost for the sake of one odd property.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Comment, Element, SubElement, tostring

import pyoxigraph as ox

from catalogue.model.agent import Agent
from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.text import LangText
from catalogue.namespaces import DC, DCAT, DCT, PREFIXES, RDF
from catalogue.rdf.graph import Graph
from catalogue.rdf.serialise import ordered
from catalogue.register.records import Published

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DATACITE = "http://datacite.org/schema/kernel-4"
OAI_DATACITE = "http://schema.datacite.org/oai/oai-1.1/"
LANGUAGE = "xml:lang"
UNKNOWN = ":unav"
"""DataCite's word for a mandatory value that is not available."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOCAL = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_TAIL = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_NAME = re.compile(r"[\w-]{1,96}", re.ASCII)
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A row of ListMetadataFormats, and how a record is written in it."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Published], Element]


def xml_bytes(element: Element) -> bytes:
    """The document; a carriage return is kept, which a parser would otherwise drop."""
    text = tostring(element, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def is_name(text: str) -> bool:
    """Whether a text can be the identifier or slug of anything here, so that asking is no waste.

    >>> is_name("ivz266u3dhln"), is_name("noordzee-umc"), is_name("a b"), is_name("")
    (True, True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def clean(text: str) -> str:
    r"""The text with U+FFFD for what XML 1.0 cannot hold.

    >>> clean("a\x00b") == "a\ufffdb"
    True
    """
    return _FORBIDDEN.sub("\ufffd", text)


# --- RDF ----------------------------------------------------------------------------------


def dcat(published: Published) -> Element:
    """Everything that was said, as RDF/XML. A dataset also names the catalog that lists it."""
    return rdf_element(Graph(_told(published)))


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


def rdf_element(graph: Graph) -> Element:
    """A graph as an `rdf:RDF` element, in a stable order."""
    triples = ordered(graph)
    text = "\n".join(map(str, triples))
    used = {p: ns for p, ns in PREFIXES.items() if p == "rdf" or f"<{ns}" in text}
    root = Element("rdf:RDF", {f"xmlns:{p}": ns for p, ns in used.items()})
    for subject, about in groupby(triples, key=lambda triple: triple.subject):
        _describe(root, subject, list(about))
    return root


def _describe(root: Element, subject: object, about: list[ox.Triple]) -> None:
    """One subject; its first class that has a prefix names the element."""
    kinds = [t for t in about if t.predicate.value == RDF + "type" and _class_name(t.object)]
    name = _class_name(kinds[0].object) if kinds else ""
    node = SubElement(root, name or "rdf:Description", _place(subject, "rdf:about"))
    for triple in about:
        if not kinds or triple is not kinds[0]:
            _property(node, triple)


def _class_name(term: object) -> str:
    return _prefixed(term.value) if isinstance(term, ox.NamedNode) else ""


def _prefixed(iri: str) -> str:
    """`dcat:Dataset`; empty when none of our prefixes fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.match(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""


def _property(node: Element, triple: ox.Triple) -> None:
    name, declared = _prefixed(triple.predicate.value), {}
    if not name:
        tail = _TAIL.search(triple.predicate.value)
        if tail is None:
            node.append(Comment(clean(f" {triple.predicate.value} ").replace("--", "- -")))
            return
        name = f"p:{tail[0]}"
        declared = {"xmlns:p": triple.predicate.value[: tail.start()]}
    value = SubElement(node, name, declared)
    if isinstance(triple.object, ox.Literal):
        _literal(value, triple.object)
    else:
        value.attrib.update(_place(triple.object, "rdf:resource"))


def _place(node: object, attribute: str) -> dict[str, str]:
    if isinstance(node, ox.NamedNode):
        return {attribute: clean(node.value)}
    return {"rdf:nodeID": f"n{node.value}"} if isinstance(node, ox.BlankNode) else {}


def _literal(element: Element, literal: ox.Literal) -> None:
    element.text = clean(literal.value)
    if literal.language:
        element.set(LANGUAGE, literal.language)
    elif literal.datatype.value != PREFIXES["xsd"] + "string":
        element.set("rdf:datatype", literal.datatype.value)


# --- Dublin Core --------------------------------------------------------------------------


def dublin_core(published: Published) -> Element:
    """The fifteen elements, as far as something was stated: https://www.dublincore.org/."""
    root = Element("oai_dc:dc", {"xmlns:oai_dc": OAI_DC, "xmlns:dc": DC})
    for name, value, language in _elements(published):
        element = SubElement(root, f"dc:{name}", {LANGUAGE: language} if language else {})
        element.text = clean(value)
    return root


def _elements(published: Published) -> Iterator[tuple[str, str, str]]:
    """(element, value, language) in the order of Dublin Core."""
    value, record = published.value, published.record
    yield from _texts("title", value.title)
    if isinstance(value, Dataset):
        yield from (("creator", name, "") for name in _names(value.creators))
        yield from (("subject", each.value, each.language) for each in value.keywords)
    yield from _texts("description", value.description)
    yield "publisher", _publisher(published), ""
    yield from (("date", each, "") for each in (value.issued, value.modified) if each)
    yield "type", "Dataset" if isinstance(value, Dataset) else "Collection", ""
    yield "identifier", record.iri, ""
    if isinstance(value, Dataset):
        yield from (("identifier", each, "") for each in value.identifiers)
        yield from (("rights", each, "") for each in [value.access_rights] if each)
    yield "source", record.source_iri, ""


def _texts(name: str, text: LangText) -> Iterator[tuple[str, str, str]]:
    return ((name, each.value, each.language) for each in text.texts)


def _names(agents: tuple[Agent, ...]) -> list[str]:
    return [agent.name.value("en") for agent in agents if agent.name]


def _publisher(published: Published) -> str:
    """The stated publisher, else whom we list as holder."""
    stated = published.value.publisher
    name = stated.name if stated and stated.name else published.record.holder.name
    return name.value("en") or UNKNOWN


# --- DataCite -----------------------------------------------------------------------------


def datacite(published: Published) -> Element:
    """DataCite 4 (https://schema.datacite.org/); what it demands and nobody stated is `:unav`."""
    value = published.value
    root = Element("resource", {"xmlns": DATACITE})
    scheme, identifier = _identifier(published)
    _leaf(root, "identifier", identifier, identifierType=scheme)
    creators = SubElement(root, "creators")
    for name in _creators(published):
        creator = SubElement(creators, "creator")
        _leaf(creator, "creatorName", name, nameType="Organizational")
    _languages(SubElement(root, "titles"), "title", value.title)
    _leaf(root, "publisher", _publisher(published))
    _leaf(root, "publicationYear", _year(published))
    kind = "Dataset" if isinstance(value, Dataset) else "Collection"
    _leaf(root, "resourceType", kind, resourceTypeGeneral=kind)
    _optional(root, published)
    return root


def _optional(root: Element, published: Published) -> None:
    value = published.value
    if isinstance(value, Dataset) and value.keywords:
        subjects = SubElement(root, "subjects")
        _languages(subjects, "subject", LangText(value.keywords))
    others = SubElement(root, "alternateIdentifiers")
    _leaf(others, "alternateIdentifier", published.record.iri, alternateIdentifierType="URL")
    if isinstance(value, Dataset) and value.access_rights:
        rights = SubElement(root, "rightsList")
        _leaf(rights, "rights", value.access_rights, rightsURI=value.access_rights)
    if value.description:
        descriptions = SubElement(root, "descriptions")
        _languages(descriptions, "description", value.description, descriptionType="Abstract")


def wrapped_datacite(published: Published) -> Element:
    """The same in the envelope of `oai_datacite`."""
    root = Element("oai_datacite", {"xmlns": OAI_DATACITE})
    _leaf(root, "schemaVersion", "4")
    SubElement(root, "payload").append(datacite(published))
    return root


def _identifier(published: Published) -> tuple[str, str]:
    """The DOI that was stated, else our address."""
    value: Dataset | Catalog | Series = published.value
    stated = value.identifiers if isinstance(value, Dataset) else ()
    for each in stated:
        if found := _DOI.search(each):
            return "DOI", found[0]
    return "URL", published.record.iri


def _creators(published: Published) -> list[str]:
    value = published.value
    stated = _names(value.creators) if isinstance(value, Dataset) else []
    return stated or [_publisher(published)]


def _year(published: Published) -> str:
    """The stated year of publication, else when it became public here."""
    found = _YEAR.match(published.value.issued or "")
    return found[0] if found else str(published.record.first_seen.year)


def _languages(parent: Element, name: str, text: LangText, **attributes: str) -> None:
    for each in text.texts:
        language = {LANGUAGE: each.language} if each.language else {}
        _leaf(parent, name, each.value, **attributes).attrib.update(language)


def _leaf(parent: Element, name: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    element.text = clean(text)
    return element


RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
FORMATS = {
    each.prefix: each
    for each in (
        MetadataFormat("oai_dc", f"{OAI_DC[:-1]}.xsd", OAI_DC, dublin_core),
        MetadataFormat("dcat", RDF_SCHEMA, RDF, dcat),
        MetadataFormat("dcat_ap", RDF_SCHEMA, RDF, dcat),
        MetadataFormat(
            "datacite", "http://schema.datacite.org/meta/kernel-4/metadata.xsd", DATACITE, datacite
        ),
        MetadataFormat("oai_datacite", f"{OAI_DATACITE}oai.xsd", OAI_DATACITE, wrapped_datacite),
    )
}
"""The metadata formats, by prefix. `dcat_ap` is another name for `dcat`."""
