"""A record as the profile that a client asks for."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from web import townhall

from catalogue.rdf.views import VIEWS

PATH = "/dataset/" + next(iter(townhall.FakeRegister().published("dataset"))).record.id
IRIS = "https://w3id.org/genoomcatalogus/profiles/"


def get(client: Any, wanted: str | None = None, **query: str) -> Any:
    headers = {"Accept": "text/turtle", **({"Accept-Profile": wanted} if wanted else {})}
    return client.get(PATH, headers=headers, query_string=query)


@pytest.mark.parametrize("key", VIEWS)
def test_a_view_is_chosen_by_header_or_address_and_named_in_the_answer(
    client: Any, key: str
) -> None:
    by_header, by_address = get(client, f"<{IRIS}{key}>"), get(client, profile=key)
    assert by_header.data == by_address.data
    assert by_header.headers["Content-Profile"] == f"<{IRIS}{key}>"
    assert "Accept-Profile" in by_header.headers["Vary"]
    subject = rdflib.URIRef("https://catalogue.example" + PATH)
    assert (subject, None, None) in rdflib.Graph().parse(data=by_header.data, format="turtle")


def test_without_a_wish_nothing_is_left_out(client: Any) -> None:
    plain = get(client)
    assert plain.headers["Content-Profile"] == f"<{IRIS}full>"
    assert plain.data == get(client, profile="full").data


def test_the_other_profiles_are_linked(client: Any) -> None:
    links = ", ".join(get(client).headers.getlist("Link"))
    for key in VIEWS:
        assert f"profile={key}&format=ttl" in links


def test_an_unknown_profile_is_said_to_be_unknown(client: Any) -> None:
    assert get(client, profile="nonsense").status_code == 400
    assert get(client, "<https://x.example/p>").headers["Content-Profile"] == f"<{IRIS}full>"


def test_each_view_has_a_tag_of_its_own(client: Any) -> None:
    tags = {get(client, profile=key).headers["ETag"] for key in ("full", "fair-data-point-1")}
    assert len(tags) == 2
