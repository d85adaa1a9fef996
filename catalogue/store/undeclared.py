"""The commonest fault in a query: a name whose prefix was never declared.

The parser says so only where it knows nothing better, and never which prefix it is, so we look
in the query: whatever else is wrong, a name without a declared prefix is a fault.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import pairwise

from catalogue.errors import QuerySyntax
from catalogue.namespaces import PREFIXES
from catalogue.store.guard import Token, tokens_of


def undeclared(query: str, line: int, column: int) -> str:
    """Where the first such name before this place is, and what is lacking; else nothing.

    >>> undeclared("SELECT * { ?s x:y ?o }", 1, 19)
    'line 1, column 15: the prefix x: is not declared'
    """
    lines = query.split("\n")
    end = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    name = _first(query, end)
    return f"{_place(query, name)}: {_lacking(_prefix(name))}" if name else ""


def _first(query: str, end: int) -> Token | None:
    tokens = list(_outer(query, end))
    declared = {name.text for word, name in pairwise(tokens) if word.text.upper() == "PREFIX"}
    names = (each for each in tokens if each.kind == "name")
    return next((each for each in names if _prefix(each) not in declared), None)


def _outer(query: str, end: int) -> Iterator[Token]:
    """The tokens before `end`, without those that only a second reading of an address finds."""
    read = 0
    with contextlib.suppress(QuerySyntax):
        for token in tokens_of(query):
            if read <= token.start < end:
                read = token.start + len(token.text)
                yield token


def _prefix(name: Token) -> str:
    return name.text.partition(":")[0] + ":"


def _place(query: str, token: Token) -> str:
    before = query[: token.start].split("\n")
    return f"line {len(before)}, column {len(before[-1]) + 1}"


def _lacking(prefix: str) -> str:
    """With the declaration, where the prefix is one of ours."""
    ours = PREFIXES.get(prefix[:-1])
    hint = f"; the query should begin with PREFIX {prefix} <{ours}>" if ours else ""
    return f"the prefix {prefix} is not declared{hint}"
