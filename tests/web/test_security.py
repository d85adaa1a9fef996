"""What a hostile description or request cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall

from catalogue.settings import Settings
from catalogue.web.present.reader import Reader, safe_link
from catalogue.web.security import trusted_hosts

EVERYWHERE = (
    "/nl/",
    "/en/datasets?disease=breast-cancer",
    "/en/dataset/hostile",
    "/en/sources/noordzee",
    "/nl/nope",
    "/en/dataset/old",
    "/api/datasets",
    "/dataset/rich",
    "/health",
    "/sparql",
    "/static/base.css",
)


@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_answer_is_hardened_and_open_to_read(page: Any, address: str) -> None:
    with page(address) as response:
        headers = response.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "address",
    ["/en/dataset/hostile", "/nl/datasets?disease=breast-cancer", "/en/sources/noordzee", "/en/"],
)
def test_markup_in_a_description_is_only_text(page: Any, address: str) -> None:
    html = page(address).text
    assert "<img" not in html
    assert "<script>" not in html


def test_a_javascript_link_is_only_text(page: Any) -> None:
    html = page("/en/dataset/hostile").text
    assert 'href="javascript' not in html
    assert 'href="data:' not in html
    assert "javascript:alert(1)" in html


def test_only_the_address_of_a_mail_link_is_linked(page: Any) -> None:
    html = page("/en/dataset/hostile").text
    assert 'href="mailto:a@b.example"' in html
    assert "bcc" not in html.split("<pre")[0]


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html;base64,x",
        "vbscript:x",
        'https://a" onclick=x',
        "http:",
        "//evil.example",
        "",
        None,
    ],
)
def test_an_unsafe_address_is_never_a_link(iri: str | None) -> None:
    assert safe_link(iri) == ""


def test_links_that_strangers_wrote_are_marked_so(page: Any) -> None:
    html = page("/en/dataset/rich").text
    assert '<a href="https://ijsselstroom.example/hbc" rel="noopener nofollow ugc"' in html


@pytest.mark.parametrize("tag", ['en" onmouseover="x', "toolongsubtag1", "x y", ""])
def test_a_language_tag_that_is_none_is_dropped(tag: str) -> None:
    assert Reader("en", townhall.vocabulary()).foreign(tag) == ""


@pytest.mark.parametrize(
    "address",
    [
        "/dataset/..%2F..%2Fetc%2Fpasswd",
        "/dataset/%2e%2e%2f%2e%2e%2fapp.py",
        "/dataset/a%00b",
        "/dataset/" + "x" * 5000,
        "/static/../__init__.py",
        "/nl/nope",
        "/xx/datasets",
    ],
)
def test_a_strange_address_is_a_404(page: Any, address: str) -> None:
    assert page(address).status_code == 404


def test_an_endless_address_is_refused(page: Any) -> None:
    assert page("/en/datasets?" + "q=a&" * 40_000).status_code == 414


@pytest.mark.parametrize(
    "query",
    ['"', "NEAR ( *", "*", "😀", "a\u202eb", "x" * 500, "C50<script>", "ORPHA:227535 OR 1=1"],
)
def test_strange_words_are_searched_for_and_escaped(page: Any, query: str) -> None:
    response = page("/en/datasets?" + "q=" + query)
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "\u202e" not in response.text


@pytest.mark.parametrize("query", ["q=" + "x" * 10_000, "page=NaN", "size=%D9%A3", "exact=maybe"])
def test_a_parameter_that_makes_no_sense_is_named(page: Any, query: str) -> None:
    response = page(f"/en/datasets?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] + ":" in response.text


def test_a_header_cannot_be_smuggled_in(page: Any) -> None:
    response = page("/en/datasets?q=%0d%0aSet-Cookie:%20a=b")
    assert "Set-Cookie" not in response.headers


def test_a_large_body_is_refused(client: Any) -> None:
    response = client.post(
        "/sparql", data=b"x" * 1_200_000, content_type="application/sparql-query"
    )
    assert response.status_code == 413


def test_a_foreign_host_name_is_refused(client: Any) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "catalogue.example"}).status_code == 200


def test_hosts_are_open_only_when_the_operator_named_none() -> None:
    assert trusted_hosts(Settings(host="0.0.0.0")) is None
    named = trusted_hosts(Settings(host="0.0.0.0", base_url="https://catalogue.example"))
    assert "catalogue.example" in named
    assert "evil.example" not in named


def test_our_own_mistakes_show_a_number_and_no_traceback(caplog: Any) -> None:
    parts = townhall.services()
    parts.register.totals = lambda: 1 / 0
    client = townhall.application(parts).test_client()
    response = client.get("/en/about", headers={"Accept": "text/html"})
    assert response.status_code == 500
    assert "Traceback" not in response.text
    assert "ZeroDivisionError" not in response.text
    assert "error" in caplog.text
