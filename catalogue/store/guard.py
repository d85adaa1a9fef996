r"""What a stranger's query may not ask, decided before any engine sees it.

We look at tokens, never at raw text: strings, comments and addresses cannot hide or fake a
keyword. A query is read twice, as written and with `\uXXXX` escapes decoded, because engines
differ in when they decode; either reading can get it refused. Engines also accept keywords
glued to a neighbour (`1SERVICE:x{}`), so a word that contains SERVICE anywhere is refused.
This is the first of two walls: the engine's children cannot open a connection at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from catalogue.errors import QueryRefused, QuerySyntax
from catalogue.store.formats import QueryKind

MAX_BYTES: Final = 64_000
MAX_DEPTH: Final = 200
GRAPH_SCHEMES: Final = frozenset({"http", "https", "urn"})

_KINDS: Final[dict[str, QueryKind]] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
}
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_STORE_FUNCTIONS: Final = frozenset({"bif", "sql"})  # Virtuoso's way out to files and network
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE_PREFIX: Final = re.compile(r"(?:true|false|a)?service(?:silent)?", re.IGNORECASE)

_HEX: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>\s++ | \#[^\n\r]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20] | {_HEX})*+>)
    | (?P<string>"{{3}}(?:"{{0,2}}(?:[^"\\]|\\.))*+"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*+'{{3}}
        | "(?!"")(?:[^"\\\n\r]|\\.)*+" | '(?!'')(?:[^'\\\n\r]|\\.)*+')
    | (?P<unclosed>["'])
    | (?P<variable>[?$]\w++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<blank>_:\w(?:[\w.\-·]*[\w\-·])?)
    | (?P<word>[^\W\d_](?:[\w\-·]|\.(?=[\w.\-·]))*+)(?!:)
    | (?P<name>(?:[^\W\d_](?:[\w\-·]|\.(?=[\w.\-·]))*+)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\[^\w\s])
           (?:[\w:\-·]|\.(?=[\w:.\-·%\\])|%[0-9A-Fa-f]{{2}}|\\[^\w\s])*+)?)
    | (?P<open>[{{(\[]) | (?P<close>[}})\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A query that may be asked, whether it has FROM, and whether it speaks of a GRAPH."""

    text: str
    kind: QueryKind
    names_dataset: bool
    names_graph: bool


class _Token(NamedTuple):
    kind: str
    text: str


def inspect(query: str) -> Question:
    """The kind of a query. Raises `QueryRefused` naming the clause, or `QuerySyntax`."""
    _check_size(query)
    tokens = _checked_tokens(decode(query))
    if decode(query) != query:
        _checked_tokens(query)
    graphs = _dataset(tokens)
    check_graphs(graphs)
    return Question(query, _kind(tokens), bool(graphs), any(map(_is_graph, tokens)))


def check_graphs(graphs: Sequence[str]) -> None:
    """Refuse a dataset that names a file or another place that no store should open."""
    for graph in graphs:
        scheme = _scheme(graph)
        if scheme and scheme not in GRAPH_SCHEMES:
            raise QueryRefused(
                f"FROM <{graph[:200]}> is not available: graphs here have http, https or urn "
                "addresses and nothing is fetched"
            )


def decode(query: str) -> str:
    r"""Decode `\uXXXX` and `\UXXXXXXXX` everywhere (SPARQL 1.1 Query, 19.2).

    >>> decode(r"SER\u0056ICE")
    'SERVICE'
    """
    return _ESCAPE.sub(_character, query)


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    valid = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if valid else match[0]


def _check_size(query: str) -> None:
    try:
        size = len(query.encode())
    except UnicodeEncodeError as error:
        raise QuerySyntax("the query is not text: it holds half a character") from error
    if size > MAX_BYTES:
        raise QueryRefused(f"the query has {size} bytes; the limit is {MAX_BYTES}")


def _checked_tokens(text: str) -> list[_Token]:
    tokens = list(_tokens(text))
    _check_clauses(tokens)
    _check_depth(tokens)
    return tokens


