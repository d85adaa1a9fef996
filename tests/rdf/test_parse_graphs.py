"""Named graphs of a document, kept apart for protocols in which their names mean something."""

from __future__ import annotations

import json

import pytest

from catalogue.errors import LimitExceeded, ParseFailed
from catalogue.rdf.parse import Parser
from catalogue.rdf.parse_child import Limits

BASE = "https://holder.example/feed"
TRIG = '<a> <p:x> "plain" . <g1> { <a> <p:x> "one" } <g2> { <a> <p:x> "two" } _:g { <a> <p:x> 3 }'


def values(parser: Parser, content: str, media_type: str) -> dict[str, set[str]]:
    graphs = parser.parse_graphs(content.encode(), media_type=media_type, base=BASE)
    return {
        name.partition("holder.example/")[2]: {str(getattr(t.object, "value", "")) for t in graph}
        for name, graph in graphs.items()
        if name == "" or "://" in name
    }


def test_graphs_are_kept_apart_by_name(parser: Parser) -> None:
    found = values(parser, TRIG, "application/trig")
    assert found == {"": {"plain"}, "g1": {"one"}, "g2": {"two"}}
    graphs = parser.parse_graphs(TRIG.encode(), media_type="application/trig", base=BASE)
    assert sum(len(graph) for graph in graphs.values()) == 4


def test_every_notation_with_graphs_is_read(parser: Parser) -> None:
    quads = '<urn:a> <p:x> "plain" .\n<urn:a> <p:x> "one" <https://holder.example/g1> .\n'
    linked = json.dumps(
        [
            {"@id": "urn:a", "p:x": "plain"},
            {"@id": "https://holder.example/g1", "@graph": [{"@id": "urn:a", "p:x": "one"}]},
        ]
    )
    for content, media_type in ((quads, "application/n-quads"), (linked, "application/ld+json")):
        assert values(parser, content, media_type) == {"": {"plain"}, "g1": {"one"}}


def test_a_document_without_graphs_has_one_without_a_name(parser: Parser) -> None:
    assert values(parser, '<a> <p:x> "plain" .', "text/turtle") == {"": {"plain"}}


def test_what_cannot_be_parsed_is_refused_as_ever(parser: Parser) -> None:
    with pytest.raises(ParseFailed, match="line 2"):
        parser.parse_graphs(b"<a> <p:x> 1 .\n<a> <b", media_type="text/turtle", base=BASE)


def test_the_limits_hold_for_all_graphs_together() -> None:
    with Parser(processes=1, limits=Limits(triples=3)) as parser, pytest.raises(LimitExceeded):
        parser.parse_graphs(TRIG.encode(), media_type="application/trig", base=BASE)
