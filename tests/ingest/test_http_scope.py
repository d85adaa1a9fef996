from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue.errors import AddressRefused
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import Document, Source
from catalogue.rdf.graph import Graph


class ClosedWeb:
    """Nobody is called in these tests."""

    def __init__(self, *allowed_hosts: str) -> None:
        self.allowed_hosts = allowed_hosts

    def get(self, url: str) -> Document:
        raise AssertionError(url)

    def parse(self, document: Document) -> Graph:
        raise AssertionError(document)


def a_scope(url: str = "https://fdp.example/", *allowed: str) -> Scope:
    source = Source(slug="a", title="A", protocol="fdp", url=url)
    return Scope(source, ClosedWeb(*allowed))


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/d1", "https://fdp.example/d1"),
        ("d1#it", "https://fdp.example/c/d1"),
        ("https://FDP.example:443/d1", "https://FDP.example:443/d1"),
        ("http://fdp.example/d1", "https://fdp.example/d1"),
    ],
    ids=["absolute path", "relative", "another spelling", "http behind a proxy"],
)
def test_links_within_the_source_are_followed(link: str, address: str) -> None:
    assert a_scope().address(link, "https://fdp.example/c/") == address


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/",
        "https://fdp.example.evil.example/",
        "https://fdp.example:9000/",
        "https://fdp.example@other.example/",
        "file:///etc/passwd",
        "mailto:a@fdp.example",
    ],
)
def test_links_out_of_the_source_are_refused(link: str) -> None:
    with pytest.raises(AddressRefused):
        a_scope().address(link, "https://fdp.example/")


def test_links_to_a_host_that_an_operator_allows_are_followed() -> None:
    scope = a_scope("https://fdp.example/", "*.umc.example")
    assert scope.address("http://data.umc.example/d", "") == "http://data.umc.example/d"


def test_an_open_source_is_not_made_secure() -> None:
    scope = a_scope("http://fdp.example/")
    assert scope.address("http://fdp.example/d", "") == "http://fdp.example/d"


def test_where_a_source_redirects_to_is_part_of_it() -> None:
    scope = a_scope("https://w3id.example/umc")
    scope.widen(
        Document(
            url="https://w3id.example/umc",
            final_url="https://fdp.example/",
            content=b"",
            media_type=None,
            fetched=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )
    assert scope.address("/d", "https://fdp.example/") == "https://fdp.example/d"


@pytest.mark.parametrize(
    "other",
    [
        "http://fdp.example/c",
        "https://FDP.EXAMPLE/c/",
        "http://fdp.example:80/c",
        "https://fdp.example.:443/c",
    ],
)
def test_spellings_of_one_address_are_equal(other: str) -> None:
    assert spelling("https://fdp.example/c") == spelling(other)


@pytest.mark.parametrize(
    "other",
    ["https://fdp.example/C", "https://fdp.example/c?page=2", "https://fdp.example:8443/c"],
)
def test_other_addresses_are_not(other: str) -> None:
    assert spelling("https://fdp.example/c") != spelling(other)


@pytest.mark.parametrize(
    "name", ["http://fdp.example:99999/c", "http://[bad/", "urn:x", "mailto:a@b"]
)
def test_a_name_that_is_no_address_is_spelled_as_it_is(name: str) -> None:
    assert spelling(name) != spelling("http://fdp.example/c")


@pytest.mark.parametrize("link", ["http://fdp.example:99999/c", "http://[bad/"])
def test_a_link_that_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(AddressRefused, match="not an address"):
        a_scope().address(link, "https://fdp.example/")
