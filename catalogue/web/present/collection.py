"""A catalog or a series in words."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model.dataset import Catalog, Series
from catalogue.register.records import Published
from catalogue.web.messages import gettext
from catalogue.web.present.reader import Reader, Row, Shown, clean, moment, not_stated, safe_link


@dataclass(frozen=True, slots=True)
class Collection:
    """What the page of a catalog shows besides its datasets."""

    id: str
    iri: str
    title: Shown
    description: Shown
    holder: Shown
    holder_slug: str
    rows: tuple[Row, ...]


def collection(reader: Reader, published: Published) -> Collection:
    """A published catalog or series."""
    value, record = published.value, published.record
    if not isinstance(value, Catalog | Series):
        raise TypeError(f"{record.iri} is neither a catalog nor a series")
    title = reader.text(value.title)
    publisher = reader.text(value.publisher.name) if value.publisher else not_stated()
    license_ = value.license if isinstance(value, Catalog) else None
    return Collection(
        id=record.id,
        iri=record.iri,
        title=Shown(record.id) if title.mark else title,
        description=reader.text(value.description),
        holder=reader.text(record.holder.name),
        holder_slug=record.holder.slug,
        rows=(
            Row(gettext("Publisher"), (publisher,)),
            Row(gettext("Licence"), (_link(license_),)),
            Row(gettext("Address at the source"), (_link(record.source_iri),)),
            Row(gettext("Last checked"), (moment(record.last_seen),)),
        ),
    )


def _link(iri: str | None) -> Shown:
    return Shown(clean(iri), href=safe_link(iri)) if iri else not_stated()
