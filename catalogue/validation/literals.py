"""Whether a literal is what its datatype says, and which of two values is the greater.

Common, clearly correct forms are recognised by patterns. Everything else is put before
rdflib, exactly as pySHACL would, so that both engines give the same verdict.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from catalogue.namespaces import RDF, RDFS, XSD

if TYPE_CHECKING:
    import rdflib

STRING = XSD + "string"
LANG_STRING = RDF + "langString"

_DATE = r"([1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d)?"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"

CERTAIN = {
    XSD + "integer": re.compile(r"[+-]?[0-9]{1,17}", re.ASCII),
    XSD + "nonNegativeInteger": re.compile(r"\+?[0-9]{1,17}", re.ASCII),
    XSD + "decimal": re.compile(r"[+-]?[0-9]{1,17}(\.[0-9]{1,17})?", re.ASCII),
    XSD + "boolean": re.compile(r"true|false|0|1", re.ASCII),
    XSD + "date": re.compile(_DATE, re.ASCII),
    XSD + "dateTime": re.compile(_DATE + "T" + _TIME + _ZONE, re.ASCII),
    XSD + "anyURI": re.compile(r"https?://[!-~]+", re.ASCII),
}
"""Forms about which nobody disagrees; a day that its month does not have is looked at apart."""

NUMBERS = frozenset(XSD + name for name in ("integer", "nonNegativeInteger", "decimal"))
"""Datatypes whose certain forms can be compared as decimal numbers."""


def has_datatype(literal: ox.Literal, datatype: str) -> bool:
    """Whether sh:datatype is satisfied: the same datatype, and a value that it allows."""
    if literal.datatype.value != datatype:
        return datatype in {RDFS + "Literal", RDFS + "Datatype"}
    if datatype in {STRING, LANG_STRING}:
        return True
    return _certain(literal.value, datatype) or _rdflib_accepts(literal.value, datatype)


def compare(literal: ox.Literal, bound: ox.Literal) -> int | None:
    """-1, 0 or 1 as the literal is less than, equal to or greater than the bound.

    `None` when the two cannot be compared, which never satisfies a limit.
    """
    if _is_number(literal) and _is_number(bound):
        left, right = Decimal(literal.value), Decimal(bound.value)
        return (left > right) - (left < right)
    return _rdflib_compare(literal, bound)


def _certain(text: str, datatype: str) -> bool:
    pattern = CERTAIN.get(datatype)
    match = pattern.fullmatch(text) if pattern else None
    if match is None:
        return False
    return datatype not in {XSD + "date", XSD + "dateTime"} or _exists(text[:10])


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _is_number(literal: ox.Literal) -> bool:
    return literal.datatype.value in NUMBERS and _certain(literal.value, XSD + "decimal")


def as_rdflib(literal: ox.Literal) -> rdflib.Literal:
    """The same literal for rdflib, with its characters as they were written."""
    from rdflib import Literal, URIRef  # noqa: PLC0415 - a quarter of a second, seldom needed

    if literal.language:
        return Literal(literal.value, lang=literal.language, normalize=False)
    datatype = literal.datatype.value
    kind = None if datatype == STRING else URIRef(datatype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib warns about weird booleans; they are findings
        return Literal(literal.value, datatype=kind, normalize=False)


_CHECKED_BY_VALUE: dict[str, type] = {
    XSD + "integer": int,
    XSD + "float": float,
    XSD + "decimal": Decimal,
    XSD + "boolean": bool,
    XSD + "date": date,
    XSD + "time": time,
    XSD + "dateTime": datetime,
}


@lru_cache(maxsize=4096)
def _rdflib_accepts(text: str, datatype: str) -> bool:
    literal = as_rdflib(ox.Literal(text, datatype=ox.NamedNode(datatype)))
    return literal.ill_typed is not True and _is_python_value(literal.value, datatype)


def _is_python_value(value: object, datatype: str) -> bool:
    """The second half of pySHACL's test, for the datatypes that it looks into."""
    wanted = _CHECKED_BY_VALUE.get(datatype)
    return wanted is None or isinstance(value, wanted)


def _rdflib_compare(literal: ox.Literal, bound: ox.Literal) -> int | None:
    from pyshacl.rdfutil.compare import compare_literal  # noqa: PLC0415 - seldom needed

    left, right = as_rdflib(literal), as_rdflib(bound)
    if isinstance(left.value, str) != isinstance(right.value, str):
        return None
    try:
        return int(compare_literal(left, right))  # type: ignore[no-untyped-call]
    except (TypeError, NotImplementedError):
        return None
