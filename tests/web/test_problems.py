"""Whatever goes wrong has a name and a true status, in both languages."""

from __future__ import annotations

import ast
from http import HTTPStatus
from pathlib import Path
from typing import Any

import flask
import pytest
from web import townhall
from werkzeug.exceptions import HTTPException, default_exceptions

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


def title(app: flask.Flask, status: int, tongue: str) -> str:
    with app.test_request_context(f"/{tongue}/datasets"):
        app.preprocess_request()
        assert language.language() == tongue
        return str(problems.TITLES[status])


def of_status(status: int) -> HTTPException:
    error = HTTPException("why")
    error.code = status
    return error
