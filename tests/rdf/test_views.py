"""Views: what one profile wants, as far as the facts allow, and not one fact more."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from given import a_graph, named
from hypothesis import example, given, settings
from hypothesis import strategies as some
from validation import corpus

from catalogue.errors import BadRequest
from catalogue.namespaces import DCAT, DCT, HDC, OWL, PREFIXES, SH
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import rehome
from catalogue.rdf.normalise import normalise
from catalogue.rdf.split import split
from catalogue.rdf.views import VIEWS, View, view
from catalogue.rdf.views.change import literals
from catalogue.rdf.views.note import SENTENCES, UNMET, ViewNote
from catalogue.rdf.views.spelling import canonical
from catalogue.validation.compiled import Compiled, Result
from catalogue.validation.reference import Reference
from catalogue.validation.view import View as Triples

ROOT = Path(__file__).parents[2]
RICH = corpus.example(Path(__file__).parent / "examples" / "views" / "rich.ttl")
HEARTS = ox.NamedNode("https://catalogue.example/dataset/hearts")
GENOMES = named("genomes")
PROFILES = [key for key in VIEWS if key != "full"]

SEMIC = "SEMICeu_DCAT-AP/3.0.1/html-shacl/shapes.ttl"
OFFICIAL = {
    "health-ri-core-2": ("Health-RI_health-ri-metadata/shacl/Core/PiecesShape/*.ttl",),
    "healthdcat-ap-8": ("HealthDCAT-AP_R8_cd7841f/*.ttl",),
    "dcat-ap-3": (SEMIC,),
    "dcat-ap-nl-3": (SEMIC, "Geonovum_DCAT-AP-NL30/301/dcat-ap-nl-SHACL.ttl"),
    "gdi-1": ("GenomicDataInfrastructure_gdi-metadata/shacl/core/PiecesShape/*.ttl",),
    "fair-data-point-1": ("FAIRDataTeam_FAIRDataPoint/reset/shape-*.ttl",),
}
"""The rules that need no background knowledge; class ranges ask for the EU vocabularies too."""


@pytest.fixture(autouse=True)
def _quiet_rdflib(caplog):
    """Rdflib logs a traceback for every literal that is not what its datatype says."""
    caplog.set_level(logging.CRITICAL, logger="rdflib.term")


def of(turtle: str, profile: str) -> View:
    """The view of the dataset `genomes`, with Turtle about it or about anything."""
    return view(a_graph(turtle), GENOMES, profile)


def values(seen: View, predicate: str, subject: ox.NamedNode = GENOMES) -> set[str]:
    found = seen.graph.objects(subject, expanded(predicate))
    return {getattr(term, "value", "[]") for term in found}


def expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def remarks(seen: View) -> set[str]:
    return {note.name for note in seen.notes}


# --- every profile -----------------------------------------------------------------------


def findings(shapes: Graph, graph: Graph) -> list[Result]:
    """The violations that pySHACL finds."""
    return [r for r in Reference(shapes).results(graph) if is_violation(shapes, r)]


@cache
def our_shapes(key: str, level: str = "non-public") -> tuple[Graph, ...]:
    """The shapes of a profile, and those of one of its levels where it has levels."""
    folders = [ROOT / "shapes" / key, ROOT / "shapes-next" / key]
    files = [folder / name for folder in folders for name in ("shapes.ttl", f"levels/{level}.ttl")]
    return tuple(corpus.example(path) for path in files if path.is_file())


def level_of(graph: Graph) -> str:
    stated = {text_of(t.object) for t in graph if t.predicate.value == DCT + "accessRights"}
    levels = [text.rpartition("/")[2].lower().replace("_", "-") for text in stated]
    return levels[0] if len(levels) == 1 else "non-public"


def official_shapes(key: str) -> Graph:
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CATALOGUE_TEST_DATA") or beside)
    patterns = OFFICIAL[key] if folder.is_dir() else ()
    found = [p for each in patterns for p in sorted((folder / "shapes").glob(each))]
    if not found:
        pytest.skip("no official shapes at hand; see validation/corpus.py")
    triples = (t for path in found for t in readable(path))
    return Graph(t for t in triples if t.predicate.value != OWL + "imports")


def readable(path: Path) -> Graph:
    """The shapes of a file; one of the official files (GDI's Identifier) does not parse."""
    try:
        return corpus.example(path)
    except SyntaxError:
        return Graph()


@pytest.mark.parametrize("key", PROFILES)
def test_the_view_of_a_record_that_states_everything_conforms_to_our_shapes(key):
    shapes = our_shapes(key)
    if not shapes:
        pytest.skip(f"no shapes of ours for {key} yet")
    assert [found for each in shapes for found in findings(each, seen(key).graph)] == []


@pytest.mark.parametrize("key", PROFILES)
def test_the_view_of_a_record_that_states_everything_conforms_to_the_official_shapes(key):
    assert findings(official_shapes(key), seen(key).graph) == []


@pytest.mark.parametrize("key", PROFILES)
def test_the_view_of_a_record_under_our_own_address_conforms_too(key):
    settled = rehome(
        RICH,
        HEARTS,
        kind="dataset",
        source="umc",
        base="https://our.example",
        catalog="https://umc.example/catalog",
    )[0]
    (ours,) = settled.instances(DCAT + "Dataset")
    found = view(settled, ox.NamedNode(str(ours)[1:-1]), key)
    assert [r for each in our_shapes(key) for r in findings(each, found.graph)] == []


@pytest.mark.parametrize("key", PROFILES)
def test_a_record_that_conforms_still_conforms_in_its_view(key):
    for folder in ("shapes", "shapes-next"):
        for path in sorted((ROOT / folder / key).glob("examples/valid/*.ttl")):
            graph = corpus.example(path)
            shapes = our_shapes(key, level_of(graph))
            found = view(graph, HEARTS, key).graph
            assert [r for each in shapes for r in findings(each, found)] == [], path.name


@pytest.mark.parametrize("key", PROFILES)
def test_a_view_never_breaks_a_rule_that_a_real_description_kept(key):
    shapes = [(each, Compiled(each)) for each in our_shapes(key)]
    for name, graph in real_descriptions():
        found = view(graph, HEARTS, key).graph
        before, after = (Counter(broken(shapes, each)) for each in (graph, found))
        assert after <= before, name


def real_descriptions() -> list[tuple[str, Graph]]:
    """Real files and the demonstration hospitals', as the pipeline would have them."""
    folder = ROOT / "examples" / "hospitals"
    ours = ((path.name, readable(path)) for path in sorted(folder.glob("*/dataset/*.ttl")))
    return [
        (name, normalise(each).graph)
        for name, graph in (*corpus.real_files(), *ours)
        for each in split(graph, source="real")
    ]


def broken(shapes: list[tuple[Graph, Compiled]], graph: Graph) -> list[str]:
    """The rules that are not kept, once for each time; recommendations apart."""
    triples = Triples(graph)
    return [
        str(result.shape)
        for rules, compiled in shapes
        for result in compiled.results(triples)
        if is_violation(rules, result)
    ]


def is_violation(rules: Graph, result: Result) -> bool:
    violation = ox.NamedNode(SH + "Violation")
    return (rules.value(result.shape, SH + "severity") or violation) == violation


@pytest.mark.parametrize("key", [key for key in PROFILES if key != "dcat-ap-3"])
def test_the_record_itself_would_not_have_conformed(key):
    assert findings(official_shapes(key), RICH) != []


@pytest.mark.parametrize("key", PROFILES)
def test_nothing_is_unmet_when_everything_was_stated(key):
    assert seen(key).unmet == ()


@cache
def seen(key: str) -> View:
    return view(RICH, HEARTS, key)


def test_the_full_view_is_the_lossless_graph():
    full = view(RICH, HEARTS, "full")
    assert (full.graph, full.notes) == (RICH, ())


def test_an_unknown_profile_is_a_bad_request_that_names_those_we_have():
    with pytest.raises(BadRequest, match=r"profile: 'dcat-ap-2' is not one of full, health-ri"):
        view(RICH, HEARTS, "dcat-ap-2")


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_remark_has_a_sentence_in_both_languages(name, language):
    said = ViewNote(name, "", DCT + "issued", "2021").sentence(language)
    assert said.endswith(".")
    assert "{" not in said


def test_what_is_unmet_is_said_in_words():
    assert set(SENTENCES) >= UNMET


@pytest.mark.parametrize("key", PROFILES)
def test_our_own_terms_stay_in_every_view(key):
    ours = {t for t in RICH if "genoomcatalogus/ns#" in t.predicate.value}
    kept = {(t.predicate, t.object) for t in seen(key).graph}
    assert {(t.predicate, t.object) for t in ours} <= kept


# --- dates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "shown", "remark"),
    [
        ('"2021-06-01"^^xsd:date', "2021-06-01T00:00:00Z", "day-as-moment"),
        ('"2021-06-01+02:00"^^xsd:date', "2021-06-01T00:00:00+02:00", "day-as-moment"),
        ('"2021-06-01T00:00:00"^^xsd:dateTime', "2021-06-01T00:00:00Z", "day-as-moment"),
        ('"2021-06-01T09:30:00"^^xsd:dateTime', "2021-06-01T09:30:00", "zone-not-stated"),
        ('"2021-06"^^xsd:gYearMonth', "2021-06", "day-not-stated"),
        ('"2021"^^xsd:gYear', "2021", "day-not-stated"),
        ('"last summer"', "last summer", "no-date"),
    ],
)
def test_a_date_becomes_a_moment_only_when_the_day_was_stated(stated, shown, remark):
    found = of(f"<genomes> a dcat:Dataset ; dct:issued {stated} .", "health-ri-core-2")
    assert values(found, "dct:issued") == {shown}
    assert remark in remarks(found)


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ('"083"^^xsd:nonNegativeInteger', '"83"^^xsd:nonNegativeInteger'),
        ('"80.0"^^xsd:decimal', '"80"^^xsd:decimal'),
        ('"2025-05-01T00:00:00.000Z"^^xsd:dateTime', '"2025-05-01T00:00:00Z"^^xsd:dateTime'),
        ('"P24M"^^xsd:duration', '"P24M"^^xsd:duration'),
        ('"about 007"^^xsd:integer', '"about 007"^^xsd:integer'),
        ('"007"', '"007"'),
    ],
)
def test_a_view_spells_numbers_and_moments_in_one_way(stated, shown):
    turtle = '<genomes> a dcat:Dataset ; dct:title "Genomes"@en ; <https://x.example/n> '
    expected = a_graph(f"<genomes> <https://x.example/n> {shown} .")
    found = of(f"{turtle}{stated} .", "dcat-ap-3").graph
    assert set(expected) <= set(found)
    assert set(a_graph(f"{turtle}{stated} .")) == set(of(f"{turtle}{stated} .", "full").graph)


