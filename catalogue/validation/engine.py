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
        self._rules: dict[str, _Rules] = {profile.default: _Rules(profile.shapes)}

    @property
    def compiled(self) -> bool:
        """Whether our own evaluator is used, at every level."""
        names = [variant.name for variant in self.profile.variants] or [self.profile.default]
        return all(self._at(name).compiled is not None for name in names)

    def report(self, subject: str, graph: Graph) -> Report:
        """Check the description of `subject` (empty: of whatever the graph describes)."""
        return self.check(subject, View(graph))

    def check(self, subject: str, view: View, level: str = "") -> Report:
        """As `report`, from a view that several profiles may share.

        Of a profile with levels, the level is the one that the description asks for, unless
        another is named; raises `ProfileError` when there is none of that name.
        """
        level = level or self.profile.level(view, subject)
        rules = self._at(level)
        if not self._looks_at(rules, subject, view):
            wanted = ", ".join(short(iri) for iri in self.profile.required)
            return unchecked(self.profile.key, subject, NO_FOCUS_NODE, wanted)
        found = (rules.explainer.finding(view, result) for result in rules.results(view))
        return report(self.profile.key, found, level)

    def _at(self, level: str) -> _Rules:
        """The rules of a level, made ready when first needed."""
        if level not in self._rules:
            self._rules[level] = _Rules(self.profile.rules(level))
        return self._rules[level]

    def _looks_at(self, rules: _Rules, subject: str, view: View) -> bool:
        """Whether some shape looks at the subject, and at a node of a required class."""
        required = {node for iri in self.profile.required for node in view.instances(iri)}
        looked_at = required & {node for target in rules.targets for node in target(view)}
        return ox.NamedNode(subject) in looked_at if subject else bool(looked_at)


class _Rules:
    """One shapes graph with all that is needed to use it."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self.explainer = Explainer(shapes)
        self.targets = [target for _, target in targets(shapes)]
        self.compiled = _compiled(shapes)
        self._reference: Reference | None = None

    def results(self, view: View) -> Iterable[Result]:
        if self.compiled is not None:
            return self.compiled.results(view)
        return self._judge().results(view.triples)

    def _judge(self) -> Reference:
        """Made when first needed: importing pySHACL takes half a second."""
        if self._reference is None:
            from catalogue.validation.reference import Reference  # noqa: PLC0415

            self._reference = Reference(self._shapes)
        return self._reference


def _compiled(shapes: Graph) -> Compiled | None:
    try:
        return Compiled(shapes)
    except Unsupported:
        return None
