"""Look at shapes from elsewhere before they are used, and try whether they find anything.

Official shape sets have been published that pass everything, because a namespace or a word
in them is misspelt. So besides looking for what may not be used and what makes no sense, the
shapes are tried on descriptions that any of them should refuse.

A violation means that the shapes cannot be used; a warning, that they can, but do less than
their authors meant. Nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from catalogue.errors import CatalogueError, LimitExceeded, ParseFailed
from catalogue.namespaces import DCAT, HRI, OWL, RDF, SH
from catalogue.rdf.addresses import NAMESPACES, home, in_own_namespace
from catalogue.rdf.graph import Graph, Term
from catalogue.rdf.parse import Parser
from catalogue.validation import paths, words
from catalogue.validation.compiled import Compiled, Result, Unsupported
from catalogue.validation.profile import (
    KINDS,
    KNOWN_NAMESPACES,
    REFUSED,
    namespace_of,
    target_classes,
)
from catalogue.validation.report import Severity, short
from catalogue.validation.view import View, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with shapes: its name, where, and a sentence in nl and en."""

    name: str
    where: str
    severity: Severity
    messages: Mapping[str, str]


def usable(problems: Iterable[Problem]) -> bool:
    """Whether the shapes may be used: there is no violation among the problems."""
    return all(problem.severity is not Severity.VIOLATION for problem in problems)


