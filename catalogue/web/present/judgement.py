"""What profiles say about a description, finding by finding, with the triples they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catalogue.namespaces import ADMS, DCAT, DCT, DQV, FOAF, GC, PROV, SPDX, VCARD
from catalogue.rdf.graph import Graph
from catalogue.rdf.serialise import serialise
from catalogue.validation.evidence import evidence, nodes
from catalogue.validation.profile import Profile
from catalogue.validation.report import Finding, Report, Severity
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.findings import LEVELS, PROFILES
from catalogue.web.present.reader import Reader, clean, curie, safe_link

MOST_SHOWN = 100
MOST_TRIPLES = 20
LONGEST_VALUE = 300
SEVERITIES = {
    Severity.VIOLATION: lazy_gettext("required"),
    Severity.WARNING: lazy_gettext("recommended"),
    Severity.INFO: lazy_gettext("suggestion"),
}
THINGS = {
    DCAT + "Dataset": lazy_gettext("Dataset"),
    DCAT + "Catalog": lazy_gettext("Catalog"),
    DCAT + "DatasetSeries": lazy_gettext("Series of datasets"),
    DCAT + "Distribution": lazy_gettext("Distribution"),
    DCAT + "DataService": lazy_gettext("Data service"),
    DCAT + "Relationship": lazy_gettext("Relation"),
    FOAF + "Agent": lazy_gettext("Organisation or person"),
    FOAF + "Organization": lazy_gettext("Organisation or person"),
    VCARD + "Kind": lazy_gettext("Contact point"),
    VCARD + "Organization": lazy_gettext("Contact point"),
    DCT + "PeriodOfTime": lazy_gettext("Period"),
    ADMS + "Identifier": lazy_gettext("Identifier"),
    PROV + "Attribution": lazy_gettext("Attribution"),
    SPDX + "Checksum": lazy_gettext("Checksum"),
    DQV + "QualityCertificate": lazy_gettext("Quality certificate"),
    GC + "AssayGroup": lazy_gettext("Assay group"),
    GC + "ConsentStratum": lazy_gettext("Consent group"),
    GC + "Linkage": lazy_gettext("Linkage"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding: what to do, about what, and the triples to look at."""

    message: str
    lang: str
    severity: str
    kind: str
    thing: str
    place: str
    path: str
    value: str
    clause: str
    turtle: str
    mended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One profile with its verdict; `tally` says how many findings of each severity."""

    key: str
    title: str
    stage: str
    level: str
    kind: str
    findings: tuple[Found, ...]
    further: int
    tally: tuple[tuple[str, int], ...]
    mended: int = 0


Mended = Callable[[Report, Finding], bool]
Titles = Mapping[str, Profile]


def judgement(
    reader: Reader,
    report: Report,
    graph: Graph,
    *,
    titles: Titles | None = None,
    mended: Mended = lambda _report, _finding: False,
) -> Judgement:
    """One report in words. `graph` is what was judged; `mended` knows what a repair takes away."""
    shown = [
        found_in(reader, each, graph, mended=mended(report, each))
        for each in report.findings[:MOST_SHOWN]
    ]
    return Judgement(
        key=report.profile,
        title=profile_title(reader, report.profile, titles or {}),
        stage=report.stage,
        level=str(LEVELS[report.level.value]),
        kind=report.level.value,
        findings=tuple(shown),
        further=len(report.findings[MOST_SHOWN:]),
        tally=_tally(report),
        mended=sum(mended(report, each) for each in report.findings),
    )


def profile_title(reader: Reader, key: str, titles: Titles) -> str:
    """What people call a profile."""
    if key in titles:
        return reader.text(titles[key].title).text
    return str(PROFILES.get(key, key))


def found_in(reader: Reader, finding: Finding, graph: Graph, *, mended: bool = False) -> Found:
    """One finding in words."""
    message, lang = message_of(reader, finding.messages)
    kind = finding.severity.value.lower()
    return Found(
        message=message,
        lang=lang,
        severity=str(SEVERITIES[finding.severity]),
        kind=kind,
        thing=_thing(graph, finding.focus),
        place=clean(finding.focus),
        path=curie(clean(finding.path or "")),
        value=clean(finding.value or "")[:LONGEST_VALUE],
        clause=safe_link(finding.clause),
        turtle=snippet(evidence(graph, finding)),
        mended=mended,
    )


def message_of(reader: Reader, messages: Mapping[str, str]) -> tuple[str, str]:
    """The sentence in the reader's language, or in another with its tag."""
    for language in (reader.language, "en", "nl"):
        if messages.get(language):
            return clean(messages[language]), reader.foreign(language)
    return gettext("This does not follow the profile."), ""


def snippet(graph: Graph) -> str:
    """Some triples as Turtle, without the lines that declare prefixes."""
    few = Graph(sorted(graph, key=str)[:MOST_TRIPLES])
    lines = serialise(few).decode().splitlines()
    return clean("\n".join(each for each in lines if not each.startswith("@prefix")).strip())


def _thing(graph: Graph, focus: str) -> str:
    """What kind of thing a place is, in a word; empty when nobody says."""
    types = {name for node in nodes(graph, focus) for name in graph.types(node)}
    return next((str(word) for name, word in THINGS.items() if name in types), "")


def _tally(report: Report) -> tuple[tuple[str, int], ...]:
    number = Counter(finding.severity for finding in report.findings)
    return tuple((str(word), number[each]) for each, word in SEVERITIES.items() if number[each])


def worst_first(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """What does not conform stands first."""
    levels = list(LEVELS)[::-1]
    return tuple(sorted(judgements, key=lambda each: levels.index(each.kind)))
