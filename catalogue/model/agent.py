"""Who holds, publishes, made or answers for a dataset."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model.text import LangText
from catalogue.namespaces import Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A `vcard:Kind` or `cv:ContactPoint`: where a question goes. Never a private person's page."""

    iri: Iri | None = None
    name: LangText = LangText()
    email: str | None = None
    page: Iri | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A `foaf:Agent`. `iri` is `None` for a blank node; `name` is empty when never described."""

    iri: Iri | None = None
    name: LangText = LangText()
    identifiers: tuple[str, ...] = ()
    email: str | None = None
    homepage: Iri | None = None
    country: Iri | None = None
    type: Iri | None = None
    contacts: tuple[Contact, ...] = ()
