"""What stands in RDF at the names that provenance leads to: sources, runs, organisations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyoxigraph as ox
from web import townhall

from catalogue.namespaces import DCAT, DCT, FOAF, PROV, RDFS
from catalogue.rdf.graph import Graph
from catalogue.register.records import Outcome, RunState
from catalogue.web.origins import run_graph, source_graph

BASE = townhall.BASE
RUN = ox.NamedNode(f"{BASE}/sources/noordzee/runs/7")
SOURCE = ox.NamedNode(f"{BASE}/sources/noordzee")


def told(client: Any, path: str) -> Graph:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    return Graph(quad.triple for quad in ox.parse(answer.data, format=ox.RdfFormat.TURTLE))


def test_a_source_tells_its_title_address_and_runs(client: Any) -> None:
    graph = told(client, "/sources/noordzee")
    assert graph.value(SOURCE, DCT + "title") == ox.Literal("Noordzee UMC")
    assert graph.objects(SOURCE, DCAT + "endpointURL")
    assert SOURCE in graph.objects(RUN, PROV + "used")
    holder = ox.NamedNode(f"{BASE}/organisation/noordzee")
    assert graph.objects(SOURCE, PROV + "wasAttributedTo") == [holder]


def test_a_run_tells_how_many_of_each_outcome_as_its_page_does(client: Any) -> None:
    graph = told(client, "/sources/noordzee/runs/7")
    for each in Outcome:
        count = graph.value(ox.NamedNode(f"{RUN.value}#{each}"), PROV + "value")
        assert count == ox.Literal(townhall.RUN.counts.get(each, 0))


def test_a_run_that_goes_on_has_no_counts_and_no_end() -> None:
    graph = run_graph(BASE, replace(townhall.RUN, ended=None, state=RunState.RUNNING))
    assert graph.objects(RUN, PROV + "startedAtTime")
    assert not graph.objects(RUN, PROV + "endedAtTime")
    assert not any(each.predicate.value == PROV + "value" for each in graph)


def test_what_a_run_quoted_is_not_told_even_to_who_may_read_it() -> None:
    said = {"en": 'https://umc.example/7: "Secret title" is not an address'}
    graph = run_graph(BASE, replace(townhall.RUN, messages=said))
    (words,) = graph.objects(RUN, RDFS + "comment")
    assert "is not an address" in words.value
    assert "Secret" not in words.value


def test_of_a_file_on_our_own_disk_no_address_is_told() -> None:
    status = replace(
        townhall.status("noordzee", "Noordzee UMC", None), url="file:///srv/secret/list.ttl"
    )
    text = str(list(source_graph(BASE, status, [], None)))
    assert "secret" not in text
    assert "DataService" not in text


def test_an_organisation_tells_its_name_and_how_many_datasets(client: Any) -> None:
    graph = told(client, "/organisation/noordzee")
    name = ox.NamedNode(f"{BASE}/organisation/noordzee")
    assert graph.objects(name, FOAF + "name")
    held = sum(each.record.holder.slug == "noordzee" for each in townhall.DATASETS)
    count = graph.value(ox.NamedNode(f"{name.value}#datasets"), PROV + "value")
    assert count == ox.Literal(held)


def test_a_source_that_waits_for_an_admin_has_no_graph(client: Any) -> None:
    answer = client.get("/sources/stranger", headers={"Accept": "text/turtle"})
    assert answer.status_code == 404
