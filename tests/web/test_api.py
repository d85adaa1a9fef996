"""The JSON API and the small addresses."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall

from catalogue.errors import StoreUnavailable


@pytest.mark.parametrize(
    "query", ["", "?disease=cancer", "?assay=wes&organisation=noordzee", "?consent=not-stated"]
)
def test_page_and_api_find_the_same(client: Any, page: Any, query: str) -> None:
    said = client.get(f"/api/datasets{query}").json
    html = page(f"/en/datasets{query}").text
    assert f">{said['total']} dataset" in html
    for hit in said["hits"]:
        assert f'href="/en/dataset/{hit["id"]}"' in html


def test_the_count_beside_a_value_is_what_choosing_it_finds(client: Any) -> None:
    for facet in client.get("/api/datasets").json["facets"]:
        for value in facet["values"]:
            chosen = client.get("/api/datasets", query_string={facet["parameter"]: value["value"]})
            assert chosen.json["total"] == value["count"], (facet["name"], value["value"])


def test_an_unstated_count_is_null_and_a_small_one_a_bound(client: Any) -> None:
    assert client.get("/api/datasets/bare").json["individuals"] is None
    assert client.get("/api/datasets/small").json["individuals"] == {"value": None, "below": 10}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/datasets/nope", 404),
        ("/api/datasets/old", 410),
        ("/api/datasets?sort=sideways", 400),
        ("/api/datasets?page=NaN", 400),
        ("/api/datasets?disease=%3Cscript%3E", 400),
        ("/api/datasets?colour=red", 400),
        ("/api/datasets?size=101", 400),
        ("/api/datasets/rich?page=2", 400),
        ("/api/nothing", 404),
    ],
)
def test_an_api_error_is_a_problem_document_even_for_a_browser(
    page: Any, address: str, status: int
) -> None:
    response = page(address)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("page_", ["-1", "0", "one", "²"])
def test_a_page_that_cannot_be_is_refused(client: Any, page_: str) -> None:
    said = client.get("/api/datasets", query_string={"page": page_})
    assert said.status_code == 400
    assert "page" in said.json["detail"]


def test_beyond_the_last_page_there_is_nothing(client: Any) -> None:
    said = client.get("/api/datasets?page=1000000000&size=100")
    assert said.status_code == 200
    assert said.json["hits"] == []
    assert "Link" not in said.headers


def test_every_page_but_the_last_names_the_next(client: Any) -> None:
    found, address = [], "/api/datasets?size=1"
    while address:
        said = client.get(address)
        found += [each["id"] for each in said.json["hits"]]
        address = said.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert len(found) == len(set(found)) == said.json["total"] > 1


def test_a_parameter_that_does_not_exist_is_refused_by_name(client: Any, page: Any) -> None:
    detail = client.get("/api/datasets?dissease=cancer").json["detail"]
    assert "dissease" in detail
    assert "disease" in detail.replace("dissease", "")
    assert page("/en/datasets?utm_source=mail").status_code == 200


def test_the_limit_of_a_page_is_said(client: Any) -> None:
    assert "100" in client.get("/api/datasets?size=1000000").json["detail"]


def test_groups_of_people_with_different_consent_stay_apart(client: Any) -> None:
    said = client.get("/api/datasets/rich").json
    first, rest = said["consent"]
    assert first["label"] == {"en": "Broad consent, from 2020"}
    assert first["individuals"] == {"value": 980, "below": None}
    assert len(first["conditions"]) == 3
    assert rest["conditions"] == []
    assert rest["individuals"] is None
    assert said["consent_conditions"] == first["conditions"]


def test_health_names_each_part() -> None:
    parts = townhall.services()
    client = townhall.application(parts).test_client()
    assert client.get("/health").json["register"] == {"ok": True, "position": 41}
    parts.store.fails = StoreUnavailable("gone")
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json["status"] == "degraded"


@pytest.mark.parametrize(
    "address", ["/robots.txt", "/favicon.svg", "/favicon.ico", "/static/icons.svg"]
)
def test_small_files_are_there(client: Any, address: str) -> None:
    with client.get(address) as response:
        assert response.status_code == 200
