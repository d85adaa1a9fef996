"""Where a description came from, in PROV-O."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from catalogue.namespaces import FOAF, GC, PROV, RDFS, SH
from catalogue.rdf.graph import Graph

BASE = "https://catalogue.example"
RECORD = ox.NamedNode(f"{BASE}/dataset/rich")
HERE = f"{BASE}/dataset/rich/provenance"


def provenance(client: Any) -> Graph:
    answer = client.get("/dataset/rich/provenance")
    assert answer.mimetype == "text/turtle"
    return Graph(quad.triple for quad in ox.parse(answer.data, format=ox.RdfFormat.TURTLE))


def test_a_record_links_to_its_provenance(client: Any, page: Any) -> None:
    for answer in (client.get("/dataset/rich"), page("/dataset/rich")):
        assert any(
            HERE in each and "has_provenance" in each for each in answer.headers.getlist("Link")
        )


def test_it_tells_source_run_documents_repairs_and_checks(client: Any) -> None:
    graph = provenance(client)
    assert graph.value(RECORD, PROV + "wasDerivedFrom") == ox.NamedNode(
        "https://fdp.example/dataset/rich"
    )
    run = graph.value(RECORD, PROV + "wasGeneratedBy")
    assert isinstance(run, ox.NamedNode)
    assert graph.value(run, PROV + "endedAtTime")
    assert ox.NamedNode(f"{HERE}#received-1") in graph.objects(run, PROV + "used")
    repair = graph.value(RECORD, PROV + "wasInfluencedBy")
    assert isinstance(repair, ox.NamedNode)
    assert len(graph.objects(repair, RDFS + "comment")) == 2
    reports = graph.instances(SH + "ValidationReport")
    assert {str(graph.value(each, SH + "conforms").value) for each in reports} == {  # type: ignore[union-attr]
        "true",
        "false",
    }


def test_it_repeats_what_the_public_store_says_of_the_graph(client: Any) -> None:
    graph, here = provenance(client), ox.NamedNode(f"{BASE}/graph/rich")
    assert graph.value(here, FOAF + "primaryTopic") == RECORD
    run = graph.value(here, PROV + "wasGeneratedBy")
    assert run == ox.NamedNode(f"{BASE}/sources/ijsselstroom/runs/7")
    assert graph.objects(here, GC + "doesNotConformTo")
    assert graph.objects(here, GC + "repaired")


def test_it_does_not_repeat_what_was_received_in_place_of_a_repair(client: Any) -> None:
    assert "21-12-2021" not in client.get("/dataset/rich/provenance").text


def test_people_are_sent_to_that_part_of_the_page(page: Any) -> None:
    answer = page("/dataset/rich/provenance")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/dataset/rich#history"


def test_records_that_changed_at_the_same_moment_are_not_taken_for_each_other(client: Any) -> None:
    first, other = (client.get(f"/dataset/{name}/provenance") for name in ("rich", "small"))
    assert first.headers["ETag"] != other.headers["ETag"]
    assert f"{BASE}/graph/small" in other.text
    assert HERE not in other.text


def test_a_known_tag_gives_304(client: Any) -> None:
    tag = client.get("/dataset/rich/provenance").headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get("/dataset/rich/provenance", headers=known).status_code == 304


def test_the_name_of_a_named_graph_leads_to_its_record(client: Any) -> None:
    assert client.get("/graph/rich").headers["Location"] == RECORD.value
    assert client.get("/graph/nothing").status_code == 404


def test_the_name_of_the_graph_beside_it_leads_to_its_provenance(client: Any) -> None:
    assert client.get("/graph/rich/provenance").headers["Location"] == HERE
    assert client.get("/graph/nothing/provenance").status_code == 404


def test_the_endpoint_says_in_words_which_graphs_it_has(client: Any) -> None:
    text = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "/graph/{id}/provenance" in text
    assert ("@nl" in text, "@en" in text) == (True, True)
