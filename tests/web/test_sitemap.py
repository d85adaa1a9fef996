"""What search engines get: the list of pages, robots.txt, and the block in each dataset's page."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from web import townhall

from catalogue.namespaces import DCAT
from catalogue.rdf.schema_org import read
from catalogue.rdf.webpage import read_page
from catalogue.web import sitemap

MAP = f"{{{sitemap.NAMESPACE}}}"
LINK = f"{{{sitemap.XHTML}}}link"
PUBLIC = {each.record.id for each in townhall.DATASETS}


def xml(client: Any, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    return fromstring(answer.data)


def addresses(root: Element) -> list[str]:
    return [str(each.text) for each in root.iter(f"{MAP}loc")]


def block(page: Any, path: str) -> dict[str, Any]:
    [found] = read_page(page(path).data).blocks
    return dict(json.loads(found.text))


def test_the_index_lists_every_published_record_in_both_languages(client: Any) -> None:
    lists = addresses(xml(client, "/sitemap.xml"))
    assert lists == [
        f"{townhall.BASE}/sitemap-pages.xml",
        f"{townhall.BASE}/sitemap-1.xml",
    ]
    found = set(addresses(xml(client, "/sitemap-1.xml")))
    for language in ("nl", "en"):
        assert {f"{townhall.BASE}/{language}/dataset/{each}" for each in PUBLIC} <= found
        assert f"{townhall.BASE}/{language}/catalog/noord" in found
    assert not [each for each in found if each.endswith("/old")]


def test_each_address_says_when_it_changed_and_where_it_is_in_other_languages(
    client: Any,
) -> None:
    entry = next(iter(xml(client, "/sitemap-1.xml")))
    assert entry.findtext(f"{MAP}lastmod") == "2026-11-18T03:12:00Z"
    links = {each.get("hreflang"): each.get("href") for each in entry.iter(LINK)}
    assert set(links) == {"nl", "en", "x-default"}
    assert links["x-default"] == str(links["nl"]).replace("/nl/", "/")


def test_every_address_in_the_lists_has_a_page(client: Any) -> None:
    for path in ("/sitemap-pages.xml", "/sitemap-1.xml"):
        for address in addresses(xml(client, path)):
            answer = client.get(
                address.removeprefix(townhall.BASE), headers={"Accept": "text/html"}
            )
            assert answer.status_code == 200, address


def test_long_lists_are_divided(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_RECORDS", 3)
    lists = addresses(xml(client, "/sitemap.xml"))[1:]
    parts = [addresses(xml(client, each.removeprefix(townhall.BASE))) for each in lists]
    assert len(parts) == 3
    assert len({address for part in parts for address in part}) == 2 * (len(PUBLIC) + 1)


@pytest.mark.parametrize("number", [0, 99, 10**9])
def test_a_list_that_there_is_not_is_not_found(client: Any, number: int) -> None:
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_list_that_did_not_change_is_not_sent_again(client: Any) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    again = client.get("/sitemap.xml", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_robots_txt_points_to_the_list(client: Any) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {townhall.BASE}/sitemap.xml" in text.splitlines()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_j15_a_dataset_s_page_describes_it_for_search_engines(page: Any, language: str) -> None:
    stated = block(page, f"/{language}/dataset/rich")
    assert stated["@type"] == "Dataset"
    assert stated["@id"] == f"{townhall.BASE}/dataset/rich"
    assert stated["url"] == f"{townhall.BASE}/{language}/dataset/rich"
    assert 50 <= len(stated["description"]) <= 5000
    assert "https://doi.org/10.1234/rich" in stated["identifier"]
    assert stated["includedInDataCatalog"]["url"] == townhall.BASE
    assert "isAccessibleForFree" not in stated, "nothing is said of what it costs"
    assert stated["conditionsOfAccess"]
    assert stated["measurementTechnique"]
    assert stated["creator"]
    assert not [each for each in stated["distribution"] if "contentUrl" in each]


def test_the_block_follows_the_language_of_the_page(page: Any) -> None:
    names = [block(page, f"/{each}/dataset/rich")["name"] for each in ("nl", "en")]
    assert names == ["Genomen erfelijke borstkanker", "Hereditary breast cancer genomes"]


def test_f76_a_hostile_title_cannot_end_the_block(page: Any) -> None:
    html = page("/en/dataset/hostile").text
    inside = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(inside) == 1
    assert "<" not in inside[0]
    assert townhall.ATTACK in json.loads(inside[0])["name"]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_block_is_read_as_a_dataset_by_our_own_reader(page: Any, name: str) -> None:
    graph = read([block(page, f"/en/dataset/{name}")], "https://x.example/")
    assert [each.value for each in graph.instances(DCAT + "Dataset")] == [
        f"{townhall.BASE}/dataset/{name}"
    ]


def test_a_small_number_is_not_in_the_block(page: Any) -> None:
    assert "size" not in block(page, "/en/dataset/small")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_block_has_what_search_engines_want_and_no_more_than_was_stated(
    page: Any, name: str, language: str
) -> None:
    stated = block(page, f"/{language}/dataset/{name}")
    assert stated["name"].strip()
    assert 50 <= len(stated["description"]) <= 5000
    assert all(each["name"].strip() for each in stated["creator"])
    assert stated["publisher"]["name"]
    assert stated["url"] == f"{townhall.BASE}/{language}/dataset/{name}"
    assert all(each.startswith("http") for each in stated.get("sameAs", []))
    assert "license" not in stated
    assert not [each for each in stated.get("distribution", []) if "contentUrl" in each]
    assert ("conditionsOfAccess" in stated) == (name in {"rich", "small"})


def test_the_doi_and_the_page_of_the_holder_are_the_same_dataset(page: Any) -> None:
    assert block(page, "/en/dataset/rich")["sameAs"] == [
        "https://doi.org/10.1234/rich",
        "https://ijsselstroom.example/hbc",
    ]
