"""What `catalogue validate` found, for people and for other software.

`junit` is understood by every continuous integration service (one suite per file, one case
per description and profile); `sarif` by code scanning tools (SARIF 2.1.0, OASIS).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from catalogue.rdf.split import Description
from catalogue.validation.report import Finding, Report, Severity

DUTCH = {
    "conforms": "voldoet",
    "conforms-with-warnings": "voldoet, met waarschuwingen",
    "does-not-conform": "voldoet niet",
    "Violation": "Verplicht",
    "Warning": "Waarschuwing",
    "Info": "Suggestie",
    "repair": "reparatie",
}
SARIF_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One description, repaired as the pipeline would, with a report per profile."""

    description: Description
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file or address: its descriptions, or the problem that kept it from being read."""

    name: str
    descriptions: tuple[Checked, ...] = ()
    problem: str = ""
    line: int | None = None


def text(files: Sequence[CheckedFile], language: str) -> str:
    """Lines for people."""
    return "\n".join(line for file in files for line in _lines(file, language))


def _lines(file: CheckedFile, language: str) -> Iterator[str]:
    words = DUTCH if language == "nl" else {}
    if file.problem:
        known = file.problem.startswith(file.name)
        yield file.problem if known else f"{file.name}: {file.problem}"
    for each in file.descriptions:
        yield f"{file.name}: {each.description.kind} {each.description.subject.value}"
        for repair in each.description.repairs:
            yield f"    {words.get('repair', 'repair')}: {repair.sentence(language)}"
        for report in each.reports:
            yield f"    {report.profile}: {words.get(report.level, report.level)}"
            for finding in report.findings:
                severity = words.get(finding.severity, finding.severity)
                yield f"        {severity}: {finding.focus}: {finding.messages[language]}"


def as_json(files: Sequence[CheckedFile], language: str) -> str:
    """Everything, as one JSON document; both languages are in it."""
    del language
    found = [
        {
            "file": file.name,
            "problem": file.problem or None,
            "line": file.line,
            "descriptions": [_described(each) for each in file.descriptions],
        }
        for file in files
    ]
    return json.dumps({"files": found}, ensure_ascii=False, indent=2)


def _described(each: Checked) -> dict[str, Any]:
    repairs = [
        {"name": r.name, "nl": r.sentence("nl"), "en": r.sentence("en")}
        for r in each.description.repairs
    ]
    return {
        "kind": each.description.kind,
        "subject": each.description.subject.value,
        "repairs": repairs,
        "reports": [report.to_json() for report in each.reports],
    }


def junit(files: Sequence[CheckedFile], language: str) -> str:
    """JUnit's XML: a violation is a failure, a file that cannot be read an error."""
    suites = ET.Element("testsuites", name="catalogue validate")
    for file in files:
        suite = ET.SubElement(suites, "testsuite", name=file.name)
        if file.problem:
            case = ET.SubElement(suite, "testcase", name="parse", classname=file.name)
            ET.SubElement(case, "error", message=file.problem)
        for each in file.descriptions:
            for report in each.reports:
                _case(suite, each, report, language)
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("*/failure"))))
        suite.set("errors", str(len(suite.findall("*/error"))))
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, each: Checked, report: Report, language: str) -> None:
    name = f"{report.profile}: {each.description.subject.value}"
    case = ET.SubElement(suite, "testcase", name=name, classname=report.profile)
    violations = [f for f in report.findings if f.severity is Severity.VIOLATION]
    rest = [f for f in report.findings if f.severity is not Severity.VIOLATION]
    if violations:
        failure = ET.SubElement(case, "failure", message=violations[0].messages[language])
        failure.text = "\n".join(_sentence(finding, language) for finding in violations)
    if rest:
        told = "\n".join(_sentence(finding, language) for finding in rest)
        ET.SubElement(case, "system-out").text = told


def _sentence(finding: Finding, language: str) -> str:
    return f"{finding.severity}: {finding.focus}: {finding.messages[language]}"


def sarif(files: Sequence[CheckedFile], language: str) -> str:
    """SARIF 2.1.0, one run; the rule of a result is profile, property and kind of constraint."""
    results = [result for file in files for result in _results(file, language)]
    rules = [{"id": name} for name in dict.fromkeys(result["ruleId"] for result in results)]
    tool = {"driver": {"name": "Genoomcatalogus", "rules": rules}}
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": tool, "results": results}],
        },
        ensure_ascii=False,
        indent=2,
    )


def _results(file: CheckedFile, language: str) -> Iterator[dict[str, Any]]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(file.name)}}
    if file.problem:
        where = {**place, "region": {"startLine": file.line}} if file.line else place
        yield _result("parse", "error", file.problem, {"physicalLocation": where})
    for each in file.descriptions:
        for report in each.reports:
            for finding in report.findings:
                rule = f"{report.profile}/{finding.path or ''}/{finding.component}"
                location = {
                    "physicalLocation": place,
                    "logicalLocations": [{"fullyQualifiedName": finding.focus}],
                }
                level = SARIF_LEVELS[finding.severity]
                yield _result(rule, level, finding.messages[language], location)


def _uri(name: str) -> str:
    """A URI reference: an address as it is, a file relative to where we are when it is below."""
    if "://" in name:
        return name
    here, whole = Path.cwd(), Path(name).resolve()
    return (
        quote(whole.relative_to(here).as_posix()) if whole.is_relative_to(here) else whole.as_uri()
    )


def _result(rule: str, level: str, message: str, location: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [location],
    }


FORMATS: dict[str, Callable[[Sequence[CheckedFile], str], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "sarif": sarif,
}
"""The forms that `--format` offers."""
