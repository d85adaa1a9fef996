r"""What a stranger's query may not ask, decided before any engine sees it.

We look at tokens, never at raw text: strings, comments and addresses cannot hide or fake a
keyword. Engines differ in when they decode `\uXXXX`, so the query is rewritten without such
escapes, and what was inspected is what is asked; if something that looks like an escape is
left, the query is read a second time with that decoded too. Engines also accept keywords
glued to a neighbour (`1SERVICE:x{}`), so a word that contains SERVICE anywhere is refused, and
so is a name with such a prefix unless the query declares that prefix and it can be no keyword.
Where `<` may be "less than" as well as the beginning of an address, both readings count.
This is the first of two walls: the engine's children cannot open a connection at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, combinations
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from catalogue.errors import QueryRefused, QuerySyntax, QueryTooLarge
from catalogue.store.formats import QueryKind
from catalogue.store.glance import glance, shape_of
from catalogue.store.question import Question

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
_DECLARATIONS: Final = {"BASE": 2, "PREFIX": 3, "VERSION": 2, "PREFIX:": 2}
"""How many tokens each has; engines also read a keyword that its `:` is glued to."""
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_STORE_FUNCTIONS: Final = frozenset({"bif", "sql"})  # Virtuoso's way out to files and network
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_IN_A_STRING: Final = re.compile(rf"{_ESCAPE.pattern}|\\.", re.DOTALL)
_SPELT: Final = {"\\": r"\\", '"': r"\"", "'": r"\'", "\n": r"\n", "\r": r"\r"}
"""Characters that would end a string, or begin an escape, if they stood in it as they are."""
_SERVICE_PREFIX: Final = re.compile(r"(?:true|false|a)?service(?:silent)?", re.IGNORECASE)
_BEFORE_A_GRAPH: Final = frozenset({"GRAPH", "FROM", "NAMED"})
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


_OPERANDS: Final = frozenset(
    {"iri", "string", "variable", "language", "blank", "word", "name", "number", "close"}
)
"""Kinds after which, in an expression, `<` compares."""
_SURE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")
"""What begins like this is no comparison: nothing in an expression has two slashes."""
_HIDING: Final = re.compile(r"['#]")
"""What, in a comparison, would begin a string or comment that goes on after the `>`."""


class Token(NamedTuple):
    """A word, name, string, address … of a query, and where it starts."""

    kind: str
    text: str
    start: int


class _Text(NamedTuple):
    """The tokens of a text, with the prefixes that it declares."""

    text: str
    tokens: list[Token]
    prefixes: frozenset[str]


def _place(text: str, token: Token) -> str:
    """Where a token stands, for people."""
    before = text[: token.start]
    return f"line {before.count(chr(10)) + 1}, column {token.start - before.rfind(chr(10))}"


@lru_cache(maxsize=128)
def inspect(query: str) -> Question:
    """The kind of a query. Raises `QueryRefused` naming the clause, or `QuerySyntax`."""
    return glance(query) or read_whole(query)


def judged(query: str | Question) -> Question:
    """A query as `inspect` sees it, unless it was judged before."""
    return query if isinstance(query, Question) else inspect(query)


def read_whole(query: str) -> Question:
    """What `inspect` says, token by token."""
    check_size(query)
    text = without_escapes(query)
    read = _checked(text)
    tokens = read.tokens
    if _ESCAPE.search(text):
        _checked(decode(text))
    graphs = _dataset(tokens)
    check_graphs(graphs)
    return Question(
        text=text,
        kind=_kind(tokens),
        names_dataset=bool(graphs),
        names_graph=any(_is_graph(read, position) for position in range(len(tokens))),
        repeatable=not any(map(_changes, tokens)),
        looks_long=len(text) > LONG_TEXT or _looks_long(tokens),
        shape=shape_of(text),
    )


def check_graphs(graphs: Sequence[str]) -> None:
    """Refuse a dataset that names a file or another place that no store should open."""
    for graph in graphs:
        if _scheme(graph) in ELSEWHERE:
            raise QueryRefused(
                f"FROM <{graph[:200]}> is not available: graphs are in this store and nothing "
                "is fetched"
            )


def check_functions(question: Question, graphs: Sequence[str]) -> None:
    """Refuse what is a way out in Virtuoso, to files and network, and elsewhere just a name."""
    tokens = list(tokens_of(question.text))
    _check(_Text(question.text, tokens, frozenset()), _FUNCTION_LOOKS)
    for graph in graphs:
        if _scheme(graph) in _STORE_FUNCTIONS:
            raise QueryRefused(f"FROM <{graph[:200]}> is not available: it is no graph")


def without_escapes(query: str) -> str:
    r"""The same query without `\uXXXX`, so that it does not matter when an engine decodes them.

    In a string the character takes its place, spelt so that the string goes on; in a comment
    nothing does; everywhere else what 19.2 says of the whole query holds.

    >>> print(without_escapes(r"SEL\u0045CT ('it\u0027s' AS ?x) {} # \u000A"))
    SELECT ('it\'s' AS ?x) {} #  u000A
    """
    if not _ESCAPE.search(query):
        return query
    pieces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(query):
        rewrite = _REWRITTEN.get(str(match.lastgroup))
        if rewrite is not None:
            pieces += decode(query[end : match.start()]), rewrite(match[0])
            end = match.end()
    return "".join((*pieces, decode(query[end:])))


def _in_a_string(text: str) -> str:
    return _IN_A_STRING.sub(_spelt, text)


def _spelt(match: re.Match[str]) -> str:
    character = _character(match) if match[1] or match[2] else ""
    return _SPELT.get(character, character) or match[0]


def _in_a_comment(text: str) -> str:
    return text.replace("\\", " ")


_REWRITTEN: Final = {"string": _in_a_string, "space": _in_a_comment}


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


def check_size(query: str) -> None:
    """Refuse what nobody should read. Raises `QueryTooLarge`, or `QuerySyntax` for no text."""
    try:
        size = len(query.encode())
    except UnicodeEncodeError as error:
        raise QuerySyntax("the query is not text: it holds half a character") from error
    if size > MAX_BYTES:
        raise QueryTooLarge(f"the query has {size} bytes; the limit is {MAX_BYTES}")


def _checked(text: str) -> _Text:
    tokens = list(_not_too_deep(text, tokens_of(text)))
    read = _Text(text, tokens, frozenset(_prologue(tokens)[1]))
    _check(read, _LOOKS)
    return read


def tokens_of(text: str) -> Iterator[Token]:
    """Every token but white space and comments.

    After an address that may be a comparison come the tokens of the comparison too. Raises
    `QuerySyntax` for a string without end, and where the two readings part for good.
    """
    brackets: list[str] = []
    before: Token | None = None
    for token in _read_tokens(text):
        yield token
        if token.kind == "iri" and _may_compare(token, before, brackets):
            yield from _compared(text, token)
        if token.kind == "open":
            brackets.append(token.text)
        elif token.kind == "close" and brackets:
            brackets.pop()
        before = token


def _read_tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind = str(match.lastgroup)
        if kind == "unclosed":
            line = text.count("\n", 0, match.start()) + 1
            raise QuerySyntax(f"line {line}: a string is opened and not closed")
        if kind != "space":
            yield Token(kind, match[0], match.start())


def _may_compare(token: Token, before: Token | None, brackets: Sequence[str]) -> bool:
    """Whether `<…>` stands after a value, in round brackets: `(?a<?b&&?c>?d)`.

    Some engines compare outside brackets too, so there what holds a quote may as well.
    """
    after_a_value = before is not None and (before.kind in _OPERANDS or before.text == ".")
    somewhere = brackets[-1:] == ["("] or "'" in token.text
    return after_a_value and somewhere and not _SURE.match(token.text)


def _compared(text: str, token: Token) -> list[Token]:
    """What is between `<` and `>` when these compare, provided that both readings then meet."""
    end = token.start + len(token.text) - 1
    inside = list(_read_tokens(text, token.start + 1, end))
    depths = list(accumulate(_DEPTHS.get(each.kind, 0) for each in inside))
    if _HIDING.search(token.text) or min(depths, default=0) < 0 or (depths and depths[-1]):
        raise QuerySyntax(
            f"{_place(text, token)}: {token.text[:80]} can be read as an address and as a "
            "comparison; write a space after the <, or the whole address"
        )
    return inside


_DEPTHS: Final = {"open": 1, "close": -1}


def _not_too_deep(text: str, tokens: Iterator[Token]) -> Iterator[Token]:
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


def _check(read: _Text, looks: _Looks) -> None:
    for position, token in enumerate(read.tokens):
        look = looks.get(token.kind)
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
    if not _SERVICE_PREFIX.fullmatch(prefix):
        return None
    harmless = _names_a_graph(read, position) or _no_group_follows(read, position)
    return None if prefix in read.prefixes and harmless else "SERVICE"


def _names_a_graph(read: _Text, position: int) -> bool:
    """After these words comes a name and nothing else, whatever follows it."""
    before = read.tokens[position - 1] if position else None
    return before is not None and before.kind == "word" and before.text.upper() in _BEFORE_A_GRAPH


def _no_group_follows(read: _Text, position: int) -> bool:
    """What follows begins no group, and cannot be a part of the name that we did not read."""
    following = read.tokens[position + 1] if position + 1 < len(read.tokens) else None
    if following is None or following.text == "{":
        return False
    return following.kind != "other" or following.text in _AFTER_A_NAME


def _store_function(read: _Text, position: int) -> str | None:
    prefix = read.tokens[position].text.partition(":")[0]
    return f"{prefix}:" if prefix.lower() in _STORE_FUNCTIONS else None


def _store_address(read: _Text, position: int) -> str | None:
    text = read.tokens[position].text
    return text[:80] if _scheme(text[1:-1]) in _STORE_FUNCTIONS else None


_Looks = dict[str, Callable[[_Text, int], str | None]]
_LOOKS: Final[_Looks] = {"word": _refused_word, "name": _refused_name}
_FUNCTION_LOOKS: Final[_Looks] = {"name": _store_function, "iri": _store_address}
"""For each kind of token, what names the forbidden clause that it opens, if any."""


def _changes(token: Token) -> bool:
    """Whether it is a function that gives something else every time."""
    return token.kind == "word" and any(name in token.text.upper() for name in _CHANGING)


def _looks_long(tokens: Sequence[Token]) -> bool:
    """Two patterns of three variables each that share none: a product of everything.

    A guess, that decides only in which queue the query stands.
    """
    opening = next((position for position, token in enumerate(tokens) if token.text == "{"), 0)
    inside = tokens[opening:]
    triples = zip(inside, inside[1:], inside[2:], strict=False)
    wide = [
        {token.text for token in triple}
        for triple in triples
        if triple[0].kind == triple[1].kind == triple[2].kind == "variable"
    ]
    return len(wide) > MANY_WIDE or any(not one & other for one, other in combinations(wide, 2))


def _is_graph(read: _Text, position: int) -> bool:
    """Engines accept keywords glued to a neighbour, so GRAPH anywhere in a word counts."""
    token = read.tokens[position]
    prefix = token.text.partition(":")[0]
    if token.kind not in {"word", "name"} or "GRAPH" not in prefix.upper():
        return False
    return not (prefix in read.prefixes and _no_group_follows(read, position))


def _kind(tokens: Sequence[Token]) -> QueryKind:
    """The query form: the first word after BASE and PREFIX declarations."""
    found = next((t for t in tokens[_prologue_end(tokens) :]), None)
    if found is None:
        raise QuerySyntax("the query is empty")
    if found.kind == "word" and found.text.upper() in _KINDS:
        return _KINDS[found.text.upper()]
    raise QuerySyntax(f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {found.text[:40]!r}")


def _prologue_end(tokens: Sequence[Token]) -> int:
    return sum(map(len, _declarations(tokens)))


def _declarations(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each declaration with which a query begins."""
    position = 0
    while position < len(tokens):
        length = _DECLARATIONS.get(tokens[position].text.upper(), 0)
        if not length:
            break
        yield tokens[position : position + length]
        position += length


