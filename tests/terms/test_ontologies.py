"""The files in `ontologies/` keep their promises."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.namespaces import GC, RDFS
from catalogue.terms.alias import canonical, vocabulary_of
from catalogue.terms.concept import NOT_STATED, Concept, Scheme, Vocabulary

ROOT = Path(__file__).parents[2]
ONTOLOGIES = ROOT / "ontologies"
REFERENCE = ROOT.parent / "shared" / "reference"
"""Lies beside the project in some places; tests that need it are skipped elsewhere."""

PREFIXES = {
    "access-route": "route-",
    "accessibility": "access-",
    "analysis-place": "place-",
    "assay": "assay-",
    "band": "band-",
    "consent-model": "model-",
    "data-level": "level-",
    "disease": "disease-",
    "linkage-method": "method-",
    "linkage-status": "linkage-",
    "linkage-target": "target-",
    "linker": "linker-",
    "reference-genome": "genome-",
    "tissue": "tissue-",
}
"""The schemes that are wholly ours, and how their concepts' IRIs begin."""

DUO = "NRES GRU HMB DS POA RS NMDS GSO NPUNCU NPU NCU PUB COL IRB GS MOR TS US PS IS RTN CC NPOA"

DISEASES = """cancer breast-cancer breast-carcinoma hereditary-breast-carcinoma colorectal-cancer
melanoma cardiovascular cardiomyopathy dilated-cardiomyopathy hypertrophic-cardiomyopathy
arrhythmogenic-cardiomyopathy rare-genetic cystic-fibrosis intellectual-disability epilepsy
diabetes-mellitus diabetes-type-2 metabolic neurological immune eye kidney mental"""

CLASSES = "AssayGroup ConsentStratum DataUseCondition Linkage"

PROPERTIES = """assay assayGroup consentStratum linkage accessRoute accessibility weeksToAccess
individuals records referenceGenome meanCoverage tissueOrigin dataLevel condition consentModel
period term parameter targetKind linkageStatus linkageMethod linkedBy analysedIn completeness
lastChecked individualsBand recordsBand"""


def every(vocabulary: Vocabulary) -> Iterator[tuple[Scheme, Concept]]:
    for scheme in vocabulary.schemes.values():
        for concept in scheme:
            yield scheme, concept


def languages(concept: Concept) -> list[str]:
    return sorted(text.language for text in concept.labels.texts)


def test_every_concept_has_one_label_in_dutch_and_one_in_english(vocabulary: Vocabulary) -> None:
    wrong = [c.iri for _, c in every(vocabulary) if languages(c) != ["en", "nl"]]
    assert wrong == []


def test_every_scheme_has_a_title_in_dutch_and_english(vocabulary: Vocabulary) -> None:
    for scheme in vocabulary.schemes.values():
        assert {text.language for text in scheme.title.texts} == {"nl", "en"}


def test_every_scheme_can_say_that_nothing_was_stated(vocabulary: Vocabulary) -> None:
    for scheme in vocabulary.schemes.values():
        concept = scheme.not_stated
        assert concept is not None, scheme.key
        assert concept.iri.endswith("-not-stated")
        assert concept.broader == ()


@pytest.mark.parametrize("key", [*PREFIXES, "data-use", "one-mg"])
def test_our_own_terms_are_explained_in_both_languages(vocabulary: Vocabulary, key: str) -> None:
    for concept in vocabulary.scheme(key):
        explained = {text.language for text in concept.definition.texts}
        borrowed = key == "disease" and concept.exact and concept.broader
        assert explained == {"nl", "en"} or borrowed, concept.iri


@pytest.mark.parametrize(("key", "prefix"), PREFIXES.items())
def test_the_iri_of_our_own_concept_is_its_scheme_and_its_slug(
    vocabulary: Vocabulary, key: str, prefix: str
) -> None:
    for concept in vocabulary.scheme(key):
        assert concept.iri == f"{GC}{prefix}{concept.notation}"


def test_no_concept_is_above_itself(vocabulary: Vocabulary) -> None:
    loops = [c.iri for scheme, c in every(vocabulary) if c.iri in scheme.descendants(c.iri)]
    assert loops == []


def test_every_broader_concept_exists(vocabulary: Vocabulary) -> None:
    missing = [
        (c.iri, up)
        for s, c in every(vocabulary)
        for up in c.broader
        if s.get(up) is None and s.key != "eu"
    ]
    assert missing == []


def test_what_a_disease_is_a_kind_of_is_also_a_topic_above_it(vocabulary: Vocabulary) -> None:
    for _, concept in every(vocabulary):
        assert set(concept.generic) <= set(concept.broader), concept.iri


def test_a_parent_is_named_once_and_not_also_its_own_grandparent(diseases: Scheme) -> None:
    double = [
        (concept.notation, up)
        for concept in diseases
        for up in concept.broader
        if any(up in diseases.ancestors(other) for other in concept.broader)
    ]
    assert double == []


def test_no_concept_means_exactly_two_codes_of_one_vocabulary(vocabulary: Vocabulary) -> None:
    for _, concept in every(vocabulary):
        systems = Counter(system.name for code in concept.exact if (system := vocabulary_of(code)))
        assert max(systems.values(), default=0) <= 1, (concept.iri, systems)


def test_no_code_means_exactly_two_concepts(vocabulary: Vocabulary) -> None:
    for scheme in vocabulary.schemes.values():
        claimed = Counter(code for concept in scheme for code in concept.exact)
        assert [code for code, times in claimed.items() if times > 1] == []


