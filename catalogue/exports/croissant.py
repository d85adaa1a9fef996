"""Croissant 1.0: a dataset as tools for machine learning read it.

Croissant demands a licence and a date of publication, and of every file an address and a
checksum. A licence is not ours to choose, so a dataset without one has no Croissant document.
Files are never listed: controlled data have no address that gives the bytes, and of open data
nobody tells us the checksum. What remains says what the data are, who made them and how to ask.
https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

from typing import Any

from catalogue.exports.export import Described, Export, as_json, stated, whole_date

CROISSANT = "http://mlcommons.org/croissant/1.0"
OWN_NAMES = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty",
    "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5",
    "parentField", "path", "recordSet", "references", "regex", "repeated",
    "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{name: f"cr:{name}" for name in OWN_NAMES},
}
"""The context that Croissant 1.0 prescribes to every document."""


def write(described: Described) -> bytes:
    """The schema.org Dataset with Croissant's own properties."""
    plain = described.schema_org()
    kept = {key: value for key, value in plain.items() if key not in {"@context", "distribution"}}
    ours = {
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "citeAs": cite(described),
        "datePublished": whole_date(described.dataset.issued),
        "license": described.licence,
    }
    return as_json(stated({"@context": CONTEXT, **kept, **ours}))


def lacks(described: Described) -> str:
    """What Croissant demands and nobody stated."""
    demands = {
        "a licence": described.licence,
        "a date of publication": whole_date(described.dataset.issued),
    }
    return " and ".join(name for name, value in demands.items() if not value)


def cite(described: Described) -> str:
    """How to cite the description, in one line."""
    names = ", ".join(each.name for each in described.makers)
    where = described.doi_address or described.iri
    return f"{names} ({described.year}): {described.title}. Genoomcatalogus. {where}"


EXPORT = Export(
    key="croissant",
    media_type="application/ld+json",
    profile=CROISSANT,
    name="Croissant",
    suffix="croissant.json",
    write=write,
    lacks=lacks,
)
