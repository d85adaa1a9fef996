"""Event streams read: our own, one as a DCAT-AP Feed, others in other shapes, and broken ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from given import both
from misbehaving import Misbehaving, redirecting
from story import Story
from web import shelved

from catalogue.errors import FetchFailed, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.source import (
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Source,
)
from catalogue.namespaces import DCT
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import split
from catalogue.register.register import Register
from catalogue.web import feeds
from harvesters.ldes import harvest

BASE = "http://catalogue.example"
THEIRS = "http://feed.example"
RECORDED = Path(__file__).parents[1] / "hospitals" / "ldes"
PREFIXES = f"""
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <{THEIRS}/> .
"""
STREAM = (
    "<s> a ldes:EventStream ; ldes:timestampPath as:published ; ldes:versionOfPath as:object .\n"
)


def a_source(base: str) -> Source:
    return Source(slug="umc-l", title="UMC L", protocol="ldes", url=f"{base}/feed")


def run(session: Session, base: str, remembered: Mapping[str, Any] | None = None) -> list[Item]:
    session.remembered = remembered or {}
    return list(harvest(a_source(base), session))


def names(items: list[Item]) -> list[str]:
    """What was handed over, in short: a record, what is gone, or what was said of the run."""
    found = []
    for item in items:
        place = getattr(item, "url", getattr(item, "subject", ""))
        if not isinstance(item, Mark):
            place = place.removeprefix(BASE).removeprefix(THEIRS)
            found.append(f"{type(item).__name__} {place}".strip())
    return found


def last_mark(items: list[Item]) -> Mapping[str, Any]:
    (mark,) = (item for item in items if isinstance(item, Mark))
    return mark.state


def titles(items: list[Item]) -> list[str]:
    return [
        getattr(t.object, "value", "")
        for item in items
        if isinstance(item, Received) and item.graph is not None
        for t in item.graph
        if t.predicate.value == DCT + "title" and f"<{item.url}>" == str(t.subject)
    ]


# --- our own stream -----------------------------------------------------------------------


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def ours(story: Story, parser: Parser) -> Iterator[Session]:
    with (
        shelved.online(story.register) as place,
        Session(parser, connect_to={"catalogue.example": place}, seconds=60) as session,
    ):
        yield session


def test_everything_in_our_own_catalogue_arrives_as_it_is_published(
    story: Story, ours: Session
) -> None:
    story.catalog("k")
    story.list("a", "k", title="First")
    story.list("a", "k", title="Genomes & <exomes>\\r\\nof families")
    story.save("held", reason="minimum")
    story.save("gone")
    story.withdraw("gone")
    items = run(ours, BASE)
    assert names(items) == ["Received /catalog/k", "Received /dataset/a", "Gone /dataset/gone"]
    received = items[1]
    assert isinstance(received, Received)
    assert received.catalog == f"{BASE}/catalog/k"
    assert received.graph is not None
    (found,) = split(received.graph, source=BASE)
    assert both(found.graph) == both(story.register.get("dataset", "a").graph)
    assert both(ours.parse(received.documents[0])) == both(received.graph)


def test_a_later_run_reads_on_from_where_the_last_one_ended(
    story: Story, ours: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PAGE", 2)
    for name in "abcd":
        story.save(name)
    state = last_mark(run(ours, BASE))
    assert names(run(ours, BASE, state)) == ["Incremental"]
    story.save("b", "Exomes")
    story.withdraw("c")
    asked = ours.figures["requests"]
    assert names(run(ours, BASE, state)) == [
        "Incremental",
        "Received /dataset/b",
        "Gone /dataset/c",
    ]
    assert ours.figures["requests"] - asked == 4  # the stream, and its pages 2, 3 and 4


def test_a_run_without_news_is_where_the_last_one_was(story: Story, ours: Session) -> None:
    story.save("a")
    state = last_mark(run(ours, BASE))
    assert last_mark(run(ours, BASE, state)) == state


def test_a_stream_that_was_begun_anew_is_read_from_the_start(story: Story, ours: Session) -> None:
    story.save("a")
    elsewhere = {"moment": "2027-01-01T00:00:00+00:00", "members": [f"{BASE}/feed/9#99"]}
    assert names(run(ours, BASE, elsewhere)) == ["Received /dataset/a"]


def test_an_empty_stream_is_complete_and_leaves_no_place(ours: Session) -> None:
    items = run(ours, BASE)
    assert names(items) == []
    assert last_mark(items) == {}


# --- streams in the shape of others -------------------------------------------------------


@pytest.fixture
def theirs(parser: Parser, server: Misbehaving) -> Iterator[Session]:
    with Session(
        parser, connect_to={"feed.example": server.place}, seconds=30, retries=0
    ) as session:
        yield session


def trig(server: Misbehaving, path: str, body: str) -> None:
    server.answer(path, PREFIXES + body, media_type="application/trig")


def a_change(number: int, dataset: int, when: str, kind: str = "Create") -> str:
    payload = (
        ""
        if kind == "Delete"
        else (f'<c/{number}> {{ <d/{dataset}> a dcat:Dataset ; dct:title "T{number}" }}\n')
    )
    return (
        f"<s> tree:member <c/{number}> . <c/{number}> a as:{kind} ; as:object <d/{dataset}> ;"
        f' as:published "{when}"^^xsd:dateTime .\n{payload}'
    )


def a_link(here: str, there: str, *, kind: str = "", when: str = "") -> str:
    value = f'tree:path as:published ; tree:value "{when}"^^xsd:dateTime ;' if when else ""
    return f"<{here}> tree:relation [ a tree:{kind}Relation ; {value} tree:node <{there}> ] .\n"


def test_a_dcat_ap_feed_of_another(server: Misbehaving, theirs: Session) -> None:
    for path, name in (("/feed", "root"), ("/feed/later", "later")):
        body = (RECORDED / f"{name}.trig").read_bytes()
        server.answer(path, body, media_type="application/trig")
    items = run(theirs, THEIRS)
    assert names(items) == ["Received /dataset/1", "Gone /dataset/2"]
    assert titles(items) == ["Panel of hereditary heart disease, 2026"]
    assert last_mark(items) == {
        "moment": "2026-05-01T08:00:00+00:00",
        "members": [f"{THEIRS}/change/5"],
    }


def test_versions_that_stand_in_the_page_itself_are_read_as_the_record(
    server: Misbehaving, theirs: Session
) -> None:
    trig(
        server,
        "/feed",
        "<s> a ldes:EventStream ; ldes:timestampPath dct:modified ;"
        " ldes:versionOfPath dct:isVersionOf ; tree:view <feed> ; tree:member <d/1/v1>, <d/1/v2> ."
        '<d/1/v1> a dcat:Dataset ; dct:isVersionOf <d/1> ; dct:title "Old" ;'
        ' dct:modified "2026-01-01T00:00:00Z"^^xsd:dateTime .'
        '<d/1/v2> a dcat:Dataset ; dct:isVersionOf <d/1> ; dct:title "New" ;'
        ' dct:modified "2026-02-01T00:00:00Z"^^xsd:dateTime ; dcat:distribution [ dct:title "X" ].',
    )
    items = run(theirs, THEIRS)
    assert names(items) == ["Received /d/1"]
    assert titles(items) == ["New"]
    (received,) = (item for item in items if isinstance(item, Received))
    assert received.graph is not None
    (found,) = split(received.graph, source=THEIRS)
    assert found.subject.value == f"{THEIRS}/d/1"
    assert len(found.graph) == 6


def test_the_newest_version_counts_wherever_it_stands(server: Misbehaving, theirs: Session) -> None:
    trig(
        server,
        "/feed",
        STREAM + a_change(3, 1, "2026-03-01T00:00:00Z", "Update") + a_link("feed", "p2"),
    )
    trig(
        server,
        "/p2",
        a_change(1, 1, "2026-01-01T00:00:00Z") + a_change(2, 2, "2026-02-01T00:00:00Z"),
    )
    items = run(theirs, THEIRS)
    assert names(items) == ["Received /d/2", "Received /d/1"]
    assert titles(items) == ["T2", "T3"]


def test_a_record_that_came_back_is_there(server: Misbehaving, theirs: Session) -> None:
    trig(
        server,
        "/feed",
        STREAM
        + a_change(1, 1, "2026-01-01T00:00:00Z", "Delete")
        + a_change(2, 1, "2026-02-01T00:00:00Z"),
    )
    assert names(run(theirs, THEIRS)) == ["Received /d/1"]


def test_pages_that_lead_back_and_members_that_repeat_end(
    server: Misbehaving, theirs: Session
) -> None:
    change = a_change(1, 1, "2026-01-01T00:00:00Z")
    trig(server, "/feed", STREAM + change + a_link("feed", "p2") + a_link("feed", "feed"))
    trig(server, "/p2", change + a_link("p2", "feed") + a_link("p2", "p2"))
    assert names(run(theirs, THEIRS)) == ["Received /d/1"]
    assert server.paths == ["/feed", "/p2"]


def test_pages_that_can_hold_nothing_new_are_not_asked_for(
    server: Misbehaving, theirs: Session
) -> None:
    january, march = "2026-01-31T00:00:00Z", "2026-03-01T00:00:00Z"
    trig(
        server,
        "/feed",
        STREAM
        + a_link("feed", "old", kind="LessThan", when=january)
        + a_link("feed", "new", kind="GreaterThanOrEqualTo", when=march),
    )
    trig(server, "/old", a_change(1, 1, "2026-01-01T00:00:00Z"))
    trig(server, "/new", a_change(2, 2, march) + a_change(3, 3, "2026-04-01T00:00:00Z"))
    place = {"moment": march, "members": [f"{THEIRS}/c/2"]}
    assert names(run(theirs, THEIRS, place)) == ["Incremental", "Received /d/3"]
    assert server.paths == ["/feed", "/new"]


def test_two_changes_of_one_moment_are_both_taken(server: Misbehaving, theirs: Session) -> None:
    when = "2026-03-01T00:00:00Z"
    trig(server, "/feed", STREAM + a_change(1, 1, when))
    first = run(theirs, THEIRS)
    trig(server, "/feed", STREAM + a_change(1, 1, when) + a_change(2, 2, when))
    assert names(run(theirs, THEIRS, last_mark(first))) == ["Incremental", "Received /d/2"]


def test_a_page_that_fails_holds_back_what_may_be_newer_in_it(
    server: Misbehaving, theirs: Session
) -> None:
    february = "2026-02-01T00:00:00Z"
    trig(
        server,
        "/feed",
        STREAM
        + a_change(1, 1, "2026-01-01T00:00:00Z")
        + a_change(2, 2, "2026-03-01T00:00:00Z")
        + a_link("feed", "broken", kind="GreaterThanOrEqualTo", when=february),
    )
    server.answer("/broken", b"", status=500)
    items = run(theirs, THEIRS)
    assert names(items) == ["Missed /broken", "Received /d/1"]
    assert not [item for item in items if isinstance(item, Mark)]


def test_links_to_other_hosts_are_not_followed(server: Misbehaving, theirs: Session) -> None:
    trig(
        server,
        "/feed",
        STREAM + a_link("feed", "http://elsewhere.example/p2") + a_link("feed", "moved"),
    )
    server.behave("/moved", redirecting("http://10.0.0.1/secret"))
    found = sorted(str(m.reason) for m in run(theirs, THEIRS) if isinstance(m, Missed))
    assert len(found) == 2
    assert "another host" in found[0] + found[1]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param("", [], id="everything is kept"),
        pytest.param("a ldes:LatestVersionSubset ; ldes:amount 1", [], id="the latest of each"),
        pytest.param("a ldes:DurationAgoPolicy", ["Incremental"], id="the last weeks"),
    ],
)
def test_what_a_stream_does_not_keep_is_not_missing(
    server: Misbehaving, theirs: Session, policy: str, expected: list[str]
) -> None:
    kept = f"<feed> ldes:retentionPolicy [ {policy} ] ." if policy else ""
    trig(server, "/feed", STREAM + kept + a_change(1, 1, "2026-01-01T00:00:00Z"))
    assert names(run(theirs, THEIRS)) == [*expected, "Received /d/1"]


def test_distributions_with_changes_of_their_own_come_with_their_dataset(
    server: Misbehaving, theirs: Session
) -> None:
    trig(
        server,
        "/feed",
        STREAM + "<s> tree:member <c/1>, <c/2> ."
        '<c/1> a as:Create ; as:object <d/1> ; as:published "2026-01-01T00:00:00Z"^^xsd:dateTime .'
        '<c/2> a as:Create ; as:object <x/1> ; as:published "2026-01-02T00:00:00Z"^^xsd:dateTime .'
        '<c/1> { <d/1> a dcat:Dataset ; dct:title "T" ; dcat:distribution <x/1> }'
        '<c/2> { <x/1> a dcat:Distribution ; dct:title "X" }',
    )
    items = run(theirs, THEIRS)
    assert names(items) == ["Received /d/1"]
    (received,) = (item for item in items if isinstance(item, Received))
    assert received.graph is not None
    assert len(received.graph) == 5
    assert last_mark(items) == {}  # the next run must see everything again


def test_changes_without_a_moment_are_read_whole_each_time(
    server: Misbehaving, theirs: Session
) -> None:
    trig(
        server,
        "/feed",
        STREAM + "<s> tree:member <c/1> . <c/1> a as:Create ; as:object <d/1> ."
        '<c/1> { <d/1> a dcat:Dataset ; dct:title "T" }',
    )
    items = run(theirs, THEIRS)
    assert names(items) == ["Received /d/1"]
    assert last_mark(items) == {}


def test_a_document_that_is_no_stream_is_refused(server: Misbehaving, theirs: Session) -> None:
    trig(server, "/feed", '<d/1> a dcat:Dataset ; dct:title "T" .')
    with pytest.raises(NotRdf, match="no event stream"):
        run(theirs, THEIRS)


def test_a_stream_that_does_not_answer_is_a_failed_source(
    server: Misbehaving, theirs: Session
) -> None:
    server.answer("/feed", b"", status=500)
    with pytest.raises(FetchFailed):
        run(theirs, THEIRS)


def test_an_endless_stream_is_cut_off_and_reported(server: Misbehaving, theirs: Session) -> None:
    trig(server, "/feed", STREAM + a_link("feed", "p1"))
    for number in range(1, 9):
        trig(server, f"/p{number}", a_link(f"p{number}", f"p{number + 1}"))
    theirs.remembered = {}
    items = list(harvest(a_source(THEIRS), theirs, most_pages=3))
    assert "more than 3 pages" in str([i.reason for i in items if isinstance(i, Missed)])
    assert Incremental not in {type(i) for i in items}
    assert Gone not in {type(i) for i in items}
