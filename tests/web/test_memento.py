"""The past of a record on a real register: what is shown of it, and what never is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from given import a_graph
from story import Story
from web.shelved import application
from werkzeug.http import http_date, parse_date

from catalogue.namespaces import DCAT
from catalogue.rdf.graph import Graph
from catalogue.register.register import Register

BASE = "https://catalogue.example"
DATASET = f"{BASE}/dataset/a"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield made
    made.close()


@pytest.fixture
def story(register: Register) -> Story:
    """Published, held, changed: 12:01, 12:02, 12:03."""
    told = Story(register)
    told.save("a", "First")
    told.save("a", "Hidden", reason="minimum")
    told.save("a", "Third")
    return told


@pytest.fixture
def client(register: Register, story: Story) -> Any:
    return application(register).test_client()


def titles(answer: Any) -> str:
    parsed = ox.parse(answer.data, format=ox.RdfFormat.TURTLE)
    graph = Graph(quad.triple for quad in parsed)
    (title,) = graph.objects(ox.NamedNode(DATASET), "http://purl.org/dc/terms/title")
    return str(title.value)


def public(kind: str, title: str, more: str = "") -> dict[str, Any]:
    """A catalog or a series, as `Story.save` takes it."""
    class_ = {"catalog": "dcat:Catalog", "series": "dcat:DatasetSeries"}[kind]
    turtle = f'<{BASE}/{kind}/k> a {class_} ; dct:title "{title}"@en ; {more} .'
    return {"kind": kind, "public": a_graph(turtle)}


def at(clock: str) -> dict[str, str]:
    return {"Accept-Datetime": http_date(datetime.fromisoformat(f"2026-11-22T{clock}+00:00"))}


@pytest.mark.parametrize(
    ("clock", "title"),
    [("12:01:00", "First"), ("12:02:30", "First"), ("12:03:00", "Third"), ("13:00:00", "Third")],
)
def test_a_moment_leads_to_what_was_public_then(client: Any, clock: str, title: str) -> None:
    gate = client.get("/dataset/a", headers=at(clock))
    assert gate.status_code == 302
    assert "Accept-Datetime" in gate.vary
    memento = client.get(gate.headers["Location"].removeprefix(BASE))
    assert titles(memento) == title


def test_a_moment_before_the_first_leads_to_the_first(client: Any) -> None:
    gate = client.get("/dataset/a", headers=at("09:00:00"))
    assert gate.headers["Location"] == f"{DATASET}/versions/20261122120100"


def test_the_form_that_was_asked_for_is_kept_on_the_way(client: Any) -> None:
    gate = client.get("/dataset/a?format=jsonld&profile=gdi-1", headers=at("12:01:00"))
    assert gate.headers["Location"].endswith("/20261122120100?format=jsonld&profile=gdi-1")
    assert client.get(gate.headers["Location"].removeprefix(BASE)).mimetype == "application/ld+json"


def test_what_is_no_moment_is_refused(client: Any) -> None:
    assert client.get("/dataset/a", headers={"Accept-Datetime": "soon"}).status_code == 400


def test_a_version_says_when_it_was_and_where_the_others_are(client: Any) -> None:
    answer = client.get("/dataset/a/versions/20261122120100")
    assert parse_date(answer.headers["Memento-Datetime"]) == datetime.fromisoformat(
        "2026-11-22T12:01:00+00:00"
    )
    links = " ".join(answer.headers.getlist("Link"))
    assert f'<{DATASET}>; rel="original timegate"' in links
    assert 'rel="next memento"' in links
    assert 'rel="timemap"' in links
    assert titles(client.get("/dataset/a/versions/20261122120100?format=ttl")) == "First"


def test_a_version_comes_in_every_notation_and_as_a_page(client: Any) -> None:
    for key in ("ttl", "jsonld", "rdf", "nt", "html"):
        assert client.get(f"/dataset/a/versions/20261122120100?format={key}").status_code == 200


def test_the_time_map_lists_what_was_public_and_nothing_that_was_held(client: Any) -> None:
    answer = client.get("/dataset/a/versions")
    assert answer.mimetype == "application/link-format"
    assert answer.text.count('memento"; datetime') == 2
    assert "20261122120200" not in answer.text


def test_of_two_versions_in_one_second_the_last_is_told(client: Any, story: Story) -> None:
    for title, later in (("Fourth", 60.2), ("Fifth", 0.3), ("Sixth", 5.0)):
        story.now += timedelta(seconds=later - 60)
        story.save("a", title)
    page = client.get("/en/dataset/a/versions", headers={"Accept": "text/html"}).text
    links = re.findall(r'href="(/en/dataset/a/versions/[^"]+)"', page)
    assert len(links) == len(set(links)) == 4
    told = [client.get(each.replace("/en/", "/") + "?format=ttl") for each in links]
    assert [titles(each) for each in told] == ["Sixth", "Fifth", "Third", "First"]
    assert len(set(re.findall(r'class="when">([^<]+)<', page))) == 4
    history = client.get("/en/dataset/a", headers={"Accept": "text/html"}).text
    assert len(re.findall(r'class="when">', history)) == 4


def test_a_held_version_has_no_address_and_no_gap_tells_of_it(client: Any) -> None:
    assert client.get("/dataset/a/versions/20261122120200").status_code == 404
    page = client.get("/en/dataset/a", headers={"Accept": "text/html"}).text
    assert "Held back" not in page
    assert "Hidden" not in page
    assert "version 3" not in page.lower()


def test_a_held_version_changes_nothing_that_the_public_sees(client: Any, story: Story) -> None:
    before = client.get("/dataset/a")
    story.save("a", "Hidden again", reason="minimum")
    after = client.get("/dataset/a")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]
    assert "Hidden" not in client.get("/en/", headers={"Accept": "text/html"}).text


def test_a_withdrawn_dataset_has_no_past(client: Any, story: Story) -> None:
    story.withdraw("a")
    for path in ("/dataset/a/versions", "/dataset/a/versions/20261122120100", "/dataset/a"):
        assert client.get(path, headers=at("12:01:00")).status_code == 410


def test_of_what_was_withdrawn_only_that_it_was_there_is_told(client: Any, story: Story) -> None:
    story.withdraw("a")
    story.save("a", "Back")
    page = client.get("/en/dataset/a/versions").text
    assert page.count("then withdrawn") == 2
    assert "First" not in page
    timemap = client.get("/dataset/a/versions").text
    assert timemap.count('memento"; datetime') == 1
    assert client.get("/dataset/a/versions/20261122120100").status_code == 404
    gate = client.get("/dataset/a", headers=at("12:01:00"))
    assert titles(client.get(gate.headers["Location"].removeprefix(BASE))) == "Back"


def test_a_change_gives_a_new_tag(client: Any, story: Story) -> None:
    before = client.get("/dataset/a").headers["ETag"]
    story.save("a", "Fourth")
    known = {"If-None-Match": before}
    assert client.get("/dataset/a", headers=known).status_code == 200


# --- catalogs and series ------------------------------------------------------------------


def test_a_kept_answer_has_the_date_of_now(client: Any, story: Story) -> None:
    story.catalog("k")
    story.list("a", "k")
    first = client.get("/catalog/k").headers
    story.list("a", "k", "Renamed")
    second = client.get("/catalog/k").headers
    assert second["ETag"] == first["ETag"]
    assert second["Last-Modified"] != first["Last-Modified"]
    since = {"If-Modified-Since": second["Last-Modified"]}
    assert client.get("/catalog/k", headers=since).status_code == 304


collections = pytest.mark.parametrize("kind", ["catalog", "series"])
MEMBERS = (
    "dcat:dataset <https://umc.example/held> ; dct:hasPart <https://umc.example/held> ;"
    " dcat:seriesMember <https://umc.example/held> ; dcat:first <https://umc.example/held>"
)


@collections
def test_a_catalog_and_a_series_have_a_past_too(client: Any, story: Story, kind: str) -> None:
    story.save("k", "Old", **public(kind, "Old"))
    story.save("k", "Hidden", reason="minimum", **public(kind, "Hidden"))
    story.save("k", "New", **public(kind, "New"))
    timemap = client.get(f"/{kind}/k/versions")
    assert timemap.mimetype == "application/link-format"
    assert timemap.text.count('memento"; datetime') == 2
    assert "20261122120500" not in timemap.text
    gate = client.get(f"/{kind}/k", headers=at("12:05:30"))
    assert gate.headers["Location"] == f"{BASE}/{kind}/k/versions/20261122120400"
    memento = client.get(f"/{kind}/k/versions/20261122120400")
    assert memento.headers["Memento-Datetime"]
    assert b'"Old"@en' in memento.data
    assert client.get(f"/{kind}/k/versions/20261122120500").status_code == 404


@collections
def test_its_page_and_its_headers_lead_to_its_past(client: Any, story: Story, kind: str) -> None:
    story.save("k", "Old", **public(kind, "Old"))
    answer = client.get(f"/{kind}/k")
    assert f'<{BASE}/{kind}/k/versions>; rel="timemap"' in str(answer.headers.getlist("Link"))
    assert {"Accept", "Accept-Datetime"} <= set(answer.vary.as_set(preserve_casing=True))
    for language in ("en", "nl"):
        page = client.get(f"/{language}/{kind}/k").text
        assert f'href="/{language}/{kind}/k/versions"' in page
        history = client.get(f"/{language}/{kind}/k/versions").text
        assert f"/{language}/{kind}/k/versions/20261122120400" in history
        old = client.get(f"/{language}/{kind}/k/versions/20261122120400").text
        assert f'href="/{language}/{kind}/k"' in old
        assert {"en": "is not told here", "nl": "staat hier niet"}[language] in old


@collections
def test_an_old_form_does_not_tell_what_was_in_it(client: Any, story: Story, kind: str) -> None:
    story.save("k", "Old", **public(kind, "Old", MEMBERS))
    for key in ("ttl", "jsonld", "rdf", "nt", "html"):
        answer = client.get(f"/{kind}/k/versions/20261122120400?format={key}")
        assert answer.status_code == 200
        assert b"umc.example/held" not in answer.data
        assert b"Old" in answer.data


@collections
def test_what_was_withdrawn_has_no_past(client: Any, story: Story, kind: str) -> None:
    story.save("k", "Old", **public(kind, "Old"))
    story.withdraw("k")
    for path in ("", "/versions", "/versions/20261122120400"):
        assert client.get(f"/{kind}/k{path}", headers=at("12:04:00")).status_code == 410


def test_a_record_has_no_past_under_another_kind(client: Any) -> None:
    for path in ("/catalog/a/versions", "/series/a/versions/20261122120100"):
        assert client.get(path).status_code == 404


def test_a_version_comes_as_a_profile_about_the_record_itself(client: Any, story: Story) -> None:
    story.list("b", "k")
    answer = client.get("/dataset/b/versions/20261122120400?profile=fair-data-point-1")
    graph = Graph(quad.triple for quad in ox.parse(answer.data, format=ox.RdfFormat.TURTLE))
    (contact,) = graph.objects(ox.NamedNode(f"{BASE}/dataset/b"), f"{DCAT}contactPoint")
    assert contact.value.startswith(f"{BASE}/dataset/b#")


def test_a_browser_may_ask_for_a_moment_and_read_the_answer(client: Any) -> None:
    asked = client.options("/dataset/a")
    assert "Accept-Datetime" in asked.headers["Access-Control-Allow-Headers"]
    answer = client.get("/dataset/a/versions/20261122120100")
    assert "Memento-Datetime" in answer.headers["Access-Control-Expose-Headers"]
