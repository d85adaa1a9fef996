"""`catalogue consent`: try the consent rules on cases, and read what they say."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from catalogue.cli.case_table import Row, sound, table
from catalogue.cli.parts import open_register, vocabulary
from catalogue.consent.cases import Case, case, is_term, statements
from catalogue.consent.disease import Diseases, ListedDiseases, MappedDiseases, SchemeDiseases
from catalogue.consent.explain import OUTCOMES, dataset_lines, judgement_lines, reason_line
from catalogue.consent.match import Judgement, Matcher
from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy, described
from catalogue.consent.purpose import ROWS, Purpose
from catalogue.consent.rules import NOT_A_PERMISSION, OWN_WORDS, VERSION, lines
from catalogue.errors import BadRequest, NotFound
from catalogue.model.dataset import Dataset
from catalogue.settings import Settings

EXACT = frozenset(
    {"skos:exactmatch", "http://www.w3.org/2004/02/skos/core#exactmatch", "exactmatch"}
)
AIM = "aim"
Command = Callable[..., Any]
Rules = tuple[Diseases, Policy]
COLUMNS = ("case_id", "verdict", "conditions", "reasons")
NO_PURPOSE = "no purpose was given, so there is no verdict"

language_option = click.option(
    "--language", type=click.Choice(["en", "nl"]), default="en", show_default=True
)
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def purpose_options(command: Command) -> Command:
    """An option for every question of a purpose, by the name of its parameter."""
    for row in reversed(ROWS):
        name = AIM if row.parameter == "purpose" else row.parameter
        about = (
            "what the research is for" if name == AIM else f"answer to “{name}”, as in addresses"
        )
        command = click.option(f"--{name.replace('_', '-')}", multiple=row.many, help=about)(
            command
        )
    return command


@click.group()
def consent() -> None:
    """Compare what a consent permits with what a study intends."""


@consent.command()
@click.argument("cases", type=A_FILE)
@click.option("--hierarchy", type=A_FILE, help="CSV: child, parent; instead of our own diseases")
@click.option("--mappings", type=A_FILE, help="CSV: subject, predicate, object; exact ones count")
@language_option
@click.pass_obj
def check(
    settings: Settings | None,
    /,
    cases: Path,
    hierarchy: Path | None,
    mappings: Path | None,
    language: str,
) -> None:
    """Judge every case of a CSV file (case_id, dataset_codes, purpose) and print CSV.

    A purpose without any answer gets no verdict: that column stays empty.
    """
    rules = _diseases(hierarchy, mappings), _policy(settings)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table(cases, "case_id", "dataset_codes", "purpose"):
        if row.fault:
            found = (Verdict.COMMITTEE.words, "", f"{cases.name}: {row.fault}")
        else:
            found = _checked(row["dataset_codes"], row["purpose"], rules, language)
        writer.writerow((row["case_id"], *found))


@consent.command()
@click.argument("what", nargs=-1, metavar="[DATASET|CODES]...")
@click.option("--purpose", help='such as "aim=disease:MONDO:0005105 org=nonprofit"')
@purpose_options
@language_option
@click.pass_obj
def explain(
    settings: Settings | None,
    /,
    what: tuple[str, ...],
    purpose: str | None,
    language: str,
    **answers: str | tuple[str, ...] | None,
) -> None:
    """Say what is recorded about datasets, whether that fits a purpose, and why.

    DATASET is an identifier or address of a record here; CODES are such as "HMB;NPU". Without
    either, print the rules.
    """
    asked = _asked(purpose, answers)
    policy = _policy(settings)
    if not what and asked.purpose.empty:
        click.echo("\n".join(_rules(language, policy)))
        return
    matcher = Matcher(asked.purpose, _diseases(None, None), day(asked), policy)
    for each in what or ("",):
        click.echo("\n".join(_explained(settings, each, matcher, language)))


def _asked(purpose: str | None, answers: Mapping[str, str | tuple[str, ...] | None]) -> Case:
    """The purpose from one text and from options of their own; an option counts first."""
    pairs = [
        ("purpose" if name == AIM else name, value)
        for name, given in answers.items()
        for value in ((given,) if isinstance(given, str) else given or ())
    ]
    stated = case(purpose or "")
    return Case(Purpose.from_args([*pairs, *stated.purpose.to_args()]), stated.today)


def _explained(
    settings: Settings | None, what: str, matcher: Matcher, language: str
) -> Iterator[str]:
    if settings is None or are_codes(what):
        judgement = matcher.judge(statements(what))
        yield from judgement_lines(judgement, language) if judgement else [NO_PURPOSE]
        return
    for record, dataset in _datasets(settings, what):
        yield f"{record}: {dataset.title.value(language)}"
        yield from dataset_lines(dataset.consent, matcher.dataset(dataset.consent), language)


def are_codes(text: str) -> bool:
    """Whether a text is codes of consent, and no name of a dataset."""
    return any(sign in text for sign in ";=") or all(
        is_term(each.code) for each in statements(text)
    )


def _datasets(settings: Settings, name: str) -> Iterator[tuple[str, Dataset]]:
    register = open_register(settings)
    try:
        found = [each for each in register.find(name) if each.kind == "dataset"]
        if not found:
            raise NotFound(f"{name}: no dataset of that identifier or address, and no code")
        for record in found:
            value = register.get("dataset", record.id).value
            if isinstance(value, Dataset):
                yield record.iri, value
    finally:
        register.close()


def _policy(settings: Settings | None) -> Policy:
    """The choices of the operator; the documented ones without settings."""
    return Policy.read(settings.consent_policy if settings else ())


def _checked(codes: str, purpose: str, rules: Rules, language: str) -> tuple[str, str, str]:
    """Verdict, conditions and reasons; a purpose that we cannot read leaves it open."""
    try:
        judgement = _judgement(codes, purpose, *rules)
    except BadRequest as error:
        return Verdict.COMMITTEE.words, "", str(error)
    if judgement is None:
        return "", "", NO_PURPOSE
    reasons = " | ".join(reason_line(each, language) for each in judgement.reasons)
    if judgement.verdict is Verdict.NOT_STATED:
        label = judgement.verdict.label(language)
        reasons = f"{label} | {reasons}" if reasons else label
    return judgement.verdict.words, ",".join(judgement.conditions), reasons


def _judgement(codes: str, purpose: str, diseases: Diseases, policy: Policy) -> Judgement | None:
    asked = case(purpose)
    return Matcher(asked.purpose, diseases, day(asked), policy).judge(statements(codes))


def day(asked: Case) -> date:
    """The day on which a case is asked; today when it does not say."""
    return asked.today or date.today()  # noqa: DTZ011 - a moratorium ends on the local day


def _diseases(hierarchy: Path | None, mappings: Path | None) -> Diseases:
    exact = [(row["subject"], row["object"]) for row in _exact(mappings)] if mappings else []
    if hierarchy is None:
        ours = SchemeDiseases(vocabulary().scheme("disease"))
        return MappedDiseases.of(ours, exact) if exact else ours
    edges = ((row["child"], row["parent"]) for row in sound(hierarchy, "child", "parent"))
    return ListedDiseases.of(edges, exact)


def _exact(mappings: Path) -> Iterator[Row]:
    rows = sound(mappings, "subject", "predicate", "object")
    return (row for row in rows if row["predicate"].casefold() in EXACT)


def _rules(language: str, policy: Policy) -> Iterator[str]:
    """The rule table, the choices and the caveats as lines of text."""
    yield f"consent rules {VERSION}"
    for line in lines(policy):
        outcome = OUTCOMES[line.outcome].value(language)
        choice = f" [{line.choice}]" if line.choice else ""
        yield f"{line.code:14} {line.answer:18} {outcome}{choice}: {line.sentence.value(language)}"
    for name, chosen, about in described(policy):
        yield f"{name} = {OUTCOMES[chosen].value(language)}: {about.value(language)}"
    yield NOT_A_PERMISSION.value(language)
    yield OWN_WORDS.value(language)
