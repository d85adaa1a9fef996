"""From bare results to findings that a steward can act on.

Sentences come from the profile (`sh:message` in Dutch and English); a shape set without
them gets a plain sentence for the kind of constraint.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from catalogue.namespaces import RDFS, SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation import paths
from catalogue.validation.compiled import Result
from catalogue.validation.report import Finding, Severity, short, shown
from catalogue.validation.view import View

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class _About:
    """What the shapes graph says about one shape, read once."""

    path: str | None
    severity: Severity
    messages: dict[str, str]
    clause: str


class Explainer:
    """Knows the texts of one shapes graph."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._known: dict[Node, _About] = {}

    def finding(self, view: View, result: Result) -> Finding:
        """The finding for one result, whichever engine found it."""
        about = self._about(result.shape)
        return Finding(
            focus=place(view, result.focus),
            path=about.path,
            value=None if result.value is None else shown(result.value),
            severity=about.severity,
            messages=_messages(about, result.component),
            component=result.component,
            clause=about.clause,
        )

    def _about(self, shape: Node) -> _About:
        if shape not in self._known:
            self._known[shape] = _read(self._shapes, shape)
        return self._known[shape]


def place(view: View, node: Term) -> str:
    """The node's IRI; for a blank node the nearest IRI that leads to it, and the way from there."""
    steps: list[str] = []
    seen: set[Term] = set()
    while isinstance(node, ox.BlankNode) and node not in seen:
        seen.add(node)
        above = min(view.pointing_at(node), key=str, default=None)
        if above is None:
            break
        node, predicate = above
        steps.insert(0, short(predicate))
    return " / ".join([shown(node), *steps])


def _read(shapes: Graph, shape: Node) -> _About:
    path = shapes.value(shape, SH + "path")
    clause = shapes.value(shape, RDFS + "seeAlso")
    return _About(
        path=None if path is None else paths.text(shapes, path),
        severity=_severity(shapes.value(shape, SH + "severity")),
        messages=_said(shapes, shape),
        clause=clause.value if isinstance(clause, ox.NamedNode) else "",
    )


def _severity(term: Term | None) -> Severity:
    name = term.value.removeprefix(SH) if isinstance(term, ox.NamedNode) else "Violation"
    return Severity(name) if name in set(Severity) else Severity.VIOLATION


def _said(shapes: Graph, shape: Node) -> dict[str, str]:
    found = [t for t in shapes.objects(shape, SH + "message") if isinstance(t, ox.Literal)]
    by_language = {t.language or "en": t.value for t in found}
    if not by_language:
        return {}
    other = by_language.get("en") or next(iter(by_language.values()))
    return {language: by_language.get(language, other) for language in LANGUAGES}


def _messages(about: _About, component: str) -> dict[str, str]:
    if about.messages:
        return about.messages
    nl, en = PLAIN.get(component, PLAIN[""])
    name = short(about.path) if about.path and "://" in about.path else about.path or ""
    lead = f"{name}: " if name else ""
    return {"nl": lead + nl, "en": lead + en}


PLAIN = {
    "MinCountConstraintComponent": ("hier ontbreekt een waarde.", "a value is missing."),
    "MaxCountConstraintComponent": ("er zijn te veel waarden.", "there are too many values."),
    "NodeKindConstraintComponent": (
        "de waarde is van de verkeerde soort (IRI, tekst of naamloos).",
        "the value is of the wrong kind (IRI, text or unnamed node).",
    ),
    "DatatypeConstraintComponent": (
        "de waarde heeft niet het gevraagde datatype.",
        "the value does not have the datatype that is asked for.",
    ),
    "ClassConstraintComponent": (
        "de waarde is niet beschreven met het gevraagde type.",
        "the value is not described with the type that is asked for.",
    ),
    "PatternConstraintComponent": (
        "de waarde is niet op de gevraagde manier geschreven.",
        "the value is not written in the form that is asked for.",
    ),
    "InConstraintComponent": (
        "de waarde staat niet op de lijst.",
        "the value is not on the list.",
    ),
    "UniqueLangConstraintComponent": (
        "geef per taal één tekst.",
        "give one text for each language.",
    ),
    "HasValueConstraintComponent": (
        "de verplichte waarde ontbreekt.",
        "the required value is missing.",
    ),
    "NodeConstraintComponent": (
        "wat hier beschreven wordt is niet volledig of niet juist.",
        "what is described here is not complete or not right.",
    ),
    "": ("voldoet niet aan het profiel.", "does not meet the profile."),
}
