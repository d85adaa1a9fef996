"""Which links of a source are followed, and when two spellings are the same address.

A source speaks for itself: its links are followed on the host and port that an operator
configured, and on hosts that an operator trusts, and nowhere else. Catalogues behind a
proxy often write `http` where they are served over `https`; that is the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from catalogue.errors import AddressRefused
from catalogue.ingest.address import DEFAULT_PORTS, hostname, matches, shown, split
from catalogue.ingest.source import Document, Web
from catalogue.model.source import Source


@dataclass(slots=True)
class Scope:
    """Where the links of one source may lead; `widen` adds the place its address redirects to."""

    source: Source
    web: Web
    _places: set[tuple[str, int | None]] = field(init=False)
    _secure: bool = field(init=False)

    def __post_init__(self) -> None:
        parts = split(self.source.url)
        self._places = {_place(parts)}
        self._secure = parts.scheme == "https"

    def widen(self, document: Document) -> None:
        """Accept the host that the source's own address turned out to be served from."""
        parts = split(document.final_url)
        self._places.add(_place(parts))
        self._secure = self._secure or parts.scheme == "https"

    def address(self, link: str, base: str) -> str:
        """The address to call for a link. Raises `AddressRefused` when it leads elsewhere."""
        address = _joined(link, base)
        parts = split(address)
        place = _place(parts)
        if place in self._places:
            behind_proxy = self._secure and parts.scheme == "http" and place[1] is None
            return parts._replace(scheme="https").geturl() if behind_proxy else address
        if matches(hostname(parts), self.web.allowed_hosts):
            return address
        raise AddressRefused(
            f"{shown(address)}: not followed, it is on another host than the source",
            url=shown(address),
        )

    def fetch(self, link: str, base: str) -> Document:
        """Get what a link leads to; where it redirects must be in scope as well."""
        document = self.web.get(self.address(link, base))
        self.address(document.final_url, base)
        return document


def spelling(address: str) -> str:
    """One spelling for addresses that mean the same: scheme, host case, slash at the end.

    >>> spelling("HTTP://Fdp.example:80/catalog/") == spelling("https://fdp.example/catalog")
    True
    """
    try:
        parts = urlsplit(address)
        port = "" if parts.port in {None, *DEFAULT_PORTS.values()} else f":{parts.port}"
    except ValueError:  # an IRI that is no address has one spelling
        return address
    host = (parts.hostname or "").rstrip(".")
    query = f"?{parts.query}" if parts.query else ""
    part = f"#{parts.fragment}" if parts.fragment else ""
    return f"//{host}{port}{parts.path.rstrip('/')}{query}{part}"


def _joined(link: str, base: str) -> str:
    try:
        return urldefrag(urljoin(base, link)).url
    except ValueError as error:
        raise AddressRefused(f"{shown(link)}: not an address ({error})", url=shown(link)) from error


def _place(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port; the usual ports of http and https are one place."""
    usual = parts.port is None or parts.port == DEFAULT_PORTS[parts.scheme]
    return hostname(parts), None if usual else parts.port
