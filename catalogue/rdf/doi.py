"""A DOI as somebody stated it: all of it, or nothing.

DOI Handbook: https://www.doi.org/doi-handbook/HTML/
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from catalogue.rdf.identity import PERSISTENT

RESOLVER = "https://doi.org/"
STATED = dict(PERSISTENT)["doi"]
NEVER = frozenset(" {}\\")
"""Characters in no DOI that was ever given out, and that BibTeX cannot hold."""
_PLAIN = "-._~;()/:,!$&'*=@"
"""What stands in an address as it is; any other character is encoded (§2.5.2.4)."""


def doi(text: str) -> str | None:
    """The name that an identifier is, without its resolver; `None` of what is no DOI.

    >>> doi("https://doi.org/10.1002/(SICI)99:1%3C1::AID%3E3.0.CO;2-1")
    '10.1002/(SICI)99:1<1::AID>3.0.CO;2-1'
    >>> doi("see 10.1234/abc") is None
    True
    """
    found = STATED.fullmatch(text.strip())
    if found is None:
        return None
    encoded = "//" in found[0][: found.start(1)]
    name = (unquote(found[1]) if encoded else found[1]).rstrip(".,;")
    return name if name.isprintable() and not NEVER & set(name) else None


def address(name: str) -> str:
    """Where a DOI leads.

    >>> address("10.1002/(SICI)99:1<1::AID>3.0.CO;2-1")
    'https://doi.org/10.1002/(SICI)99:1%3C1::AID%3E3.0.CO;2-1'
    """
    return RESOLVER + quote(name, safe=_PLAIN)
