from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
@prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://holder.example/> .
"""


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser(processes=1) as parser:
        yield parser


@pytest.fixture
def turtle(parser: Parser) -> Callable[[str], Graph]:
    """A graph from Turtle, with the usual prefixes."""
    return lambda text: parser.parse(
        (PREFIXES + text).encode(), media_type="text/turtle", base="https://holder.example/"
    )
