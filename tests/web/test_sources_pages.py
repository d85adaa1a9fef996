"""The pages of sources: what waits, how the runs went, and the same for programs and feeds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from web import townhall
from web.site import HERE, PERSON, Site, bearer

from catalogue.namespaces import DCT, FDPO
from catalogue.register.records import Outcome, RunState
from catalogue.web.present import trend as trends
from catalogue.web.present.sources import schedule_words
from catalogue.web.present.trend import MOST_RUNS, duration

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "secret.steward@waalkade.example"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


@pytest.fixture
def english(app: Any) -> Any:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        yield


def rows(html: str) -> list[list[str]]:
    """The cells of the table of runs."""
    table = html[html.index("table--runs") :]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", table)
    ]


def test_a_removal_that_waits_says_what_is_at_stake(page: Any) -> None:
    html = page("/en/sources/waalkade").text
    assert "4 of 8 records are missing at the source since 20 Nov 2026, 13:00 CET" in html
    assert "nothing was removed. A steward must confirm." in html
    for name in ("small", "bare", "cystic"):
        assert f'href="/en/dataset/{name}"' in html
    assert "1 more record is not public or not listed here." in html
    assert "4 van de 8 records ontbreken" in page("/nl/sources/waalkade").text
    assert "a removal waits" in page("/en/sources").text


def test_a_source_without_a_brake_says_nothing_of_one(page: Any) -> None:
    assert "removal waits" not in page("/en/sources/noordzee").text


def test_the_table_of_runs_tells_what_each_did(page: Any) -> None:
    head, newest, *older = rows(page("/en/sources/waalkade").text)
    assert head[2:] == [
        "Duration",
        "Added",
        "Updated",
        "Unchanged",
        "Held back",
        "Not readable",
        "Removed",
        "Requests / not changed",
    ]
    assert newest[2:] == ["1 min 50 s", "0", "2", "5", "0", "0", "0", "12 / 9"]
    assert len(older) == 19


def test_the_drawing_says_in_words_what_it_shows(page: Any) -> None:
    html = page("/en/sources/waalkade").text
    words = "Records of a run, at most 10; 20 runs, 1 Nov 2026 – 20 Nov 2026."
    assert f'role="img" aria-label="{words} The table has the numbers."' in html
    assert "Duration of a run, at most 1 min 50 s" in html
    assert html.count('class="trend-failed" d="m') == 2  # the run, and the key
    assert "style=" not in html
    assert "the run failed" in html


def test_one_run_is_not_drawn(page: Any) -> None:
    assert "trend-" not in page("/en/sources/noordzee").text


def test_an_unreadable_record_among_a_thousand_is_seen_in_the_drawing(english: None) -> None:
    counts = {Outcome.UNCHANGED: 1000, Outcome.FAILED: 1}
    drawn = trends.trend([townhall.a_run(n, counts=counts) for n in (2, 1)])
    assert drawn
    mend = [each for each in drawn.records.blocks if each.kind == "mend"]
    assert all(each.height >= trends.LEAST for each in mend)
    assert all(0 <= each.y <= trends.RECORDS_HIGH for each in drawn.records.blocks)
    assert [key for key, _ in drawn.legend] == ["same", "mend"]


def test_no_more_runs_are_drawn_than_fit(english: None) -> None:
    drawn = trends.trend([townhall.a_run(n) for n in range(40, 0, -1)])
    assert drawn
    assert len(drawn.durations.blocks) == MOST_RUNS
    assert all(0 <= b.x <= drawn.durations.width - b.width for b in drawn.durations.blocks)


def test_runs_that_read_nothing_are_drawn_all_the_same(english: None) -> None:
    drawn = trends.trend([townhall.a_run(n, counts={}) for n in (2, 1)])
    assert drawn
    assert drawn.records.blocks == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (0.2, "< 1 s"), (41, "41 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_a_duration_is_told_as_people_do(english: None, seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("6h", "Read every 6 hours"),
        ("1d", "Read every day"),
        ("weekly", "Read every week"),
        ("0 3 * * *", "Read by the schedule 0 3 * * *, Dutch time"),
        ("", "Read when somebody asks for it"),
    ],
)
def test_a_schedule_is_told_in_words(english: None, schedule: str, words: str) -> None:
    status = townhall.status("x", "X", None, schedule=schedule)
    assert schedule_words(status) == words


def test_the_page_says_when_a_source_is_read_next(page: Any) -> None:
    assert (
        "Read every 6 hours; next time 20 Nov 2026, 19:00 CET" in page("/en/sources/waalkade").text
    )
    assert "Gelezen: elke 6 uur; volgende keer 20 nov 2026" in page("/nl/sources/waalkade").text


def test_what_to_do_is_said_once_for_all_records_with_the_same_fault(page: Any) -> None:
    html = page("/en/sources/noordzee").text
    assert "<b>1 record held back.</b> Mend at the source what is listed" in html
    assert "<b>1 record could not be read.</b> Mend line 12" in html


def test_a_run_that_failed_as_a_whole_says_what_to_do(page: Any) -> None:
    html = page("/nl/sources/waalkade/runs/109").text
    assert "De hele bron." in html
    assert "De server deed te lang over het antwoord." in html
    assert 'lang="en">https://fdp.waalkade.example/: timed out' in html


@pytest.mark.parametrize("token", ["", "anna", "ada"])
def test_the_contact_of_a_source_is_told_to_nobody(site: Site, token: str) -> None:
    headers = bearer(getattr(site.desk, token)) if token else {}
    for path in (
        "/en/sources/waalkade",
        "/en/sources",
        "/api/v1/sources",
        "/api/v1/sources/waalkade",
        "/en/sources/waalkade/feed.atom",
    ):
        accept = "application/json" if "api" in path else "text/html"
        answer = site.browser().get(path, headers={"Accept": accept, **headers}, base_url=HERE)
        assert answer.status_code == 200
        assert SECRET not in answer.text
        assert "secret.steward" not in answer.text


def test_programs_get_the_sources_with_their_runs(client: Any) -> None:
    said = client.get("/api/v1/sources").json["sources"]
    assert [each["slug"] for each in said] == ["merwestad", "noordzee", "waalkade"]
    one = client.get("/api/v1/sources/waalkade").json
    assert one == said[2]
    assert one["organisation"] == "waalkade"
    assert one["next_run"] == "2026-11-20T18:00:00+00:00"
    assert one["removal"]["missing"] == 4
    assert one["removal"]["live"] == 8
    assert one["last_run"]["seconds"] == 110
    assert said[0]["last_run"] is None
    assert said[0]["schedule"] is None


def test_programs_get_the_runs_of_a_source(client: Any) -> None:
    runs = client.get("/api/v1/sources/waalkade/runs?size=2").json["runs"]
    assert [each["id"] for each in runs] == [120, 119]
    assert runs[0]["counts"]["unchanged"] == 5
    assert runs[0]["figures"]["not_modified"] == 9
    assert client.get("/api/v1/sources/waalkade/runs/109").json["state"] == "failed"


def test_outcomes_come_in_pages_that_join_up(client: Any) -> None:
    base = "/api/v1/sources/noordzee/runs/7/outcomes"
    whole = client.get(base).json
    assert whole["next"] is None
    met: list[Any] = []
    cursor: str | None = "*"
    while cursor is not None:
        part = client.get(f"{base}?size=2&cursor={cursor}").json
        met += part["outcomes"]
        cursor = part["next"]
    assert met == whole["outcomes"]
    assert len(met) == len(townhall.OUTCOMES)


def test_outcomes_are_filtered_by_what_happened(client: Any) -> None:
    base = "/api/v1/sources/noordzee/runs/7/outcomes"
    said = client.get(f"{base}?outcome=held&outcome=failed").json["outcomes"]
    assert [each["outcome"] for each in said] == ["held", "failed"]
    assert said[0]["findings"][0]["component"] == "MinCount"
    assert set(said[1]["advice"]) == {"nl", "en"}
    assert said[1]["line"] == 12


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/sources?page=1", 400),
        ("/api/v1/sources/nowhere", 404),
        ("/api/v1/sources/stranger", 404),
        ("/api/v1/sources/stranger/runs", 404),
        ("/api/v1/sources/noordzee/runs?size=0", 400),
        ("/api/v1/sources/noordzee/runs?size=1001", 400),
        ("/api/v1/sources/noordzee/runs?size=x", 400),
        ("/api/v1/sources/noordzee/runs/8", 404),
        ("/api/v1/sources/noordzee/runs/120", 404),
        ("/api/v1/sources/noordzee/runs/99999999999999999999", 404),
        ("/api/v1/sources/noordzee/runs/-1", 404),
        ("/api/v1/sources/noordzee/runs/seven/outcomes", 404),
        ("/api/v1/sources/noordzee/runs/7/outcomes?outcome=lost", 400),
        ("/api/v1/sources/noordzee/runs/7/outcomes?size=99999999999999999999", 400),
        ("/api/v1/sources/noordzee/runs/7/outcomes?size=%D9%A3", 400),
        ("/en/sources/noordzee/runs/99999999999999999999", 404),
    ],
)
def test_what_does_not_exist_is_said_as_json(client: Any, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_the_description_of_the_api_names_what_sources_and_runs_have(client: Any) -> None:
    schemas = client.get("/api/openapi.json").json["components"]["schemas"]
    base = "/api/v1/sources"
    said = {
        "Source": client.get(f"{base}/waalkade").json,
        "Run": client.get(f"{base}/waalkade/runs/109").json,
        "Outcome": client.get(f"{base}/noordzee/runs/7/outcomes").json["outcomes"][0],
    }
    for name, answer in said.items():
        assert set(answer) == set(schemas[name]["properties"]), name


def feed(client: Any, path: str, **headers: str) -> ET.Element:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)


def test_the_runs_of_a_source_are_a_feed(client: Any) -> None:
    found = feed(client, "/en/sources/waalkade/feed.atom")
    entries = found.findall(f"{ATOM}entry")
    assert len(entries) == 20
    assert found.findtext(f"{ATOM}title") == "Runs of Waalkade Clinic"
    assert found.findtext(f"{ATOM}updated") == "2026-11-20T12:01:50Z"
    first = entries[0]
    assert first.findtext(f"{ATOM}id") == f"{HERE}/sources/waalkade/runs/120"
    assert first.findtext(f"{ATOM}summary") == "Updated: 2; Unchanged: 5"
    link = first.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"] == f"{HERE}/en/sources/waalkade/runs/120"
    failed = entries[11].findtext(f"{ATOM}summary") or ""
    assert "timed out" in failed


def test_a_feed_speaks_the_language_of_its_address_or_its_reader(client: Any) -> None:
    for path, headers in (
        ("/nl/sources/waalkade/feed.atom", {}),
        ("/sources/waalkade/feed.atom", {"Accept-Language": "nl"}),
    ):
        found = feed(client, path, **headers)
        assert found.findtext(f"{ATOM}title") == "Rondes van Waalkade Clinic"
        entry = found.find(f"{ATOM}entry")
        assert entry is not None
        assert entry.findtext(f"{ATOM}id") == f"{HERE}/sources/waalkade/runs/120"


def test_a_feed_is_sent_once(client: Any) -> None:
    path = "/en/sources/waalkade/feed.atom"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_feed_of_a_source_without_runs_is_valid(client: Any) -> None:
    found = feed(client, "/en/sources/merwestad/feed.atom")
    assert found.findall(f"{ATOM}entry") == []
    assert found.findtext(f"{ATOM}updated")


def test_the_page_of_a_source_names_its_feed(page: Any) -> None:
    html = page("/nl/sources/waalkade").text
    assert 'type="application/atom+xml" href="/nl/sources/waalkade/feed.atom"' in html


# what was withdrawn


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_a_withdrawn_record_is_a_small_graph_with_410(client: Any, accept: str, kind: str) -> None:
    answer = client.get("/dataset/old", headers={"Accept": accept})
    assert answer.status_code == 410
    assert answer.mimetype == kind


def test_the_graph_of_a_withdrawn_record_says_when_and_why_and_not_what(client: Any) -> None:
    turtle = client.get("/dataset/old", headers={"Accept": "application/n-triples"}).data
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.N_TRIPLES)
    subject = ox.NamedNode(f"{HERE}/dataset/old")
    said = {quad.predicate.value: quad.object.value for quad in store}
    assert {quad.subject for quad in store} == {subject}
    assert said["http://www.w3.org/ns/adms#status"] == "http://purl.org/adms/status/Withdrawn"
    assert said[DCT + "modified"] == "2026-11-18T03:12:00Z"
    assert said[FDPO + "metadataModified"] == "2026-11-18T03:12:00Z"
    assert "The data were destroyed." in said.values()
    assert DCT + "title" not in said
    assert DCT + "publisher" not in said


def test_format_in_the_address_asks_for_the_graph_too(client: Any) -> None:
    answer = client.get("/nl/dataset/old?format=ttl", headers=PERSON)
    assert (answer.status_code, answer.mimetype) == (410, "text/turtle")


def test_people_read_when_and_why_a_record_was_withdrawn(page: Any) -> None:
    answer = page("/nl/dataset/old")
    assert (answer.status_code, answer.mimetype) == (410, "text/html")
    assert "Ingetrokken op</dt><dd>18 nov 2026" in answer.text


def test_a_record_that_never_was_public_was_never_here(app: Any) -> None:
    parts = townhall.services(checker=None)
    gone = parts.register.get

    def get(kind: str, identifier: str) -> Any:
        try:
            return gone(kind, identifier)
        except townhall.Gone as error:
            error.record = replace(error.record, version=0)
            raise

    parts.register.get = get  # type: ignore[method-assign]
    client = townhall.application(parts).test_client()
    for accept in ("text/html", "text/turtle"):
        answer = client.get("/dataset/old", headers={"Accept": accept})
        assert answer.status_code == 404
        assert "destroyed" not in answer.text
        assert "2026-11" not in answer.text


# what may be the same


def test_a_dataset_of_another_source_that_may_be_the_same_is_named(page: Any) -> None:
    html = page("/en/dataset/rich").text
    part = html[html.index("May be the same dataset") :][:900]
    assert 'href="/en/dataset/cystic"' in part
    assert 'href="/en/sources/noordzee">Noordzee UMC' in part
    assert "nothing was merged" in part
    assert "Misschien dezelfde dataset" in page("/nl/dataset/rich").text
    assert "May be the same" not in page("/en/dataset/small").text


def test_programs_read_which_datasets_may_be_the_same(client: Any) -> None:
    (same,) = client.get("/api/datasets/rich").json["maybeSame"]
    assert same["iri"] == f"{HERE}/dataset/cystic"
    assert same["source"] == "noordzee"
    assert same["sourceTitle"] == "Noordzee UMC"
    assert client.get("/api/datasets/small").json["maybeSame"] == []


def test_a_run_that_is_going_on_has_no_numbers_yet(english: None) -> None:
    going = townhall.a_run(1, state=RunState.RUNNING, ended=None, counts={}, figures={})
    done = [townhall.a_run(2), townhall.a_run(3)]
    assert duration(trends.seconds(going)) == "–"
    drawn = trends.trend([going, *done])
    assert drawn
    assert len(drawn.durations.blocks) == 2
