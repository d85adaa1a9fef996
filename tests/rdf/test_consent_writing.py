"""Consent written as offers, and read back from them alone."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from given import a_graph, named
from hypothesis import given
from hypothesis import strategies as st

from catalogue.consent.codes import DUO_NUMBERS, IRIS
from catalogue.model.genome import Condition
from catalogue.namespaces import DUO, GC, MONDO, ODRL, Iri
from catalogue.rdf import read
from catalogue.rdf.graph import Graph
from catalogue.rdf.views import VIEWS, view

WITH_OFFERS = sorted(VIEWS.keys() - {"full"})
PARAMETERS = {
    "DS": (MONDO + "0005105", MONDO + "0005015"),
    "GS": ("http://publications.europa.eu/resource/authority/country/NLD", "BE"),
    "TS": ("12",),
    "MOR": ("2030-01-01",),
    "IS": ("UMC Noord", "https://ror.org/01"),
    "US": ("https://orcid.example/1",),
    "PS": ("P-7",),
    "RS": ("http://edamontology.org/topic_3063",),
    "COL": ("Dr. A",),
}
NAMES = sorted({*DUO_NUMBERS, "NO-LINKAGE", "NO-RECONTACT", "LINKAGE", "RECONTACT", "FG:0000743"})


def described(*conditions: Condition) -> Graph:
    parts = []
    for each in conditions:
        given_as = "".join(
            f" ; gc:parameter {f'<{p}>' if p.startswith('http') else repr(p)}"
            for p in each.parameters
        )
        parts.append(f"[ a gc:DataUseCondition ; gc:term <{each.term}>{given_as} ]")
    return a_graph(
        "<d> a dcat:Dataset ; dct:title 'T'@en ; gc:consentStratum [ a gc:ConsentStratum ;"
        f" dct:title 'Broad'@en ; gc:condition {', '.join(parts)} ] ."
    )


def only_offers(graph: Graph) -> Graph:
    """Without everything in our own vocabulary, except what an offer itself says."""
    ours = {*graph.instances(GC + "ConsentStratum"), *graph.instances(GC + "DataUseCondition")}
    return Graph(
        t for t in graph if t.subject not in ours and t.predicate.value != GC + "consentStratum"
    )


def conditions(graph: Graph) -> list[tuple[str, tuple[str, ...]]]:
    found = read.dataset(graph, named("d")).consent
    return sorted(
        (each.term, tuple(sorted(each.parameters))) for one in found for each in one.conditions
    )


def every() -> Iterator[tuple[Condition, ...]]:
    for name in NAMES:
        for parameters in {(), PARAMETERS.get(name, ())}:
            one = Condition(term=IRIS[name], parameters=parameters)
            main = (
                ()
                if name in {"GRU", "HMB", "DS", "POA", "NRES"}
                else (Condition(term=IRIS["GRU"]),)
            )
            yield (*main, one)


@pytest.mark.parametrize("stated", list(every()), ids=lambda each: str(each[-1]))
def test_every_term_is_read_back_from_its_offer(stated: tuple[Condition, ...]) -> None:
    graph = described(*stated)
    offers = only_offers(view(graph, named("d"), "dcat-ap-3").graph)
    assert conditions(offers) == conditions(graph)
    assert len(conditions(graph)) == len(stated)


@pytest.mark.parametrize("key", WITH_OFFERS)
def test_every_view_has_an_offer_for_each_group_and_says_it_once(key: str) -> None:
    graph = described(Condition(term=IRIS["HMB"]), Condition(term=IRIS["NPU"]))
    shown = view(graph, named("d"), key).graph
    (offer,) = shown.instances(ODRL + "Offer")
    assert shown.value(offer, "http://purl.org/dc/terms/title") == ox.Literal(
        "Broad", language="en"
    )
    assert conditions(shown) == conditions(graph)
    assert ox.NamedNode(DUO + "0000006") in {t.object for t in only_offers(shown)}


def test_a_policy_of_the_source_is_not_repeated() -> None:
    turtle = """<d> a dcat:Dataset ; odrl:hasPolicy [ odrl:permission [ odrl:constraint
      [ odrl:leftOperand odrl:purpose ; odrl:rightOperand duo:0000042 ] ] ] ."""
    assert view(a_graph(turtle), named("d"), "dcat-ap-3").graph.instances(ODRL + "Offer") == []


def test_codes_at_the_rights_become_an_offer() -> None:
    shown = view(
        a_graph("<d> a dcat:Dataset ; dct:rights duo:0000042 ."), named("d"), "gdi-1"
    ).graph
    assert len(shown.instances(ODRL + "Offer")) == 1


def test_what_was_only_inferred_is_never_offered() -> None:
    turtle = '<d> a dcat:Dataset ; dct:description "For general research use." .'
    assert view(a_graph(turtle), named("d"), "dcat-ap-3").graph.instances(ODRL + "Offer") == []


@st.composite
def a_condition(draw: st.DrawFn) -> Condition:
    name = draw(st.sampled_from(NAMES))
    known = PARAMETERS.get(name)
    given = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
    return Condition(term=IRIS[name], parameters=tuple(sorted(given)))


several = st.lists(a_condition(), min_size=1, max_size=6, unique_by=lambda each: each.term)
TUESDAYS = Condition(term=Iri("https://x.example/tuesdays"))


@given(several)
def test_any_consent_is_read_back_from_its_offer(stated: list[Condition]) -> None:
    graph = described(Condition(term=IRIS["GRU"]), *stated, TUESDAYS)
    offers = only_offers(view(graph, named("d"), "health-ri-core-2").graph)
    assert conditions(offers) == conditions(graph)
