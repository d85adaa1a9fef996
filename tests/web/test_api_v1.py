"""Habits of the whole API: versions, cursors, fields, tags for caches, lists of terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from web import townhall

from catalogue.search.document import document

IDS = sorted(each.record.id for each in townhall.DATASETS)


def walked(client: Any, **parameters: Any) -> Iterator[Any]:
    """The answers of a walk to its end."""
    cursor = "*"
    while cursor:
        asked = {**parameters, "cursor": cursor}
        said = client.get("/api/v1/datasets", query_string=asked).json
        yield said
        cursor = said["next"]


@pytest.mark.parametrize("path", ["/datasets", "/datasets/rich", "/openapi.json"])
def test_without_a_version_the_newest_one_answers(client: Any, path: str) -> None:
    assert client.get(f"/api{path}").json == client.get(f"/api/v1{path}").json


@pytest.mark.parametrize("size", [1, 2, 4, 6, 100])
def test_a_walk_meets_every_dataset_once(client: Any, size: int) -> None:
    parts = list(walked(client, size=size))
    assert [hit["id"] for part in parts for hit in part["hits"]] == IDS
    assert {part["total"] for part in parts} == {len(IDS)}
    assert all(len(part["hits"]) <= size for part in parts)


def test_a_walk_keeps_to_its_question(client: Any) -> None:
    whole = client.get("/api/v1/datasets?assay=wes").json
    parts = list(walked(client, assay="wes", size=1))
    assert [hit["id"] for part in parts for hit in part["hits"]] == sorted(
        hit["id"] for hit in whole["hits"]
    )


def test_a_walk_is_undisturbed_by_what_changes_meanwhile() -> None:
    parts = townhall.services()
    client = townhall.application(parts).test_client()
    begun = client.get("/api/v1/datasets?cursor=*&size=3").json
    last = begun["hits"][-1]["id"]
    first = townhall.DATASETS[0]
    parts.search.remove([last])  # type: ignore[attr-defined]
    parts.search.replace(  # type: ignore[attr-defined]
        [document("aaa", first.value, "noordzee", first.record.holder.name, townhall.vocabulary())]
    )
    rest = client.get("/api/v1/datasets", query_string={"cursor": begun["next"], "size": 3}).json
    assert [hit["id"] for hit in rest["hits"]] == IDS[3:]


def test_a_walk_says_in_its_headers_where_it_goes_on(client: Any) -> None:
    answer = client.get("/api/v1/datasets?cursor=*&size=2&assay=wes")
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    following = client.get(link.partition(">")[0].removeprefix(f"<{townhall.BASE}")).json
    assert following["next"] is None
    assert following["hits"]


@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "cursor=",
        "cursor=é",
        "cursor=%00",
        "cursor=" + "A" * 5000,
        "cursor=*&page=2",
        "cursor=*&sort=title",
        "fields=colour",
        "fields=",
        "fields=id,,colour",
        "cursor=ZGUxYzc5NjlmMjJiMWEyNi4",
    ],
)
def test_what_cannot_be_meant_is_refused(client: Any, query: str) -> None:
    answer = client.get(f"/api/v1/datasets?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_a_cursor_of_another_question_is_refused(client: Any) -> None:
    cursor = client.get("/api/v1/datasets?cursor=*&size=1").json["next"]
    answer = client.get("/api/v1/datasets", query_string={"cursor": cursor, "assay": "wes"})
    assert answer.status_code == 400
    assert "another question" in answer.json["detail"]
    other_size = client.get("/api/v1/datasets", query_string={"cursor": cursor, "size": 5})
    assert other_size.status_code == 200


def test_only_the_fields_that_were_asked_for_are_sent(client: Any) -> None:
    for hit in client.get("/api/v1/datasets?fields=id,individuals").json["hits"]:
        assert list(hit) == ["id", "individuals"]
    assert list(client.get("/api/v1/datasets/rich?fields=title").json) == ["title"]
    catalogs = client.get("/api/v1/catalogs?fields=id").json["catalogs"]
    assert catalogs == [{"id": "noord"}]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/datasets",
        "/api/v1/datasets/rich",
        "/api/v1/catalogs/noord",
        "/api/v1/organisations",
        "/api/v1/terms/disease",
        "/api/v1/sources",
        "/api/v1/sources/noordzee/runs",
        "/api/v1/openapi.json",
    ],
)
def test_what_did_not_change_is_not_sent_again(client: Any, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    head = client.head(path)
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.data == b""


def test_another_question_has_another_tag(client: Any) -> None:
    tags = {
        client.get(f"/api/v1/datasets{query}").headers["ETag"]
        for query in ("", "?assay=wes", "?fields=id", "?page=1&size=1")
    }
    assert len(tags) == 4


def test_a_problem_has_no_tag(client: Any) -> None:
    assert "ETag" not in client.get("/api/v1/datasets/nope").headers


def test_organisations_are_listed_with_what_they_hold(client: Any) -> None:
    every = client.get("/api/v1/organisations").json["organisations"]
    assert {each["slug"]: each["datasets"] for each in every} == {"noordzee": 4, "ijsselstroom": 2}
    one = client.get("/api/v1/organisations/noordzee").json
    assert one in every
    assert client.get("/api/v1/organisations/nope").status_code == 404


def test_a_catalog_lists_its_datasets_and_no_draft(client: Any) -> None:
    said = client.get("/api/v1/catalogs/noord").json
    assert "draft" not in said["datasets"]
    assert "small" in said["datasets"]
    assert client.get("/api/v1/catalogs/rich").status_code == 404


def test_a_term_says_what_a_filter_takes(client: Any) -> None:
    schemes = {each["key"] for each in client.get("/api/v1/terms").json["schemes"]}
    assert {"disease", "assay", "data-use"} <= schemes
    assays = client.get("/api/v1/terms/assay").json["concepts"]
    exomes = next(each for each in assays if each["value"] == "wes")
    assert set(exomes["label"]) == {"nl", "en"}
    found = client.get("/api/v1/datasets", query_string={"assay": exomes["value"]}).json
    assert found["total"] > 0
    assert client.get("/api/v1/terms/colours").status_code == 404


# --- every list alike ---------------------------------------------------------------------

LISTS = {
    "/api/v1/catalogs": ("catalogs", "id"),
    "/api/v1/organisations": ("organisations", "slug"),
    "/api/v1/terms": ("schemes", "key"),
    "/api/v1/terms/assay": ("concepts", "iri"),
    "/api/v1/sources": ("sources", "slug"),
    "/api/v1/sources/waalkade/runs": ("runs", "id"),
    "/api/v1/sources/noordzee/runs/7/outcomes": ("outcomes", "number"),
}
every_list = pytest.mark.parametrize("path", list(LISTS))


def test_no_list_is_forgotten_here(client: Any) -> None:
    said = client.get("/api/v1/openapi.json").json["paths"]
    taking = {path for path, each in said.items() if "cursor" in named(each.get("get", {}))}
    known = {re.sub(r"/(waalkade|noordzee)", "/{slug}", each) for each in LISTS}
    known = {each.replace("/7/", "/{id}/").replace("/assay", "/{scheme}") for each in known}
    assert taking == known | {"/api/v1/datasets"}
    for path, each in said.items():
        if path in taking:
            assert {"cursor", "size", "fields"} <= named(each.get("get", {}))


def named(operation: dict[str, Any]) -> set[str]:
    return {each.get("name", "") for each in operation.get("parameters", ())}


def parts(client: Any, path: str, **parameters: Any) -> Iterator[Any]:
    cursor = "*"
    while cursor:
        said = client.get(path, query_string={**parameters, "cursor": cursor}).json
        yield said
        cursor = said["next"]


def test_only_a_walk_says_where_it_goes_on(client: Any) -> None:
    assert "next" not in client.get("/api/v1/datasets?size=1").json
    assert client.get("/api/v1/datasets?cursor=*&size=1").json["next"]


@every_list
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_walk_through_any_list_meets_all_of_it_once(client: Any, path: str, size: int) -> None:
    name, key = LISTS[path]
    whole = client.get(path, query_string={"size": 1000}).json
    assert whole["next"] is None
    met = [each for part in parts(client, path, size=size) for each in part[name]]
    assert met == whole[name]
    assert len({each[key] for each in met}) == len(met) > 0
    assert whole["total"] in {None, len(met)}


@every_list
def test_any_list_says_in_its_headers_where_it_goes_on(client: Any, path: str) -> None:
    name, key = LISTS[path]
    first = client.get(f"{path}?size=1&fields={key}")
    if first.json["next"] is None:
        assert "Link" not in first.headers
        return
    link = first.headers["Link"].partition(">")[0].removeprefix(f"<{townhall.BASE}")
    second = client.get(link).json[name]
    assert [list(each) for each in second] == [[key]]
    assert second != first.json[name]


@every_list
@pytest.mark.parametrize(
    "query",
    ["size=0", "size=1001", "size=x", "size=", "cursor=", "cursor=nonsense", "cursor=%00",
     "cursor=ZGUxYzc5NjlmMjJiMWEyNi4", "fields=", "fields=colour", "page=1", "limit=1"],
)  # fmt: skip
def test_what_no_list_can_mean_is_refused(client: Any, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@every_list
def test_a_cursor_of_another_list_is_refused(client: Any, path: str) -> None:
    other = "/api/v1/terms/disease" if path != "/api/v1/terms/disease" else "/api/v1/terms"
    cursor = client.get(f"{other}?size=1").json["next"]
    assert client.get(path, query_string={"cursor": cursor}).status_code == 400


@every_list
def test_any_list_is_sent_once_and_has_a_head(client: Any, path: str) -> None:
    for query in ("", "?size=1", "?size=1&cursor=*"):
        first = client.get(path + query)
        again = client.get(path + query, headers={"If-None-Match": first.headers["ETag"]})
        head = client.head(path + query)
        assert (again.status_code, again.data) == (304, b"")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == first.headers["ETag"]
        assert head.headers["Content-Length"] == str(len(first.data))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/sources/noordzee",
        "/api/v1/sources/noordzee/runs/7",
        "/api/v1/organisations/noordzee",
    ],
)
def test_of_one_thing_just_the_fields_that_were_asked_for(client: Any, path: str) -> None:
    first, *_ = client.get(path).json
    assert list(client.get(f"{path}?fields={first}").json) == [first]
    assert client.get(f"{path}?fields=contact").status_code == 400
