"""FAIR Signposting: what the headers and the linkset say, and that they say the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.http import parse_options_header

from catalogue.web.signposting import Link

PATHS = ("/dataset/rich", "/catalog/noord")
BASE = "https://catalogue.example"
TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
QUOTED = r'"(?:[\t !#-\[\]-~]|\\[\t -~])*"'
ADDRESS = r"<[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*>"
PARAMETER = rf"{TOKEN}(?:[ \t]*=[ \t]*(?:{TOKEN}|{QUOTED}))?"
LINK = rf"{ADDRESS}(?:[ \t]*;[ \t]*(?:{PARAMETER})?)*"
FIELD = re.compile(rf"{LINK}(?:[ \t]*,[ \t]*{LINK})*")
"""A `Link` field, letter for letter as in RFC 8288 §3 and RFC 9110 §5.6."""


def links(answer: Any) -> list[tuple[str, str, dict[str, str]]]:
    """(target, relation, attributes) of every link in the headers."""
    found = []
    for header in answer.headers.getlist("Link"):
        target, attributes = parse_options_header(header)
        found.append((target.strip("<>"), attributes.pop("rel"), attributes))
    return found


def relations(answer: Any) -> set[str]:
    return {each for _, relation, _ in links(answer) for each in relation.split()}


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_the_links_of_level_one(page: Any, path: str) -> None:
    answer = page(path)
    assert {"cite-as", "type", "describedby", "linkset"} <= relations(answer)
    assert (f"{BASE}{path}", "cite-as", {}) in links(answer)
    types = {target for target, relation, _ in links(answer) if relation == "type"}
    assert "https://schema.org/AboutPage" in types
    assert types & {"https://schema.org/Dataset", "https://schema.org/DataCatalog"}


@pytest.mark.parametrize("path", PATHS)
def test_a_metadata_resource_leads_back_to_the_page(client: Any, path: str) -> None:
    for query in ("?format=ttl", "?format=jsonld"):
        answer = client.get(path + query)
        assert (f"{BASE}{path}", "describes", {"type": "text/html"}) in links(answer)
        assert {"cite-as", "linkset"} <= relations(answer)


def test_every_form_that_is_announced_exists(client: Any, page: Any) -> None:
    for target, relation, attributes in links(page("/dataset/rich")):
        if relation == "describedby":
            answer = client.get(target.removeprefix(BASE))
            assert answer.status_code == 200
            assert answer.mimetype == attributes["type"]


def test_no_content_of_controlled_data_and_no_licence_is_announced(page: Any) -> None:
    assert not {"item", "license"} & relations(page("/dataset/rich"))


@pytest.mark.parametrize("path", PATHS)
def test_the_linkset_says_what_the_page_says(client: Any, page: Any, path: str) -> None:
    answer = client.get(f"{path}/linkset")
    assert answer.mimetype == "application/linkset+json"
    first, *others = answer.json["linkset"]
    assert first["anchor"] == BASE + path
    said = {
        (each["href"], name)
        for name, targets in first.items()
        if name != "anchor"
        for each in targets
    }
    shown = {(target, each) for target, names, _ in links(page(path)) for each in names.split()}
    assert {pair for pair in shown if "ldp#" not in pair[0] and "fdp" not in pair[0]} <= said
    described = {each["href"] for each in first["describedby"]}
    assert described == {each["anchor"] for each in others if "describes" in each}


def test_a_catalog_has_its_datasets_as_items(client: Any) -> None:
    first = client.get("/catalog/noord/linkset").json["linkset"][0]
    assert f"{BASE}/dataset/small" in {each["href"] for each in first["item"]}


def test_a_linkset_is_had_as_text_and_by_its_tag(client: Any) -> None:
    plain = client.get("/dataset/rich/linkset", headers={"Accept": "application/linkset"})
    assert plain.mimetype == "application/linkset"
    assert f'anchor="{BASE}/dataset/rich"' in plain.text
    known = {"If-None-Match": plain.headers["ETag"], "Accept": "application/linkset"}
    assert client.get("/dataset/rich/linkset", headers=known).status_code == 304


@pytest.mark.parametrize(
    "path", [*PATHS, *(f"{each}/linkset" for each in PATHS), "/dataset/rich/versions", "/feed", "/"]
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json", "*/*"])
def test_every_link_header_follows_its_grammar(client: Any, path: str, accept: str) -> None:
    for query in ("", "?profile=dcat-ap-3"):
        answer = client.get(path + query, headers={"Accept": accept})
        for said in answer.headers.getlist("Link"):
            assert FIELD.fullmatch(said), said
            for link in re.findall(LINK, said):
                assert len(re.findall(r'; rel="[^"]+"', link)) == 1, link


@pytest.mark.parametrize("path", PATHS)
def test_a_linkset_as_text_follows_the_grammar_of_the_header(client: Any, path: str) -> None:
    said = client.get(f"{path}/linkset", headers={"Accept": "application/linkset"}).text
    assert FIELD.fullmatch(" ".join(said.split("\n")).strip())


def test_no_address_breaks_out_of_its_header() -> None:
    link = Link('https://a.example/x>; rel="item', "author", (("type", 'a"; b\r\nX: y'),))
    said = link.header()
    assert said.count('rel="') == 1
    assert "\r" not in said
    assert "\n" not in said
