"""The pages of records: datasets, catalogs, series; and what machines get at the same address."""

from __future__ import annotations

from functools import cache

from flask import Response, render_template, request

from catalogue.errors import NotFound
from catalogue.model.dataset import Catalog, Series
from catalogue.namespaces import DCAT, DCT
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published, Record
from catalogue.web import exports, fdp, jsonld, linked, memento, reported, same, signposting
from catalogue.web.answers import negotiated
from catalogue.web.language import page_url
from catalogue.web.pages.asked import asked
from catalogue.web.pages.quality import of_dataset, of_several
from catalogue.web.parts import reader, services, settings
from catalogue.web.present.card import card, dataset_of
from catalogue.web.present.collection import collection
from catalogue.web.present.dataset import dataset_page, origin_rows
from catalogue.web.present.fit import fit, indication, matcher
from catalogue.web.present.purpose import purpose_form
from catalogue.web.present.reader import Row
from catalogue.web.present.search import purpose_query

SHOWN_DATASETS = 200
CONTAINER = '<http://www.w3.org/ns/ldp#DirectContainer>; rel="type"'


def dataset(id: str) -> Response:  # noqa: A002 - the name in the address
    """Everything a holder says about a dataset."""
    if own := fdp.own_answer("dataset", id):
        return own
    record = services().register.standing("dataset", id)
    return memento.elsewhen(record) or _now(record)


def _now(record: Record) -> Response:
    published = cache(lambda: services().register.get("dataset", record.id))
    response = negotiated(
        lambda: _dataset_page(published()),
        lambda: linked.record_graph(published()),
        iri=record.iri,
        modified=record.changed,
        profiles=True,
        more_links=signposting.standing(record),
        state=state_of(record),
        page_state=lambda: page_state_of(record),
        beside=exports.beside(published),
        signposts=lambda: signposting.landing(published()),
    )
    response.vary.add("Accept-Datetime")
    return response


def state_of(record: Record, *more: str) -> str:
    """What changes whenever the public description of a record does."""
    return " ".join((record.iri, str(record.version), record.changed.isoformat(), *more))


def page_state_of(record: Record) -> str:
    """What changes whenever the page does; nothing of one that answers a question.

    Other records may turn out to be the same, so the page follows the whole change log, and
    names their sources; whether its yearly check is due depends on the day; what fits a purpose
    also depends on the rules of this site.
    """
    if request.query_string:
        return ""
    register, today = services().register, services().scorer.today()
    sources = sorted(register.source_titles().items())
    seen = record.last_seen.isoformat()
    return state_of(record, seen, str(register.position()), today.isoformat(), repr(sources))


def distribution(id: str) -> Response:  # noqa: A002
    """One distribution; people are sent to the page of its dataset."""
    if own := fdp.own_answer("distribution", id):
        return own
    register = services().register
    record = register.standing_of_distribution(id)
    iri = f"{settings().base_url}/distribution/{id}"
    target = page_url("dataset", id=record.id) + "#access"
    return negotiated(
        lambda: Response(status=303, headers={"Location": target}, mimetype="text/html"),
        lambda: linked.distribution_graph(register.dataset_of_distribution(id), iri),
        iri=iri,
        modified=record.changed,
        state=state_of(record, iri),
    )


def catalogs() -> str:
    """Every catalog, with its number of datasets."""
    register = services().register
    found = [
        (collection(reader(), each), len(register.datasets_of_catalog(each.record.id)))
        for each in register.catalogs()
    ]
    return render_template("catalogs.html", catalogs=found)


def catalog(id: str) -> Response:  # noqa: A002
    """A catalog and its datasets."""
    if own := fdp.own_answer("catalog", id):
        return own
    record = services().register.standing("catalog", id)
    return memento.elsewhen(record) or _catalog_now(record)


def _catalog_now(record: Record) -> Response:
    published = cache(lambda: services().register.get("catalog", record.id))
    ids = services().register.datasets_of_catalog(record.id)
    rows = services().register.members_of_catalog(record.id, "series")
    response = negotiated(
        lambda: _collection_page(published(), ids),
        lambda: linked.catalog_graph(settings().base_url, published(), ids, rows),
        iri=record.iri,
        modified=services().register.last_change_in(record.id),  # its datasets come and go
        more_links=(CONTAINER, *signposting.standing(record)),
        profiles=True,
        state=state_of(record, *ids, *rows),
        signposts=lambda: signposting.landing(published()),
    )
    response.vary.add("Accept-Datetime")
    return response


def series(id: str) -> Response:  # noqa: A002
    """A series of datasets that belong together."""
    if own := fdp.own_answer("series", id):
        return own
    record = services().register.standing("series", id)
    return memento.elsewhen(record) or _series_now(record)


def _series_now(record: Record) -> Response:
    published = cache(lambda: services().register.get("series", record.id))
    response = negotiated(
        lambda: _collection_page(published(), []),
        lambda: linked.record_graph(published()),
        iri=record.iri,
        modified=record.changed,
        more_links=signposting.standing(record),
        profiles=True,
        state=state_of(record),
        signposts=lambda: signposting.landing(published()),
    )
    response.vary.add("Accept-Datetime")
    return response


def _dataset_page(published: Published) -> str | Response:
    given, here = asked(), page_url("dataset", id=published.record.id)
    if given.moved:
        target = f"{here}{purpose_query(given.purpose)}#consent"
        return Response(status=302, headers={"Location": target}, mimetype="text/html")
    judge = matcher(reader().vocabulary, given.purpose, services().policy)
    versions = memento.history(services().register.public_versions(published.record.id))
    page = dataset_page(reader(), published, versions, _read_from(published.record))
    turtle = serialise(linked.record_graph(published)).decode()
    return render_template(
        "dataset.html",
        page=page,
        turtle=turtle,
        json_ld=jsonld.block(published),
        exports=exports.available(published),
        triples=len(published.graph),
        quality=of_dataset(published),
        maybe_same=same.shown(published.record.id),
        fit=fit(reader(), judge, dataset_of(published)),
        purpose=purpose_form(
            reader(),
            given.purpose,
            lambda wanted: f"{here}{purpose_query(wanted)}#consent",
            given.unread,
        ),
        indication=indication(reader()),
        here=here,
    )


def _read_from(record: Record) -> tuple[Row, ...]:
    try:
        source = reported.visible(record.source)
    except NotFound:  # it was removed
        source = None
    return origin_rows(reader().language, source, services().register.origin(record.id).run)


def _collection_page(published: Published, ids: list[str]) -> str:
    if not isinstance(published.value, Catalog | Series):
        raise TypeError(f"{published.record.iri} is neither a catalog nor a series")
    shown = services().register.datasets(ids[:SHOWN_DATASETS])
    return render_template(
        "catalog.html",
        page=collection(reader(), published),
        kind=published.record.kind,
        cards=[card(reader(), each) for each in shown],
        quality=of_several(shown),
        total=len(ids),
        question=_members_asked(published.record),
    )


def _members_asked(series: Record) -> str:
    """A question that finds the datasets of a series: they name it, and not the other way."""
    if series.kind != "series":
        return ""
    return f"""PREFIX dcat: <{DCAT}>
PREFIX dct: <{DCT}>
SELECT ?dataset ?title WHERE {{
  ?dataset dcat:inSeries <{series.iri}> ; dct:title ?title
}}
ORDER BY ?dataset"""
