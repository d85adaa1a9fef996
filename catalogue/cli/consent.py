"""`catalogue consent`: try the consent rules on cases, and read what they say."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from catalogue.cli.parts import vocabulary
from catalogue.consent.cases import case, statements
from catalogue.consent.disease import Diseases, ListedDiseases, SchemeDiseases
from catalogue.consent.explain import OUTCOMES, judgement_lines, reason_line
from catalogue.consent.match import Judgement, Matcher
from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy, described
from catalogue.consent.rules import NOT_A_PERMISSION, OWN_WORDS, VERSION, lines
from catalogue.errors import BadRequest, DescriptionError

EXACT = ("skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch", "exactMatch")
COLUMNS = ("case_id", "verdict", "conditions", "reasons")
NO_PURPOSE = "no purpose was given, so there is no verdict"

language_option = click.option(
    "--language", type=click.Choice(["en", "nl"]), default="en", show_default=True
)
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def consent() -> None:
    """Compare what a consent permits with what a study intends."""


@consent.command()
@click.argument("cases", type=A_FILE)
@click.option("--hierarchy", type=A_FILE, help="CSV: child, parent; instead of our own diseases")
@click.option("--mappings", type=A_FILE, help="CSV: subject, predicate, object; exact ones count")
@language_option
def check(cases: Path, hierarchy: Path | None, mappings: Path | None, language: str) -> None:
    """Judge every case of a CSV file (case_id, dataset_codes, purpose) and print CSV."""
    diseases = _diseases(hierarchy, mappings)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(cases, "case_id", "dataset_codes", "purpose"):
        answer = _checked(row["dataset_codes"], row["purpose"], diseases, language)
        writer.writerow((row["case_id"], *answer))


@consent.command()
@click.argument("codes", required=False)
@click.option("--purpose", help='such as "aim=disease:MONDO:0005105 org=nonprofit"')
@language_option
def explain(codes: str | None, purpose: str | None, language: str) -> None:
    """Print the rules; with CODES (such as "HMB;NPU") and a purpose, what they say and why."""
    if codes is None and purpose is None:
        click.echo("\n".join(_table(language)))
        return
    judgement = _judgement(codes or "", purpose or "", _diseases(None, None))
    found = judgement_lines(judgement, language) if judgement else [NO_PURPOSE]
    click.echo("\n".join(found))


def _checked(codes: str, purpose: str, diseases: Diseases, language: str) -> tuple[str, str, str]:
    """Verdict, conditions and reasons; a purpose that we cannot read leaves it open."""
    try:
        judgement = _judgement(codes, purpose, diseases)
    except BadRequest as error:
        return Verdict.COMMITTEE.words, "", str(error)
    if judgement is None:
        return "", "", NO_PURPOSE
    reasons = " | ".join(reason_line(each, language) for each in judgement.reasons)
    if judgement.verdict is Verdict.NOT_STATED:
        label = judgement.verdict.label(language)
        reasons = f"{label} | {reasons}" if reasons else label
    return judgement.verdict.words, ",".join(judgement.conditions), reasons


def _judgement(codes: str, purpose: str, diseases: Diseases) -> Judgement | None:
    asked = case(purpose)
    today = asked.today or date.today()  # noqa: DTZ011 - a moratorium ends on the local day
    return Matcher(asked.purpose, diseases, today).judge(statements(codes))


def _diseases(hierarchy: Path | None, mappings: Path | None) -> Diseases:
    if hierarchy is None and mappings is None:
        return SchemeDiseases(vocabulary().scheme("disease"))
    edges = _rows(hierarchy, "child", "parent") if hierarchy else iter(())
    rows = _rows(mappings, "subject", "predicate", "object") if mappings else iter(())
    exact = [(row["subject"], row["object"]) for row in rows if row["predicate"] in EXACT]
    return ListedDiseases.of(((row["child"], row["parent"]) for row in edges), exact)


def _rows(path: Path, *needed: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with what it must have; raises `DescriptionError`."""
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DescriptionError(f"{path}: is not CSV in UTF-8: {error}") from error
    header = [name.strip() for name in rows[0]] if rows else []
    missing = set(needed) - set(header)
    if missing:
        raise DescriptionError(f"{path}: there is no column {', '.join(sorted(missing))}")
    for row in filter(any, rows[1:]):
        cells = dict(zip(header, row, strict=False))
        yield {name: cells.get(name, "").strip() for name in needed}


def _table(language: str) -> Iterator[str]:
    """The rule table, the choices and the caveats as lines of text."""
    yield f"consent rules {VERSION}"
    for line in lines():
        outcome = OUTCOMES[line.outcome].value(language)
        choice = f" [{line.choice}]" if line.choice else ""
        yield f"{line.code:14} {line.answer:18} {outcome}{choice}: {line.sentence.value(language)}"
    for name, chosen, about in described(Policy()):
        yield f"{name} = {OUTCOMES[chosen].value(language)}: {about.value(language)}"
    yield NOT_A_PERMISSION.value(language)
    yield OWN_WORDS.value(language)
