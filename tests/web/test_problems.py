"""Whatever goes wrong has a name and a true status, in both languages."""

from __future__ import annotations

import ast
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import flask
import pytest
from web import townhall
from werkzeug.exceptions import HTTPException, default_exceptions

from catalogue import errors
from catalogue.web import language, problems

WEB = Path(problems.__file__).parent
KNOWN = {each.value for each in HTTPStatus if each.value >= 400}


def sent() -> set[int]:
    """The statuses that our own code names in a table, a call or a `status_code = …`."""
    found = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            found |= {each.value for each in numbers(node) if each.value in KNOWN}
    return found


def numbers(node: ast.AST) -> list[Any]:
    """Numbers that stand where a status stands."""
    places = {
        ast.Dict: lambda n: [*n.keys, *n.values],
        ast.Tuple: lambda n: n.elts,
        ast.Call: lambda n: [*n.args[:2], *(k.value for k in n.keywords if k.arg == "status")],
        ast.Assign: lambda n: [n.value],
    }
    found = places[type(node)](node) if type(node) in places else []  # type: ignore[no-untyped-call]
    return [each for each in found if isinstance(each, ast.Constant) and type(each.value) is int]


def test_every_status_that_is_sent_has_a_title() -> None:
    assert {400, 404, 409, 412, 422, 429, 503} <= sent()
    assert sent() <= set(problems.TITLES)


def test_every_status_of_the_web_framework_has_a_title() -> None:
    common = set(default_exceptions) - {418, 421, 423, 424, 451}
    assert common <= set(problems.TITLES)


@pytest.mark.parametrize("status", sorted(problems.TITLES))
def test_a_problem_says_its_title_to_people_and_programs(status: int) -> None:
    app = townhall.application()
    dutch = str(title(app, status, "nl"))
    assert dutch != str(title(app, status, "en"))
    with app.test_request_context("/dataset/x", headers={"Accept": "application/json"}):
        answer = problems.of_http(of_status(status))
        assert answer.status_code == status
        assert answer.json is not None
        assert answer.json["title"] not in {"Error", "Fout"}


@pytest.mark.parametrize(
    "path",
    ["/dataset/rich", "/dataset/rich?format=csl", "/dataset/rich/linkset", "/dataset/rich/versions",
     "/api/v1/datasets", "/catalog.rdf", "/datasets.csv", "/sitemap.xml", "/static/base.css"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_condition_that_does_not_hold_is_a_problem_too(
    client: Any, path: str, method: str
) -> None:
    answer = client.open(path, method=method, headers={"If-Match": '"nope"'})
    assert answer.status_code == 412
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["ETag"]
    assert (answer.data == b"") == (method == "HEAD")
    if method == "GET":
        assert answer.json["status"] == 412


def test_a_visitor_gets_a_condition_that_does_not_hold_as_a_page(page: Any) -> None:
    answer = page("/en/dataset/rich", **{"If-Match": '"nope"'})
    assert (answer.status_code, answer.mimetype) == (412, "text/html")
    assert "Changed since you read it" in answer.text


def title(app: flask.Flask, status: int, tongue: str) -> str:
    with app.test_request_context(f"/{tongue}/datasets"):
        app.preprocess_request()
        assert language.language() == tongue
        return str(problems.TITLES[status])


def of_status(status: int) -> HTTPException:
    error = HTTPException("why")
    error.code = status
    return error


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nl/dataset/rich?format=xyz", 400),
        ("/dataset/old?format=bibtex", 410),
        ("/sparql?query=SELEC&format=csv", 400),
    ],
)
def test_a_visitor_gets_a_page_also_where_programs_ask(client: Any, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    program = client.get(path, headers={"Accept": "*/*"})
    assert (program.status_code, program.mimetype) == (status, "application/problem+json")


def test_whoever_names_html_in_the_address_gets_a_page_of_a_mistake_too(client: Any) -> None:
    answer = client.get("/dataset/old?format=html", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.mimetype) == (410, "text/html")


def test_the_form_of_the_endpoint_answers_a_mistake_with_a_page(client: Any) -> None:
    sent = {"query": "SELEC", "format": "csv"}
    answer = client.post("/sparql", data=sent, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (400, "text/html")


def test_a_question_that_takes_too_long_is_not_called_an_outage(app: Any) -> None:
    slow = errors.QueryTimeout("the query was not finished within 10 seconds")
    with app.test_request_context("/nl/sparql", headers={"Accept": BROWSER}):
        app.preprocess_request()
        answer = problems.of_ours(slow)
        assert answer.status_code == 503
        text = answer.get_data(as_text=True)
        assert "<h1>Deze vraag duurde te lang</h1>" in text
        assert "Vraag minder" in text
        assert "Uw vraag was goed" not in text
    with app.test_request_context("/sparql", headers={"Accept": "*/*"}):
        app.preprocess_request()
        said: Any = problems.of_ours(slow).json
        assert (said["title"], said["cause"]) == ("This question took too long", "query-timeout")
        assert "cause" not in (problems.of_ours(errors.StoreUnavailable("away")).json or {})


@pytest.mark.parametrize("path", ["/tokens", "/series", "/nl/sources/noordzee/removal", "/nl/no"])
def test_an_error_where_no_page_is_leads_to_pages_that_are(client: Any, path: str) -> None:
    text = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "en"}).text
    assert 'rel="alternate" hreflang' not in text
    links = re.findall(r'<a href="([^"]+)"[^>]* hreflang=', text)
    assert links
    for link in links:
        assert client.get(link, headers={"Accept": BROWSER}).status_code == 200


def test_an_error_at_the_address_of_a_page_keeps_its_languages(page: Any) -> None:
    text = page("/nl/dataset/nothing").text
    assert 'hreflang="en" href="https://catalogue.example/en/dataset/nothing"' in text


@pytest.mark.parametrize(
    ("path", "onward"),
    [("/catalog", "/nl/catalogs"), ("/nl/catalog", "/nl/catalogs"), ("/dataset", "/nl/datasets")],
)
def test_who_types_the_address_for_programs_gets_the_list(
    client: Any, path: str, onward: str
) -> None:
    asked = {"Accept": BROWSER, "Accept-Language": "nl"}
    answer = client.get(path, headers=asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, onward)
    program = client.get(path, headers={"Accept": "*/*"})
    assert program.status_code in {404, 405}
    assert program.mimetype == "application/problem+json"
