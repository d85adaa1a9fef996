"""What clients of a FAIR Data Point ask around its records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from web.writing import BASE, LABELS, Desk, a_dataset, a_distribution, read, writing

from catalogue.namespaces import DCAT, DCT, FDPO, LDP, PROF, SH
from catalogue.rdf.graph import Graph

TYPES = {
    "": FDPO + "FAIRDataPoint",
    "/catalog": DCAT + "Catalog",
    "/dataset": DCAT + "Dataset",
    "/dataset-series": DCAT + "DatasetSeries",
    "/series": DCAT + "DatasetSeries",
    "/distribution": DCAT + "Distribution",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def catalog(desk: Desk) -> str:
    """Five datasets, of which one is a draft; the first has a distribution."""
    made = desk.catalog()
    for number in range(4):
        desk.publish(desk.made("dataset", a_dataset(made, title=f"Genomes {number}")))
    desk.made("dataset", a_dataset(made, title="Genomes 5"))
    return made


@pytest.fixture(scope="module")
def parts(desk: Desk) -> tuple[str, str, str]:
    """A catalog, a dataset and a distribution, all public."""
    catalog = desk.catalog()
    dataset = desk.dataset(catalog)
    return catalog, dataset, desk.publish(desk.made("distribution", a_distribution(dataset)))


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def links(answer: Any) -> dict[str, str]:
    """By relation the addresses of the `Link` headers to other pages."""
    found = (re.findall(r'<([^>]+)>; rel="(\w+)"', h) for h in answer.headers.getlist("Link"))
    return {name: url for each in found for url, name in each}


def titles(answer: Any) -> list[str]:
    graph = read(answer.get_data())
    datasets = graph.instances(DCAT + "Dataset")
    return sorted(t.value for each in datasets for t in graph.objects(each, DCT + "title"))


# shapes and profiles


@pytest.mark.parametrize("prefix", TYPES)
def test_each_type_has_its_shapes(desk: Desk, prefix: str) -> None:
    graph = desk.graph(f"{BASE}{prefix}/spec")
    shapes = graph.instances(SH + "NodeShape")
    targets = {t.value for each in shapes for t in graph.objects(each, SH + "targetClass")}
    assert targets & set(TYPES.values()) == {TYPES[prefix]}
    assert any(t.predicate.value == SH + "path" for t in graph)


def test_every_part_of_a_shape_comes_along(desk: Desk) -> None:
    graph = desk.graph(f"{BASE}/dataset/spec")
    named = {t.object for t in graph if t.predicate.value == SH + "property"}
    assert named
    assert all(graph.about(each) for each in named)  # type: ignore[arg-type]


def test_each_record_points_to_profiles_that_lead_to_shapes(
    desk: Desk, parts: tuple[str, str, str]
) -> None:
    for iri in (BASE, *parts):
        graph = desk.graph(iri)
        claimed = [each.value for each in graph.objects(node(iri), DCT + "conformsTo")]
        ours = [each for each in claimed if each.startswith(f"{BASE}/profile/")]
        assert ours, iri
        for each in ours:
            profile = desk.graph(each)
            assert PROF + "Profile" in profile.types(node(each))
            (resource,) = profile.objects(node(each), PROF + "hasResource")
            (artifact,) = profile.objects(resource, PROF + "hasArtifact")  # type: ignore[arg-type]
            assert desk.graph(artifact.value).instances(SH + "NodeShape")


def test_a_record_claims_no_profile_that_it_fails(desk: Desk) -> None:
    wrong = 'hdc:numberOfUniqueIndividuals "-3"^^xsd:integer ;'
    where = desk.dataset(desk.catalog(), wrong)
    reports = desk.register.get("dataset", where.rpartition("/")[2]).reports
    conforms = {each["profile"] for each in reports if each["conforms"]}
    claimed = desk.graph(where).objects(node(where), DCT + "conformsTo")
    assert len(claimed) == len(conforms & {"minimum", "genome-inventory-1"})


def test_a_profile_has_its_key_as_a_name_too(desk: Desk) -> None:
    assert desk.ask("GET", "/profile/minimum").status_code == 200
    assert desk.ask("GET", "/profile/unknown").status_code == 404


# navigation


def test_members_and_containers_say_the_same_on_every_layer(
    desk: Desk, parts: tuple[str, str, str]
) -> None:
    for parent, child in ((BASE, parts[0]), (parts[0], parts[1]), (parts[1], parts[2])):
        graph = desk.graph(parent)
        for container in graph.instances(LDP + "DirectContainer"):
            assert graph.objects(container, LDP + "membershipResource") == [node(parent)]
            (relation,) = graph.objects(container, LDP + "hasMemberRelation")
            members = graph.objects(node(parent), relation.value)
            assert graph.objects(container, LDP + "contains") == members
        assert any(t.object == node(child) for t in graph if t.predicate.value == LDP + "contains")


def test_containers_of_two_parents_keep_apart(desk: Desk, catalog: str, parts: Any) -> None:
    merged = Graph([*desk.graph(catalog), *desk.graph(parts[0])])
    for container in merged.instances(LDP + "DirectContainer"):
        assert len(merged.objects(container, LDP + "membershipResource")) == 1


def test_everything_in_a_container_is_there_and_says_where_it_stands(
    desk: Desk, parts: tuple[str, str, str]
) -> None:
    for parent in (BASE, parts[0], parts[1]):
        graph = desk.graph(parent)
        for member in (t.object for t in graph if t.predicate.value == LDP + "contains"):
            child = desk.graph(member.value)  # type: ignore[union-attr]
            kinds = {DCAT + each for each in ("Catalog", "Dataset", "Distribution")}
            assert kinds & child.types(member)  # type: ignore[arg-type]
            assert node(parent) in child.objects(member, DCT + "isPartOf")  # type: ignore[arg-type]


def test_every_record_says_when_its_description_was_made(
    desk: Desk, parts: tuple[str, str, str]
) -> None:
    needed = {FDPO + f"metadata{each}" for each in ("Issued", "Modified", "Identifier")}
    for iri in (BASE, *parts):
        assert needed <= set(desk.graph(iri).predicates(node(iri)))


# pages


def test_pages_of_children_are_counted_from_zero(desk: Desk, catalog: str) -> None:
    pages = [desk.ask("GET", f"{catalog}/page/dataset?page={n}&size=2") for n in range(3)]
    assert titles(pages[0]) == ["Genomes 0", "Genomes 1"]
    assert titles(pages[1]) == ["Genomes 2", "Genomes 3"]
    assert (titles(pages[2]), pages[2].status_code) == ([], 200)
    assert set(links(pages[0])) == {"first", "next", "last"}
    assert set(links(pages[1])) == {"first", "prev", "last"}
    assert titles(desk.ask("GET", links(pages[0])["next"])) == titles(pages[1])


def test_pages_of_the_root_and_of_a_dataset(desk: Desk, parts: tuple[str, str, str]) -> None:
    catalogs = read(desk.ask("GET", "/page/catalog?size=100").get_data())
    assert node(parts[0]) in catalogs.instances(DCAT + "Catalog")
    assert parts[2] in desk.ask("GET", f"{parts[1]}/page/distribution").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=-1", 400),
        ("page=x", 400),
        ("page=%D9%A3", 400),
        ("page=1.5", 400),
        ("size=0", 400),
        ("size=", 400),
        ("size=1000000000", 200),
        ("page=9", 200),
        ("page=1000000000", 200),
        (f"page={60 * '9'}", 200),
    ],
)
def test_pages_that_cannot_be(desk: Desk, catalog: str, query: str, status: int) -> None:
    assert desk.ask("GET", f"{catalog}/page/dataset?{query}").status_code == status


def test_pages_of_what_has_no_such_children(desk: Desk, parts: tuple[str, str, str]) -> None:
    for path in (f"{parts[0]}/page/catalog", "/page/dataset", f"{parts[2]}/page/dataset"):
        assert desk.ask("GET", path).status_code == 404


def test_expanded_has_everything_above(desk: Desk, parts: tuple[str, str, str]) -> None:
    for number, iri in enumerate(parts):
        graph = desk.graph(f"{iri}/expanded")
        for above in (BASE, *parts[: number + 1]):
            assert graph.about(node(above)), above
    assert desk.graph(f"{BASE}/expanded").types(node(BASE))


# HTTP


def test_options_names_what_may_be_done(desk: Desk, parts: tuple[str, str, str]) -> None:
    for iri in parts:
        allowed = desk.ask("OPTIONS", iri).headers["Allow"].split(", ")
        assert set(allowed) == {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}
    assert "POST" in desk.ask("OPTIONS", "/dataset").headers["Allow"]


def test_a_browser_elsewhere_may_write_with_a_token(desk: Desk) -> None:
    answer = desk.ask("OPTIONS", "/dataset", Origin="https://tool.example")
    assert {"PUT", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("who", ["", "anna"])
def test_head_has_the_headers_of_get(desk: Desk, parts: tuple[str, str, str], who: str) -> None:
    for iri in (BASE, *parts):
        head, get = desk.ask("HEAD", iri, who), desk.ask("GET", iri, who)
        assert head.get_data() == b""
        for name in ("ETag", "Content-Type", "Link"):
            assert head.headers.getlist(name) == get.headers.getlist(name)


def test_containers_and_resources_say_so_in_link(desk: Desk, parts: tuple[str, str, str]) -> None:
    for iri in (BASE, parts[0]):
        said = ", ".join(desk.ask("GET", iri).headers.getlist("Link"))
        assert f'<{LDP}DirectContainer>; rel="type"' in said
        assert f'<{LDP}Resource>; rel="type"' in said


def test_what_a_document_says_can_be_asked_too(desk: Desk, parts: tuple[str, str, str]) -> None:
    """Everything at an address of a record is in the public store, blank nodes by any label."""
    kept = [*desk.register.graphs(), *desk.register.walk()]
    asked = {told(each) for _, lines in kept for each in Graph.from_n_triples(lines)}
    for iri in parts:
        assert {told(each) for each in desk.graph(iri)} - asked == set(), iri


def test_a_distribution_with_a_foreign_name_is_no_record_of_ours(desk: Desk) -> None:
    other = "https://umc.example/files/1"
    dataset = desk.dataset(desk.catalog(), more=f"dcat:distribution <{other}> ;")
    about = [
        each
        for _, lines in desk.register.walk()
        for each in Graph.from_n_triples(lines).about(node(other))
    ]
    assert node(other) in desk.graph(dataset).objects(node(dataset), DCAT + "distribution")
    assert about == []


def told(triple: ox.Triple) -> str:
    return LABELS.sub("_:b", str(triple))


@pytest.mark.parametrize("part", ["", "/linkset"])
def test_what_happens_elsewhere_leaves_the_date_of_a_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    with writing(tmp_path) as desk:
        catalog = desk.catalog()
        first = desk.ask("GET", catalog + part).headers
        tomorrow(desk, monkeypatch)
        desk.dataset(desk.catalog("bob"), who="bob")
        assert desk.ask("GET", catalog + part).headers["Last-Modified"] == first["Last-Modified"]
        desk.dataset(catalog)
        assert desk.ask("GET", catalog + part).headers["Last-Modified"] != first["Last-Modified"]


def tomorrow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    later = desk.kept.now() + timedelta(days=1)
    monkeypatch.setattr(desk.kept, "now", lambda: later)


# for the pages of the reference software


def test_a_client_finds_out_where_it_is(desk: Desk) -> None:
    said: Any = desk.ask("GET", "/configs/bootstrap").json
    assert said["persistentUrl"] == BASE
    assert [each["urlPrefix"] for each in said["resourceDefinitions"]][:2] == ["", "catalog"]


def test_a_concept_has_a_label(desk: Desk) -> None:
    iri = "https://w3id.org/genoomcatalogus/ns%23assay-wes"
    said: Any = desk.ask("GET", f"/label?iri={iri}&lang=nl").json
    assert said["language"] == "nl"
    assert "exoom" in said["label"].lower()
    assert desk.ask("GET", "/label?iri=https://nothing.example/").status_code == 404
