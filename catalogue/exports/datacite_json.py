"""DataCite 4.5 as JSON, as the services of DataCite and InvenioRDM exchange it."""

from __future__ import annotations

from catalogue.exports.datacite import resource
from catalogue.exports.export import Described, Export, as_json


def write(described: Described) -> bytes:
    """The record."""
    return as_json(resource(described))


EXPORT = Export(
    key="datacite-json",
    media_type="application/vnd.datacite.datacite+json",
    name="DataCite JSON",
    suffix="datacite.json",
    write=write,
)
