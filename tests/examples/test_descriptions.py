"""The demonstration hospitals, as values and as text: no server, no catalogue."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from examples.hospitals.consent import SITUATIONS, strata
from examples.hospitals.describe import DUO
from examples.hospitals.diseases import DISEASES, ENCODINGS, encode, with_narrower
from examples.hospitals.expected import ASSAY_BROADER, Expected, expected, matching
from examples.hospitals.generate import generate, save
from examples.hospitals.hospital import Hospital, hospitals
from examples.hospitals.mess import QUIRKS
from examples.hospitals.site import Record, records
from examples.hospitals.topics import ASSAYS, TOPICS

ROOT = Path(__file__).parents[2]
DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
GC = "https://w3id.org/genoomcatalogus/ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.fixture(scope="module")
def found() -> list[tuple[Hospital, Record]]:
    generated = generate(hospitals())
    return [
        (each, record) for each in hospitals() for record in records(each, generated[each.slug])
    ]


@pytest.fixture(scope="module")
def answers() -> list[Expected]:
    return expected()


def parsed(text: str, base: str) -> list[ox.Triple]:
    quads = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=base)
    return [quad.triple for quad in quads]


def objects(triples: list[ox.Triple], predicate: str) -> list[ox.Literal | ox.NamedNode]:
    return [triple.object for triple in triples if triple.predicate.value == predicate]


# The hospitals


def test_there_are_ten_organisations_of_which_two_are_cancer_centres() -> None:
    kinds = Counter(hospital.kind for hospital in hospitals())
    assert kinds == {"university hospital": 8, "cancer centre": 2}


def test_every_address_of_a_hospital_ends_in_example() -> None:
    for hospital in hospitals():
        assert hospital.host.endswith(".example")
        assert hospital.contact.endswith(f"@{hospital.slug}.example")


def test_every_protocol_is_spoken_by_some_hospital() -> None:
    assert {hospital.protocol for hospital in hospitals()} == {"fdp", "dcat-hydra", "dcat-file"}


def test_the_sources_for_the_command_line_are_these_hospitals() -> None:
    given = tomllib.loads((ROOT / "examples/sources-demo.toml").read_text("utf-8"))["source"]
    harvesters = {"fdp": "fdp", "dcat-hydra": "dcat", "dcat-file": "dcat"}
    assert all(each.pop("schedule") for each in given)
    assert all(each.pop("contact").endswith(".example") for each in given)
    assert given == [
        {
            "slug": hospital.slug,
            "title": hospital.name["nl"],
            "protocol": harvesters[hospital.protocol],
            "url": hospital.url,
        }
        for hospital in hospitals()
    ]


def test_hospitals_name_only_topics_and_quirks_that_exist() -> None:
    for hospital in hospitals():
        assert set(hospital.specialties) <= TOPICS.keys()
        assert set(hospital.quirks) <= QUIRKS.keys()


# The descriptions


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    counts = [save(tmp_path / name) for name in ("first", "second")]
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files}
        for name in ("first", "second")
        if (files := sorted((tmp_path / name).rglob("*.ttl")))
    )
    assert first == second
    assert counts == [148, 148]


def test_another_seed_invents_other_datasets() -> None:
    assert generate(hospitals(), seed=1) != generate(hospitals(), seed=2)


def test_at_least_twenty_descriptions_are_written_by_hand() -> None:
    assert sum(len(list(h.folder.glob("dataset/*.ttl"))) for h in hospitals()) >= 20


def test_every_description_parses_except_the_one_that_is_broken(
    found: list[tuple[Hospital, Record]],
) -> None:
    broken = set()
    for hospital, record in found:
        try:
            assert parsed(record.whole, hospital.base)
        except SyntaxError:
            broken.add(record.id)
    assert broken == {"kapot"}


def test_every_description_says_that_it_is_synthetic(
    found: list[tuple[Hospital, Record]],
) -> None:
    for hospital, record in found:
        if record.id == "kapot":
            continue
        triples = parsed(record.dataset, hospital.base)
        words = {word.value for word in objects(triples, f"{DCAT}keyword")}
        assert words & {"synthetic demonstration", "synthetische demonstratie"}, record.id
        for text in objects(triples, f"{DCT}description"):
            assert re.search(r"[Ss]ynthet", text.value), record.id


def test_titles_differ_within_a_hospital(answers: list[Expected]) -> None:
    titles = Counter((each.hospital, each.title) for each in answers if each.title)
    assert [title for title, times in titles.items() if times > 1] == []


def test_only_concepts_of_the_vocabulary_are_used(found: list[tuple[Hospital, Record]]) -> None:
    known = {
        quad.subject.value
        for path in (ROOT / "ontologies").glob("*.ttl")
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    used = {
        triple.object.value
        for hospital, record in found
        if record.id != "kapot"
        for triple in parsed(record.dataset, hospital.base)
        if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(GC)
    }
    assert used <= known


@pytest.mark.parametrize("disease", DISEASES.values(), ids=lambda disease: disease.slug)
def test_every_code_of_a_disease_means_the_same_concept_in_the_vocabulary(disease) -> None:
    matches: dict[str, set[str]] = {}
    for quad in ox.parse(path=ROOT / "ontologies/diseases.ttl"):
        if quad.predicate.value in {f"{SKOS}exactMatch", f"{SKOS}narrowMatch"}:
            matches.setdefault(quad.object.value, set()).add(quad.subject.value)
    codes = {
        "http://purl.obolibrary.org/obo/MONDO_": disease.mondo,
        "http://snomed.info/id/": disease.snomed,
        "http://www.orpha.net/ORDO/Orphanet_": disease.ordo,
        "http://id.who.int/icd/release/10/2019/": disease.icd10,
    }
    for start, code in codes.items():
        if code:
            assert matches.get(start + code) == {f"{GC}disease-{disease.slug}"}, start + code


def test_the_generator_states_the_disease_hierarchy_of_the_vocabulary() -> None:
    broader: dict[str, set[str]] = {}
    for quad in ox.parse(path=ROOT / "ontologies/diseases.ttl"):
        if quad.predicate.value == f"{SKOS}broader":
            slug = quad.subject.value.removeprefix(f"{GC}disease-")
            broader.setdefault(slug, set()).add(quad.object.value.removeprefix(f"{GC}disease-"))
    for disease in DISEASES.values():
        theirs = _above(disease.slug, broader) & DISEASES.keys()
        assert theirs == _ours_above(disease.slug), disease.slug


def _above(slug: str, broader: dict[str, set[str]]) -> set[str]:
    direct = broader.get(slug, set())
    return direct.union(*(_above(each, broader) for each in direct))


def _ours_above(slug: str) -> set[str]:
    return {each for each in DISEASES if slug in with_narrower(each)} - {slug}


# What is covered


def test_every_data_use_term_occurs(answers: list[Expected]) -> None:
    codes = set().union(*(each.codes for each in answers if each.state == "published"))
    assert codes >= {*DUO, "not-stated", "linkage-prohibited", "DUO_0009999"}


def test_the_malformed_ancestry_term_occurs(found: list[tuple[Hospital, Record]]) -> None:
    assert any("DUO_00000044" in record.dataset for _, record in found)


def test_every_way_to_write_a_disease_occurs() -> None:
    used = Counter(
        each.encoding
        for of_hospital in generate(hospitals()).values()
        for each in of_hospital
        if each.diseases
    )
    assert used.keys() == ENCODINGS.keys()


def test_every_quirk_occurs() -> None:
    used = {each.quirk for of in generate(hospitals()).values() for each in of}
    assert used == {*QUIRKS, ""}


def test_every_kind_of_count_occurs(answers: list[Expected]) -> None:
    counts = [each.individuals for each in answers]
    assert None in counts
    assert 0 in counts
    assert any(count is not None and 0 < count < 10 for count in counts)
    assert any(count is not None and count > 20_000 for count in counts)


def test_a_stratum_has_no_count_when_the_dataset_has_none() -> None:
    first, second = strata("HMB@60 | DS=own@20", disease="cancer", home="", individuals=None)
    assert (first.individuals, second.individuals) == (None, None)


def test_a_situation_splits_into_strata_with_their_share() -> None:
    first, second = strata("HMB;NPU@60 | DS=own@20", disease="cancer", home="", individuals=200)
    assert (first.individuals, second.individuals) == (120, 40)
    assert [condition.code for condition in first.conditions] == ["HMB", "NPU"]
    assert second.conditions[0].parameters == ("<http://purl.obolibrary.org/obo/MONDO_0004992>",)


def test_silence_about_consent_makes_no_stratum() -> None:
    assert "" in SITUATIONS
    assert strata("", disease="cancer", home="", individuals=5) == []


def test_a_disease_without_the_code_is_written_as_our_concept() -> None:
    assert encode("melanoma", "ordo") == (
        ("hri:healthConditionOfInterest", f"<{GC}disease-melanoma>"),
    )


# The answers for other tests


def test_the_state_of_every_dataset_is_known(answers: list[Expected]) -> None:
    assert Counter(each.state for each in answers) == {
        "published": 170,
        "draft": 7,
        "held": 1,
        "broken": 1,
    }


def test_a_disease_is_found_with_everything_below_it(answers: list[Expected]) -> None:
    both = matching(answers, disease="cardiomyopathy", assays={"wes", "wgs"})
    diseases = set().union(*(each.diseases for each in both))
    assert diseases == {
        "cardiomyopathy",
        "dilated-cardiomyopathy",
        "hypertrophic-cardiomyopathy",
        "arrhythmogenic-cardiomyopathy",
    }


def test_a_facet_of_consent_narrows_the_answer(answers: list[Expected]) -> None:
    wide = matching(answers, disease="cardiomyopathy", assays={"wes", "wgs"})
    narrow = matching(answers, disease="cardiomyopathy", assays={"wes", "wgs"}, codes={"HMB"})
    assert 0 < len(narrow) < len(wide)
    assert {"dcm-genomes", "cardiomyopathy-exomes-2019-2024"} <= {each.id for each in narrow}


def test_an_unstated_assay_matches_no_assay(answers: list[Expected]) -> None:
    found = matching(answers, disease="cardiomyopathy", assays=set(ASSAYS))
    assert "cardiac-panel-2018-2024" not in {each.id for each in found}


def test_the_assay_steps_are_those_of_the_vocabulary() -> None:
    steps = {
        tuple(term.value.removeprefix(f"{GC}assay-") for term in (quad.subject, quad.object))
        for quad in ox.parse(path=ROOT / "ontologies/assays.ttl")
        if quad.predicate.value == f"{SKOS}broader"
    }
    assert {step for step in steps if set(step) <= ASSAYS.keys()} == set(ASSAY_BROADER.items())


def test_the_table_of_diseases_has_no_code_twice() -> None:
    with (ROOT / "examples/hospitals/diseases.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for vocabulary in ("mondo", "snomed", "ordo", "icd10", "wikidata"):
        codes = [row[vocabulary] for row in rows if row[vocabulary]]
        assert len(codes) == len(set(codes)), vocabulary
