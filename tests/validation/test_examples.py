from pathlib import Path

import pytest
from validation import corpus

from catalogue.validation.engine import Engine
from catalogue.validation.profile import profiles
from catalogue.validation.report import Report, Severity, short

ENGINES = {key: Engine(profile) for key, profile in profiles(corpus.SHAPES).items()}


def named(path: Path) -> str:
    return f"{path.parents[2].name}-{path.stem}"


def checked(path: Path) -> Report:
    return ENGINES[path.parents[2].name].report("", corpus.example(path))


def expected(path: Path) -> list[str]:
    first = path.read_text().splitlines()[0]
    assert first.startswith("# expects: "), f"{path}: the first line says what is expected"
    return first.removeprefix("# expects: ").split()


def said(report: Report) -> list[list[str]]:
    return [
        [_path(finding.path), finding.severity.value, finding.component]
        for finding in report.findings
    ]


def _path(path: str | None) -> str:
    return short(path) if path and "://" in path else path or "-"


@pytest.mark.parametrize("path", corpus.examples("valid"), ids=named)
def test_a_valid_example_conforms(path):
    assert [f for f in checked(path).findings if f.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize("path", corpus.examples("invalid"), ids=named)
def test_an_invalid_example_fails_for_the_reason_it_names(path):
    place, severity, component = expected(path)
    assert [place, severity, component.removeprefix("sh:")] in said(checked(path))


@pytest.mark.parametrize("key", sorted(ENGINES))
def test_every_profile_has_examples_of_both_kinds(key):
    for kind in ("valid", "invalid"):
        assert list((corpus.SHAPES / key / "examples" / kind).glob("*.ttl"))


@pytest.mark.parametrize("key", sorted(ENGINES))
def test_our_own_profiles_are_evaluated_by_our_own_evaluator(key):
    assert ENGINES[key].compiled


@pytest.mark.parametrize("path", corpus.examples("invalid"), ids=named)
def test_every_finding_has_a_sentence_in_both_languages_and_a_clause(path):
    for finding in checked(path).findings:
        assert finding.messages["nl"].strip()
        assert finding.messages["en"].strip()
        assert finding.clause or finding.component == "no-focus-node"


def test_messages_do_not_mix_the_languages():
    findings = [f for path in corpus.examples("invalid") for f in checked(path).findings]
    assert {f.messages["nl"] for f in findings}.isdisjoint({f.messages["en"] for f in findings})


def test_most_real_files_pass_the_minimum_gate():
    real = list(corpus.real_files())
    if not real:
        pytest.skip("no folder of real metadata; see corpus.py")
    passed = [name for name, graph in real if ENGINES["minimum"].report("", graph).conforms]
    assert len(passed) / len(real) > 0.7
