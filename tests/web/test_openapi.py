"""The description of the API says what the API does, in its document and on its page."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import jsonschema_rs
import pytest
from web import townhall

from catalogue.web.openapi import TAGS, openapi
from catalogue.web.pages import docs

PURPOSE = {"purpose": "health", "disease_studied": "diabetes-type-2"}
ADDRESSES = {
    "/api/v1/datasets": ["", "?cursor=*", "?fields=id", "?q=breast&page=1", "?disease=cancer"],
    "/api/v1/datasets/{id}": ["rich", "small", "bare", "hostile", "rich?fields=id"],
    "/api/v1/catalogs": ["", "?fields=id,title"],
    "/api/v1/catalogs/{id}": ["noord"],
    "/api/v1/organisations": ["", "?size=1", "?fields=slug"],
    "/api/v1/organisations/{slug}": ["noordzee"],
    "/api/v1/terms": ["", "?size=1&cursor=*"],
    "/api/v1/terms/{scheme}": ["disease", "data-use", "eu"],
    "/api/v1/sources": ["", "?size=1", "?fields=slug"],
    "/api/v1/sources/{slug}": ["noordzee", "waalkade"],
    "/api/v1/sources/{slug}/runs": ["noordzee", "waalkade"],
    "/api/v1/sources/{slug}/runs/{id}": ["noordzee 7"],
    "/api/v1/sources/{slug}/runs/{id}/outcomes": ["noordzee 7"],
    "/api/v1/openapi.json": [""],
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(townhall.BASE)


def filled(path: str, values: str) -> str:
    """An address with its places filled in."""
    for value in values.split():
        path = re.sub(r"\{\w+\}", value.partition("?")[0], path, count=1)
    question = values.partition("?")[2]
    return path + (f"?{question}" if question else "")


def test_it_names_the_routes_that_exist(app: Any, client: Any) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(r)) for r in app.url_map.iter_rules()}
    said = client.get("/api/v1/openapi.json").json
    assert set(said["paths"]) == {each for each in rules if each.startswith("/api/v1/")}
    assert said["servers"] == [{"url": townhall.BASE}]


def test_it_names_the_methods_that_exist(app: Any, document: dict[str, Any]) -> None:
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule))
        if path.startswith("/api/v1/"):
            methods = {each.lower() for each in rule.methods} - {"head", "options"}
            assert set(document["paths"][path]) == methods, path


def test_every_operation_has_a_name_of_its_own_and_a_known_tag(document: dict[str, Any]) -> None:
    operations = [each for said in document["paths"].values() for each in said.values()]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    assert {tag for each in operations for tag in each["tags"]} == set(TAGS)
    assert all(each["summary"] for each in operations)
    assert all("default" in each["responses"] for each in operations)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for target in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found: Any = document
        for step in target.split("/"):
            found = found[step]
        assert found


@pytest.mark.parametrize("name", list(openapi(townhall.BASE)["components"]["schemas"]))
def test_every_schema_is_a_schema(document: dict[str, Any], name: str) -> None:
    jsonschema_rs.meta.validate({**document["components"]["schemas"][name]})


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(whole)


def test_every_address_to_read_from_is_tried(document: dict[str, Any]) -> None:
    assert {path for path, said in document["paths"].items() if "get" in said} == set(ADDRESSES)


@pytest.mark.parametrize(
    ("path", "values"), [(path, each) for path, every in ADDRESSES.items() for each in every]
)
def test_an_answer_looks_as_described(
    client: Any, document: dict[str, Any], path: str, values: str
) -> None:
    answer = client.get(filled(path, values))
    assert answer.status_code == 200, answer.text
    described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    validator(document, described["schema"]).validate(answer.json)


def test_every_field_of_a_dataset_is_described(client: Any, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    walked, results = (client.get(f"/api/v1/datasets{q}").json for q in ("?cursor=*", ""))
    assert set(results) | {"next"} == set(walked) == set(schemas["Results"]["properties"])
    for hit in results["hits"]:
        assert set(hit) == set(schemas["Dataset"]["properties"])
        validator(document, schemas["Dataset"]).validate(hit)


def test_an_answer_about_consent_looks_as_described(client: Any, document: dict[str, Any]) -> None:
    asked = {"purposes": [{"purpose": "health"}], "datasets": ["rich"], "consents": ["HMB;NPU"]}
    said = client.post("/api/v1/consent/match", json=asked)
    assert said.status_code == 200
    validator(document, document["components"]["schemas"]["ConsentAnswer"]).validate(said.json)


@pytest.mark.parametrize("address", ["/api/v1/datasets/nope", "/api/v1/datasets?colour=red"])
def test_a_problem_looks_as_described(client: Any, document: dict[str, Any], address: str) -> None:
    said = client.get(address).json
    validator(document, document["components"]["schemas"]["Problem"]).validate(said)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_explains_every_operation(
    page: Any, document: dict[str, Any], language: str
) -> None:
    text = html.unescape(page(f"/{language}/docs").text)
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            assert f'<span class="method">{method.upper()}</span> <code>{path}</code>' in text
            assert said["summary"] in text
            for parameter in said.get("parameters", ()):
                assert parameter.get("name", "If-None-Match") in text


def test_the_examples_of_the_page_work(client: Any, page: Any) -> None:
    text = html.unescape(page("/en/docs").text)
    addresses = re.findall(rf"curl '{re.escape(townhall.BASE)}([^']+)'\s*<", text)
    assert len(addresses) > 10
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_the_page_says_so_when_its_examples_name_what_is_not_there(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Not everything that the examples name exists here yet"
    assert words not in page("/en/docs").text
    monkeypatch.setattr(docs, "names", dict[str, str])
    assert words in page("/en/docs").text


def test_the_page_loads_nothing_from_elsewhere(page: Any) -> None:
    text = page("/en/docs").text
    assert "<script" not in text
    assert re.findall(r'(?:src|rel="stylesheet" href)="(?:https?:)?//', text) == []
