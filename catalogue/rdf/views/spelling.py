"""Numbers and moments in one spelling, so that a view is the same wherever it came from.

Triple stores keep values and forget how they were written: `"083"` comes back as `"83"`.
Whoever reads us out of a SPARQL endpoint could otherwise not show the same view as we do.
Types stay as they were stated, and so do durations, because `P24M` tells people more than
`P2Y`. The full graph keeps every spelling.

Canonical mappings: https://www.w3.org/TR/xmlschema11-2/#canonical-lexical-representation
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from catalogue.namespaces import XSD
from catalogue.rdf.graph import Graph
from catalogue.rdf.views.change import Adapted, swapped

LONGEST: Final = 64
"""Characters of a number or moment that is worth rewriting."""
KEPT: Final = frozenset(
    XSD + name for name in ("string", "anyURI", "duration", "dayTimeDuration", "yearMonthDuration")
)
_HERE: Final = ox.NamedNode("x:x")


def one_spelling(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """Every number, moment and truth value in its canonical form."""
    gone: dict[ox.Triple, ox.Triple] = {}
    for triple in graph:
        if isinstance(triple.object, ox.Literal) and (new := _rewritten(triple.object)):
            gone[triple] = ox.Triple(triple.subject, triple.predicate, new)
    return (swapped(graph, gone, gone.values()) if gone else graph), ()


def _rewritten(literal: ox.Literal) -> ox.Literal | None:
    """The same value in its own spelling; `None` when it has that already, or is a text."""
    kind, value = literal.datatype.value, literal.value
    if not kind.startswith(XSD) or kind in KEPT or len(value) > LONGEST:
        return None
    spelled = canonical(value, kind)
    return None if spelled == value else ox.Literal(spelled, datatype=literal.datatype)


@lru_cache(maxsize=4096)
def canonical(value: str, datatype: str) -> str:
    """How a store would write it; what is no value of its type stays as it is.

    >>> canonical("083", XSD + "nonNegativeInteger"), canonical("30.50", XSD + "decimal")
    ('83', '30.5')
    >>> canonical("2025", XSD + "integer"), canonical("about 12", XSD + "integer")
    ('2025', 'about 12')
    """
    store = ox.Store()  # forgets spellings, which is what is wanted here and nowhere else
    literal = ox.Literal(value, datatype=ox.NamedNode(datatype))
    store.add(ox.Quad(_HERE, _HERE, literal))
    kept: str = next(iter(store)).object.value
    return kept
