"""What stands at the names that provenance leads to: a source, one of its runs, an organisation.

Each graph tells what a stranger reads on the page of the same address, and no more, whoever asks.
A number is an entity of its own, which `dct:identifier` names and `prov:value` counts.

https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pyoxigraph as ox

from catalogue.namespaces import ADMS, DCAT, DCT, FOAF, PROV, RDF, RDFS, SKOS, XSD
from catalogue.rdf.graph import Graph, Term
from catalogue.rdf.origin import is_web_address
from catalogue.register.records import SUBMITTED, Holder, Outcome, RunSummary, SourceStatus
from catalogue.web.linked import SPECIFICATION
from catalogue.web.present import openly
from catalogue.web.present.reader import clean
from catalogue.web.present.sources import address

PROTOCOLS: Final = {
    "fdp": SPECIFICATION,
    "ldes": "https://w3id.org/ldes/specification",
    "oai": "http://www.openarchives.org/OAI/openarchivesprotocol.html",
    "sitemap": "https://www.sitemaps.org/protocol.html",
    "sparql": "https://www.w3.org/TR/sparql11-protocol/",
}
"""The specification of each protocol that has one."""


def source_name(base: str, slug: str) -> str:
    """The IRI of a source.

    >>> source_name("https://catalogue.example", "umc")
    'https://catalogue.example/sources/umc'
    """
    return f"{base}/sources/{slug}"


def run_name(base: str, run: RunSummary) -> str:
    """The IRI of a run."""
    return f"{source_name(base, run.source)}/runs/{run.id}"


def organisation_name(base: str, slug: str) -> str:
    """The IRI of an organisation that holds data."""
    return f"{base}/organisation/{slug}"


def source_graph(
    base: str, status: SourceStatus, runs: Sequence[RunSummary], holder: Holder | None
) -> Graph:
    """A source with its last runs; `holder` is the organisation whose source it is, if listed."""
    return Graph(
        [
            *_source(source_name(base, status.slug), status),
            *(_of_holder(base, status, holder) if holder else ()),
            *(triple for each in runs for triple in _took_place(base, each)),
        ]
    )


def run_graph(base: str, run: RunSummary) -> Graph:
    """A run: when, how it ended, and how many of each outcome once it has."""
    name, said = run_name(base, run), openly.of_run(run)
    return Graph(
        [
            *_took_place(base, said),
            _link(name, PROV + "wasAssociatedWith", base),
            _link(base, RDF + "type", PROV + "SoftwareAgent"),
            *_state(name, said),
            *(_counts(name, said) if said.ended else ()),
        ]
    )


def organisation_graph(base: str, holder: Holder, datasets: int) -> Graph:
    """An organisation: what it is called, and how many public datasets it holds."""
    name = organisation_name(base, holder.slug)
    return Graph(
        [
            *_organisation(name, holder),
            *_counted(name, "datasets", PROV + "wasAttributedTo", datasets),
        ]
    )


def _source(name: str, status: SourceStatus) -> Iterator[ox.Triple]:
    yield _link(name, RDF + "type", PROV + "Entity")
    yield _text(name, DCT + "title", clean(status.title))
    yield _text(name, DCT + "type", status.protocol)
    if status.protocol in PROTOCOLS:
        yield _link(name, DCT + "conformsTo", PROTOCOLS[status.protocol])
    shown = address(status.url).href
    if shown and is_web_address(shown) and status.protocol != SUBMITTED:
        yield _link(name, RDF + "type", DCAT + "DataService")
        yield _link(name, DCAT + "endpointURL", shown)
    yield from _counted(name, "datasets", PROV + "wasDerivedFrom", status.datasets)


def _of_holder(base: str, status: SourceStatus, holder: Holder) -> Iterator[ox.Triple]:
    name = organisation_name(base, holder.slug)
    yield _link(source_name(base, status.slug), PROV + "wasAttributedTo", name)
    yield from _organisation(name, holder)


def _organisation(name: str, holder: Holder) -> Iterator[ox.Triple]:
    yield _link(name, RDF + "type", FOAF + "Organization")
    yield _link(name, RDF + "type", PROV + "Organization")
    for each in holder.name.texts:
        yield _triple(name, FOAF + "name", _in_language(each.value, each.language))


def _took_place(base: str, run: RunSummary) -> Iterator[ox.Triple]:
    name = run_name(base, run)
    yield _link(name, RDF + "type", PROV + "Activity")
    yield _link(name, PROV + "used", source_name(base, run.source))
    yield _moment(name, PROV + "startedAtTime", run.started)
    if run.ended is not None:
        yield _moment(name, PROV + "endedAtTime", run.ended)


def _state(name: str, run: RunSummary) -> Iterator[ox.Triple]:
    """How it ended, as a concept, and why in words."""
    yield _link(name, ADMS + "status", f"{name}#status")
    yield _link(f"{name}#status", RDF + "type", SKOS + "Concept")
    yield _text(f"{name}#status", SKOS + "notation", run.state)
    said = run.messages or ({"en": run.message} if run.message else {})
    for language, text in sorted(said.items()):
        yield _triple(name, RDFS + "comment", _in_language(text, language))


def _counts(name: str, run: RunSummary) -> Iterator[ox.Triple]:
    for each in Outcome:
        number = run.counts.get(each, 0)
        yield from _counted(name, each.value, PROV + "wasGeneratedBy", number)


def _counted(of: str, key: str, relation: str, number: int) -> Iterator[ox.Triple]:
    """A number about something, with a name of its own."""
    node = f"{of}#{key}"
    yield _link(node, RDF + "type", PROV + "Entity")
    yield _link(node, relation, of)
    yield _text(node, DCT + "identifier", key)
    yield _triple(node, PROV + "value", ox.Literal(number))


def _in_language(text: str, language: str) -> ox.Literal:
    return ox.Literal(text, language=language) if language else ox.Literal(text)


def _moment(subject: str, predicate: str, moment: datetime) -> ox.Triple:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    kind = ox.NamedNode(XSD + "dateTime")
    return _triple(subject, predicate, ox.Literal(text, datatype=kind))


def _link(subject: str, predicate: str, target: str) -> ox.Triple:
    return _triple(subject, predicate, ox.NamedNode(target))


def _text(subject: str, predicate: str, text: str) -> ox.Triple:
    return _triple(subject, predicate, ox.Literal(text))


def _triple(subject: str, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
