"""What DataCite 4.5 asks of a record, for its two notations and for OAI-PMH.

Mandatory are identifier, creator, title, publisher, year and type. Where no DOI was stated the
identifier is our address, which DataCite allows in metadata that are not registered with it.
https://datacite-metadata-schema.readthedocs.io/en/4.5/
"""

from __future__ import annotations

from typing import Any

from catalogue.exports.export import (
    ORCID,
    Described,
    Maker,
    clean,
    each_language,
    moment,
    stated,
    web,
)
from catalogue.model.genome import Period
from catalogue.rdf.doi import doi

KERNEL = "http://datacite.org/schema/kernel-4"
COAR = "http://purl.org/coar/access_right/"
ACCESS = {True: ("open access", f"{COAR}c_abf2"), False: ("restricted access", f"{COAR}c_16ec")}
"""The two words for access on which all readers of DataCite agree, and their addresses."""
KINDS = {
    "dataset": ("Human genome data", "Dataset"),
    "catalog": ("Catalogue of human genome data", "Collection"),
    "series": ("Series of human genome data", "Collection"),
}
"""What each kind of record is, in words and in DataCite's list."""
NAMED = {
    # where an identifier of a maker begins: (its scheme, the scheme's address)
    ORCID: ("ORCID", "https://orcid.org"),
    "https://ror.org/": ("ROR", "https://ror.org"),
}


def resource(described: Described) -> dict[str, Any]:
    """The record in DataCite's JSON; what nobody stated has no key."""
    dataset, (words, kind) = described.dataset, KINDS[described.record.kind]
    return stated(
        {
            "doi": described.doi,
            "url": described.iri,
            "types": {"resourceType": words, "resourceTypeGeneral": kind},
            "creators": _unique([_creator(each, described) for each in described.makers]),
            "titles": _titles(described),
            "publisher": {"name": described.publisher.name},
            "publicationYear": described.year,
            "subjects": [*_keywords(described), *_topics(described)],
            "dates": _dates(described),
            "language": described.language,
            "alternateIdentifiers": _alternates(described),
            "version": clean(dataset.version or ""),
            "rightsList": _rights(described),
            "descriptions": [
                stated({"description": text, "descriptionType": "Abstract", "lang": tag})
                for text, tag in each_language(dataset.description)
            ],
            "schemaVersion": KERNEL,
        }
    )


def _creator(maker: Maker, described: Described) -> dict[str, Any]:
    """Whether it is a person is only said when that is known."""
    known = {True: "Personal", False: ""}[maker.is_person]
    if maker == described.publisher:
        known = "Organizational"
    names = [_name(maker.iri, *NAMED[start]) for start in NAMED if _begins(maker.iri, start)]
    return stated({"name": maker.name, "nameType": known, "nameIdentifiers": names})


def _begins(iri: str | None, start: str) -> bool:
    return (iri or "").startswith(start)


def _name(iri: str | None, scheme: str, address: str) -> dict[str, str]:
    named = {"nameIdentifier": iri or "", "nameIdentifierScheme": scheme}
    return {**named, "schemeUri": address}


def _titles(described: Described) -> list[dict[str, str]]:
    told = each_language(described.dataset.title) or [(described.title, "")]
    return _unique([stated({"title": text, "lang": tag}) for text, tag in told])


def _keywords(described: Described) -> list[dict[str, str]]:
    return [{"subject": each} for each in described.keywords]


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
    """What else it is called: our address, the holder's, and every other identifier stated."""
    given = (clean(each).strip() for each in described.dataset.identifiers)
    others = (each for each in given if not described.doi or doi(each) != described.doi)
    names = [described.iri, described.record.source_iri, *others]
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


def _unique(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once, in order: DataCite refuses repetition."""
    return list({str(each): each for each in found}.values())
