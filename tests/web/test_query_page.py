"""The query page without a browser: examples, answers, refusals, links; the editor's files."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest
from web import townhall
from werkzeug.exceptions import NotFound

from catalogue.errors import QuerySyntax, QueryTimeout, StoreUnavailable
from catalogue.rdf.fields import CLASSES
from catalogue.rdf.write import write
from catalogue.store.base import Answer, HeldBack
from catalogue.store.formats import FORMATS, chosen
from catalogue.store.guard import inspect
from catalogue.store.queries import examples
from catalogue.web import limits
from catalogue.web.assets import VENDOR
from catalogue.web.pages import query as query_page
from catalogue.web.present.query_words import WORDS, wait_words

STATIC = VENDOR.parent
SCRIPTS = ("query-terms.js", "query-views.js", "query.js")
NAMES = [each.name for each in examples()]
WRITTEN = {"json": ox.QueryResultsFormat.JSON}
"""What the store answers in beside tab-separated values."""


class Store(townhall.FakeStore):
    """Asks the real engine, in this process, about the six datasets."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ox.Store()
        for each in townhall.DATASETS:
            self.held.extend(ox.Quad(*triple) for triple in write(each.value))

    def query(self, query: str, **options: Any) -> Answer:
        self.asked.append((query, options))
        if self.fails:
            raise self.fails
        kind = inspect(query).kind
        form = chosen(options["accept"], kind)
        try:
            found: Any = self.held.query(query)
        except SyntaxError as error:
            raise QuerySyntax(str(error)) from error
        return Answer(form.media_type, _kind(kind), HeldBack(_written(found, form)))


def _kind(kind: str) -> Any:
    return kind if kind in {"select", "ask"} else "graph"


def _written(found: Any, form: Any) -> Any:
    graph = form in [each for each in FORMATS if each.kind == "graph"]
    solutions = WRITTEN.get(form.name, ox.QueryResultsFormat.TSV)
    yield found.serialize(format=ox.RdfFormat.TURTLE if graph else solutions)


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


@pytest.fixture(scope="module")
def app(store: Store) -> Any:
    return townhall.create_app(
        townhall.Services(
            townhall.FakeRegister(),
            townhall.services().search,
            store,  # type: ignore[arg-type]
            townhall.vocabulary(),
            townhall.documents(),
        ),
        townhall.settings(),
    )


def test_there_are_fifteen_examples_and_more_in_both_languages() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 15
    for each in examples():
        assert set(each.words) == {"nl", "en"}, each.name
        assert each.words["nl"] != each.words["en"]
        assert all(words.endswith("?") for words in each.words.values())


@pytest.mark.parametrize("name", NAMES)
def test_an_example_declares_what_it_uses_and_is_answered(page: Any, name: str) -> None:
    answer = page(f"/en/query?example={name}")
    assert answer.status_code == 200
    assert 'id="answer-head"' in answer.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_lists_the_examples_in_words(page: Any, language: str) -> None:
    text = page(f"/{language}/query").text
    for each in examples():
        assert html.escape(each.words[language], quote=False) in html.unescape(text)
        assert f"/{language}/query?example={each.name}#answer" in text


def test_an_answer_is_a_table_with_names_and_links(page: Any) -> None:
    text = page("/nl/query?example=consent-codes").text
    assert "HMB" in text or "gezondheid" in text.lower()
    rows = re.findall(r"<tr>", text)
    assert len(rows) > 3
    assert "<figure" in text