def test_dates_stay_days_where_the_profile_knows_days():
    found = of('<genomes> a dcat:Dataset ; dct:issued "2021-06-01"^^xsd:date .', "dcat-ap-3")
    assert values(found, "dct:issued") == {"2021-06-01"}


# --- agents and contacts -----------------------------------------------------------------

AGENT = "<genomes> a dcat:Dataset ; dct:publisher <umc> . <umc> a foaf:Agent ; "
UMC = named("umc")


@pytest.mark.parametrize(
    "stated",
    [
        'cv:contactPoint [ a cv:ContactPoint ; cv:email "a@umc.example" ]',
        "dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:a@umc.example> ]",
        "foaf:mbox <mailto:a@umc.example>",
    ],
)
def test_an_e_mail_address_is_shown_in_the_spelling_of_each_profile(stated):
    turtle = f'{AGENT} foaf:name "UMC" ; {stated} .'
    mail = {"mailto:a@umc.example"}
    assert values(of(turtle, "health-ri-core-2"), "foaf:mbox", UMC) == mail
    european = of(turtle, "healthdcat-ap-8").graph
    (point,) = european.objects(UMC, expanded("cv:contactPoint"))
    assert european.objects(point, expanded("cv:email")) == [ox.Literal("a@umc.example")]
    genomic = of(turtle, "gdi-1").graph
    (card,) = genomic.objects(UMC, expanded("dcat:contactPoint"))
    assert {t.value for t in genomic.objects(card, expanded("vcard:hasEmail"))} == mail


