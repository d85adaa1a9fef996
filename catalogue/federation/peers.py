"""The peers that may be asked: a list that an operator writes, and nothing else.

A peer is recognised by its address, letter for letter. Nothing is resolved, guessed or
followed on the way to it, so no spelling of another address can become one of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from catalogue.errors import AddressRefused, SettingsError
from catalogue.ingest.address import ORDINARY_PORTS, hostname, matches, port_of, split

SETTING: Final = "CATALOGUE_PEERS"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Peer:
    """A SPARQL endpoint elsewhere, and what its operator and ours call it."""

    name: str
    url: str

    def __str__(self) -> str:
        return f"{self.name} <{self.url}>"


@dataclass(frozen=True, slots=True)
class Peers:
    """All that may be asked.

    >>> peers = Peers.read(["umc=https://umc.example/sparql"])
    >>> print(peers.at("https://umc.example/sparql"), peers.at("https://umc.example/sparql#x"))
    umc <https://umc.example/sparql> None
    """

    known: tuple[Peer, ...] = ()

    @classmethod
    def read(cls, stated: Iterable[str], allowed_hosts: Sequence[str] = ()) -> Peers:
        """From a setting: `name=https://…` for each peer.

        Raises `SettingsError` for what is no such address. Without encryption, or on an
        unusual port, only a host may be called that may be on a private network as well.
        """
        found = tuple(_peer(each, allowed_hosts) for each in stated)
        for what in ([peer.name for peer in found], [peer.url for peer in found]):
            if len(set(what)) < len(what):
                raise SettingsError(f"{SETTING} names the same peer twice")
        return cls(found)

    def __bool__(self) -> bool:
        return bool(self.known)

    def __str__(self) -> str:
        return ", ".join(map(str, self.known))

    def at(self, iri: str) -> Peer | None:
        """The peer with exactly this address."""
        return next((peer for peer in self.known if peer.url == iri), None)


def host_of(peer: Peer) -> str:
    """The only host that is called when this peer is asked."""
    return hostname(split(peer.url))


def _peer(stated: str, allowed_hosts: Sequence[str]) -> Peer:
    name, _, url = stated.partition("=")
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{SETTING}: {stated!r} is not of the form name=https://…")
    try:
        parts = split(url)
        host = hostname(parts)
    except AddressRefused as error:
        raise SettingsError(f"{SETTING}: {name}: {error}") from error
    if parts.fragment or re.search(r'[<>"{}|^`]', url):
        raise SettingsError(f"{SETTING}: {name}: {url} is not the address of an endpoint")
    ordinary = parts.scheme == "https" and port_of(parts) in ORDINARY_PORTS
    if not ordinary and not matches(host, allowed_hosts):
        raise SettingsError(
            f"{SETTING}: {name}: {url} is not encrypted, or is on a port of its own; only a host "
            "that is named in CATALOGUE_ALLOWED_HOSTS may be asked so"
        )
    return Peer(name, url)
