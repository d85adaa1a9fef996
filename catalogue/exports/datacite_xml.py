"""DataCite 4.5 as XML, written from the same record as the JSON.

The order of elements is free in kernel 4 (`xs:all`). https://schema.datacite.org/meta/kernel-4.5/
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from catalogue.exports.datacite import KERNEL, resource
from catalogue.exports.export import Described, Export, clean

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{KERNEL} https://schema.datacite.org/meta/kernel-4.5/metadata.xsd"
LISTS = (
    # the list, its item (which is also the key of the text), {attribute: key}
    ("titles", "title", {"xml:lang": "lang"}),
    ("subjects", "subject", {"valueURI": "valueUri"}),
    ("dates", "date", {"dateType": "dateType"}),
    (
        "alternateIdentifiers",
        "alternateIdentifier",
        {"alternateIdentifierType": "alternateIdentifierType"},
    ),
    ("rightsList", "rights", {"rightsURI": "rightsUri"}),
    ("descriptions", "description", {"descriptionType": "descriptionType", "xml:lang": "lang"}),
)
"""What is a list of texts with attributes, which is nearly everything."""
NAME = {"nameIdentifierScheme": "nameIdentifierScheme", "schemeURI": "schemeUri"}
LEAVES = ("publicationYear", "language", "version")


def write(described: Described) -> bytes:
    """The document."""
    element = build(resource(described))
    text = tostring(element, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def build(record: dict[str, Any]) -> Element:
    """The `resource` element of a record in DataCite's JSON."""
    root = Element("resource", {"xmlns": KERNEL, "xmlns:xsi": XSI, "xsi:schemaLocation": SCHEMA})
    _identifier(root, record)
    _creators(root, record["creators"])
    _leaf(root, "publisher", record["publisher"]["name"])
    kind = record["types"]
    _leaf(
        root,
        "resourceType",
        kind["resourceType"],
        resourceTypeGeneral=kind["resourceTypeGeneral"],
    )
    for name in LEAVES:
        if record.get(name):
            _leaf(root, name, record[name])
    for name, item, attributes in LISTS:
        if record.get(name):
            _list(SubElement(root, name), item, record[name], attributes)
    return root


def _identifier(root: Element, record: dict[str, Any]) -> None:
    doi = record.get("doi")
    _leaf(root, "identifier", doi or record["url"], identifierType="DOI" if doi else "URL")


def _creators(root: Element, creators: list[dict[str, Any]]) -> None:
    every = SubElement(root, "creators")
    for each in creators:
        one = SubElement(every, "creator")
        kind = {"nameType": each["nameType"]} if "nameType" in each else {}
        _leaf(one, "creatorName", each["name"], **kind)
        _list(one, "nameIdentifier", each.get("nameIdentifiers", []), NAME)


def _list(parent: Element, item: str, found: list[dict[str, str]], names: dict[str, str]) -> None:
    for each in found:
        attributes = {name: each[key] for name, key in names.items() if key in each}
        _leaf(parent, item, each[item], **attributes)


def _leaf(parent: Element, name: str, text: str, **attributes: str) -> None:
    known = {key: clean(value) for key, value in attributes.items()}
    SubElement(parent, name, known).text = clean(text)


EXPORT = Export(
    key="datacite-xml",
    media_type="application/vnd.datacite.datacite+xml",
    name="DataCite XML",
    suffix="datacite.xml",
    write=write,
)
