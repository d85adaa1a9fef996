"""Which profile a client gets, and what the answer says about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalogue.errors import BadRequest
from catalogue.rdf.views import VIEWS
from catalogue.web.profile_negotiation import alternates, choose, iri_of, key_of, links

DCAT_AP = "<https://w3id.org/genoomcatalogus/profiles/dcat-ap-3>"


@pytest.mark.parametrize("header", [None, "", "  ", "*/*", "<https://elsewhere.example/profile>"])
def test_whoever_names_no_profile_of_ours_gets_the_lossless_graph(header):
    assert choose(header) == "full"


@pytest.mark.parametrize("key", VIEWS)
def test_a_profile_is_known_by_its_iri_and_by_its_token(key):
    assert choose(f"<{iri_of(key)}>") == choose(key) == choose(f'"{key}"') == key


@pytest.mark.parametrize(
    ("header", "key"),
    [
        pytest.param(f"{DCAT_AP};q=0.4, gdi-1;q=0.9", "gdi-1", id="the most wanted"),
        pytest.param(f"{DCAT_AP} ; q=0.4 , gdi-1;q=0.9", "gdi-1", id="spaces"),
        pytest.param(f"{DCAT_AP}, gdi-1", "dcat-ap-3", id="the first of equals"),
        pytest.param(f"{DCAT_AP};q=0, gdi-1;q=0.1", "gdi-1", id="zero is a refusal"),
        pytest.param(f"{DCAT_AP};q=0", "full", id="all refused"),
        pytest.param(f"{DCAT_AP};q=much, gdi-1;q=0.1", "gdi-1", id="unreadable quality"),
        pytest.param("<https://a.example/x,y>, gdi-1", "gdi-1", id="a comma in an address"),
        pytest.param("<http://data.europa.eu/r5r/>", "dcat-ap-3", id="the official address"),
        pytest.param("<https://data.europa.eu/r5r>", "dcat-ap-3", id="nearly that address"),
    ],
)
def test_the_header_decides(header, key):
    assert choose(header) == key


def test_the_query_wins_from_the_header():
    assert choose(DCAT_AP, "gdi-1") == "gdi-1"
    assert choose(DCAT_AP, iri_of("full")) == "full"


def test_an_unknown_profile_in_the_query_is_a_bad_request_that_names_the_others():
    with pytest.raises(BadRequest, match=r"profile: 'dcat-ap-9' .* dcat-ap-3, dcat-ap-nl-3"):
        choose(None, "dcat-ap-9")


def test_profiles_do_not_share_addresses():
    named = {key_of(iri_of(key)) for key in VIEWS}
    assert named == set(VIEWS)


def test_the_addresses_are_those_that_the_profiles_give_themselves():
    root = Path(__file__).parents[2]
    ours = [path for path in root.glob("shapes*/*/profile.ttl") if path.parent.name in VIEWS]
    assert ours
    for path in ours:
        assert f"<{iri_of(path.parent.name)}> a prof:Profile" in path.read_text()


def test_the_header_stays_small_enough_for_proxies():
    offered = alternates("https://c.example/dataset/aaaaaaaaaaaa", [("ttl", "text/turtle")])
    assert len(links("gdi-1", offered)) < 4000


def test_every_profile_is_offered_in_every_format():
    found = alternates("https://c.example/dataset/a?profile=gdi-1&page=2", [("ttl", "text/turtle")])
    assert [each.profile for each in found] == list(VIEWS)
    assert found[0].url == "https://c.example/dataset/a?page=2&profile=full&format=ttl"


def test_the_answer_names_its_profile_the_others_and_their_tokens():
    offered = alternates("https://c.example/dataset/a", [("ttl", "text/turtle")])
    said = links("gdi-1", offered)
    assert said.startswith(f'<{iri_of("gdi-1")}>; rel="profile", ')
    assert (
        "<https://c.example/dataset/a?profile=dcat-ap-3&format=ttl>;"
        f' rel="alternate"; type="text/turtle"; profile="{iri_of("dcat-ap-3")}"'
    ) in said
    assert said.count('rel="canonical"') == 1
    assert 'profile=full&format=ttl>; rel="canonical"' in said
    assert f'rel="type"; token="full"; anchor="{iri_of("full")}"' in said


@given(some.text(max_size=200))
def test_no_header_can_break_the_choice(header):
    assert choose(header) in VIEWS


def test_a_very_long_header_is_read_quickly():
    assert choose("<a>;q=0.1," * 100_000 + "gdi-1") == "full"
    assert choose("<" * 100_000) == choose(" " * 100_000) == choose('"<' * 100_000) == "full"
