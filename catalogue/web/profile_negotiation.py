"""Which profile of a record the client wants, after "Content Negotiation by Profile".

A client names profiles in `Accept-Profile`, by IRI or by token, or in `?profile=`, which wins.
Whoever names none, or only profiles that we do not have, gets the lossless graph, and every
answer says in `Link` which profile it follows and where the others are.

https://www.w3.org/TR/dx-prof-conneg/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from catalogue.errors import BadRequest
from catalogue.namespaces import PROFILES
from catalogue.rdf.views import FULL, VIEWS

PROFILE_CLASS = "http://www.w3.org/ns/dx/prof/Profile"

VARY = "Accept-Profile"
"""What every answer that depends on the header names in `Vary`."""

OFFICIAL: dict[str, tuple[str, ...]] = {
    "dcat-ap-3": (
        "http://data.europa.eu/r5r/",
        "https://semiceu.github.io/DCAT-AP/releases/3.0.1/",
        "https://semiceu.github.io/DCAT-AP/releases/3.0.0/",
    ),
    "dcat-ap-nl-3": ("https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/",),
    "healthdcat-ap-8": (
        "http://healthdataportal.eu/ns/health",
        "https://code.europa.eu/healthdataeu/healthdcat-ap",
        "https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-8/",
    ),
    "health-ri-core-2": (
        "http://data.health-ri.nl/core/p2",
        "https://github.com/Health-RI/health-ri-metadata",
    ),
    "gdi-1": (
        "http://data.gdi.eu/core/p2",
        "https://github.com/GenomicDataInfrastructure/gdi-metadata",
    ),
    "fair-data-point-1": ("https://specs.fairdatapoint.org/fdp-specs-v1.2.html",),
}
"""Addresses by which others may know a profile, beside ours."""

MOST_WISHES = 50
"""How many wishes of a header are read; nobody has more profiles than that."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One profile of a header: its IRI or token, and how much it is wanted, from 0 to 1."""

    name: str
    quality: float


def iri_of(key: str) -> str:
    """The IRI by which a profile is known.

    >>> iri_of("dcat-ap-3")
    'https://w3id.org/genoomcatalogus/profiles/dcat-ap-3'
    """
    return PROFILES + key


def choose(header: str | None, asked: str | None = None) -> str:
    """The key of the profile for an `Accept-Profile` header; `asked` is `?profile=`.

    Raises `BadRequest` for an unknown `?profile=`; unknown profiles in a header are passed over.

    >>> choose('<http://data.europa.eu/r5r/>;q=0.8, "gdi-1";q=0.2')
    'dcat-ap-3'
    """
    if asked is not None:
        return _named(asked)
    known = [(wish.quality, key) for wish in wishes(header or "") if (key := key_of(wish.name))]
    best = max((quality for quality, _ in known), default=0.0)
    return next((key for quality, key in known if quality == best > 0), FULL)


def wishes(header: str) -> Iterator[Wish]:
    """The profiles that a header names, in its order.

    >>> [(w.name, w.quality) for w in wishes('<https://a.example/p>; q=0.5, b')]
    [('https://a.example/p', 0.5), ('b', 1.0)]
    """
    for number, found in enumerate(_WISH.finditer(header)):
        if number == MOST_WISHES:
            return
        name = next(filter(None, found.group("iri", "quoted", "token")), "")
        yield Wish(name.strip(), _quality(found["parameters"]))


_WISH = re.compile(
    r'(?:<(?P<iri>[^<>]*)>|"(?P<quoted>[^"]*)"|(?P<token>[^\s,;<>"]+))'
    r"(?P<parameters>[^,]*)(?:,|$)"
)
_Q = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def _quality(parameters: str) -> float:
    """1 when no quality is given; 0, so not wanted, when it cannot be read."""
    if not re.search(r";\s*q\s*=", parameters, re.IGNORECASE):
        return 1.0
    found = _Q.search(parameters)
    return min(float(found[1]), 1.0) if found else 0.0


def key_of(name: str) -> str | None:
    """The profile with this IRI or token, whatever the end of the IRI and its scheme."""
    return _KEYS.get(_bare(name))


def _bare(name: str) -> str:
    return re.sub(r"^https?:", "", name.strip().strip("<>")).rstrip("/#")


_KEYS = {_bare(name): key for key in VIEWS for name in (key, iri_of(key), *OFFICIAL.get(key, ()))}


def _named(asked: str) -> str:
    key = key_of(asked)
    if key is None:
        raise BadRequest(f"profile: {asked[:80]!r} is not one of {', '.join(VIEWS)}")
    return key


# --- what the answer says ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alternate:
    """One form in which the same record can be had."""

    url: str
    profile: str
    media_type: str


def alternates(url: str, formats: Iterable[tuple[str, str]]) -> list[Alternate]:
    """Every profile in every format of (key in `?format=`, media type), by address.

    Name few formats where this becomes a header: proxies refuse headers of some kilobytes.

    >>> alternates("https://c.example/dataset/a", [("ttl", "text/turtle")])[1].url
    'https://c.example/dataset/a?profile=health-ri-core-2&format=ttl'
    """
    offered = list(formats)
    return [
        Alternate(_with(url, profile=key, format=name), key, media_type)
        for key in VIEWS
        for name, media_type in offered
    ]


def _with(url: str, **asked: str) -> str:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in asked]
    return urlunsplit(parts._replace(query=urlencode([*kept, *asked.items()])))


def content_profile(chosen: str) -> str:
    """The value of `Content-Profile`, which every negotiated answer has.

    >>> content_profile("gdi-1")
    '<https://w3id.org/genoomcatalogus/profiles/gdi-1>'
    """
    return f"<{iri_of(chosen)}>"


def links(chosen: str, others: Iterable[Alternate]) -> str:
    """The value of `Link`: the profile of this answer, every form of it, and all tokens.

    The lossless graph in the first format is the canonical form, for it is what is served
    to whoever asks for nothing.
    """
    offered = list(others)
    default = next((each for each in offered if each.profile == FULL), None)
    return ", ".join(
        [
            f'{content_profile(chosen)}; rel="profile"',
            *(_form(each, "canonical" if each is default else "alternate") for each in offered),
            *(_token(key) for key in VIEWS),
        ]
    )


def _form(form: Alternate, relation: str) -> str:
    profile = iri_of(form.profile)
    return f'<{form.url}>; rel="{relation}"; type="{form.media_type}"; profile="{profile}"'


def _token(key: str) -> str:
    return f'<{PROFILE_CLASS}>; rel="type"; token="{key}"; anchor="{iri_of(key)}"'