def test_the_contact_of_a_dataset_is_not_made_the_contact_of_its_publisher():
    turtle = (
        f'{AGENT} foaf:name "UMC" . <genomes> dcat:contactPoint'
        " [ a vcard:Kind ; vcard:hasEmail <mailto:desk@umc.example> ] ."
    )
    for key in PROFILES:
        assert not values(of(turtle, key), "foaf:mbox", UMC)
        assert not values(of(turtle, key), "cv:contactPoint", UMC)


def test_a_publisher_of_whom_only_the_address_is_known_is_named_as_unmet():
    found = of("<genomes> a dcat:Dataset ; dct:publisher <umc> .", "health-ri-core-2")
    assert ViewNote("not-stated", UMC.value, expanded("foaf:name")) in found.unmet


def test_an_address_in_a_register_is_an_identifier_and_any_other_address_is_not():
    turtle = "<genomes> dct:creator <https://orcid.org/0000-0001> , <umc> . "
    turtle += '<https://orcid.org/0000-0001> foaf:name "A" . <umc> foaf:name "B" .'
    found = of(turtle, "health-ri-core-2")
    person = named("https://orcid.org/0000-0001")
    assert values(found, "dct:identifier", person) == {"https://orcid.org/0000-0001"}
    assert values(found, "dct:identifier", UMC) == set()


