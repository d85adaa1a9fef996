"""Rows 1 to 54 of the checklist for a FAIR Data Point, each by its number.

Most rows are tested where their subject is: `ELSEWHERE` names those tests, and the last test
sees that they are still there. Here are the rows, or halves of rows, that look at several
subjects at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic
from web.writing import BASE, PREFIXES, Desk, a_catalog, a_dataset, a_distribution, writing

from catalogue.namespaces import DCAT, DCT, FDPO, LDP
from catalogue.settings import Settings

TESTS = Path(__file__).parents[1]
READ, STATE, WRITE = (f"web/test_fdp_{each}.py" for each in ("read", "state", "write"))
CLIENTS, HOW_TO = "interop/test_fdp_clients.py", "interop/test_how_to.py"
FORMATS, ASKING = "web/test_negotiation.py", "journeys/test_machines.py"
SPARQL, HIDDEN = "conformance/test_sparql_protocol.py", "conformance/test_nothing_leaks.py"
SITEMAP = "web/test_sitemap.py"
BULK, OAI, PINGS = "web/test_bulk.py", "web/test_oai.py", "web/test_pings.py"
HERE = "conformance/test_checklist_fdp.py"
NOTATIONS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "text/n3": "turtle",  # of which it is a superset
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

ELSEWHERE: dict[int, tuple[str, ...]] = {
    1: (f"{FORMATS}::test_the_root_is_a_fair_data_point",),
    2: (
        f"{FORMATS}::test_the_client_gets_what_it_likes_best",
        f"{ASKING}::test_everything_without_a_wish_is_turtle_and_a_browser_gets_a_page",
    ),
    3: (f"{HERE}::test_row_3_a_browser_gets_a_page_unless_it_names_a_format",),
    4: (f"{HERE}::test_row_4_every_notation_says_the_same",),
    5: (
        f"{HERE}::test_row_5_the_format_in_the_address_wins",
        f"{FORMATS}::test_an_unknown_format_is_a_400_and_an_unknown_type_a_406",
    ),
    6: (
        f"{FORMATS}::test_what_we_do_not_write_is_not_acceptable",
        f"{HERE}::test_row_6_every_negotiated_answer_says_so",
    ),
    7: (f"{HERE}::test_row_7_with_and_without_a_slash_is_the_same_root",),
    8: (f"{FORMATS}::test_the_root_is_a_fair_data_point",),
    9: (f"{HERE}::test_row_9_the_root_meets_the_specification",),
    10: (f"{CLIENTS}::test_the_index_of_fair_data_points_takes_us_for_one",),
    11: (
        f"{READ}::test_head_has_the_headers_of_get",
        f"{HERE}::test_row_11_head_of_lists_has_no_body",
    ),
    12: (
        f"{FORMATS}::test_a_known_tag_gives_304_and_differs_by_notation",
        f"{HERE}::test_row_12_what_a_client_has_is_not_sent_again",
    ),
    13: (
        f"{READ}::test_containers_and_resources_say_so_in_link",
        f"{READ}::test_options_names_what_may_be_done",
        f"{FORMATS}::test_head_has_the_headers_and_no_body",
    ),
    14: (
        f"{READ}::test_a_browser_elsewhere_may_write_with_a_token",
        "web/test_security.py::test_every_answer_is_hardened_and_open_to_read",
    ),
    15: (f"{HERE}::test_row_15_the_root_has_one_container_of_what_is_published",),
    16: (
        f"{READ}::test_members_and_containers_say_the_same_on_every_layer",
        f"{FORMATS}::test_a_container_holds_exactly_the_members",
    ),
    17: (
        f"{STATE}::test_a_draft_is_on_no_surface",
        f"{HIDDEN}::test_nothing_hidden_appears_on_any_route_in_any_format",
    ),
    18: (f"{READ}::test_containers_of_two_parents_keep_apart",),
    19: (
        f"{READ}::test_everything_in_a_container_is_there_and_says_where_it_stands",
        f"{WRITE}::test_a_series_is_written_and_found_in_its_catalog",
    ),
    20: (f"{READ}::test_everything_in_a_container_is_there_and_says_where_it_stands",),
    21: (
        f"{READ}::test_pages_of_children_are_counted_from_zero",
        f"{READ}::test_pages_that_cannot_be",
    ),
    22: (f"{READ}::test_expanded_has_everything_above",),
    23: (
        f"{READ}::test_each_type_has_its_shapes",
        f"{HERE}::test_row_23_a_small_valid_example_passes_the_shapes_of_its_type",
    ),
    24: (f"{READ}::test_each_record_points_to_profiles_that_lead_to_shapes",),
    25: (f"{READ}::test_every_record_says_when_its_description_was_made",),
    26: (
        f"{WRITE}::test_no_licence_and_no_access_rights_are_made_up",
        f"{FORMATS}::test_no_rights_or_licence_is_invented",
    ),
    27: (
        f"{WRITE}::test_a_token_is_exchanged_for_itself_as_email_and_password",
        f"{WRITE}::test_a_wrong_password_is_401_in_json_and_never_repeated",
        f"{WRITE}::test_guessing_passwords_is_stopped_after_ten",
    ),
    28: (
        f"{STATE}::test_only_its_own_organisation_writes",
        f"{WRITE}::test_the_host_that_the_client_used_means_us",
        f"{HERE}::test_row_28_the_path_of_location_answers_on_the_host_that_was_used",
    ),
    29: (
        f"{WRITE}::test_a_name_of_the_writer_s_own_is_kept_beside_ours",
        f"{WRITE}::test_blank_nodes_survive_a_new_name",
    ),
    30: (
        f"{WRITE}::test_a_description_without_a_name_gets_only_ours",
        f"{WRITE}::test_what_is_no_single_dataset_is_refused_with_the_reason",
    ),
    31: (
        f"{WRITE}::test_a_dataset_without_any_catalog_is_refused",
        f"{WRITE}::test_a_dataset_says_in_which_catalog_of_ours_it_stands",
    ),
    32: (
        f"{WRITE}::test_a_poor_draft_is_kept_and_told_what_it_lacks",
        f"{WRITE}::test_nothing_below_the_minimum_becomes_public",
        f"{WRITE}::test_a_warning_never_blocks",
    ),
    33: (
        f"{WRITE}::test_a_new_description_is_a_draft_with_an_address_of_ours",
        f"{STATE}::test_a_draft_does_not_exist_for_strangers",
    ),
    34: (
        f"{STATE}::test_publishing_shows_it_everywhere_within_one_request",
        f"{STATE}::test_only_its_own_organisation_writes",
        f"{STATE}::test_the_same_state_again_is_no_error",
    ),
    35: (f"{STATE}::test_what_was_taken_back_leaves_a_tombstone_and_is_a_draft_again",),
    36: (
        f"{WRITE}::test_replacing_says_everything_anew_and_keeps_when_it_was_issued",
        f"{WRITE}::test_the_same_thrice_is_the_same_once",
        f"{WRITE}::test_what_a_description_stands_in_changes_with_it",
    ),
    37: (f"{WRITE}::test_a_client_changes_only_what_it_has_seen",),
    38: (
        f"{STATE}::test_deleting_leaves_a_tombstone_for_everybody",
        f"{WRITE}::test_a_distribution_that_was_public_leaves_a_tombstone_of_its_own",
        f"{HERE}::test_row_38_what_was_deleted_is_told_to_harvesters",
    ),
    39: (
        "interop/test_fairclient.py::test_fairclient_creates_publishes_finds_updates_and_deletes",
        f"{HOW_TO}::test_a_steward_can_type_every_command_of_the_page",
    ),
    40: (
        f"{WRITE}::test_a_bad_token_is_401_also_where_anybody_may_read",
        "web/test_accounts.py::test_a_revoked_or_expired_token_is_refused_at_once",
    ),
    41: (
        f"{STATE}::test_meta_tells_strangers_where_a_record_stands_and_no_state",
        f"{STATE}::test_meta_tells_its_steward_the_states_of_what_stands_in_it",
    ),
    42: (
        f"{STATE}::test_only_its_own_organisation_writes",
        f"{STATE}::test_a_draft_does_not_exist_for_strangers",
    ),
    43: (
        f"{ASKING}::test_every_way_of_the_protocol_works",
        f"{ASKING}::test_sparqlwrapper_selects_asks_and_constructs",
        "web/test_sparql.py::test_extra_parameters_of_clients_are_tolerated",
    ),
    44: (
        f"{ASKING}::test_what_would_change_or_call_out_is_refused",
        f"{SPARQL}::test_a_deadline_is_accepted_capped_and_told",
        "conformance/test_hostile.py::test_hostile_queries_end_and_everybody_else_is_answered",
    ),
    45: (
        f"{HIDDEN}::test_nothing_hidden_appears_on_any_route_in_any_format",
        f"{CLIENTS}::test_an_identifier_in_a_catalog_is_one_address",
    ),
    46: (
        f"{CLIENTS}::test_the_virtual_platform_asks_our_own_sparql_endpoint",
        f"{CLIENTS}::test_the_virtual_platform_finds_what_its_steward_flagged",
    ),
    47: (
        f"{CLIENTS}::test_ckanext_dcat_pages_through_each_dataset_once",
        f"{BULK}::test_pages_are_linked_in_both_vocabularies_and_in_the_header",
        f"{BULK}::test_only_what_changed_since",
    ),
    48: (f"{BULK}::test_a_walk_meets_each_dataset_once_while_others_come_and_go",),
    49: (
        f"{CLIENTS}::test_the_gdi_harvester_gathers_what_is_typed_at_its_own_address",
        f"{CLIENTS}::test_the_gdi_harvester_makes_a_package_of_each_dataset",
        f"{CLIENTS}::test_the_gdi_harvester_reads_distributions_one_by_one",
    ),
    50: (f"{CLIENTS}::test_emx2_follows_relations_from_the_address_as_typed",),
    51: (
        f"{OAI}::test_it_says_who_it_is",
        f"{OAI}::test_every_format_that_is_offered_is_given",
        f"{OAI}::test_a_list_is_walked_by_its_tokens",
        f"{OAI}::test_dates_are_inclusive_by_second_and_by_day",
        f"{OAI}::test_what_was_withdrawn_stays_listed_as_deleted_without_its_description",
        f"{OAI}::test_a_mistake_has_its_code_and_is_no_error_of_http",
    ),
    52: (
        f"{SITEMAP}::test_each_address_says_when_it_changed_and_where_it_is_in_other_languages",
        f"{SITEMAP}::test_j15_a_dataset_s_page_describes_it_for_search_engines",
        f"{SITEMAP}::test_robots_txt_points_to_the_list",
    ),
    53: (
        f"{PINGS}::test_a_new_address_becomes_a_source_that_waits_for_an_admin",
        f"{PINGS}::test_an_address_that_cannot_be_a_public_fair_data_point_is_refused",
        f"{PINGS}::test_a_client_announces_at_most_ten_times_in_six_hours",
    ),
    54: (
        f"{PINGS}::test_we_announce_ourselves_at_once_and_every_week",
        f"{PINGS}::test_an_index_that_fails_stops_nothing",
        f"{HERE}::test_row_54_nobody_is_told_of_us_unless_the_operator_says_whom",
    ),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def parts(desk: Desk) -> tuple[str, str, str]:
    """A catalog, a dataset and a distribution, all public."""
    catalog = desk.catalog()
    dataset = desk.dataset(catalog, 'dcat:contactPoint [ foaf:name "Desk" ] ;')
    return catalog, dataset, desk.publish(desk.made("distribution", a_distribution(dataset)))


def graph_of(desk: Desk, iri: str, media: str = "text/turtle") -> rdflib.Graph:
    answer = desk.ask("GET", iri, Accept=media)
    assert (answer.status_code, answer.mimetype) == (200, media)
    return rdflib.Graph().parse(data=answer.get_data(), format=NOTATIONS[media])


def test_row_3_a_browser_gets_a_page_unless_it_names_a_format(
    desk: Desk, parts: tuple[str, ...]
) -> None:
    for iri in (BASE, *parts[:2]):
        assert desk.ask("GET", iri, Accept=BROWSER).mimetype == "text/html"
        assert desk.ask("GET", f"{iri}?format=ttl", Accept=BROWSER).mimetype == "text/turtle"


@pytest.mark.parametrize("media", NOTATIONS)
def test_row_4_every_notation_says_the_same(desk: Desk, parts: tuple[str, ...], media: str) -> None:
    for iri in (BASE, *parts):
        assert isomorphic(graph_of(desk, iri, media), graph_of(desk, iri))


@pytest.mark.parametrize(
    ("name", "media"),
    [*zip(("ttl", "jsonld", "rdf", "nt", "n3"), NOTATIONS, strict=True)],
)
def test_row_5_the_format_in_the_address_wins(
    desk: Desk, parts: tuple[str, ...], name: str, media: str
) -> None:
    for iri in (BASE, *parts):
        assert desk.ask("GET", f"{iri}?format={name}", Accept="text/html").mimetype == media


def test_row_6_every_negotiated_answer_says_so(desk: Desk, parts: tuple[str, ...]) -> None:
    around = (f"{parts[0]}/expanded", f"{parts[0]}/page/dataset", f"{BASE}/spec")
    for iri in (BASE, *parts, *around, f"{BASE}/profile/minimum"):
        for accept in ("text/turtle", "application/ld+json;q=0.5, application/pdf", "image/png"):
            assert "Accept" in desk.ask("GET", iri, Accept=accept).vary, (iri, accept)


def test_row_7_with_and_without_a_slash_is_the_same_root(
    desk: Desk, parts: tuple[str, ...]
) -> None:
    one, other = graph_of(desk, BASE), graph_of(desk, f"{BASE}/")
    assert isomorphic(one, other)
    points = list(one.subjects(rdflib.RDF.type, rdflib.URIRef(FDPO + "FAIRDataPoint")))
    assert points == [rdflib.URIRef(BASE)]


NEEDED = (
    *(DCT + each for each in ("title", "publisher", "license", "conformsTo")),
    DCAT + "endpointURL",
    *(FDPO + f"metadata{each}" for each in ("Identifier", "Issued", "Modified", "Catalog")),
    FDPO + "conformsToFdpSpec",
)


def test_row_9_the_root_meets_the_specification(desk: Desk, parts: tuple[str, ...]) -> None:
    root = graph_of(desk, BASE)
    said = {str(each) for each in root.predicates(rdflib.URIRef(BASE))}
    assert set(NEEDED) <= said
    shapes = graph_of(desk, f"{BASE}/profile/fair-data-point-1/shapes")
    conforms, _, report = pyshacl.validate(root, shacl_graph=shapes)
    assert conforms, report
    root.remove((None, rdflib.DCTERMS.license, None))
    assert not pyshacl.validate(root, shacl_graph=shapes)[0]


@pytest.mark.parametrize(
    "path", ["/catalog.ttl", "/dump.nq.gz", "/sitemap.xml", "/oai?verb=Identify"]
)
def test_row_11_head_of_lists_has_no_body(desk: Desk, parts: tuple[str, ...], path: str) -> None:
    head, get = desk.ask("HEAD", path), desk.ask("GET", path)
    assert (head.status_code, head.get_data()) == (200, b"")
    for name in ("ETag", "Content-Type"):
        assert head.headers.get(name) == get.headers.get(name)


def test_row_12_what_a_client_has_is_not_sent_again(desk: Desk, parts: tuple[str, ...]) -> None:
    for iri in (BASE, *parts):
        first = desk.ask("GET", iri)
        tag, when = first.headers["ETag"], first.headers["Last-Modified"]
        assert desk.ask("GET", iri, If_None_Match=tag).status_code == 304
        assert desk.ask("GET", iri, If_Modified_Since=when).status_code == 304
        tags = {desk.ask("GET", iri, Accept=media).headers["ETag"] for media in NOTATIONS}
        assert len(tags) == len(NOTATIONS)


def test_row_15_the_root_has_one_container_of_what_is_published(
    desk: Desk, parts: tuple[str, ...]
) -> None:
    draft = desk.made("catalog", a_catalog())
    root = graph_of(desk, BASE)
    (box,) = root.subjects(rdflib.RDF.type, rdflib.URIRef(LDP + "DirectContainer"))
    assert root.value(box, rdflib.DCTERMS.title)
    assert root.value(box, rdflib.URIRef(LDP + "membershipResource")) == rdflib.URIRef(BASE)
    relation = root.value(box, rdflib.URIRef(LDP + "hasMemberRelation"))
    assert relation == rdflib.URIRef(FDPO + "metadataCatalog")
    inside = {str(each) for each in root.objects(box, rdflib.URIRef(LDP + "contains"))}
    assert parts[0] in inside
    assert draft not in inside


SMALL = {
    "catalog": a_catalog(f"<{BASE}/catalog/example>"),
    "dataset": a_dataset(f"{BASE}/catalog/example", f"<{BASE}/dataset/example>"),
    "distribution": a_distribution(f"{BASE}/dataset/example", f"<{BASE}/distribution/example>"),
}


@pytest.mark.parametrize("kind", SMALL)
def test_row_23_a_small_valid_example_passes_the_shapes_of_its_type(desk: Desk, kind: str) -> None:
    shapes = graph_of(desk, f"{BASE}/{kind}/spec")
    good = rdflib.Graph().parse(data=PREFIXES + SMALL[kind], format="turtle")
    conforms, _, report = pyshacl.validate(good, shacl_graph=shapes, allow_warnings=True)
    assert conforms, report
    poor = f"<{BASE}/{kind}/poor> a dcat:{kind.capitalize()} ."
    bad = rdflib.Graph().parse(data=PREFIXES + poor, format="turtle")
    assert not pyshacl.validate(bad, shacl_graph=shapes, allow_warnings=True)[0]


def test_row_28_the_path_of_location_answers_on_the_host_that_was_used(desk: Desk) -> None:
    path = desk.made("catalog", a_catalog()).removeprefix(BASE)
    mine = {"Authorization": f"Bearer {desk.people.anna}", "Accept": "*/*"}
    for host in (BASE, "http://localhost:8080", "http://127.0.0.1:9999"):
        assert desk.client.get(path, headers=mine, base_url=host).status_code == 200


def test_row_38_what_was_deleted_is_told_to_harvesters(desk: Desk) -> None:
    where = desk.dataset(desk.catalog())
    name = where.rpartition("/")[2]
    desk.ask("DELETE", where, "anna")
    listed = desk.ask("GET", "/oai?verb=ListIdentifiers&metadataPrefix=dcat").text
    (header,) = [each for each in listed.split("<header") if name in each]
    assert 'status="deleted"' in header
    assert where not in desk.ask("GET", "/catalog.ttl").text


def test_row_54_nobody_is_told_of_us_unless_the_operator_says_whom() -> None:
    assert Settings().ping_indexes == ()


def defined(path: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", range(1, 55), ids=lambda row: f"row_{row}")
def test_every_row_is_tested_where_it_is_said_to_be(row: int) -> None:
    for each in ELSEWHERE[row]:
        path, _, name = each.partition("::")
        assert name in defined(path), f"row {row}: {each} is gone"
