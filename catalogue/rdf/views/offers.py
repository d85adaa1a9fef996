"""Consent as `odrl:Offer`: one offer per consent stratum, for readers that know ODRL only.

The strata stay as they are; the offers repeat them, and reading both gives the strata once.
Every node names the term that it says (`dct:source`), see `catalogue.rdf.odrl`. A dataset with a
policy of its own keeps that, and gets offers only when it also has strata. Offers that an earlier
view wrote make room for what the strata say now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from catalogue.consent.codes import IRIS
from catalogue.consent.modifiers import months_of
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.namespaces import DCT, GC, ODRL, RDF, XSD
from catalogue.rdf import odrl, read
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.views.change import Adapted, datasets, swapped, triple

HAS_POLICY = ODRL + "hasPolicy"
Triples = Iterator[ox.Triple]
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def offers(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """An offer for every stratum of every dataset of the graph."""
    for dataset in datasets(graph):
        if isinstance(dataset, ox.NamedNode) and _says_more_than_policies(graph, dataset):
            bare = swapped(graph, list(_ours(graph, dataset)), ())
            graph = swapped(bare, (), _of_dataset(bare, dataset))
    return graph, ()


def _says_more_than_policies(graph: Graph, dataset: ox.NamedNode) -> bool:
    stated = graph.objects(dataset, GC + "consentStratum")
    return bool(stated) or not graph.objects(dataset, HAS_POLICY)


def _ours(graph: Graph, dataset: ox.NamedNode) -> Triples:
    """What an earlier view wrote about the dataset's consent."""
    for each in graph:
        if any(is_ours(end, dataset) for end in (each.subject, each.object)):
            yield each


def _of_dataset(graph: Graph, dataset: ox.NamedNode) -> Triples:
    strata = [each for each in read.dataset(graph, dataset).consent if each.conditions]
    for number, stratum in enumerate(sorted(strata, key=repr), start=1):
        yield from offer(dataset, ox.NamedNode(f"{dataset.value}#offer-{number}"), stratum)


def is_ours(node: object, dataset: ox.NamedNode) -> bool:
    """Whether an earlier view wrote the policy, or a part of it."""
    start = f"{dataset.value}#offer-"
    return isinstance(node, ox.NamedNode) and node.value.startswith(start)


def offer(dataset: ox.NamedNode, node: ox.NamedNode, stratum: ConsentStratum) -> Triples:
    """The triples of one offer."""
    yield triple(dataset, HAS_POLICY, node)
    yield triple(node, RDF + "type", ox.NamedNode(ODRL + "Offer"))
    yield triple(node, RDF + "type", ox.NamedNode(ODRL + "Policy"))
    yield triple(node, ODRL + "target", dataset)
    for text in stratum.label.texts:
        title = ox.Literal(text.value, language=text.language or None)
        yield triple(node, DCT + "title", title)
    yield from _rules(node, stratum.conditions)


def _rules(node: ox.NamedNode, conditions: tuple[Condition, ...]) -> Triples:
    """The first permission carries what limits it; every other rule stands on its own."""
    ordered = sorted(conditions, key=lambda each: (not odrl.is_main(each.term), repr(each)))
    first = ox.NamedNode(f"{node.value}-use")
    if not ordered or not odrl.is_main(ordered[0].term):
        yield from _rule(node, "permission", first, ODRL + "use")
    for number, each in enumerate(ordered):
        form = odrl.form(each.term)
        inner = ox.NamedNode(f"{node.value}-{number}")
        if form.kind == "permission":
            rule = first if number == 0 else ox.NamedNode(f"{inner.value}-use")
            yield from _rule(node, "permission", rule, form.action)
            yield from _constraint(rule, inner, form, each)
        elif form.kind == "constraint":
            yield from _constraint(first, inner, form, each)
        elif form.kind == "duty":
            yield from _rule(first, "duty", inner, form.action)
            yield from _said(inner, each, GC + "parameter")
        else:
            yield from _prohibition(node, inner, form, each)


def _prohibition(node: Node, rule: ox.NamedNode, form: odrl.Form, condition: Condition) -> Triples:
    yield from _rule(node, "prohibition", rule, form.action)
    yield _term(rule, condition)
    if form.operand and (form.value or condition.parameters):
        inner = ox.NamedNode(f"{rule.value}-when")
        yield from _constraint(rule, inner, form, condition)


def _rule(owner: Node, kind: str, rule: ox.NamedNode, action: str) -> Triples:
    yield triple(owner, ODRL + kind, rule)
    yield triple(rule, RDF + "type", ox.NamedNode(ODRL + kind.capitalize()))
    yield triple(rule, ODRL + "action", ox.NamedNode(action))


def _constraint(rule: Node, node: ox.NamedNode, form: odrl.Form, condition: Condition) -> Triples:
    yield triple(rule, ODRL + "constraint", node)
    yield triple(node, RDF + "type", ox.NamedNode(ODRL + "Constraint"))
    yield triple(node, ODRL + "leftOperand", ox.NamedNode(ODRL + form.operand))
    yield triple(node, ODRL + "operator", ox.NamedNode(ODRL + _operator(form, condition)))
    if form.value and not (form.kind == "permission" and condition.parameters):
        yield triple(node, ODRL + "rightOperand", value(condition.term, form.value))
    if not form.value and not condition.parameters:
        yield triple(node, ODRL + "rightOperand", value(condition.term, condition.term))
    yield from _said(node, condition, ODRL + "rightOperand")


def _operator(form: odrl.Form, condition: Condition) -> str:
    return "isAnyOf" if form.operator == "isA" and len(condition.parameters) > 1 else form.operator


def _said(node: Node, condition: Condition, predicate: str) -> Triples:
    """The term, what it applies to, and the steward's own words."""
    yield _term(node, condition)
    for each in condition.parameters:
        yield triple(node, predicate, value(condition.term, each))
    if condition.text:
        yield triple(node, DCT + "description", ox.Literal(condition.text))


def _term(node: Node, condition: Condition) -> ox.Triple:
    """The term that a node says; one that has no rule is named by our own property."""
    name = DCT + "source" if odrl.recognised(condition.term) else GC + "term"
    return triple(node, name, value(condition.term, condition.term))


def value(term: str, parameter: str) -> Term:
    """A parameter as ODRL compares it: an address, a duration, a date, else text."""
    if ADDRESS.fullmatch(parameter):
        return ox.NamedNode(parameter)
    months = months_of(parameter) if term == IRIS["TS"] and parameter.isdigit() else None
    if months is not None:
        return ox.Literal(f"P{months}M", datatype=ox.NamedNode(XSD + "duration"))
    is_date = len(parameter) == 10 and parameter.count("-") == 2
    kind = XSD + "date" if is_date and parameter.replace("-", "").isdigit() else XSD + "string"
    return ox.Literal(parameter, datatype=ox.NamedNode(kind))
