"""A profile: a folder of Turtle that says what a good description looks like.

`profile.ttl` says whose rules these are (`prof:Profile`, titles, version, source, licence)
and which classes a description must have; `shapes.ttl` holds the rules (SHACL Core). A
profile of another profile (`prof:isProfileOf`, a folder beside it) has its rules as well.

Where the rules depend on what a description says, such as its access rights, `profile.ttl`
names the levels: each with a value and a further file of rules, and the level that is meant
when nothing is said.

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
from catalogue.namespaces import DCAT, DCT, FOAF, GC, OWL, PROF, SH, SKOS, Iri
from catalogue.rdf.addresses import home
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation.view import View, plain

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
class Variant:
    """The rules of one level of a profile, for descriptions that state `value`.

    `shapes` are all rules of that level, with those that every level has.
    """

    name: str
    value: Iri
    shapes: Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One loaded shape set. `digest` changes whenever its files do: use it in cache keys.

    `required` are classes; a description of which no node of such a class is checked by
    some shape does not conform, whatever the shapes say.

    `variants` are its levels, in the order of `profile.ttl`; most profiles have none. The
    `shapes` of a profile with levels are those of its `default` level.
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
    decides: Iri | None = None
    default: str = ""
    variants: tuple[Variant, ...] = ()

    @property
    def source(self) -> Iri | None:
        """The address of the official specification, or `None` when the rules are ours."""
        return self.origin.url if self.origin else None

    def covers(self, kind: str) -> bool:
        """Whether it has rules for a "dataset", "catalog" or "series"; ask before checking."""
        return KINDS[kind] in self.required

    def level(self, view: View, subject: str) -> str:
        """The name of the level that a description asks for; empty for a profile without.

        With no subject, what all datasets in the graph agree upon. A value that is written
        with another host or scheme is the same value.
        """
        stated = set(self._stated(view, subject))
        found = [variant.name for variant in self.variants if {variant.value} == stated]
        return found[0] if found else self.default

    def rules(self, level: str) -> Graph:
        """The shapes of one level; raises `ProfileError` when there is no such level."""
        by_name = {variant.name: variant.shapes for variant in self.variants}
        if level and level not in by_name:
            raise ProfileError(f"profile {self.key}: there is no level {level!r}")
        return by_name.get(level, self.shapes)

    def _stated(self, view: View, subject: str) -> Iterator[str]:
        if self.decides is None:
            return
        about: list[Term] = [ox.NamedNode(subject)] if subject else view.instances(KINDS["dataset"])
        for node in about:
            for term in view.objects(node, self.decides):
                found = home(str(term.value))
                yield found[1] if found else str(term.value)


def profiles(folder: Path) -> dict[str, Profile]:
    """Every profile below `folder`, by the name of its own folder."""
    found = sorted(path.parent for path in folder.glob("*/profile.ttl"))
    if not found:
        raise ProfileError(f"{folder}: no profiles here (a profile is a folder with profile.ttl)")
    return {path.name: load(path) for path in found}


def load(folder: Path) -> Profile:
    """Read one profile folder and test it; raises `ProfileError` when it cannot be trusted."""
    about = _graph(_read(folder / "profile.ttl"), folder / "profile.ttl")
    profile = _described(folder, about, _base(folder, about))
    for level in ("", *(variant.name for variant in profile.variants)):
        examine(profile, profile.rules(level))
    return profile


def examine(profile: Profile, shapes: Graph) -> None:
    """Refuse a shape set that would pass anything, run code or fetch documents."""
    for check in CHECKS:
        for problem in check(profile, shapes):
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
        quads = ox.parse(content, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        return Graph(quad.triple for quad in quads)
    except SyntaxError as error:
        raise ProfileError(f"{path}: not valid Turtle: {error}") from error


def _described(folder: Path, about: Graph, base: Profile | None) -> Profile:
    subject = _subject(folder, about)
    common = _joined(base.shapes if base else Graph(), _shapes(folder, "shapes.ttl"))
    variants = tuple(_variants(folder, about, subject, common))
    default = _text(about, subject, GC + "defaultLevel")
    decides = _text(about, subject, GC + "levelProperty")
    return Profile(
        key=folder.name,
        iri=Iri(subject.value),
        title=_texts(about, subject, DCT + "title"),
        description=_texts(about, subject, DCT + "description"),
        version=_text(about, subject, OWL + "versionInfo"),
        origin=_origin(about, subject),
        required=tuple(Iri(_value(t)) for t in about.objects(subject, GC + "requiresClass")),
        digest=_digest(folder, base),
        shapes=_default(folder, variants, default, common),
        decides=Iri(decides) if decides else None,
        default=default,
        variants=variants,
    )


def _subject(folder: Path, about: Graph) -> Node:
    subjects = about.instances(PROF + "Profile")
    if len(subjects) != 1:
        raise ProfileError(f"{folder}/profile.ttl: describes {len(subjects)} profiles, not one")
    return subjects[0]


def _shapes(folder: Path, name: str) -> Graph:
    return _graph(_read(folder / name), folder / name)


def _base(folder: Path, about: Graph) -> Profile | None:
    """The profile that this one is a profile of: its IRI ends with the name of its folder."""
    iri = _text(about, _subject(folder, about), PROF + "isProfileOf")
    if not iri:
        return None
    name = iri.rsplit("/", 1)[-1]
    if name in {"", ".", "..", folder.name}:
        raise ProfileError(f"{folder}/profile.ttl: cannot be a profile of <{iri}>")
    return load(folder.parent / name)


def _variants(folder: Path, about: Graph, subject: Node, common: Graph) -> Iterator[Variant]:
    levels = [t for t in about.objects(subject, GC + "level") if not isinstance(t, ox.Literal)]
    for level in sorted(levels, key=lambda term: _text(about, term, SKOS + "notation")):
        yield Variant(
            name=_text(about, level, SKOS + "notation"),
            value=Iri(_text(about, level, GC + "whenStated")),
            shapes=_joined(common, _shapes(folder, _text(about, level, GC + "shapesFile"))),
        )


def _default(folder: Path, variants: tuple[Variant, ...], name: str, common: Graph) -> Graph:
    found = [variant.shapes for variant in variants if variant.name == name]
    if variants and not found:
        raise ProfileError(
            f"{folder}/profile.ttl: gc:defaultLevel {name!r} is not one of its levels"
        )
    return found[0] if found else common


def _joined(one: Graph, other: Graph) -> Graph:
    return Graph([*one, *other])


def _digest(folder: Path, base: Profile | None) -> str:
    """Of everything that the rules depend on, in a fixed order."""
    files = sorted([*folder.glob("*.ttl"), *folder.glob("levels/*.ttl")])
    hashed = hashlib.sha256(base.digest.encode() if base else b"")
    for path in files:
        hashed.update(_read(path))
    return hashed.hexdigest()


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


def _missing_title(profile: Profile, _: Graph) -> Iterator[str]:
    for language in ("nl", "en"):
        if not any(text.primary == language for text in profile.title.texts):
            yield f"has no dct:title in {language!r}"


def _refused_features(_: Profile, shapes: Graph) -> Iterator[str]:
    for triple in shapes:
        reason = REFUSED.get(triple.predicate.value)
        if reason:
            yield f"uses <{triple.predicate.value}>, which {reason} and is refused"


def _pathless_properties(_: Profile, shapes: Graph) -> Iterator[str]:
    properties = set(_objects(shapes, SH + "property"))
    properties |= set(shapes.instances(SH + "PropertyShape"))
    for shape in sorted(properties, key=str):
        number = _paths(shapes, shape)
        if number != 1:
            yield f"property shape {shape} has {number} sh:path, not one, so it checks nothing"


def _paths(shapes: Graph, shape: Term) -> int:
    return 0 if isinstance(shape, ox.Literal) else len(shapes.objects(shape, SH + "path"))


def _unknown_targets(_: Profile, shapes: Graph) -> Iterator[str]:
    for target in sorted(target_classes(shapes)):
        if namespace_of(target) not in KNOWN_NAMESPACES:
            yield f"looks for <{target}>, whose namespace nobody uses, so it checks nothing"


def _unreached_classes(profile: Profile, shapes: Graph) -> Iterator[str]:
    if not profile.required:
        yield "names no gc:requiresClass, so it could pass anything"
    for missing in sorted(set(profile.required) - target_classes(shapes)):
        yield f"requires a <{missing}> but no shape has it as sh:targetClass"


def _broken_patterns(_: Profile, shapes: Graph) -> Iterator[str]:
    for term in _objects(shapes, SH + "pattern"):
        pattern = _value(term)
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"sh:pattern {pattern!r} is not a regular expression: {error}"


CHECKS: tuple[Callable[[Profile, Graph], Iterator[str]], ...] = (
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
