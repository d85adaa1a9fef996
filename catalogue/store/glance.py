r"""A quick look at a query, enough for most of them; what it is not sure of, `guard` reads.

Reading a query token by token costs more than answering a small one. Most queries hold nothing
that could be misread once their strings, addresses and comments are gone, and nothing that
looks like a clause that we refuse. The look never refuses: it knows, or it does not.
"""

from __future__ import annotations

import re
from typing import Final, cast

from catalogue.store.formats import QueryKind
from catalogue.store.question import Question

SHORT_TEXT: Final = 4_000
SHALLOW: Final = 50

_OPAQUE: Final = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*+>|"[^"\n\r]*+"|'[^'\n\r]*+'|\#[^\n\r]*+""", re.VERBOSE
)
_LITERAL: Final = re.compile(r"""\\|'{3}|"{3}""")
"""Escapes, and strings in which a quote may stand: these are for a reader of tokens."""
_DOUBTFUL: Final = re.compile(
    r"""<(?![A-Za-z][A-Za-z0-9+.-]*+://)[^<>"{}|^`\\\x00-\x20]*+>""", re.VERBOSE
)
"""What may be an address or a comparison."""
_FORM: Final = re.compile(
    r"\s*+(?:PREFIX\s++(?:[A-Z][\w-]*+)?:\s++)*+(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:.·-])"
)
_UNSURE: Final = (
    "SERVICE", "FROM", "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE",
    "COPY", "WITH", "NOW", "RAND", "UUID", "BNODE", "'", '"',
)  # fmt: skip
"""Words that may mean a refusal, or an answer that differs every time; and a string gone wrong."""
_CLAUSE: Final = re.compile(r"(?<![\w?$:.·@-])GRAPH(?=[\s?$])")
_WIDE: Final = re.compile(r"(?:[?$]\w++\s*+){3}")


def glance(query: str) -> Question | None:
    """What `guard` would say of this query, or `None` when a quick look does not tell.

    >>> glance("SELECT * { ?s ?p ?o }").kind
    'select'
    >>> glance("SELECT * { SERVICE <x:y> { ?s ?p ?o } }") is None
    True
    """
    if len(query) > SHORT_TEXT or not query.isascii():
        return None
    if _LITERAL.search(query) or _DOUBTFUL.search(query):
        return None
    bare = _OPAQUE.sub(" ", query)
    words = bare.upper()
    form = _FORM.match(words)
    graphs = words.count("GRAPH")
    if form is None or any(word in words for word in _UNSURE) or _deep(bare) or _wide(bare):
        return None
    if graphs != len(_CLAUSE.findall(words)):
        return None
    return Question(
        text=query,
        kind=cast(QueryKind, form[1].lower()),
        names_dataset=False,
        names_graph=graphs > 0,
        repeatable=True,
        looks_long=False,
        shape=_shape(bare),
    )


def shape_of(query: str) -> int:
    """What `Question` calls its shape.

    >>> shape_of("ASK { <x:a> ?p 'one' }") == shape_of("ASK { <x:b>  ?p 'two' } # again")
    True
    """
    return _shape(_OPAQUE.sub(" ", query))


def _shape(bare: str) -> int:
    return hash(tuple(bare.split()))


def _wide(bare: str) -> bool:
    """Different patterns that are all variables."""
    found = _WIDE.findall(bare, max(0, bare.find("{")))
    return len({tuple(pattern.split()) for pattern in found}) > 1


def _deep(bare: str) -> bool:
    """So many brackets that they might nest too deep."""
    return sum(map(bare.count, "{([")) > SHALLOW
