"""Which links of a source are followed, and when two spellings are the same address.

A source speaks for itself: its links are followed on the host and port that an operator
configured, and on hosts that an operator trusts, and nowhere else. Catalogues behind a
proxy often write `http` where they are served over `https`; that is the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urldefrag, urljoin

from catalogue.errors import AddressRefused
from catalogue.ingest.address import DEFAULT_PORTS, hostname, matches, shown, split
from catalogue.ingest.source import Document, Web
from catalogue.model.source import Source
from catalogue.rdf.identity import spelling

__all__ = ["Scope", "spelling"]


@dataclass(slots=True)
class Scope:
    """Where the links of one source may lead.

    `widen` adds the place to which its address redirects, `rename` a name by which it calls
    the place where it is served.
    """

    source: Source
    web: Web
    _places: set[tuple[str, int | None]] = field(init=False)
    _secure: bool = field(init=False)
    _names: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        parts = split(self.source.url)
        self._places = {_place(parts)}
        self._secure = parts.scheme == "https"

    def widen(self, document: Document) -> None:
        """Accept the host that the source's own address turned out to be served from."""
        parts = split(document.final_url)
        self._places.add(_place(parts))
        self._secure = self._secure or parts.scheme == "https"

    def rename(self, name: str, address: str) -> None:
        """The source calls this address by a name on another host: persistent, or internal.

        Links that begin with the name are asked for below the address; the other host is
        never called, because it is not the source's to speak for.
        """
        if name.startswith(("http://", "https://")):
            self._names[name.rstrip("/")] = address.rstrip("/")

    def address(self, link: str, base: str) -> str:
        """The address to call for a link. Raises `AddressRefused` when it leads elsewhere."""
        joined = _joined(link, base)
        address = self._within(joined)
        if address is None:
            address = self._within(self._renamed(joined))
        if address is None:
            raise AddressRefused(
                f"{shown(joined)}: not followed, it is on another host than the source",
                url=shown(joined),
            )
        return address

    def _renamed(self, address: str) -> str:
        for name, place in self._names.items():
            rest = address.removeprefix(name)
            if rest != address and rest[:1] in {"", "/", "?"}:
                return place + rest
        return address

    def _within(self, address: str) -> str | None:
        """How to call an address of the source; `None` when it is not one."""
        parts = split(address)
        place = _place(parts)
        if place in self._places:
            behind_proxy = self._secure and parts.scheme == "http" and place[1] is None
            return parts._replace(scheme="https").geturl() if behind_proxy else address
        return address if matches(hostname(parts), self.web.allowed_hosts) else None

    def fetch(self, link: str, base: str) -> Document:
        """Get what a link leads to; where it redirects must be in scope as well."""
        document = self.web.get(self.address(link, base))
        self.address(document.final_url, base)
        return document


def _joined(link: str, base: str) -> str:
    try:
        return urldefrag(urljoin(base, link)).url
    except ValueError as error:
        raise AddressRefused(f"{shown(link)}: not an address ({error})", url=shown(link)) from error


def _place(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port; the usual ports of http and https are one place."""
    usual = parts.port is None or parts.port == DEFAULT_PORTS[parts.scheme]
    return hostname(parts), None if usual else parts.port
