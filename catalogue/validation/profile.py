"""A profile: a folder of Turtle that says what a good description looks like.

`profile.ttl` says whose rules these are (`prof:Profile`, titles, version, source, licence)
and which classes a description must have; `shapes.ttl` holds the rules (SHACL Core).

A misspelt namespace makes a shape set match nothing, and so pass everything. That is why
loading a profile also tests it, and refuses what it cannot trust with a `ProfileError`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import pyoxigraph as ox

from catalogue import namespaces
from catalogue.errors import ProfileError
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCAT, DCT, FOAF, GC, OWL, PROF, SH, Iri
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation.view import plain

KNOWN_NAMESPACES = frozenset(
    value for name, value in vars(namespaces).items() if name.isupper() and isinstance(value, str)
)

KINDS = {
    "dataset": DCAT + "Dataset",
    "catalog": DCAT + "Catalog",
    "series": DCAT + "DatasetSeries",
}
"""The kinds of description, and the class of each."""

REFUSED = {
    SH + "js": "runs JavaScript",
    SH + "jsLibrary": "runs JavaScript",
    SH + "rule": "changes the data",
    SH + "sparql": "runs queries",
    SH + "select": "runs queries",
    SH + "ask": "runs queries",
    SH + "target": "runs queries",
    SH + "parameter": "defines its own constraint language",
    OWL + "imports": "fetches other documents",
}
"""What a profile may not use, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The official specification that a profile restates: where it is and who allows what."""

    title: LangText
    url: Iri
    version: str
    license: Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One loaded shape set. `digest` changes whenever its files do: use it in cache keys.

    `required` are classes; a description of which no node of such a class is checked by
    some shape does not conform, whatever the shapes say.
    """

    key: str
    iri: Iri
    title: LangText
    description: LangText
    version: str
    origin: Origin | None
    required: tuple[Iri, ...]
    digest: str
    shapes: Graph

    @property
    def source(self) -> Iri | None:
        """The address of the official specification, or `None` when the rules are ours."""
        return self.origin.url if self.origin else None

    def covers(self, kind: str) -> bool:
        """Whether it has rules for a "dataset", "catalog" or "series"; ask before checking."""
        return KINDS[kind] in self.required


def profiles(folder: Path) -> dict[str, Profile]:
    """Every profile below `folder`, by the name of its own folder."""
    found = sorted(path.parent for path in folder.glob("*/profile.ttl"))
    if not found:
        raise ProfileError(f"{folder}: no profiles here (a profile is a folder with profile.ttl)")
    return {path.name: load(path) for path in found}


def load(folder: Path) -> Profile:
    """Read one profile folder and test it; raises `ProfileError` when it cannot be trusted."""
    about, shapes = _read(folder / "profile.ttl"), _read(folder / "shapes.ttl")
    profile = _described(folder, _graph(about, folder / "profile.ttl"), shapes + about)
    examine(profile)
    return profile


def examine(profile: Profile) -> None:
    """Refuse a shape set that would pass anything, run code or fetch documents."""
    for problem in _problems(profile):
        raise ProfileError(f"profile {profile.key}: {problem}")


def target_classes(shapes: Graph) -> set[str]:
    """The IRIs of the classes that the shapes look for."""
    return {term.value for term in _objects(shapes, SH + "targetClass") if _is_iri(term)}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error


