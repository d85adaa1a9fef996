"""The lists in the genome inventory profile are the lists of our vocabulary."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from validation import corpus

from catalogue.namespaces import GC, SH, SKOS
from catalogue.validation.paths import items
from catalogue.validation.profile import load
from catalogue.validation.view import View

ONTOLOGIES = Path(__file__).parents[2] / "ontologies"
SHAPES = load(corpus.SHAPES / "genome-inventory-1").shapes


def lists() -> list[tuple[str, set[str]]]:
    """Each sh:in list of the profile, with the property that it is for."""
    view = View(SHAPES)
    return [
        (str(shape.value), {str(item.value) for item in items(SHAPES, head)})
        for shape, head in sorted(view.pairs(SH + "in"), key=str)
    ]


def vocabulary() -> View:
    quads = (
        quad
        for path in ONTOLOGIES.glob("*.ttl")
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    return View({quad.triple for quad in quads})


@pytest.mark.parametrize(("shape", "listed"), lists(), ids=[name for name, _ in lists()])
def test_a_list_holds_exactly_the_concepts_of_one_scheme(shape, listed):
    known = vocabulary()
    schemes = {s for iri in listed for s in known.objects(ox.NamedNode(iri), SKOS + "inScheme")}
    (scheme,) = schemes
    members = {str(concept.value) for concept in known.subjects(scheme, SKOS + "inScheme")}
    assert listed == members


def test_every_assay_and_term_of_the_vocabulary_is_accepted():
    known = vocabulary()
    for name, path in (("AssayScheme", "assay"), ("DataUseScheme", "term")):
        test = _pattern(GC + path)
        concepts = known.subjects(ox.NamedNode(GC + name), SKOS + "inScheme")
        assert concepts
        assert [c for c in concepts if not test(str(c.value))] == []


def _pattern(path: str):
    for shape in SHAPES.subjects():
        pattern = SHAPES.value(shape, SH + "pattern")
        if pattern and SHAPES.value(shape, SH + "path") == ox.NamedNode(path):
            return re.compile(pattern.value).search
    raise AssertionError(f"no pattern for {path}")
