"""The one road in: documents → drafts, one description at a time.

parse (by the caller, in a limited child) → split → normalise → read → validate → protect.
Nothing is written here: a `Draft` is everything the register needs, published or held. The
minimum profile decides publish or hold; every other profile only reports. A description
whose digest is known is not looked at again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pyoxigraph as ox

from catalogue.ingest.source import Document
from catalogue.model.agent import Agent
from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCAT, DCT, LDP
from catalogue.rdf import read
from catalogue.rdf.canonical import digest
from catalogue.rdf.confine import Others, Own, Theirs, confined, foreign, nobody, own_of
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import Home, home_of, identifier, identifiers, rehome
from catalogue.rdf.normalise import normalise
from catalogue.rdf.protect import WITHHELD, Protected, protect, withheld, withheld_both
from catalogue.rdf.repair import Repair
from catalogue.rdf.split import Description
from catalogue.register.incoming import Draft, ReceivedBytes
from catalogue.register.records import Holder
from catalogue.validation.report import Report

RULES = "4"
"""Part of every digest: raise it when the pipeline itself would make something else."""

GATE = "minimum"
READERS: dict[str, Callable[[Graph, ox.NamedNode], Dataset | Catalog | Series]] = {
    "dataset": read.dataset,
    "catalog": read.catalog,
    "series": read.series,
}
CONCERNS = {
    "bsn": {
        "en": "The text contains a citizen service number (BSN). Remove it at the source.",
        "nl": "De tekst bevat een burgerservicenummer (BSN). Verwijder het bij de bron.",
    }
}


class Validates(Protocol):
    """What the pipeline needs of validation."""

    def validate_all(
        self, items: Sequence[tuple[str, Graph]], profiles: Sequence[str]
    ) -> Sequence[Mapping[str, Report]]:
        """The reports by profile of each item, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One description as split from what a source sent, with where it came from."""

    description: Description
    url: str
    documents: tuple[Document, ...] = ()
    catalog: str | None = None  # the catalog's IRI at the source

    digest: str = ""
    home: Home | None = None
    """Our ids of the record and its catalog, when the register knows them."""
    members: tuple[str, ...] | None = None
    """Our ids of what a catalog lists, in order; `None` of anything else."""

    @property
    def iri(self) -> str:
        """The source's own IRI for it."""
        return self.description.subject.value

    @property
    def record(self) -> str:
        """Our id of it; empty when nobody has looked it up."""
        return self.home.record if self.home else ""


@dataclass(slots=True)
class Pipeline:
    """Makes drafts for one source. `profiles` are, for each kind of record, the keys to report on.

    `rules` is the digest of everything that could change a result without the source
    changing: shapes and our own code. `holders` remembers the publisher of each catalog; `others`
    says what belongs to other organisations.
    """

    source: str
    source_title: str
    base: str
    validator: Validates
    profiles: Mapping[str, tuple[str, ...]]
    rules: str = RULES
    holders: dict[str, Holder] = field(default_factory=dict)
    others: Others = nobody
    _asked: dict[str, Theirs | None] = field(default_factory=dict)
    """What `others` said before, of each address."""

    def digested(self, found: Found) -> Found:
        """With what a harvest compares: the canonical graph, where it stands, and the rules."""
        place = found.catalog if found.members is None else " ".join(found.members)
        whose = foreign(found.description.graph, self._own(found), self._theirs)
        place = " ".join([str(place), *sorted(whose)])
        context = identifier("rules", f"{self.rules} {place}")
        return replace(found, digest=f"{digest(found.description.graph)[:40]}{context}")

    def drafts(
        self, batch: Sequence[Found], counts: Mapping[str, Mapping[str, Any]] | None = None
    ) -> list[Draft]:
        """Normalise, read, validate and protect a batch; the order is kept.

        `counts` are those of the version before, by our id: small changes are not shown.
        """
        before = counts or {}
        clean = [_placed(normalise(found.description), found.catalog) for found in batch]
        told = [self._confined(found, item) for found, item in zip(batch, clean, strict=True)]
        reports = self._reports(told)
        drafts = [
            self._draft(found, item, checked, before.get(found.record))
            for found, item, checked in zip(batch, told, reports, strict=True)
        ]
        return [
            replace(draft, normalised=item.graph) for draft, item in zip(drafts, clean, strict=True)
        ]

    def _confined(self, found: Found, clean: Description) -> Description:
        """What it may say: nothing of what is ours, or of what others have here."""
        return confined(clean, self._own(replace(found, description=clean)), self._theirs)

    def _own(self, found: Found) -> Own:
        return own_of(
            found.description,
            base=self.base,
            source=self.source,
            record=self._home(found).record,
            place=found.catalog,
        )

    def _home(self, found: Found) -> Home:
        return found.home or home_of(self.source, found.iri, found.catalog)

    def _theirs(self, addresses: Collection[str]) -> dict[str, Theirs]:
        """Each address is asked for once."""
        new = [each for each in addresses if each not in self._asked]
        if new:
            found = self.others(new)
            self._asked |= {each: found.get(each) for each in new}
        known = {each: self._asked[each] for each in addresses}
        return {each: theirs for each, theirs in known.items() if theirs}

    def _reports(self, clean: Sequence[Description]) -> list[list[Report]]:
        """What each profile says, checked together with the others of its kind."""
        found: dict[int, list[Report]] = {}
        for kind, profiles in self.profiles.items():
            rows = [row for row, item in enumerate(clean) if item.kind == kind]
            items = [(clean[row].subject.value, clean[row].graph) for row in rows]
            answers = self.validator.validate_all(items, profiles) if items else ()
            for row, answer in zip(rows, answers, strict=True):
                found[row] = [answer[profile] for profile in profiles]
        return [found[row] for row in range(len(clean))]

    def _draft(
        self,
        found: Found,
        clean: Description,
        reports: list[Report],
        counts: Mapping[str, Any] | None,
    ) -> Draft:
        value = READERS[clean.kind](clean.graph, clean.subject)
        gate = protect(clean.graph, clean.subject, counts)
        home = self._home(found)
        public, distributions = rehome(
            gate.graph,
            clean.subject,
            kind=clean.kind,
            source=self.source,
            base=self.base,
            catalog=found.catalog,
            at=home,
        )
        reason = _reason(reports, gate)
        quotable = reason not in CONCERNS
        return Draft(
            id=home.record,
            kind=clean.kind,
            source_iri=found.iri,
            url=found.url,
            digest=found.digest,
            title=value.title if value.title and quotable else LangText((Text(found.iri),)),
            holder=self._holder(value, found),
            catalog=home.catalog,
            documents=tuple(received(document) for document in found.documents),
            received=found.description.graph,
            normalised=clean.graph,
            public=public,
            distributions=distributions,
            repairs=tuple(repair_json(repair) for repair in clean.repairs if quotable),
            reports=tuple(report_json(report) for report in reports if quotable),
            counts=gate.counts,
            reason=reason,
            names=identifiers(clean.graph, clean.subject),
            members=found.members,
            publishers=_publishers(clean),
        )

    def _holder(self, value: Dataset | Catalog | Series, found: Found) -> Holder:
        """Who keeps the data: the stated publisher, else the catalog's, else the source."""
        holder = holder_of(value.publisher) or self.holders.get(found.catalog or "")
        if isinstance(value, Catalog) and holder:
            self.holders[found.iri] = holder
        return holder or Holder(
            slug=slug_of(self.source_title), name=LangText((Text(self.source_title),))
        )