def test_of_several_contacts_the_most_complete_one_is_shown():
    turtle = "<genomes> a dcat:Dataset ; dcat:contactPoint <a> , <b> . <a> a vcard:Kind ."
    turtle += '<b> a vcard:Kind ; vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@umc.example> .'
    found = of(turtle, "health-ri-core-2")
    assert values(found, "dcat:contactPoint") == {"https://umc.example/b"}
    assert not found.graph.about(named("a"))
    assert "one-of-several" in remarks(found)


def test_of_several_contact_points_of_an_agent_the_european_view_shows_one():
    turtle = (
        f'{AGENT} cv:contactPoint [ cv:email "a@umc.example" ] , [ cv:email "b@umc.example" ] .'
    )
    found = of(turtle, "healthdcat-ap-8")
    assert len(found.graph.objects(UMC, expanded("cv:contactPoint"))) == 1
    assert "one-of-several" in remarks(found)


def test_the_licence_of_a_dataset_is_shown_at_its_distributions_where_the_profile_wants_it_there():
    turtle = "<genomes> a dcat:Dataset ; dct:license <l> ; dcat:distribution <d> . "
    turtle += "<d> a dcat:Distribution ; dct:title 'A' ."
    for key, licences in (("dcat-ap-nl-3", {"https://umc.example/l"}), ("dcat-ap-3", set())):
        assert values(of(turtle, key), "dct:license", named("d")) == licences


def test_which_of_two_publishers_counts_is_not_chosen():
    found = of("<genomes> a dcat:Dataset ; dct:publisher <a> , <b> .", "health-ri-core-2")
    assert len(values(found, "dct:publisher")) == 2
    assert ViewNote("several-stated", GENOMES.value, DCT + "publisher") in found.unmet


# --- codes, lists and categories ---------------------------------------------------------

ORPHA = "http://www.orpha.net/ORDO/Orphanet_586"


