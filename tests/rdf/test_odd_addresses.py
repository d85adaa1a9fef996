"""Text that looks like an address and is none stays text; the record is taken in all the same."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from given import a_graph

from catalogue.namespaces import DCT
from catalogue.rdf.normalise import normalise
from catalogue.rdf.split import split


@pytest.mark.parametrize("text", ["http://[", "http://[::1", "https://umc.example:port/"])
def test_an_address_that_nobody_could_call_stays_text(text: str) -> None:
    graph = a_graph(f'<d/1> a dcat:Dataset ; dct:title "x"@en ; dct:conformsTo "{text}" .')
    (found,) = split(graph, source="https://umc.example/")
    clean = normalise(found)
    assert clean.graph.objects(clean.subject, DCT + "conformsTo") == [ox.Literal(text)]
