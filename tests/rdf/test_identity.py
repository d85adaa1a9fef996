"""Our own addresses: stable, and the source's own name is kept."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from given import a_graph, both, named

from catalogue.namespaces import DCAT, DCT
from catalogue.rdf.identity import (
    COLLECTIONS,
    MEMBERSHIP,
    Home,
    identifier,
    identifiers,
    persistent,
    rehome,
    spelling,
    with_members,
)

BASE = "https://catalogue.example"


def test_the_same_dataset_gets_the_same_address_every_time() -> None:
    assert identifier("noordzee", "https://x/1") == identifier("noordzee", "https://x/1")
    assert identifier("noordzee", "https://x/1") != identifier("waddenland", "https://x/1")


def test_a_description_moves_to_our_address_and_remembers_its_own() -> None:
    graph = a_graph(
        '<d> a dcat:Dataset ; dct:title "T" ; dcat:distribution <dist> . <dist> dct:title "F" .'
    )
    public, ids = rehome(graph, named("d"), kind="dataset", source="umc", base=BASE, catalog=None)
    ours = named(f"{BASE}/dataset/{identifier('umc', 'https://umc.example/d')}")
    assert public.objects(ours, DCT + "source") == [named("d")]
    assert public.objects(ours, DCAT + "distribution") == [named(f"{BASE}/distribution/{ids[0]}")]
    assert not public.about(named("d"))


def test_a_distribution_without_a_name_gets_a_stable_one() -> None:
    graph = a_graph(
        '<d> a dcat:Dataset ; dcat:distribution [ dct:title "F" ; dcat:accessURL <u> ] .'
    )
    again = a_graph(
        '<d> dcat:distribution [ dcat:accessURL <u> ; dct:title "F" ] ; a dcat:Dataset .'
    )
    made = [
        rehome(g, named("d"), kind="dataset", source="umc", base=BASE, catalog=None)[1]
        for g in (graph, again)
    ]
    assert made[0] == made[1]


def test_the_catalog_is_ours_too() -> None:
    graph = a_graph("<d> a dcat:Dataset ; dct:isPartOf <c> .")
    public, _ = rehome(
        graph, named("d"), kind="dataset", source="umc", base=BASE, catalog="https://umc.example/c"
    )
    home = named(f"{BASE}/catalog/{identifier('umc', 'https://umc.example/c')}")
    assert [t.subject.value for t in public.mentioning(home)] == [
        f"{BASE}/dataset/{identifier('umc', 'https://umc.example/d')}"
    ]
    assert not public.mentioning(named("c"))


def test_a_catalog_does_not_mention_what_is_not_published() -> None:
    graph = a_graph("<c> a dcat:Catalog ; dcat:dataset <published>, <draft> .")
    public, _ = rehome(graph, named("c"), kind="catalog", source="umc", base=BASE, catalog=None)
    assert not public.mentioning(named("draft"))
    ours = f"{BASE}/catalog/{identifier('umc', 'https://umc.example/c')}"
    listed = with_members(public, ours, [f"{BASE}/dataset/x"])
    assert listed.objects(named(ours), DCAT + "dataset") == [named(f"{BASE}/dataset/x")]


@pytest.mark.parametrize("kind", sorted(COLLECTIONS))
@pytest.mark.parametrize("link", sorted(MEMBERSHIP))
def test_whatever_is_in_a_collection_is_not_named_by_it(kind: str, link: str) -> None:
    graph = a_graph(f"<c> dct:title 'C' ; <{link}> <held> .")
    public, _ = rehome(graph, named("c"), kind=kind, source="umc", base=BASE, catalog=None)
    assert not public.mentioning(named("held"))
    assert public.mentioning(named("c")), "its own name at the source stays"


def test_blank_nodes_of_two_records_never_share_a_name() -> None:
    labels = []
    for name in ("d", "e"):
        graph = a_graph(f"<{name}> dcat:contactPoint [ vcard:fn 'x' ] .")
        public, _ = rehome(graph, named(name), kind="dataset", source="u", base=BASE, catalog=None)
        labels.append({t.subject.value for t in public if "://" not in t.subject.value})
    assert not labels[0] & labels[1]
    assert both(a_graph("<d> dct:title 'x' .")) != both(a_graph("<d> dct:title 'y' ."))


# names that mean the same


@pytest.mark.parametrize(
    "other",
    [
        "http://fdp.example/d/1",
        "https://FDP.Example/d/1",
        "https://fdp.example/d/1/",
        "https://fdp.example:443/d/1",
        "http://fdp.example:80/d/1",
        "https://fdp.example./d/1",
    ],
)
def test_spellings_of_one_address(other: str) -> None:
    assert spelling(other) == spelling("https://fdp.example/d/1")


@pytest.mark.parametrize(
    "other",
    [
        "https://fdp.example/D/1",
        "https://fdp.example:8443/d/1",
        "https://fdp.example/d/1?x=1",
        "https://fdp.example/d/1#x",
        "https://www.fdp.example/d/1",
        "ftp://fdp.example/d/1",
        "urn:d:1",
        "https://[broken/d/1",
    ],
)
def test_addresses_that_are_another(other: str) -> None:
    assert spelling(other) != spelling("https://fdp.example/d/1")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("10.5281/zenodo.123", "doi:10.5281/zenodo.123"),
        ("https://doi.org/10.5281/ZENODO.123", "doi:10.5281/zenodo.123"),
        ("http://dx.doi.org/10.5281/zenodo.123/", "doi:10.5281/zenodo.123"),
        ("doi: 10.5281/zenodo.123", "doi:10.5281/zenodo.123"),
        ("https://hdl.handle.net/21.12109/ABC", "hdl:21.12109/abc"),
        ("EGAD00001000001", "ega:egad00001000001"),
        ("https://ega-archive.org/datasets/EGAD00001000001", "ega:egad00001000001"),
        ("https://identifiers.org/ega.dataset:EGAD00001000001", "ega:egad00001000001"),
        ("https://n2t.net/ark:/12345/x6", "ark:12345/x6"),
        ("ark:12345/x6", "ark:12345/x6"),
        ("urn:nbn:nl:ui:13-abc", "nbn:nl:ui:13-abc"),
        (
            "https://www.persistent-identifier.nl/?identifier=urn:nbn:nl:ui:13-abc",
            "nbn:nl:ui:13-abc",
        ),
        ("http://w3id.org/umc/D1", "iri://w3id.org/umc/D1"),
        ("https://purl.org/umc/d1/", "iri://purl.org/umc/d1"),
        ("EGAS00001000001", None),
        ("dataset-7", None),
        ("https://fdp.example/d/1", None),
        ("7", None),
        ("", None),
    ],
)
def test_a_persistent_identifier_has_one_form(text: str, name: str | None) -> None:
    assert persistent(text) == name


def test_what_a_description_is_called_everywhere_and_at_home() -> None:
    graph = a_graph(
        '<d> a dcat:Dataset ; dct:identifier "7", <https://doi.org/10.1234/a> ;'
        ' adms:identifier [ skos:notation "EGAD00001000001" ], <https://hdl.handle.net/1/b> .'
    )
    found = identifiers(graph, named("d"))
    assert found.persistent == ("doi:10.1234/a", "ega:egad00001000001", "hdl:1/b")
    assert found.local == ("7",)


def test_a_persistent_address_is_a_name_of_its_own() -> None:
    graph = a_graph('<https://w3id.org/umc/1> a dcat:Dataset ; dct:title "x" .')
    assert identifiers(graph, named("https://w3id.org/umc/1")).persistent == (
        "iri://w3id.org/umc/1",
    )


def test_a_name_that_is_too_long_is_kept_as_a_digest() -> None:
    found = persistent("10.1234/" + "x" * 5000)
    assert found is not None
    assert found.startswith("sha256:")


def test_a_known_record_keeps_its_id_and_that_of_its_catalog() -> None:
    graph = a_graph('<d> a dcat:Dataset ; dct:title "x"@en ; dct:isPartOf <c> .')
    public, _ = rehome(
        graph,
        named("d"),
        kind="dataset",
        source="umc",
        base=BASE,
        catalog=named("c").value,
        at=Home("oldrecord", "oldcatalog"),
    )
    ours = ox.NamedNode(f"{BASE}/dataset/oldrecord")
    assert f"{BASE}/catalog/oldcatalog" in {
        term.value for term in public.objects(ours, DCT + "isPartOf")
    }