def _graph(content: bytes, path: Path) -> Graph:
    """Parse one of our own files; never used for documents from elsewhere."""
    try:
        return Graph(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise ProfileError(f"{path}: not valid Turtle: {error}") from error


def _described(folder: Path, about: Graph, content: bytes) -> Profile:
    subjects = about.instances(PROF + "Profile")
    if len(subjects) != 1:
        raise ProfileError(f"{folder}/profile.ttl: describes {len(subjects)} profiles, not one")
    subject = subjects[0]
    return Profile(
        key=folder.name,
        iri=Iri(subject.value),
        title=_texts(about, subject, DCT + "title"),
        description=_texts(about, subject, DCT + "description"),
        version=_text(about, subject, OWL + "versionInfo"),
        origin=_origin(about, subject),
        required=tuple(Iri(_value(t)) for t in about.objects(subject, GC + "requiresClass")),
        digest=hashlib.sha256(content).hexdigest(),
        shapes=_graph(_read(folder / "shapes.ttl"), folder / "shapes.ttl"),
    )


def _origin(about: Graph, subject: Node) -> Origin | None:
    node = about.value(subject, DCT + "source")
    if node is None or isinstance(node, ox.Literal):
        return None
    return Origin(
        title=_texts(about, node, DCT + "title"),
        url=Iri(_text(about, node, FOAF + "page")),
        version=_text(about, node, OWL + "versionInfo"),
        license=Iri(_text(about, node, DCT + "license")),
    )


def _text(about: Graph, subject: Node, predicate: str) -> str:
    found = about.value(subject, predicate)
    return "" if found is None else _value(found)


def _texts(about: Graph, subject: Node, predicate: str) -> LangText:
    literals = (t for t in about.objects(subject, predicate) if isinstance(t, ox.Literal))
    return LangText(tuple(Text(t.value, t.language or "") for t in literals))


def _problems(profile: Profile) -> Iterator[str]:
    for check in CHECKS:
        yield from check(profile)


def _missing_title(profile: Profile) -> Iterator[str]:
    for language in ("nl", "en"):
        if not any(text.primary == language for text in profile.title.texts):
            yield f"has no dct:title in {language!r}"


def _refused_features(profile: Profile) -> Iterator[str]:
    for triple in profile.shapes:
        reason = REFUSED.get(triple.predicate.value)
        if reason:
            yield f"uses <{triple.predicate.value}>, which {reason} and is refused"


def _pathless_properties(profile: Profile) -> Iterator[str]:
    shapes = set(_objects(profile.shapes, SH + "property"))
    shapes |= set(profile.shapes.instances(SH + "PropertyShape"))
    for shape in sorted(shapes, key=str):
        number = _paths(profile.shapes, shape)
        if number != 1:
            yield f"property shape {shape} has {number} sh:path, not one, so it checks nothing"


def _paths(shapes: Graph, shape: Term) -> int:
    return 0 if isinstance(shape, ox.Literal) else len(shapes.objects(shape, SH + "path"))


def _unknown_targets(profile: Profile) -> Iterator[str]:
    for target in sorted(target_classes(profile.shapes)):
        if namespace_of(target) not in KNOWN_NAMESPACES:
            yield f"looks for <{target}>, whose namespace nobody uses, so it checks nothing"


def _unreached_classes(profile: Profile) -> Iterator[str]:
    if not profile.required:
        yield "names no gc:requiresClass, so it could pass anything"
    for missing in sorted(set(profile.required) - target_classes(profile.shapes)):
        yield f"requires a <{missing}> but no shape has it as sh:targetClass"


def _broken_patterns(profile: Profile) -> Iterator[str]:
    for term in _objects(profile.shapes, SH + "pattern"):
        pattern = _value(term)
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"sh:pattern {pattern!r} is not a regular expression: {error}"


CHECKS: tuple[Callable[[Profile], Iterator[str]], ...] = (
    _refused_features,
    _pathless_properties,
    _unknown_targets,
    _unreached_classes,
    _broken_patterns,
    _missing_title,
)
"""The self-test, in the order in which a problem is reported."""


def namespace_of(iri: str) -> str:
    """Everything up to and including the last `#` or `/`.

    >>> namespace_of("https://www.w3.org/ns/dcat#Dataset")
    'https://www.w3.org/ns/dcat#'
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _objects(shapes: Graph, predicate: str) -> Iterator[Term]:
    return (term for _, used, term in plain(shapes) if used == predicate)


def _value(term: Term) -> str:
    return str(term.value)


def _is_iri(term: Term) -> TypeGuard[ox.NamedNode]:
    return isinstance(term, ox.NamedNode)
