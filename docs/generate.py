"""Write the reference documentation from the code, or check that it is up to date.

`python docs/generate.py` writes `docs/reference/*.md`; with `--check` it writes nothing and
fails when a page differs from what the code says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from catalogue.cli import catalogue
from catalogue.cli.parts import shape_sets
from catalogue.consent.explain import OUTCOMES
from catalogue.consent.permissions import BY_NAME
from catalogue.consent.policy import Policy, described
from catalogue.consent.rules import VERSION as RULES_VERSION
from catalogue.consent.rules import Cell, permission_table, terms
from catalogue.model.text import LangText
from catalogue.namespaces import PREFIXES
from catalogue.rdf.consent import RIGHTS, TOLD
from catalogue.rdf.fields import CLASSES, FIELDS
from catalogue.search.facets import FACETS
from catalogue.settings import Settings

REFERENCE = Path(__file__).resolve().parent / "reference"
FIELDS_HEAD = """# Fields

Which property is which attribute. Profiles: D DCAT-AP 3, H Health-RI core 2,
E HealthDCAT-AP 8, G GDI (1+MG), X our extension.
"""
NOTE = "<!-- Written by docs/generate.py from the code; do not edit. -->\n\n"


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def short(iri: str) -> str:
    """An IRI with one of our prefixes, as code."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"`{prefix}:{iri.removeprefix(namespace)}`"
    return f"`{iri}`"


def settings_page() -> str:
    """Every option."""
    rows = (
        (f"`{variable}`", help_text, f"`{default}`" if default else "")
        for variable, default, help_text in Settings.help_lines()
    )
    return "# Settings\n\nRead from the environment at start.\n\n" + table(
        ("variable", "what it does", "default"), rows
    )


def commands_page() -> str:
    """Every command with its help."""
    parts = ["# Command line\n"]
    for name, command in sorted(catalogue.commands.items()):
        parts.extend(_command(command, f"catalogue {name}"))
    return "\n".join(parts) + "\n"


