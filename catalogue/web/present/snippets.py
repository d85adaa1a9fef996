"""A query as a program: the same question for a terminal, for Python and for R."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["table", "graph", "ask"]

_CSV, _TURTLE, _JSON = "text/csv", "text/turtle", "application/sparql-results+json"
_SHELL = {"table": _CSV, "graph": _TURTLE, "ask": _JSON}
_PYTHON = {
    "table": (
        _JSON,
        (
            'for row in answer.json()["results"]["bindings"]:\n'
            '    print({name: term["value"] for name, term in row.items()})'
        ),
    ),
    "graph": (_TURTLE, "print(answer.text)"),
    "ask": (_JSON, 'print(answer.json()["boolean"])'),
}
_R = {
    "table": (_CSV, "rows <- read.csv(text = answer)\nprint(rows)"),
    "graph": (_TURTLE, "cat(answer)"),
    "ask": (_JSON, "cat(answer)"),
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A small program; `name` is the language that it is written in."""

    name: str
    code: str


def snippets(endpoint: str, query: str, kind: Kind) -> tuple[Snippet, ...]:
    """Programs that ask `query` at `endpoint` and show an answer of that kind."""
    return (
        Snippet("curl", curl(endpoint, query, kind)),
        Snippet("Python", python(endpoint, query, kind)),
        Snippet("R", r(endpoint, query, kind)),
    )


def curl(endpoint: str, query: str, kind: Kind) -> str:
    """For a shell: the query stands between two lines that do not occur in it."""
    end = _unused("QUERY", query.splitlines())
    return (
        f"curl --fail --header 'Accept: {_SHELL[kind]}' --data-urlencode 'query@-' \\\n"
        f"  '{endpoint}' <<'{end}'\n{query}\n{end}"
    )


def python(endpoint: str, query: str, kind: Kind) -> str:
    """With the requests package."""
    text = query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    media_type, show = _PYTHON[kind]
    return (
        f'import requests\n\nquery = """\n{text}\n"""\n'
        f'answer = requests.post(\n    "{endpoint}",\n    data={{"query": query}},\n'
        f'    headers={{"Accept": "{media_type}"}},\n    timeout=60,\n)\n'
        f"answer.raise_for_status()\n{show}"
    )


def r(endpoint: str, query: str, kind: Kind) -> str:
    """With the httr2 package, for R 4.1 and later."""
    dashes = next(line for n in range(50_000) if f'){(line := "-" * n)}"' not in query)
    media_type, show = _R[kind]
    return (
        f'library(httr2)\n\nquery <- r"{dashes}(\n{query}\n){dashes}"\n'
        f'answer <- request("{endpoint}") |>\n'
        f'  req_headers(Accept = "{media_type}") |>\n'
        f"  req_body_form(query = query) |>\n  req_perform() |>\n  resp_body_string()\n{show}"
    )


def _unused(word: str, lines: list[str]) -> str:
    """`word`, made longer until it is none of the lines."""
    while word in lines:
        word += "_"
    return word
