"""The JSON-LD block of a dataset's page, for dataset search engines."""

from __future__ import annotations

from markupsafe import Markup

from catalogue.model.dataset import Dataset
from catalogue.rdf.schema_org_write import Shown, script, write
from catalogue.register.records import Published
from catalogue.web.language import language
from catalogue.web.parts import services, settings


def block(published: Published) -> Markup:
    """The text of the block, in the language of the page; nothing in it can end its element."""
    if not isinstance(published.value, Dataset):
        raise TypeError(f"{published.record.iri} is not a dataset")
    base, reading = settings().base_url, language()
    shown = Shown(
        page=f"{base}/{reading}/dataset/{published.record.id}",
        holder=published.record.holder.name.value(reading),
        catalog=base,
        language=reading,
    )
    described = write(published.value, shown, services().vocabulary)
    return Markup(script(described))  # noqa: S704 - `script` escapes every <, > and &
