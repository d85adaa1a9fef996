"""What a profile says about one description: findings, each with what to do about it.

A finding is a fact about one node. A missing recommended property is information or a
warning; only a violation makes a description not conform. A check that could not be done
is a violation as well, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyoxigraph as ox

from catalogue.namespaces import DCT, PREFIXES, PROFILES, RDF, RDFS, SH, XSD
from catalogue.rdf.graph import Graph, Node, Term

NO_FOCUS_NODE = "no-focus-node"
"""Component of a finding: no shape looked at the description, so nothing was checked."""

TIMED_OUT = "timed-out"
"""Component of a finding: the check took too long and was stopped."""

FAILED = "failed"
"""Component of a finding: the check broke down (memory, depth, a shape it cannot do)."""

MORE = "more-findings"
"""Component of the last finding of a report that was cut."""

LONGEST_VALUE = 300
MOST_FINDINGS = 500


class Severity(StrEnum):
    """How bad a finding is; the local names of the SHACL severities, worst first."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


class Level(StrEnum):
    """The verdict on a whole description."""

    CONFORMS = "conforms"
    WITH_WARNINGS = "conforms-with-warnings"
    FAILS = "does-not-conform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One `sh:ValidationResult`.

    `focus` is the IRI of the node that was checked; a blank node is named by the way to it
    ("https://umc.example/dataset/7 / dcat:contactPoint"). `path` is the IRI of the property
    or a path in SPARQL notation. `value` is an IRI, "_" for a blank node, or a literal as in
    Turtle ('"2024"^^xsd:date'), cut after 300 characters. `messages` has "nl" and "en".
    """

    focus: str
    path: str | None
    value: str | None
    severity: Severity
    messages: Mapping[str, str]
    component: str
    clause: str = ""

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """Worst first, then by node, property and value."""
        rank = list(Severity).index(self.severity)
        return rank, self.focus, self.path or "", self.value or "", self.component

    def to_json(self) -> dict[str, Any]:
        """The finding as `register.records.Published` documents it."""
        return {
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "severity": self.severity.value,
            "messages": dict(self.messages),
            "component": self.component,
            "clause": self.clause,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Finding:
        """Read back what `to_json` wrote."""
        return cls(**{**value, "severity": Severity(value["severity"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one profile (by key) says about one description.

    `stage` names the level of the profile that was used ("NON_PUBLIC"); empty where the
    profile has no levels.
    """

    profile: str
    findings: tuple[Finding, ...] = ()
    stage: str = ""

    @property
    def level(self) -> Level:
        """The verdict: decided by the worst finding; information alone does not count."""
        worst = {finding.severity for finding in self.findings}
        if Severity.VIOLATION in worst:
            return Level.FAILS
        return Level.WITH_WARNINGS if Severity.WARNING in worst else Level.CONFORMS

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return self.level is not Level.FAILS

    def to_json(self) -> dict[str, Any]:
        """The report as `register.records.Published` documents it."""
        return {
            "profile": self.profile,
            **({"stage": self.stage} if self.stage else {}),
            "level": self.level.value,
            "conforms": self.conforms,
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Report:
        """Read back what `to_json` wrote; the level is derived again, never trusted."""
        found = (Finding.from_json(finding) for finding in value["findings"])
        return cls(profile=value["profile"], findings=tuple(found), stage=value.get("stage", ""))

    def graph(self) -> Graph:
        """The report as a `sh:ValidationReport`, for machines."""
        return Graph(_triples(self))


def report(profile: str, findings: Iterable[Finding], stage: str = "") -> Report:
    """A report with its findings in a fixed order, each said once.

    Of a very poor description the worst 500 are kept, and a last one says how many more.
    """
    once = {(finding.order, finding.clause): finding for finding in findings}
    ordered = sorted(once.values(), key=lambda finding: finding.order)
    rest = _rest(len(ordered) - MOST_FINDINGS)
    return Report(profile=profile, findings=(*ordered[:MOST_FINDINGS], *rest), stage=stage)


def _rest(number: int) -> Iterable[Finding]:
    if number > 0:
        yield _ours("", MORE, Severity.INFO, str(number))


def unchecked(profile: str, subject: str, component: str, details: str = "") -> Report:
    """A report that says why a description was not checked; it never conforms."""
    return Report(
        profile=profile, findings=(_ours(subject, component, Severity.VIOLATION, details),)
    )


def _ours(subject: str, component: str, severity: Severity, details: str) -> Finding:
    """A finding about the checking itself."""
    return Finding(
        focus=subject,
        path=None,
        value=None,
        severity=severity,
        messages={language: text.format(details) for language, text in _SAID[component].items()},
        component=component,
    )


_SAID = {
    MORE: {
        "en": "There are {} more findings. Mend these first.",
        "nl": "Er zijn nog {} bevindingen. Verhelp eerst deze.",
    },
    NO_FOCUS_NODE: {
        "en": "Nothing was checked: the description is not typed as {}. Give it that type.",
        "nl": "Er is niets gecontroleerd: de beschrijving heeft niet het type {}. Geef dat type.",
    },
    TIMED_OUT: {
        "en": "The validator timed out, so nothing is known about this description.",
        "nl": "De controle duurde te lang, dus over deze beschrijving is niets bekend.",
    },
    FAILED: {
        "en": "The validator could not finish: {}.",
        "nl": "De controle kon niet worden afgemaakt: {}.",
    },
}


def shown(term: Term) -> str:
    """A term as findings name it; see `Finding.value`.

    >>> shown(ox.Literal("2024-01-01", datatype=ox.NamedNode(XSD + "date")))
    '"2024-01-01"^^xsd:date'
    """
    if isinstance(term, ox.BlankNode):
        return "_"
    if isinstance(term, ox.NamedNode):
        return term.value
    return _shown_literal(term)


def _shown_literal(term: ox.Literal) -> str:
    text = term.value
    if len(text) > LONGEST_VALUE:
        text = text[:LONGEST_VALUE] + "…"
    quoted = str(ox.Literal(text))
    if term.language:
        return f"{quoted}@{term.language}"
    if term.datatype.value == XSD + "string":
        return quoted
    return f"{quoted}^^{short(term.datatype.value)}"


def short(iri: str) -> str:
    """The IRI with a prefix of ours where there is one, else in angle brackets.

    >>> short("http://purl.org/dc/terms/title")
    'dct:title'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri[len(namespace) :].replace("-", "_").isidentifier():
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def _triples(value: Report) -> Iterable[ox.Triple]:
    top = ox.BlankNode("report")
    yield _triple(top, RDF + "type", ox.NamedNode(SH + "ValidationReport"))
    yield _triple(top, SH + "conforms", ox.Literal(value.conforms))
    yield _triple(top, DCT + "conformsTo", ox.NamedNode(PROFILES + value.profile))
    for number, finding in enumerate(value.findings):
        node = ox.BlankNode(f"result{number}")
        yield _triple(top, SH + "result", node)
        for predicate, term in _result(finding):
            yield _triple(node, predicate, term)


def _result(finding: Finding) -> Iterable[tuple[str, Term]]:
    yield RDF + "type", ox.NamedNode(SH + "ValidationResult")
    yield SH + "resultSeverity", ox.NamedNode(SH + finding.severity.value)
    yield SH + "sourceConstraintComponent", _component(finding.component)
    yield SH + "focusNode", _as_node(finding.focus)
    if finding.path and _is_iri(finding.path):
        yield SH + "resultPath", ox.NamedNode(finding.path)
    if finding.value is not None:
        yield SH + "value", _as_value(finding.value)
    if finding.clause and _is_iri(finding.clause):
        yield RDFS + "seeAlso", ox.NamedNode(finding.clause)
    for language, text in sorted(finding.messages.items()):
        yield SH + "resultMessage", ox.Literal(text, language=language)


def _triple(subject: Node, predicate: str, term: Term) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), term)


def _component(name: str) -> ox.NamedNode:
    """Our own components are not SHACL's, and are not named as if they were."""
    return ox.NamedNode(f"urn:genoomcatalogus:{name}" if name in _SAID else SH + name)


def _is_iri(text: str) -> bool:
    return ":" in text and not any(character in text for character in ' <>"{}|^`\\')


def _as_node(text: str) -> Node:
    return ox.NamedNode(text) if _is_iri(text) else ox.BlankNode()


def _as_value(text: str) -> Term:
    if text == "_":
        return ox.BlankNode()
    if not text.startswith('"'):
        return ox.NamedNode(text) if _is_iri(text) else ox.Literal(text)
    return _parsed_literal(text)


def _parsed_literal(text: str) -> Term:
    """Read a literal that `shown` wrote."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    turtle = f"{prefixes}<urn:s> <urn:p> {text} ."
    quad = next(iter(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE, lenient=True)))
    return quad.object if isinstance(quad.object, ox.Literal) else ox.Literal(text)
