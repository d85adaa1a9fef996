"""How well everything is described: a league for people, measurements for machines."""

from __future__ import annotations

from flask import Response, jsonify, render_template

from catalogue.quality.measurement import measurements
from catalogue.rdf.graph import Graph
from catalogue.register.records import Published
from catalogue.web.answers import negotiated
from catalogue.web.language import page_url
from catalogue.web.pages.reports import asks_json
from catalogue.web.parts import reader, services
from catalogue.web.present.quality import Section, league_page, section, together
from catalogue.web.scores import League, Place


def league() -> str | Response:
    """Who describes their data how well, what would help most, and what is due."""
    register = services().register
    found = services().scorer.league(register)
    if asks_json():
        return jsonify(_league_json(found))
    page = league_page(
        reader(),
        found,
        {each.record.id: reader().text(each.value.title) for each in register.catalogs()},
        {holder.slug: reader().text(holder.name) for holder, _ in register.holders()},
    )
    return render_template("quality.html", page=page)


def dataset(id: str) -> Response:  # noqa: A002 - the name in the address
    """The scores of one dataset; people find them on its page."""
    published = services().register.get("dataset", id)
    if asks_json():
        return jsonify(_scores_json(published))
    target = page_url("dataset", id=id) + "#quality"
    return negotiated(
        lambda: Response(status=303, headers={"Location": target}, mimetype="text/html"),
        lambda: measured(published),
        iri=f"{published.record.iri}/quality",
        modified=published.record.changed,
    )


def measured(published: Published) -> Graph:
    """Both scores of a dataset, as `dqv:QualityMeasurement`."""
    scores, iri = services().scorer.of(published), published.record.iri
    return Graph(
        triple
        for score in (scores.european, scores.controlled)
        for triple in measurements(score, iri, f"{iri}/quality")
    )


def of_dataset(published: Published) -> Section:
    """The scores of one dataset, for its page."""
    scorer = services().scorer
    return section(reader(), scorer.of(published), scorer.today())


def of_several(published: list[Published]) -> Section | None:
    """The scores of some datasets together, for the page of their catalog or organisation."""
    return together(reader(), services().scorer.group(published))


def _scores_json(published: Published) -> dict[str, object]:
    scores = services().scorer.of(published)
    return {
        "iri": published.record.iri,
        "scores": [scores.controlled.to_json(), scores.european.to_json()],
    }


def _league_json(found: League) -> dict[str, object]:
    return {
        "datasets": found.datasets,
        "catalogs": [_place_json(each) for each in found.catalogs],
        "organisations": [_place_json(each) for each in found.holders],
        "fixes": [each.to_json() for each in found.fixes],
        "due": [
            {"dataset": each.name, "since": each.since.isoformat() if each.since else None}
            for each in found.due
        ],
    }


def _place_json(place: Place) -> dict[str, object]:
    return {
        "id": place.key,
        "mqa": place.european.to_json(),
        "controlled-access": place.controlled.to_json(),
    }
