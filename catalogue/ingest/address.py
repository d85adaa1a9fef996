"""Which addresses the catalogue may call: the guard in front of every request.

A source is written by people elsewhere, and its links may lead anywhere, also to machines
that only we can reach. So an address is judged by where its name leads *now*, never by how
it is spelled (`http://2130706433/` is this very machine), and the connection is made to the
addresses that were judged: asking DNS a second time could give another answer.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from catalogue.errors import AddressRefused, FetchFailed

Resolve = Callable[..., Sequence[tuple[Any, Any, Any, str, tuple[Any, ...]]]]
"""`socket.getaddrinfo`, or something that answers in the same form."""

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
ORDINARY_PORTS: Final = frozenset({80, 443, 8080, 8443})

_UNWRITABLE = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f.]*:[0-9a-f:.]*")
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that may be called, and the places where its name was found to lead."""

    url: str
    scheme: str
    host: str
    port: int
    places: tuple[tuple[str, int], ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for two targets that one kept-open connection can serve."""
        return (self.scheme, self.host, self.port, frozenset(self.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Judges addresses; what an operator allows comes in here, and nowhere else.

    `allowed_hosts` (a name or `*.suffix`) may be on private addresses and any port;
    `only_hosts`, when given, are the only ones that may be called at all; `connect_to`
    names where to connect instead of asking DNS.
    """

    allowed_hosts: Sequence[str] = ()
    only_hosts: Sequence[str] = ()
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    resolve: Resolve = socket.getaddrinfo

    def check(self, url: str) -> Target:
        """The target of `url`.

        Raises `AddressRefused` when it may not be called, `FetchFailed` when its name
        leads nowhere.
        """
        parts = split(url)
        host, port = hostname(parts), port_of(parts)
        self._check_policy(url, host, port)
        return Target(
            url=urlunsplit(parts._replace(netloc=_netloc(host, parts), fragment="")),
            scheme=parts.scheme,
            host=host,
            port=port,
            places=self._places(url, host, port),
        )

    def _check_policy(self, url: str, host: str, port: int) -> None:
        if self.only_hosts and not matches(host, self.only_hosts):
            raise AddressRefused(
                f"{shown(url)}: {host} is not one of the hosts that this catalogue may call",
                url=shown(url),
            )
        if port not in ORDINARY_PORTS and not self._trusts(host):
            raise AddressRefused(
                f"{shown(url)}: port {port} is not one that sources are served on; "
                "an operator can allow the host",
                url=shown(url),
            )

    def _trusts(self, host: str) -> bool:
        return matches(host, self.allowed_hosts) or matches(host, self.connect_to)

    def _places(self, url: str, host: str, port: int) -> tuple[tuple[str, int], ...]:
        for pattern, place in self.connect_to.items():
            if matches(host, (pattern,)):
                return (place,)
        found = self._addresses(url, host, port)
        if not matches(host, self.allowed_hosts):
            _refuse_private(url, host, found)
        return tuple((address, port) for address in found)

    def _addresses(self, url: str, host: str, port: int) -> list[str]:
        try:
            answers = self.resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchFailed(
                f"{shown(url)}: the host name {host} could not be found", url=shown(url)
            ) from error
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if not addresses:
            raise FetchFailed(f"{shown(url)}: {host} has no address", url=shown(url))
        return addresses


def split(url: str) -> SplitResult:
    """The parts of an address that could be called: http(s), a host, nobody's password."""
    if _UNWRITABLE.search(url):
        raise AddressRefused(f"{shown(url)}: not an address (space or control)", url=shown(url))
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused(f"{shown(url)}: not an address ({error})", url=shown(url)) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressRefused(
            f"{shown(url)}: only http and https addresses are called", url=shown(url)
        )
    if "@" in parts.netloc:
        raise AddressRefused(
            f"{shown(url)}: an address may not hold a user name or password", url=shown(url)
        )
    return parts


def hostname(parts: SplitResult) -> str:
    """The host in lower case and ASCII, without the final dot of a full name."""
    address = urlunsplit(parts)
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as error:
        raise AddressRefused(f"{address}: its host name is not one", url=address) from error
    if not _HOST.fullmatch(host):
        raise AddressRefused(f"{address}: names no host that could be called", url=address)
    return host


def port_of(parts: SplitResult) -> int:
    """The port that is stated, or the usual one of the scheme."""
    return DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port


def matches(host: str, patterns: Sequence[str] | Mapping[str, object]) -> bool:
    """Whether the host is one of `patterns`: exactly, or ending in that of a `*.suffix`."""
    host = host.lower().rstrip(".")
    return any(
        host.endswith(pattern[1:].lower()) if pattern.startswith("*.") else host == pattern.lower()
        for pattern in patterns
    )


def is_public(text: str) -> bool:
    """Whether an IP address is one that anybody on the internet could call.

    >>> is_public("100.64.0.1"), is_public("64:ff9b::7f00:1"), is_public("8.8.8.8")
    (False, False, True)
    """
    address = _unwrapped(ip_address(text))
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not (isinstance(address, IPv6Address) and address.is_site_local)
    )


def shown(url: str) -> str:
    """The address as it may be logged: a user name and password are left out, cut if long.

    >>> shown("https://me:secret@host.example/x")
    'https://host.example/x'
    """
    clean = re.sub(r"[\x00-\x20\x7f]", "�", url)
    return re.sub(r"^([^/?#]*//)[^/?#]*@", r"\1", clean)[:500]


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for (mapped, NAT64, 6to4), or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _refuse_private(url: str, host: str, addresses: Sequence[str]) -> None:
    """One private answer among public ones is enough: the next connection could be to it."""
    for address in addresses:
        if not is_public(address):
            raise AddressRefused(
                f"{shown(url)}: {host} leads to {address}, a non-public address", url=shown(url)
            )


def _netloc(host: str, parts: SplitResult) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if parts.port is None else f"{name}:{parts.port}"
