"""Where a description came from, in PROV-O."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from catalogue.namespaces import PROV, RDFS, SH
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


def test_it_does_not_repeat_what_was_received_in_place_of_a_repair(client: Any) -> None:
    assert "21-12-2021" not in client.get("/dataset/rich/provenance").text


def test_people_are_sent_to_that_part_of_the_page(page: Any) -> None:
    answer = page("/dataset/rich/provenance")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/dataset/rich#history"


def test_a_known_tag_gives_304(client: Any) -> None:
    tag = client.get("/dataset/rich/provenance").headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get("/dataset/rich/provenance", headers=known).status_code == 304


def test_the_name_of_a_named_graph_leads_to_its_record(client: Any) -> None:
    assert client.get("/graph/rich").headers["Location"] == RECORD.value
    assert client.get("/graph/nothing").status_code == 404
