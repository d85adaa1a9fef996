r"""Take a query apart: each `SERVICE <peer> { … }` in it, and what is around them.

The tokens are those of the guard in front of every store, so what it would refuse as SERVICE
and what is found here cannot differ to anybody's advantage: a SERVICE that is not found stays
in the query, and is refused there. Escapes (`\uXXXX`) are written out first, as the guard does;
a query that reads otherwise when what still looks like one is decoded too, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from catalogue.errors import QueryRefused, QuerySyntax
from catalogue.store.guard import MAX_BYTES, Token, decode, tokens_of, without_escapes

MOST_PARTS: Final = 4
DECLARATIONS: Final = {"BASE": ("iri",), "PREFIX": ("name", "iri"), "VERSION": ("string",)}
"""What follows each word."""
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One SERVICE: where it stands in the text, whom it asks, and for which pattern.

    The braces of the pattern begin at `open` and end at `end`; `pattern` is without comments.
    `place` is for people.
    """

    start: int
    open: int
    end: int
    place: str
    silent: bool
    endpoint: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A query and its parts. `prologue` gives the names in them their meaning.

    Where the prologue ends in the text, the query itself will `begin`.
    """

    text: str
    begin: int
    prologue: str
    parts: tuple[Part, ...]

    def outside(self, part: Part) -> frozenset[str]:
        """The variables that the query names outside this part.

        With a `*`, which may mean all of them, whatever is inside is named outside too.
        """
        every = tokens_of(self.text)
        around = [each for each in every if not part.start <= each.start < part.end]
        if any(token.text == "*" for token in around):
            around += tokens_of(part.pattern)
        return frozenset(f"?{token.text[1:]}" for token in around if token.kind == "variable")

    def put(self, blocks: Sequence[str]) -> str:
        """The query with these in the places of its parts; all else stays on its line."""
        pieces, after = [], 0
        for part, block in zip(self.parts, blocks, strict=True):
            lines = "\n" * self.text.count("\n", part.start, part.end)
            pieces += [self.text[after : part.start], " ", block, lines, " "]
            after = part.end
        return "".join([*pieces, self.text[after:]])

    def question(self, part: Part, columns: Sequence[str], rows: int) -> str:
        """One part as a query of its own, for so many rows at most."""
        wanted = " ".join(columns) or "*"
        return f"{self.prologue}SELECT {wanted} WHERE {part.pattern}\nLIMIT {rows}"

    def in_its_place(self, part: Part) -> str:
        """Ask for no row of one part; what is wrong with it is at the place that people see."""
        before = self.text[: self.begin] + "SELECT*"
        filling = re.sub(r"[^\n\r]", " ", self.text[len(before) : part.open])
        return f"{before}{filling}{self.text[part.open : part.end]}LIMIT 0"


class _Prologue(NamedTuple):
    """What the names in a query mean, and how many tokens say so."""

    base: str
    prefixes: dict[str, str]
    end: int


def mentions(query: str) -> bool:
    """Whether SERVICE stands anywhere in it, be it in a text or an address.

    >>> mentions("SELECT * { ?s dcat:service ?o }"), mentions("ASK {}")
    (True, False)
    """
    return "SERVICE" in decode(query).upper()


def take_apart(query: str, base: str) -> Apart:
    """Find the parts; `base` is against which addresses are resolved that are not whole.

    Raises `QueryRefused` naming the part that cannot be asked for, or `QuerySyntax`.
    """
    _check_size(query)
    query = without_escapes(query)
    tokens = list(tokens_of(query))
    names = _prologue(tokens, base)
    parts = tuple(_parts(query, tokens, names))
    if parts:
        _check_readings(query, tokens)
        _check_number(parts)
    begin = tokens[names.end].start if names.end < len(tokens) else len(query)
    prologue = _compact(tokens[: names.end])
    return Apart(query, begin, f"BASE <{base}> {prologue} ", parts)


def _check_size(query: str) -> None:
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise QueryRefused(f"the query has {size} bytes; the limit is {MAX_BYTES}")


def _check_readings(query: str, tokens: Sequence[Token]) -> None:
    """Refuse what would be another query for who decodes once more before reading."""
    decoded = [token.text for token in tokens_of(decode(query))]
    if decoded != [decode(token.text) for token in tokens]:
        raise QueryRefused(
            "the query has escapes (\\u…) inside escapes that change how it is read; with "
            "SERVICE that is not available"
        )


def _check_number(parts: Sequence[Part]) -> None:
    if len(parts) > MOST_PARTS:
        place = parts[MOST_PARTS].place
        raise QueryRefused(f"{place}: a query may have no more than {MOST_PARTS} SERVICE parts")


def _parts(text: str, tokens: Sequence[Token], names: _Prologue) -> Iterator[Part]:
    position = 0
    while position < len(tokens):
        if not _is(tokens[position], "SERVICE"):
            position += 1
            continue
        open_ = _pattern_start(text, tokens, position)
        close = _pattern_end(text, tokens, open_)
        yield _part(text, tokens[position : close + 1], open_ - position, names)
        position = close + 1


def _part(text: str, tokens: Sequence[Token], open_: int, names: _Prologue) -> Part:
    place = _place(text, tokens[0])
    pattern = tokens[open_:]
    if any(_is(token, "SERVICE") for token in pattern):
        raise QueryRefused(f"{place}: a SERVICE inside a SERVICE is not available")
    return Part(
        start=tokens[0].start,
        open=pattern[0].start,
        end=tokens[-1].start + len(tokens[-1].text),
        place=place,
        silent=_is(tokens[1], "SILENT"),
        endpoint=_endpoint(place, tokens[open_ - 1], names),
        pattern=_compact(pattern),
    )


def _pattern_start(text: str, tokens: Sequence[Token], position: int) -> int:
    """Where `{` stands: after SERVICE, perhaps SILENT, and an address."""
    start = position + (3 if _is_at(tokens, position + 1, "SILENT") else 2)
    if start >= len(tokens) or tokens[start].text != "{":
        place = _place(text, tokens[position])
        raise QuerySyntax(f"{place}: SERVICE is not followed by an address and a {{ pattern }}")
    return start


def _pattern_end(text: str, tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[position].text, 0)
        if depth == 0:
            return position
    raise QuerySyntax(f"{_place(text, tokens[start])}: this {{ is never closed")


def _endpoint(place: str, token: Token, names: _Prologue) -> str:
    """The address after SERVICE. A variable could become any address, so it may not be one."""
    if token.kind == "iri":
        return _join(names.base, token.text[1:-1])
    if token.kind == "name":
        return _expanded(place, token.text, names.prefixes)
    if token.kind == "variable":
        raise QueryRefused(
            f"{place}: SERVICE {token.text} is not available: a peer is named by its address, "
            "and not by a variable"
        )
    raise QuerySyntax(f"{place}: SERVICE is not followed by an address")


def _expanded(place: str, name: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise QuerySyntax(f"{place}: the prefix {prefix}: is not declared")
    return prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)


def _prologue(tokens: Sequence[Token], base: str) -> _Prologue:
    """What BASE and PREFIX declare, one after the other (SPARQL 1.1 Query, 4.1.1)."""
    prefixes: dict[str, str] = {}
    end = 0
    while (length := _declared(tokens, end)) is not None:
        word, *stated = (token.text for token in tokens[end : end + length])
        if word.upper() == "BASE":
            base = _join(base, stated[0][1:-1])
        elif word.upper() == "PREFIX":
            prefixes[stated[0][:-1]] = _join(base, stated[1][1:-1])
        end += length
    return _Prologue(base, prefixes, end)


def _declared(tokens: Sequence[Token], start: int) -> int | None:
    """How many tokens the declaration that begins here has, if one does."""
    word = next((word for word in DECLARATIONS if _is_at(tokens, start, word)), "")
    kinds = DECLARATIONS.get(word)
    found = tokens[start + 1 : start + 1 + len(kinds or ())]
    return 1 + len(found) if kinds == tuple(token.kind for token in found) else None


def _join(base: str, reference: str) -> str:
    try:
        return reference if urlsplit(reference).scheme else urljoin(base, reference)
    except ValueError as error:
        raise QuerySyntax(f"<{reference[:200]}> is not an address") from error


def _compact(tokens: Sequence[Token]) -> str:
    """The tokens as text, with one space where there was any room or a comment."""
    pieces, after = [], tokens[0].start if tokens else 0
    for token in tokens:
        pieces += [" " if token.start > after else "", token.text]
        after = token.start + len(token.text)
    return "".join(pieces)


def _is(token: Token, word: str) -> bool:
    """A keyword, as the grammar has it: in ASCII letters of either case."""
    return token.kind == "word" and token.text.isascii() and token.text.upper() == word


def _is_at(tokens: Sequence[Token], position: int, word: str) -> bool:
    return position < len(tokens) and _is(tokens[position], word)


def _place(text: str, token: Token) -> str:
    """Where a token stands, for people."""
    before = text[: token.start]
    return f"line {before.count(chr(10)) + 1}, column {token.start - before.rfind(chr(10))}"
