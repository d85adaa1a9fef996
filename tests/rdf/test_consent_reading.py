"""Consent, from every place and notation in which it arrives; each with its Turtle."""

from __future__ import annotations

from datetime import date

import pytest
from given import a_graph, named
from hypothesis import given
from hypothesis import strategies as st

from catalogue.consent.codes import IRIS, names
from catalogue.consent.disease import ListedDiseases
from catalogue.consent.match import Matcher
from catalogue.consent.purpose import Goal, Purpose
from catalogue.model.genome import ConsentStratum
from catalogue.rdf import read
from catalogue.rdf.normalise import normalise
from catalogue.rdf.split import split

ODRL_BELOW = """<d> odrl:hasPolicy [ a odrl:Set ; odrl:permission [ odrl:action odrl:use ;
  odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ;
    odrl:rightOperand duo:0000042 ] ] ] ."""


def strata(turtle: str) -> tuple[ConsentStratum, ...]:
    graph = a_graph("@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> . " + turtle)
    return read.dataset(graph, named("d")).consent


def said(stratum: ConsentStratum) -> list[str]:
    """The conditions as in a case file: `DS=x|y`."""
    return sorted(
        "+".join(names(each.term)) + ("=" if each.parameters else "") + "|".join(each.parameters)
        for each in stratum.conditions
    )


def only(turtle: str) -> list[str]:
    (found,) = strata(turtle)
    return said(found)


def permission(constraint: str) -> str:
    return f"<d> odrl:hasPolicy [ odrl:permission [ odrl:action odrl:use ; {constraint} ] ] ."


def limited(operand: str, operator: str, *values: str) -> str:
    right = ", ".join(values)
    return permission(
        f"odrl:constraint [ odrl:leftOperand odrl:{operand} ; odrl:operator odrl:{operator} ;"
        f" odrl:rightOperand {right} ]"
    )


CODES = [
    ("<d> dct:rights duo:0000042 .", ["GRU"]),
    ("<d> dct:accessRights duo:0000006 .", ["HMB"]),
    ("<d> dct:conformsTo duo:0000006 .", ["HMB"]),
    ("<d> dcat:theme duo:0000006, duo:0000045 .", ["HMB", "NPU"]),
    ("<d> odrl:hasPolicy duo:0000042, obo:DUO_00000044 .", ["GRU", "NPOA"]),
    ('<d> dct:rights "DUO:0000006, DUO:0000018" .', ["HMB", "NPUNCU"]),
    ('<d> dct:accessRights "DUO:0000006 (health), DUO:0000044"@en .', ["HMB", "NPOA"]),
    ('<d> dct:rights "HMB; NPU; GS=NL|BE" .', ["GS=NL|BE", "HMB", "NPU"]),
    ('<d> dct:rights "GRU-CC" .', ["CC", "GRU"]),
    ('<d> dct:rights "HMB-IRB-NPU" .', ["HMB", "IRB", "NPU"]),
    ('<d> dct:rights "NPU" .', ["NPU"]),
    ("<d> dct:rights duo:0000005 .", ["CC", "GRU"]),
    ('<d> dct:rights [ a dct:RightsStatement ; rdfs:label "DUO_0000042" ] .', ["GRU"]),
    ("<d> dct:rights <d/r> . <d/r> skos:notation 'DUO:0000042' .", ["GRU"]),
    ("<d> duo:0000001 duo:0000006 ; duo:0000017 duo:0000045, <http://x.example/only-tuesdays> .",
     ["HMB", "NPU", "http://x.example/only-tuesdays"]),
    ("<d> duo:0000042 true ; duo:0000045 false ; duo:0000046 true .", ["GRU", "NCU"]),
    ("<d> duo:0000007 mondo:0005105 .", ["DS=http://purl.obolibrary.org/obo/MONDO_0005105"]),
    ("<d> duo:0000017 <https://w3id.org/fair-genomes/resource/FG_0000743> .", ["FG:0000743"]),
    ("<d> duo:0000017 obo:NCIT_C15424 .", ["NCIT:C15424"]),
    ("<d> obo:NCIT_C15424 true .", ["NCIT:C15424"]),
    ("<d> obo:NCIT_C15424 false .", ["NCIT:C15424"]),
    ("<d> dct:rights duo:9999999 .", ["http://purl.obolibrary.org/obo/DUO_9999999"]),
    ('<d> dct:rights "zie DUO:9999999" .', ["http://purl.obolibrary.org/obo/DUO_9999999"]),
    ("<d> odrl:hasPolicy <http://x.example/policy> .", ["http://x.example/policy"]),
    ("<d> dcat:distribution <d/1> . <d/1> dct:rights duo:0000042 .", ["GRU"]),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "conditions"), CODES)
