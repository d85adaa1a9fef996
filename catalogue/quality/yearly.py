"""Whether a description is due for its yearly check.

A holder checks at least once a year that its description in the national catalogue is right
(EHDS, article 60(3) and recital 84). When nobody said when that happened last, we do not
know: that is neither overdue nor in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, FDPO, FOAF
from catalogue.rdf.graph import Graph, Node

YEAR = 365
DATES = (FDPO + "metadataModified", FDPO + "metadataIssued", DCT + "modified", DCT + "issued")
"""Properties of a description that say when somebody last had it in hand."""


def overdue(last_checked: date | None, today: date, every: int = YEAR) -> bool | None:
    """Whether more than `every` days passed; `None` when the date is unknown or still to come.

    >>> overdue(date(2025, 11, 1), date(2026, 11, 22)), overdue(None, date(2026, 11, 22))
    (True, None)
    """
    if last_checked is None or last_checked > today:
        return None
    return today - last_checked > timedelta(days=every)


@dataclass(frozen=True, slots=True)
class Due:
    """A description that should be looked at; `since` is `None` when nobody dated it."""

    name: str
    since: date | None


def due(checked: Mapping[str, date | None], today: date, every: int = YEAR) -> tuple[Due, ...]:
    """What is overdue, the oldest first, and then what nobody dated, by name.

    A date that is still to come is treated as none.
    """
    late = {name: overdue(day, today, every) for name, day in checked.items()}
    dated = [Due(name, checked[name]) for name, answer in late.items() if answer]
    undated = [Due(name, None) for name, answer in late.items() if answer is None]
    return tuple(sorted(dated, key=_age) + sorted(undated, key=lambda item: item.name))


def _age(item: Due) -> tuple[date, str]:
    return item.since or date.min, item.name


def last_checked(graph: Graph, subject: Node) -> date | None:
    """The latest day on which a graph says that the description was made or changed.

    Its catalog record counts too. Of "2025" or "2025-03" the first day is taken, because
    more is not certain.
    """
    return max(_dates(graph, (subject, *_records(graph, subject))), default=None)


def _records(graph: Graph, subject: Node) -> Iterator[Node]:
    """The `dcat:CatalogRecord`s about the subject."""
    for node in graph.instances(DCAT + "CatalogRecord"):
        if subject in graph.objects(node, FOAF + "primaryTopic"):
            yield node


def _dates(graph: Graph, nodes: Iterable[Node]) -> Iterator[date]:
    for node in nodes:
        for name in DATES:
            for term in graph.objects(node, name):
                day = first_day(term.value) if isinstance(term, ox.Literal) else None
                if day is not None:
                    yield day


def first_day(text: str) -> date | None:
    """The first day that an ISO 8601 date, month or year can mean; `None` for other text.

    >>> first_day("2025-03"), first_day("2025-03-09T12:00:00Z"), first_day("soon")
    (datetime.date(2025, 3, 1), datetime.date(2025, 3, 9), None)
    """
    text = text.strip()[:10]
    whole = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        return date.fromisoformat(whole)
    except ValueError:
        return None
