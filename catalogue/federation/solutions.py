r"""What a peer answered, written as `VALUES`: every term checked, so that none is more than a term.

A blank node has a name only in the answer that it came in, and `VALUES` has none at all. So it
gets an address of ours that nobody else has (RDF 1.1 Concepts, 3.5), the same one wherever it
stands in this answer. A quoted triple cannot stand there, and is refused.

SPARQL 1.1 Query Results JSON Format: https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

UNBOUND: Final = "UNDEF"
GENID: Final = "/.well-known/genid/"
_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Odd(ValueError):
    """An answer that is not one; the message says how, for people."""


def read(content: bytes) -> list[Mapping[str, Any]]:
    """The solutions of an answer. Raises `Odd` when there are none to be found in it."""
    try:
        found = json.loads(content)["results"]["bindings"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Odd("did not answer with SPARQL results in JSON") from error
    if not (isinstance(found, list) and all(isinstance(row, dict) for row in found)):
        raise Odd("did not answer with SPARQL results in JSON")
    return found


def block(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], names: str) -> str:
    """The solutions in place of what they answer. Raises `Odd` for a term that is none.

    `names` begins the addresses of blank nodes.

    >>> block(["?a", "?b"], [{"a": {"type": "literal", "value": "x"}}], "urn:x-blank:")
    'VALUES (?a ?b) { ("x" UNDEF) }'
    """
    writer = _Writer(names)
    written = [f"({' '.join(writer.cell(row.get(name[1:])) for name in columns)})" for row in rows]
    return f"VALUES ({' '.join(columns)}) {{ {' '.join(written)} }}"


def nothing(columns: Sequence[str]) -> str:
    """No solution at all."""
    return f"VALUES ({' '.join(columns)}) {{ }}"


def anything(columns: Sequence[str]) -> str:
    """The one solution that binds nothing: what SILENT makes of a failure."""
    return f"VALUES ({' '.join(columns)}) {{ ({' '.join(UNBOUND for _ in columns)}) }}"


@dataclass(slots=True)
class _Writer:
    """Writes the terms of one answer."""

    names: str
    _blank: dict[str, str] = field(default_factory=dict)

    def cell(self, term: object) -> str:
        """One value, or that there is none."""
        if term is None:
            return UNBOUND
        if not isinstance(term, dict) or not isinstance(term.get("value"), str):
            raise Odd("answered with a value that is no RDF term")
        write = self._kinds().get(str(term.get("type")))
        if write is None:
            raise Odd(f"answered with a term of the kind {str(term.get('type'))[:40]!r}")
        try:
            return write(term)
        except ValueError as error:
            raise Odd(f"answered with {str(term['value'])[:100]!r}, no RDF term") from error

    def _kinds(self) -> dict[str, Callable[[Mapping[str, Any]], str]]:
        return {
            "uri": lambda term: _iri(term["value"]),
            "literal": _literal,
            "typed-literal": _literal,
            "bnode": self._named,
        }

    def _named(self, term: Mapping[str, Any]) -> str:
        number = f"{self.names}{len(self._blank) + 1}"
        return _iri(self._blank.setdefault(term["value"], number))


def _iri(value: str) -> str:
    if not _WHOLE.match(value):
        raise ValueError(value)
    return str(ox.NamedNode(value))


def _literal(term: Mapping[str, Any]) -> str:
    text, language, datatype = (term.get(key) for key in ("value", "xml:lang", "datatype"))
    if language:
        return f"{_quoted(str(text))}@{ox.Literal('', language=str(language)).language}"
    written = _quoted(str(text))
    return f"{written}^^{_iri(str(datatype))}" if datatype else written


def _quoted(text: str) -> str:
    r"""A text as the grammar has it, on one line.

    >>> print(_quoted('a "b" \\c'))
    "a \"b\" \\c"
    """
    text.encode()  # half a character is none
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'
