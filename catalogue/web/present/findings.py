"""Findings and repairs in words: what is wrong, where, what was received, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.web.messages import gettext, lazy_gettext
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
}
SEVERITIES = {
    "violation": lazy_gettext("required"),
    "warning": lazy_gettext("recommended"),
    "info": lazy_gettext("suggestion"),
}
ORDER = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `message` says what to do."""

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
    """Something that we changed in what was received."""

    sentence: str
    path: str
    before: str
    after: str


def reports(
    reader: Reader, said: Iterable[Mapping[str, Any]], most: int = 25
) -> tuple[Report, ...]:
    """The reports of a record, each with its findings, worst first, at most `most`."""
    return tuple(_report(reader, each, most) for each in said)


def findings(reader: Reader, said: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings, worst first; what is said twice is said once."""
    found = dict.fromkeys(_finding(reader, each) for each in said)
    return tuple(sorted(found, key=lambda each: ORDER.index(each.kind)))


def repairs(reader: Reader, said: Iterable[Mapping[str, Any]]) -> tuple[Repair, ...]:
    """The repairs of a record, in words."""
    return tuple(_repair(reader, each) for each in said)


def _report(reader: Reader, said: Mapping[str, Any], most: int) -> Report:
    found = findings(reader, said.get("findings", ()))
    profile, level = str(said.get("profile", "")), str(said.get("level", ""))
    return Report(
        profile=str(PROFILES.get(profile, profile)),
        level=str(LEVELS.get(level, level)),
        kind=level,
        findings=found[:most],
        further=len(found[most:]),
    )


def _finding(reader: Reader, said: Mapping[str, Any]) -> Finding:
    kind = _severity(said.get("severity"))
    message, lang = _message(reader, said.get("messages") or said.get("message") or {})
    clause = safe_link(said.get("clause"))
    return Finding(
        message=message or gettext("This does not follow the profile."),
        path=curie(clean(str(said.get("path") or ""))),
        value=clean(str(said.get("value") or ""))[:300],
        severity=str(SEVERITIES[kind]),
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