def _command(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield f"## {name}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner, nested in sorted(command.commands.items()):
            yield from _command(nested, f"{name} {inner}")


def fields_page() -> str:
    """The table of fields."""
    parts = [FIELDS_HEAD]
    for cls in sorted(FIELDS, key=lambda c: c.__name__):
        rows = (
            (
                f"`{row.name}`",
                " ".join(short(iri) for iri in row.properties),
                row.kind.name.lower() + (" list" if row.many else ""),
                row.profiles,
            )
            for row in FIELDS[cls]
        )
        head = ("attribute", "properties (the first is written)", "kind", "profiles")
        parts.append(f"## {cls.__name__}, {short(CLASSES[cls])}\n\n{table(head, rows)}")
    return "\n".join(parts)


def facets_page() -> str:
    """The facets of the search."""
    rows = ((f"`{facet.parameter}`", *_labels(facet.label), _kind(facet)) for facet in FACETS)
    return "# Facets\n\nAlternatives within a facet, all facets together.\n\n" + table(
        ("parameter", "English", "Nederlands", "values"), rows
    )


def _labels(label: LangText) -> tuple[str, str]:
    return label.value("en"), label.value("nl")


def _kind(facet: object) -> str:
    scheme = getattr(facet, "scheme", None)
    tree = ", with everything below" if getattr(facet, "hierarchical", False) else ""
    return f"scheme `{scheme}`{tree}" if scheme else "made from the datasets"


def profiles_page() -> str:
    """The profiles."""
    rows = (
        (f"`{key}`", profile.title.value("en"), profile.version, str(profile.source or "ours"))
        for key, profile in sorted(shape_sets(Settings()).items())
    )
    return "# Profiles\n\n" + table(("key", "title", "version", "after"), rows)


CONSENT_HEAD = """# Consent rules

How a purpose is compared with a recorded consent. This is an indication, not a permission: the
data access committee decides. The explanations of DUO codes are our own words.

The worst answer counts: not permitted, then undetermined, then condition, then permitted. Each
group of people is judged apart. What nobody stated is never a yes.
"""


def consent_page() -> str:
    """The rule table of consent, with the choices where sources disagree."""
    head = ("aim", *BY_NAME)
    rows = (
        (words.value("en"), *(_cell(cells[name]) for name in BY_NAME))
        for words, cells in permission_table()
    )
    parts = [CONSENT_HEAD, f"Rules version {RULES_VERSION}.\n", "## Main permissions\n"]
    parts += [table(head, rows), "## Disease-specific and further conditions\n"]
    parts.append(
        table(("term", "asks", "applies to", "outcome", "answer", "choice"), _consent_rows())
    )
    choices = (
        (f"`{name}`", OUTCOMES[chosen].value("en"), about.value("en"))
        for name, chosen, about in described(Policy())
    )
    parts += ["## Choices\n", table(("choice", "default", "who says what"), choices)]
    parts += ["## Where consent is read\n", table(("where", "how it counts"), iter(WHERE))]
    parts += [CONSENT_TAIL]
    return "\n".join(parts)


def _cell(cell: Cell) -> str:
    outcome = "the disease decides" if cell.outcome is None else OUTCOMES[cell.outcome].value("en")
    return f"{outcome} (`{cell.choice}`)" if cell.choice else outcome


def _consent_rows() -> Iterator[tuple[str, ...]]:
    for term in terms():
        for line in term.lines:
            if not line.in_grid:
                yield (
                    f"`{term.code}`" if term.code != "*" else "any other code",
                    term.question.value("en"),
                    term.parameter.value("en"),
                    OUTCOMES[line.outcome].value("en"),
                    line.sentence.value("en"),
                    f"`{line.choice}`" if line.choice else "",
                )


WHERE: tuple[tuple[str, str], ...] = (
    ("`gc:consentStratum`", "each group of people on its own"),
    (
        "`odrl:hasPolicy`, of a dataset or distribution",
        "without strata, each policy with a permission is a group; others hold for everybody",
    ),
    (
        " ".join(short(each) for each in RIGHTS),
        "codes as addresses, in lists and in texts; they hold for everybody",
    ),
    ("a term of DUO as a property", "holds for everybody"),
    ("`obo:NCIT_C15424`", "undetermined: FAIR Genomes gave it two opposite meanings"),
    (" ".join(short(each) for each in TOLD), "inferred: shown, never counted"),
)
CONSENT_TAIL = """
What holds for everybody restricts every group and widens none. A rule of ODRL that we do not
know, a policy that is described elsewhere and an unknown code stay in the reasons, and leave the
answer open.

## Where the texts leave room

What no source settles is read as follows.

- A term that is stated twice restricts twice: `GS=NL;GS=BE` leaves no country. Alternatives stand
  in one statement: `GS=NL|BE`. Only diseases are alternatives either way.
- A permission for something, such as `HMB=MONDO:0005015`, is never a yes for everything. It is
  undetermined, and so is `CC` with a limit.
- On the day that a moratorium names, it has passed.
- `IS`, `TS`, `MOR`, `PS` and `US` without what they apply to are conditions: the holder knows. `GS`
  and `RS` without it are undetermined.
- `NCIT:C15424` is undetermined for everybody, also for who does not link.
- Terms about incidental findings restrict no use that we know of, and are undetermined.
- Beside a disease that the consent covers, the aim "health" is still wider than the consent.
- Further terms without a main permission can refuse, and never permit.

## Try it

`catalogue consent check CASES.csv` judges cases; a purpose without an answer gets no verdict, and
a question that is answered in two ways leaves the verdict undetermined.
`catalogue consent explain DATASET` explains the consent of a dataset of this catalogue, with
`--purpose` also whether it fits.
"""

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "fields.md": fields_page,
    "facets.md": facets_page,
    "profiles.md": profiles_page,
    "consent.md": consent_page,
}


def main() -> None:
    """Write, or check."""
    check = "--check" in sys.argv
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, NOTE + page()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(f"docs/reference is out of date: {', '.join(stale)}; run `make fix`")


if __name__ == "__main__":
    main()
