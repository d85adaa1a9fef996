"""Our vocabulary at `/ns`: a page that explains every term, RDF for machines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from flask import Flask, Response, render_template

from catalogue.model.text import LangText, Text
from catalogue.namespaces import GC, OWL, RDF, RDFS
from catalogue.rdf.graph import Graph, Node
from catalogue.web.answers import negotiated
from catalogue.web.language import PREFIX
from catalogue.web.parts import reader
from catalogue.web.present.reader import Reader, Shown, curie
from catalogue.web.scores import metrics_of_both

PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property")
CLASSES = (OWL + "Class", RDFS + "Class")


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property or concept as the page shows it. `anchor` is its fragment."""

    anchor: str
    name: str
    label: Shown
    comment: Shown
    codes: tuple[str, ...] = ()


class NamespaceDocument:
    """The merged documents of the vocabulary; merged once, when first asked for."""

    def __init__(self, documents: tuple[bytes, ...]) -> None:
        self._documents = documents

    @cached_property
    def graph(self) -> Graph:
        """All documents together. They are ours, so they are parsed right here."""
        ours = (
            quad.triple
            for each in self._documents
            for quad in ox.parse(each, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        )
        return Graph([*ours, *metrics_of_both()])

    def terms(self, reader: Reader, classes: tuple[str, ...]) -> list[Term]:
        """Our own classes or properties."""
        nodes = dict.fromkeys(node for name in classes for node in self.graph.instances(name))
        ours = (n for n in nodes if isinstance(n, ox.NamedNode) and n.value.startswith(GC))
        return [self._term(reader, each) for each in ours]

    def _term(self, reader: Reader, node: ox.NamedNode) -> Term:
        return Term(
            anchor=node.value.removeprefix(GC),
            name=curie(node.value),
            label=reader.text(self._texts(node, RDFS + "label")),
            comment=reader.text(self._texts(node, RDFS + "comment")),
        )

    def _texts(self, node: Node, predicate: str) -> LangText:
        found = (t for t in self.graph.objects(node, predicate) if isinstance(t, ox.Literal))
        return LangText(tuple(Text(each.value, each.language or "") for each in found))


def install(app: Flask, documents: tuple[bytes, ...]) -> None:
    """Serve the vocabulary of `app` at `/ns`."""
    document = NamespaceDocument(documents)

    def show() -> Response:
        """The vocabulary."""
        return negotiated(lambda: _page(document), lambda: document.graph, iri=GC.removesuffix("#"))

    app.add_url_rule("/ns", "namespace", show)
    app.add_url_rule(PREFIX + "/ns", "namespace", show)


def _page(document: NamespaceDocument) -> str:
    who = reader()
    return render_template(
        "namespace.html",
        classes=document.terms(who, CLASSES),
        properties=document.terms(who, PROPERTIES),
        schemes=[_scheme(who, key) for key in sorted(who.vocabulary.schemes)],
        namespace=GC,
    )


def _scheme(reader: Reader, key: str) -> tuple[Shown, list[Term]]:
    scheme = reader.scheme(key)
    title = reader.text(scheme.title)
    concepts = [
        Term(
            anchor=each.iri.removeprefix(GC)
            if each.iri.startswith(GC)
            else f"{key}-{each.notation}",
            name=each.notation,
            label=reader.text(each.labels),
            comment=reader.text(each.definition),
            codes=each.codes()[:4],
        )
        for each in scheme.concepts
    ]
    return (Shown(key) if title.mark else title), concepts
