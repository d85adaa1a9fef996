"""A description says nothing about what is ours, or about what others have here."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from catalogue.namespaces import DCT, FOAF
from catalogue.rdf.confine import Theirs, confined, nobody, own_of
from catalogue.rdf.graph import Graph
from catalogue.rdf.repair import OF_OTHERS, Repair
from catalogue.rdf.split import Description

BASE = "http://catalogue.example"
SUBJECT = ox.NamedNode("https://holder.example/dataset/1")
VICTIM = "https://other.example/organisation"
TITLE = '<dataset/1> a dcat:Dataset ; dct:title "Exomes" .'

Turtle = Callable[[str], Graph]


def said(graph: Graph, **given: object) -> Description:
    description = Description("dataset", SUBJECT, graph)
    others = given.pop("others", nobody)
    mine = own_of(description, base=BASE, source="umc", record="mine", **given)  # type: ignore[arg-type]
    return confined(description, mine, others)  # type: ignore[arg-type]


def names(description: Description) -> set[str]:
    return {repair.name for repair in description.repairs}


OURS = (
    BASE,
    f"{BASE}/",
    f"{BASE}#datasets",
    f"{BASE}?x",
    f"{BASE}/organisation/umc",
    f"{BASE}/sources/umc",
    f"{BASE}/sources/umc/runs/7",
    f"{BASE}/dataset/other",
    f"{BASE}/dataset/other#contact",
    f"{BASE}/dataset/mine/versions/20260101000000",
    f"{BASE}/dataset/mine2",
    f"{BASE}/graph/other",
    "https://w3id.org/genoomcatalogus/ns#wes",
    "https://w3id.org/genoomcatalogus/profiles/minimum",
)


@pytest.mark.parametrize("iri", OURS)
def test_nothing_is_said_of_what_is_ours_and_a_repair_names_it(turtle: Turtle, iri: str) -> None:
    kept = turtle(f"{TITLE} <dataset/1> dct:conformsTo <{iri}> .")
    graph = Graph([*kept, *turtle(f'<{iri}> dct:title "pwned" .')])
    found = said(graph)
    assert found.graph == kept
    assert found.repairs == (Repair("about-ours", iri, DCT + "title", iri, ""),)


KEPT = (
    f'<dataset/1> dct:creator <{BASE}/dataset/mine#us> . <{BASE}/dataset/mine#us> foaf:name "U" .',
    '<dataset/1> dct:publisher <https://umc.example/us> . <https://umc.example/us> foaf:name "U" .',
    f"<dataset/1> dct:relation <{BASE}/dataset/other> .",
    f'<dataset/1> dcat:distribution <{BASE}/x> . <{BASE}/x> dct:title "Files" .',
    '<http://catalogue.example.org/a> dct:title "a neighbour" .',
)


@pytest.mark.parametrize("turtled", KEPT)
def test_what_is_its_own_stays(turtle: Turtle, turtled: str) -> None:
    graph = turtle(TITLE + turtled)
    assert said(graph) == Description("dataset", SUBJECT, graph)


@pytest.mark.parametrize("link", ["dcat:distribution", "dct:isPartOf"])
def test_what_is_ours_is_not_taken_nor_stood_in(turtle: Turtle, link: str) -> None:
    graph = turtle(f"{TITLE} <dataset/1> {link} <{BASE}/x/other> .")
    found = said(graph)
    assert found.graph == turtle(TITLE)
    assert names(found) == {"link-to-ours"}


def test_a_description_stands_in_the_catalog_in_which_it_was_found(turtle: Turtle) -> None:
    graph = turtle(f"{TITLE} <dataset/1> dct:isPartOf <{BASE}/catalog/k> .")
    assert said(graph, place=f"{BASE}/catalog/k").graph == graph


def test_what_others_have_here_is_theirs_to_describe(turtle: Turtle) -> None:
    kept = turtle(f"{TITLE} <dataset/1> dct:conformsTo <{VICTIM}> .")
    graph = Graph([*kept, *turtle(f'<{VICTIM}> dct:title "pwned" .')])
    found = said(graph, others=lambda _: {VICTIM: Theirs("other")})
    assert found.graph == kept
    assert names(found) == {"about-others"}


def test_what_is_said_of_somebody_elses_agent_stands_apart(turtle: Turtle) -> None:
    graph = turtle(f'{TITLE} <dataset/1> dct:creator <{VICTIM}> . <{VICTIM}> foaf:name "pwned" .')
    found = said(graph, others=lambda _: {VICTIM: Theirs("other", agent=True)})
    (creator,) = found.graph.objects(SUBJECT, DCT + "creator")
    assert isinstance(creator, ox.BlankNode)
    assert found.graph.objects(creator, FOAF + "name") == [ox.Literal("pwned")]
    assert found.graph.objects(creator, DCT + "identifier") == [ox.Literal(VICTIM)]
    assert found.repairs[0].before == VICTIM


def test_what_they_say_themselves_may_be_repeated(turtle: Turtle) -> None:
    graph = turtle(f'{TITLE} <dataset/1> dct:creator <{VICTIM}> . <{VICTIM}> foaf:name "Other" .')
    says = frozenset(turtle(f'<{VICTIM}> a foaf:Agent ; foaf:name "Other" .'))
    assert said(graph, others=lambda _: {VICTIM: Theirs("other", True, says)}).repairs == ()


def test_all_of_these_are_told_in_two_languages() -> None:
    repairs = [Repair(name, BASE, DCT + "title", BASE, "") for name in OF_OTHERS]
    assert all(BASE in each.sentence(language) for each in repairs for language in ("nl", "en"))