ORGANISED = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gc: <https://w3id.org/genoomcatalogus/ns#>
INSERT DATA {
  <x:one> a dcat:Dataset ; dct:title "Een"@nl, "One"@en ; dct:publisher <x:us> ; gc:assay
    gc:assay-wes, <http://purl.obolibrary.org/obo/OBI_0002118>, <http://elsewhere.example/wes> .
  <x:two> a dcat:Dataset ; dct:title "Two"@en ; dct:publisher <x:us> ;
    gc:assay <http://purl.obolibrary.org/obo/OBI_0002118> .
  <x:us> foaf:name "Wij"@nl, "We"@en .
}"""


def answered(name: str, language: str) -> list[list[str]]:
    """The values that an example finds in two datasets, as they are written."""
    store = ox.Store()
    store.update(ORGANISED)
    (query,) = [each.asked_in(language) for each in examples() if each.name == name]
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [[str(value) for value in row] for row in found]


def test_an_organisation_and_an_assay_are_counted_on_one_row() -> None:
    assay = "<https://w3id.org/genoomcatalogus/ns#assay-wes>"
    two = '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert answered("assays-by-organisation", "nl") == [['"Wij"@nl', assay, two]]
    assert answered("datasets-by-assay", "nl") == [[assay, two]]


def test_terms_of_others_in_examples_mean_what_our_vocabulary_says() -> None:
    concepts = townhall.vocabulary().scheme("assay").concepts
    exact = {(code, each.iri) for each in concepts for code in each.exact}
    for name in ("assays-by-organisation", "datasets-by-assay"):
        (query,) = [each.query for each in examples() if each.name == name]
        pairs = re.findall(r"\((obi|ncit):(\w+) gc:([\w-]+)\)", query)
        said = {
            (
                f"http://purl.obolibrary.org/obo/{prefix.upper()}_{code}",
                f"https://w3id.org/genoomcatalogus/ns#{ours}",
            )
            for prefix, code, ours in pairs
        }
        assert said
        assert said <= exact


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", ['"Een"@nl', '"Two"@en']), ("en", ['"One"@en', '"Two"@en'])],
)
def test_an_example_prefers_names_in_the_language_of_the_page(
    page: Any, language: str, expected: list[str]
) -> None:
    assert sorted(row[1] for row in answered("everything", language)) == expected
    assert f'"{language}"' in html.unescape(page(f"/{language}/query?example=everything").text)
    said = page(f"/{language}/query/terms.json").json["examples"]
    assert f'"{language}"' in said["everything"]


def test_the_table_comes_before_the_drawing_and_says_that_it_scrolls(page: Any) -> None:
    text = _answer(page("/en/query?example=consent-codes").text)
    assert text.index("scroll-hint") < text.index("<table") < text.index("<figure")


def test_our_own_records_are_linked_in_the_language_of_the_page(page: Any) -> None:
    text = page("/nl/query?example=everything").text
    assert f'href="{townhall.BASE}/nl/dataset/rich"' in text
    assert ">dataset/rich</a>" in text


WITHOUT_PAGE = [
    "graph/rich",
    "graph/rich/navigation",
    "graph/rich/provenance",
    "dataset/rich/provenance#repaired-code",
    "profile/e8e7fc9b",
    "catalog.ttl",
    ".well-known/void#all",
    "dataset/rich?format=ttl",
    "sources/noord/runs/last",
]
WITH_PAGE = [
    "dataset/rich",
    "dataset/rich#contact",
    "dataset/rich/versions/20260101000000",
    "catalog/noord",
    "distribution/richdist",
    "series/years",
    "organisation/noord",
    "sources/noord",
    "sources/noord/runs/7",
]


def linked(page: Any, path: str) -> str:
    """Where the answer leads that has only this path of ours."""
    query = f"SELECT (IRI('{townhall.BASE}/{path}') AS ?it) {{}}"
    said = _answer(page(f"/nl/query?{urlencode({'query': query})}").text)
    (found,) = re.findall(r'<td><a href="([^"]+)"', said)
    return html.unescape(found)


@pytest.mark.parametrize("path", WITH_PAGE)
def test_what_has_a_page_in_a_language_is_linked_there(page: Any, path: str) -> None:
    assert linked(page, path) == f"{townhall.BASE}/nl/{path}"


@pytest.mark.parametrize("path", WITHOUT_PAGE)
def test_what_has_no_page_in_a_language_is_linked_at_its_own_address(page: Any, path: str) -> None:
    assert linked(page, path) == f"{townhall.BASE}/{path}"


@pytest.mark.parametrize("path", [path for path in WITH_PAGE + WITHOUT_PAGE if "?" not in path])
def test_what_is_linked_in_a_language_is_what_the_site_has_there(app: Any, path: str) -> None:
    with app.test_request_context("/nl/query"):
        spoken = re.match(query_page._pages(), path) is not None
    try:
        app.url_map.bind("").match("/nl/" + path.partition("#")[0])
        assert spoken
    except NotFound:
        assert not spoken


def test_hostile_values_are_text(page: Any) -> None:
    text = page("/en/query?example=everything").text
    assert townhall.ATTACK not in text
    assert html.escape(townhall.ATTACK) in text


def test_a_page_without_a_question_asks_nothing(page: Any, store: Store) -> None:
    before = len(store.asked)
    assert page("/en/query").status_code == 200
    assert len(store.asked) == before


def test_a_form_and_an_address_have_the_same_answer(page: Any, client: Any) -> None:
    query = "SELECT ?s { ?s a <http://www.w3.org/ns/dcat#Dataset> } ORDER BY ?s"
    sent = client.post("/en/query", data={"query": query}, headers={"Accept": "text/html"})
    got = client.get("/en/query", query_string={"query": query}, headers={"Accept": "text/html"})
    assert sent.status_code == got.status_code == 200
    assert _answer(sent.text) == _answer(got.text)


def _answer(text: str) -> str:
    return text.partition('<div id="answer">')[2].partition('aria-labelledby="examples"')[0]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT", 400),
        ("", 400),
        ("DROP ALL", 403),
        ("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", 403),
        ("ASK { ?s ?p ?o } #" + "x" * 70_000, 413),
    ],
    ids=["half", "empty", "update", "service", "too long"],
)
def test_what_is_wrong_stands_beside_the_question(client: Any, query: str, status: int) -> None:
    answer = client.post("/en/query", data={"query": query}, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert html.escape(query[:20]) in answer.text


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("SELECT * {", "Deze vraag is niet te begrijpen"),
        ("INSERT DATA { <x:a> <x:b> 1 }", "Dit mag hier niet"),
    ],
)
def test_a_mistake_is_called_what_the_scripts_call_it(page: Any, query: str, title: str) -> None:
    said = page(f"/nl/query?{urlencode({'query': query})}").text
    assert f'<h2 id="answer-head" tabindex="-1">{title}</h2>' in said


def test_what_is_wrong_is_said_to_be_technical_where_it_is_not_dutch(page: Any) -> None:
    said = page("/nl/query?query=").text
    assert re.search(r'De technische melding: <span lang="en">[^<]+</span></p></div>', said)
    assert "technical message: <" not in page("/en/query?query=").text


def test_a_term_of_ours_leads_to_our_vocabulary(page: Any) -> None:
    iri = "https://w3id.org/genoomcatalogus/ns%23assay-wes"
    said = page(f"/nl/query?query=SELECT (IRI('{iri}') AS ?it) {{}}").text
    assert f'href="{townhall.BASE}/nl/ns#assay-wes"' in said
    assert ">gc:assay-wes<" in said


@pytest.mark.parametrize("failure", [QueryTimeout("after 3 s"), StoreUnavailable("busy")])
def test_a_store_that_fails_says_when_to_try_again(
    page: Any, store: Store, failure: Exception
) -> None:
    store.fails = failure
    try:
        answer = page("/nl/query?example=everything")
    finally:
        store.fails = None
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert str(failure) in answer.text


def test_a_question_that_takes_too_long_is_called_so_and_helped(page: Any, store: Store) -> None:
    (written,) = re.findall(r'data-words="([^"]+)"', page("/nl/query").text)
    words = json.loads(html.unescape(written))
    store.fails = QueryTimeout("after 3 s")
    try:
        said = html.unescape(page("/nl/query?example=everything").text)
    finally:
        store.fails = None
    for told in (words["query-timeout"], words["query-timeout-help"]):
        assert said.count(told) == 2  # in the answer, and among the words for the scripts
    assert words["query-timeout"] == "Deze vraag duurde te lang"
    assert said.count(words["status503"]) == 1  # among the words for the scripts


def test_the_limits_of_the_endpoint_hold_for_the_page() -> None:
    site = townhall.create_app(townhall.services(), townhall.settings(query_minute=1))
    client = site.test_client()
    statuses = [
        client.get("/en/query?example=everything", headers={"Accept": "text/html"}).status_code
        for _ in range(2)
    ]
    assert statuses == [200, 429]
    with site.app_context():
        assert limits.of_this_worker().seats.taken == 0


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    site = townhall.create_app(townhall.services(), townhall.settings(query_minute=1))
    for _ in range(2):
        answer = site.test_client().get("/nl/query?query=ASK{}", headers={"Accept": "text/html"})
    said = _answer(answer.text)
    seconds = answer.headers["Retry-After"]
    assert ">Te vaak</h2>" in said
    assert f"<p>Wacht even ({seconds} s) en stel de vraag opnieuw.</p>" in said
    assert 50 <= int(seconds) <= 60


def test_without_known_seconds_who_asks_too_often_is_told_to_wait() -> None:
    assert wait_words(0) == "Wait a moment, and ask again."


def test_a_link_is_offered_until_it_is_too_long(page: Any, client: Any) -> None:
    said = _answer(page("/en/query?query=ASK+%7B%7D").text)
    assert 'id="link"' in said
    assert "<button" not in said  # without scripts it could not copy
    long = "ASK {} #" + "x" * 9000
    answer = client.post("/en/query", data={"query": long}, headers={"Accept": "text/html"})
    assert "too long for a link" in answer.text


def test_an_example_that_does_not_exist_is_a_page_that_says_so(page: Any) -> None:
    assert page("/en/query?example=nope").status_code == 404


def test_answers_are_not_for_search_engines(page: Any) -> None:
    assert 'content="noindex"' in page("/en/query?example=everything").text
    assert 'content="noindex"' not in page("/en/query").text


def test_the_editor_completes_our_own_names_in_the_language_of_the_page(client: Any) -> None:
    said = client.get("/nl/query/terms.json").json
    assert said["prefixes"]["dcat"] == "http://www.w3.org/ns/dcat#"
    assert set(said["classes"]) == set(CLASSES.values())
    assert "http://purl.org/dc/terms/title" in said["properties"]
    assert said["concepts"]["https://w3id.org/genoomcatalogus/ns#disease-breast-cancer"] == (
        "borstkanker"
    )


def test_the_names_of_the_editor_are_sent_once(client: Any) -> None:
    tag = client.get("/en/query/terms.json").headers["ETag"]
    assert client.get("/en/query/terms.json", headers={"If-None-Match": tag}).status_code == 304


def test_a_code_of_others_is_called_what_our_concept_is(client: Any) -> None:
    said = client.get("/nl/query/terms.json").json
    code, name = next(iter(said["codes"].items()))
    assert code not in said["concepts"]
    assert name in said["concepts"].values()


def test_the_scripts_know_every_example(client: Any) -> None:
    assert client.get("/en/query/terms.json").json["examples"] == {
        each.name: each.asked_in("en") for each in examples()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [("SELECT * {}", "text/csv"), ("ASK {}", "results+json"), ("DESCRIBE <x:a>", "text/turtle")],
)
def test_programs_are_told_without_asking(
    client: Any, store: Store, query: str, expected: str
) -> None:
    before = len(store.asked)
    said = client.post("/en/query/programs", data={"query": query}).json["programs"]
    assert [each["name"] for each in said] == ["curl", "Python", "R"]
    assert f"{townhall.BASE}/sparql" in said[0]["code"]
    assert expected in said[0]["code"]
    assert query in said[2]["code"]
    assert len(store.asked) == before


@pytest.mark.parametrize(("query", "status"), [("DROP ALL", 403), ("", 400)])
def test_there_are_no_programs_for_what_may_not_be_asked(
    client: Any, query: str, status: int
) -> None:
    assert client.post("/nl/query/programs", data={"query": query}).status_code == status


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_scripts_are_given_their_words_in_the_language_of_the_page(
    page: Any, language: str
) -> None:
    (written,) = re.findall(r'data-words="([^"]+)"', page(f"/{language}/query").text)
    words = json.loads(html.unescape(written))
    assert words["ask"] == {"nl": "Stel de vraag", "en": "Ask"}[language]
    assert (
        words["status403"]
        == {"nl": "Dit mag hier niet", "en": "This is not allowed here"}[language]
    )


def test_the_scripts_use_exactly_the_words_that_they_are_given() -> None:
    text = "".join((STATIC / name).read_text() for name in SCRIPTS)
    used = set(re.findall(r"\b(?:say|words)\.([a-zA-Z]+)", text))
    kinds = set(re.findall(r'"(\w+)"', re.findall(r"KINDS = \[(.*?)\]", text)[0]))
    assert used | kinds == set(WORDS)


def test_our_scripts_name_no_other_host() -> None:
    text = "".join((STATIC / name).read_text() for name in SCRIPTS)
    assert {urlsplit(each).hostname for each in re.findall(r"https?://[\w.]+", text)} <= {
        "www.w3.org"
    }
    assert not re.search(r"innerHTML|insertAdjacentHTML|\beval\b|document\.write", text)
