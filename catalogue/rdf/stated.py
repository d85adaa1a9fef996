"""Terms made from what somebody stated in another form than RDF: a cell, a value in JSON.

Such text comes from strangers as RDF does, so the same rules hold: no control characters, no
broken Unicode, no address that is none, and a text beyond the limit becomes its length.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pyoxigraph as ox

from catalogue.namespaces import TOO_LONG, XSD
from catalogue.rdf import values
from catalogue.rdf.parse_child import Limits

LONGEST = Limits().literal
"""Characters of one text; as for RDF."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"(?:https?|urn|doi|info|ftp):\S+", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without what no document may hold, and without space around it."""
    return _CONTROL.sub("\ufffd", text).strip()


def literal(text: str, language: str = "", datatype: str = "") -> ox.Literal:
    """The text as a literal; a tag that names no language is left out."""
    value = clean(text)
    if len(value) > LONGEST:
        return ox.Literal(str(len(value)), datatype=ox.NamedNode(TOO_LONG))
    if datatype:
        return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))
    tag = values.language_tag(language) if language else None
    try:
        return ox.Literal(value, language=tag) if tag else ox.Literal(value)
    except ValueError:  # "nl_NL!" is no tag
        return ox.Literal(value)


def moment(text: str) -> ox.Literal:
    """The date as XML Schema writes it, or the text as it stands when that is not certain."""
    return values.typed_date(clean(text)) or literal(text)


def node(text: str, base: str = "") -> ox.NamedNode | None:
    """The address that a text states, `None` when it states none; `base` completes it."""
    address = clean(text)
    if base and address:
        address = _joined(base, address)
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        return ox.NamedNode(address)
    except ValueError:
        return None


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
