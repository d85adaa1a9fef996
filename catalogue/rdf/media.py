"""Which notation a document is in, and which one a reader would like to have.

The bytes decide before the label does: sources send Turtle as `text/plain`, RDF/XML as
`application/octet-stream` and, when a login has expired, a web page as `text/turtle`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from catalogue.errors import ParseFailed


@dataclass(frozen=True, slots=True)
class Notation:
    """One way of writing RDF: its media types (ours first), extensions and parser."""

    name: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    format: ox.RdfFormat

    @property
    def media_type(self) -> str:
        """The media type under which we send it."""
        return self.media_types[0]


TURTLE = Notation(
    "Turtle",
    ("text/turtle", "application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    ("ttl", "turtle", "n3"),
    ox.RdfFormat.TURTLE,
)
JSON_LD = Notation(
    "JSON-LD",
    ("application/ld+json", "application/json"),
    ("jsonld", "json"),
    ox.RdfFormat.JSON_LD,
)
RDF_XML = Notation(
    "RDF/XML",
    ("application/rdf+xml", "application/xml", "text/xml"),
    ("rdf", "xml", "owl"),
    ox.RdfFormat.RDF_XML,
)
N_TRIPLES = Notation(
    "N-Triples", ("application/n-triples", "text/ntriples"), ("nt",), ox.RdfFormat.N_TRIPLES
)
N_QUADS = Notation(
    "N-Quads", ("application/n-quads", "text/x-nquads"), ("nq",), ox.RdfFormat.N_QUADS
)
TRIG = Notation("TriG", ("application/trig", "application/x-trig"), ("trig",), ox.RdfFormat.TRIG)

NOTATIONS = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, N_QUADS, TRIG)
"""Every notation that is read. N3 is read as Turtle: its rules and formulas are errors."""

TEXTUAL = frozenset({TURTLE, N_TRIPLES, N_QUADS, TRIG})
OFFERED = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES)
"""Every notation that is written, the preferred one first."""

BY_MEDIA_TYPE = {media_type: n for n in NOTATIONS for media_type in n.media_types}
BY_EXTENSION = {extension: n for n in NOTATIONS for extension in n.extensions}
BY_NAME = {n.name: n for n in NOTATIONS}

PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
"""How files begin that hold other files."""

_HEAD = 4096
_XML = re.compile(
    r"<(\?xml|!--|!DOCTYPE|!ENTITY)|<[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?\s[^>]*xmlns"
)
_HTML = re.compile(
    r"(<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TRIX = re.compile(r"<(\w+:)?TriX\b|www\.w3\.org/2004/03/trix", re.IGNORECASE)
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[\]{"]')
_JSON_MEANT = re.compile(r'\{|\[\s*[-\d"{]')
_EMPTY_NODE = re.compile(r"\[\s*\]\s*[\w<:]")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def detect(content: bytes, media_type: str | None = None, url: str = "") -> Notation:
    """The notation of a document. Raises `ParseFailed` for web pages and TriX."""
    _refuse_packed(content)
    head = text_head(content)
    _refuse_foreign(head, media_type)
    family = _family(head)
    labelled = from_media_type(media_type)
    named = from_url(url)
    for candidate in (labelled, named):
        if candidate is not None and candidate in family:
            return candidate
    if JSON_LD in (labelled, named) and _JSON_MEANT.match(head):
        return JSON_LD
    return TRIG if TRIG in family else next(iter(family))


def from_media_type(media_type: str | None) -> Notation | None:
    """The notation of a Content-Type header; its parameters are ignored."""
    return BY_MEDIA_TYPE.get((media_type or "").partition(";")[0].strip().lower())


def from_url(url: str) -> Notation | None:
    """The notation that the extension of a path suggests."""
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    return BY_EXTENSION.get(path.rpartition(".")[2].lower())


def text_head(content: bytes) -> str:
    """The first characters, whatever the encoding; good enough to recognise a notation."""
    head = content[:_HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace").lstrip("\ufeff").lstrip()
    if head[1:2] == b"\0" or head[:1] == b"\0":
        encoding = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        return head.decode(encoding, "replace").lstrip()
    return head.decode("utf-8", "replace").lstrip("\ufeff").lstrip()


def _refuse_packed(content: bytes) -> None:
    for start, name in PACKED.items():
        if content.startswith(start):
            raise ParseFailed(f"this is a {name} file; unpack it first", line=1)


def _refuse_foreign(head: str, media_type: str | None) -> None:
    if _HTML.match(head):
        title = _TITLE.search(head)
        named = f", titled “{_one_line(title[1])}”" if title else ""
        raise ParseFailed(f"this is a web page (HTML){named}, not a description", line=1)
    if "trix" in (media_type or "").lower() or (head.startswith("<") and _TRIX.search(head)):
        raise ParseFailed(
            "TriX is not read here; offer Turtle, JSON-LD, RDF/XML or N-Triples", line=1
        )


def _one_line(markup: str) -> str:
    return " ".join(html.unescape(markup).split())[:100]


def _family(head: str) -> frozenset[Notation]:
    if _XML.match(head):
        return frozenset({RDF_XML})
    if _JSON.match(head) and not _EMPTY_NODE.match(head):
        return frozenset({JSON_LD})
    return TEXTUAL


def negotiate(accept: str | None, offered: Iterable[str]) -> str | None:
    """The media type that an Accept header prefers, or `None` when none will do.

    Ties go to the order of `offered`; no header means the first offer (RFC 9110 §12.5.1).

    >>> negotiate("text/html;q=0.5, text/*;q=0.9", ["text/html", "text/turtle"])
    'text/turtle'
    """
    offers = list(offered)
    ranges = _ranges(accept or "*/*")
    scored = [(_quality(offer, ranges), -place) for place, offer in enumerate(offers)]
    best = max(scored, default=(0.0, 0))
    return offers[-best[1]] if best[0] > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(",")[:50]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media:
            ranges.append((media, _weight(parameters)))
    return ranges


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            found = re.fullmatch(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)", parameter)
            return float(found[1]) if found else 0.0
    return 1.0


def _quality(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers the offer."""
    kind = offer.partition(";")[0].strip().lower()
    for pattern in (kind, kind.partition("/")[0] + "/*", "*/*"):
        weights = [weight for media, weight in ranges if media == pattern]
        if weights:
            return max(weights)
    return 0.0
