"""A source says nothing of this catalogue, nor of what another organisation has in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harvested import BASE, SOURCE, Bench, doc

from catalogue.model.source import Source
from catalogue.namespaces import DCT, FOAF
from catalogue.rdf.graph import Graph
from catalogue.register.records import Outcome, RunState

EVIL = Source(slug="evil", title="Evil", protocol="fake", url="https://evil.example/")
US, THEIRS = "https://umc.example/organisation", "https://umc.example/d/1"
PWNED = "PWNED"


def at(iri: str, publisher: str, name: str, more: str = "") -> str:
    agent = f'<{publisher}> a foaf:Agent ; foaf:name "{name}" .'
    dataset = f'<{iri}> a dcat:Dataset ; dct:title "Of {name}" ; dct:publisher <{publisher}> .'
    return dataset + agent + more


def evil(publisher: str = "https://evil.example/us", name: str = "Evil", more: str = "") -> str:
    return at("https://evil.example/d", publisher, name, more)


def speaking_of(iri: str) -> str:
    return evil(
        more=f'<https://evil.example/d> dct:conformsTo <{iri}> . <{iri}> dct:title "{PWNED}" .'
    )


def run(bench: Bench, source: Source, turtle: str) -> dict[Outcome, int]:
    bench.source = source
    bench.writer.save_source(source)
    assert bench.run(doc(turtle)) is RunState.COMPLETE
    return bench.counts()


def everything(bench: Bench) -> Graph:
    """All that is public of descriptions, in one graph."""
    found = (Graph.from_n_triples(content) for _, content in bench.register.graphs())
    return Graph(triple for graph in found for triple in graph)


def names_of(bench: Bench, iri: str) -> set[str]:
    """By which names the catalogue knows an agent."""
    graph = everything(bench)
    about = (each for each in graph if getattr(each.subject, "value", "") == iri)
    return {
        str(getattr(each.object, "value", ""))
        for each in about
        if each.predicate.value == FOAF + "name"
    }


def told(bench: Bench) -> list[dict[str, str]]:
    """What was repaired in what the evil source sent."""
    records = (each for each in bench.register.published("dataset"))
    return [row for each in records if each.record.source == "evil" for row in each.repairs]


@pytest.mark.parametrize("iri", [BASE, f"{BASE}/sources/umc", f"{BASE}/organisation/umc"])
def test_a_source_does_not_describe_the_catalogue(bench: Bench, iri: str) -> None:
    run(bench, EVIL, speaking_of(iri))
    assert PWNED not in str(everything(bench).n_triples())
    assert [row["before"] for row in told(bench)] == [iri]


def test_a_source_does_not_describe_the_record_of_another(bench: Bench) -> None:
    run(bench, SOURCE, at(THEIRS, US, "UMC"))
    (victim,) = bench.register.published("dataset")
    for iri in (victim.record.iri, THEIRS):
        run(bench, EVIL, speaking_of(iri))
        assert PWNED not in str(everything(bench).n_triples())
        assert iri in [row["before"] for row in told(bench)]
    assert bench.register.get("dataset", victim.record.id).graph == victim.graph


def test_a_source_does_not_have_the_distribution_of_another(bench: Bench) -> None:
    part = "<https://umc.example/p>"
    more = f'<{THEIRS}> dcat:distribution {part} . {part} a dcat:Distribution ; dct:title "P" .'
    run(bench, SOURCE, at(THEIRS, US, "UMC", more))
    (victim,) = bench.register.published("dataset")
    (theirs,) = (t.object for t in victim.graph if t.predicate.value.endswith("#distribution"))
    run(bench, EVIL, evil(more=f"<https://evil.example/d> dcat:distribution {theirs} ."))
    walked = b"".join(content for _, content in bench.register.walk()).decode()
    places = [line for line in walked.splitlines() if line.startswith(f"{theirs} <{DCT}isPartOf>")]
    assert len(places) == 1


@pytest.mark.parametrize("publisher", [US, "https://evil.example/us"])
def test_a_source_does_not_describe_the_publisher_of_another(bench: Bench, publisher: str) -> None:
    run(bench, SOURCE, at(THEIRS, US, "UMC"))
    more = f'<https://evil.example/d> dct:creator <{US}> . <{US}> foaf:name "{PWNED}" .'
    run(bench, EVIL, evil(publisher, PWNED, more))
    assert names_of(bench, US) == {"UMC"}
    assert US in [row["before"] for row in told(bench)]
    (kept,) = (e for e in bench.register.published("dataset") if e.record.source == "evil")
    assert kept.value.publisher
    assert PWNED in str(kept.value.publisher.name)


def test_a_publisher_that_came_later_is_described_by_its_own_source(bench: Bench) -> None:
    run(bench, EVIL, evil(US, PWNED))
    run(bench, SOURCE, at(THEIRS, US, "UMC"))
    assert "UMC" in names_of(bench, US)
    assert run(bench, EVIL, evil(US, PWNED)) == {Outcome.CHANGED: 1}
    assert names_of(bench, US) == {"UMC"}
    assert run(bench, EVIL, evil(US, PWNED)) == {Outcome.UNCHANGED: 1}


def test_two_sources_that_say_the_same_of_a_publisher_share_it(bench: Bench) -> None:
    shared = "https://ror.example/1"
    run(bench, SOURCE, at(THEIRS, shared, "UMC"))
    run(bench, EVIL, evil(shared, "UMC"))
    assert told(bench) == []


def test_the_sources_of_one_organisation_share_a_publisher(bench: Bench) -> None:
    run(bench, SOURCE, at(THEIRS, US, "UMC"))
    run(bench, replace(EVIL, organisation=SOURCE.slug), evil(US, "UMC, archive"))
    assert names_of(bench, US) == {"UMC", "UMC, archive"}


def test_what_is_not_public_is_nobodys_yet(bench: Bench) -> None:
    held = f'<{THEIRS}> a dcat:Dataset ; dct:publisher <{US}> ; dct:description "x" .'
    run(bench, SOURCE, held)
    assert bench.titles() == []
    run(bench, EVIL, evil(US, "Evil"))
    assert told(bench) == []


def test_everything_stays_as_it_is_when_nothing_changed(bench: Bench) -> None:
    run(bench, SOURCE, at(THEIRS, US, "UMC"))
    run(bench, EVIL, speaking_of(THEIRS))
    assert run(bench, EVIL, speaking_of(THEIRS)) == {Outcome.UNCHANGED: 1}
    assert run(bench, SOURCE, at(THEIRS, US, "UMC")) == {Outcome.UNCHANGED: 1}