def test_a_code_counts_wherever_rights_are_stated(turtle: str, conditions: list[str]) -> None:
    assert only(turtle) == conditions


POLICIES = [
    (ODRL_BELOW, ["GRU"]),
    (limited("purpose", "eq", "duo:0000006"), ["HMB"]),
    (limited("purpose", "eq", "duo:0000007", "mondo:0005105"),
     ["DS=http://purl.obolibrary.org/obo/MONDO_0005105"]),
    (limited("purpose", "eq", "ordo:154"), ["DS=http://www.orpha.net/ORDO/Orphanet_154"]),
    (limited("purpose", "isA", "<http://x.example/marketing>"), ["RS=http://x.example/marketing"]),
    (limited("purpose", "isNoneOf", "duo:0000033"), ["NPOA"]),
    (limited("spatial", "isPartOf", "eu:country\\/NLD"),
     ["GS=http://publications.europa.eu/resource/authority/country/NLD"]),
    (limited("elapsedTime", "lteq", '"P12M"^^xsd:duration'), ["TS=12"]),
    (limited("dateTime", "lteq", '"2030-01-01"^^xsd:date'), ["TS=2030-01-01"]),
    (limited("recipient", "eq", '"UMC Noord"'), ["IS=UMC Noord"]),
    (limited("payAmount", "eq", "5"), ["http://www.w3.org/ns/odrl/2/payAmount=eq|5"]),
    (limited("purpose", "neq", "<http://x.example/p>"),
     ["http://www.w3.org/ns/odrl/2/purpose=neq|http://x.example/p"]),
    (permission("odrl:action duo:0000042"), ["GRU"]),
    (permission("odrl:assignee <http://x.example/anna>"), ["US=http://x.example/anna"]),
    (permission("odrl:duty [ odrl:action duo:0000021 ]"), ["IRB"]),
    (permission("odrl:duty [ odrl:action odrl:attribute ]"),
     ["http://www.w3.org/ns/odrl/2/attribute"]),
    (permission("odrl:constraint [ odrl:or ( [ odrl:leftOperand odrl:purpose ] ) ]"),
     ["http://www.w3.org/ns/odrl/2/or"]),
    (permission("""odrl:constraint [ odrl:and (
      [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:eq ; odrl:rightOperand duo:0000006 ]
      [ odrl:leftOperand odrl:spatial ; odrl:operator odrl:eq ; odrl:rightOperand "NL" ] ) ]"""),
     ["GS=NL", "HMB"]),
    (permission("odrl:constraint <http://x.example/limit>"),
     ["http://www.w3.org/ns/odrl/2/constraint"]),
    ("<d> odrl:hasPolicy [ odrl:prohibition [ odrl:action odrl:commercialize ] ] .", ["NCU"]),
    ("""<d> odrl:hasPolicy [ odrl:prohibition [ odrl:action odrl:use ; odrl:constraint
      [ odrl:leftOperand odrl:purpose ; odrl:rightOperand duo:0000031 ] ] ] .""", ["NMDS"]),
    ("<d> odrl:hasPolicy [ odrl:prohibition [ odrl:action <http://x.example/fly> ] ] .",
     ["http://www.w3.org/ns/odrl/2/prohibition=http://x.example/fly"]),
    ("<d> odrl:hasPolicy [ odrl:obligation [ odrl:action duo:0000019 ] ] .", ["PUB"]),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "conditions"), POLICIES)