def _dataset(tokens: Sequence[Token]) -> list[str]:
    """The IRIs after FROM and FROM NAMED, resolved against the prologue."""
    base, prefixes = _prologue(tokens)
    found = []
    for position, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in {"FROM", "FROMNAMED"}:
            named = _after_named(tokens, position + 1)
            found.append(_resolve(named, base, prefixes))
    return found


def _after_named(tokens: Sequence[Token], position: int) -> Token:
    if position < len(tokens) and tokens[position].text.upper() == "NAMED":
        position += 1
    if position >= len(tokens):
        raise QuerySyntax("FROM is not followed by the address of a graph")
    return tokens[position]


def _prologue(tokens: Sequence[Token]) -> tuple[str, dict[str, str]]:
    base = ""
    prefixes: dict[str, str] = {}
    for keyword, *names in _declarations(tokens):
        word = keyword.text.upper()
        if word == "BASE" and names:
            base = _join(base, names[0].text[1:-1])
        elif word == "PREFIX" and len(names) == 2:
            prefixes[names[0].text[:-1]] = _join(base, names[1].text[1:-1])
        elif word == "PREFIX:" and names:
            prefixes[""] = _join(base, names[0].text[1:-1])
    return base, prefixes


def _resolve(token: Token, base: str, prefixes: dict[str, str]) -> str:
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
