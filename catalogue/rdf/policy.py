"""Read the conditions of one ODRL policy, whoever wrote it.

Permissions, prohibitions, obligations and duties are read by the table in `odrl`. Nothing is
dropped: a rule or constraint without a row there becomes a condition under its own IRI, of which
the rules say that a person has to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from catalogue.consent.codes import IRIS, NAMES
from catalogue.model.genome import Condition
from catalogue.namespaces import DCT, GC, ODRL, RDF, Iri
from catalogue.rdf import odrl
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.terms.alias import canonical, vocabulary_of

SOURCE = "odrl:hasPolicy"
DEEPEST = 4
"""Constraints inside constraints that we look into."""
MOST = 200
"""Conditions that one policy may state."""
LOGICAL = frozenset({"or", "xone", "andSequence"})
WORDS = (DCT + "description", "http://www.w3.org/2000/01/rdf-schema#comment")


def policy(graph: Graph, node: Node) -> list[Condition]:
    """What a policy says, as conditions; rules that say nothing about purposes give none."""
    found: list[Condition] = []
    for condition in _rules(graph, node):
        found.append(condition)
        if len(found) >= MOST:
            break
    return with_disease(found)


def _rules(graph: Graph, node: Node) -> Iterator[Condition]:
    for kind, read in RULES.items():
        for rule in _terms(graph, node, kind):
            code = odrl.recognised(rule.value)
            if code and kind != "prohibition":
                yield Condition(term=code, source=SOURCE)
            elif isinstance(rule, ox.Literal) or not graph.about(rule):
                yield Condition(term=Iri(ODRL + kind), parameters=(rule.value,), source=SOURCE)
            else:
                yield from read(graph, rule)


def with_disease(found: list[Condition]) -> list[Condition]:
    """A purpose that is a disease is what "disease-specific" applies to."""
    bare = [each for each in found if each.term == IRIS["DS"] and not each.parameters]
    named = any(each.term == IRIS["DS"] and each.parameters for each in found)
    return [each for each in found if each not in bare] if named else found


def _nodes(graph: Graph, node: Node, name: str) -> list[Node]:
    return [term for term in _terms(graph, node, name) if not isinstance(term, ox.Literal)]


def _terms(graph: Graph, node: Node, name: str) -> list[Term]:
    """The values of an ODRL property, in any of its namespaces."""
    properties = (each for each in graph.predicates(node) if odrl.local(each) == name)
    return [term for each in properties for term in graph.objects(node, each)]


def _actions(graph: Graph, rule: Node) -> list[str]:
    """The actions; one with a refinement is a node that says which."""
    values = _terms(graph, rule, "action")
    inner = [
        each
        for value in values
        if not isinstance(value, ox.Literal)
        for name in (RDF + "value", ODRL + "action")
        for each in graph.objects(value, name)
    ]
    return [each.value for each in (*inner, *values) if not isinstance(each, ox.BlankNode)]


def _named(graph: Graph, node: Node) -> Iri | None:
    """The term that a node says it stands for."""
    for name in (DCT + "source", GC + "term"):
        for term in graph.objects(node, name):
            code = odrl.recognised(term.value)
            if code or (isinstance(term, ox.NamedNode) and name == GC + "term"):
                return code or Iri(term.value)
    return None


def _condition(graph: Graph, node: Node, term: str, *parameters: str) -> Condition:
    texts = (each for name in WORDS for each in graph.objects(node, name))
    text = next((each.value for each in texts if isinstance(each, ox.Literal)), None)
    return Condition(term=Iri(term), parameters=parameters, source=SOURCE, text=text)


# --- rules -----------------------------------------------------------------------------------


def _permission(graph: Graph, rule: Node) -> Iterator[Condition]:
    for action in _actions(graph, rule):
        code = odrl.recognised(action)
        if code:
            yield _condition(graph, rule, code)
    for assignee in _terms(graph, rule, "assignee"):
        yield _condition(graph, rule, IRIS["US"], assignee.value)
    yield from _constraints(graph, rule)
    for duty in _nodes(graph, rule, "duty"):
        yield from _duty(graph, duty)


def _duty(graph: Graph, rule: Node) -> Iterator[Condition]:
    named = _named(graph, rule)
    parameters = tuple(term.value for term in graph.objects(rule, GC + "parameter"))
    if named:
        yield _condition(graph, rule, named, *parameters)
        return
    for action in _actions(graph, rule) or [ODRL + "duty"]:
        yield _condition(graph, rule, odrl.duty_term(action), *parameters)


def _prohibition(graph: Graph, rule: Node) -> Iterator[Condition]:
    inner = [each for node in _held(graph, rule) for each in _operands(graph, node)]
    named = _named(graph, rule)
    if named:
        yield _condition(graph, rule, named, *_without_own(named, inner))
        return
    purposes = [odrl.PROHIBITED_PURPOSES.get(Iri(each)) for each in inner]
    if inner and all(purposes):
        yield from (_condition(graph, rule, IRIS[each]) for each in purposes if each)
        return
    for action in _actions(graph, rule) or [ODRL + "prohibition"]:
        name = odrl.PROHIBITED_ACTIONS.get(normal(action))
        known = name is not None and not inner
        term = IRIS[name] if name and known else ODRL + "prohibition"
        yield _condition(graph, rule, term, *([] if known else [action, *inner]))


def normal(action: str) -> str:
    """An action under ODRL's right namespace."""
    name = odrl.local(action)
    return ODRL + name if name else action