def _placed(description: Description, catalog: str | None) -> Description:
    """State the catalog in which the description was found; the gate asks for it."""
    if not catalog or description.kind == "catalog":
        return description
    link = ox.Triple(description.subject, ox.NamedNode(DCT + "isPartOf"), ox.NamedNode(catalog))
    return replace(description, graph=Graph({*description.graph, link}))


def _publishers(of: Description) -> tuple[str, ...]:
    """The addresses of the agents that publish it."""
    found = of.graph.objects(of.subject, DCT + "publisher")
    return tuple(each.value for each in found if isinstance(each, ox.NamedNode))


def received(document: Document) -> ReceivedBytes:
    """A document as the register keeps it."""
    return ReceivedBytes(
        url=document.final_url,
        media_type=document.media_type,
        fetched=document.fetched,
        content=document.content,
    )


def membership(descriptions: Iterable[Description]) -> dict[str, str]:
    """Dataset IRI → catalog IRI, from the `dcat:dataset` links of catalogs in one document."""
    return {
        member.value: catalog.subject.value
        for catalog in descriptions
        if catalog.kind == "catalog"
        for member in catalog.graph.objects(catalog.subject, DCAT + "dataset")
        if isinstance(member, ox.NamedNode)
    }


def listed(graph: Graph, catalog: ox.NamedNode) -> Iterator[str]:
    """What a catalog lists by `dcat:dataset`, or in a container that is only its own."""
    found = set(graph.objects(catalog, DCAT + "dataset"))
    for box in graph.subjects():
        if graph.objects(box, LDP + "membershipResource") == [catalog]:
            found.update(graph.objects(box, LDP + "contains"))
    return (each.value for each in found if isinstance(each, ox.NamedNode))


def holder_of(publisher: Agent | None) -> Holder | None:
    """The holder named by a publisher; `None` when it has no name."""
    if publisher is None or not publisher.name:
        return None
    return Holder(slug=slug_of(publisher.name.value("en")), name=publisher.name)


def slug_of(name: str) -> str:
    """A name as part of an address.

    >>> slug_of("Noordzee Universitair Medisch Centrum (é)")
    'noordzee-universitair-medisch-centrum-e'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "unnamed"


def _reason(reports: Iterable[Report], gate: Protected) -> str:
    """Why the record is held: the name of a concern, or of the gate; empty when it is not."""
    if gate.concerns:
        return gate.concerns[0]
    failed = any(r.profile == GATE and not r.conforms for r in reports)
    return GATE if failed else ""


def report_json(report: Report) -> dict[str, Any]:
    """A report as kept, with small counts withheld."""
    found = report.to_json()
    for finding in found["findings"]:
        if finding.get("value") is not None:
            finding["value"] = withheld(finding.get("path") or "", finding["value"])
        if finding["focus"].startswith('"'):  # a text that was checked itself
            finding["focus"] = WITHHELD
    return found


def repair_json(repair: Repair) -> dict[str, Any]:
    """A repair as kept, with its sentence in both languages and small counts withheld."""
    before, after = withheld_both(repair.predicate, repair.before, repair.after)
    shown = replace(repair, before=before, after=after)
    return {
        "name": shown.name,
        "subject": shown.subject,
        "predicate": shown.predicate,
        "before": shown.before,
        "after": shown.after,
        "sentence": {language: shown.sentence(language) for language in ("nl", "en")},
    }
