"""Which form a client gets."""

from __future__ import annotations

import pytest

from catalogue.errors import BadRequest
from catalogue.store.formats import FORMATS, boolean, chosen, named, negotiate


@pytest.mark.parametrize(
    ("accept", "kind", "name"),
    [
        ("", "select", "json"),
        ("*/*", "construct", "turtle"),
        ("application/json", "ask", "json"),
        ("application/json", "construct", "json-ld"),
        ("text/csv", "select", "csv"),
        ("text/csv;q=0.1, application/sparql-results+xml", "select", "xml"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "select", "xml"),
        ("text/*", "select", "csv"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", "describe", "rdf-xml"),
        ("application/sparql-results+json;q=0, */*", "select", "xml"),
        ("TEXT/TURTLE; Q=1", "construct", "turtle"),
        ("text/turtle;q=abc, application/n-triples;q=0.2", "construct", "n-triples"),
    ],
)
def test_the_client_gets_what_it_prefers(accept, kind, name):
    assert negotiate(accept, kind).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_a_client_that_reads_none_of_our_forms_gets_none(accept):
    assert negotiate(accept, "select") is None


def test_a_graph_form_does_not_fit_solutions():
    turtle = named("ttl", "construct")
    with pytest.raises(BadRequest, match="text/csv"):
        chosen(turtle, "select")


def test_a_form_is_found_by_name_or_extension():
    assert named("ttl", "construct") == named("Turtle", "describe")
    assert named("ttl", "select") is None


def test_a_boolean_is_written_in_every_form():
    written = [boolean(False, form) for form in FORMATS if form.kind == "solutions"]
    assert all(b"false" in text for text in written)
