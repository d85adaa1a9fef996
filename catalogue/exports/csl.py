"""CSL-JSON: a list with one item, from which any citation style can be made.

https://github.com/citation-style-language/schema
"""

from __future__ import annotations

from catalogue.exports.export import Described, Export, as_json, clean, stated


def write(described: Described) -> bytes:
    """The item; organisations are literal names, which no style may turn around."""
    item = {
        "id": described.record.id,
        "type": "dataset",
        "title": described.title,
        "author": [{"literal": each.name} for each in described.makers],
        "publisher": described.publisher.name,
        "issued": {"date-parts": [_parts(described)]},
        "DOI": described.doi,
        "URL": described.iri,
        "abstract": described.description,
        "language": described.title_language,
        "version": clean(described.dataset.version or ""),
        "keyword": ", ".join(described.keywords),
        "archive": "Genoomcatalogus",
    }
    return as_json([stated(item)])


def _parts(described: Described) -> list[int]:
    """Year, month and day, as far as they are known."""
    return [int(each) for each in described.published.split("-")]


EXPORT = Export(
    key="csl",
    media_type="application/vnd.citationstyles.csl+json",
    name="CSL-JSON",
    suffix="csl.json",
    write=write,
)
