"""Which form of a record the client wants: a page for people, RDF for machines.

Turtle answers whoever does not say, as a FAIR Data Point must. A page is given only to a client
that lists `text/html`: many RDF clients send `*/*` and must not get HTML. `?format=` wins.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header

from catalogue.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which a record is served. `key` is its name in `?format=`.

    One with a `profile` (RFC 6906) is meant only by who names that profile too.
    """

    key: str
    media_type: str
    name: str
    aliases: tuple[str, ...] = ()
    profile: str = ""

    @property
    def content_type(self) -> str:
        """The media type with its profile."""
        return f'{self.media_type};profile="{self.profile}"' if self.profile else self.media_type

    @property
    def names(self) -> tuple[str, ...]:
        """Every media type by which a client may ask for it."""
        return (self.media_type, *self.aliases)


TURTLE = Format("ttl", "text/turtle", "Turtle", ("application/x-turtle",))
RDF_FORMATS = (
    TURTLE,
    Format("jsonld", "application/ld+json", "JSON-LD"),
    Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml")),
    Format("nt", "application/n-triples", "N-Triples"),
    Format("n3", "text/n3", "Notation3", ("text/rdf+n3",)),
)
HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))


def choose(
    accept: str | None,
    asked: str | None = None,
    *,
    page: bool = True,
    more: tuple[Format, ...] = (),
    but: Format | None = None,
) -> Format:
    """The format for an `Accept` header; `asked` is `?format=`; `page` whether HTML exists.

    `more` are formats beside those of RDF; nobody gets one of them without naming it. `but` is
    one that turned out not to exist.

    Raises `BadRequest` for an unknown `?format=`, `NotAcceptable` (406) when nothing fits.

    >>> choose("*/*").key, choose("text/html,*/*;q=0.8").key, choose(None).key
    ('ttl', 'html', 'ttl')
    """
    every: tuple[Format, ...] = (*RDF_FORMATS, *((HTML,) if page else ()), *more)
    offered = tuple(each for each in every if each is not but)
    if asked is not None:
        return _named(asked, offered)
    if not accept or not accept.strip():
        return TURTLE
    parsed = parse_accept_header(accept, MIMEAccept)
    ranked = [(_wish(parsed, each), -place, each) for place, each in enumerate(offered)]
    wish, _, best = max(ranked, key=lambda rank: rank[:2])
    if wish[0] <= 0:
        raise NotAcceptable(description=_offer(offered))
    return best


def wants_page(accept: str | None) -> bool:
    """Whether an error should be a page: only when the client lists HTML and likes it best."""
    parsed = parse_accept_header(accept or "", MIMEAccept)
    page = _wish(parsed, HTML)[0]
    rivals = [q for name, q in parsed if name.lower() not in (*HTML.names, "*/*")]
    return page > 0 and not any(q > page for q in rivals)


def _named(key: str, offered: tuple[Format, ...]) -> Format:
    for each in offered:
        if each.key == key:
            return each
    known = ", ".join(each.key for each in offered)
    raise BadRequest(f"format: {key[:40]!r} is not one of {known}")


def _wish(accept: MIMEAccept, offer: Format) -> tuple[float, int, int]:
    """(q, how precisely it was named, how early it was named); the greatest is served.

    The most precise mention of a type decides its q, as RFC 9110 §12.5.1 says.
    """
    best = (0.0, -1, 0)
    for place, (name, quality) in enumerate(accept):
        precision = _precision(name.lower(), offer)
        if precision > best[1]:
            best = (quality, precision, -place)
    return best


def _precision(name: str, offer: Format) -> int:
    """How precisely this type names the offer.

    4 for the type with its profile, 3 for the type itself, 2 for an alias, 1 for `text/*`,
    0 for `*/*`, -1 for another.
    """
    name, _, parameters = (part.strip() for part in name.partition(";"))
    if name == offer.media_type and offer.profile:
        return 4 if f'"{offer.profile}"' in parameters else -1
    if name == offer.media_type:
        return 3
    if name in offer.aliases:
        return 2
    if offer is HTML:
        return -1
    family = offer.media_type.partition("/")[0]
    return {f"{family}/*": 1, "*/*": 0}.get(name, -1)


def _offer(offered: tuple[Format, ...]) -> str:
    return "Offered: " + ", ".join(each.media_type for each in offered)