def _tokens(text: str) -> Iterator[_Token]:
    """Every token but white space and comments."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "unclosed":
            line = text.count("\n", 0, match.start()) + 1
            raise QuerySyntax(f"line {line}: a string is opened and not closed")
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0])


def _check_clauses(tokens: Sequence[_Token]) -> None:
    for token in tokens:
        clause = _refused_clause(token)
        if clause:
            raise QueryRefused(f"{clause} is not available: this endpoint only reads its own data")


def _refused_clause(token: _Token) -> str | None:
    """The forbidden clause that this token opens, if any."""
    if token.kind == "word":
        word = token.text.upper()
        return "SERVICE" if "SERVICE" in word else word if word in _UPDATES else None
    if token.kind == "name":
        return _refused_prefix(token.text.partition(":")[0])
    if token.kind == "iri" and _scheme(token.text[1:-1]) in _STORE_FUNCTIONS:
        return token.text[:80]
    return None


def _refused_prefix(prefix: str) -> str | None:
    if _SERVICE_PREFIX.fullmatch(prefix):
        return "SERVICE"
    return f"{prefix}:" if prefix.lower() in _STORE_FUNCTIONS else None


def _is_graph(token: _Token) -> bool:
    """Engines accept keywords glued to a neighbour, so GRAPH anywhere in a word counts."""
    return token.kind in {"word", "name"} and "GRAPH" in token.text.partition(":")[0].upper()


def _check_depth(tokens: Sequence[_Token]) -> None:
    """Deep nesting overflows a parser's stack; nobody writes it by hand."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth > MAX_DEPTH:
            raise QueryRefused(f"the query nests brackets more than {MAX_DEPTH} deep")


def _kind(tokens: Sequence[_Token]) -> QueryKind:
    """The query form: the first word after BASE and PREFIX declarations."""
    found = next((t for t in tokens[_prologue_end(tokens) :]), None)
    if found is None:
        raise QuerySyntax("the query is empty")
    if found.kind == "word" and found.text.upper() in _KINDS:
        return _KINDS[found.text.upper()]
    raise QuerySyntax(f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {found.text[:40]!r}")


def _prologue_end(tokens: Sequence[_Token]) -> int:
    position = 0
    while position < len(tokens) and tokens[position].kind == "word":
        length = {"BASE": 2, "PREFIX": 3, "VERSION": 2}.get(tokens[position].text.upper(), 0)
        if not length:
            break
        position += length
    return position


def _dataset(tokens: Sequence[_Token]) -> list[str]:
    """The IRIs after FROM and FROM NAMED, resolved against the prologue."""
    base, prefixes = _prologue(tokens[: _prologue_end(tokens)])
    found = []
    for position, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in {"FROM", "FROMNAMED"}:
            named = _after_named(tokens, position + 1)
            found.append(_resolve(named, base, prefixes))
    return found


def _after_named(tokens: Sequence[_Token], position: int) -> _Token:
    if position < len(tokens) and tokens[position].text.upper() == "NAMED":
        position += 1
    if position >= len(tokens):
        raise QuerySyntax("FROM is not followed by the address of a graph")
    return tokens[position]


def _prologue(tokens: Sequence[_Token]) -> tuple[str, dict[str, str]]:
    base, prefixes = "", {}
    for position, token in enumerate(tokens):
        word = token.text.upper()
        following = tokens[position + 1 : position + 3]
        if word == "BASE" and following:
            base = _join(base, following[0].text[1:-1])
        elif word == "PREFIX" and len(following) == 2:
            prefixes[following[0].text[:-1]] = _join(base, following[1].text[1:-1])
    return base, prefixes


def _resolve(token: _Token, base: str, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return _join(base, token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local


def _join(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference) if base and not _scheme(reference) else reference
    except ValueError:
        return reference


def _scheme(iri: str) -> str:
    try:
        return urlsplit(iri).scheme.lower()
    except ValueError as error:
        raise QuerySyntax(f"<{iri[:200]}> is not an address") from error
