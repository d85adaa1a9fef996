"""One lossless graph in, one graph per profile out.

The official profiles contradict each other: Health-RI wants codes as addresses and HealthDCAT-AP
as texts, one refuses the dates that the other writes in its examples. So the catalogue keeps one
lossless graph, and a view rewrites it for one profile by small named adaptations. A view repeats
and reformats; it never adds access rights, a licence, a law, a legal basis, a contact or a
publisher that nobody stated. What it could not meet, or had no room for, stands in its notes.

Terms that a profile does not know, ours among them, stay: every profile here allows them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from catalogue.errors import BadRequest
from catalogue.rdf.graph import Graph
from catalogue.rdf.views.note import ViewNote
from catalogue.rdf.views.table import VIEWS

__all__ = ["FULL", "VIEWS", "View", "ViewNote", "view"]

FULL = "full"
"""The lossless graph itself: what is served when nobody asks for a profile."""


@dataclass(frozen=True, slots=True)
class View:
    """A graph for one profile, with what could not be said, or only differently."""

    graph: Graph
    notes: tuple[ViewNote, ...] = ()

    @property
    def unmet(self) -> tuple[ViewNote, ...]:
        """The notes that name what keeps the view from meeting its profile."""
        return tuple(note for note in self.notes if note.unmet)


def view(graph: Graph, subject: ox.NamedNode, profile: str) -> View:
    """The graph of a record as one profile wants it, as far as the facts allow.

    `profile` is a key of `VIEWS`. Raises `BadRequest` for any other.
    """
    if profile not in VIEWS:
        raise BadRequest(f"profile: {profile[:40]!r} is not one of {', '.join(VIEWS)}")
    notes: dict[ViewNote, None] = {}
    for adaptation in VIEWS[profile].values():
        graph, more = adaptation(graph, subject)
        notes |= dict.fromkeys(more)
    return View(graph, tuple(sorted(notes)))
