"""SPARQL 1.1 Protocol and Service Description, clause by clause, over HTTP.

The catalogue serves four small graphs; requests are written out as bytes where a client library
would be too helpful. Updates are tested as refusals, because this endpoint has none.
"""

from __future__ import annotations

import doctest
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
import requests
from served import Served, serving

from catalogue.web import sparql_description

DATA = "http://data.example/data{}.rdf"
ONE, TWO, THREE, ZERO = (DATA.format(number) for number in (1, 2, 3, 0))
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
BOTH = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type . }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }} }}"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("data") / "graphs.nq"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    document = "<http://xmlns.com/foaf/0.1/Document>"
    data.write_text(
        "".join(f"<{iri}> {kind} {document} <{iri}> .\n" for iri in (ONE, TWO, THREE))
        + '<urn:formula> <urn:says> "=HYPERLINK(\\"http://e/\\",\\"x\\")" <urn:cells> .\n'
        + '<urn:number> <urn:says> "-12" <urn:cells> .\n'
    )
    with serving("serve", "--data", str(data)) as running:
        yield running


@pytest.fixture(params=["/sparql", "/sparql/"])
def endpoint(served: Served, request: pytest.FixtureRequest) -> str:
    return served.base + str(request.param)


class Answer:
    """Status, headers and body of a request that was sent exactly as written."""

    def __init__(self, found: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = found.status, found.headers, found.read()

    @property
    def boolean(self) -> Any:
        return json.loads(self.body)["boolean"]


def send(
    endpoint: str,
    method: str,
    parameters: Any = (),
    body: str | bytes | None = None,
    **headers: str,
) -> Answer:
    parts = urlsplit(endpoint)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    path = parts.path + ("?" + urlencode(parameters) if parameters else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in named)
    content = body.encode() if isinstance(body, str) else body
    if content is not None:
        named["Content-Length"] = str(len(content))
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders(content)
    found = Answer(connection.getresponse())
    connection.close()
    return found


# --- query operations (2.1) ---------------------------------------------------------------


def test_a_query_by_get(endpoint: str) -> None:
    assert send(endpoint, "GET", {"query": "ASK {}"}).boolean is True


def test_a_query_by_a_form_with_the_graph_in_the_address(endpoint: str) -> None:
    found = send(
        endpoint, "POST", {"default-graph-uri": ZERO}, "query=ASK%20%7B%7D", Content_Type=FORM
    )
    assert found.boolean is True


def test_a_query_posted_directly(endpoint: str) -> None:
    found = send(endpoint, "POST", {"default-graph-uri": ZERO}, "ASK {}", Content_Type=DIRECT)
    assert found.boolean is True


def test_a_charset_beside_the_media_type_is_understood(endpoint: str) -> None:
    for kind, body in ((DIRECT, "ASK {}"), (FORM, "query=ASK%7B%7D")):
        found = send(endpoint, "POST", (), body, Content_Type=f"{kind}; charset=UTF-8")
        assert found.boolean is True


@pytest.mark.parametrize("address", ["/sparql/", "/en/sparql"])
def test_other_spellings_of_the_address_lead_there(served: Served, address: str) -> None:
    assert send(served.base + address, "GET", {"query": "ASK {}"}).boolean is True


def in_three_ways(endpoint: str, query: str, graphs: list[tuple[str, str]]) -> list[bool]:
    """By GET, by a form that holds everything, and directly with the graphs in the address."""
    return [
        send(endpoint, "GET", [("query", query), *graphs]).boolean,
        send(
            endpoint, "POST", (), urlencode([("query", query), *graphs]), Content_Type=FORM
        ).boolean,
        send(endpoint, "POST", graphs, query, Content_Type=DIRECT).boolean,
    ]


@pytest.mark.parametrize(
    ("graphs", "query", "expected"),
    [
        ([("default-graph-uri", ONE)], f"ASK {{ <{ONE}> a ?type }}", True),
        ([("default-graph-uri", ONE)], f"ASK {{ <{TWO}> a ?type }}", False),
        ([("default-graph-uri", ONE), ("default-graph-uri", TWO)], BOTH, True),
        ([("named-graph-uri", ONE), ("named-graph-uri", TWO)], NAMED, True),
        ([("named-graph-uri", ONE)], NAMED, False),
        ([("named-graph-uri", ONE)], "ASK { ?s ?p ?o }", False),
        ([("default-graph-uri", ONE)], "ASK { GRAPH ?g { ?s ?p ?o } }", False),
        (
            [("default-graph-uri", THREE), ("named-graph-uri", ONE), ("named-graph-uri", TWO)],
            f"ASK {{ <{THREE}> a ?type {NAMED[5:-2]} }}",
            True,
        ),
        ([], "ASK { ?s ?p ?o }", True),
        ([], NAMED, True),
        ([("default-graph-uri", "http://nowhere.example/g")], "ASK { ?s ?p ?o }", False),
    ],
)
def test_the_dataset_of_the_protocol(
    endpoint: str, graphs: list[tuple[str, str]], query: str, expected: bool
) -> None:
    assert in_three_ways(endpoint, query, graphs) == [expected] * 3


def test_the_dataset_of_the_protocol_wins_over_that_of_the_query(endpoint: str) -> None:
    query = f"ASK FROM <{ONE}> {{ <{ONE}> a ?type . }}"
    assert in_three_ways(endpoint, query, [("default-graph-uri", TWO)]) == [False] * 3
    query = f"ASK FROM <{ONE}> {{ <{TWO}> a ?type . }}"
    assert in_three_ways(endpoint, query, [("default-graph-uri", TWO)]) == [True] * 3


def test_the_dataset_of_the_query(endpoint: str) -> None:
    assert in_three_ways(endpoint, f"ASK FROM <{ONE}> {{ <{ONE}> a ?type }}", []) == [True] * 3
    assert in_three_ways(endpoint, f"ASK FROM <{ONE}> {{ <{TWO}> a ?type }}", []) == [False] * 3
    query = f"ASK FROM NAMED <{ONE}> {{ GRAPH ?g {{ <{TWO}> a ?type }} }}"
    assert in_three_ways(endpoint, query, []) == [False] * 3


# --- the form of the answer (2.1.6) -------------------------------------------------------

SOLUTIONS = {
    "application/sparql-results+json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv; charset=utf-8",
    "text/tab-separated-values": "text/tab-separated-values; charset=utf-8",
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "*/*": "application/sparql-results+json",
    "text/html, application/sparql-results+xml;q=0.9, */*;q=0.1": "application/sparql-results+xml",
}  # fmt: skip
GRAPHS = {
    "text/turtle": "text/turtle; charset=utf-8",
    "application/rdf+xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "application/n-triples": "application/n-triples",
    "*/*": "text/turtle; charset=utf-8",
    "application/rdf+xml;q=0.5, text/turtle;q=0.4": "application/rdf+xml",
}  # fmt: skip
CASES = [
    *((query, *pair) for query in ("SELECT (1 AS ?v) {}", "ASK {}") for pair in SOLUTIONS.items()),
    *(
        (query, *pair)
        for query in (f"DESCRIBE <{ONE}>", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        for pair in GRAPHS.items()
    ),
]


@pytest.mark.parametrize(("query", "accept", "expected"), CASES)
def test_the_client_chooses_the_form(endpoint: str, query: str, accept: str, expected: str) -> None:
    found = requests.get(endpoint, {"query": query}, headers={"Accept": accept}, timeout=30)
    assert (found.status_code, found.headers["Content-Type"]) == (200, expected)
    assert "Accept" in found.headers["Vary"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("form", ["csv", "xml", "json", "tsv"])
def test_a_browser_may_name_the_form(endpoint: str, form: str) -> None:
    asked = {"query": "SELECT (1 AS ?v) {}", "format": form}
    found = requests.get(endpoint, asked, headers={"Accept": "text/html,*/*;q=0.8"}, timeout=30)
    assert form in found.headers["Content-Type"].replace("tab-separated-values", "tsv")


def test_what_cannot_be_written_is_said_with_what_can(endpoint: str) -> None:
    found = requests.get(endpoint, {"query": "ASK {}"}, headers={"Accept": "image/png"}, timeout=30)
    assert found.status_code == 406
    assert "application/sparql-results+json" in found.json()["detail"]


def test_rdf_xml_of_what_it_cannot_hold_is_not_acceptable(endpoint: str) -> None:
    asked = {"query": "CONSTRUCT { <a:s> <http://e.example/ns/> 1 } {}"}
    found = requests.get(endpoint, asked, headers={"Accept": "application/rdf+xml"}, timeout=30)
    assert found.status_code == 406
    assert "<http://e.example/ns/>" in found.json()["detail"]
    assert "Turtle" in found.json()["detail"]
    assert requests.get(endpoint, asked, headers={"Accept": "*/*"}, timeout=30).status_code == 200


@pytest.mark.parametrize("query", ["ASK {}", "SELECT nonsense {", "SELECT (NOW() AS ?n) {}"])
@pytest.mark.parametrize("extra", [{}, {"timeout": "5000"}])
def test_a_question_is_no_document_that_anybody_has(
    endpoint: str, query: str, extra: dict[str, str]
) -> None:
    headers = {"If-None-Match": "*"}
    found = requests.get(endpoint, {"query": query, **extra}, headers=headers, timeout=30)
    assert found.status_code == (400 if "nonsense" in query else 200)


def test_a_query_by_post_is_never_not_modified(endpoint: str) -> None:
    tag = requests.post(endpoint, {"query": "ASK {}"}, timeout=30).headers["ETag"]
    headers = {"If-None-Match": tag}
    again = requests.post(endpoint, {"query": "ASK {}"}, headers=headers, timeout=30)
    assert again.status_code == 200


def test_a_query_that_is_too_long_is_too_large(endpoint: str) -> None:
    found = requests.post(endpoint, {"query": "ASK {}" + " " * 64_000}, timeout=30)
    assert found.status_code == 413
    assert "64000" in found.json()["detail"]


def test_head_says_what_get_would_say(endpoint: str) -> None:
    asked = {"query": "SELECT * { ?s ?p ?o }"}
    head = requests.head(endpoint, params=asked, timeout=30)
    get = requests.get(endpoint, params=asked, timeout=30)
    assert head.status_code == 200
    assert not head.content
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


# --- refusals (2.1.4, 2.2) ----------------------------------------------------------------

QUERY = "query=ASK%20%7B%7D"
UPDATE = "CLEAR ALL"
REFUSALS = {
    "another method": ({"method": "PUT", "parameters": {"query": "ASK {}"}}, 405),
    "the QUERY method": ({"method": "QUERY", "body": "ASK {}", "Content_Type": DIRECT}, 405),
    "two queries": ({"parameters": [("query", "ASK {}"), ("query", "SELECT * {}")]}, 400),
    "two queries in a form": (
        {"method": "POST", "body": f"{QUERY}&{QUERY}", "Content_Type": FORM},
        400,
    ),
    "a wrong media type": ({"method": "POST", "body": "ASK {}", "Content_Type": "text/plain"}, 415),
    "a form without its type": ({"method": "POST", "body": QUERY}, 415),
    "a body without its type": ({"method": "POST", "body": "ASK {}"}, 415),
    "another encoding": (
        {
            "method": "POST",
            "body": "ASK {}".encode("utf-16"),
            "Content_Type": f"{DIRECT}; charset=UTF-16",
        },
        415,
    ),
    "bytes that are no UTF-8": (
        {"method": "POST", "body": b"ASK { ?s ?p '\xff' }", "Content_Type": DIRECT},
        400,
    ),
    "a form that is no UTF-8": (
        {"method": "POST", "body": "query=ASK+%7B+%3Fs+%3Fp+'%FF'+%7D", "Content_Type": FORM},
        400,
    ),
    "half of UTF-16": (
        {"method": "POST", "body": "ASK {}".encode("utf-16-le"), "Content_Type": DIRECT},
        400,
    ),
    "a syntax error": ({"parameters": {"query": "ASK { UTF-16"}}, 400),
    "no query in the form": ({"method": "POST", "body": "q=1", "Content_Type": FORM}, 400),
    "an empty query": ({"parameters": {"query": ""}}, 400),
    "an empty body": ({"method": "POST", "body": "", "Content_Type": DIRECT}, 400),
    "a relative graph": ({"parameters": {"query": "ASK {}", "default-graph-uri": "data.rdf"}}, 400),
    "a deadline in words": ({"parameters": {"query": "ASK {}", "timeout": "soon"}}, 400),
    "an update by GET": ({"parameters": {"update": UPDATE}}, 403),
    "an update by form": (
        {"method": "POST", "body": "update=CLEAR%20ALL", "Content_Type": FORM},
        403,
    ),
    "two updates": (
        {"method": "POST", "body": "update=CLEAR%20ALL&update=DROP%20ALL", "Content_Type": FORM},
        403,
    ),
    "a direct update": (
        {"method": "POST", "body": UPDATE, "Content_Type": "application/sparql-update"},
        403,
    ),
    "an update of given graphs": (
        {
            "method": "POST",
            "parameters": {"using-graph-uri": ONE, "using-named-graph-uri": TWO},
            "body": UPDATE,
            "Content_Type": "application/sparql-update",
        },
        403,
    ),
    "an update as plain text": (
        {"method": "POST", "body": UPDATE, "Content_Type": "text/plain"},
        415,
    ),
    "an update without its type": ({"method": "POST", "body": "update=CLEAR%20ALL"}, 415),
    "an update that is no UTF-8": (
        {
            "method": "POST",
            "body": UPDATE.encode("utf-16"),
            "Content_Type": "application/sparql-update; charset=UTF-16",
        },
        403,
    ),
    "an update that does not parse": (
        {"method": "POST", "body": "update=CLEAR%20XX", "Content_Type": FORM},
        403,
    ),
    "an update as a query": ({"parameters": {"query": UPDATE}}, 403),
    "an insertion as a query": ({"parameters": {"query": "INSERT DATA { <a:a> <a:b> 1 }"}}, 403),
    "deletion": ({"method": "DELETE"}, 405),
}


@pytest.mark.parametrize(("sent", "status"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_has_its_status_and_a_reason_that_browsers_may_read(
    endpoint: str, sent: dict[str, Any], status: int
) -> None:
    found = send(endpoint, **{"method": "GET", **sent})
    assert found.status == status
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    assert found.headers["Content-Type"] == "application/problem+json"
    assert json.loads(found.body)["status"] == status


def test_nothing_was_changed_by_all_these_updates(endpoint: str) -> None:
    for query in (UPDATE, "DROP ALL", f"LOAD <{ONE}>"):
        send(endpoint, "POST", (), urlencode({"update": query}), Content_Type=FORM)
    assert send(endpoint, "GET", {"query": NAMED}).boolean is True


def test_an_error_says_where_it_is(endpoint: str) -> None:
    wrong = send(endpoint, "GET", {"query": "SELECT * {\n  ?s ?p }"})
    assert json.loads(wrong.body)["detail"].startswith("line 2, column ")
    refused = send(endpoint, "GET", {"query": "SELECT * {\n  SERVICE <http://e/> { ?s ?p ?o } }"})
    assert json.loads(refused.body)["detail"].startswith("line 2, column 3: SERVICE ")


# --- limits and browsers ------------------------------------------------------------------


def test_a_deadline_is_accepted_capped_and_told(endpoint: str) -> None:
    def told(**more: str) -> str:
        return str(send(endpoint, "GET", {"query": "ASK {}", **more}).headers["X-SPARQL-Timeout"])

    assert [told(), told(timeout="500"), told(timeout="999999999"), told(timeout="0")] == [
        "3000",
        "500",
        "3000",
        "3000",
    ]


def test_a_preflight_is_allowed(endpoint: str) -> None:
    found = send(
        endpoint,
        "OPTIONS",
        Origin="https://elsewhere.example",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert found.status == 204
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in found.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in found.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("query", ["ASK {}", "nonsense", "SELECT * { SERVICE <http://e/> {} }"])
def test_scripts_of_other_sites_may_read_answers_and_errors(endpoint: str, query: str) -> None:
    found = requests.get(
        endpoint, {"query": query}, headers={"Origin": "https://a.example"}, timeout=30
    )
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    exposed = found.headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Link", "Retry-After"} <= {name.strip() for name in exposed.split(",")}


def test_an_answer_that_cannot_have_changed_is_not_sent_again(endpoint: str) -> None:
    asked = {"query": "SELECT * { ?s ?p ?o } LIMIT 3"}
    first = requests.get(endpoint, asked, timeout=30)
    tag = first.headers["ETag"]
    again = requests.get(endpoint, asked, headers={"If-None-Match": tag}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    other = requests.get(
        endpoint, asked, headers={"If-None-Match": tag, "Accept": "text/csv"}, timeout=30
    )
    assert other.status_code == 200


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_an_answer_that_differs_every_time_is_not_kept(endpoint: str, call: str) -> None:
    found = requests.get(endpoint, {"query": f"SELECT ({call} AS ?v) {{}}"}, timeout=30)
    assert found.status_code == 200
    assert "ETag" not in found.headers


CELLS = "SELECT ?v { ?s <urn:says> ?v } ORDER BY ?s"


def test_csv_is_standard_unless_a_spreadsheet_will_open_it(endpoint: str) -> None:
    asked = {"query": CELLS, "format": "csv"}
    standard = requests.get(endpoint, asked, timeout=30)
    assert standard.headers["Content-Disposition"] == 'attachment; filename="answer.csv"'
    assert '"=HYPERLINK(' in standard.text
    safe = requests.get(endpoint, {**asked, "csv": "safe"}, timeout=30)
    assert "\"'=HYPERLINK(" in safe.text
    assert "-12" in safe.text.split()
    assert safe.headers["ETag"] != standard.headers["ETag"]


# --- service description and VoID ---------------------------------------------------------

NOTATIONS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


def described(url: str, accept: str) -> list[ox.Triple]:
    found = requests.get(url, headers={"Accept": accept}, timeout=30)
    assert found.status_code == 200
    assert found.headers["Content-Type"].split(";")[0] == accept
    quads = ox.parse(found.content, format=NOTATIONS[accept], base_iri=url)
    return [quad.triple for quad in quads]


def objects(triples: list[ox.Triple], predicate: str) -> list[str]:
    return [t.object.value for t in triples if t.predicate.value == predicate]


@pytest.mark.parametrize("accept", NOTATIONS)
def test_the_service_describes_itself_in_every_notation(endpoint: str, accept: str) -> None:
    triples = described(endpoint, accept)
    assert objects(triples, SD + "endpoint") == [endpoint.rstrip("/")]
    assert len(triples) < 50
    assert SD + "UnionDefaultGraph" in objects(triples, SD + "feature")
    assert objects(triples, SD + "supportedLanguage") == [SD + "SPARQL11Query"]
    assert len(objects(triples, SD + "resultFormat")) == 8
    assert objects(triples, VOID + "classPartition")
    assert objects(triples, VOID + "propertyPartition")


def test_the_description_names_the_endpoint_as_it_was_asked_on_this_machine(served: Served) -> None:
    asked = served.base.replace("127.0.0.1", "localhost") + "/sparql"
    assert objects(described(asked, "text/turtle"), SD + "endpoint") == [asked]


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:80:80"])
def test_another_host_does_not_change_where_the_endpoint_is(served: Served, host: str) -> None:
    found = send(served.base + "/sparql", "GET", Accept="application/n-triples", Host=host)
    if found.status == 200:
        assert f"#endpoint> <{served.base}/sparql>" in found.body.decode()
    else:
        assert 400 <= found.status < 500


def test_the_doctests_of_the_description_hold() -> None:
    assert doctest.testmod(sparql_description).failed == 0


def test_the_description_uses_only_terms_of_its_vocabulary(endpoint: str) -> None:
    known = {
        "endpoint",
        "supportedLanguage",
        "feature",
        "resultFormat",
        "defaultDataset",
        "defaultGraph",
    }
    used = {t.predicate.value.removeprefix(SD) for t in described(endpoint, "text/turtle")
            if t.predicate.value.startswith(SD)}  # fmt: skip
    assert used == known


def test_without_any_preference_the_description_is_rdf(endpoint: str) -> None:
    found = requests.get(endpoint, timeout=30)
    assert found.headers["Content-Type"].startswith("text/turtle")


def test_people_get_a_page(endpoint: str) -> None:
    found = requests.get(endpoint, headers={"Accept": "text/html"}, timeout=30)
    assert "<form" in found.text


@pytest.mark.parametrize("accept", NOTATIONS)
def test_void_counts_what_is_there(served: Served, accept: str) -> None:
    triples = described(served.base + "/.well-known/void", accept)
    assert objects(triples, VOID + "sparqlEndpoint") == [served.base + "/sparql"]
    data = served.base + "/.well-known/void#dataset"
    total = [t.object.value for t in triples
             if t.predicate.value == VOID + "triples" and t.subject.value == data]  # fmt: skip
    assert total == ["5"]
    assert "http://xmlns.com/foaf/0.1/Document" in objects(triples, VOID + "class")
    assert "urn:says" in objects(triples, VOID + "property")


def test_the_address_of_a_query_may_be_long(endpoint: str) -> None:
    text = "SELECT * { ?s ?p ?o } #" + "x" * 7000
    found = requests.get(f"{endpoint}?query={quote(text)}", timeout=30)
    assert found.status_code == 200
