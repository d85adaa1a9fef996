"""Whether our profiles say what the official shapes say: `python benchmarks/parity.py`.

Every description in the folder of test data, and thousands of descriptions in which one
triple was dropped, doubled, given another type or pointed elsewhere, is checked by our own
shapes on our own evaluator, and by the official shapes on pySHACL. A case agrees when the
verdict is the same and the set of (focus node, path, kind of constraint) is the same.

Only violations count: recommendations are ours to add. The test data are not part of the
project, because licences differ: `CATALOGUE_TEST_DATA` says where they are.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
from machine import describe
from pyshacl.graph_abstraction import DataGraph
from pyshacl.validator import Validator as PySHACL

from catalogue.namespaces import DCAT, OWL, PREFIXES, RDF, SH, XSD
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation import paths
from catalogue.validation.compiled import Compiled, Result
from catalogue.validation.profile import load
from catalogue.validation.reference import as_result, to_rdflib
from catalogue.validation.report import short
from catalogue.validation.view import View

ROOT = Path(__file__).parents[1]
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


class Official(NamedTuple):
    """A profile of ours, and the files of the official shapes below the folder of shapes."""

    key: str
    files: tuple[str, ...]
    level: str = ""


DCAT_AP = "SEMICeu_DCAT-AP/3.0.1/html-shacl/shapes.ttl"
OFFICIAL = (
    Official("health-ri-core-2", ("Health-RI_health-ri-metadata/shacl/Core/PiecesShape/*.ttl",)),
    Official("dcat-ap-3", (DCAT_AP,)),
    Official("dcat-ap-nl-3", ("Geonovum_DCAT-AP-NL30/301/dcat-ap-nl-SHACL.ttl", DCAT_AP)),
    Official("healthdcat-ap-8", ("HealthDCAT-AP_R8_*/*.ttl", DCAT_AP), "NON_PUBLIC"),
    Official("gdi-1", ("GenomicDataInfrastructure_gdi-metadata/shacl/core/PiecesShape/*.ttl",)),
)
"""DCAT-AP-NL and HealthDCAT-AP are written upon DCAT-AP, so its shapes are read with theirs."""

LOWER_CASE = "official defect: the property is spelt in lower case there, so it never matches"
FOLLOWS = "follows from an official defect in what this property points at"
HTTPS = "official defect: the address of the list is written with https, the list itself with http"


class Reason(NamedTuple):
    """Why a class of disagreements is there: profiles, side, path, constraint."""

    profiles: str
    side: str
    path: str
    component: str
    why: str


REASONS = (
    Reason(
        "health-ri-core-2", "ours", "hdc:(publisher(Note|Type)|retentionPeriod)", ".*", LOWER_CASE
    ),
    Reason(
        "health-ri-core-2",
        "official",
        "hdc:(publisher(note|type)|retentionperiod)",
        ".*",
        LOWER_CASE,
    ),
    Reason("health-ri-core-2", "ours|official", "dct:(creator|publisher)", "Node", FOLLOWS),
    Reason(
        "health-ri-core-2", "ours|official", "prov:(agent|qualifiedAttribution)", "Node", FOLLOWS
    ),
    Reason("gdi-1", "official", "dct:type", "In", HTTPS),
)

Finding = tuple[Term, str, str]
"""Focus node, path, constraint."""


class Case(NamedTuple):
    """One record under one profile, compared."""

    key: str
    record: str
    verdicts: tuple[bool, bool]
    ours: tuple[tuple[str, str], ...]
    official: tuple[tuple[str, str], ...]
    trouble: str = ""

    @property
    def agrees(self) -> bool:
        """The same verdict and the same findings."""
        same = self.verdicts[0] == self.verdicts[1]
        return same and not self.ours and not self.official and not self.trouble


def main() -> None:
    """Compare, and print agreement for each profile with every class of disagreement."""
    options = _options()
    shapes = options.data / "shapes"
    if not shapes.is_dir():
        raise SystemExit(f"{shapes}: no official shapes here; set CATALOGUE_TEST_DATA")
    started = time.monotonic()
    records = list(_records(options))
    print(describe())
    print(f"{len(records)} records, seed {options.seed}; ours first, official second")
    _prepare(options.profiles, shapes)
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        cases = [case for found in pool.imap_unordered(_compare, records, 8) for case in found]
    agreed = [_print_profile(official, cases, shapes) for official in OFFICIAL]
    print(f"\n{time.monotonic() - started:.0f} s")
    sys.exit(0 if all(agreed) else 1)


# Records


def _records(options: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """The name and the N-Triples of every record: files first, then mutations of the small ones."""
    files = dict(_files(options.data / "examples"))
    yield from ((name, graph.n_triples()) for name, graph in files.items())
    ours = {str(path): _readable(path) for path in options.profiles.glob("*/examples/valid/*.ttl")}
    own = [(name, graph) for name, graph in sorted(ours.items()) if graph]
    small = [(name, graph) for name, graph in files.items() if len(graph) <= options.largest]
    kinds = [each for each in (own, small, _full(options)) if each]
    chance = random.Random(options.seed)
    for number in range(options.records):
        name, graph = chance.choice(kinds[number % len(kinds)])
        change = chance.choice(CHANGES)
        changed = change(sorted(graph, key=str), chance)
        yield f"{change.__name__} {number} of {Path(name).name}", Graph(changed).n_triples()


def _files(folder: Path) -> Iterator[tuple[str, Graph]]:
    for path in sorted(folder.glob("**/*")):
        graph = _readable(path)
        if graph:
            yield str(path.relative_to(folder)), graph


def _readable(path: Path) -> Graph | None:
    """What a file says, or `None` when it is not RDF or does not parse."""
    form = FORMATS.get(path.suffix)
    if form is None:
        return None
    try:
        return _parsed(path.read_bytes(), form)
    except (SyntaxError, ValueError):
        return None


def _parsed(content: bytes, form: ox.RdfFormat, label: str = "b") -> Graph:
    """What a document says; blank nodes are numbered, so that every run is the same."""
    quads = ox.parse(content, format=form, base_iri="https://example.org/document", lenient=True)
    names: dict[str, ox.BlankNode] = {}

    def named(term: Any) -> Any:
        if not isinstance(term, ox.BlankNode):
            return term
        return names.setdefault(term.value, ox.BlankNode(f"{label}{len(names)}"))

    return Graph(ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in quads)


def _full(options: argparse.Namespace) -> list[tuple[str, Graph]]:
    """For each profile a description with every class and property that either side names."""
    return [
        (f"full {official.key}", _together(_made(theirs), _made(_ours(official, options.profiles))))
        for official in OFFICIAL
        if (theirs := official_shapes(official, options.data / "shapes")[0])
    ]


def _together(theirs: Graph, ours: Graph) -> Graph:
    """The first, with the properties that only the second has."""
    known = {(triple.subject, triple.predicate) for triple in theirs}
    return Graph([*theirs, *(t for t in ours if (t.subject, t.predicate) not in known)])


def _made(shapes: Graph) -> Graph:
    """One thing of each class, with a value for each of its properties."""
    classes: dict[Node | None, str] = {
        shape: term.value
        for shape in shapes.subjects()
        for term in shapes.objects(shape, SH + "targetClass")
        if isinstance(term, ox.NamedNode)
    }
    types = (
        ox.Triple(_thing(c), ox.NamedNode(RDF + "type"), ox.NamedNode(c)) for c in classes.values()
    )
    values = (
        ox.Triple(_thing(classes[shape]), path, _fitting(shapes, term, classes))
        for shape in classes
        if shape is not None
        for term in shapes.objects(shape, SH + "property")
        if not isinstance(term, ox.Literal)
        and isinstance(path := shapes.value(term, SH + "path"), ox.NamedNode)
    )
    return Graph([*types, *values])


def _thing(class_iri: str) -> ox.NamedNode:
    return ox.NamedNode("https://example.org/made/" + re.split("[/#]", class_iri)[-1])


def _fitting(shapes: Graph, shape: Node, classes: Mapping[Node | None, str]) -> Term:
    """A value that suits the property, as far as its constraints are simple."""
    listed, value = shapes.value(shape, SH + "in"), shapes.value(shape, SH + "hasValue")
    inner, kind = shapes.value(shape, SH + "node"), shapes.value(shape, SH + "nodeKind")
    datatype = shapes.value(shape, SH + "datatype")
    if value is not None:
        return value
    if listed is not None:
        return paths.items(shapes, listed)[0]
    if not isinstance(inner, ox.Literal) and inner in classes:
        return _thing(classes[inner])
    if isinstance(datatype, ox.NamedNode):
        return ox.Literal(WRITTEN.get(datatype.value.removeprefix(XSD), "1"), datatype=datatype)
    if kind == ox.NamedNode(SH + "Literal"):
        return ox.Literal("text", language="en")
    mail = "mailto" in str(shapes.value(shape, SH + "pattern"))
    return ox.NamedNode("mailto:a@b.example" if mail else "https://example.org/made/thing")


WRITTEN = {
    "date": "2026-03-01",
    "dateTime": "2026-03-01T10:00:00Z",
    "duration": "P1D",
    "boolean": "false",
    "string": "text",
    "hexBinary": "0a",
}

Triples = list[ox.Triple]


def dropped(triples: Triples, chance: random.Random) -> Triples:
    """One triple is gone."""
    place = chance.randrange(len(triples))
    return triples[:place] + triples[place + 1 :]


def doubled(triples: Triples, chance: random.Random) -> Triples:
    """One property has a second value of the same kind."""
    triple = chance.choice(triples)
    return [*triples, _with(triple, _another(triple.object))]


def retyped(triples: Triples, chance: random.Random) -> Triples:
    """One value is of another kind or datatype; an instance of another class."""
    place = chance.randrange(len(triples))
    other = _of_another_kind(triples[place], chance)
    return [*triples[:place], _with(triples[place], other), *triples[place + 1 :]]


def mislinked(triples: Triples, chance: random.Random) -> Triples:
    """One property points at another thing in the same record, or at nothing."""
    place = chance.randrange(len(triples))
    nodes = [t.subject for t in triples] + [t.object for t in triples]
    other = chance.choice([*nodes, ox.NamedNode("https://example.org/nothing")])
    return [*triples[:place], _with(triples[place], other), *triples[place + 1 :]]


CHANGES = (dropped, doubled, retyped, mislinked)


def _with(triple: ox.Triple, term: Any) -> ox.Triple:
    return ox.Triple(triple.subject, triple.predicate, term)


def _another(term: Any) -> Term:
    if isinstance(term, ox.Literal):
        language = term.language
        kind = None if language else term.datatype
        return ox.Literal(term.value + "1", datatype=kind, language=language)
    return ox.NamedNode("https://example.org/another")


def _of_another_kind(triple: ox.Triple, chance: random.Random) -> Term:
    term = triple.object
    if triple.predicate.value == RDF + "type":
        return ox.NamedNode(DCAT + chance.choice(("Dataset", "Catalog", "Distribution", "Thing")))
    if isinstance(term, ox.Literal):
        kind = ox.NamedNode(
            XSD + chance.choice(("string", "date", "dateTime", "integer", "decimal"))
        )
        address = ox.NamedNode("https://example.org/value")
        return address if chance.random() < 0.5 else ox.Literal(term.value, datatype=kind)
    return ox.Literal(str(getattr(term, "value", "")))


# Comparing


class Pair(NamedTuple):
    """A profile ready to be compared."""

    official: Official
    ours: tuple[Compiled, Graph]
    theirs: Judge


_PAIRS: list[Pair] = []
"""What is compared; made once, before the processes that share it are forked."""


def _prepare(folder: Path, shapes: Path) -> None:
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    logging.getLogger("pyshacl").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for official in OFFICIAL:
        found = official_shapes(official, shapes)[0]
        rules = _ours(official, folder)
        if rules and found:
            _PAIRS.append(Pair(official, (Compiled(rules), rules), Judge(found)))


def _ours(official: Official, folder: Path) -> Graph:
    """Our rules for the profile; empty while it is not there."""
    if not (folder / official.key).is_dir():
        return Graph()
    return load(folder / official.key).rules(official.level)


class Judge:
    """Shapes that pySHACL has read once."""

    def __init__(self, shapes: Graph) -> None:
        self.shapes = shapes
        self._validator = PySHACL(_data(Graph()), shacl_graph=to_rdflib(shapes))

    def results(self, data: Any) -> Iterator[Result]:
        """As `pyshacl.Validator.run`, without writing a report graph."""
        executor = self._validator.make_executor()
        for shape in self._validator.shacl_graph.shapes:
            for _, node, triples in shape.validate(executor, data)[1]:
                yield as_result(node, triples)


def _data(graph: Graph) -> Any:
    return DataGraph.from_rdflib(to_rdflib(graph))


def _compare(record: tuple[str, bytes]) -> list[Case]:
    name, content = record
    graph = _parsed(content, ox.RdfFormat.N_TRIPLES)
    view, data = View(graph), _data(graph)
    return [_case(pair, name, view, data) for pair in _PAIRS]


def _case(pair: Pair, name: str, view: View, data: Any) -> Case:
    compiled, rules = pair.ours
    ours = set(_violations(rules, compiled.results(view)))
    try:
        theirs = set(_violations(pair.theirs.shapes, pair.theirs.results(data)))
    except Exception as error:  # noqa: BLE001 - whatever pySHACL cannot do is a line of the outcome
        return Case(pair.official.key, name, (not ours, False), (), (), f"pySHACL: {error!r:.80}")
    return Case(
        key=pair.official.key,
        record=name,
        verdicts=(not ours, not theirs),
        ours=_kinds(ours - theirs),
        official=_kinds(theirs - ours),
    )


def _violations(shapes: Graph, results: Iterable[Result]) -> Iterator[Finding]:
    for result in results:
        severity = shapes.value(result.shape, SH + "severity")
        if severity is None or severity == ox.NamedNode(SH + "Violation"):
            component = result.component.removesuffix("ConstraintComponent")
            yield result.focus, _path(shapes, result), component


def _path(shapes: Graph, result: Result) -> str:
    path = shapes.value(result.shape, SH + "path")
    text = "-" if path is None else paths.text(shapes, path)
    return short(text) if "://" in text and "|" not in text else _in_order(text)


def _in_order(text: str) -> str:
    """The alternatives of a path by name: their order means nothing."""
    return "|".join(sorted(text.split("|")))


def _kinds(findings: Iterable[Finding]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(path, component) for _, path, component in findings}))


# Official shapes


def official_shapes(official: Official, folder: Path) -> tuple[Graph, list[str]]:
    """The shapes without their imports, and what had to be mended to read them."""
    triples: list[ox.Triple] = []
    notes: list[str] = []
    for pattern in official.files:
        found = sorted(folder.glob(pattern))
        notes += [] if found else [f"absent: {pattern}"]
        for path in found:
            triples += _mended(path, notes)
    return Graph(t for t in triples if t.predicate.value != OWL + "imports"), notes


def _mended(path: Path, notes: list[str]) -> Graph:
    """One file; a prefix that it forgets to declare is declared."""
    content = path.read_bytes()
    for _ in range(3):
        try:
            return _parsed(content, ox.RdfFormat.TURTLE, _label(path))
        except SyntaxError as error:
            missing = re.search(r"The prefix (\w+): has not been declared", str(error))
            if missing is None or missing[1] not in PREFIXES:
                notes.append(f"broken, left out: {path.name}: {error}")
                return Graph()
            notes.append(f"does not parse; read with prefix {missing[1]}: declared: {path.name}")
            content = f"@prefix {missing[1]}: <{PREFIXES[missing[1]]}> .\n".encode() + content
    return Graph()


def _label(path: Path) -> str:
    """Something that sets the blank nodes of one file apart from those of the others."""
    return "".join(filter(str.isalnum, f"{path.parent.name}{path.stem}")) + "x"


# Printing


def _print_profile(official: Official, cases: list[Case], folder: Path) -> bool:
    """The outcome for one profile; whether what is not an official defect agrees enough."""
    mine = [case for case in cases if case.key == official.key]
    notes = official_shapes(official, folder)[1]
    print(f"\n{official.key} {official.level}".rstrip())
    for note in notes:
        print(f"  {note}")
    if not mine:
        print("  not compared: our profile or the official shapes are absent")
        return True
    agreed = sum(case.agrees for case in mine)
    excused = sum(case.agrees or _excused(case) for case in mine)
    verdicts = sum(case.verdicts[0] == case.verdicts[1] for case in mine)
    print(
        f"  same findings and verdict {_share(agreed, mine)}; same verdict {_share(verdicts, mine)}"
    )
    print(f"  without official defects  {_share(excused, mine)}")
    _print_disagreements(official.key, mine)
    return excused >= 0.995 * len(mine)


def _share(number: int, of: list[Case]) -> str:
    return f"{number}/{len(of)} ({100 * number / len(of):.2f} %)"


def _print_disagreements(key: str, cases: list[Case]) -> None:
    counted: Counter[tuple[str, str, str]] = Counter()
    example: dict[tuple[str, str, str], str] = {}
    for case in cases:
        for side, path, component in _differences(case):
            counted[side, path, component] += 1
            example.setdefault((side, path, component), case.record)
    for (side, path, component), number in counted.most_common():
        why = reason(key, side, path, component) or "ours: not explained"
        print(f"  {number:5} {side:9} {path} {component}: {why}")
        print(f"        for instance {example[side, path, component]}")


def _differences(case: Case) -> list[tuple[str, str, str]]:
    ours = [("ours", path, component) for path, component in case.ours]
    official = [("official", path, component) for path, component in case.official]
    return ours + official + ([("pySHACL", case.trouble, "")] if case.trouble else [])


def _excused(case: Case) -> bool:
    """Whether every difference has a reason, and not only one that follows from another."""
    reasons = {reason(case.key, *difference) for difference in _differences(case)}
    return bool(reasons - {FOLLOWS}) and "" not in reasons


@cache
def reason(key: str, side: str, path: str, component: str) -> str:
    """Why ours and the official shapes differ here; empty when nobody knows."""
    for known in REASONS:
        fits = re.fullmatch(known.path, path) and re.fullmatch(known.component, component)
        if fits and side in known.side.split("|") and key in known.profiles.split():
            return known.why
    return ""


def _options() -> argparse.Namespace:
    data = Path(os.environ.get("CATALOGUE_TEST_DATA") or ROOT.parent / "shared" / "data")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=2000, help="how many mutated records")
    parser.add_argument("--largest", type=int, default=300, help="triples of a file to mutate")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--profiles", type=Path, default=ROOT / "shapes", help="folder of profiles")
    parser.add_argument("--data", type=Path, default=data, help="folder with examples/ and shapes/")
    return parser.parse_args()


if __name__ == "__main__":
    main()
