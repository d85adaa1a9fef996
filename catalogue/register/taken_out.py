"""Distributions that were taken out of their dataset are taken out of its past as well.

Whoever tells how a dataset read before asks here what may still be told: in a version, in the
stream of changes, and in the reports on earlier versions. A distribution is out when it is gone
now, or was withdrawn after the version was made, also when it came back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyoxigraph as ox
import sqlalchemy as sa

from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.identity import identifier, record_iri
from catalogue.register import runs
from catalogue.register import tables as t

TAKEN_OUT = ("record-withdrawn", "record-deleted")
"""What the audit log says of a distribution that its steward took back."""
WAY = "dcat:distribution"
"""By which a report leads from a dataset to a distribution without a name."""
HOMES = ("dataset", "catalog", "series")

D, A = t.distributions.c, t.audit.c


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Ids of distributions that are `gone`, and when each was `last` taken back."""

    gone: AbstractSet[str]
    last: Mapping[str, datetime]

    def of(self, ids: Iterable[str], since: datetime) -> set[str]:
        """Those of a version that was made at that moment."""
        return {
            each
            for each in ids
            if each in self.gone or (each in self.last and self.last[each] >= since)
        }


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier version: of which record, its public N-Triples, and since when."""

    record: str
    public: bytes
    since: datetime


class Pasts:
    """Some earlier versions, and what may still be told of them; asks the register once."""

    def __init__(
        self,
        base: str,
        rows: Callable[[sa.Select[Any]], Sequence[Any]],
        versions: Collection[Past],
    ) -> None:
        self._base = base
        self._named = re.compile(rf"<{re.escape(base)}/distribution/([a-z0-9]{{1,32}})>".encode())
        self._out = taken_out(rows, {each for past in versions for each in self._ids(past)})

    def told(self, past: Past) -> Graph:
        """What a version says without what was taken out of it."""
        out = self._out.of(self._ids(past), past.since)
        here = (record_iri(self._base, kind, past.record) for kind in HOMES)
        gone = {ox.NamedNode(record_iri(self._base, "distribution", each)) for each in out}
        return without(Graph.from_n_triples(past.public), set(here), gone)

    def reports(
        self, past: Past, source: str, said: Sequence[dict[str, Any]]
    ) -> tuple[dict[str, Any], ...]:
        """The reports on a version, without the findings about what was taken out of it."""
        if not self._out.of(self._ids(past), past.since):
            return tuple(said)
        lost = _names(Graph.from_n_triples(past.public)) - _names(self.told(past))

        def is_lost(name: str) -> bool:
            start = name.partition(" / ")[0]
            ours = record_iri(self._base, "distribution", identifier(source, start))
            return WAY in name or start in lost or ours in lost

        return tuple(_shortened(each, is_lost) for each in said)

    def _ids(self, past: Past) -> set[str]:
        return {each.decode() for each in self._named.findall(past.public)}


def taken_out(rows: Callable[[sa.Select[Any]], Sequence[Any]], ids: Collection[str]) -> TakenOut:
    """What became of these distributions."""
    gone: set[str] = set()
    last: dict[str, datetime] = {}
    for some in runs.slices(ids):
        left = sa.select(D.id).where(D.id.in_(some), D.gone.is_not(None))
        back = sa.select(A.subject, sa.func.max(A.at).label("at")).group_by(A.subject)
        taken = back.where(A.subject.in_(some), A.action.in_(TAKEN_OUT))
        gone.update(row.id for row in rows(left))
        last.update((row.subject, row.at) for row in rows(taken))
    return TakenOut(gone, last)


def without(graph: Graph, here: Collection[str], out: Collection[Node]) -> Graph:
    """What a description says when nothing in it leads to what was taken out of it."""
    if not out:
        return graph
    waiting: list[Node] = [ox.NamedNode(each) for each in here]
    seen = {*waiting, *out}
    while waiting:
        objects = {each.object for each in graph.about(waiting.pop())}
        new = [each for each in objects - seen if isinstance(each, ox.NamedNode | ox.BlankNode)]
        seen.update(new)
        waiting += new
    left = seen - set(out)
    return Graph(each for each in graph if each.subject in left and each.object not in out)


def _names(graph: Graph) -> set[str]:
    """Every IRI of which something is said, or to which something leads."""
    nodes = {*graph.subjects(), *(each.object for each in graph)}
    return {each.value for each in nodes if isinstance(each, ox.NamedNode)}


def _shortened(report: dict[str, Any], is_lost: Callable[[str], bool]) -> dict[str, Any]:
    """A report without the findings at, about or by way of something that is lost."""
    places = ("focus", "path", "value")
    kept = [
        each
        for each in report.get("findings", ())
        if not any(is_lost(str(each.get(place) or "")) for place in places)
    ]
    return {**report, "findings": kept}