@pytest.mark.parametrize(
    "stated",
    [
        f"hri:healthConditionOfInterest <{ORPHA}>",
        f"dcat:theme <{ORPHA}>",
        f"hdc:hasCodeValues <{ORPHA}>",
        'hdc:hasCodeValues "ORPHA:586"',
        'hdc:hasCodeValues [ skos:notation "ORPHA:586" ]',
    ],
)
def test_a_disease_is_shown_in_the_spelling_of_each_profile(stated):
    turtle = f"<genomes> a dcat:Dataset ; {stated} ."
    dutch = of(turtle, "health-ri-core-2")
    assert values(dutch, "hri:healthConditionOfInterest") == {ORPHA}
    assert values(dutch, "hdc:hasCodeValues") == {ORPHA}
    assert values(dutch, "hdc:hasCodingSystem") == {"http://www.wikidata.org/entity/P1550"}
    assert values(of(turtle, "healthdcat-ap-8"), "hdc:hasCodeValues") == {"ORPHA:586"}
    assert ORPHA in values(of(turtle, "dcat-ap-3"), "dcat:theme")


def test_a_code_of_an_unknown_system_is_no_address_and_is_not_guessed_at():
    turtle = '<genomes> a dcat:Dataset ; hdc:hasCodeValues "heart, thin" .'
    found = of(turtle, "health-ri-core-2")
    assert values(found, "hdc:hasCodeValues") == set()
    assert "not-an-address" in remarks(found)
    assert values(of(turtle, "healthdcat-ap-8"), "hdc:hasCodeValues") == {"heart, thin"}


def test_a_theme_that_is_not_among_the_twenty_is_left_out_of_the_european_view_only():
    theme = "http://www.wikidata.org/entity/Q2068526"
    turtle = f"<genomes> a dcat:Dataset ; hdc:healthTheme <{theme}> ."
    european = of(turtle, "healthdcat-ap-8")
    assert values(european, "hdc:healthTheme") == set()
    assert ViewNote("not-on-list", GENOMES.value, HDC + "healthTheme", theme) in european.notes
    assert values(of(turtle, "health-ri-core-2"), "hdc:healthTheme") == {theme}


def test_each_profile_gets_the_standards_of_its_own_list():
    standard = "https://hdeu-dcat.data.health.europa.eu/resource/authority/standard/FHIR"
    turtle = f"<genomes> a dcat:Dataset ; dct:conformsTo gdi:1MGCohort , <{standard}> ."
    assert values(of(turtle, "healthdcat-ap-8"), "dct:conformsTo") == {standard}
    assert values(of(turtle, "gdi-1"), "dct:conformsTo") == {expanded("gdi:1MGCohort")}
    assert len(values(of(turtle, "dcat-ap-3"), "dct:conformsTo")) == 2


@pytest.mark.parametrize(
    ("assay", "categories"),
    [
        ("gc:assay gc:assay-wgs", {"gdi:HealthCategoryHumanGenomic"}),
        ("gc:assayGroup [ gc:assay gc:assay-wgbs ]", {"gdi:HealthCategoryHumanEpigenomic"}),
        ("gc:assay gc:assay-panel", {"gdi:HealthCategoryHumanGenetic"}),
        ("gc:assay gc:assay-proteomics", set()),
    ],
)
def test_the_assay_decides_which_of_the_three_categories_of_gdi_it_is(assay, categories):
    category = "https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/HGPD"
    found = of(f"<genomes> a dcat:Dataset ; hdc:healthCategory <{category}> ; {assay} .", "gdi-1")
    assert values(found, "hdc:healthCategory") == {expanded(each) for each in categories}
    assert ("category-undecided" in remarks(found)) == (not categories)


def test_the_three_categories_of_gdi_are_one_in_the_european_list():
    turtle = "<genomes> a dcat:Dataset ; hdc:healthCategory gdi:HealthCategoryHumanGenetic ."
    (found,) = values(of(turtle, "healthdcat-ap-8"), "hdc:healthCategory")
    assert found.endswith("/healthcategories/HGPD")


def test_a_theme_in_words_is_shown_as_a_keyword():
    found = of('<genomes> a dcat:Dataset ; dcat:theme "genetics"@en .', "dcat-ap-3")
    assert (values(found, "dcat:theme"), values(found, "dcat:keyword")) == (set(), {"genetics"})


