"""The graphs in memory, and updates on their way to them.

They are kept twice. A store that is asked for the union of its graphs gives a triple once
for every graph that holds it, so counts come out too high (a publisher described with each
of its datasets was counted for each). Therefore a second store holds the union as a set, and
answers every query that names no graph; it is the smaller of the two. A query that speaks of
a GRAPH asks the named graphs, and may see such a triple more than once outside that clause.

Updates of one client are staged until its COMMIT, so that a broken client leaves nothing
half done; a file of ours that does not parse refuses the whole batch.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from catalogue.store.engine import wire

_FORM = ox.RdfFormat.N_TRIPLES


@dataclass(slots=True)
class Graphs:
    """The named graphs, and their union as a set. `strict`: no union, a file said it all."""

    named: ox.Store = field(default_factory=ox.Store)
    union: ox.Store = field(default_factory=ox.Store)
    strict: bool = False

    @classmethod
    def from_file(cls, path: str) -> Graphs:
        """N-Quads. A file with a default graph of its own is served exactly as it is."""
        graphs = cls()
        graphs.named.load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
        default = graphs.named.quads_for_pattern(None, None, None, ox.DefaultGraph())
        graphs.strict = next(default, None) is not None
        if not graphs.strict:
            for graph in graphs.names():
                graphs.union.extend(graphs._copied(ox.NamedNode(graph)))
        return graphs

    def put(self, iri: str, content: bytes) -> None:
        """Put N-Triples that parse in place of what the graph holds; none of them drops it."""
        graph = ox.NamedNode(iri)
        before = set(self._in(graph))
        self.named.remove_graph(graph)
        self.named.load(content, _FORM, to_graph=graph, lenient=True)
        self.union.extend(self._copied(graph))
        if before:
            self._forget(before.difference(self._in(graph)))

    def names(self) -> list[str]:
        """The addresses of all graphs."""
        return [g.value for g in self.named.named_graphs() if isinstance(g, ox.NamedNode)]

    def _in(self, graph: ox.NamedNode) -> Iterable[ox.Quad]:
        return self.named.quads_for_pattern(None, None, None, graph)

    def _copied(self, graph: ox.NamedNode) -> Iterable[ox.Quad]:
        """The graph's triples with the same blank nodes; through bytes, which is fastest."""
        written = self.named.dump(format=_FORM, from_graph=graph) or b""
        return ox.parse(written, format=_FORM, lenient=True)

    def _forget(self, gone: Iterable[ox.Quad]) -> None:
        """Take from the union what no graph holds any more."""
        for quad in gone:
            kept = self.named.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            if next(kept, None) is None:
                self.union.remove(_bare(quad))


class Refused(Exception):
    """An update that cannot be applied; nothing of its batch was."""


@dataclass(slots=True)
class Staged:
    """The updates of one client before its COMMIT; `fresh` takes the graphs of a reload."""

    graphs: dict[str, bytes] = field(default_factory=dict)
    fresh: Graphs | None = None
    fault: str = ""

    def take(self, kind: bytes, payload: bytes) -> None:
        """Stage one GRAPH, DROP or FRESH frame; a fault is kept for the COMMIT to tell."""
        try:
            self._take(kind, payload)
        except (SyntaxError, ValueError) as error:
            self.fault = self.fault or str(error)[:500]

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == wire.FRESH:
            self.fresh = Graphs()
            return
        if kind == wire.DROP:
            self.graphs[payload.decode()] = b""
        else:
            self._put(*wire.graph_of(payload))

    def _put(self, iri: str, content: bytes) -> None:
        if self.fresh is None:
            _check(content)
            self.graphs[iri] = content
        else:
            self.fresh.put(iri, content)


def apply(graphs: Graphs, staged: Staged) -> Graphs:
    """The graphs after these updates. Raises `Refused`; then nothing changed."""
    if staged.fault:
        raise Refused(staged.fault)
    graphs = staged.fresh or graphs
    for iri, content in staged.graphs.items():
        graphs.put(iri, content)
    return graphs


def settle() -> None:
    """Tidy the heap before a fork, so that children share it instead of copying it."""
    gc.collect()
    gc.freeze()


def trim() -> None:
    """Give freed memory back to the system (after a load, not after each update)."""
    trim_heap = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim_heap is not None:
        trim_heap(0)


def _check(content: bytes) -> None:
    """Read to the end, so that a fault is known before anything changes."""
    for _ in ox.parse(content, format=_FORM, lenient=True):
        pass


def _bare(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)
