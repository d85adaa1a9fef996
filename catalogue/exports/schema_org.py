"""schema.org JSON-LD: the same block that stands in the page of the dataset."""

from __future__ import annotations

from catalogue.exports.export import Described, Export, as_json


def write(described: Described) -> bytes:
    """The Dataset."""
    return as_json(described.schema_org())


EXPORT = Export(
    key="schema-org",
    media_type="application/ld+json",
    profile="https://schema.org",
    name="schema.org",
    suffix="schema.jsonld",
    write=write,
    aliases=("application/vnd.schemaorg.ld+json",),
)