def test_a_place_without_an_address_stays_where_the_profile_allows_it():
    turtle = '<genomes> a dcat:Dataset ; dct:spatial [ a dct:Location ; dcat:bbox "POINT(5 52)" ] .'
    assert values(of(turtle, "dcat-ap-3"), "dct:spatial") != set()
    dutch = of(turtle, "health-ri-core-2")
    assert values(dutch, "dct:spatial") == set()
    assert "not-an-address" in remarks(dutch)


# --- identifiers and addresses -----------------------------------------------------------


def test_of_several_identifiers_the_doi_stays_and_none_is_lost():
    turtle = '<genomes> a dcat:Dataset ; dct:identifier "7" , "https://doi.org/10.5072/a" .'
    found = of(turtle, "dcat-ap-nl-3")
    assert values(found, "dct:identifier") == {"https://doi.org/10.5072/a"}
    assert ox.Literal("7") in {t.object for t in found.graph}


def test_the_address_of_a_description_is_its_identifier_when_no_other_was_stated():
    found = of("<genomes> a dcat:Dataset .", "health-ri-core-2")
    assert values(found, "dct:identifier") == {GENOMES.value}
    assert "address-as-identifier" in remarks(found)


def test_an_identifier_that_gdi_does_not_know_is_not_rewritten():
    found = of('<genomes> a dcat:Dataset ; dct:identifier "UMC-7" .', "gdi-1")
    assert values(found, "dct:identifier") == {"UMC-7"}
    assert "identifier-pattern" in {note.name for note in found.unmet}


def test_a_nameless_distribution_gets_an_address_that_depends_on_what_it_says():
    turtle = '<genomes> a dcat:Dataset ; dcat:distribution _:{} . _:{} dct:title "A" .'
    one, other = (of(turtle.format(x, x), "health-ri-core-2") for x in ("x", "y"))
    (address,) = values(one, "dcat:distribution")
    assert address.startswith("https://umc.example/genomes#distribution-")
    assert values(other, "dcat:distribution") == {address}


# --- nothing is invented -----------------------------------------------------------------

NEVER_INVENTED = (
    *("dct:accessRights", "dct:license", "dct:rights", "dct:publisher", "dct:creator"),
    *("dcatap:applicableLegislation", "dpv:hasLegalBasis", "dcat:contactPoint", "hdc:hdab"),
    *("hdc:healthCategory", "dct:type", "hdc:hasStructuredData", "dcat:distribution"),
)


@pytest.mark.parametrize("key", PROFILES)
def test_what_nobody_stated_is_named_and_never_filled_in(key):
    found = of('<genomes> a dcat:Dataset ; dct:title "Genomes"@en .', key)
    for name in NEVER_INVENTED:
        assert values(found, name) == set(), name
    assert {note.name for note in found.unmet} == {"not-stated"}
    assert all("niemand" in note.sentence("nl") for note in found.unmet)


# --- whatever a description says ---------------------------------------------------------

DESCRIPTIONS = [RICH, *(corpus.example(path) for path in corpus.examples("valid"))]
GIVEN = some.tuples(
    some.sampled_from(PROFILES), some.sampled_from(DESCRIPTIONS), some.integers(0, 10**6)
)


def subject_of(graph: Graph) -> ox.NamedNode:
    found = (
        n for name in ("Dataset", "Catalog", "DatasetSeries") for n in graph.instances(DCAT + name)
    )
    return next(node for node in found if isinstance(node, ox.NamedNode))


def test_a_long_chain_of_nodes_is_left_out_as_one():
    chain = "".join(f"_:n{i} dct:relation _:n{i + 1} . " for i in range(3000))
    turtle = f"<genomes> a dcat:Dataset ; dpv:hasLegalBasis _:n0 . {chain}"
    assert len(of(turtle, "health-ri-core-2").graph) < 10


