"""What the catalogue reads in the demonstration is what its authors meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.model.dataset import Dataset
from catalogue.rdf import read
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import split
from catalogue.terms.concept import Concept, Scheme, Vocabulary
from catalogue.terms.load import load
from examples.hospitals.describe import UNKNOWN_CODE
from examples.hospitals.expected import Expected, expected
from examples.hospitals.generate import generate
from examples.hospitals.hospital import Hospital, hospitals
from examples.hospitals.site import Record, records

ROOT = Path(__file__).parents[2]
UNMAPPED = "http://www.orpha.net/ORDO/Orphanet_98053"
"""Written beside our own concept in two records; MONDO's term for it is obsolete."""


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as parser:
        yield parser


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load(path.read_bytes() for path in sorted((ROOT / "ontologies").glob("*.ttl")))


def datasets(parser: Parser, hospital: Hospital, found: list[Record]) -> dict[str, Dataset]:
    text = "\n".join(record.whole for record in found if record.id != "kapot")
    graph = parser.parse(text.encode(), media_type="text/turtle", base=hospital.base)
    read_ = {}
    for description in split(graph, source=hospital.url):
        if description.kind == "dataset":
            mended = normalise(description)
            value = read.dataset(mended.graph, mended.subject)
            title = value.title.texts[0].value if value.title else ""
            read_[description.subject.value] = read_[title] = value
    return read_


def nearest(scheme: Scheme, code: str) -> Concept | None:
    found = scheme.nearest(code)
    return found[0] if found else None


def slugs(scheme: Scheme, codes: list[str]) -> set[str]:
    known = {code: nearest(scheme, code) for code in codes if code != UNMAPPED}
    return {concept.notation if concept else code for code, concept in known.items()}


def assays(dataset: Dataset) -> list[str]:
    return [*dataset.assays, *(group.assay for group in dataset.assay_groups if group.assay)]


def terms(dataset: Dataset) -> list[str]:
    found = [each.term for stratum in dataset.consent for each in stratum.conditions]
    return [term.rpartition("/")[2] if term.endswith(UNKNOWN_CODE) else term for term in found]


@pytest.mark.parametrize("hospital", hospitals(), ids=lambda hospital: hospital.slug)
def test_every_dataset_is_read_as_it_was_meant(
    hospital: Hospital, parser: Parser, vocabulary: Vocabulary
) -> None:
    found = records(hospital, generate(hospitals())[hospital.slug])
    read_ = datasets(parser, hospital, found)
    for each in expected():
        if each.hospital == hospital.slug and each.state != "broken":
            assert_read(each, read_[each.iri or each.title], vocabulary)


def assert_read(meant: Expected, dataset: Dataset, vocabulary: Vocabulary) -> None:
    individuals = None if dataset.individuals is None else dataset.individuals.value
    targets = [str(linkage.target) for linkage in dataset.linkages]
    assert individuals == meant.individuals, meant.id
    assert slugs(vocabulary.scheme("disease"), list(dataset.diseases)) == meant.diseases, meant.id
    assert slugs(vocabulary.scheme("assay"), assays(dataset)) == meant.assays, meant.id
    assert slugs(vocabulary.scheme("data-use"), terms(dataset)) == meant.codes, meant.id
    assert slugs(vocabulary.scheme("linkage-target"), targets) == meant.linkages, meant.id
