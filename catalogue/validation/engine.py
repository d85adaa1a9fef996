"""One profile, ready to check descriptions: compiled where possible, else pySHACL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from catalogue.rdf.graph import Graph
from catalogue.validation.compiled import Compiled, Result, Unsupported, targets
from catalogue.validation.explain import Explainer
from catalogue.validation.profile import Profile
from catalogue.validation.report import NO_FOCUS_NODE, Report, report, short, unchecked
from catalogue.validation.view import View

if TYPE_CHECKING:
    from catalogue.validation.reference import Reference


class Engine:
    """Checks one description at a time; not a process, has no limits of its own."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._explainer = Explainer(profile.shapes)
        self._targets = [target for _, target in targets(profile.shapes)]
        self._compiled = _compiled(profile.shapes)
        self._reference: Reference | None = None

    @property
    def compiled(self) -> bool:
        """Whether our own evaluator is used."""
        return self._compiled is not None

    def report(self, subject: str, graph: Graph) -> Report:
        """Check the description of `subject` (empty: of whatever the graph describes)."""
        return self.check(subject, View(graph))

    def check(self, subject: str, view: View) -> Report:
        """As `report`, from a view that several profiles may share."""
        if not self._looks_at(subject, view):
            wanted = ", ".join(short(iri) for iri in self.profile.required)
            return unchecked(self.profile.key, subject, NO_FOCUS_NODE, wanted)
        results = self._results(view)
        found = (self._explainer.finding(view, result) for result in results)
        return report(self.profile.key, found)

    def _results(self, view: View) -> Iterable[Result]:
        if self._compiled is not None:
            return self._compiled.results(view)
        return self._judge().results(view.triples)

    def _looks_at(self, subject: str, view: View) -> bool:
        """Whether some shape looks at the subject, and at a node of a required class."""
        required = {node for iri in self.profile.required for node in view.instances(iri)}
        looked_at = required & {node for target in self._targets for node in target(view)}
        return ox.NamedNode(subject) in looked_at if subject else bool(looked_at)

    def _judge(self) -> Reference:
        """Made when first needed: importing pySHACL takes half a second."""
        if self._reference is None:
            from catalogue.validation.reference import Reference  # noqa: PLC0415

            self._reference = Reference(self.profile.shapes)
        return self._reference


def _compiled(shapes: Graph) -> Compiled | None:
    try:
        return Compiled(shapes)
    except Unsupported:
        return None
