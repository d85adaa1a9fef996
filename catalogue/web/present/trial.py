"""What a trial of an address found: which protocol fits, and what would become of each record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalogue.ingest.advice import what_to_do
from catalogue.ingest.trial import HELD, PUBLISHED, REFUSED, Trial, Tried
from catalogue.register.records import Outcome, RecordOutcome
from catalogue.web.messages import gettext, lazy_gettext, ngettext
from catalogue.web.present.reader import Reader, Shown, clean, number
from catalogue.web.present.sources import RecordLine, address, record_line

PROTOCOLS = {
    "ckan": "CKAN",
    "dcat": lazy_gettext("RDF at one address, or pages of it"),
    "emx2": "MOLGENIS EMX2",
    "fdp": "FAIR Data Point",
    "feed": lazy_gettext("Feed of changes (LDES, DCAT-AP feed)"),
    "hydra": lazy_gettext("Pages of RDF (Hydra)"),
    "ldes": lazy_gettext("Feed of changes (LDES, DCAT-AP feed)"),
    "oai": "OAI-PMH",
    "oai_pmh": "OAI-PMH",
    "sitemap": lazy_gettext("Web pages with schema.org descriptions"),
    "sparql": lazy_gettext("SPARQL endpoint"),
    "spreadsheet": lazy_gettext("Spreadsheet"),
}
"""What people call a protocol; one that is not here goes by its own name."""

VERDICTS = {
    PUBLISHED: (lazy_gettext("would be public"), "ok"),
    HELD: (lazy_gettext("would be held back"), "pause"),
    REFUSED: (lazy_gettext("would be refused"), "warn"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A protocol in the form."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """The answer: `counts` is a sentence, `records` what would come in, `problems` what would not.

    `trouble` says why nothing could be tried, or why it stopped, and `todo` what to do then.
    """

    protocol: str
    url: Shown
    counts: str
    records: tuple[RecordLine, ...]
    problems: tuple[RecordLine, ...]
    trouble: Shown
    todo: str
    asked: tuple[str, ...]
    more: bool
    command: str


def choices(protocols: Iterable[str], chosen: str) -> tuple[Choice, ...]:
    """The protocols that the form offers."""
    return tuple(Choice(each, protocol_name(each), each == chosen) for each in protocols)


def protocol_name(key: str) -> str:
    """What people call a protocol."""
    return str(PROTOCOLS.get(key, key))


def trial_page(reader: Reader, trial: Trial) -> TrialPage:
    """A trial in words."""
    error = Shown(clean(trial.error), lang=reader.foreign("en"))
    return TrialPage(
        protocol=protocol_name(trial.protocol) if trial.protocol else "",
        url=address(trial.url),
        counts=_counts(trial) if trial.protocol else "",
        records=tuple(_tried(reader, each) for each in trial.records),
        problems=tuple(_problem(reader, each) for each in trial.problems),
        trouble=error,
        todo=_todo(reader, trial.error) if trial.error else "",
        asked=tuple(clean(each) for each in trial.asked) if not trial.protocol else (),
        more=trial.more,
        command=_command(trial),
    )


def _tried(reader: Reader, tried: Tried) -> RecordLine:
    words, icon = VERDICTS[tried.verdict]
    line = record_line(reader, tried.outcome, {})
    bad = tried.verdict == REFUSED
    return replace(line, outcome=str(words), icon=icon, bad=bad, record="", advice="")


def _problem(reader: Reader, outcome: RecordOutcome) -> RecordLine:
    line = record_line(reader, outcome, {})
    failed = outcome.outcome is Outcome.FAILED
    return replace(line, advice=what_to_do(outcome.details, reader.language)) if failed else line


def _counts(trial: Trial) -> str:
    """How many would be public, held back and refused, in one sentence."""
    looked = len(trial.records)
    sentence = ngettext(
        "Of %(num)d record that we looked at, %(public)s would be public, %(held)s held back and "
        "%(refused)s refused.",
        "Of %(num)d records that we looked at, %(public)s would be public, %(held)s held back and "
        "%(refused)s refused.",
        looked,
        **{name: number(trial.count(verdict)) for name, verdict in _VERDICTS},
    )
    return sentence if looked else gettext("No dataset, series or catalog came in.")


_VERDICTS: Sequence[tuple[str, str]] = (
    ("public", PUBLISHED),
    ("held", HELD),
    ("refused", REFUSED),
)


def _todo(reader: Reader, error: str) -> str:
    return what_to_do({"message": {"en": error}}, reader.language)


def _command(trial: Trial) -> str:
    """How an operator adds it, when there is something to add."""
    plain = not set(trial.url) & set(" '\"`$\\;&|<>()\n")
    if not trial.protocol or not trial.records or not plain:
        return ""
    return f"catalogue source add NAME '{trial.url}' --protocol {trial.protocol}"
