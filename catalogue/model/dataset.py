"""One description of a dataset, its distributions, its catalog, its series.

Attributes stand in the order of `rdf/fields.py`, which says which property each one is read
from. An empty tuple or `None` means that nobody said anything: unknown is a value.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model.agent import Agent, Contact
from catalogue.model.counts import Count
from catalogue.model.genome import AssayGroup, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """`dcat:Distribution`: a form in which the data exist; for closed data, how to ask."""

    iri: Iri | None = None
    title: LangText = LangText()
    description: LangText = LangText()
    access_url: Iri | None = None
    download_url: Iri | None = None
    byte_size: int | None = None
    format: str | None = None
    media_type: str | None = None
    license: str | None = None
    rights: str | None = None
    access_service: Iri | None = None
    conforms_to: tuple[Iri, ...] = ()
    issued: str | None = None
    modified: str | None = None
    status: Iri | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One `dcat:Dataset`, as described by the organisation that holds it.

    `individuals` is `None` when the holder does not say, which is not the same as zero:
    unknown counts are shown as unknown and never summed. `diseases` holds the codes as
    they were given (IRIs or CURIEs); `terms.disease` maps them to concepts.
    """

    iri: Iri
    title: LangText = LangText()
    description: LangText = LangText()
    identifiers: tuple[str, ...] = ()
    other_identifiers: tuple[str, ...] = ()
    access_rights: Iri | None = None
    legislation: tuple[Iri, ...] = ()
    contacts: tuple[Contact, ...] = ()
    creators: tuple[Agent, ...] = ()
    publisher: Agent | None = None
    keywords: tuple[Text, ...] = ()
    themes: tuple[Iri, ...] = ()
    health_themes: tuple[Iri, ...] = ()
    health_categories: tuple[Iri, ...] = ()
    diseases: tuple[str, ...] = ()
    anatomy: tuple[Iri, ...] = ()
    coding_systems: tuple[Iri, ...] = ()
    records: Count | None = None
    individuals: Count | None = None
    min_age: int | None = None
    max_age: int | None = None
    population: LangText = LangText()
    spatial: tuple[Iri, ...] = ()
    temporal: tuple[Period, ...] = ()
    retention: Period | None = None
    issued: str | None = None
    modified: str | None = None
    frequency: Iri | None = None
    languages: tuple[Iri, ...] = ()
    version: str | None = None
    version_notes: LangText = LangText()
    status: Iri | None = None
    types: tuple[Iri, ...] = ()
    conforms_to: tuple[Iri, ...] = ()
    legal_bases: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    personal_data: tuple[Iri, ...] = ()
    provenance: LangText = LangText()
    structured: bool | None = None
    hdab: Agent | None = None
    custodian: Agent | None = None
    series: tuple[Iri, ...] = ()
    sources: tuple[Iri, ...] = ()
    relations: tuple[Iri, ...] = ()
    referenced_by: tuple[Iri, ...] = ()
    pages: tuple[Iri, ...] = ()
    landing_page: Iri | None = None
    distributions: tuple[Distribution, ...] = ()
    assays: tuple[Iri, ...] = ()
    assay_groups: tuple[AssayGroup, ...] = ()
    consent: tuple[ConsentStratum, ...] = ()
    linkages: tuple[Linkage, ...] = ()
    access_routes: tuple[Iri, ...] = ()
    accessibility: Iri | None = None
    weeks_to_access: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """`dcat:Catalog`: what one organisation offers, as a list with a publisher."""

    iri: Iri
    title: LangText = LangText()
    description: LangText = LangText()
    publisher: Agent | None = None
    contacts: tuple[Contact, ...] = ()
    license: str | None = None
    homepage: Iri | None = None
    issued: str | None = None
    modified: str | None = None
    languages: tuple[Iri, ...] = ()
    themes: tuple[Iri, ...] = ()
    datasets: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """`dcat:DatasetSeries`: datasets that belong together, such as yearly releases."""

    iri: Iri
    title: LangText = LangText()
    description: LangText = LangText()
    publisher: Agent | None = None
    contacts: tuple[Contact, ...] = ()
    frequency: Iri | None = None
    issued: str | None = None
    modified: str | None = None
