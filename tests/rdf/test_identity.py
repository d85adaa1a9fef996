"""Our own addresses: stable, and the source's own name is kept."""

from __future__ import annotations

from given import a_graph, both, named

from catalogue.namespaces import DCAT, DCT
from catalogue.rdf.identity import identifier, rehome, with_members

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


def test_blank_nodes_of_two_records_never_share_a_name() -> None:
    labels = []
    for name in ("d", "e"):
        graph = a_graph(f"<{name}> dcat:contactPoint [ vcard:fn 'x' ] .")
        public, _ = rehome(graph, named(name), kind="dataset", source="u", base=BASE, catalog=None)
        labels.append({t.subject.value for t in public if "://" not in t.subject.value})
    assert not labels[0] & labels[1]
    assert both(a_graph("<d> dct:title 'x' .")) != both(a_graph("<d> dct:title 'y' ."))