RULES = {
    "permission": _permission,
    "prohibition": _prohibition,
    "obligation": _duty,
    "duty": _duty,
}
"""Kind of rule → how it is read."""


# --- constraints -----------------------------------------------------------------------------


def _held(graph: Graph, rule: Node) -> Iterator[Node]:
    """The constraints of a rule and the refinements of its actions."""
    yield from _nodes(graph, rule, "constraint")
    for action in _nodes(graph, rule, "action"):
        yield from _nodes(graph, action, "refinement")


def _constraints(graph: Graph, rule: Node) -> Iterator[Condition]:
    for node in _held(graph, rule):
        yield from _constraint(graph, node, DEEPEST)


def _constraint(graph: Graph, node: Node, depth: int) -> Iterator[Condition]:
    """What one constraint says; one that says nothing here is still a limit."""
    if _terms(graph, node, "leftOperand"):
        yield from _compared(graph, node)
        return
    inner = tuple(_both(graph, node)) if depth else ()
    for each in inner:
        yield from _constraint(graph, each, depth - 1)
    names = [name for name in LOGICAL if _terms(graph, node, name)]
    for name in names or ([] if inner else ["constraint"]):
        yield _condition(graph, node, ODRL + name)


def _both(graph: Graph, node: Node) -> Iterator[Node]:
    """What `odrl:and` joins, as a list or as values."""
    for each in _nodes(graph, node, "and"):
        yield from _members(graph, each) if graph.objects(each, RDF + "first") else (each,)


def _members(graph: Graph, head: Node) -> Iterator[Node]:
    seen: set[Node] = set()
    node: Term | None = head
    while isinstance(node, (ox.NamedNode, ox.BlankNode)) and node not in seen:
        seen.add(node)
        first = graph.value(node, RDF + "first")
        if isinstance(first, (ox.NamedNode, ox.BlankNode)):
            yield first
        node = graph.value(node, RDF + "rest")


def _operands(graph: Graph, node: Node) -> tuple[str, ...]:
    """What a constraint compares with."""
    values = (
        *_terms(graph, node, "rightOperand"),
        *_terms(graph, node, "rightOperandReference"),
    )
    found = (odrl.recognised(each.value) or odrl.plain(each.value) for each in _flat(graph, values))
    return tuple(dict.fromkeys(found))


def _flat(graph: Graph, values: tuple[Term, ...]) -> Iterator[Term]:
    for each in values:
        if isinstance(each, ox.BlankNode) and graph.objects(each, RDF + "first"):
            yield from _flat_list(graph, each)
        else:
            yield each


def _flat_list(graph: Graph, head: Term | None) -> Iterator[Term]:
    seen: set[Term] = set()
    while isinstance(head, ox.BlankNode) and head not in seen:
        seen.add(head)
        yield from graph.objects(head, RDF + "first")
        head = graph.value(head, RDF + "rest")


def _compared(graph: Graph, node: Node) -> Iterator[Condition]:
    operand = next(iter(_terms(graph, node, "leftOperand"))).value
    operator = next((odrl.local(t.value) or t.value for t in _terms(graph, node, "operator")), "")
    values = _operands(graph, node)
    named = _named(graph, node)
    if named:
        yield _condition(graph, node, named, *_without_own(named, values))
    elif odrl.local(operand) == "purpose" and operator in odrl.POSITIVE:
        yield from _purposes(graph, node, values)
    elif operator in {"neq", "isNoneOf"} and all(
        each in odrl.PROHIBITED_PURPOSES for each in values
    ):
        names = (odrl.PROHIBITED_PURPOSES[Iri(each)] for each in values)
        yield from (_condition(graph, node, IRIS[name]) for name in names)
    else:
        yield _limit(graph, node, operand, operator, values)


def _without_own(term: str, values: Iterable[str]) -> Iterator[str]:
    """What a term applies to, without what stands there only to say the term itself."""
    own = {term, odrl.form(term).value}
    return (each for each in values if each not in own)


def _limit(
    graph: Graph, node: Node, operand: str, operator: str, values: tuple[str, ...]
) -> Condition:
    """A constraint by its operand; one that compares with a term of ours states that term."""
    terms = [each for each in values if odrl.recognised(each)]
    if len(terms) == len(values) == 1 and operator in odrl.POSITIVE:
        return _condition(graph, node, terms[0])
    name = odrl.PARAMETERS.get((odrl.local(operand), operator))
    if name and values:
        return _condition(graph, node, IRIS[name], *values)
    return _condition(graph, node, normal(operand), operator, *values)


def _purposes(graph: Graph, node: Node, values: tuple[str, ...]) -> Iterator[Condition]:
    """Purposes: terms, diseases, and kinds of research that only a person can judge."""
    diseases = [each for each in values if _is_disease(each)]
    studies = [each for each in values if each not in diseases and not _is_permission(each)]
    for each in values:
        if _is_permission(each):
            yield _condition(graph, node, each)
    if diseases:
        yield _condition(graph, node, IRIS["DS"], *diseases)
    if studies or not values:
        yield _condition(graph, node, IRIS["RS"], *studies)


def _is_permission(value: str) -> bool:
    """Whether it is a term of consent and no term for a kind of research."""
    code = odrl.recognised(value)
    return code is not None and not NAMES[code].startswith("DUO:00000")


DISEASES = frozenset({"MONDO", "ORPHA", "ICD10", "ICD10CM", "SNOMED", "OMIM", "DOID", "HP"})


def _is_disease(value: str) -> bool:
    system = vocabulary_of(canonical(value))
    return system is not None and system.name in DISEASES
