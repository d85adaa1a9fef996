"""The limited process in which foreign bytes become triples; started by `catalogue.rdf.parse`.

It reads one job after another from standard input and answers on standard output. Before
the first job it gives up the right to open anything: with a limit of three file descriptors
the kernel refuses every further file and socket, so neither an XML entity nor a JSON-LD
context can reach a disk or a network, whatever the parser would like.

The answer is N-Triples in which nothing can break out of its line: the lenient parser lets
through IRIs with spaces, braces and line ends, and those are percent-encoded here.
"""

from __future__ import annotations

import json
import re
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any, NoReturn
from urllib.parse import quote, urljoin
from xml.parsers import expat

import pyoxigraph as ox

from catalogue.errors import DescriptionError, LimitExceeded, ParseFailed
from catalogue.namespaces import TOO_LONG
from catalogue.rdf import media

FRAME = struct.Struct("!II")
"""A frame is two lengths, a JSON header and a payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may cost."""

    content_bytes: int = 20_000_000
    triples: int = 500_000
    literal: int = 100_000
    iri: int = 8_000
    depth: int = 100
    answer_bytes: int = 400_000_000
    seconds: int = 30
    memory_bytes: int = 2_000_000_000


CONTEXTS: dict[str, dict[str, str]] = {
    address: {"@vocab": "https://schema.org/"}
    for scheme in ("http", "https")
    for host in ("schema.org", "www.schema.org")
    for address in (f"{scheme}://{host}", f"{scheme}://{host}/")
}
"""JSON-LD contexts that may be named by address: answered from here, never fetched."""

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"

_UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f-\x9f\ud800-\udfff\ufffe\uffff]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile(r'["\\\n\r]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[{\]}]")


def n_triples(  # noqa: PLR0913 - what a document is judged by, each by its name
    content: bytes,
    *,
    media_type: str | None,
    base: str,
    url: str,
    limits: Limits,
    named: bool = False,
) -> bytes:
    """The triples of a document as safe N-Triples. Raises `ParseFailed` or `LimitExceeded`.

    When `named`, as N-Quads: a harvester may need to know what stands in which graph.
    """
    if len(content) > limits.content_bytes:
        raise LimitExceeded(f"the document is longer than {limits.content_bytes:,} bytes")
    notation = media.detect(content, media_type, url)
    prepared = prepare(content, notation, limits)
    try:
        return write(prepared, notation, base, limits, named=named)
    except SyntaxError as error:
        line = error.lineno or line_of(prepared, notation, base)
        raise ParseFailed(f"{notation.name}: {_reason(error)}", line=line) from error
    except MemoryError as error:
        raise LimitExceeded("one term or the whole document needs too much memory") from error


def _reason(error: SyntaxError) -> str:
    return re.sub(r"^Parser error at line .*?: ", "", error.msg)


# --- before the parser -------------------------------------------------------------------


def prepare(content: bytes, notation: media.Notation, limits: Limits) -> bytes:
    """UTF-8 without a byte order mark, after the refusals that each notation needs."""
    if notation is media.RDF_XML:
        return xml_as_utf8(content, inspect_xml(content, limits))
    text = without_mark(content)
    return checked_json(text, limits) if notation is media.JSON_LD else text


def without_mark(content: bytes) -> bytes:
    """Drop a UTF-8 mark; turn UTF-16 (which must have a mark) into UTF-8."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return decoded(content, "utf-16").encode()
    return content


def decoded(content: bytes, encoding: str) -> str:
    """Text, or `ParseFailed` with the line of the first byte that is not in the encoding."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = content.count(b"\n", 0, start) + 1
        raise ParseFailed(f"the bytes are not {encoding}", line=line) from error


def inspect_xml(content: bytes, limits: Limits) -> str | None:
    """Read the XML once with expat and give its declared encoding.

    A document type or entity is refused by the parser's own events, so that no encoding
    can hide it; nesting is counted; a syntax error gets its line.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    inspection = _Inspection(parser, limits.depth)
    parser.StartDoctypeDeclHandler = inspection.refuse
    parser.EntityDeclHandler = inspection.refuse
    parser.XmlDeclHandler = inspection.declare
    parser.StartElementHandler = inspection.open
    parser.EndElementHandler = inspection.close
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise ParseFailed(f"RDF/XML: {reason}", line=error.lineno) from error
    except (ValueError, LookupError, OSError) as error:
        raise ParseFailed("RDF/XML: an encoding that is not read; use UTF-8", line=1) from error
    return inspection.encoding


class _Inspection:
    """What expat tells while it reads."""

    def __init__(self, parser: expat.XMLParserType, limit: int) -> None:
        self.encoding: str | None = None
        self._parser = parser
        self._limit = limit
        self._depth = 0

    def refuse(self, *_declaration: object) -> None:
        line = self._parser.CurrentLineNumber
        raise ParseFailed("XML with a DOCTYPE or ENTITY declaration is refused", line=line)

    def declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding

    def open(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limit:
            raise LimitExceeded(f"nested too deeply: more than {self._limit} elements")

    def close(self, _name: str) -> None:
        self._depth -= 1


def xml_as_utf8(content: bytes, encoding: str | None) -> bytes:
    """The RDF/XML parser reads only UTF-8: recode, and drop the declaration that says otherwise."""
    marked = without_mark(content)
    if marked is not content and content[:1] != b"\xef":
        text = marked.decode()
    elif encoding is None or encoding.lower() in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return marked
    else:
        text = decoded(marked, encoding)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).encode()


def checked_json(content: bytes, limits: Limits) -> bytes:
    """JSON without contexts by address, not too deep. Schema.org's context is filled in."""
    _check_json_depth(content, limits.depth)
    contexts = _Contexts(content)
    try:
        document = json.loads(content, object_pairs_hook=contexts.check)
    except json.JSONDecodeError as error:
        raise ParseFailed(f"JSON-LD: {error.msg}", line=error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ParseFailed("JSON-LD: not UTF-8, or nested too deeply") from error
    return json.dumps(document).encode() if contexts.filled else content


def _check_json_depth(content: bytes, limit: int) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > limit:
            raise LimitExceeded(f"nested too deeply: more than {limit} levels of JSON")


class _Contexts:
    """Sees every object of a JSON document, also those hidden by a repeated key."""

    def __init__(self, content: bytes) -> None:
        self.filled = False
        self._content = content

    def check(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: self._value(key, value) for key, value in pairs}

    def _value(self, key: str, value: Any) -> Any:
        if key == "@context":
            many = isinstance(value, list)
            parts = [self._context(part) for part in (value if many else [value])]
            return parts if many else parts[0]
        if key == "@import" and isinstance(value, str):
            self._refuse(value)
        return value

    def _context(self, context: Any) -> Any:
        if not isinstance(context, str):
            return context
        if context not in CONTEXTS:
            self._refuse(context)
        self.filled = True
        return CONTEXTS[context]

    def _refuse(self, address: str) -> NoReturn:
        place = self._content.find(json.dumps(address, ensure_ascii=False).encode())
        line = self._content.count(b"\n", 0, place) + 1 if place >= 0 else None
        raise ParseFailed(
            f"JSON-LD: the context {address:.200} is an address, and contexts are never"
            " fetched; write it out in the document",
            line=line,
        )


# --- the parser --------------------------------------------------------------------------


def quads(content: bytes | IO[bytes], notation: media.Notation, base: str) -> Iterator[ox.Quad]:
    """What pyoxigraph reads, leniently: what it lets through is cleaned by `_Writer`."""
    based = None if notation in {media.N_TRIPLES, media.N_QUADS} else base
    return iter(ox.parse(content, format=notation.format, base_iri=based, lenient=True))


def line_of(content: bytes, notation: media.Notation, base: str) -> int | None:
    """Where a parser that gives no line stopped: it is fed line by line and asked again."""
    if notation is not media.RDF_XML:
        return None
    lines = _Lines(content)
    try:
        for _ in quads(lines, notation, base):  # type: ignore[arg-type]
            pass
    except SyntaxError:
        return lines.given
    return None


class _Lines:
    """A file that gives one line at a time and remembers how many it gave."""

    def __init__(self, content: bytes) -> None:
        self._lines = iter(content.splitlines(keepends=True))
        self.given = 0

    def read(self, _size: int = -1) -> bytes:
        line = next(self._lines, b"")
        self.given += bool(line)
        return line


def write(
    content: bytes, notation: media.Notation, base: str, limits: Limits, *, named: bool = False
) -> bytes:
    """Parse and write. Unless `named`, the names of graphs are dropped: ours never are theirs."""
    writer = _Writer(content, base, limits, named=named)
    for quad in quads(content, notation, base):
        writer.add(quad)
    if not writer.lines:
        raise ParseFailed(f"the {notation.name} document holds no triples")
    check_depth(writer.links, limits.depth)
    return b"".join(writer.lines)


class _Writer:
    """Turns triples into lines, and holds them to the limits.

    Blank nodes get the name of the document and a number, so that documents can be merged
    and the same document always gives the same bytes.
    """

    def __init__(self, content: bytes, base: str, limits: Limits, *, named: bool = False) -> None:
        self.lines: dict[bytes, None] = {}
        self.links: dict[str, set[str]] = {}
        self._name = sha256(base.encode() + b"\0" + content).hexdigest()[:12]
        self._numbers: dict[str, int] = {}
        self._iris: dict[str, str] = {}
        self._base = base
        self._limits = limits
        self._size = 0
        self._named = named

    def add(self, quad: ox.Quad) -> None:
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        if not _SCHEME.match(predicate.value):
            return  # a key of plain JSON; only the lenient parser takes it for a property
        if isinstance(object_, ox.Literal):
            written = self.literal(object_)
        else:
            written = self.node(object_)
            self._link(quad)
        graph = self._graph(quad.graph_name) if self._named else ""
        line = f"{self.node(subject)} {self.iri(predicate.value)} {written} {graph}.\n".encode()
        self.lines[line] = None
        self._size += len(line)
        self._check()

    def _graph(self, name: Any) -> str:
        return "" if isinstance(name, ox.DefaultGraph) else f"{self.node(name)} "

    def _check(self) -> None:
        if len(self.lines) > self._limits.triples:
            raise LimitExceeded(f"more than {self._limits.triples:,} triples in one document")
        if self._size > self._limits.answer_bytes:
            raise LimitExceeded(f"more than {self._limits.answer_bytes:,} bytes of triples")

    def _link(self, quad: ox.Quad) -> None:
        outer, inner = quad.subject, quad.object
        if not isinstance(outer, ox.BlankNode) or not isinstance(inner, ox.BlankNode):
            return
        if quad.predicate.value != REST:
            self.links.setdefault(outer.value, set()).add(inner.value)

    def node(self, node: Any) -> str:
        if isinstance(node, ox.NamedNode):
            return self.iri(node.value)
        if isinstance(node, ox.BlankNode):
            number = self._numbers.setdefault(node.value, len(self._numbers) + 1)
            return f"_:b{self._name}n{number}"
        raise ParseFailed("a triple that quotes another triple (RDF 1.2) is not read here")

    def iri(self, iri: str) -> str:
        written = self._iris.get(iri)
        if written is None:
            written = self._iris[iri] = self._written_iri(iri)
        return written

    def _written_iri(self, iri: str) -> str:
        if len(iri) > self._limits.iri:
            raise LimitExceeded(f"an IRI is longer than {self._limits.iri:,} characters")
        if _UNSAFE.search(iri):
            iri = _UNSAFE.sub(lambda found: quote(found[0], errors="replace"), iri)
        if not _SCHEME.match(iri):
            iri = urljoin(self._base, iri)
        return f"<{iri}>"

    def literal(self, literal: ox.Literal) -> str:
        text = literal.value
        if len(text) > self._limits.literal:  # concerns one record, not the whole document
            return f'"{len(text)}"^^<{TOO_LONG}>'
        text = _CONTROL.sub("\ufffd", text)
        return f'"{_ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)}"{self._kind(literal)}'

    def _kind(self, literal: ox.Literal) -> str:
        if literal.language:
            tag = literal.language.replace("_", "-")
            return f"@{tag}" if _TAG.fullmatch(tag) else ""
        datatype = literal.datatype.value
        return "" if datatype in {XSD_STRING, LANG_STRING} else f"^^{self.iri(datatype)}"


def check_depth(links: dict[str, set[str]], limit: int) -> None:
    """Refuse blank nodes nested more than `limit` deep; lists may be long, cycles are cut."""
    inner = {target for targets in links.values() for target in targets}
    level = set(links) - inner
    seen: set[str] = set()
    for _ in range(limit):
        seen |= level
        level = {target for node in level for target in links.get(node, ())} - seen
        if not level:
            return
    raise LimitExceeded(f"nested too deeply: more than {limit} blank nodes inside each other")


# --- the process -------------------------------------------------------------------------


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next header and payload, or `None` when the other side is gone."""
    sizes = stream.read(FRAME.size)
    if len(sizes) < FRAME.size:
        return None
    header_size, payload_size = FRAME.unpack(sizes)
    header, payload = stream.read(header_size), stream.read(payload_size)
    if len(header) < header_size or len(payload) < payload_size:
        return None
    return json.loads(header), payload


def write_frame(stream: IO[bytes], header: dict[str, Any], payload: bytes = b"") -> None:
    """Send a header and a payload."""
    encoded = json.dumps(header).encode()
    stream.write(FRAME.pack(len(encoded), len(payload)))
    stream.write(encoded)
    stream.write(payload)
    stream.flush()


def answer(header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Do one job; what is wrong with the document becomes part of the answer."""
    limits = Limits(**header.pop("limits"))
    try:
        return {"kind": "triples"}, n_triples(content, limits=limits, **header)
    except DescriptionError as error:
        kind = "limit" if isinstance(error, LimitExceeded) else "syntax"
        return {"kind": kind, "message": str(error), "line": getattr(error, "line", None)}, b""
    except (MemoryError, RecursionError):
        return {"kind": "limit", "message": "the document needs too much memory"}, b""
    except Exception as error:  # noqa: BLE001 - without an answer it would look like a time-out
        return {"kind": "syntax", "message": f"cannot be read: {error}", "line": None}, b""


def confine(memory_bytes: int) -> None:
    """Give up memory beyond the limit, core dumps, and every further file or socket."""
    warm = Limits()
    n_triples(b"<urn:a> <urn:b> 1 .", media_type=None, base="urn:a", url="", limits=warm)
    for encoding in (
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "latin-1",
        "cp1252",
        "iso8859-15",
        "ascii",
        "idna",
    ):
        "warm".encode(encoding)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def allow_seconds(seconds: int) -> None:
    """Renew the processor time of this process: what it used, and `seconds` more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def main() -> None:
    """Serve jobs until standard input closes."""
    confine(int(sys.argv[1]))
    while (job := read_frame(sys.stdin.buffer)) is not None:
        allow_seconds(job[0]["limits"]["seconds"])
        write_frame(sys.stdout.buffer, *answer(*job))


if __name__ == "__main__":
    main()