@settings(max_examples=150, deadline=None)
@given(GIVEN)
@example(("dcat-ap-3", RICH, 519535)).via("a condition of interest that is a code of consent")
@example(("gdi-1", RICH, 539160)).via("the same, with a condition of two strata")
@example(("fair-data-point-1", DESCRIPTIONS[16], 701691)).via("a stratum that is a dataset too")
@example(("dcat-ap-3", RICH, 54)).via("a code of consent as the parameter of another")
def test_a_view_of_a_view_is_the_same_view(case):
    key, graph, seed = case
    changed, subject = corpus.mutated(graph, seed), subject_of(graph)
    once = view(changed, subject, key).graph
    assert view(once, subject, key).graph == once


@settings(max_examples=150, deadline=None)
@given(GIVEN)
def test_a_view_says_nothing_that_was_not_stated(case):
    key, graph, seed = case
    changed, subject = corpus.mutated(graph, seed), subject_of(graph)
    found = view(changed, subject, key).graph
    known = {text_of(t) for triple in changed for t in (triple.subject, triple.object)}
    known |= {spelled(t.object) for t in changed if isinstance(t.object, ox.Literal)}
    cores = {core(text) for text in known}
    said = [t.object for t in found if not isinstance(t.object, ox.BlankNode)]
    new = {text_of(term) for term in said} - known
    assert {text for text in new if core(text) not in cores and not ours(text, subject)} == set()


@settings(max_examples=150, deadline=None)
@given(GIVEN)
def test_a_view_keeps_a_title_and_a_description(case):
    key, graph, seed = case
    changed, subject = corpus.mutated(graph, seed), subject_of(graph)
    found = view(changed, subject, key).graph
    for name in (DCT + "title", DCT + "description"):
        before, after = (literals(each, subject, name) for each in (changed, found))
        assert {text_of(each) for each in after} <= {spelled(each) for each in before}
        assert bool(after) == bool(before)


@settings(max_examples=100, deadline=None)
@given(GIVEN)
def test_a_fact_that_was_taken_away_is_not_put_back(case):
    key, graph, seed = case
    changed, subject = corpus.mutated(graph, seed), subject_of(graph)
    gone = {expanded(name) for name in NEVER_INVENTED} - {expanded("dct:license")}
    poorer = Graph(t for t in changed if t.predicate.value not in gone or t.subject != subject)
    found = view(poorer, subject, key).graph
    assert {t.predicate.value for t in found.about(subject)} & gone == set()


def text_of(term: object) -> str:
    return "" if isinstance(term, ox.BlankNode) else getattr(term, "value", str(term))


def spelled(literal: ox.Literal) -> str:
    return canonical(literal.value, literal.datatype.value)


def core(text: str) -> str:
    """What stays of a value when it is spelt in another way: the code, day or address itself."""
    if found := DAY.fullmatch(text):
        return found[1]
    return re.split(r"[:/_#]", text.removeprefix("mailto:"))[-1]


DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?)?(?:Z|[+-]\d{2}:\d{2})?")


WORDS = {
    expanded(name)
    for name in (
        *("cv:ContactPoint", "vcard:Kind", "adms:Identifier", "dcat:Resource"),
        *("dct:ProvenanceStatement", "dct:Standard"),
    )
}
"""Classes that a view may name, because the property that leads there says so."""
LISTS = (
    *("http://www.w3.org/ns/odrl/2/", "https://w3id.org/genoomcatalogus/ns#use-"),
    *("http://purl.obolibrary.org/obo/DUO_00000", "P24M"),
    "http://www.wikidata.org/entity/P",
    "http://data.gdi.eu/core/p2/HealthCategoryHuman",
    "https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/HGPD",
    "https://hdeu-dcat.data.health.europa.eu/resource/authority/coding-system/",
)
"""Values that another value stands for: the system of a code, a category in another list, ODRL."""


def ours(text: str, subject: ox.NamedNode) -> bool:
    return text in WORDS or text.startswith((f"{subject.value}#", *LISTS))
