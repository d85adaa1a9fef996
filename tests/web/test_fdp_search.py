"""The search of the reference software's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from web.writing import BASE, Desk, a_catalog, a_dataset, writing

from catalogue.namespaces import DCAT, DCT


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


def found(desk: Desk, body: str, who: str = "") -> Any:
    answer = desk.ask("POST", "/search", who, body, Content_Type="application/json")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_datasets_and_catalogs_are_found_by_their_words(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.publish(desk.made("dataset", a_dataset(catalog, title="Exomes of quolls")))
    (one,) = found(desk, '{"query": "quolls"}')
    assert (one["uri"], one["title"]) == (where, "Exomes of quolls")
    assert one["types"] == [DCAT + "Dataset"]
    assert {"predicate": DCT + "isPartOf", "object": catalog} in one["relations"]
    titles = [each["uri"] for each in found(desk, '{"query": "CATALOGUE of Noordzee"}')]
    assert catalog in titles


@pytest.mark.parametrize("who", ["", "anna"])
def test_drafts_and_what_went_are_not_found(desk: Desk, who: str) -> None:
    catalog = desk.catalog()
    desk.made("dataset", a_dataset(catalog, title="Draft of numbats"))
    desk.made("catalog", a_catalog(title="Numbats"))
    gone = desk.publish(desk.made("dataset", a_dataset(catalog, title="Gone numbats")))
    desk.ask("DELETE", gone, "anna")
    assert found(desk, '{"query": "numbats"}', who) == []


def test_no_more_than_fifty_are_told(desk: Desk) -> None:
    for _ in range(26):
        desk.publish(desk.made("catalog", a_catalog(title="Many wallabies")))
        desk.publish(desk.made("catalog", a_catalog(title="More wallabies")))
    assert len(found(desk, '{"query": "wallabies"}')) == 50


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"query": 7}', '{"query": " "}', '{"query": "' + 600 * "a" + '"}']
)
def test_what_is_no_question_is_refused(desk: Desk, body: str) -> None:
    assert desk.ask("POST", "/search", "", body).status_code == 400


@pytest.mark.parametrize("words", ["'", "\\\\", "%00", "*", "a OR b", "} UNION {", "<b>"])
def test_odd_words_break_nothing(desk: Desk, words: str) -> None:
    assert isinstance(found(desk, f'{{"query": "{words}"}}'), list)


def test_nothing_is_saved_here(desk: Desk) -> None:
    for path in ("/search/filters", "/search/query/saved"):
        assert desk.ask("GET", path).json == []
    assert desk.ask("POST", "/search/query/saved").status_code == 405
    assert desk.ask("GET", f"{BASE}/search").status_code == 405
