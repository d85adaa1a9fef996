"""Anybody may have a description checked, on the page and through the API."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from given import PROLOGUE
from web import townhall
from web.test_pages import outline

from catalogue.errors import AddressRefused, FetchFailed
from catalogue.ingest.check import Busy, Checker, Tools, tools
from catalogue.ingest.source import Document
from catalogue.namespaces import FOAF, SH
from catalogue.rdf.graph import Graph

MESSY = f"""{PROLOGUE}
<https://umc.example/d> a dcat:Dataset ; dct:title "Heart exomes"@en ;
  dct:issued "21-12-2021" ; dct:accessRights "non-public" ;
  hdc:numberOfUniqueIndividuals 7 ; dct:publisher "Merwestad Hospital" .
"""
BROKEN = PROLOGUE + "<https://umc.example/d> a dcat:Dataset ;\n  dct:title oops .\n"
SAID = re.compile(r'<input type="hidden" name="text" value="([^"]*)"')


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    found = Checker(lambda: tools(townhall.SHAPES))
    yield found
    found.close()


@pytest.fixture(scope="module")
def app(checker: Checker) -> Any:
    return townhall.application(dataclasses.replace(townhall.services(), checker=checker))


def send(client: Any, address: str = "/en/validate", **fields: Any) -> Any:
    return client.post(address, data=fields, content_type="multipart/form-data")


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def findings(html: str) -> int:
    return html.count('<span class="soft small">(required)</span>')


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_form_is_sound_in_both_languages(page: Any, language: str) -> None:
    found = outline(page(f"/{language}/validate").text)
    labelled = {each.get("for") for each in found.all("label")}
    fields = [*found.all("textarea"), *found.all("select"), *found.all("input")]
    assert {each.get("id") for each in fields if each.get("type") != "checkbox"} <= labelled
    boxes = [each for each in found.all("input") if each.get("type") == "checkbox"]
    assert boxes
    assert all("checked" in each for each in boxes)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_answer_is_sound_in_both_languages(client: Any, language: str) -> None:
    response = send(client, f"/{language}/validate", text=MESSY)
    assert response.status_code == 200
    assert len(outline(response.text).all("h1")) == 1
    assert response.headers["Cache-Control"] == "no-store"


def test_the_page_says_what_was_found_what_to_do_and_what_we_would_repair(client: Any) -> None:
    html = send(client, "/nl/validate", text=MESSY).text
    said = text_of(html)
    assert "Dataset: Heart exomes" in said
    assert "gelezen als 2021-12-21" in said
    assert "Beschrijving: geef er minstens één, als tekst." in said
    assert "dct:accessRights &#34;non-public&#34;" in html
    assert "De herstelde versie verhelpt dit." in said


def test_a_steward_mends_by_the_repaired_copy_and_has_fewer_findings(client: Any) -> None:
    before = send(client, text=MESSY, profile="dcat-ap-3").text
    found = SAID.search(before)
    assert found
    copy = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    kept = send(client, "/en/validate/repaired", text=copy, format="text/turtle")
    assert kept.mimetype == "text/turtle"
    assert "attachment" in kept.headers["Content-Disposition"]
    after = send(client, text=kept.text, profile="dcat-ap-3").text
    assert 0 < findings(after) < findings(before)
    assert "There is nothing that we would repair." in after


def test_counts_are_shown_to_the_one_who_sent_them(client: Any) -> None:
    assert "numberOfUniqueIndividuals 7" in send(client, text=MESSY).text


def test_a_file_goes_before_the_text(client: Any) -> None:
    file = (io.BytesIO(MESSY.encode()), "heart.ttl")
    html = send(client, text="nothing", file=file).text
    assert "heart.ttl" in html
    assert "Heart exomes" in html


def test_only_the_chosen_profiles_are_asked(client: Any) -> None:
    html = send(client, text=MESSY, profile="minimum").text
    assert html.count('class="record disclosure"') == 1
    boxes = [a for a in outline(html).all("input") if a.get("type") == "checkbox"]
    assert [a["value"] for a in boxes if "checked" in a] == ["minimum"]


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        pytest.param(BROKEN, 400, "mistake at or just before line", id="syntax"),
        pytest.param("", 400, "cannot be read as RDF", id="empty"),
        pytest.param("<html><title>Log in</title>", 400, "web page", id="web page"),
        pytest.param("<urn:a> <urn:b> <urn:c> .", 422, "describes no dataset", id="nothing"),
        pytest.param(
            PROLOGUE + "".join(f'<urn:{n}> a dcat:Dataset ; dct:title "T" .' for n in range(21)),
            413,
            "at most 2 MB and 20",
            id="too many",
        ),
    ],
)
def test_what_cannot_be_checked_is_said_with_what_to_do(
    client: Any, text: str, status: int, words: str
) -> None:
    response = send(client, text=text)
    assert response.status_code == status
    assert words in text_of(response.text)
    assert "Nothing was checked" in response.text


def test_the_lines_around_a_syntax_error_are_shown_and_escaped(client: Any) -> None:
    html = send(client, "/nl/validate", text=BROKEN).text
    assert "&gt;   dct:title oops ." in html
    assert "op of vlak voor regel" in html
    assert '<span lang="en">' in html


def test_hostile_text_stays_text(client: Any) -> None:
    hostile = MESSY.replace("Heart exomes", townhall.ATTACK + "</textarea><script>")
    html = send(client, text=hostile).text
    assert "<script>" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd"]
)
def test_an_address_inside_is_refused_without_telling_what_is_there(
    client: Any, address: str
) -> None:
    html = send(client, url=address).text
    assert "not one that we fetch" in html
    assert "non-public" not in html
    answer = client.post("/api/validate", json={"url": address})
    assert answer.status_code == 422
    assert answer.json["detail"] == "this address is not one that we fetch"


def test_a_text_of_more_than_two_megabytes_is_too_large(client: Any) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"#" * 2_300_000
    form = client.post("/en/validate", data=body, content_type="multipart/form-data; boundary=x")
    assert form.status_code == 413
    assert client.post("/api/validate", data=b"#" * 2_300_000).status_code == 413


# --- the API -------------------------------------------------------------------------------


def test_the_api_answers_with_repairs_and_reports(client: Any) -> None:
    said = client.post("/api/validate?profile=minimum&profile=dcat-ap-3", data=MESSY)
    assert said.status_code == 200
    assert said.headers["Access-Control-Allow-Origin"] == "*"
    (found,) = said.json["descriptions"]
    assert (found["kind"], found["subject"]) == ("dataset", "https://umc.example/d")
    assert "typed-date" in {each["name"] for each in found["repairs"]}
    assert [each["profile"] for each in found["reports"]] == ["dcat-ap-3", "minimum"]
    assert {"nl", "en"} == set(found["reports"][0]["findings"][0]["messages"])
    assert any(each["mended"] for each in found["reports"][0]["findings"])


def test_the_api_answers_what_its_description_says(client: Any) -> None:
    schemas = client.get("/api/openapi.json").json["components"]["schemas"]
    said = client.post("/api/validate?profile=minimum", data=MESSY).json
    assert set(said) == set(schemas["Checked"]["properties"])
    one = schemas["Checked"]["properties"]["descriptions"]["items"]["properties"]
    assert set(said["descriptions"][0]) == set(one)


def test_the_api_answers_with_a_validation_report_when_rdf_is_asked(client: Any) -> None:
    answer = client.post("/api/validate", data=MESSY, headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    graph = Graph(q.triple for q in ox.parse(answer.data, format=ox.RdfFormat.TURTLE))
    reports = graph.instances(SH + "ValidationReport")
    assert len(reports) == len(
        client.post("/api/validate", data=MESSY).json["descriptions"][0]["reports"]
    )
    assert {graph.value(each, FOAF + "primaryTopic") for each in reports} == {
        ox.NamedNode("https://umc.example/d")
    }


def test_json_that_is_more_than_an_address_is_json_ld(client: Any) -> None:
    document = {
        "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
        "@id": "https://umc.example/d",
        "@type": "dcat:Dataset",
        "dct:title": "Heart",
    }
    said = client.post("/api/validate?profile=minimum", json=document)
    assert said.json["descriptions"][0]["kind"] == "dataset"


@pytest.mark.parametrize("media_type", ["image/png", "text/html", "application/pdf"])
def test_what_is_no_notation_of_rdf_is_415_whatever_is_in_it(client: Any, media_type: str) -> None:
    for base in ("/api", "/api/v1"):
        said = {"Content-Type": media_type}
        answer = client.post(f"{base}/validate", data=MESSY, headers=said)
        assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


@pytest.mark.parametrize("media_type", ["text/plain", "application/octet-stream", "text/turtle"])
def test_who_does_not_know_the_notation_has_it_recognised(client: Any, media_type: str) -> None:
    said = {"Content-Type": media_type}
    answer = client.post("/api/validate?profile=minimum", data=MESSY, headers=said)
    assert answer.status_code == 200


def test_a_syntax_error_is_a_problem_with_its_line(client: Any) -> None:
    answer = client.post("/api/validate", data=BROKEN, headers={"Content-Type": "text/turtle"})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["line"] == BROKEN.count("\n")


def test_an_unknown_profile_is_named(client: Any) -> None:
    answer = client.post("/api/validate?profile=nope", data=MESSY)
    assert answer.status_code == 400
    assert "'nope' is not one of" in answer.json["detail"]


def test_a_browser_elsewhere_may_ask_first(client: Any) -> None:
    answer = client.options("/api/validate")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


# --- with a checker of our own -------------------------------------------------------------


class Full(Checker):
    """Has no place left."""

    def check(self, content: bytes, **asked: Any) -> Any:
        raise Busy("too many checks are running at the moment; try again in a few seconds")


class Elsewhere:
    """Has one description; all other addresses lead inside, or nowhere."""

    def get(self, url: str) -> Any:
        if url.endswith("/heart"):
            return Document(
                url=url,
                final_url=url + ".ttl",
                content=MESSY.replace("https://umc.example/d>", "d>").encode(),
                media_type="text/turtle",
                fetched=townhall.NOON,
            )
        if url.endswith("/gone"):
            raise FetchFailed(f"{url}: answered with status 500", url=url, status=500)
        raise AddressRefused(f"{url}: leads to 10.0.0.7, a non-public address", url=url)

    def close(self) -> None:
        pass


def a_site(checker: Checker | None) -> Any:
    parts = dataclasses.replace(townhall.services(), checker=checker)
    return townhall.application(parts).test_client()


def test_when_all_places_are_taken_the_visitor_may_come_back(checker: Checker) -> None:
    client = a_site(Full(lambda: tools(townhall.SHAPES)))
    answer = client.post("/api/validate", data=MESSY)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]


@pytest.fixture
def elsewhere(checker: Checker) -> Any:
    kept = checker._at_hand()
    fetching = Tools(parser=kept.parser, validator=kept.validator, web=Elsewhere())
    return a_site(Checker(lambda: fetching))


def test_a_description_at_an_address_is_checked_under_its_own_name(elsewhere: Any) -> None:
    html = send(elsewhere, url="https://umc.example/heart").text
    assert "https://umc.example/heart" in html
    assert "Heart exomes" in html
    said = elsewhere.post("/api/validate", json={"url": "https://umc.example/heart"}).json
    assert [each["subject"] for each in said["descriptions"]] == ["https://umc.example/d"]


def test_an_address_that_does_not_answer_is_said_in_the_language_of_the_page(
    elsewhere: Any,
) -> None:
    response = send(elsewhere, "/nl/validate", url="https://umc.example/gone")
    assert response.status_code == 422
    assert "Wij konden van dit adres geen beschrijving ophalen." in response.text
    assert 'value="https://umc.example/gone"' in response.text


def test_an_unknown_profile_in_the_form_is_refused(client: Any) -> None:
    assert send(client, text=MESSY, profile="nope").status_code == 400


def test_a_private_place_behind_a_public_name_is_not_told(elsewhere: Any) -> None:
    assert "10.0.0.7" not in send(elsewhere, url="https://inside.example/").text


def test_without_addresses_the_form_has_no_place_for_one(checker: Checker) -> None:
    kept = checker._at_hand()
    client = a_site(Checker(lambda: Tools(parser=kept.parser, validator=kept.validator)))
    assert 'name="url"' not in client.get("/en/validate").text
    assert client.post("/api/validate", json={"url": "https://umc.example/"}).status_code == 403


def test_a_site_without_a_checker_has_no_such_page() -> None:
    assert a_site(None).get("/en/validate", headers={"Accept": "text/html"}).status_code == 404
