"""Ask in SPARQL: a field that becomes an editor, examples in words, the answer, and programs.

The page asks the same store by the same rules as `/sparql`. Its address holds the question, so
the address is the link to share; a question too long for an address is sent as a form.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import TooManyRequests

from catalogue.errors import BadRequest, CatalogueError, NotFound, StoreError
from catalogue.namespaces import PREFIXES
from catalogue.rdf.fields import CLASSES, FIELDS
from catalogue.store.queries import Example, examples
from catalogue.web import limits, problems
from catalogue.web.language import language, page_url
from catalogue.web.parts import services, settings
from catalogue.web.present.snippets import Snippet, snippets
from catalogue.web.present.solutions import ACCEPT, Solutions, solutions
from catalogue.web.rate import client

LONGEST_LINK = 8000
"""Characters of an address that every browser, mail program and proxy carries."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and what came of it: an answer, or a problem with its status."""

    query: str
    answer: Solutions | None = None
    problem: str = ""
    status: int = 200
    link: str = ""
    programs: tuple[Snippet, ...] = ()


def show() -> Response:
    """The page; with a question in the address or in the form also its answer."""
    query = _question()
    asked = None if query is None else _ask(query)
    page = render_template(
        "query.html",
        asked=asked,
        query=query if query is not None else _example_named("everything").query,
        examples=[(each, _words(each)) for each in examples()],
        prefixes=sorted(PREFIXES.items()),
    )
    response = make_response(page, asked.status if asked else 200)
    if asked and asked.status in (429, 503):
        response.headers["Retry-After"] = "10"
    return response


def terms() -> Response:
    """What the editor completes: our prefixes, classes, properties and concepts with labels."""
    response = jsonify(
        prefixes=dict(sorted(PREFIXES.items())),
        classes=sorted(set(CLASSES.values())),
        properties=sorted(_properties()),
        concepts=_concepts(),
    )
    response.headers["Cache-Control"] = "max-age=3600"
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response


def _question() -> str | None:
    """The query of the form or the address, or that of the example that it names."""
    name = request.args.get("example")
    if name is not None:
        return _example_named(name).query
    given = request.values.get("query")
    return None if given is None else given.replace("\r\n", "\n").strip()


def _example_named(name: str) -> Example:
    found = next((each for each in examples() if each.name == name), None)
    if found is None:
        raise NotFound(f"there is no example called {name[:40]!r}")
    return found


def _words(example: Example) -> str:
    return example.words[language()]


def _ask(query: str) -> Asked:
    """Ask the store. What is wrong with a question is part of the page, beside the question."""
    try:
        shown = _shown(query)
    except (BadRequest, StoreError) as error:
        return Asked(query, problem=str(error), status=_status(error), link=_link(query))
    except TooManyRequests as error:
        return Asked(query, problem=error.description or "", status=429, link=_link(query))
    programs = snippets(f"{settings().base_url}/sparql", query, graph=shown.kind == "graph")
    return Asked(query, shown, link=_link(query), programs=programs)


def _shown(query: str) -> Solutions:
    """What is shown of the answer; the limits of `/sparql` count for this page as well."""
    limits.of_this_worker().count(client())
    with limits.seat() as seat:
        return solutions(services().store.query(query, accept=ACCEPT, at_length=seat.take), _named)


def _status(error: CatalogueError) -> int:
    return next(code for kind, code in problems.STATUSES.items() if isinstance(error, kind))


def _link(query: str) -> str:
    found = settings().base_url + page_url("query", query=query)
    return found if len(found) <= LONGEST_LINK else ""


def _named(iri: str) -> tuple[str, str]:
    """What the vocabulary calls an IRI; one of ours is short, and leads to its page."""
    base = f"{settings().base_url}/"
    if iri.startswith(base):
        path = iri.removeprefix(base)
        return path, f"{base}{language()}/{path}"
    concept = services().vocabulary.find(iri)
    return concept.label(language()) if concept else "", iri


def _properties() -> set[str]:
    return {iri for rows in FIELDS.values() for row in rows for iri in row.properties}


def _concepts() -> dict[str, str]:
    """Every concept of our schemes, with what it is called."""
    vocabulary = services().vocabulary
    return {
        concept.iri: concept.label(language())
        for scheme in vocabulary.schemes.values()
        for concept in scheme
    }
