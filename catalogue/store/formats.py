"""In which form an answer is written, and which form a client gets (RFC 9110, 12.5.1).

A row per form; the name is what `?format=` takes. Order breaks ties, so the first of a
kind is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from catalogue.errors import Unoffered

QueryKind = Literal["select", "ask", "construct", "describe"]
FormatKind = Literal["solutions", "graph"]


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A way to write solutions or a graph. `aliases` are media types also understood."""

    name: str
    media_type: str
    kind: FormatKind
    extension: str
    aliases: tuple[str, ...] = ()

    @property
    def media_types(self) -> tuple[str, ...]:
        """Every media type that asks for this form."""
        return (self.media_type, *self.aliases)


FORMATS: Final = (
    ResultFormat(
        "json", "application/sparql-results+json", "solutions", "srj", ("application/json",)
    ),
    ResultFormat(
        "xml",
        "application/sparql-results+xml",
        "solutions",
        "srx",
        ("application/xml", "text/xml"),
    ),
    ResultFormat("csv", "text/csv", "solutions", "csv"),
    ResultFormat("tsv", "text/tab-separated-values", "solutions", "tsv"),
    ResultFormat("turtle", "text/turtle", "graph", "ttl", ("application/x-turtle",)),
    ResultFormat("n-triples", "application/n-triples", "graph", "nt", ("text/plain",)),
    ResultFormat("json-ld", "application/ld+json", "graph", "jsonld", ("application/json",)),
    ResultFormat("rdf-xml", "application/rdf+xml", "graph", "rdf", ("application/xml", "text/xml")),
    ResultFormat("trig", "application/trig", "graph", "trig"),
    ResultFormat("n-quads", "application/n-quads", "graph", "nq"),
)


def formats_for(kind: QueryKind) -> tuple[ResultFormat, ...]:
    """The forms in which a query of this kind can be answered, the default first.

    >>> [f.name for f in formats_for("ask")]
    ['json', 'xml', 'csv', 'tsv']
    """
    wanted = "solutions" if kind in {"select", "ask"} else "graph"
    return tuple(f for f in FORMATS if f.kind == wanted)


def named(name: str, kind: QueryKind) -> ResultFormat | None:
    """The form with this name or extension (what `?format=` says), if it fits the query."""
    wanted = name.strip().lower()
    return next((f for f in formats_for(kind) if wanted in {f.name, f.extension}), None)


@lru_cache(maxsize=256)
def negotiate(accept: str, kind: QueryKind) -> ResultFormat | None:
    """The best form for an Accept header, or `None` when the client can read none of ours.

    >>> negotiate("text/csv;q=0.5, application/*;q=0.9", "select").name
    'json'
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    scored = [(_quality(f, ranges), f) for f in formats_for(kind)]
    best = max(scored, key=lambda pair: pair[0])
    return best[1] if best[0] > (0.0, 0) else None


def chosen(accept: ResultFormat | str, kind: QueryKind) -> ResultFormat:
    """A form that fits the query, from a form or an Accept header. Raises `Unoffered`."""
    found = negotiate(accept, kind) if isinstance(accept, str) else accept
    if found is None or found not in formats_for(kind):
        offered = ", ".join(f.media_type for f in formats_for(kind))
        raise Unoffered(f"Accept: an answer to {kind.upper()} can be {offered}")
    return found


def answer_kind(kind: QueryKind) -> Literal["select", "ask", "graph"]:
    """What comes back: solutions, a yes or no, or a graph."""
    return kind if kind in {"select", "ask"} else "graph"


def boolean(value: bool, form: ResultFormat) -> bytes:
    """A yes or no written in a form, for stores that write it in a way of their own.

    >>> boolean(True, FORMATS[0])
    b'{"head":{},"boolean":true}'
    """
    text = "true" if value else "false"
    written = {
        "json": f'{{"head":{{}},"boolean":{text}}}',
        "xml": '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head></head><boolean>{text}</boolean></sparql>",
    }
    return written.get(form.name, text).encode()


def _ranges(accept: str) -> list[tuple[str, float]]:
    parts = (part.partition(";") for part in accept.lower().split(","))
    return [(name.strip(), _weight(rest)) for name, _, rest in parts if name.strip()]


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return _number(value.strip())
    return 1.0


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0.0 <= value <= 1.0 else 0.0


def _quality(form: ResultFormat, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """Best (weight, precision) over the names of a form; an alias must be named exactly."""
    family = form.media_type.partition("/")[0] + "/*"
    own = _weighed({form.media_type: 3, family: 2, "*/*": 1}, ranges)
    return max(own, *(_weighed({alias: 3}, ranges) for alias in form.aliases), (0.0, 0))


def _weighed(precision: dict[str, int], ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """The most precise range that matches decides, so `text/csv;q=0, */*` excludes CSV."""
    matching = [(precision[name], weight) for name, weight in ranges if name in precision]
    if not matching:
        return (0.0, 0)
    most_precise, weight = max(matching)
    return (weight, most_precise if weight else 0)
