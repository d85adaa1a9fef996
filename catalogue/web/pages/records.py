"""The pages of records: datasets, catalogs, series; and what machines get at the same address."""

from __future__ import annotations

from flask import Response, render_template

from catalogue.model.dataset import Catalog, Series
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published
from catalogue.web import jsonld, linked, same
from catalogue.web.answers import negotiated
from catalogue.web.language import page_url
from catalogue.web.pages.asked import asked
from catalogue.web.pages.quality import of_dataset, of_several
from catalogue.web.parts import reader, services, settings
from catalogue.web.present.card import card, dataset_of
from catalogue.web.present.collection import collection
from catalogue.web.present.dataset import dataset_page
from catalogue.web.present.fit import fit, indication, matcher
from catalogue.web.present.purpose import purpose_form
from catalogue.web.present.search import purpose_query

SHOWN_DATASETS = 200


def dataset(id: str) -> Response:  # noqa: A002 - the name in the address
    """Everything a holder says about a dataset."""
    published = services().register.get("dataset", id)
    return negotiated(
        lambda: _dataset_page(published),
        lambda: linked.record_graph(published),
        iri=published.record.iri,
        modified=published.record.changed,
        profiles=True,
    )


def distribution(id: str) -> Response:  # noqa: A002
    """One distribution; people are sent to the page of its dataset."""
    published = services().register.dataset_of_distribution(id)
    iri = f"{settings().base_url}/distribution/{id}"
    target = page_url("dataset", id=published.record.id) + "#access"
    return negotiated(
        lambda: Response(status=303, headers={"Location": target}, mimetype="text/html"),
        lambda: linked.distribution_graph(published, iri),
        iri=iri,
        modified=published.record.changed,
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
    published = services().register.get("catalog", id)
    ids = services().register.datasets_of_catalog(id)
    return negotiated(
        lambda: _collection_page(published, ids),
        lambda: linked.catalog_graph(settings().base_url, published, ids),
        iri=published.record.iri,
        modified=published.record.changed,
        more_links=('<http://www.w3.org/ns/ldp#DirectContainer>; rel="type"',),
        profiles=True,
    )


def series(id: str) -> Response:  # noqa: A002
    """A series of datasets that belong together."""
    published = services().register.get("series", id)
    return negotiated(
        lambda: _collection_page(published, []),
        lambda: linked.record_graph(published),
        iri=published.record.iri,
        modified=published.record.changed,
        profiles=True,
    )


def _dataset_page(published: Published) -> str | Response:
    given, here = asked(), page_url("dataset", id=published.record.id)
    if given.moved:
        target = f"{here}{purpose_query(given.purpose)}#consent"
        return Response(status=302, headers={"Location": target}, mimetype="text/html")
    versions = services().register.history(published.record.id)
    page = dataset_page(reader(), published, versions)
    turtle = serialise(linked.record_graph(published)).decode()
    return render_template(
        "dataset.html",
        page=page,
        turtle=turtle,
        json_ld=jsonld.block(published),
        triples=len(published.graph),
        quality=of_dataset(published),
        maybe_same=same.shown(published.record.id),
        fit=fit(reader(), matcher(reader().vocabulary, given.purpose), dataset_of(published)),
        purpose=purpose_form(
            reader(),
            given.purpose,
            lambda wanted: f"{here}{purpose_query(wanted)}#consent",
            given.typed,
        ),
        indication=indication(reader()),
        here=here,
    )


def _collection_page(published: Published, ids: list[str]) -> str:
    if not isinstance(published.value, Catalog | Series):
        raise TypeError(f"{published.record.iri} is neither a catalog nor a series")
    shown = services().register.datasets(ids[:SHOWN_DATASETS])
    return render_template(
        "catalog.html",
        page=collection(reader(), published),
        cards=[card(reader(), each) for each in shown],
        quality=of_several(shown),
        total=len(ids),
    )
