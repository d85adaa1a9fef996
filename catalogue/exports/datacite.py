"""What DataCite 4.5 asks of a dataset, for its two notations.

Mandatory are identifier, creator, title, publisher, year and type. Where no DOI was stated the
identifier is our address, which DataCite allows in metadata that are not registered with it.
https://datacite-metadata-schema.readthedocs.io/en/4.5/
"""

from __future__ import annotations

from typing import Any

from catalogue.exports.export import Described, each_language, moment, stated, web
from catalogue.model.genome import Period

KERNEL = "http://datacite.org/schema/kernel-4"
COAR = "http://purl.org/coar/access_right/"
ACCESS = {True: ("open access", f"{COAR}c_abf2"), False: ("restricted access", f"{COAR}c_16ec")}
"""The two words for access on which all readers of DataCite agree, and their addresses."""


def resource(described: Described) -> dict[str, Any]:
    """The record in DataCite's JSON; what nobody stated has no key."""
    dataset = described.dataset
    return stated(
        {
            "doi": described.doi,
            "url": described.iri,
            "types": {"resourceType": "Human genome data", "resourceTypeGeneral": "Dataset"},
            "creators": [_organisation(each.name) for each in described.makers],
            "titles": _titles(described),
            "publisher": {"name": described.publisher.name},
            "publicationYear": described.year,
            "subjects": [*_keywords(described), *_topics(described)],
            "dates": _dates(described),
            "language": described.language,
            "alternateIdentifiers": _alternates(described),
            "version": dataset.version,
            "rightsList": _rights(described),
            "descriptions": [
                stated({"description": text, "descriptionType": "Abstract", "lang": tag})
                for text, tag in each_language(dataset.description)
            ],
            "schemaVersion": KERNEL,
        }
    )


def _organisation(name: str) -> dict[str, str]:
    return {"name": name, "nameType": "Organizational"}


def _titles(described: Described) -> list[dict[str, str]]:
    told = each_language(described.dataset.title) or [(described.title, "")]
    return _unique([stated({"title": text, "lang": tag}) for text, tag in told if text])


def _keywords(described: Described) -> list[dict[str, str]]:
    return [{"subject": each} for each in described.keywords if each]


def _topics(described: Described) -> list[dict[str, str]]:
    """Diseases and techniques, by name and address."""
    known = (*described.dataset.diseases, *described.techniques)
    return _unique(
        [stated({"subject": described.labels(each)[0], "valueUri": web(each)}) for each in known]
    )


def _dates(described: Described) -> list[dict[str, str]]:
    dataset = described.dataset
    told = [("Issued", moment(dataset.issued)), ("Updated", moment(dataset.modified))]
    told += [("Collected", _range(each)) for each in dataset.temporal]
    return _unique([{"date": text, "dateType": kind} for kind, text in told if text])


def _range(period: Period) -> str:
    """RKMS-ISO8601: two dates with a slash, either of which may be left open."""
    start, end = moment(period.start), moment(period.end)
    return f"{start or ''}/{end or ''}" if start or end else ""


def _alternates(described: Described) -> list[dict[str, str]]:
    """What else it is called: our address, the holder's, and every identifier stated."""
    names = [described.iri, described.record.source_iri, *described.dataset.identifiers]
    return [
        {"alternateIdentifier": each, "alternateIdentifierType": _kind(each)}
        for each in dict.fromkeys(names)
        if each
    ]


def _kind(name: str) -> str:
    return "URL" if web(name) else "Local accession number"


def _rights(described: Described) -> list[dict[str, str]]:
    """The stated licence, and whether access is open, as far as that was stated."""
    licence = {"rights": described.licence, "rightsUri": described.licence}
    known = [licence] if described.licence else []
    if described.is_open is not None:
        words, address = ACCESS[described.is_open]
        known.append({"rights": words, "rightsUri": address})
    return [stated(each) for each in known]


def _unique(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each once, in order: DataCite refuses repetition."""
    return list({str(each): each for each in found}.values())