def test_a_policy_is_read_as_conditions(turtle: str, conditions: list[str]) -> None:
    assert only(turtle) == conditions


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.w3.org/ns/odrl/2/",
        "https://www.w3.org/ns/odrl/2/",
        "http://www.w3.org/ns/odrl/2#",
        "https://www.w3.org/TR/odrl-model/",
    ],
)
def test_every_namespace_in_which_odrl_circulates_is_read(namespace: str) -> None:
    turtle = f"@prefix o: <{namespace}> . {ODRL_BELOW.replace('odrl:', 'o:')}"
    assert only(turtle) == ["GRU"]


def test_a_policy_of_eucaim_is_read() -> None:
    turtle = """<d> a dcat:Dataset ; eucaim:hasCondition sct:254837009 ;
      odrl:hasPolicy [ a odrl:Policy ; odrl:permission duo:0000042 ;
        odrl:prohibition [ odrl:action odrl:commercialize ] ;
        odrl:obligation [ odrl:action duo:0000021 ] ] ."""
    assert only(turtle) == ["GRU", "IRB", "NCU"]


def test_a_policy_that_only_says_use_states_no_purpose() -> None:
    assert strata(permission("odrl:target <d>")) == ()


def test_several_policies_with_a_permission_are_several_groups() -> None:
    turtle = "<d> odrl:hasPolicy " + ", ".join(
        f"""[ a odrl:Offer ; dct:title "{title}"@en ; odrl:permission [ odrl:constraint
        [ odrl:leftOperand odrl:purpose ; odrl:rightOperand {code} ] ] ]"""
        for title, code in (("Broad", "duo:0000042"), ("Study", "duo:0000006"))
    )
    turtle += " ; dct:rights duo:0000045 ."
    found = strata(turtle)
    assert sorted((each.label.value("en"), *said(each)) for each in found) == [
        ("Broad", "GRU", "NPU"),
        ("Study", "HMB", "NPU"),
    ]


THROUGH = [*CODES, *POLICIES]


@pytest.mark.parametrize(("turtle", "_conditions"), THROUGH)
def test_no_repair_loses_what_is_said_of_consent(turtle: str, _conditions: list[str]) -> None:
    graph = a_graph(f'<d> a dcat:Dataset ; dct:title "T"@en . {turtle}')
    (found,) = (each for each in split(graph, source="umc") if each.kind == "dataset")
    repaired = normalise(found)
    before, after = (
        [said(each) for each in read.dataset(each, found.subject).consent]
        for each in (graph, repaired.graph)
    )
    assert after == before


GROUPS = """<d> gc:consentStratum
  [ dct:title "A" ; gc:condition [ gc:term duo:0000042 ] ],
  [ dct:title "B" ; gc:condition [ gc:term duo:0000007 ; gc:parameter mondo:0005105 ] ],
  [ dct:title "C" ] """


@pytest.mark.parametrize(
    ("further", "added"),
    [
        ("", ([], [], [])),
        ("dct:rights duo:0000042", ([], [], [])),
        ("dct:rights duo:0000046", (["NCU"], ["NCU"], ["NCU"])),
        ("dct:rights duo:0000006", (["HMB"], [], [])),
        ("dct:rights duo:0000004", ([], [], [])),
        ("dct:rights duo:0000011", (["POA"], [], [])),
        ("dct:rights duo:0000043", ([], [], [])),
        ("duo:0000007 mondo:0004992", (["DS"], [], [])),
    ],
)
def test_what_holds_for_everybody_restricts_every_group_and_widens_none(
    further: str, added: tuple[list[str], ...]
) -> None:
    found = sorted(strata(f"{GROUPS} ; {further} ."), key=lambda each: each.label.value("en"))
    own = (["GRU"], ["DS"], [])
    assert [sorted(code.partition("=")[0] for code in said(each)) for each in found] == [
        sorted(mine + more) for mine, more in zip(own, added, strict=True)
    ]


