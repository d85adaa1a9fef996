"""The stream of changes, as linked data events and as Atom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest
from given import both
from story import Story
from web import shelved

from catalogue.namespaces import AS, LDES, RDF, TREE
from catalogue.rdf.graph import Graph
from catalogue.register.register import Register
from catalogue.web import feeds

BASE = "https://catalogue.example"
ATOM = "{http://www.w3.org/2005/Atom}"
READERS = {
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def client(story: Story) -> Any:
    return shelved.application(story.register).test_client()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PAGE", 2)


def read(response: Any) -> dict[str, Graph]:
    """The graphs of an answer by name."""
    found: dict[str, list[ox.Triple]] = {"": []}
    for quad in ox.parse(response.data, format=READERS[response.mimetype], base_iri=BASE):
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        found.setdefault(name, []).append(quad.triple)
    return {name: Graph(triples) for name, triples in found.items()}


def activities(response: Any) -> list[tuple[str, str, bool]]:
    """(what happened, to what, whether it is described), in order of time."""
    graphs = read(response)
    plain = graphs[""]
    (stream,) = plain.instances(LDES + "EventStream")
    members: list[Any] = plain.objects(stream, TREE + "member")
    members.sort(key=lambda member: str(plain.value(member, AS + "published")))
    return [
        (
            plain.types(member).pop().removeprefix(AS),
            str(getattr(plain.value(member, AS + "object"), "value", "")).removeprefix(BASE),
            member.value in graphs,
        )
        for member in members
    ]


def relations(response: Any) -> list[tuple[str, str, str]]:
    """(kind, target, time) of the links of a page."""
    plain = read(response)[""]
    found = []
    for node in {t.object for t in plain if t.predicate.value == TREE + "relation"}:
        kind = plain.types(node).pop().removeprefix(TREE)
        value = getattr(plain.value(node, TREE + "value"), "value", "")
        target = getattr(plain.value(node, TREE + "node"), "value", "")
        found.append((target.removeprefix(BASE), kind, value[11:19]))
    return sorted(found)


def test_every_change_is_an_activity_about_the_record(client: Any, story: Story) -> None:
    story.list("a", "k")
    story.list("b", "k")
    story.list("a", "k", title="Exomes")
    assert activities(client.get("/feed/1")) == [
        ("Create", "/dataset/a", True),
        ("Create", "/dataset/b", True),
        ("Update", "/dataset/a", True),
    ]


def test_the_description_stands_in_a_graph_of_the_name_of_the_activity(
    client: Any, story: Story
) -> None:
    story.list("a", "k")
    payload = read(client.get("/feed/1"))[f"{BASE}/feed/1#1"]
    public = story.register.get("dataset", "a").graph
    home = f"{BASE}/catalog/k"
    told = Graph(t for t in payload if getattr(t.subject, "value", "") != home)
    assert both(told) == both(public)
    assert len(payload) == len(public) + 2


def test_a_withdrawal_is_a_delete_and_takes_its_descriptions_along(
    client: Any, story: Story
) -> None:
    story.save("a", "Secret title")
    story.withdraw("a")
    response = client.get("/feed/1")
    assert activities(response) == [
        ("Create", "/dataset/a", False),
        ("Delete", "/dataset/a", False),
    ]
    assert b"Secret" not in response.data


def test_what_was_never_public_leaves_no_trace(client: Any, story: Story) -> None:
    story.save("a", "Kept back", reason="minimum")
    story.withdraw("a")
    story.save("b", "Public")
    story.save("b", "Kept back", reason="minimum")
    for address in ("/feed/1", "/feed.atom"):
        body = client.get(address).data
        assert b"Kept back" not in body
        assert b"/dataset/a" not in body
    assert activities(client.get("/feed/1")) == [("Create", "/dataset/b", True)]


@pytest.mark.usefixtures("small_pages")
def test_a_full_page_stays_as_it_is_and_leads_to_the_next(client: Any, story: Story) -> None:
    for name in "abc":
        story.save(name)
    first = client.get("/feed/1")
    assert first.headers["Cache-Control"] == "no-cache"
    assert relations(first) == [("/feed/2", "GreaterThanOrEqualToRelation", "12:02:00")]
    story.save("a", "Exomes")
    assert client.get("/feed/1").data == first.data
    newest = client.get("/feed/2", headers={"If-None-Match": '"x"'})
    assert newest.status_code == 200
    assert activities(newest) == [("Create", "/dataset/c", True), ("Update", "/dataset/a", True)]


@pytest.mark.usefixtures("small_pages")
def test_a_full_page_is_sent_again_when_a_record_on_it_was_withdrawn(
    client: Any, story: Story
) -> None:
    story.save("a", "Secret title")
    story.save("b")
    story.save("c")
    full = client.get("/feed/1")
    assert full.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": full.headers["ETag"]}
    assert client.get("/feed/1", headers=known).status_code == 304
    story.withdraw("a")
    again = client.get("/feed/1", headers=known)
    assert again.status_code == 200
    assert b"Secret" not in again.data


@pytest.mark.usefixtures("small_pages")
def test_a_page_that_may_grow_is_asked_for_again(client: Any, story: Story) -> None:
    story.save("a")
    page = client.get("/feed/1")
    assert page.headers["Cache-Control"] == "no-cache"
    tag = page.headers["ETag"]
    assert client.get("/feed/1", headers={"If-None-Match": tag}).status_code == 304
    assert relations(page) == []
    story.save("b")
    assert client.get("/feed/1", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("small_pages")
def test_the_root_says_which_times_each_page_spans(client: Any, story: Story) -> None:
    for name in "abc":
        story.save(name)
    root = client.get("/feed")
    assert relations(root) == [
        ("/feed/1", "GreaterThanOrEqualToRelation", "12:01:00"),
        ("/feed/1", "LessThanOrEqualToRelation", "12:02:00"),
        ("/feed/2", "GreaterThanOrEqualToRelation", "12:03:00"),
    ]
    plain = read(root)[""]
    (stream,) = plain.instances(LDES + "EventStream")
    for name, value in (("timestampPath", "published"), ("versionOfPath", "object")):
        assert plain.value(stream, LDES + name) == ox.NamedNode(AS + value)
    assert plain.value(stream, TREE + "view") == ox.NamedNode(f"{BASE}/feed")


@pytest.mark.usefixtures("small_pages")
def test_there_are_no_pages_beyond_the_newest(client: Any, story: Story) -> None:
    story.save("a")
    assert client.get("/feed/1").status_code == 200
    assert [client.get(f"/feed/{page}").status_code for page in (0, 2, 99)] == [404] * 3


def test_an_empty_stream_leads_to_an_empty_page(client: Any) -> None:
    assert relations(client.get("/feed")) == [("/feed/1", "Relation", "")]
    assert activities(client.get("/feed/1")) == []


def test_a_page_has_the_same_bytes_in_every_process(client: Any, story: Story) -> None:
    story.list("a", "k")
    lines = client.get("/feed/1").text.splitlines()
    declared = [line for line in lines if line.startswith("@prefix")]
    assert declared == sorted(declared)
    assert "@prefix as: <https://www.w3.org/ns/activitystreams#> ." in declared
    assert not [line for line in declared if "odrl" in line]


@pytest.mark.parametrize("media_type", READERS)
def test_the_stream_comes_in_notations_that_have_named_graphs(
    client: Any, story: Story, media_type: str
) -> None:
    story.list("a", "k")
    for path in ("/feed", "/feed/1"):
        response = client.get(path, headers={"Accept": media_type})
        assert response.mimetype == media_type
        assert {n: len(g) for n, g in read(response).items()} == {
            n: len(g) for n, g in read(client.get(path)).items()
        }


def test_turtle_has_no_named_graphs_and_is_refused(client: Any) -> None:
    refused = client.get("/feed", headers={"Accept": "text/turtle"})
    assert refused.status_code == 406
    assert "application/trig" in refused.json["detail"]
    assert client.get("/feed?format=ttl").status_code == 400


def entries(client: Any, path: str) -> list[tuple[str | None, str | None]]:
    feed = fromstring(client.get(path).data)
    return [
        (each.findtext(f"{ATOM}title"), each.findtext(f"{ATOM}updated"))
        for each in feed.iter(f"{ATOM}entry")
    ]


def test_atom_tells_the_newest_first_in_both_languages(client: Any, story: Story) -> None:
    story.save("a", "Genomes")
    story.save("b", "Gone tomorrow")
    story.save("a", "Exomes")
    story.withdraw("b")
    assert entries(client, "/en/feed.atom") == [
        (f"Withdrawn: {BASE}/dataset/b", "2026-11-22T12:04:00Z"),
        ("Changed: Exomes", "2026-11-22T12:03:00Z"),
        (f"New: {BASE}/dataset/b", "2026-11-22T12:02:00Z"),
        ("New: Exomes", "2026-11-22T12:01:00Z"),
    ]
    titles = [title for title, _ in entries(client, "/nl/feed.atom")]
    assert titles[:2] == [f"Ingetrokken: {BASE}/dataset/b", "Gewijzigd: Exomes"]


def test_atom_has_what_a_reader_needs(client: Any, story: Story) -> None:
    story.save("a")
    response = client.get("/nl/feed.atom")
    feed = fromstring(response.data)
    assert response.mimetype == "application/atom+xml"
    assert feed.findtext(f"{ATOM}id") == f"{BASE}/nl/feed.atom"
    assert feed.findtext(f"{ATOM}title") == "Wijzigingen in de catalogus"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-22T12:01:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Genoomcatalogus"
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{BASE}/dataset/a#change-1"
    links = {link.get("rel"): link.get("href") for link in entry.iter(f"{ATOM}link")}
    assert links["alternate"] == f"{BASE}/nl/dataset/a"
    tag = response.headers["ETag"]
    assert client.get("/nl/feed.atom", headers={"If-None-Match": tag}).status_code == 304


def test_atom_follows_one_organisation_or_catalog(client: Any, story: Story) -> None:
    story.catalog("k", "Catalogue K")
    story.list("a", "k")
    story.save("b", "Elsewhere")
    found = [title for title, _ in entries(client, "/en/feed.atom?catalog=k")]
    assert found == ["New: Genomes"]
    assert len(entries(client, "/en/feed.atom?organisation=merwestad")) == 3
    title = fromstring(client.get("/en/feed.atom?catalog=k").data).findtext(f"{ATOM}title")
    assert title == "Changes: Catalogue K"
    for query, status in (
        ("organisation=x", 404),
        ("catalog=x", 404),
        ("catalog=%00", 404),
        ("colour=red", 400),
    ):
        assert client.get(f"/feed.atom?{query}").status_code == status


def test_the_type_of_a_page_is_a_node(client: Any, story: Story) -> None:
    story.save("a")
    plain = read(client.get("/feed/1"))[""]
    kinds = [t for t in plain if t.predicate.value == RDF + "type"]
    assert f"{TREE}Node" in {getattr(t.object, "value", "") for t in kinds}
