r"""What a stranger's query may not ask, decided before any engine sees it.

We look at tokens, never at raw text: strings, comments and addresses cannot hide or fake a
keyword. A query is read twice, as written and with `\uXXXX` escapes decoded, because engines
differ in when they decode; either reading can get it refused. Engines also accept keywords
glued to a neighbour (`1SERVICE:x{}`), so a word that contains SERVICE anywhere is refused, and
so is a name with such a prefix unless the query declares that prefix and no `{` can follow.
This is the first of two walls: the engine's children cannot open a connection at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from catalogue.errors import QueryRefused, QuerySyntax
from catalogue.store.formats import QueryKind

MAX_BYTES: Final = 64_000
MAX_DEPTH: Final = 200
ELSEWHERE: Final = frozenset(
    {"file", "ftp", "ftps", "sftp", "jar", "data", "gopher", "ldap", "dav"}
)
"""Schemes of addresses that some store might open when they are named as a graph."""
LONG_TEXT: Final = 8_000
MANY_WIDE: Final = 20

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
_AFTER_A_NAME: Final = frozenset(".,;/|^*+?!<>=&-")
_CHANGING: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})

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
        (?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\[^a-zA-Z0-9\s])
           (?:[\w:\-·]|\.(?=[\w:.\-·%\\])|%[0-9A-Fa-f]{{2}}|\\[^a-zA-Z0-9\s])*+)?)
    | (?P<number>[0-9]++)
    | (?P<open>[{{(\[]) | (?P<close>[}})\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A query that may be asked: its form, and what can be seen without evaluating it.

    `names_dataset`: it has FROM. `names_graph`: it speaks of a GRAPH. `repeatable`: asked again
    of the same graphs it says the same. `looks_long`: it had better queue with the long ones.
    """

    text: str
    kind: QueryKind
    names_dataset: bool
    names_graph: bool
    repeatable: bool
    looks_long: bool


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


class _Text(NamedTuple):
    """The tokens of a text, with the prefixes that it declares."""

    text: str
    tokens: list[_Token]
    prefixes: frozenset[str]


def _place(text: str, token: _Token) -> str:
    """Where a token stands, for people."""
    before = text[: token.start]
    return f"line {before.count(chr(10)) + 1}, column {token.start - before.rfind(chr(10))}"


@lru_cache(maxsize=128)
def inspect(query: str) -> Question:
    """The kind of a query. Raises `QueryRefused` naming the clause, or `QuerySyntax`."""
    _check_size(query)
    decoded = decode(query)
    tokens = _checked_tokens(decoded)
    if decoded != query:
        _checked_tokens(query)
    graphs = _dataset(tokens)
    check_graphs(graphs)
    return Question(
        text=query,
        kind=_kind(tokens),
        names_dataset=bool(graphs),
        names_graph=any(map(_is_graph, tokens)),
        repeatable=not any(map(_changes, tokens)),
        looks_long=len(query) > LONG_TEXT or _looks_long(tokens),
    )


def check_graphs(graphs: Sequence[str]) -> None:
    """Refuse a dataset that names a file or another place that no store should open."""
    for graph in graphs:
        if _scheme(graph) in ELSEWHERE | _STORE_FUNCTIONS:
            raise QueryRefused(
                f"FROM <{graph[:200]}> is not available: graphs are in this store and nothing "
                "is fetched"
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
    tokens = list(_not_too_deep(text, _tokens(text)))
    read = _Text(text, tokens, frozenset(_prologue(tokens[: _prologue_end(tokens)])[1]))
    _check_clauses(read)
    return tokens


def _tokens(text: str) -> Iterator[_Token]:
    """Every token but white space and comments."""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "unclosed":
            line = text.count("\n", 0, match.start()) + 1
            raise QuerySyntax(f"line {line}: a string is opened and not closed")
        if kind != "space":
            yield _Token(kind, match[0], match.start())


def _not_too_deep(text: str, tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Deep nesting overflows a parser's stack; nobody writes it by hand."""
    depth = 0
    for token in tokens:
        if token.kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                place = _place(text, token)
                raise QueryRefused(f"{place}: the query nests brackets more than {MAX_DEPTH} deep")
        elif token.kind == "close":
            depth -= 1
        yield token


def _check_clauses(read: _Text) -> None:
    for position, token in enumerate(read.tokens):
        look = _LOOKS.get(token.kind)
        clause = look(read, position) if look else None
        if clause:
            raise QueryRefused(
                f"{_place(read.text, token)}: {clause} is not available: this endpoint only reads "
                "its own data"
            )


def _refused_word(read: _Text, position: int) -> str | None:
    word = read.tokens[position].text.upper()
    return "SERVICE" if "SERVICE" in word else word if word in _UPDATES else None


def _refused_name(read: _Text, position: int) -> str | None:
    prefix = read.tokens[position].text.partition(":")[0]
    if _SERVICE_PREFIX.fullmatch(prefix):
        return None if prefix in read.prefixes and _no_group_follows(read, position) else "SERVICE"
    return f"{prefix}:" if prefix.lower() in _STORE_FUNCTIONS else None


def _no_group_follows(read: _Text, position: int) -> bool:
    """What follows begins no group, and cannot be a part of the name that we did not read."""
    following = read.tokens[position + 1] if position + 1 < len(read.tokens) else None
    if following is None or following.text == "{":
        return False
    return following.kind != "other" or following.text in _AFTER_A_NAME


def _refused_address(read: _Text, position: int) -> str | None:
    text = read.tokens[position].text
    return text[:80] if _scheme(text[1:-1]) in _STORE_FUNCTIONS else None


_LOOKS: Final[dict[str, Callable[[_Text, int], str | None]]] = {
    "word": _refused_word,
    "name": _refused_name,
    "iri": _refused_address,
}
"""For each kind of token, what names the forbidden clause that it opens, if any."""


def _changes(token: _Token) -> bool:
    """Whether it is a function that gives something else every time."""
    return token.kind == "word" and token.text.upper() in _CHANGING


def _looks_long(tokens: Sequence[_Token]) -> bool:
    """A closure over a group of paths, or patterns that say nothing and share nothing.

    A guess, that decides only in which queue the query stands.
    """
    return _has_closed_group(tokens) or _has_wide_product(tokens)


def _has_closed_group(tokens: Sequence[_Token]) -> bool:
    return any(token.text == ")" and after.text in {"*", "+"} for token, after in pairwise(tokens))


def _has_wide_product(tokens: Sequence[_Token]) -> bool:
    """Two patterns of three variables each, none of which is in both."""
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    wide = [
        {token.text for token in triple}
        for triple in triples
        if triple[0].kind == triple[1].kind == triple[2].kind == "variable"
    ]
    return len(wide) > MANY_WIDE or any(not one & other for one, other in combinations(wide, 2))


def _is_graph(token: _Token) -> bool:
    """Engines accept keywords glued to a neighbour, so GRAPH anywhere in a word counts."""
    return token.kind in {"word", "name"} and "GRAPH" in token.text.partition(":")[0].upper()


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
