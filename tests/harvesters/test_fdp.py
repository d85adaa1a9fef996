from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from misbehaving import Impatient, Misbehaving, answering, raw, redirecting, silent

from catalogue.errors import AddressRefused, FetchFailed, Forbidden, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.source import AllUnchanged, Item, Mark, Missed, Received, Source
from harvesters.fdp import harvest

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix old: <http://rdf.biosemantics.org/ontologies/fdp-o#> .
@prefix purl: <https://purl.org/fdp/fdp-o#> .
@prefix r3d2: <http://www.re3data.org/schema/2-2#> .
@prefix r3d: <http://www.re3data.org/schema/3-0#> .
"""
HOST = "http://fdp.example"


def a_source(url: str = HOST) -> Source:
    return Source(slug="umc-a", title="UMC A", protocol="fdp", url=url)


def serve(server: Misbehaving, **pages: str) -> None:
    """Serve Turtle at `/`, `/c1`, `/d1` and so on; `root` is `/`."""
    for name, turtle in pages.items():
        path = "/" if name == "root" else f"/{name}"
        server.answer(path, PREFIXES + turtle)


def taken(found: list[Item]) -> list[str]:
    """The records, as the path of their IRI."""
    return [
        subject.removeprefix(HOST)
        for item in found
        if isinstance(item, Received)
        for subject in item.subjects or ("everything",)
    ]


def missed(found: list[Item]) -> dict[str, type]:
    return {
        item.url.removeprefix(HOST): type(item.reason) for item in found if isinstance(item, Missed)
    }


def received(found: list[Item], path: str) -> Received:
    [one] = [i for i in found if isinstance(i, Received) and i.subjects == (HOST + path,)]
    return one


ROOT = "<> a fdp:FAIRDataPoint ; fdp:metadataCatalog </c1> ."
CATALOG = "</c1> a dcat:Catalog ; dct:title 'C' ; dcat:dataset </d1>, </d2> ."
D1 = "</d1> a dcat:Dataset ; dct:title 'one' ."
D2 = "</d2> a dcat:Dataset ; dct:title 'two' ."


def test_root_catalogs_datasets_and_their_distributions_are_found(
    server: Misbehaving, web: Session
) -> None:
    with_distribution = D1 + "</d1> dcat:distribution </x1>, </x2> . </x2> dct:title 'inline' ."
    serve(server, root=ROOT, c1=CATALOG, d1=with_distribution, d2=D2)
    serve(server, x1="</x1> a dcat:Distribution ; dct:title 'file' .")
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/c1", "/d1", "/d2"]
    assert [d.url for d in received(found, "/d1").documents] == [HOST + "/d1", HOST + "/x1"]
    assert received(found, "/d1").catalog == HOST + "/c1"
    assert received(found, "/c1").catalog is None
    assert received(found, "/d1").complete
    assert missed(found) == {}
    assert sorted(server.paths) == ["/", "/c1", "/d1", "/d2", "/x1"]


def test_the_reference_implementation_is_read_with_its_shared_containers_and_leaked_drafts(
    server: Misbehaving, web: Session
) -> None:
    container = """
        </{child}/> a ldp:DirectContainer ; dct:title 'children' ;
            ldp:membershipResource <> ; ldp:hasMemberRelation {relation} ; ldp:contains {members} .
    """
    contains_catalogs = container.format(
        child="catalog", relation="fdp:metadataCatalog", members="</catalog/a>, </catalog/b>"
    )
    one, two = (
        container.format(child="dataset", relation="dcat:dataset", members=members)
        for members in ("</dataset/1>, </dataset/draft>", "</dataset/2>")
    )
    record = "<> a dcat:{kind}, dcat:Resource ; dct:title 'T' ; dct:isPartOf </> ."
    server.answer("/", PREFIXES + "<> a fdp:FAIRDataPoint, r3d:Repository ." + contains_catalogs)
    server.answer("/catalog/a", PREFIXES + record.format(kind="Catalog") + one)
    server.answer("/catalog/b", PREFIXES + record.format(kind="Catalog") + two)
    server.answer("/dataset/1", PREFIXES + record.format(kind="Dataset"))
    server.answer("/dataset/2", PREFIXES + record.format(kind="Dataset"))
    server.answer("/dataset/draft", status=403)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/catalog/a", "/catalog/b", "/dataset/1", "/dataset/2"]
    assert received(found, "/dataset/1").catalog == HOST + "/catalog/a"
    assert received(found, "/dataset/2").catalog == HOST + "/catalog/b"
    assert missed(found) == {"/dataset/draft": Forbidden}


@pytest.mark.parametrize(
    "root",
    [
        "<> a fdp:FAIRDataPoint ; fdp:metadataCatalog </c1> .",
        "<> a purl:FAIRDataPoint ; purl:metadataCatalog </c1> .",
        "<> a old:FAIRDataPoint ; old:metadataCatalog </c1> .",
        "<> a r3d:Repository ; r3d:dataCatalog </c1> .",
        "<> a r3d2:Repository ; r3d2:dataCatalog </c1> .",
        "<> a fdp:MetadataService, dcat:DataService ; fdp:metadataCatalog </c1> .",
        "<> a dcat:Catalog ; dct:title 'all' ; dcat:catalog </c1> .",
        "[] a ldp:DirectContainer ; ldp:contains </c1> .",
    ],
    ids=[
        "fdp-o",
        "purl",
        "biosemantics",
        "r3d",
        "r3d of old",
        "a metadata service",
        "dcat:catalog",
        "a blank container",
    ],
)
def test_every_way_of_linking_to_a_catalog_is_followed(
    server: Misbehaving, web: Session, root: str
) -> None:
    serve(server, root=root, c1=CATALOG, d1=D1, d2=D2)
    assert taken(list(harvest(a_source(), web)))[-3:] == ["/c1", "/d1", "/d2"]


def test_datasets_linked_from_the_root_itself_are_found(server: Misbehaving, web: Session) -> None:
    serve(server, root="<> a dcat:DataService ; dcat:dataset </d1>, </d2> .", d1=D1, d2=D2)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/d1", "/d2"]
    assert received(found, "/d1").catalog is None


def test_a_catalog_can_be_the_start(server: Misbehaving, web: Session) -> None:
    serve(server, c1=CATALOG, d1=D1, d2=D2)
    assert taken(list(harvest(a_source(HOST + "/c1"), web))) == ["/c1", "/d1", "/d2"]


def test_a_series_in_a_catalog_is_taken_and_what_it_contains_stays_in_the_catalog(
    server: Misbehaving, web: Session
) -> None:
    series = "</s> a dcat:DatasetSeries, dcat:Dataset ; dct:title 'S' . [] ldp:contains </d1> ."
    catalog = "</c1> a dcat:Catalog ; dct:title 'C' . [] ldp:contains </s> ."
    in_series = D1 + "</d1> dcat:inSeries </never-asked-for> ."
    serve(server, root=ROOT, c1=catalog, s=series, d1=in_series)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/c1", "/s", "/d1"]
    assert received(found, "/d1").catalog == HOST + "/c1"
    assert "/never-asked-for" not in server.paths


# Which record a page is about


@pytest.mark.parametrize(
    "subject",
    ["https://fdp.example/d1", "http://fdp.example/d1/", "http://FDP.example:80/d1", "/d1#dataset"],
)
def test_a_record_keeps_its_own_iri_when_its_address_is_spelled_otherwise(
    server: Misbehaving, web: Session, subject: str
) -> None:
    dataset = f"<{subject}> a dcat:Dataset ; dct:title 'one' . </other> a dcat:Dataset ."
    serve(server, root=ROOT, c1=CATALOG, d1=dataset, d2=D2)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/c1", subject.removeprefix(HOST), "/d2"]


def test_a_persistent_iri_that_differs_from_the_address_is_the_name(
    server: Misbehaving, web: Session
) -> None:
    dataset = "<https://id.example/abc> a dcat:Dataset ; dct:title 'one' ."
    serve(server, root=ROOT, c1=CATALOG, d1=dataset, d2=D2)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/c1", "https://id.example/abc", "/d2"]


def test_a_page_about_a_record_is_not_the_record(server: Misbehaving, web: Session) -> None:
    page = "<> a dcat:CatalogRecord ; foaf:primaryTopic <#it> . <#it> a dcat:Dataset ."
    serve(server, root=ROOT, c1=CATALOG, d1=page, d2=D2)
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/d1#it", "/d2"]


def test_a_root_that_sketches_its_catalog_is_not_taken_for_the_catalog(
    server: Misbehaving, web: Session
) -> None:
    sketch = "<https://id.example/> a fdp:FAIRDataPoint . </c1> a dcat:Catalog ; dct:title 'C' ."
    serve(server, root=ROOT + sketch, c1=CATALOG, d1=D1, d2=D2)
    found = list(harvest(a_source(), web))
    assert received(found, "/c1").url == HOST + "/c1"


def test_several_datasets_at_an_address_of_none_of_them_are_reported(
    server: Misbehaving, web: Session
) -> None:
    muddle = "<#a> a dcat:Dataset ; dct:title 'a' . <#b> a dcat:Dataset ; dct:title 'b' ."
    serve(server, root=ROOT, c1=CATALOG, d2=D2)
    server.answer("/d1", PREFIXES + muddle.replace("#", "https://id.example/"))
    found = list(harvest(a_source(), web))
    assert (taken(found), missed(found)) == (["/c1", "/d2"], {"/d1": NotRdf})


def test_a_record_found_at_two_addresses_is_taken_once(server: Misbehaving, web: Session) -> None:
    serve(server, root=ROOT, c1=CATALOG, d1=D1, d2=D1)
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/d1"]


def test_a_dataset_in_two_catalogs_is_fetched_once(server: Misbehaving, web: Session) -> None:
    root = "<> a fdp:FAIRDataPoint ; fdp:metadataCatalog </c1>, </c2> ."
    second = CATALOG.replace("</c1>", "</c2>").replace("</d1>", "<http://fdp.example/d1/>")
    serve(server, root=root, c1=CATALOG, c2=second, d1=D1, d2=D2)
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/c2", "/d1", "/d2"]
    assert server.paths.count("/d1") == 1


def test_records_that_are_parts_of_the_root_document_are_taken_from_it(
    server: Misbehaving, web: Session
) -> None:
    root = """
        <> a fdp:FAIRDataPoint ; fdp:metadataCatalog <#c> .
        <#c> a dcat:Catalog ; dct:title 'C' ; dcat:dataset <#d> .
        <#d> a dcat:Dataset ; dct:title 'D' .
    """
    serve(server, root=root)
    found = list(harvest(a_source(HOST + "/"), web))
    assert taken(found) == ["/#c", "/#d"]
    assert received(found, "/#d").catalog == HOST + "/#c"
    assert server.paths == ["/"]


def test_a_catalog_sketched_in_the_root_keeps_its_datasets(
    server: Misbehaving, web: Session
) -> None:
    serve(server, root=ROOT + CATALOG, c1=CATALOG, d1=D1, d2=D2)
    found = list(harvest(a_source(), web))
    assert taken(found) == ["/c1", "/d1", "/d2"]
    assert received(found, "/d1").catalog == HOST + "/c1"


# What goes wrong


def test_one_child_that_times_out_is_missed_and_the_walk_goes_on(
    server: Misbehaving, web: Session
) -> None:
    serve(server, root=ROOT, c1=CATALOG, d2=D2)
    server.behave("/d1", silent)
    found = list(harvest(a_source(), Impatient(web, HOST + "/d1")))
    assert (taken(found), missed(found)) == (["/c1", "/d2"], {"/d1": FetchFailed})


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(answering(status=500), FetchFailed, id="500"),
        pytest.param(answering(status=404), FetchFailed, id="404"),
        pytest.param(answering(status=401), Forbidden, id="401"),
        pytest.param(answering("<html>", media_type="text/html"), NotRdf, id="a web page"),
        pytest.param(answering("</d1> a "), NotRdf, id="half a document"),
        pytest.param(raw(b""), FetchFailed, id="a broken connection"),
        pytest.param(redirecting("http://elsewhere.example/d2"), AddressRefused, id="elsewhere"),
        pytest.param(redirecting("http://127.0.0.1/"), AddressRefused, id="inside"),
    ],
)
def test_a_child_that_fails_is_missed_with_its_reason(
    server: Misbehaving, web: Session, behaviour: Any, reason: type
) -> None:
    serve(server, root=ROOT, c1=CATALOG, d2=D2)
    server.behave("/d1", behaviour)
    found = list(harvest(a_source(), web))
    assert (taken(found), missed(found)) == (["/c1", "/d2"], {"/d1": reason})


def test_a_catalog_that_fails_hides_no_other_catalog(server: Misbehaving, web: Session) -> None:
    root = "<> a fdp:FAIRDataPoint ; fdp:metadataCatalog </c0>, </c1> ."
    serve(server, root=root, c1=CATALOG, d1=D1, d2=D2)
    server.answer("/c0", status=500)
    found = list(harvest(a_source(), web))
    assert (taken(found), missed(found)) == (["/c1", "/d1", "/d2"], {"/c0": FetchFailed})


def test_a_distribution_that_fails_leaves_its_dataset_incomplete(
    server: Misbehaving, web: Session
) -> None:
    serve(server, root=ROOT, c1=CATALOG, d1=D1 + "</d1> dcat:distribution </x1> .", d2=D2)
    server.behave("/x1", silent)
    found = list(harvest(a_source(), Impatient(web, HOST + "/x1")))
    assert not received(found, "/d1").complete
    assert missed(found) == {"/x1": FetchFailed}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_distribution_that_is_closed_or_gone_stays_a_link(
    server: Misbehaving, web: Session, status: int
) -> None:
    serve(server, root=ROOT, c1=CATALOG, d1=D1 + "</d1> dcat:distribution </x1> .", d2=D2)
    server.answer("/x1", status=status)
    found = list(harvest(a_source(), web))
    assert received(found, "/d1").complete
    assert missed(found) == {}


def test_a_distribution_elsewhere_is_not_asked_for(server: Misbehaving, web: Session) -> None:
    dataset = D1 + "</d1> dcat:distribution <http://elsewhere.example/x> ."
    serve(server, root=ROOT, c1=CATALOG, d1=dataset, d2=D2)
    found = list(harvest(a_source(), web))
    assert (taken(found), missed(found)) == (["/c1", "/d1", "/d2"], {})
    assert "/x" not in server.paths


def test_a_child_at_another_host_is_reported_and_not_asked_for(
    server: Misbehaving, web: Session
) -> None:
    root = "<> a fdp:FAIRDataPoint . [] ldp:contains <http://elsewhere.example/c9>, </c1> ."
    serve(server, root=root, c1=CATALOG, d1=D1, d2=D2)
    found = list(harvest(a_source(), web))
    assert missed(found) == {"http://elsewhere.example/c9": AddressRefused}
    assert "/c9" not in server.paths


def test_a_child_at_a_host_that_the_operator_allows_is_followed(
    server: Misbehaving, web: Session
) -> None:
    web.allowed_hosts = ("elsewhere.example",)
    root = "<> a fdp:FAIRDataPoint . [] ldp:contains <http://elsewhere.example/d1> ."
    serve(server, root=root, d1=D1)
    assert taken(list(harvest(a_source(), web))) == ["http://elsewhere.example/d1"]


def test_a_child_at_another_host_that_is_described_here_is_taken_from_here(
    server: Misbehaving, web: Session
) -> None:
    catalog = (
        CATALOG
        + """
        </c1> dcat:dataset <https://id.example/d9> .
        <https://id.example/d9> a dcat:Dataset ; dct:title 'nine' .
    """
    )
    serve(server, root=ROOT, c1=catalog, d1=D1, d2=D2)
    found = list(harvest(a_source(), web))
    assert "https://id.example/d9" in taken(found)
    assert missed(found) == {}


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://127.0.0.1:6379/",
        "http://fdp.example:99999/",
    ],
)
def test_a_link_to_something_dangerous_is_reported_and_not_followed(
    server: Misbehaving, web: Session, link: str
) -> None:
    serve(server, root=f"<> a fdp:FAIRDataPoint . [] ldp:contains <{link}> .")
    assert missed(list(harvest(a_source(), web))) == {link.removeprefix(HOST): AddressRefused}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_root_that_fails_fails_the_source(server: Misbehaving, web: Session, status: int) -> None:
    server.answer("/", status=status)
    with pytest.raises(FetchFailed):
        list(harvest(a_source(), web))


def test_rdf_that_is_no_fair_data_point_fails_the_source(server: Misbehaving, web: Session) -> None:
    serve(server, root="<> dct:title 'a poem' .")
    with pytest.raises(NotRdf, match="is no FAIR Data Point"):
        list(harvest(a_source(), web))


def test_a_fair_data_point_without_catalogs_is_empty_and_no_failure(
    server: Misbehaving, web: Session
) -> None:
    serve(server, root="<> a fdp:FAIRDataPoint .")
    assert list(harvest(a_source(), web)) == []


def test_a_walk_in_circles_ends(server: Misbehaving, web: Session) -> None:
    catalog = CATALOG + "[] ldp:contains </>, </c1>, <http://fdp.example/c1/> ."
    serve(server, root=ROOT, c1=catalog, d1=D1, d2=D2)
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/d1", "/d2"]


def test_a_walk_that_goes_too_deep_is_cut_off_and_reported(
    server: Misbehaving, web: Session
) -> None:
    for number in range(5):
        serve(server, **{f"n{number}": f"[] ldp:contains </n{number + 1}> ."})
    serve(server, root="[] ldp:contains </n0> .")
    found = list(harvest(a_source(), web, most_depth=3))
    assert missed(found) == {"/n3": FetchFailed}


def test_more_records_than_the_limit_are_reported(server: Misbehaving, web: Session) -> None:
    serve(server, root=ROOT, c1=CATALOG, d1=D1, d2=D2)
    found = list(harvest(a_source(), web, most_records=2))
    assert (taken(found), missed(found)) == (["/c1", "/d1"], {"/d2": FetchFailed})


def test_a_source_that_goes_down_is_not_asked_for_every_record(
    server: Misbehaving, web: Session
) -> None:
    members = ", ".join(f"</gone{number}>" for number in range(40))
    serve(server, root=f"<> a fdp:FAIRDataPoint . [] ldp:contains {members} .")
    for number in range(40):
        server.answer(f"/gone{number}", status=500)
    found = list(harvest(a_source(), web, most_failures=3))
    assert len(missed(found)) == 40
    assert len(server.paths) <= 1 + 2 * 8
    assert "the last 3 requests failed" in str(found[-1].reason)  # type: ignore[union-attr]


# Where a source turns out to live


def test_an_address_that_redirects_widens_the_source_to_where_it_leads(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/pid", redirecting("http://fdp.example/"))
    serve(server, root=ROOT, c1=CATALOG, d1=D1, d2=D2)
    found = list(harvest(a_source("http://id.example/pid"), web))
    assert taken(found) == ["/c1", "/d1", "/d2"]


def test_records_whose_persistent_names_are_elsewhere_are_asked_for_where_they_are_served(
    server: Misbehaving, web: Session
) -> None:
    pid = "https://w3id.example/umc"
    root = f"<{pid}> a fdp:FAIRDataPoint ; fdp:metadataCatalog <{pid}/c1> ."
    catalog = f"<{pid}/c1> a dcat:Catalog ; dct:title 'C' ; dcat:dataset <{pid}/d1> ."
    serve(server, root=root, c1=catalog, d1=f"<{pid}/d1> a dcat:Dataset ; dct:title 'one' .")
    found = list(harvest(a_source(), web))
    assert taken(found) == [f"{pid}/c1", f"{pid}/d1"]
    assert missed(found) == {}
    assert server.paths == ["/", "/c1", "/d1"]
    assert {request.headers["Host"] for request in server.seen} == {"fdp.example"}


def test_links_with_an_internal_name_are_asked_for_where_the_root_is_served(
    server: Misbehaving, web: Session
) -> None:
    inside = "http://node-7.umc.example:8123"
    root = f"<{inside}> a fdp:FAIRDataPoint ; fdp:metadataCatalog <{inside}/c1> ."
    serve(server, root=root, c1=f"<{inside}/c1> a dcat:Catalog ; dct:title 'C' .")
    assert taken(list(harvest(a_source(), web))) == [f"{inside}/c1"]


def test_a_link_that_only_begins_like_the_name_of_the_root_stays_elsewhere(
    server: Misbehaving, web: Session
) -> None:
    root = "<https://w3id.example/umc> a fdp:FAIRDataPoint ; "
    serve(server, root=root + "fdp:metadataCatalog <https://w3id.example/umcg/c1> .")
    found = list(harvest(a_source(), web))
    assert missed(found) == {"https://w3id.example/umcg/c1": AddressRefused}


def test_an_old_molgenis_is_walked_below_its_api(server: Misbehaving, web: Session) -> None:
    api = "/api/fdp"
    pages = {
        "": f"<{api}> a old:FAIRDataPoint, r3d:Repository ; r3d:dataCatalog <{api}/catalog/a/1> .",
        "/catalog/a/1": f"<> a dcat:Catalog ; dct:title 'C' ; dcat:dataset <{api}/dataset/a/2> .",
        "/dataset/a/2": "<> a dcat:Dataset ; dct:title 'D' .",
    }
    for path, turtle in pages.items():
        server.answer(api + path, PREFIXES + turtle)
    found = list(harvest(a_source(HOST + api), web))
    assert taken(found) == [api + "/catalog/a/1", api + "/dataset/a/2"]


def test_datasets_without_an_iri_are_taken_with_one_that_stays_the_same(
    server: Misbehaving, web: Session
) -> None:
    unnamed = " </c1> dcat:dataset [ a dcat:Dataset ; dct:title 'nameless' ] ."
    serve(server, root=ROOT, c1=CATALOG + unnamed, d1=D1, d2=D2)
    first, second = (list(harvest(a_source(), web)) for _ in range(2))
    [nameless] = set(taken(first)) - {"/c1", "/d1", "/d2"}
    assert nameless.startswith("/.well-known/genid/")
    assert received(first, nameless).catalog == HOST + "/c1"
    assert taken(first) == taken(second)


def test_members_of_a_series_are_followed(server: Misbehaving, web: Session) -> None:
    series = "</s> a dcat:DatasetSeries ; dct:title 'S' ; dcat:seriesMember </d1> ."
    catalog = "</c1> a dcat:Catalog ; dct:title 'C' ; dcat:dataset </s> ."
    serve(server, root=ROOT, c1=catalog, s=series, d1=D1)
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/s", "/d1"]


def test_records_come_in_a_stable_order_however_fast_they_are_answered(
    server: Misbehaving, web: Session
) -> None:
    names = [f"m{number:02}" for number in range(30)]
    members = ", ".join(f"</{name}>" for name in names)
    serve(server, root=f"<> a fdp:FAIRDataPoint . [] ldp:contains {members} .")
    serve(server, **{name: f"</{name}> a dcat:Dataset ; dct:title '{name}' ." for name in names})
    assert taken(list(harvest(a_source(), web))) == [f"/{name}" for name in names]
    assert len(server.paths) == 31


# When the root says that nothing changed

DATED = "<> fdp:metadataModified '2026-11-01T10:00:00Z' . "
JAVA = "<> fdp:fdpSoftwareVersion 'FDP:1.20.3' . "
AGAIN = {"modified": "2026-11-01T10:00:00Z"}


def a_dated_source(server: Misbehaving, root: str = DATED + JAVA) -> None:
    serve(server, root=ROOT + root, c1=CATALOG, d1=D1, d2=D2)


def marks(found: list[Item]) -> list[Any]:
    return [dict(item.state) for item in found if isinstance(item, Mark)]


def some_days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


@pytest.mark.parametrize("name", ["fdp", "purl", "old"])
def test_an_unchanged_root_of_the_reference_implementation_ends_the_second_run(
    server: Misbehaving, web: Session, name: str
) -> None:
    a_dated_source(
        server, (DATED + JAVA).replace("fdp:metadataModified", f"{name}:metadataModified")
    )
    [mark] = marks(list(harvest(a_source(), web)))
    server.seen.clear()
    web.remembered = mark
    assert list(harvest(a_source(), web)) == [AllUnchanged()]
    assert server.paths == ["/"]


@pytest.mark.parametrize(
    ("root", "state"),
    [
        pytest.param(DATED + JAVA, AGAIN | {"modified": "2026"}, id="another date"),
        pytest.param(DATED + JAVA, AGAIN | {"walked": some_days_ago(7.1)}, id="long ago"),
        pytest.param(DATED + JAVA, AGAIN | {"walked": some_days_ago(-1)}, id="in the future"),
        pytest.param(DATED + JAVA, AGAIN | {"walked": "nonsense"}, id="no moment"),
        pytest.param(DATED + JAVA, AGAIN | {"walked": "2026-11-22"}, id="no time zone"),
        pytest.param(JAVA, AGAIN | {"modified": ""}, id="no date in the root"),
        pytest.param(DATED, AGAIN, id="another implementation"),
        pytest.param("</c1> fdp:metadataModified '2026-11-01T10:00:00Z' . " + JAVA, AGAIN, id="c1"),
    ],
)
def test_in_all_other_cases_everything_is_asked_for(
    server: Misbehaving, web: Session, root: str, state: dict[str, str]
) -> None:
    a_dated_source(server, root)
    web.remembered = {"walked": some_days_ago(1)} | state
    assert taken(list(harvest(a_source(), web))) == ["/c1", "/d1", "/d2"]


@pytest.mark.parametrize(("chosen", "root"), [("yes", DATED), ("no", DATED + JAVA)])
def test_an_operator_decides_whether_the_date_of_the_root_is_trusted(
    server: Misbehaving, web: Session, chosen: str, root: str
) -> None:
    a_dated_source(server, root)
    web.remembered = AGAIN | {"walked": some_days_ago(1)}
    source = replace(a_source(), options={"shortcut": chosen})
    assert (list(harvest(source, web)) == [AllUnchanged()]) is (chosen == "yes")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_walk_in_which_anything_was_missed_is_no_ground_for_a_shortcut(
    server: Misbehaving, web: Session, status: int
) -> None:
    a_dated_source(server)
    server.answer("/d2", status=status)
    assert marks(list(harvest(a_source(), web))) == []
    web.remembered = AGAIN | {"modified": "earlier"}
    assert marks(list(harvest(a_source(), web))) == [{}]
