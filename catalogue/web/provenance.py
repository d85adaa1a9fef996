"""Where a description came from, in PROV-O: source, run, addresses, repairs, checks.

Everything has a name of its own under the address of the document, so that others may refer to
one repair or one check. Of a repair the sentence is told, as on the page; nothing is told of
versions that are held. What the public store says of the record's named graph is repeated
here, so that whoever comes from there finds the same and more.

https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox
from flask import Flask, Response

from catalogue.errors import NotFound
from catalogue.namespaces import DCT, FOAF, PROV, RDF, RDFS, SH, XSD
from catalogue.rdf.graph import Graph, Term
from catalogue.rdf.origin import Making, is_web_address, origin
from catalogue.register.records import Published, Record, SourceStatus
from catalogue.register.standing import Origin
from catalogue.web.answers import negotiated
from catalogue.web.language import page_url
from catalogue.web.parts import services, settings
from catalogue.web.profile_negotiation import iri_of
from catalogue.web.signposting import described_by

TITLES = (("Provenance of this description", "en"), ("Herkomst van deze beschrijving", "nl"))


def install(app: Flask) -> None:
    """Serve the provenance of every record."""
    rule = "/<any(dataset, catalog, series):kind>/<id>/provenance"
    app.add_url_rule(rule, "provenance", show)


def show(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """The provenance as RDF; people are sent to that part of the page."""
    record = services().register.standing(kind, id)
    target = page_url(kind, id=id) + ("#history" if kind == "dataset" else "")
    return negotiated(
        lambda: Response(status=303, headers={"Location": target}, mimetype="text/html"),
        lambda: provenance(services().register.get(kind, id), services().register.origin(id)),
        iri=address(record),
        modified=record.changed,
        more_links=described_by(record),
        state=f"{address(record)} {record.version} {record.changed.isoformat()}",
    )


def address(record: Record) -> str:
    """The address of the document about where a record came from."""
    return f"{record.iri}/provenance"


def provenance(published: Published, origin: Origin) -> Graph:
    """The whole story of the published version."""
    teller = _Teller(address(published.record), published, origin)
    return Graph(teller.triples(_source(published.record.source)))


def _making(published: Published, made: Origin) -> Making:
    """What the public store is told too."""
    return Making(
        base=settings().base_url,
        id=published.record.id,
        record=published.record.iri,
        source=published.record.source,
        run=made.run.id if made.run else None,
        at=made.created,
        repairs=published.repairs,
        reports=published.reports,
    )


def _source(slug: str) -> SourceStatus | None:
    try:
        return services().register.source(slug)
    except NotFound:
        return None


def _page_of(holder: str) -> str | None:
    """The page of an organisation; one without datasets has none."""
    try:
        services().register.holder(holder)
    except NotFound:
        return None
    return f"{settings().base_url}/organisation/{holder}"


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of one record; names are fragments of `here`."""

    here: str
    published: Published
    origin: Origin

    def triples(self, source: SourceStatus | None) -> Iterator[ox.Triple]:
        """Everything, from the document to the checks."""
        yield from origin(_making(self.published, self.origin), self.published.graph)
        yield from self._document()
        yield from self._record()
        yield from self._run(source)
        yield from self._received()
        yield from self._repairs()
        yield from self._reports()

    def _document(self) -> Iterator[ox.Triple]:
        yield _link(self.here, RDF + "type", PROV + "Bundle")
        yield _link(self.here, FOAF + "primaryTopic", self.published.record.iri)
        for text, tag in TITLES:
            yield _triple(self.here, DCT + "title", ox.Literal(text, language=tag))

    def _record(self) -> Iterator[ox.Triple]:
        record = self.published.record
        yield _link(record.iri, RDF + "type", PROV + "Entity")
        yield _link(record.iri, PROV + "has_provenance", self.here)
        yield _link(record.iri, PROV + "wasGeneratedBy", f"{self.here}#run")
        yield _moment(record.iri, PROV + "generatedAtTime", self.origin.created)
        if (theirs := _web(record.source_iri)) is not None:
            yield _link(record.iri, PROV + "wasDerivedFrom", theirs)
            yield _link(record.iri, PROV + "hadPrimarySource", theirs)
            yield _link(theirs, RDF + "type", PROV + "Entity")
        holder = _page_of(record.holder.slug) or f"{self.here}#holder"
        yield _link(record.iri, PROV + "wasAttributedTo", holder)
        yield _link(holder, RDF + "type", PROV + "Organization")

    def _run(self, source: SourceStatus | None) -> Iterator[ox.Triple]:
        """The harvest that made this version."""
        run, done = f"{self.here}#run", self.origin.run
        yield _link(run, RDF + "type", PROV + "Activity")
        yield _text(run, RDFS + "label", "Harvest")
        yield _link(run, PROV + "wasAssociatedWith", settings().base_url)
        yield _link(settings().base_url, RDF + "type", PROV + "SoftwareAgent")
        if done is not None:
            page = f"{settings().base_url}/sources/{done.source}/runs/{done.id}"
            yield _link(page, RDF + "type", PROV + "Activity")
            yield _link(run, DCT + "isPartOf", page)
            yield _link(run, RDFS + "seeAlso", page)
            yield _moment(run, PROV + "startedAtTime", done.started)
            if done.ended is not None:
                yield _moment(run, PROV + "endedAtTime", done.ended)
        if source is not None:
            yield from self._from(source)

    def _from(self, source: SourceStatus) -> Iterator[ox.Triple]:
        page = f"{settings().base_url}/sources/{source.slug}"
        yield _link(f"{self.here}#run", PROV + "used", page)
        yield _link(page, RDF + "type", PROV + "Entity")
        yield _text(page, DCT + "title", source.title)
        yield _text(page, DCT + "type", source.protocol)

    def _received(self) -> Iterator[ox.Triple]:
        """The documents in which the description came."""
        for number, document in enumerate(self.origin.documents, 1):
            name = f"{self.here}#received-{number}"
            yield _link(name, RDF + "type", PROV + "Entity")
            yield _link(f"{self.here}#run", PROV + "used", name)
            yield _moment(name, PROV + "generatedAtTime", document.fetched)
            if document.media_type:
                yield _text(name, DCT + "format", document.media_type)
            if (url := _web(document.url)) is not None:
                yield _link(name, PROV + "atLocation", url)

    def _repairs(self) -> Iterator[ox.Triple]:
        """Each repair as an activity within the run, in the words of the page."""
        for number, repair in enumerate(self.published.repairs, 1):
            name = f"{self.here}#repair-{number}"
            yield _link(name, RDF + "type", PROV + "Activity")
            yield _link(self.published.record.iri, PROV + "wasInfluencedBy", name)
            yield _link(name, PROV + "wasInformedBy", f"{self.here}#run")
            yield _text(name, DCT + "identifier", str(repair.get("name", "")))
            yield from _sentences(name, repair.get("sentence") or {})
            if (predicate := _web(repair.get("predicate"))) is not None:
                yield _link(name, DCT + "subject", predicate)

    def _reports(self) -> Iterator[ox.Triple]:
        """What each check said, with the profile that it checked against."""
        for report in self.published.reports:
            key = str(report["profile"])
            name, check = f"{self.here}#report-{key}", f"{self.here}#check-{key}"
            yield _link(check, RDF + "type", PROV + "Activity")
            yield _link(check, PROV + "used", self.published.record.iri)
            yield _link(name, RDF + "type", SH + "ValidationReport")
            yield _link(name, RDF + "type", PROV + "Entity")
            yield _link(name, PROV + "wasGeneratedBy", check)
            yield _link(name, PROV + "wasDerivedFrom", self.published.record.iri)
            yield _link(name, DCT + "conformsTo", iri_of(key))
            yield _triple(name, SH + "conforms", _boolean(bool(report.get("conforms"))))


def _sentences(subject: str, sentence: dict[str, Any]) -> Iterator[ox.Triple]:
    for language, text in sorted(sentence.items()):
        yield _triple(subject, RDFS + "comment", ox.Literal(str(text), language=language))


def _web(iri: Any) -> str | None:
    """An address that can stand in a graph."""
    text = str(iri or "")
    return text if is_web_address(text) else None


def _link(subject: str, predicate: str, target: str) -> ox.Triple:
    return _triple(subject, predicate, ox.NamedNode(target))


def _text(subject: str, predicate: str, text: str) -> ox.Triple:
    return _triple(subject, predicate, ox.Literal(text))


def _moment(subject: str, predicate: str, moment: datetime) -> ox.Triple:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _triple(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime")))


def _boolean(value: bool) -> ox.Literal:
    return ox.Literal(str(value).lower(), datatype=ox.NamedNode(XSD + "boolean"))


def _triple(subject: str, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
