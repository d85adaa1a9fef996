"""A query as a program: the same question for a terminal, for Python and for R."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """A small program; `name` is the language that it is written in."""

    name: str
    code: str


def snippets(endpoint: str, query: str, *, graph: bool) -> tuple[Snippet, ...]:
    """Programs that ask `query` at `endpoint`; with `graph` they expect Turtle, else a table."""
    return (
        Snippet("curl", curl(endpoint, query, graph=graph)),
        Snippet("Python", python(endpoint, query, graph=graph)),
        Snippet("R", r(endpoint, query, graph=graph)),
    )


def curl(endpoint: str, query: str, *, graph: bool) -> str:
    """For a shell: the query stands between two lines that do not occur in it."""
    end = _unused("QUERY", query.splitlines())
    media_type = "text/turtle" if graph else "text/csv"
    return (
        f"curl --fail --header 'Accept: {media_type}' --data-urlencode 'query@-' \\\n"
        f"  '{endpoint}' <<'{end}'\n{query}\n{end}"
    )


def python(endpoint: str, query: str, *, graph: bool) -> str:
    """With the requests package."""
    text = query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    media_type = "text/turtle" if graph else "application/sparql-results+json"
    show = (
        "print(answer.text)"
        if graph
        else 'for row in answer.json()["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})'
    )
    return (
        f'import requests\n\nquery = """\n{text}\n"""\n'
        f'answer = requests.post(\n    "{endpoint}",\n    data={{"query": query}},\n'
        f'    headers={{"Accept": "{media_type}"}},\n    timeout=60,\n)\n'
        f"answer.raise_for_status()\n{show}"
    )


def r(endpoint: str, query: str, *, graph: bool) -> str:
    """With the httr2 package."""
    dashes = next(line for n in range(50_000) if f'){(line := "-" * n)}"' not in query)
    media_type = "text/turtle" if graph else "text/csv"
    show = "cat(answer)" if graph else "rows <- read.csv(text = answer)\nprint(rows)"
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
