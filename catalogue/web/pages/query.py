"""Ask in SPARQL: a form that becomes YASGUI, examples in words, the answer, and programs.

The page asks the same store by the same rules as `/sparql`. Its address holds the question, so
the address is the link to share; a question too long for an address is sent as a form. With
scripts the browser asks `/sparql` itself, and this page gives it names, words and programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from flask import Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import TooManyRequests

from catalogue.errors import BadRequest, CatalogueError, NotFound, StoreError
from catalogue.namespaces import GC, PREFIXES
from catalogue.rdf.fields import CLASSES, FIELDS
from catalogue.store.formats import QueryKind
from catalogue.store.guard import inspect
from catalogue.store.queries import Example, examples
from catalogue.web import limits, problems
from catalogue.web.language import PREFIX, language, page_url
from catalogue.web.parts import services, settings
from catalogue.web.present.query_words import query_words, wait_words
from catalogue.web.present.reader import Shown
from catalogue.web.present.snippets import Kind, Snippet, snippets
from catalogue.web.present.solutions import ACCEPT, Solutions, solutions
from catalogue.web.rate import client

SOON = 10
"""Seconds after which a question may be asked again, where nothing else is known."""

LONGEST_LINK = 8000
"""Characters of an address that every browser, mail program and proxy carries."""

ANSWERS: Mapping[QueryKind, Kind] = {
    "select": "table",
    "ask": "ask",
    "construct": "graph",
    "describe": "graph",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and what came of it: an answer, or a problem with its status."""

    query: str
    answer: Solutions | None = None
    problem: Shown = Shown("")
    title: str = ""
    help: str = ""
    wait: int = 0
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
        query=query if query is not None else _example_named("everything").asked_in(language()),
        examples=[(each, _words(each)) for each in examples()],
        called=_called(),
        pages=_pages(),
        prefixes=sorted(PREFIXES.items()),
        words=query_words(problems.TITLES) | problems.named_causes(),
    )
    response = make_response(page, asked.status if asked else 200)
    if asked and asked.wait:
        response.headers["Retry-After"] = str(asked.wait)
    return response


def terms() -> Response:
    """What the editor completes: our prefixes, classes, properties and concepts with labels."""
    response = jsonify(
        prefixes=dict(sorted(PREFIXES.items())),
        classes=sorted(set(CLASSES.values())),
        properties=sorted(_properties()),
        concepts=_concepts(),
        codes=_codes(),
        examples={each.name: each.asked_in(language()) for each in examples()},
    )
    response.headers["Cache-Control"] = "max-age=3600"
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response


def programs() -> Response:
    """The question of the form as programs, without asking it.

    Raises `StoreError` when it is not a question that may be asked.
    """
    query = request.form.get("query", "").replace("\r\n", "\n").strip()
    found = _programs(query, ANSWERS[inspect(query).kind])
    return jsonify(programs=[asdict(each) for each in found])


def _programs(query: str, kind: Kind) -> tuple[Snippet, ...]:
    return snippets(f"{settings().base_url}/sparql", query, kind)


def _called() -> str:
    """The example in the address, in words: what the tab that shows it is called."""
    name = request.args.get("example")
    return "" if name is None else _words(_example_named(name))


def _question() -> str | None:
    """The query of the form or the address, or that of the example that it names."""
    name = request.args.get("example")
    if name is not None:
        return _example_named(name).asked_in(language())
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
        return _refused(query, error)
    except TooManyRequests as error:
        return _too_often(query, error)
    return Asked(query, shown, link=_link(query), programs=_programs(query, shown.kind))


def _refused(query: str, error: CatalogueError) -> Asked:
    """Called as the scripts call it: by its cause, or else by its status."""
    status, cause = _status(error), problems.CAUSES.get(type(error))
    return Asked(
        query,
        problem=problems.english(str(error)),
        title=str(cause.title if cause else problems.TITLES[status]),
        help=str(cause.help) if cause else "",
        wait=SOON if status == 503 else 0,
        status=status,
        link=_link(query),
    )


def _too_often(query: str, error: TooManyRequests) -> Asked:
    wait = error.retry_after if isinstance(error.retry_after, int) else 0
    return Asked(
        query,
        problem=problems.english(error.description or ""),
        title=str(problems.TITLES[429]),
        help=wait_words(wait),
        wait=wait or SOON,
        status=429,
        link=_link(query),
    )


def _shown(query: str) -> Solutions:
    """What is shown of the answer; the limits of `/sparql` count for this page as well."""
    limits.of_this_worker().count(client())
    with limits.seat() as seat:
        answer = services().store.query(query, accept=ACCEPT, at_length=seat.take)
        return solutions(answer, partial(_named, _concepts() | _codes(), re.compile(_pages())))


def _status(error: CatalogueError) -> int:
    return next(code for kind, code in problems.STATUSES.items() if isinstance(error, kind))


def _link(query: str) -> str:
    found = settings().base_url + page_url("query", query=query)
    return found if len(found) <= LONGEST_LINK else ""


def _named(names: Mapping[str, str], pages: re.Pattern[str], iri: str) -> tuple[str, str]:
    """What the vocabulary calls an IRI; one of ours is short, and leads to its page if it has one.

    A graph or a file of ours has no page in a language; its own address leads on.
    """
    base = f"{settings().base_url}/"
    if iri.startswith(base):
        path = iri.removeprefix(base)
        return path, f"{base}{language()}/{path}" if pages.match(path) else iri
    term = iri.removeprefix(GC) if iri.startswith(GC) else ""
    return names.get(iri, ""), f"{base}{language()}/ns#{term}" if term else iri


def _pages() -> str:
    """Which paths of ours are pages in a language: an expression for Python and for scripts."""
    read = [each.rule for each in current_app.url_map.iter_rules() if "GET" in (each.methods or ())]
    spoken = [each.removeprefix(PREFIX) for each in read if each.startswith(PREFIX)]
    found = sorted({"".join(_parts(each)) for each in spoken})
    return f"^(?:{'|'.join(found)})(?=#|$)"


def _parts(rule: str) -> Iterator[str]:
    """A rule for an address as parts of an expression, without its first slash.

    >>> "".join(_parts("/<any(dataset, series):kind>/<id>/runs/<int:number>"))
    '(?:dataset|series)/[^/?#]+/runs/[0-9]+'
    """
    for each in re.split(r"(<[^>]+>)", rule.removeprefix("/")):
        if choice := re.fullmatch(r"<any\((.*)\):.*>", each):
            yield f"(?:{'|'.join(choice[1].split(', '))})"
        elif each.startswith("<"):
            yield "[0-9]+" if each.startswith("<int") else "[^/?#]+"
        else:
            yield re.escape(each)


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


def _codes() -> dict[str, str]:
    """The same for the codes of others that mean exactly one of our concepts."""
    vocabulary = services().vocabulary
    return {
        code: concept.label(language())
        for scheme in vocabulary.schemes.values()
        for concept in scheme
        for code in concept.exact
    }