def examine_folder(folder: Path, parser: Parser) -> list[Problem]:
    """All Turtle files below a folder, as one shape set."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.ttl"))}
    return examine_files({name: path.read_bytes() for name, path in files.items()}, parser)


def examine_bytes(content: bytes, parser: Parser, *, name: str = "shapes.ttl") -> list[Problem]:
    """One document with shapes, in Turtle."""
    return examine_files({name: content}, parser)


def examine_files(files: Mapping[str, bytes], parser: Parser) -> list[Problem]:
    """Several documents, by name, as one shape set; read in the limited child of `parser`."""
    triples: list[ox.Triple] = []
    problems: list[Problem] = []
    for number, (name, content) in enumerate(files.items()):
        try:
            triples += _apart(_parsed(parser, name, content), number)
        except (ParseFailed, LimitExceeded) as error:
            problems.append(_problem("does-not-parse", name, str(error)))
    return problems + examine(Graph(triples))


def examine(shapes: Graph) -> list[Problem]:
    """Shapes that have been parsed; the worst problems first."""
    found = [problem for check in CHECKS for problem in check(shapes)]
    if usable(found):
        found += _tried(shapes)
    once = {(problem.name, problem.where): problem for problem in found}
    ranks = list(Severity)
    return sorted(once.values(), key=lambda problem: ranks.index(problem.severity))


T = TypeVar("T")


def _parsed(parser: Parser, name: str, content: bytes) -> Graph:
    return parser.parse(content, media_type="text/turtle", base="urn:shapes:", url=name)


def _apart(graph: Graph, number: int) -> Iterator[ox.Triple]:
    """Blank nodes of several documents may have the same labels."""
    for subject, predicate, term in plain(graph):
        yield ox.Triple(_own(subject, number), ox.NamedNode(predicate), _own(term, number))


def _own(term: T, number: int) -> T | ox.BlankNode:
    if not isinstance(term, ox.BlankNode):
        return term
    return ox.BlankNode(f"f{number}x{term.value}")


# What may not be used, and what makes no sense


def _refused(shapes: Graph) -> Iterator[Problem]:
    for _, predicate, term in plain(shapes):
        if predicate == OWL + "imports":
            yield _problem("imports", str(term.value))
        elif predicate in REFUSED:
            name = "service" if _leaves(shapes, term) else "refused"
            yield _problem(name, short(predicate))


def _leaves(shapes: Graph, term: Term) -> bool:
    """Whether a query asks another server."""
    texts = [str(term.value)]
    if not isinstance(term, ox.Literal):
        texts += [str(value.value) for _, _, value in plain(shapes.about(term))]
    return any(re.search(r"\bservice\b", text, re.IGNORECASE) for text in texts)


def _pathless(shapes: Graph) -> Iterator[Problem]:
    properties = {term for _, predicate, term in plain(shapes) if predicate == SH + "property"}
    for shape in sorted(properties | set(shapes.instances(SH + "PropertyShape")), key=str):
        if isinstance(shape, ox.Literal) or len(shapes.objects(shape, SH + "path")) != 1:
            yield _problem("no-path", _shown(shapes, shape))


def _shown(shapes: Graph, shape: Term) -> str:
    """The IRI of the shape, or of the shape that it is a property of."""
    if isinstance(shape, ox.NamedNode):
        return shape.value
    above = [s.value for s, _, term in plain(shapes) if term == shape]
    return min(above, default="_")


def _missing_shapes(shapes: Graph) -> Iterator[Problem]:
    """Shapes that others refer to and that nobody describes."""
    for _, predicate, term in plain(shapes):
        if predicate not in {SH + "node", SH + "property"} or isinstance(term, ox.Literal):
            continue
        if isinstance(term, ox.NamedNode) and not shapes.about(term):
            yield _problem("shape-missing", term.value)


def _broken_patterns(shapes: Graph) -> Iterator[Problem]:
    for _, predicate, term in plain(shapes):
        if predicate == SH + "pattern":
            try:
                re.compile(str(term.value))
            except re.error as error:
                yield _problem("pattern", str(term.value), str(error))


def _no_words_of_shacl(shapes: Graph) -> Iterator[Problem]:
    for _, predicate, _ in plain(shapes):
        if predicate.startswith(SH) and not words.existing(predicate):
            yield _problem("not-shacl", short(predicate))


def _targets(shapes: Graph) -> Iterator[Problem]:
    """Classes that no description has, so that the shapes look at nothing."""
    found = target_classes(shapes)
    for iri in sorted(found):
        if _at_home(iri) != iri:
            yield _problem("target-misspelt", iri, _at_home(iri))
        elif namespace_of(iri) not in KNOWN_NAMESPACES:
            yield _problem("target-unknown", iri)
    if not found & DESCRIBED:
        yield _problem("no-target", "")


DESCRIBED = frozenset(
    {DCAT + name for name in ("Distribution", "DataService", "Resource")} | set(KINDS.values())
)
"""The classes of which a shape set for descriptions has at least one."""


def _values(shapes: Graph) -> Iterator[Problem]:
    """Vocabulary and listed values that are written under another address than their own."""
    for iri in sorted(_vocabulary(shapes) | _listed(shapes)):
        if _at_home(iri) != iri:
            yield _problem("address", iri, _at_home(iri))


def _unknown_words(shapes: Graph) -> Iterator[Problem]:
    for iri in sorted(map(_at_home, _vocabulary(shapes))):
        if words.existing(iri) is False:
            meant = words.meant(iri)
            yield _problem("word-misspelt" if meant else "word", short(iri), short(meant))
    for iri in sorted(_properties(shapes)):
        if words.existing(iri) and words.is_class(iri):
            yield _problem("class-as-property", short(iri))


def _properties(shapes: Graph) -> set[str]:
    """The properties in all paths of the shapes."""
    found: set[Term] = set()
    waiting = [term for _, predicate, term in plain(shapes) if predicate in PATH_WORDS]
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += _items(shapes, term)
    return {term.value for term in found if isinstance(term, ox.NamedNode) and term != paths.NIL}


PATH_WORDS = frozenset(
    SH + word
    for word in (
        "path",
        "alternativePath",
        "inversePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
    )
)


def _vocabulary(shapes: Graph) -> set[str]:
    classes = {
        term.value
        for _, predicate, term in plain(shapes)
        if predicate == SH + "class" and isinstance(term, ox.NamedNode)
    }
    return _properties(shapes) | classes


def _listed(shapes: Graph) -> set[str]:
    found: set[str] = set()
    for _, predicate, term in plain(shapes):
        if predicate == SH + "in":
            found |= {item.value for item in _items(shapes, term) if isinstance(item, ox.NamedNode)}
        elif predicate in {SH + "hasValue", SH + "defaultValue"} and isinstance(term, ox.NamedNode):
            found.add(term.value)
    return found


def _items(shapes: Graph, head: Term) -> list[Term]:
    try:
        return paths.items(shapes, head)
    except CatalogueError:
        return []


FORMER = {
    "http://data.health-ri.nl/core/p2#": HRI,
    "http://data.health-ri.nl/core/p2/": HRI,
}
"""Namespaces that shapes were published with and that descriptions do not use."""


def _at_home(iri: str) -> str:
    """The same thing under its own address; our tables of repairs know the others."""
    namespace = namespace_of(iri)
    if namespace in FORMER:
        return FORMER[namespace] + iri.removeprefix(namespace)
    found = home(iri)
    return found[1] if found else in_own_namespace(iri) if namespace in NAMESPACES else iri


CHECKS: tuple[Callable[[Graph], Iterator[Problem]], ...] = (
    _refused,
    _pathless,
    _missing_shapes,
    _broken_patterns,
    _targets,
    _no_words_of_shacl,
    _values,
    _unknown_words,
)
"""What is looked at before the shapes are tried."""


# Descriptions that any shapes should refuse


def _tried(shapes: Graph) -> Iterator[Problem]:
    try:
        results = _engine(shapes)
        classes = sorted(target_classes(shapes))
        found = [problem for iri in classes for problem in _try(iri, shapes, results)]
        yield from found
        if classes and [each.name for each in found] == ["finds-nothing"] * len(classes):
            yield _problem("finds-nothing-at-all", "")
    except (CatalogueError, RecursionError, ValueError) as error:
        yield _problem("cannot-run", "", str(error))


Run = Callable[[Graph], list[Result]]


def _engine(shapes: Graph) -> Run:
    """Our evaluator, or pySHACL for shapes that it leaves alone."""
    try:
        compiled = Compiled(shapes)
    except Unsupported:
        from catalogue.validation.reference import Reference  # noqa: PLC0415

        judge = Reference(shapes)
        return lambda graph: list(judge.results(graph))
    return lambda graph: list(compiled.results(View(graph)))


def _try(iri: str, shapes: Graph, results: Run) -> Iterator[Problem]:
    """An empty description, then one with absurd values for every property in the shapes."""
    if results(_empty(iri)):
        return
    if not results(_absurd(iri, shapes)):
        yield _problem("finds-nothing", iri)
    elif iri in KINDS.values():
        yield _problem("empty-passes", iri)


def _empty(iri: str) -> Graph:
    return Graph([ox.Triple(_BAD, ox.NamedNode(RDF + "type"), ox.NamedNode(iri))])


def _absurd(iri: str, shapes: Graph) -> Graph:
    return Graph(
        [
            *_empty(iri),
            *(
                ox.Triple(_BAD, ox.NamedNode(predicate), value)
                for predicate in sorted(_properties(shapes) - {RDF + "type"})
                for value in _ABSURD
            ),
        ]
    )


_BAD = ox.NamedNode("urn:genoomcatalogus:bad")
_ABSURD = (
    ox.Literal(""),
    ox.Literal("absurd", language="nl"),
    ox.Literal("absurder", language="nl"),
    ox.NamedNode("urn:genoomcatalogus:absurd"),
    ox.BlankNode("absurd"),
)


# Sentences


def _problem(name: str, where: str, detail: str = "") -> Problem:
    severity, nl, en = SAID[name]
    messages = {"nl": nl.format(where, detail), "en": en.format(where, detail)}
    return Problem(name=name, where=where, severity=severity, messages=messages)


SAID = {
    "does-not-parse": (
        Severity.VIOLATION,
        "{0} is geen geldige Turtle: {1}",
        "{0} is not valid Turtle: {1}",
    ),
    "refused": (
        Severity.VIOLATION,
        "{0} voert code uit of verandert gegevens; dat laten we niet toe. Gebruik SHACL Core.",
        "{0} runs code or changes data, which we do not allow. Use SHACL Core.",
    ),
    "service": (
        Severity.VIOLATION,
        "{0} stelt met SERVICE vragen aan een andere server; dat laten we niet toe.",
        "{0} asks another server by SERVICE, which we do not allow.",
    ),
    "imports": (
        Severity.WARNING,
        "owl:imports van {0} halen we niet op. Voeg dat document zelf toe als het nodig is.",
        "owl:imports of {0} is not fetched. Add that document yourself if it is needed.",
    ),
    "no-path": (
        Severity.VIOLATION,
        "Bij {0} staat een sh:property zonder sh:path, of met meer dan één; die toetst niets.",
        "{0} has an sh:property without sh:path, or with more than one, which checks nothing.",
    ),
    "shape-missing": (
        Severity.VIOLATION,
        "Er wordt verwezen naar de shape {0}, maar die staat er niet bij.",
        "The shape {0} is referred to, but it is not there.",
    ),
    "pattern": (
        Severity.VIOLATION,
        "sh:pattern {0} is geen reguliere expressie: {1}",
        "sh:pattern {0} is not a regular expression: {1}",
    ),
    "target-misspelt": (
        Severity.VIOLATION,
        "De shapes zoeken naar <{0}>; dat type heeft niemand. Bedoeld is <{1}>.",
        "The shapes look for <{0}>, a type that nobody has. <{1}> is meant.",
    ),
    "target-unknown": (
        Severity.WARNING,
        "De shapes zoeken naar <{0}>; die woordenlijst kent deze catalogus niet.",
        "The shapes look for <{0}>, of a vocabulary that this catalogue does not know.",
    ),
    "no-target": (
        Severity.VIOLATION,
        "De shapes kijken naar geen enkele dataset, catalogus, reeks, distributie of dataservice.",
        "The shapes look at no dataset, catalog, series, distribution or data service.",
    ),
    "not-shacl": (
        Severity.WARNING,
        "{0} is geen woord van SHACL; elke validator slaat het over.",
        "{0} is not a word of SHACL; every validator skips it.",
    ),
    "address": (
        Severity.WARNING,
        "<{0}> staat er niet onder het eigen adres, <{1}>, en wordt dus nooit gevonden.",
        "<{0}> is not under its own address, <{1}>, so it is never found.",
    ),
    "word": (
        Severity.WARNING,
        "{0} bestaat niet in zijn woordenlijst; niemand gebruikt het, dus het toetst niets.",
        "{0} is not in its vocabulary; nobody uses it, so it checks nothing.",
    ),
    "word-misspelt": (
        Severity.WARNING,
        "{0} bestaat niet; bedoeld is waarschijnlijk {1}. Zo toetst het niets.",
        "{0} does not exist; {1} is probably meant. Like this it checks nothing.",
    ),
    "class-as-property": (
        Severity.WARNING,
        "{0} is een klasse, geen eigenschap; dit pad vindt niets.",
        "{0} is a class, not a property; this path finds nothing.",
    ),
    "cannot-run": (
        Severity.VIOLATION,
        "De shapes kunnen niet worden uitgevoerd: {1}",
        "The shapes cannot be run: {1}",
    ),
    "finds-nothing": (
        Severity.WARNING,
        "Aan een <{0}> met onzinnige waarden vinden deze shapes niets verkeerd.",
        "These shapes find nothing wrong with a <{0}> full of absurd values.",
    ),
    "finds-nothing-at-all": (
        Severity.VIOLATION,
        "Deze shapes vinden nergens iets verkeerd aan, wat er ook staat.",
        "These shapes find nothing wrong with anything, whatever it says.",
    ),
    "empty-passes": (
        Severity.WARNING,
        "Een lege <{0}> voldoet: deze shapes verplichten er niets.",
        "An empty <{0}> passes: these shapes make nothing mandatory for it.",
    ),
}
"""For each name the severity and the sentences (nl, en); {0} is where, {1} the detail."""