@pytest.mark.parametrize(
    ("turtle", "term"),
    [
        ('<d> dct:description "For general research use only." .', "GRU"),
        ('<d> dct:description "Consent: DUO:0000042" .', "GRU"),
        ('<d> dct:rights "Not for profit organisations only" .', "NPU"),
        ('<d> dct:rights "This is not DUO:0000042." .', "GRU"),
        ("<d> dpv:hasPurpose duo:0000006 .", "HMB"),
        ('<d> dcat:keyword "DUO:0000006" .', "HMB"),
    ],
)
def test_what_words_seem_to_say_is_inferred_and_never_counted(turtle: str, term: str) -> None:
    (found,) = strata(turtle)
    assert found.conditions == ()
    assert [names(each.term) for each in found.inferred] == [(term,)]


def test_running_text_is_not_looked_at_where_something_is_stated() -> None:
    turtle = '<d> dct:rights duo:0000006 ; dct:description "General research use." .'
    assert strata(turtle)[0].inferred == ()


@pytest.mark.parametrize(
    "turtle",
    [
        "<d> a dcat:Dataset .",
        '<d> dct:license "CC" ; dct:rights "CC BY 4.0" ; dcat:keyword "US" .',
        "<d> dct:accessRights eu:access-right\\/RESTRICTED .",
        '<d> dct:license <http://creativecommons.org/licenses/by/4.0/> ; dct:rights "Ask us" .',
        "<d> dcat:theme eu:data-theme\\/HEAL ; dpv:hasLegalBasis dpv:Consent .",
    ],
)
def test_a_description_that_says_nothing_of_consent_has_none(turtle: str) -> None:
    assert strata(turtle) == ()


def test_a_condition_says_where_it_was_stated_and_in_which_words() -> None:
    (found,) = strata('<d> dct:rights "Alleen DUO:0000006, na overleg" .')
    (condition,) = found.conditions
    assert condition.source == "dct:rights"
    assert condition.text == "Alleen DUO:0000006, na overleg"


terms = st.sampled_from(["odrl:permission", "odrl:constraint", "odrl:and", "odrl:duty", "rdf:rest"])


@given(st.lists(st.tuples(st.integers(0, 4), terms, st.integers(0, 4)), max_size=12))
def test_a_policy_that_goes_round_is_still_read(edges: list[tuple[int, str, int]]) -> None:
    triples = "".join(f"<n{a}> {p} <n{b}> . " for a, p, b in edges)
    strata(f"<d> odrl:hasPolicy <n0> . <n0> odrl:uid <n0> . {triples}")


OWN = st.sets(st.sampled_from(["NRES", "GRU", "HMB", "DS", "POA", "NPU", "CC", "IRB"]), max_size=4)
FOR_ALL = st.sets(st.sampled_from(sorted({*IRIS, "XYZ"})), max_size=3)
GOALS = st.sets(st.sampled_from(["general", "health", "ancestry", "methods", "clinical"]))


def groups(own: set[str], for_all: set[str]) -> str:
    inner = " , ".join(f"[ gc:term <{IRIS[each]}> ]" for each in sorted(own))
    rights = " , ".join(f"<{IRIS.get(each, 'http://x.example/' + each)}>" for each in for_all)
    mine = f"gc:condition {inner}" if own else "dct:title 'x'"
    return f"<d> gc:consentStratum [ {mine} ] {f'; duo:0000017 {rights}' if for_all else ''} ."


@given(OWN, FOR_ALL, GOALS, st.sampled_from([None, True, False]))
def test_what_holds_for_everybody_never_improves_a_verdict(
    own: set[str], for_all: set[str], goals: set[str], nonprofit: bool | None
) -> None:
    purpose = Purpose(goals=tuple(map(Goal, goals)), nonprofit=nonprofit)
    matcher = Matcher(purpose, ListedDiseases.of([]), date(2027, 3, 1))
    before, after = (matcher.dataset(strata(groups(own, each))) for each in (set(), for_all))
    assert (before is None) == (after is None) == purpose.empty
    if before and after:
        assert after.verdict.rank >= before.verdict.rank
