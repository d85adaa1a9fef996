"""What we know of a source before a run: its records, under every name that leads to them.

An IRI leads to the record that has it in any spelling, that once had it, or that had it
before the source moved to another address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from catalogue.rdf.identity import spelling
from catalogue.register.incoming import Known


class Knowledge:
    """The records of one source. `aliases` are earlier IRIs (one spelling) → id.

    `moved` adds that the source, now at one address, was at another before.
    """

    def __init__(self, records: Iterable[Known] = (), aliases: Mapping[str, str] | None = None):
        self._by_iri: dict[str, Known] = {}
        self._by_url: dict[str, list[Known]] = {}
        self._moves: list[tuple[str, str]] = []
        for known in sorted(records, key=lambda each: not each.live):
            iri, url = spelling(known.iri), spelling(known.url)
            self._by_iri.setdefault(iri, known)
            if url != iri:
                self._by_url.setdefault(url, []).append(known)
        self._add_aliases(aliases or {})

    def _add_aliases(self, aliases: Mapping[str, str]) -> None:
        if aliases:
            by_id = {known.id: known for known in self._by_iri.values()}
            for name, record in aliases.items():
                if record in by_id:
                    self._by_iri.setdefault(name, by_id[record])

    def moved(self, former: Iterable[str], present: str) -> None:
        """The source was at these addresses before; IRIs there are those here."""
        for address in former:
            for move in zip(_prefixes(present), _prefixes(address), strict=True):
                if move[0] != move[1] and move not in self._moves:
                    self._moves.append(move)

    def of(self, iri: str) -> Known | None:
        """The record that the source calls so, or called so before."""
        spelled = spelling(iri)
        found = self._by_iri.get(spelled)
        if found is None and self._moves:
            return next(self._before(spelled), None)
        return found

    def _before(self, spelled: str) -> Iterator[Known]:
        """The records that had the same IRI but for the address of the source."""
        for present, former in self._moves:
            if spelled.startswith(f"{present}/"):
                known = self._by_iri.get(former + spelled.removeprefix(present))
                if known is not None:
                    yield known

    def own(self, address: str) -> Known | None:
        """The one record that has this IRI, or that alone was received at this address."""
        found = self.of(address)
        there = self._by_url.get(spelling(address), [])
        return there[0] if found is None and len(there) == 1 else found

    def at(self, address: str) -> Sequence[Known]:
        """Every record that has this IRI or was received at this address."""
        own = self.of(address)
        return [*([own] if own else ()), *self._by_url.get(spelling(address), ())]

    def has(self, subject: str) -> bool:
        """Whether a live record was received under this address or IRI."""
        return any(known.live for known in self.at(subject))

    def members(self, catalogs: Iterable[Known]) -> Iterator[Known]:
        """The live records that stand in these catalogs."""
        ids = {known.id for known in catalogs if known.kind == "catalog"}
        return (known for known in self.live() if known.catalog in ids) if ids else iter(())

    def present(self) -> Iterator[Known]:
        """Every live record that the last complete run saw."""
        return (known for known in self.live() if not known.missing)

    def live(self) -> Iterator[Known]:
        """Every record that was not withdrawn, once."""
        found = {known.id: known for known in self._by_iri.values() if known.live}
        return iter(found.values())


def _prefixes(address: str) -> tuple[str, str, str]:
    """The address itself, its folder and its host, in one spelling, without slash at the end."""
    spelled = spelling(address.partition("?")[0].partition("#")[0])
    folder = spelled.rpartition("/")[0] if urlsplit(address).path.strip("/") else spelled
    host = "//" + spelled.removeprefix("//").partition("/")[0]
    return spelled, folder, host
