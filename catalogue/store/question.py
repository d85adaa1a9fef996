"""A query that may be asked, and what can be seen of it without evaluating it."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.store.formats import QueryKind


@dataclass(frozen=True, slots=True)
class Question:
    """The text to ask, its form, and the rest.

    `names_dataset`: it has FROM. `names_graph`: it speaks of a GRAPH. `repeatable`: asked again
    of the same graphs it says the same. `looks_long`: it had better queue with the long ones.
    `shape`: the same, in this process, for queries that differ in names, values and remarks only.
    """

    text: str
    kind: QueryKind
    names_dataset: bool
    names_graph: bool
    repeatable: bool
    looks_long: bool
    shape: int
