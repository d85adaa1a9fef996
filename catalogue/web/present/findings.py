"""Findings and repairs in words: what is wrong, where, what was received, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.register.records import Published
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.focus import Focus, about
from catalogue.web.present.reader import Reader, clean, curie, safe_link

LEVELS = {
    "conforms": lazy_gettext("Conforms"),
    "conforms-with-warnings": lazy_gettext("Conforms, with suggestions"),
    "does-not-conform": lazy_gettext("Does not conform yet"),
}
PROFILES = {
    "minimum": lazy_gettext("Minimum for this catalogue"),
    "genome-inventory-1": lazy_gettext("Genome inventory 1"),
    "health-ri-core-2": "Health-RI core 2",
    "dcat-ap-3": "DCAT-AP 3",
    "healthdcat-ap-8": "HealthDCAT-AP 8",
    "gdi-1": "GDI 1",
    "dcat-ap-nl-3": "DCAT-AP-NL 3",
    "fair-data-point-1": "FAIR Data Point 1",
}
SEVERITIES = {
    "violation": (lazy_gettext("required"), lazy_gettext("required by %(profile)s")),
    "warning": (lazy_gettext("recommended"), lazy_gettext("recommended by %(profile)s")),
    "info": (lazy_gettext("suggestion"), lazy_gettext("suggestion of %(profile)s")),
}
ORDER = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: `about` which part of the description; `message` says what to do."""

    about: str
    message: str
    path: str
    value: str
    severity: str
    kind: str
    clause: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One profile, how well it is met, and what is missing."""

    profile: str
    level: str
    kind: str
    findings: tuple[Finding, ...]
    further: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that we changed in what was received, or, when not `changed`, only saw."""

    sentence: str
    path: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether something else is shown than was received."""
        return self.before != self.after


def reports(reader: Reader, published: Published, most: int = 25) -> tuple[Report, ...]:
    """The reports of a record, each with its findings, worst first, at most `most`."""
    focus = Focus.of(published)
    return tuple(_report(reader, each, focus, most) for each in published.reports)


def findings(
    reader: Reader, said: Iterable[Mapping[str, Any]], focus: Focus
) -> tuple[Finding, ...]:
    """Findings, worst first; what is said twice is said once. `focus` knows the nodes."""
    found = dict.fromkeys(_finding(reader, each, focus) for each in said)
    return tuple(sorted(found, key=lambda each: ORDER.index(each.kind)))


def repairs(reader: Reader, said: Iterable[Mapping[str, Any]]) -> tuple[Repair, ...]:
    """What was changed in a record, in words."""
    return tuple(each for each in _repairs(reader, said) if each.changed)


def remarks(reader: Reader, said: Iterable[Mapping[str, Any]]) -> tuple[Repair, ...]:
    """What was seen in a record and left as it was, in words."""
    return tuple(each for each in _repairs(reader, said) if not each.changed)


def _repairs(reader: Reader, said: Iterable[Mapping[str, Any]]) -> Iterable[Repair]:
    return (_repair(reader, each) for each in said)


def _report(reader: Reader, said: Mapping[str, Any], focus: Focus, most: int) -> Report:
    profile, level = str(said.get("profile", "")), str(said.get("level", ""))
    whole = ({"profile": profile, **each} for each in said.get("findings", ()))
    found = findings(reader, whole, focus)
    return Report(
        profile=str(PROFILES.get(profile, profile)),
        level=str(LEVELS.get(level, level)),
        kind=level,
        findings=found[:most],
        further=len(found[most:]),
    )


def _finding(reader: Reader, said: Mapping[str, Any], focus: Focus) -> Finding:
    kind = _severity(said.get("severity"))
    message, lang = _message(reader, said.get("messages") or said.get("message") or {})
    clause = safe_link(said.get("clause"))
    return Finding(
        about=about(str(said.get("focus") or ""), focus),
        message=message or gettext("This does not follow the profile."),
        path=curie(clean(str(said.get("path") or ""))),
        value=clean(str(said.get("value") or ""))[:300],
        severity=_required_by(kind, str(said.get("profile") or "")),
        kind=kind,
        clause=clause,
        lang=lang,
    )


def _message(reader: Reader, messages: Any) -> tuple[str, str]:
    """The message in the reader's language, or in another with its tag."""
    if not isinstance(messages, Mapping):
        return clean(str(messages)), ""
    for language in (reader.language, "en", "nl"):
        if messages.get(language):
            return clean(str(messages[language])), reader.foreign(language)
    return "", ""


def _required_by(kind: str, profile: str) -> str:
    """How much it matters, and to which profile."""
    alone, named = SEVERITIES[kind]
    if not profile:
        return str(alone)
    return str(named) % {"profile": str(PROFILES.get(profile, profile))}


def _severity(said: Any) -> str:
    name = str(said or "violation").rpartition("#")[2].lower()
    return name if name in ORDER else "violation"


def _repair(reader: Reader, said: Mapping[str, Any]) -> Repair:
    sentence, _ = _message(reader, said.get("sentence") or {})
    return Repair(
        sentence=sentence or clean(str(said.get("name", ""))),
        path=curie(clean(str(said.get("predicate") or ""))),
        before=clean(str(said.get("before") or ""))[:300],
        after=clean(str(said.get("after") or ""))[:300],
    )
