"""Our own evaluator: a shapes graph compiled once to functions, run on many descriptions.

It gives the same results as pySHACL (a test compares them on every example, real files and
mutated records) at a small part of the cost. What it does not know it refuses to compile,
and the description goes to `reference` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from catalogue.errors import ProfileError
from catalogue.namespaces import RDFS, SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation import components, paths
from catalogue.validation.components import Test
from catalogue.validation.view import View, plain


class Unsupported(ProfileError):
    """The shapes use something that only pySHACL evaluates."""


class Result(NamedTuple):
    """One result of either engine: which shape, about which node and value, and why."""

    shape: Node
    focus: Term
    value: Term | None
    component: str


Check = Callable[[View, Term], Iterator[Result]]
"""Check one focus node against one shape."""

Constraint = Callable[[View, Term, list[Term]], Iterator[Result]]
"""Check the value nodes of one focus node against one constraint."""

Targets = Callable[[View], Iterator[Term]]


class Compiled:
    """A shapes graph ready to run."""

    def __init__(self, shapes: Graph) -> None:
        compiler = _Compiler(shapes)
        self._roots = [(target, compiler.check(shape)) for shape, target in targets(shapes)]

    def results(self, view: View) -> Iterator[Result]:
        """Everything that the shapes find, in no order; the same result may come twice."""
        for target, check in self._roots:
            for focus in dict.fromkeys(target(view)):
                yield from check(view, focus)


def targets(shapes: Graph) -> Iterator[tuple[Node, Targets]]:
    """The shapes that have targets, with the function that finds their focus nodes."""
    for shape in sorted(shapes.subjects(), key=str):
        found = list(_targets(shapes, shape))
        if found:
            yield shape, _union(found)


def focus_nodes(shapes: Graph, view: View) -> set[Term]:
    """Every node that some shape looks at."""
    return {node for _, target in targets(shapes) for node in target(view)}


def _union(found: list[Targets]) -> Targets:
    return lambda view: (node for target in found for node in target(view))


def _targets(shapes: Graph, shape: Node) -> Iterator[Targets]:
    for _, predicate, term in plain(shapes.about(shape)):
        build = _TARGETS.get(predicate)
        if build:
            yield build(term)
    if RDFS + "Class" in shapes.types(shape):
        yield _class_target(shape)


def _class_target(term: Term) -> Targets:
    iri = str(getattr(term, "value", ""))
    return lambda view: iter(view.instances(iri))


def _node_target(term: Term) -> Targets:
    return lambda _: iter((term,))


def _subjects_target(term: Term) -> Targets:
    iri = str(getattr(term, "value", ""))
    return lambda view: (subject for subject, _ in view.pairs(iri))


def _objects_target(term: Term) -> Targets:
    iri = str(getattr(term, "value", ""))
    return lambda view: (found for _, found in view.pairs(iri))


_TARGETS: dict[str, Callable[[Term], Targets]] = {
    SH + "targetClass": _class_target,
    SH + "targetNode": _node_target,
    SH + "targetSubjectsOf": _subjects_target,
    SH + "targetObjectsOf": _objects_target,
}


class _Compiler:
    """Makes each shape once; a shape that leads back to itself is refused."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._made: dict[Term, Check] = {}
        self._being_made: set[Term] = set()
        if graph.instances(SH + "ConstraintComponent"):
            raise Unsupported("the shapes define their own constraint components")

    def check(self, shape: Term) -> Check:
        """The check of one shape; shapes without constraints find nothing."""
        if shape not in self._made:
            self._made[shape] = self._make(shape)
        return self._made[shape]

    def conforms(self, shape: Term) -> Test:
        """Whether a node gives no result at all, whatever the severity."""
        check = self.check(shape)
        return lambda view, value: next(check(view, value), None) is None

    def _make(self, shape: Term) -> Check:
        if isinstance(shape, ox.Literal) or shape in self._being_made:
            raise Unsupported(f"shape {shape} is a literal or leads back to itself")
        self._being_made.add(shape)
        check = self._assemble(shape)
        self._being_made.remove(shape)
        return check

    def _assemble(self, shape: Node) -> Check:
        if _is_true(self.graph.value(shape, SH + "deactivated")):
            return _nothing
        found = list(self._constraints(shape))
        on_all = [constraint for for_all, constraint in found if for_all]
        on_each = [constraint for for_all, constraint in found if not for_all]
        path = self.graph.value(shape, SH + "path")
        return _run(on_all, on_each, paths.walk(self.graph, path) if path else None)

    def _property_shape(self, shape: Term) -> Check:
        if isinstance(shape, ox.Literal) or self.graph.value(shape, SH + "path") is None:
            raise Unsupported(f"property shape {shape} has no sh:path")
        return self.check(shape)

    def _constraints(self, shape: Node) -> Iterator[tuple[bool, Constraint]]:
        """The constraints of a shape; `True` beside those that also judge an empty set."""
        for _, parameter, argument in plain(sorted(self.graph.about(shape), key=str)):
            if parameter in components.VALUE_TESTS:
                component, build = components.VALUE_TESTS[parameter]
                yield False, _each(shape, component, build(self, shape, argument))
            elif parameter in components.SET_TESTS:
                name, build_set = components.SET_TESTS[parameter]
                yield True, _all(shape, name, build_set(argument))
            elif parameter in components.PAIR_TESTS:
                yield True, _pair(shape, *components.PAIR_TESTS[parameter], argument)
            elif parameter == SH + "property":
                yield False, _property(self._property_shape(argument))
            else:
                _refuse(parameter, argument)


def _refuse(parameter: str, argument: Term) -> None:
    closed = parameter == SH + "closed" and _is_true(argument)
    if closed or parameter in components.LEFT_TO_PYSHACL:
        raise Unsupported(f"{parameter} is left to pySHACL")


def _run(on_all: list[Constraint], on_each: list[Constraint], walk: paths.Walk | None) -> Check:
    def check(view: View, focus: Term) -> Iterator[Result]:
        values = [focus] if walk is None else list(walk(view, focus))
        for constraint in on_all:
            yield from constraint(view, focus, values)
        for constraint in on_each if values else ():
            yield from constraint(view, focus, values)

    return check


def _each(shape: Node, component: str, test: Test) -> Constraint:
    def constraint(view: View, focus: Term, values: list[Term]) -> Iterator[Result]:
        for value in values:
            if not test(view, value):
                yield Result(shape, focus, value, component)

    return constraint


def _all(shape: Node, component: str, test: components.SetTest) -> Constraint:
    def constraint(_: View, focus: Term, values: list[Term]) -> Iterator[Result]:
        for _number in range(test(values)):
            yield Result(shape, focus, None, component)

    return constraint


def _pair(shape: Node, component: str, test: components.PairTest, other: Term) -> Constraint:
    if not isinstance(other, ox.NamedNode):
        raise Unsupported(f"{other} is not a property to compare with")
    iri = other.value

    def constraint(view: View, focus: Term, values: list[Term]) -> Iterator[Result]:
        for value in test(values, view.objects(focus, iri)):
            yield Result(shape, focus, value, component)

    return constraint


def _property(check: Check) -> Constraint:
    def constraint(view: View, _: Term, values: list[Term]) -> Iterator[Result]:
        for value in values:
            yield from check(view, value)

    return constraint


def _nothing(_: View, __: Term) -> Iterator[Result]:
    return iter(())


def _is_true(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.value in {"true", "1"}
