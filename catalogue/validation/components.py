"""The constraint components of SHACL Core that we evaluate ourselves, one function each.

A value test looks at one value node; a set test looks at all values of one focus node; a
pair test compares them with the values of another property.
Names and verdicts follow https://www.w3.org/TR/shacl/#core-components; where pySHACL reads
the text in its own way (ill-typed dates, languages, patterns) we read it the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from catalogue.namespaces import SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation import literals, paths
from catalogue.validation.view import View

Test = Callable[[View, Term], bool]
"""Whether one value satisfies the constraint."""

SetTest = Callable[[Sequence[Term]], int]
"""How many results the values of one focus node give; 0 when they satisfy."""


class Shapes(Protocol):
    """What a component may ask of the compiler: the shapes graph, and other shapes."""

    graph: Graph

    def conforms(self, shape: Term) -> Test:
        """Whether a node conforms to another shape, whatever the severity."""
        ...


def class_(_: Shapes, __: Node, argument: Term) -> Test:
    """Each value is an instance of the class."""
    iri = _text(argument)
    return lambda view, value: not isinstance(value, ox.Literal) and view.is_a(value, iri)


def datatype(_: Shapes, __: Node, argument: Term) -> Test:
    """Each value is a literal of the datatype, with a value that the datatype allows."""
    iri = _text(argument)
    return lambda _, value: isinstance(value, ox.Literal) and literals.has_datatype(value, iri)


def node_kind(_: Shapes, __: Node, argument: Term) -> Test:
    """Each value is an IRI, a blank node or a literal, as asked."""
    kinds = NODE_KINDS.get(_text(argument), ())
    return lambda _, value: isinstance(value, kinds)


NODE_KINDS: dict[str, tuple[type, ...]] = {
    SH + "IRI": (ox.NamedNode,),
    SH + "BlankNode": (ox.BlankNode,),
    SH + "Literal": (ox.Literal,),
    SH + "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    SH + "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    SH + "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


def pattern(shapes: Shapes, shape: Node, argument: Term) -> Test:
    """The text of each value matches the regular expression somewhere."""
    letters = _text(shapes.graph.value(shape, SH + "flags")).lower()
    flags = (re.IGNORECASE if "i" in letters else 0) | (re.MULTILINE if "m" in letters else 0)
    search = re.compile(_text(argument), flags).search
    return lambda _, value: not isinstance(value, ox.BlankNode) and bool(search(value.value))


def min_length(_: Shapes, __: Node, argument: Term) -> Test:
    """The text of each value has at least so many characters."""
    least = int(_text(argument))
    return lambda _, value: least == 0 or _length(value, otherwise=-1) >= least


def max_length(_: Shapes, __: Node, argument: Term) -> Test:
    """The text of each value has at most so many characters."""
    most = int(_text(argument))
    return lambda _, value: _length(value, otherwise=most + 1) <= most


def in_(shapes: Shapes, _: Node, argument: Term) -> Test:
    """Each value is one of the list."""
    allowed = frozenset(paths.items(shapes.graph, argument))
    return lambda _, value: value in allowed


def language_in(shapes: Shapes, _: Node, argument: Term) -> Test:
    """Each value has one of the languages, or a regional form of one."""
    allowed = {_text(item).lower() for item in paths.items(shapes.graph, argument)}
    return lambda _, value: isinstance(value, ox.Literal) and _speaks(value, allowed)


def _speaks(value: ox.Literal, allowed: set[str]) -> bool:
    language = (value.language or "").lower()
    return bool(language) and not allowed.isdisjoint({"*", language, language.split("-")[0]})


def _limit(accept: Callable[[int], bool]) -> Callable[[Shapes, Node, Term], Test]:
    def build(_: Shapes, __: Node, argument: Term) -> Test:
        def within(_: View, value: Term) -> bool:
            if not isinstance(value, ox.Literal) or not isinstance(argument, ox.Literal):
                return False
            order = literals.compare(value, argument)
            return order is not None and accept(order)

        return within

    return build


def node(shapes: Shapes, _: Node, argument: Term) -> Test:
    """Each value conforms to the other shape."""
    return shapes.conforms(argument)


def not_(shapes: Shapes, _: Node, argument: Term) -> Test:
    """No value conforms to the other shape."""
    conforms = shapes.conforms(argument)
    return lambda view, value: not conforms(view, value)


def _of_list(accept: Callable[[Iterable[bool]], bool]) -> Callable[[Shapes, Node, Term], Test]:
    def build(shapes: Shapes, _: Node, argument: Term) -> Test:
        members = [shapes.conforms(shape) for shape in paths.items(shapes.graph, argument)]
        return lambda view, value: accept(member(view, value) for member in members)

    return build


VALUE_TESTS: dict[str, tuple[str, Callable[[Shapes, Node, Term], Test]]] = {
    SH + "class": ("ClassConstraintComponent", class_),
    SH + "datatype": ("DatatypeConstraintComponent", datatype),
    SH + "nodeKind": ("NodeKindConstraintComponent", node_kind),
    SH + "pattern": ("PatternConstraintComponent", pattern),
    SH + "minLength": ("MinLengthConstraintComponent", min_length),
    SH + "maxLength": ("MaxLengthConstraintComponent", max_length),
    SH + "in": ("InConstraintComponent", in_),
    SH + "languageIn": ("LanguageInConstraintComponent", language_in),
    SH + "minInclusive": ("MinInclusiveConstraintComponent", _limit(lambda order: order >= 0)),
    SH + "minExclusive": ("MinExclusiveConstraintComponent", _limit(lambda order: order > 0)),
    SH + "maxInclusive": ("MaxInclusiveConstraintComponent", _limit(lambda order: order <= 0)),
    SH + "maxExclusive": ("MaxExclusiveConstraintComponent", _limit(lambda order: order < 0)),
    SH + "node": ("NodeConstraintComponent", node),
    SH + "not": ("NotConstraintComponent", not_),
    SH + "and": ("AndConstraintComponent", _of_list(all)),
    SH + "or": ("OrConstraintComponent", _of_list(any)),
    SH + "xone": ("XoneConstraintComponent", _of_list(lambda passed: sum(passed) == 1)),
}
"""sh: parameter → component, and how to make its test."""


def min_count(argument: Term) -> SetTest:
    """At least so many values."""
    least = int(_text(argument))
    return lambda values: int(len(values) < least)


def max_count(argument: Term) -> SetTest:
    """At most so many values."""
    most = int(_text(argument))
    return lambda values: int(len(values) > most)


def has_value(argument: Term) -> SetTest:
    """The value is among the values."""
    return lambda values: int(argument not in values)


def unique_lang(argument: Term) -> SetTest:
    """No language has two values; one result for each language that has."""
    if _text(argument) != "true":  # the tests of the W3C do not take "1" for it
        return lambda _: 0
    return lambda values: len(_repeated(_languages(values)))


def _languages(values: Iterable[Term]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ox.Literal) and value.language:
            yield value.language.lower()


def _repeated(words: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {word for word in words if word in seen or seen.add(word)}  # type: ignore[func-returns-value]


SET_TESTS: dict[str, tuple[str, Callable[[Term], SetTest]]] = {
    SH + "minCount": ("MinCountConstraintComponent", min_count),
    SH + "maxCount": ("MaxCountConstraintComponent", max_count),
    SH + "hasValue": ("HasValueConstraintComponent", has_value),
    SH + "uniqueLang": ("UniqueLangConstraintComponent", unique_lang),
}
"""sh: parameter → component, and how to make its test."""

PairTest = Callable[[Sequence[Term], Sequence[Term]], Iterable[Term]]
"""The values at fault, given all values and those of another property of the focus node."""


def _equals(values: Sequence[Term], others: Sequence[Term]) -> Iterable[Term]:
    return set(values) ^ set(others)


def _disjoint(values: Sequence[Term], others: Sequence[Term]) -> Iterable[Term]:
    return set(values) & set(others)


def _less(accept: Callable[[int], bool]) -> PairTest:
    """One result for each pair that is not in order or cannot be compared."""
    return lambda values, others: (
        value for value in values for other in others if not _in_order(value, other, accept)
    )


def _in_order(value: Term, other: Term, accept: Callable[[int], bool]) -> bool:
    if not isinstance(value, ox.Literal) or not isinstance(other, ox.Literal):
        return False
    order = literals.compare(value, other)
    return order is not None and accept(order)


PAIR_TESTS: dict[str, tuple[str, PairTest]] = {
    SH + "equals": ("EqualsConstraintComponent", _equals),
    SH + "disjoint": ("DisjointConstraintComponent", _disjoint),
    SH + "lessThan": ("LessThanConstraintComponent", _less(lambda order: order < 0)),
    SH + "lessThanOrEquals": (
        "LessThanOrEqualsConstraintComponent",
        _less(lambda order: order <= 0),
    ),
}
"""sh: parameter (its value is the other property) → component, and its test."""

LEFT_TO_PYSHACL = frozenset(
    SH + name
    for name in (
        "qualifiedValueShape",
        "sparql",
        "js",
        "expression",
    )
)
"""Parameters that we do not evaluate; a profile with one of them is given to pySHACL."""


def _text(term: Term | None) -> str:
    return "" if term is None else str(term.value)


def _length(value: Term, *, otherwise: int) -> int:
    return otherwise if isinstance(value, ox.BlankNode) else len(value.value)
