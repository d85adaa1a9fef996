"""The privacy gate: from the exact graph to one that may be published.

Every number of people or records passes `privacy.counts`; a number below ten disappears
and its node says `gc:individualsBand gc:band-fewer-than-10` instead; a value that is no
number ("circa 7") disappears too. Exact numbers stay in the register only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from catalogue.model.counts import Count
from catalogue.namespaces import DCAT, DCT, GC, HDC, XSD
from catalogue.privacy.counts import published, steady
from catalogue.privacy.person import holds_bsn
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.read import FEWER_THAN_TEN, whole_number

BANDS = {
    HDC + "numberOfUniqueIndividuals": GC + "individualsBand",
    HDC + "numberOfRecords": GC + "recordsBand",
    GC + "individuals": GC + "individualsBand",
    GC + "records": GC + "recordsBand",
}
"""Each property that counts people or their records, and the band that may replace it."""

RUNNING_TEXT = {DCT + "title", DCT + "description", DCAT + "keyword", DCT + "provenance"}
SMALLEST_SHOWN = 10
WITHHELD = "…"


@dataclass(frozen=True, slots=True)
class Protected:
    """The public graph, what each count was and became, and what forbids publication.

    `counts` maps "place of the node in the description|property" to
    {"exact": n, "value": shown or None, "below": bound or None}; it is kept in the register
    and never shown. `concerns` are names of reasons to hold the record ("bsn").
    """

    graph: Graph
    counts: dict[str, dict[str, Any]] = field(default_factory=dict)
    concerns: tuple[str, ...] = ()


def protect(graph: Graph, subject: Node, before: Mapping[str, Any] | None = None) -> Protected:
    """Apply the gate to the description of `subject`; `before` is the last `counts`."""
    counts: dict[str, dict[str, Any]] = {}
    triples: set[ox.Triple] = set()
    for triple in graph:
        if triple.predicate.value in BANDS:
            triples.update(_counted(triple, graph, subject, before or {}, counts))
        else:
            triples.add(triple)
    return Protected(Graph(triples), counts, tuple(_concerns(graph)))


def _counted(
    triple: ox.Triple,
    graph: Graph,
    subject: Node,
    before: Mapping[str, Any],
    counts: dict[str, dict[str, Any]],
) -> Iterator[ox.Triple]:
    exact = whole_number(triple.object)  # type: ignore[arg-type]
    if exact is None:
        return
    whole = triple.subject == subject
    key = f"{_place(graph, triple.subject, subject)}|{triple.predicate.value}"  # type: ignore[arg-type]
    last = before.get(key, {})
    shown_before = Count(last["value"], last["below"]) if last else None
    now = published(exact, zero_is_stated=whole)
    shown = steady(exact, last.get("exact"), shown_before, now)
    basis = last["exact"] if last and shown == shown_before and shown != now else exact
    counts[key] = {"exact": basis, "value": shown.value, "below": shown.below}
    yield _shown(triple, shown)


def _shown(triple: ox.Triple, shown: Count) -> ox.Triple:
    if shown.below is not None:
        band = ox.NamedNode(BANDS[triple.predicate.value])
        return ox.Triple(triple.subject, band, ox.NamedNode(FEWER_THAN_TEN))
    number = ox.Literal(str(shown.value), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
    return ox.Triple(triple.subject, triple.predicate, number)


def _place(graph: Graph, node: Node, subject: Node) -> str:
    """What the node is about, stable over versions: its own concepts and texts, no counts."""
    if node == subject:
        return ""
    words = sorted(
        f"{t.predicate.value} {t.object}"
        for t in graph.about(node)
        if t.predicate.value not in BANDS and not isinstance(t.object, ox.BlankNode)
    )
    return "; ".join(words)


def _concerns(graph: Graph) -> Iterator[str]:
    if any(
        isinstance(t.object, ox.Literal) and holds_bsn(t.object.value)
        for t in graph
        if t.predicate.value in RUNNING_TEXT
    ):
        yield "bsn"


def withheld(predicate: str, text: str) -> str:
    """`text` as it may stand in a public report: small counts become an ellipsis.

    >>> withheld(HDC + "numberOfUniqueIndividuals", "circa 7")
    '…'
    >>> withheld(HDC + "numberOfUniqueIndividuals", "circa 450")
    'circa 450'
    """
    if predicate not in BANDS:
        return text
    digits = "".join(character if character.isdigit() else " " for character in text).split()
    small = any(int(number) < SMALLEST_SHOWN for number in digits)
    return WITHHELD if small else text
