"""What is said of each named graph: from which source and run it came, when, and how sound it is.

A named graph `{base}/graph/{id}` holds one record, and `{base}/graph/{id}/provenance` says in
PROV-O where it came from. The statements are about the graph and never about the record, so
that nothing is added to what its holder says. They are few, because there is one such graph
for every record; the record's document of provenance repeats them and tells the rest.

https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pyoxigraph as ox

from catalogue.namespaces import DCT, FOAF, GC, PROFILES, PROV, SKOS, XSD, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import graph_name, original_node, provenance_name

ALWAYS: Final = "minimum"
"""What does not meet this profile is not published, so nothing is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How the published version of a record was made.

    `run` is `None` when it is forgotten, and 0 when a steward wrote the record here.
    """

    base: str
    id: str
    record: Iri
    source: str
    run: int | None
    at: datetime
    repairs: Sequence[Mapping[str, Any]] = ()
    reports: Sequence[Mapping[str, Any]] = ()

    @property
    def graph(self) -> Iri:
        """The named graph that all this is about."""
        return graph_name(self.base, self.id)

    @property
    def name(self) -> Iri:
        """The named graph that says it."""
        return provenance_name(self.base, self.id)


def origin(made: Making, public: Graph) -> Iterator[ox.Triple]:
    """Everything about the graph of one record, of which `public` is the content."""
    here = made.graph
    yield _link(here, FOAF + "primaryTopic", made.record)
    yield _moment(here, PROV + "generatedAtTime", made.at)
    for theirs in _original(made, public):
        yield _link(here, PROV + "wasDerivedFrom", theirs)
    yield from _run(here, f"{made.base}/sources/{made.source}", made.run)
    for report in made.reports:
        if report["profile"] != ALWAYS:
            verdict = DCT + "conformsTo" if report.get("conforms") else GC + "doesNotConformTo"
            yield _link(here, verdict, PROFILES + report["profile"])
    yield from _repairs(here, f"{made.record}/provenance#repaired", made.repairs)


def _original(made: Making, public: Graph) -> Iterator[str]:
    """What the source calls the record, as this version says; only what leads elsewhere."""
    for name in public.objects(original_node(made.id), SKOS + "notation"):
        if name.value != made.record and is_web_address(name.value):
            yield name.value


def is_web_address(text: str) -> bool:
    """Whether this can stand in a graph as an address on the web.

    >>> is_web_address("https://umc.example/d/1"), is_web_address("https://umc.example/d 1")
    (True, False)
    """
    try:
        return ox.NamedNode(text).value.lower().startswith(("http://", "https://"))
    except ValueError:
        return False


def _run(graph: str, source: str, number: int | None) -> Iterator[ox.Triple]:
    """The run and its source; without a run, the source alone."""
    if not number:
        yield _link(graph, PROV + "wasInfluencedBy", source)
        return
    run = f"{source}/runs/{number}"
    yield _link(graph, PROV + "wasGeneratedBy", run)
    yield _link(run, PROV + "used", source)


def _repairs(graph: str, prefix: str, repairs: Sequence[Mapping[str, Any]]) -> Iterator[ox.Triple]:
    """Which repairs were made, and how often each; what they changed is told elsewhere."""
    for name, times in sorted(Counter(str(each.get("name", "")) for each in repairs).items()):
        node = f"{prefix}-{name}"
        yield _link(graph, GC + "repaired", node)
        yield _literal(node, DCT + "identifier", ox.Literal(name))
        yield _literal(node, GC + "times", ox.Literal(times))


def _link(subject: str, predicate: str, target: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target))


def _moment(subject: str, predicate: str, moment: datetime) -> ox.Triple:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _literal(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime")))


def _literal(subject: str, predicate: str, value: ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