def test_no_code_is_both_exact_and_something_less(vocabulary: Vocabulary) -> None:
    for _, concept in every(vocabulary):
        assert not set(concept.exact) & set(concept.narrow + concept.close), concept.iri


def test_every_code_is_written_in_its_canonical_form(vocabulary: Vocabulary) -> None:
    wrong = [
        code
        for _, concept in every(vocabulary)
        for code in (concept.iri, *concept.exact, *concept.narrow, *concept.close)
        if canonical(code) != code
    ]
    assert wrong == []


def test_notations_are_unique_within_each_scheme(vocabulary: Vocabulary) -> None:
    for scheme in vocabulary.schemes.values():
        shared = [c.notation for c in scheme if scheme.by_notation(c.notation) is None]
        assert shared == [] or scheme.key == "eu"


def test_every_notation_can_stand_in_an_address(vocabulary: Vocabulary) -> None:
    for _, concept in every(vocabulary):
        assert concept.notation.replace("-", "").replace("_", "").isalnum(), concept.iri


def test_a_synonym_is_not_the_label_again(vocabulary: Vocabulary) -> None:
    repeated = [
        c.iri for _, c in every(vocabulary) if set(c.labels.texts) & set(c.alternatives.texts)
    ]
    assert repeated == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", ["disease", "assay", "data-use"])
def test_no_two_concepts_have_the_same_label(
    vocabulary: Vocabulary, key: str, language: str
) -> None:
    labels = Counter(concept.label(language).casefold() for concept in vocabulary.scheme(key))
    assert [label for label, times in labels.items() if times > 1] == []


def test_every_data_use_code_is_there(vocabulary: Vocabulary) -> None:
    scheme = vocabulary.scheme("data-use")
    assert [code for code in DUO.split() if scheme.by_notation(code) is None] == []


def test_no_data_use_modifier_is_above_another(vocabulary: Vocabulary) -> None:
    scheme = vocabulary.scheme("data-use")
    for concept in scheme:
        assert len(scheme.ancestors(concept.iri)) <= 1


def test_the_promised_diseases_are_there(diseases: Scheme) -> None:
    assert [slug for slug in DISEASES.split() if diseases.by_notation(slug) is None] == []
    assert len(diseases) >= 250


def test_assays_marked_unverified_are_not_exact(assays: Scheme) -> None:
    unverified = {"http://www.ebi.ac.uk/efo/EFO_0003744", "http://www.ebi.ac.uk/efo/EFO_0005396"}
    assert not unverified & {code for concept in assays for code in concept.exact}


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference material is not beside us")
def test_every_assay_of_the_reference_list_is_covered(assays: Scheme) -> None:
    with (REFERENCE / "assay_concepts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        concept = assays.by_notation(row["slug"])
        assert concept is not None, row["slug"]
        if row["exact_or_close"] == "exactMatch":
            assert row["iri"] in concept.exact
        if row["broader"]:
            assert f"{GC}assay-{row['broader']}" in concept.broader


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference material is not beside us")
def test_the_verified_hierarchy_of_the_consent_cases_holds(diseases: Scheme) -> None:
    with (REFERENCE / "consent_cases_hierarchy.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["parent"]]
    for row in rows:
        child, parent = diseases.resolve(row["child"]), diseases.resolve(row["parent"])
        assert child is not None
        assert parent is not None
        assert parent.iri in diseases.ancestors(child.iri), row


@pytest.fixture(scope="module")
def document() -> list[ox.Quad]:
    content = (ONTOLOGIES / "genoomcatalogus.ttl").read_bytes()
    return list(ox.parse(content, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("name", [*CLASSES.split(), *PROPERTIES.split()])
def test_every_term_of_the_vocabulary_is_labelled_and_explained(
    document: list[ox.Quad], name: str
) -> None:
    about = [quad for quad in document if quad.subject == ox.NamedNode(GC + name)]
    for predicate in ("label", "comment"):
        found = [q.object.language for q in about if q.predicate.value == RDFS + predicate]
        assert sorted(found) == ["en", "nl"]
    assert RDFS + "isDefinedBy" in {quad.predicate.value for quad in about}


@pytest.mark.parametrize("name", PROPERTIES.split())
def test_every_property_says_what_it_is_about(document: list[ox.Quad], name: str) -> None:
    about = {q.predicate.value for q in document if q.subject == ox.NamedNode(GC + name)}
    assert RDFS + "domain" in about
    assert RDFS + "range" in about or name == "parameter"


def test_the_vocabulary_points_only_at_schemes_that_we_ship(
    document: list[ox.Quad], vocabulary: Vocabulary
) -> None:
    schemes = {scheme.iri for scheme in vocabulary.schemes.values()}
    pointed = {q.object.value for q in document if q.predicate.value == RDFS + "seeAlso"}
    assert pointed <= schemes


def test_every_source_on_demand_names_its_licence_and_that_it_is_not_loaded() -> None:
    sources = tomllib.loads((ONTOLOGIES / "SOURCES.toml").read_text("utf-8"))["source"]
    for source in sources:
        assert {"name", "address", "licence", "format"} <= source.keys()
        assert source["status"] == "not loaded"


def test_silence_has_the_same_notation_everywhere(vocabulary: Vocabulary) -> None:
    assert {s.not_stated.notation for s in vocabulary.schemes.values()} == {NOT_STATED}
