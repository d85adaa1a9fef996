"""`POST /api/v1/consent/match`: does recorded consent fit a purpose, asked by programs.

One or many consents, of datasets that we have or as codes that somebody brings, against one or
many purposes. Every answer carries its reasons and says that it is no permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from catalogue.consent.cases import statements
from catalogue.consent.match import DatasetJudgement, Judgement, Matcher, Reason
from catalogue.consent.outcome import Outcome
from catalogue.consent.purpose import PARAMETERS, Purpose
from catalogue.consent.rules import NOT_A_PERMISSION, VERSION
from catalogue.errors import BadRequest, NotFound
from catalogue.model.dataset import Dataset
from catalogue.register.records import Published
from catalogue.search.consents import Compatible
from catalogue.web.api_values import counted, texts
from catalogue.web.parts import services
from catalogue.web.present.card import dataset_of
from catalogue.web.present.fit import matcher

MOST_DATASETS = 500
MOST_CONSENTS = 500
MOST_PURPOSES = 20
LONGEST_CODES = 2000
OUTCOMES = {
    Outcome.NOTE: "note",
    Outcome.PERMITTED: "permitted",
    Outcome.CONDITION: "condition",
    Outcome.UNDETERMINED: "undetermined",
    Outcome.PROHIBITED: "prohibited",
}


def install(app: Flask) -> None:
    """Serve the question."""
    app.add_url_rule("/api/v1/consent/match", "api_consent_match", match, methods=["POST"])


def match() -> Response:
    """Every dataset and every consent against every purpose, in the order given."""
    body = _body()
    purposes = [_purpose(each, place) for place, each in enumerate(_list(body, "purposes"))]
    datasets = _texts(body, "datasets", MOST_DATASETS)
    consents = _texts(body, "consents", MOST_CONSENTS)
    if not purposes or not (datasets or consents):
        raise BadRequest("give purposes, and datasets or consents, none of them empty")
    found = {each.record.id: each for each in services().register.datasets(datasets)}
    return jsonify(
        version=VERSION,
        notice=texts(NOT_A_PERMISSION),
        results=[
            {
                "purpose": dict_of(purpose),
                "answers": list(_answers(purpose, datasets, found, consents)),
            }
            for purpose in purposes
        ],
    )


def _answers(
    purpose: Purpose,
    datasets: Iterable[str],
    found: Mapping[str, Published],
    consents: Iterable[str],
) -> Iterator[dict[str, Any]]:
    judge = matcher(services().vocabulary, purpose, services().policy)
    for identifier in datasets:
        if identifier not in found:
            raise NotFound(f"datasets: there is no dataset with the identifier {identifier[:64]!r}")
        yield {"dataset": identifier, "fit": judged(judge, dataset_of(found[identifier]))}
    for codes in consents:
        judgement = judge.judge(statements(codes)) if judge else None
        yield {"consent": codes, "fit": judgement_json(judgement) if judgement else None}


def judged(judge: Matcher | None, dataset: Dataset) -> dict[str, Any] | None:
    """The verdict on a dataset, group by group; `null` for an empty purpose."""
    judgement = judge.dataset(dataset.consent) if judge else None
    return dataset_json(judgement) if judgement else None


def dataset_json(judgement: DatasetJudgement) -> dict[str, Any]:
    """`verdict` is the worst of the groups, so never a yes for some only."""
    return {
        "verdict": judgement.verdict.value,
        "verdicts": [each.value for each in judgement.verdicts],
        "groups": [
            {
                "label": texts(each.label),
                "individuals": counted(each.individuals),
                **judgement_json(each.judgement),
            }
            for each in judgement.strata
        ],
    }


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """A verdict with its conditions and reasons."""
    return {
        "verdict": judgement.verdict.value,
        "conditions": list(judgement.conditions),
        "reasons": [reason_json(each) for each in judgement.reasons],
        "version": judgement.version,
    }


def reason_json(reason: Reason) -> dict[str, Any]:
    """One clause: its code, what it does, why, and where it comes from."""
    return {
        "code": reason.code,
        "iri": reason.iri or None,
        "outcome": OUTCOMES[reason.outcome],
        "decides": reason.decides,
        "rule": reason.line or None,
        "parameter": reason.parameter or None,
        "path": list(reason.path),
        "sentence": texts(reason.sentence),
        "sources": list(reason.sources),
        "texts": list(reason.texts),
    }


def compatible(found: Compatible) -> dict[str, Any]:
    """How many datasets and individuals have a verdict; an interval where groups are small."""
    people = found.people_shown
    return {
        "verdict": found.verdict.value,
        "datasets": found.datasets,
        "individuals": None
        if people is None
        else {
            "lowest": people.lowest,
            "highest": people.highest,
            "groups_without_number": people.unknown,
        },
    }


def dict_of(purpose: Purpose) -> dict[str, str | list[str]]:
    """A purpose as the object in which it is asked; a parameter with several values as a list."""
    found: dict[str, list[str]] = {}
    for name, value in purpose.to_args():
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested more deeply than anything that we read
        body = None
    if not isinstance(body, dict):
        raise BadRequest("the body is an object in JSON (Content-Type: application/json)")
    unknown = set(body) - {"datasets", "consents", "purposes"}
    if unknown:
        names = ", ".join(sorted(str(each)[:40] for each in unknown))
        raise BadRequest(f"{names}: there are only datasets, consents and purposes")
    return body


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    found = body.get(name, [])
    most = {"purposes": MOST_PURPOSES, "datasets": MOST_DATASETS, "consents": MOST_CONSENTS}[name]
    if not isinstance(found, list) or len(found) > most:
        raise BadRequest(f"{name}: a list of at most {most}")
    return found


def _texts(body: Mapping[str, Any], name: str, most: int) -> list[str]:
    found = _list(body, name)
    if not all(isinstance(each, str) and len(each) <= LONGEST_CODES for each in found):
        raise BadRequest(f"{name}: at most {most} texts of at most {LONGEST_CODES} characters")
    return found


def _purpose(value: Any, place: int) -> Purpose:
    """An object with the parameters of the search page."""
    if not isinstance(value, dict):
        raise BadRequest(f"purposes[{place}]: an object such as {{'purpose': 'health'}}")
    pairs: list[tuple[str, str]] = []
    for name, given in value.items():
        several = given if isinstance(given, list) else [given]
        if not all(isinstance(each, str | int) for each in several):
            raise BadRequest(f"purposes[{place}].{str(name)[:40]}: a text or a list of texts")
        pairs += [(str(name), str(each)) for each in several]
    return _read(pairs, place)


def _read(pairs: list[tuple[str, str]], place: int) -> Purpose:
    unknown = [name for name, _ in pairs if name not in PARAMETERS]
    if unknown:
        known = ", ".join(PARAMETERS)
        raise BadRequest(f"purposes[{place}].{unknown[0][:40]}: there are only {known}")
    try:
        return Purpose.from_args(pairs)
    except BadRequest as error:
        raise BadRequest(f"purposes[{place}].{error}") from error
