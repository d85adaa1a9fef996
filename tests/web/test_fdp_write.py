"""Stewards write descriptions as clients of a FAIR Data Point do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

import pyoxigraph as ox
import pytest
import sqlalchemy as sa
from given import a_draft, both
from web import townhall
from web.writing import (
    BASE,
    PREFIXES,
    Desk,
    a_catalog,
    a_dataset,
    a_distribution,
    called,
    read,
    writing,
)

from catalogue.model.source import Source
from catalogue.namespaces import ADMS, DCAT, DCT, FDPO, HDC, RDF, SH, SKOS
from catalogue.rdf.graph import Graph
from catalogue.register.records import RunState
from catalogue.register.writer import Writer
from catalogue.web import fdp_write
from catalogue.web.rate import Window


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def desk(opened: Desk) -> Desk:
    return opened.forgetting()


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def originals(graph: Graph, iri: str) -> list[str]:
    names = graph.objects(node(iri), ADMS + "identifier")
    return [each.value for name in names for each in graph.objects(name, SKOS + "notation")]  # type: ignore[arg-type]


# tokens


def test_a_token_is_exchanged_for_itself_as_email_and_password(desk: Desk) -> None:
    said = f'{{"email": "anna@umc.example", "password": "{desk.people.anna}"}}'
    answer = desk.ask("POST", "/tokens", body=said, Content_Type="application/json")
    assert (answer.status_code, answer.json) == (200, {"token": desk.people.anna})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("password", ["wrong", "", None, 7, "gcat_aaaaaaaaaa_" + 40 * "b"])
def test_a_wrong_password_is_401_in_json_and_never_repeated(desk: Desk, password: object) -> None:
    answer = desk.client.post("/tokens", json={"email": "a", "password": password}, base_url=BASE)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_guessing_passwords_is_stopped_after_ten(desk: Desk) -> None:
    guess = {"email": "a", "password": "wrong"}
    codes = [desk.client.post("/tokens", json=guess, base_url=BASE).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    assert desk.client.post("/tokens", json=guess, base_url=BASE).headers["Retry-After"]


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"text"'])
def test_tokens_asks_for_a_json_object(desk: Desk, body: str) -> None:
    answer = desk.client.post("/tokens", data=body, base_url=BASE)
    assert answer.status_code == 400


def test_a_bad_token_is_401_also_where_anybody_may_read(desk: Desk) -> None:
    bad = {"Authorization": "Bearer gcat_aaaaaaaaaa_" + 40 * "b"}
    assert desk.client.get("/", headers=bad, base_url=BASE).status_code == 401


# making


def test_a_new_description_is_a_draft_with_an_address_of_ours(desk: Desk) -> None:
    answer = desk.post("catalog", a_catalog())
    where = answer.headers["Location"]
    assert (answer.status_code, answer.mimetype) == (201, "text/turtle")
    assert where.startswith(f"{BASE}/catalog/")
    assert desk.ask("GET", where).status_code == 404
    assert desk.ask("GET", where, "anna").status_code == 200
    assert DCAT + "Catalog" in desk.graph(where, "anna").types(node(where))


def test_a_name_of_the_writer_s_own_is_kept_beside_ours(desk: Desk) -> None:
    where = desk.made("catalog", a_catalog("<https://umc.example/cat>"))
    graph = desk.graph(where, "anna")
    assert originals(graph, where) == ["https://umc.example/cat"]
    assert graph.objects(node(where), DCT + "source") == [node("https://umc.example/cat")]
    assert list(graph.about(node("https://umc.example/cat"))) == []


@pytest.mark.parametrize("subject", ["<>", "[] dct:language <https://l.example/nl> ;"])
def test_a_description_without_a_name_gets_only_ours(desk: Desk, subject: str) -> None:
    where = desk.made("catalog", a_catalog(subject))
    graph = desk.graph(where, "anna")
    assert originals(graph, where) == []
    assert graph.objects(node(where), DCT + "source") == []


def test_blank_nodes_survive_a_new_name(desk: Desk) -> None:
    more = 'dcat:contactPoint [ foaf:name "Desk" ; foaf:page [ dct:title "Page" ] ] ;'
    where = desk.made("dataset", a_dataset(desk.catalog(), "<https://umc.example/d>", more=more))
    graph = desk.graph(where, "anna")
    (contact,) = graph.objects(node(where), DCAT + "contactPoint")
    assert isinstance(contact, ox.BlankNode)
    assert len(graph.about(contact)) == 2


def test_relative_names_are_below_our_address(desk: Desk) -> None:
    turtle = a_catalog().replace("dct:publisher [", "dct:creator <#them> ; dct:publisher [")
    where = desk.made("catalog", turtle + ' <#them> a foaf:Agent ; foaf:name "Them"@en .')
    graph = desk.graph(where, "anna")
    assert graph.objects(node(where), DCT + "creator") == [node(f"{where}#them")]
    assert graph.about(node(f"{where}#them"))


REFUSED = {
    "nothing": ("", "no triples"),
    "no type": (' <> dct:title "Genomes"@en .', "no subject"),
    "another type": ("<> a foaf:Agent .", "no subject"),
    "two": ("<a:1> a dcat:Dataset . <a:2> a dcat:Dataset .", "two or more"),
    "not Turtle": ("<> a dcat:Dataset", "line"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_single_dataset_is_refused_with_the_reason(desk: Desk, case: str) -> None:
    turtle, reason = REFUSED[case]
    answer = desk.post("dataset", turtle)
    assert answer.status_code == 400
    assert reason in answer.json["detail"]


@pytest.mark.parametrize(
    ("parent", "reason"),
    [
        ("https://elsewhere.example/catalog/1", "name the one catalog"),
        (f"{BASE}/catalog/neverexisted", "there is no catalog"),
        (f"{BASE}/dataset/neverexisted", "there is no catalog"),
        (BASE, "there is no catalog"),
    ],
)
def test_a_dataset_says_in_which_catalog_of_ours_it_stands(
    desk: Desk, parent: str, reason: str
) -> None:
    answer = desk.post("dataset", a_dataset(parent))
    assert answer.status_code == 400
    assert reason in answer.json["detail"]


def test_a_dataset_without_any_catalog_is_refused(desk: Desk) -> None:
    answer = desk.post("dataset", '<> a dcat:Dataset ; dct:title "Genomes"@en .')
    assert answer.status_code == 400
    assert "dct:isPartOf" in answer.json["detail"]


def test_a_dataset_may_stand_in_several_catalogs(desk: Desk) -> None:
    one, other = desk.catalog(), desk.catalog()
    where = desk.publish(
        desk.made("dataset", a_dataset(one, more=f"dct:isPartOf <{other}> ;")),
    )
    for catalog in (one, other):
        assert desk.graph(catalog).objects(node(catalog), DCAT + "dataset") == [node(where)]
        assert where in desk.ask("GET", f"{catalog}/page/dataset").text
        assert desk.graph(f"{where}/expanded").about(node(catalog))
        assert desk.state(catalog, "DRAFT").status_code == 409
        assert desk.ask("DELETE", catalog, "anna").status_code == 409
    for who in ("", "anna"):
        stands = desk.graph(where, who).objects(node(where), DCT + "isPartOf")
        assert set(stands) == {node(one), node(other)}
    sent_back = desk.put(where, desk.ask("GET", where, "anna").text.replace("Exomes", "Genomes"))
    assert sent_back.status_code == 200
    assert where in desk.ask("GET", other).text
    position = desk.register.position()
    desk.put(where, a_dataset(other, f"<{where}>"))
    touched = {row[1] for row in desk.register.changes_since(position)}
    assert touched == {each.rpartition("/")[2] for each in (where, one)}
    assert where not in desk.ask("GET", one).text
    assert desk.graph(where).objects(node(where), DCT + "isPartOf") == [node(other)]
    assert desk.state(one, "DRAFT").status_code == 200


def test_each_of_its_catalogs_is_public_and_one_s_own(desk: Desk) -> None:
    one, draft = desk.catalog(), desk.made("catalog", a_catalog())
    where = desk.made("dataset", a_dataset(one, more=f"dct:isPartOf <{draft}> ;"))
    assert desk.state(where, "PUBLISHED").status_code == 409
    said = desk.ask("GET", f"{draft}/meta", "anna").json["state"]["children"]
    assert said == {where: "DRAFT"}
    desk.publish(draft)
    desk.publish(where)
    assert where in desk.ask("GET", draft).text
    theirs = a_dataset(one, more=f"dct:isPartOf <{desk.catalog('bob')}> ;")
    assert desk.post("dataset", theirs).status_code == 403


def test_a_distribution_stands_in_one_dataset(desk: Desk) -> None:
    catalog = desk.catalog()
    one, other = desk.dataset(catalog), desk.dataset(catalog)
    turtle = a_distribution(one).replace("dct:title", f"dct:isPartOf <{other}> ; dct:title")
    assert desk.post("distribution", turtle).status_code == 400


def test_a_name_of_another_record_of_ours_cannot_be_taken(desk: Desk) -> None:
    mine = desk.dataset(desk.catalog())
    answer = desk.post("dataset", a_dataset(desk.catalog("bob"), f"<{mine}>"), "bob")
    assert answer.status_code == 400
    assert "name of this catalogue" in answer.json["detail"]


def test_nothing_can_be_said_about_another_record_on_the_way(desk: Desk) -> None:
    other = desk.dataset(desk.catalog())
    catalog = desk.catalog("bob")
    more = f"dct:publisher <{other}> ; dct:creator <{other}#identifier> ;"
    turtle = called(a_dataset(catalog, more=more), "bob")
    turtle += f' <{other}> dct:title "Hijacked"@en .'
    turtle += f' <{other}#identifier> dct:title "Hijacked"@en .'
    where = desk.made("dataset", turtle, "bob")
    assert "Hijacked" not in desk.ask("GET", where, "bob").text


def test_the_host_that_the_client_used_means_us(desk: Desk) -> None:
    catalog = desk.catalog()
    elsewhere = catalog.replace(BASE, "http://localhost:8080")
    body = PREFIXES + a_dataset(elsewhere)
    headers = {"Authorization": f"Bearer {desk.people.anna}", "Content-Type": "text/turtle"}
    answer = desk.client.post(
        "/dataset", data=body, headers=headers, base_url="http://localhost:8080"
    )
    assert answer.status_code == 201
    assert node(catalog) in read(answer.get_data()).objects(
        node(answer.headers["Location"]), DCT + "isPartOf"
    )


def test_nothing_is_kept_when_the_answer_could_not_be_read(desk: Desk) -> None:
    def kept() -> int:
        with desk.register.engine.connect() as connection:
            return int(connection.execute(sa.text("SELECT count(*) FROM records")).scalar_one())

    before = kept()
    answer = desk.ask("POST", "/catalog", "anna", a_catalog(), Accept="image/png")
    assert answer.status_code == 406
    assert kept() == before


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/ld+json", '{"@id": "", "@type": "http://www.w3.org/ns/dcat#Catalog"}'),
        ("application/json", '{"@id": "", "@type": "http://www.w3.org/ns/dcat#Catalog"}'),
        ("application/n-triples", f"<urn:a> <{RDF}type> <{DCAT}Catalog> .\n"),
        (
            "application/rdf+xml",
            f'<rdf:RDF xmlns:rdf="{RDF}"><c:Catalog xmlns:c="{DCAT}" rdf:about=""/></rdf:RDF>',
        ),
    ],
)
def test_descriptions_come_in_several_notations(desk: Desk, media_type: str, body: str) -> None:
    answer = desk.ask("POST", "/catalog", "anna", body, Content_Type=media_type)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "multipart/form-data; boundary=a",
        "text/plain",
        "image/png",
        "application/json",
        "application/trig",
        "application/n-quads",
    ],
)
def test_turtle_by_the_name_of_what_is_not_offered_is_415(desk: Desk, media_type: str) -> None:
    answer = desk.post("catalog", a_catalog(), Content_Type=media_type)
    assert answer.status_code == 415


@pytest.mark.parametrize("body", ['{"title": "Genomes"}', '{"@id": 7}', "7", "[" * 10_000])
def test_json_that_is_no_json_ld_is_415(desk: Desk, body: str) -> None:
    answer = desk.ask("POST", "/catalog", "anna", body, Content_Type="application/json")
    assert answer.status_code == 415
    named = desk.ask("POST", "/catalog", "anna", body, Content_Type="application/ld+json")
    assert named.status_code in {400, 413}


def test_more_than_two_megabytes_are_refused(desk: Desk) -> None:
    answer = desk.ask("POST", "/catalog", "anna", "#" * 2_300_000)
    assert answer.status_code == 413


def test_no_licence_and_no_access_rights_are_made_up(desk: Desk) -> None:
    where = desk.dataset(desk.catalog())
    said = desk.graph(where).predicates(node(where))
    assert not {DCT + "license", DCT + "accessRights", DCT + "rights"} & set(said)


def test_the_flags_of_a_steward_stay(desk: Desk) -> None:
    flag = "<https://w3id.org/ejp-rd/vocabulary#vpConnection>"
    more = f"{flag} <https://w3id.org/ejp-rd/vocabulary#VPDiscoverable> ;"
    where = desk.dataset(desk.catalog(), more)
    assert "VPDiscoverable" in desk.ask("GET", where).text


# reports


def test_a_poor_draft_is_kept_and_told_what_it_lacks(desk: Desk) -> None:
    catalog = desk.catalog()
    answer = desk.post("dataset", f"<> a dcat:Dataset ; dct:isPartOf <{catalog}> .")
    graph = read(answer.get_data())
    assert answer.status_code == 201
    assert len(graph.instances(SH + "ValidationReport")) == 2
    assert any(t.object.value == "false" for t in graph if t.predicate.value == SH + "conforms")  # type: ignore[union-attr]
    focus = {t.object.value for t in graph if t.predicate.value == SH + "focusNode"}  # type: ignore[union-attr]
    assert focus == {answer.headers["Location"]}


def test_nothing_below_the_minimum_becomes_public(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.made("dataset", f"<> a dcat:Dataset ; dct:isPartOf <{catalog}> .")
    answer = desk.state(where, "PUBLISHED")
    assert (answer.status_code, answer.mimetype) == (400, "text/turtle")
    assert len(read(answer.get_data()).instances(SH + "ValidationReport")) == 1
    assert desk.ask("GET", where).status_code == 404


def test_a_public_description_is_not_replaced_by_a_poor_one(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    before = desk.ask("GET", where).text
    answer = desk.put(where, f"<{where}> a dcat:Dataset ; dct:isPartOf <{catalog}> .")
    assert answer.status_code == 400
    assert desk.ask("GET", where).text == before


def test_a_warning_never_blocks(desk: Desk) -> None:
    where = desk.dataset(desk.catalog())  # says nothing about assays, consent or access
    assert desk.ask("GET", where).status_code == 200


def test_a_service_number_is_not_even_kept(desk: Desk) -> None:
    more = 'dct:description "Contact 111222333 (BSN)"@nl ;'
    answer = desk.post("dataset", a_dataset(desk.catalog(), more=more))
    assert answer.status_code == 400
    assert "111222333" not in answer.text


def test_small_counts_are_withheld_from_everybody_but_the_writer(desk: Desk) -> None:
    more = 'hdc:numberOfUniqueIndividuals "7"^^xsd:nonNegativeInteger ;'
    where = desk.dataset(desk.catalog(), more)
    name = HDC + "numberOfUniqueIndividuals"
    assert desk.graph(where).objects(node(where), name) == []
    assert [each.value for each in desk.graph(where, "anna").objects(node(where), name)] == ["7"]
    assert '"7"' not in desk.ask("GET", where, "bob").text


def test_a_repair_of_a_small_count_does_not_tell_it(desk: Desk) -> None:
    more = '<https://umc.example/ns#aantal> "7"@dut, "&#55;"@nl ; <https://umc.example/n> 7e0 ;'
    where = desk.dataset(desk.catalog(), more)
    name = where.rpartition("/")[2]
    pages = [f"/{language}/dataset/{name}" for language in ("nl", "en")]
    forms = [f"{where}/provenance?format={form}" for form in ("ttl", "jsonld", "rdf", "nt")]
    for path in (*pages, *forms):
        said = html.unescape(desk.ask("GET", path, Accept="*/*").text)
        assert "ns#aantal" in said, path
        assert not re.search(r"\b7(e0)? ?(\(@|became|werd|”)|“7”|[“ ]&#55;", said), path
    assert "… (@dut) became … (@nl)" in desk.ask("GET", f"{where}/provenance").text
    assert "7" not in {getattr(t.object, "value", "")[:1] for t in desk.graph(where)}


# replacing


def test_replacing_says_everything_anew_and_keeps_when_it_was_issued(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog, 'dct:identifier "d-1" ;')
    before = desk.graph(where)
    answer = desk.put(where, a_dataset(catalog, f"<{where}>", "Genomes of hearts"))
    after = desk.graph(where)
    assert answer.status_code == 200
    assert [t.value for t in after.objects(node(where), DCT + "title")] == ["Genomes of hearts"]
    assert after.objects(node(where), DCT + "identifier") == []
    issued = FDPO + "metadataIssued"
    assert after.objects(node(where), issued) == before.objects(node(where), issued)


@pytest.mark.parametrize("name", ["ours", "<>", "their own", "another host"])
def test_a_description_may_be_called_by_any_of_its_names(desk: Desk, name: str) -> None:
    catalog = desk.catalog()
    where = desk.publish(desk.made("dataset", a_dataset(catalog, "<https://umc.example/d>")))
    subject = {
        "ours": f"<{where}>",
        "<>": "<>",
        "their own": "<https://umc.example/d>",
        "another host": f"<{where.replace('https:', 'http:')}>",
    }[name]
    answer = desk.put(where, a_dataset(catalog, subject, "Genomes of hearts"))
    assert answer.status_code == 200, answer.text
    assert originals(desk.graph(where), where) == ["https://umc.example/d"]


def test_a_description_called_otherwise_is_refused(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    answer = desk.put(where, a_dataset(catalog, "<https://umc.example/other>"))
    assert answer.status_code == 400
    assert where in answer.json["detail"]


def test_the_same_thrice_is_the_same_once(desk: Desk) -> None:
    catalog = desk.catalog()
    more = "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://umc.example/a> ] ;"
    where = desk.dataset(catalog, more)
    sizes = []
    for _ in range(3):
        desk.put(where, a_dataset(catalog, f"<{where}>", more=more))
        sizes.append(len(desk.graph(where)))
    assert len(set(sizes)) == 1


def test_what_was_read_can_be_sent_back(desk: Desk) -> None:
    """Reading, changing nothing and writing adds nothing, for any number of rounds."""
    more = (
        "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://umc.example/a> ] ,"
        ' <https://umc.example/b> ; hdc:numberOfUniqueIndividuals "7"^^xsd:nonNegativeInteger ;'
    )
    turtle = a_dataset(desk.catalog(), "<https://umc.example/d>", more=more)
    turtle += ' <https://umc.example/b> a dcat:Distribution ; dct:title "B"@en .'
    where = desk.publish(desk.made("dataset", turtle))
    desk.publish(desk.made("distribution", a_distribution(where, "<https://umc.example/c>")))
    first, shown = _without_dates(desk.graph(where, "anna")), desk.graph(where)
    for _ in range(2):
        answer = desk.put(where, desk.ask("GET", where, "anna").text)
        assert answer.status_code == 200, answer.text
    assert both(_without_dates(desk.graph(where, "anna"))) == both(first)
    assert both(_without_dates(desk.graph(where))) == both(_without_dates(shown))


def _without_dates(graph: Graph) -> Graph:
    return Graph(t for t in graph if t.predicate.value != FDPO + "metadataModified")


def test_a_dataset_moves_to_another_catalog(desk: Desk) -> None:
    one, other = desk.catalog(), desk.catalog()
    where = desk.dataset(one)
    desk.put(where, a_dataset(other, f"<{where}>"))
    assert desk.graph(one).objects(node(one), DCAT + "dataset") == []
    assert desk.graph(other).objects(node(other), DCAT + "dataset") == [node(where)]


def test_what_a_description_stands_in_changes_with_it(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    name = FDPO + "metadataModified"
    desk.put(where, a_dataset(catalog, title="Genomes of hearts"))
    (last,) = desk.graph(where).objects(node(where), name)
    assert desk.graph(catalog).objects(node(catalog), name) == [last]
    assert desk.graph(BASE).objects(node(BASE), name)[0].value >= last.value


@pytest.mark.parametrize("reader", ["", "anna"])
def test_a_client_changes_only_what_it_has_seen(desk: Desk, reader: str) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    tag = desk.ask("GET", where, reader).headers["ETag"]
    turtle = a_dataset(catalog, f"<{where}>", "Genomes of hearts")
    assert desk.put(where, turtle, If_Match=tag).status_code == 200
    assert desk.put(where, turtle, If_Match=tag).status_code == 412
    assert desk.put(where, turtle, If_Match="*").status_code == 200
    assert desk.ask("DELETE", where, "anna", If_Match='"older"').status_code == 412


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/ld+json"])
def test_the_tag_of_a_new_description_is_that_of_reading_it(desk: Desk, accept: str) -> None:
    made = desk.post("catalog", a_catalog(), Accept=accept)
    where, tag = made.headers["Location"], made.headers["ETag"]
    assert tag == desk.ask("GET", where, "anna", Accept=accept).headers["ETag"]
    assert desk.put(where, a_catalog(f"<{where}>", "Other"), If_Match=tag).status_code == 200
    assert desk.put(where, a_catalog(f"<{where}>"), If_Match=tag).status_code == 412


def test_the_answer_to_a_replacement_has_no_tag_because_what_was_sent_is_kept_otherwise(
    desk: Desk,
) -> None:
    where = desk.catalog()
    answer = desk.put(where, a_catalog(f"<{where}>", "Other"))
    assert not {"ETag", "Last-Modified"} & set(answer.headers.keys())
    tag = desk.ask("GET", where, "anna").headers["ETag"]
    assert desk.put(where, a_catalog(f"<{where}>"), If_Match=tag).status_code == 200


LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "condition", [{"If_Unmodified_Since": LONG_AGO}, {"If_None_Match": "*"}, {"If_Match": '"a"'}]
)
def test_what_fails_a_condition_is_not_done(
    desk: Desk, method: str, condition: dict[str, str]
) -> None:
    where = desk.catalog()
    before = desk.ask("GET", where, "anna").headers["ETag"]
    body = PREFIXES + a_catalog(f"<{where}>", "Other") if method == "PUT" else ""
    assert desk.ask(method, where, "anna", body, **condition).status_code == 412
    assert desk.ask("GET", where, "anna").headers["ETag"] == before


@pytest.mark.parametrize(
    "condition", [{"If_Unmodified_Since": LONG_AGO}, {"If_None_Match": "*"}, {"If_Match": '"a"'}]
)
def test_a_condition_tells_another_organisation_nothing(
    desk: Desk, condition: dict[str, str]
) -> None:
    where = desk.catalog()
    assert desk.put(where, a_catalog(f"<{where}>"), "bob", **condition).status_code == 403
    assert desk.ask("DELETE", where, "bob", **condition).status_code == 403


def test_a_tag_that_is_known_fails_if_none_match_and_another_does_not(desk: Desk) -> None:
    where = desk.catalog()
    turtle = a_catalog(f"<{where}>", "Other")
    tag = desk.ask("GET", where, "anna").headers["ETag"]
    for each in (tag, f"W/{tag}"):
        assert desk.put(where, turtle, If_None_Match=each).status_code == 412
    assert desk.put(where, turtle, If_None_Match='"other"').status_code == 200


def test_the_date_of_what_was_read_is_a_condition_too(desk: Desk) -> None:
    where = desk.catalog()
    turtle = a_catalog(f"<{where}>", "Other")
    read_at = {"If_Unmodified_Since": desk.ask("GET", where, "anna").headers["Last-Modified"]}
    assert desk.put(where, turtle, **read_at).status_code == 200
    assert desk.put(where, turtle, If_Unmodified_Since="yesterday").status_code == 200
    tag = desk.ask("GET", where, "anna").headers["ETag"]
    old = {"If_Match": tag, "If_Unmodified_Since": LONG_AGO}
    assert desk.put(where, turtle, **old).status_code == 200  # RFC 9110 §13.2.2: the tag decides


def test_a_tag_of_any_notation_will_do(desk: Desk) -> None:
    where = desk.catalog()
    for accept in ("application/ld+json", "application/rdf+xml", "application/n-triples"):
        tag = desk.ask("GET", where, "anna", Accept=accept).headers["ETag"]
        assert desk.put(where, a_catalog(f"<{where}>"), If_Match=tag).status_code == 200


def test_a_property_that_rdf_xml_cannot_name_stands_in_nobodys_way(desk: Desk) -> None:
    odd = f"{a_catalog()}\n<> <https://terms.example/odd#0> 1 ."
    answer = desk.post("catalog", odd, Accept="application/rdf+xml")
    assert (answer.status_code, answer.mimetype) == (201, "application/rdf+xml")
    where = answer.headers["Location"].removeprefix(BASE)
    tag = desk.ask("GET", where, "anna").headers["ETag"]
    again = odd.replace("<>", f"<{where}>")
    answer = desk.put(where, again, If_Match=tag, Accept="application/rdf+xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/rdf+xml")
    assert desk.ask("GET", where, "anna", Accept="application/rdf+xml").status_code == 406


def test_a_writer_may_ask_for_a_profile_and_send_its_tag(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.made("dataset", a_dataset(catalog))
    profile = {"Accept_Profile": "<http://data.europa.eu/r5r/>"}
    answer = desk.ask("GET", where, "anna", **profile)
    assert answer.headers["Content-Profile"].endswith("/dcat-ap-3>")
    assert desk.ask("GET", f"{where}?profile=gdi-1", "anna").headers["Content-Profile"]
    assert desk.ask("GET", f"{where}?profile=nonsense", "anna").status_code == 400
    assert desk.ask("GET", f"{where}?profile=nonsense").status_code == 404
    turtle = a_dataset(catalog, f"<{where}>", "Genomes of hearts")
    assert desk.put(where, turtle, If_Match=answer.headers["ETag"]).status_code == 200


# how often


@pytest.fixture
def often(opened: Desk) -> Iterator[Desk]:
    """A site where each token may write three times a minute."""
    usual = opened.app.extensions[fdp_write.WRITTEN]
    opened.app.extensions[fdp_write.WRITTEN] = Window(3, 60)
    yield opened
    opened.app.extensions[fdp_write.WRITTEN] = usual


def test_a_token_that_writes_too_often_has_to_wait(often: Desk) -> None:
    before = often.log()
    codes = [often.post("catalog", a_catalog()).status_code for _ in range(4)]
    assert codes == [201, 201, 201, 429]
    assert len(often.log()) == len(before) + 3
    refused = often.post("catalog", a_catalog())
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["title"] == "Too often"
    assert often.post("catalog", called(a_catalog(), "bob"), "bob").status_code == 201
    assert often.ask("GET", "/", "anna").status_code == 200


def test_strangers_do_not_use_up_what_a_steward_may_write(often: Desk) -> None:
    for _ in range(5):
        assert often.post("catalog", a_catalog(), "").status_code == 401
    assert often.post("catalog", a_catalog()).status_code == 201


def test_an_operator_may_take_the_limit_away() -> None:
    site = townhall.create_app(townhall.services(), townhall.settings(write_minute=0))
    assert site.extensions[fdp_write.WRITTEN] is None


# distributions and series


def test_a_distribution_is_public_with_its_dataset(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    where = desk.made("distribution", a_distribution(dataset, "<https://umc.example/c>"))
    assert desk.ask("GET", where).status_code == 404
    assert where not in desk.ask("GET", dataset).text
    desk.publish(where)
    graph = desk.graph(where)
    assert graph.objects(node(where), DCT + "isPartOf") == [node(dataset)]
    assert originals(graph, where) == ["https://umc.example/c"]
    assert node(where) in desk.graph(dataset).objects(node(dataset), DCAT + "distribution")
    assert desk.ask("DELETE", where, "anna").status_code == 204
    assert desk.ask("GET", where).status_code == 410
    assert where not in desk.ask("GET", dataset).text


def test_a_distribution_that_was_public_leaves_a_tombstone_of_its_own(desk: Desk) -> None:
    catalog = desk.catalog()
    dataset = desk.dataset(catalog)
    where = desk.publish(desk.made("distribution", a_distribution(dataset)))
    desk.state(where, "DRAFT")
    for who in ("", "bob"):
        gone = desk.ask("GET", where, who)
        assert gone.status_code == 410
        status = read(gone.get_data()).objects(node(where), ADMS + "status")
        assert [each.value for each in status] == ["http://purl.org/adms/status/Withdrawn"]
    assert desk.ask("GET", where, "anna").status_code == 200
    page = desk.ask("GET", where.replace(BASE, "/en"), Accept="text/html")
    assert (page.status_code, where in page.text) == (410, True)
    desk.publish(where)
    assert desk.ask("GET", where).status_code == 200
    desk.ask("DELETE", where, "anna")
    for answer in (desk.ask("DELETE", where, "anna"), desk.state(where, "PUBLISHED")):
        assert answer.status_code == 410


def test_a_distribution_goes_with_its_dataset_and_comes_back_with_it(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    where = desk.publish(desk.made("distribution", a_distribution(dataset)))
    desk.state(dataset, "DRAFT")
    gone = desk.ask("GET", where)
    assert gone.status_code == 410
    assert node(where) in {t.subject for t in read(gone.get_data())}
    desk.publish(dataset)
    assert desk.ask("GET", where).status_code == 200
    desk.ask("DELETE", dataset, "anna")
    assert desk.ask("GET", where).status_code == 410


def test_a_distribution_that_never_was_public_leaves_nothing(desk: Desk) -> None:
    where = desk.made("distribution", a_distribution(desk.dataset(desk.catalog())))
    desk.ask("DELETE", where, "anna")
    for who in ("", "anna"):
        assert desk.ask("GET", where, who).status_code == 404
    assert desk.ask("DELETE", where, "anna").status_code == 404


def test_the_distribution_of_another_dataset_cannot_be_taken(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    where = desk.publish(desk.made("distribution", a_distribution(dataset)))
    turtle = a_dataset(desk.catalog("bob"), more=f"dcat:distribution <{where}> ;")
    turtle += f' <{where}> a dcat:Distribution ; dct:title "Mine"@en .'
    assert desk.post("dataset", turtle, "bob").status_code == 400


def test_a_series_is_written_and_found_in_its_catalog(desk: Desk) -> None:
    catalog = desk.catalog()
    turtle = f'<> a dcat:DatasetSeries ; dct:title "All"@en ; dct:isPartOf <{catalog}> .'
    where = desk.made("dataset-series", turtle)
    assert where.startswith(f"{BASE}/series/")
    desk.publish(where)
    assert DCAT + "DatasetSeries" in desk.graph(where).types(node(where))
    assert where in desk.ask("GET", catalog).text


def test_the_page_of_a_series_asks_which_datasets_name_it(desk: Desk) -> None:
    turtle = f'<> a dcat:DatasetSeries ; dct:title "All"@en ; dct:isPartOf <{desk.catalog()}> .'
    where = desk.publish(desk.made("dataset-series", turtle))
    for language, words in (("en", "Datasets in this series"), ("nl", "Datasets in deze reeks")):
        page = desk.ask("GET", where.replace(BASE, f"/{language}")).text
        assert words in page
        assert "0 datasets" not in page
        (asked,) = re.findall(rf'href="/{language}/query\?query=([^"]*)"', page)
        assert f"dcat:inSeries <{where}>" in unquote_plus(asked)


# in whose name


def harvested(desk: Desk, name: str) -> None:
    """A public dataset from a source of merwestad."""
    writer, source = Writer(desk.register.engine), "merwestad"
    writer.save_source(Source(slug=source, title=source, protocol="fdp", url="https://m.example/"))
    run = writer.begin(source)
    writer.save(run, a_draft(name))
    writer.finish(run, RunState.PARTIAL)


def test_nobody_writes_in_the_name_of_a_holder_that_another_organisation_speaks_for(
    desk: Desk,
) -> None:
    harvested(desk, "harvested123")  # whose holder is called merwestad
    theirs = a_dataset(desk.catalog(), title="Ours").replace("Noordzee UMC", "Merwestad")
    answer = desk.post("dataset", theirs)
    assert answer.status_code == 403
    assert "merwestad speaks for" in answer.json["detail"]
    same = a_dataset(desk.catalog("bob"), title="Theirs").replace("Noordzee UMC", "Merwestad")
    assert desk.post("dataset", same, "bob").status_code == 201


def test_what_is_harvested_is_changed_at_its_source(desk: Desk) -> None:
    harvested(desk, "harvested456")
    for who in ("anna", "bob"):
        answer = desk.put("/dataset/harvested456", "<> a dcat:Dataset .", who)
        assert answer.status_code == 403
        assert "at its source" in answer.json["detail"]


def test_claims_of_rights_or_states_in_a_description_give_none(desk: Desk) -> None:
    catalog = desk.catalog()
    more = 'adms:status "published" ; <https://x.example/organisation> "merwestad" ;'
    where = desk.made("dataset", a_dataset(catalog, more=more))
    assert desk.ask("GET", where).status_code == 404
    kept = desk.kept.get(where.rpartition("/")[2])
    assert kept is not None
    assert (kept.organisation, kept.state) == ("noordzee", "draft")


def test_a_made_up_host_gets_into_no_address(desk: Desk) -> None:
    forwarded = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http"}
    answer = desk.post("catalog", a_catalog(), **forwarded)
    assert answer.headers["Location"].startswith(f"{BASE}/catalog/")
    assert "evil.example" not in answer.text
    bare = {"Authorization": f"Bearer {desk.people.anna}", "Content-Type": "text/turtle"}
    refused = desk.client.post(
        "/catalog", data="<> a <a:b> .", headers=bare, base_url="http://e.example"
    )
    assert refused.status_code == 400


@pytest.mark.parametrize("who", ["", "anna", "ada"])
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/"), ("DELETE", "/"), ("PUT", "/meta/state"), ("PUT", "/meta")]
)
def test_the_root_is_not_written_and_says_where_its_words_come_from(
    desk: Desk, method: str, path: str, who: str
) -> None:
    before = desk.graph(BASE)
    for language, words in (("en", "comes from its settings"), ("nl", "uit de instellingen")):
        answer = desk.ask(method, path, who, "<> a <x:y> .", Accept_Language=language)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert method not in answer.headers["Allow"].split(", ")
        assert words in answer.json["detail"]
        assert "CATALOGUE_PUBLISHER" in answer.json["detail"]
    assert desk.graph(BASE) == before


def test_another_address_that_does_not_do_that_says_nothing_of_the_root(desk: Desk) -> None:
    answer = desk.ask("PUT", "/catalogs", "anna", "<> a <x:y> .")
    assert (answer.status_code, "detail" in answer.json) == (405, False)
