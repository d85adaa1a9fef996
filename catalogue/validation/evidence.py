"""The triples that a finding is about, looked up again in the description.

A finding names its place in words (`Finding.focus`): an IRI, and for a node without a name
the way to it. Following that way back gives the statements to look at.
"""

from __future__ import annotations

import pyoxigraph as ox

from catalogue.namespaces import PREFIXES
from catalogue.rdf.graph import Graph, Node
from catalogue.validation.report import Finding, shown


def evidence(graph: Graph, finding: Finding) -> Graph:
    """What the description says where the finding was made.

    The statements with the property that is named, only those with the value when that is
    named too; everything about the node when no single property is named. Empty for a
    property that is missing.
    """
    stated = [t for node in nodes(graph, finding.focus) for t in graph.about(node)]
    if finding.path is None or not _is_iri(finding.path):
        return Graph(stated)
    about = [t for t in stated if t.predicate.value == finding.path]
    exact = [t for t in about if finding.value is not None and _shows(t, finding.value)]
    return Graph(exact or about)


def nodes(graph: Graph, focus: str) -> list[Node]:
    """The nodes that a place in words can mean; several when a way forks."""
    start, *steps = focus.split(" / ")
    found: list[Node] = [ox.NamedNode(start)] if _is_iri(start) else []
    for step in steps:
        predicate = _whole(step)
        further = [o for node in found for o in graph.objects(node, predicate)]
        found = [o for o in further if not isinstance(o, ox.Literal)]
    return found


def _shows(triple: ox.Triple, value: str) -> bool:
    term = triple.object
    return not isinstance(term, ox.Triple) and shown(term) == value


def _whole(step: str) -> str:
    """The IRI that `report.short` wrote as "dct:title" or "<https://…>"."""
    if step.startswith("<"):
        return step.strip("<>")
    prefix, _, local = step.partition(":")
    return PREFIXES.get(prefix, f"{prefix}:") + local


def _is_iri(text: str) -> bool:
    return ":" in text and not any(character in text for character in ' <>"{}|^`\\')
