"""Our restated profiles against the official shapes: the same verdict on real files."""

import logging

import pytest
from validation import corpus

from catalogue.rdf.graph import Graph
from catalogue.validation.compiled import Compiled
from catalogue.validation.explain import Explainer
from catalogue.validation.profile import profiles
from catalogue.validation.report import Report, report
from catalogue.validation.view import View

PROFILES = profiles(corpus.SHAPES)

DCAT_AP = "shapes/SEMICeu_DCAT-AP/3.0.1/html-shacl/shapes.ttl"
OFFICIAL = {
    "health-ri-core-2": ["shapes/Health-RI_health-ri-metadata/shacl/Core/PiecesShape/*.ttl"],
    "dcat-ap-3": [DCAT_AP],
    "dcat-ap-nl-3": ["shapes/Geonovum_DCAT-AP-NL30/301/dcat-ap-nl-SHACL.ttl", DCAT_AP],
    "healthdcat-ap-8": ["shapes/HealthDCAT-AP_R8_*/*.ttl", DCAT_AP],
}
"""One of the official GDI files does not parse; `make parity` mends it, and compares more."""


def official(key: str) -> Graph:
    folder = corpus.data()
    if folder is None:
        pytest.skip("no folder of real metadata; see corpus.py")
    paths = [path for pattern in OFFICIAL[key] for path in sorted(folder.glob(pattern))]
    graphs = [corpus.example(path) for path in paths]
    return Graph(triple for graph in graphs for triple in graph)


def checked(key: str, shapes: Graph, graph: Graph) -> Report:
    view, explainer = View(graph), Explainer(shapes)
    return report(key, (explainer.finding(view, r) for r in Compiled(shapes).results(view)))


@pytest.mark.parametrize("key", sorted(OFFICIAL))
def test_our_profile_gives_the_official_verdict_on_real_files(key, caplog):
    caplog.set_level(logging.CRITICAL, logger="rdflib.term")
    theirs, ours = official(key), PROFILES[key].shapes
    different = {
        (key, name)
        for name, graph in corpus.real_files()
        if checked(key, ours, graph).conforms != checked(key, theirs, graph).conforms
    }
    assert different == set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_listed_value_may_have_the_address_that_the_official_shapes_misspell(scheme):
    synthetic = (
        f"<{scheme}://publications.europa.eu/resource/authority/dataset-type/SYNTHETIC_DATA>"
    )
    graph = corpus.turtle(f":d a dcat:Dataset ; dct:type {synthetic} .")
    found = checked("gdi-1", PROFILES["gdi-1"].shapes, graph).findings
    assert [f for f in found if f.component == "InConstraintComponent"] == []
