"""Scores in the Data Quality Vocabulary, for machines (https://www.w3.org/TR/vocab-dqv/).

Each criterion is a `dqv:Metric` of ours in a `dqv:Dimension`, its points a
`dqv:QualityMeasurement`. What was not checked has no measurement: nothing was measured. The
addresses depend only on what is given, so the same score always gives the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from catalogue.namespaces import DQV, GC, RDF, SKOS, XSD, Iri
from catalogue.quality.score import DIMENSIONS, SCHEMES, Score, Words
from catalogue.rdf.graph import Graph, Term

RATING = "rating"
Pairs = Iterable[tuple[str, Term]]


def measurements(score: Score, subject: str, base: str) -> Graph:
    """The score of the dataset `subject`; each measurement is `{base}/{scheme}/{criterion}`.

    The total is `{base}/{scheme}`, its rating `{base}/{scheme}/rating`; `metrics` describes
    what they measure.
    """
    return Graph(_measurements(score, subject, base.rstrip("/")))


def metrics(score: Score) -> Graph:
    """What is measured: the metrics and dimensions of the score's scheme, in nl and en."""
    return Graph(_metrics(score))


def metric_iri(scheme: str, criterion: str = "") -> Iri:
    """The name of a metric; without a criterion, of the total.

    >>> metric_iri("mqa", "keyword")
    'https://w3id.org/genoomcatalogus/ns#metric-mqa-keyword'
    """
    return Iri("-".join(filter(None, (f"{GC}metric", scheme, criterion))))


def dimension_iri(dimension: str) -> Iri:
    """The name of a dimension."""
    return Iri(f"{GC}dimension-{dimension}")


def _measurements(score: Score, subject: str, base: str) -> Iterator[ox.Triple]:
    for key, value in _values(score):
        address = "/".join(filter(None, (base, score.scheme, key)))
        yield from _about(subject, [(DQV + "hasQualityMeasurement", ox.NamedNode(address))])
        yield from _about(
            address,
            [
                (RDF + "type", ox.NamedNode(DQV + "QualityMeasurement")),
                (DQV + "isMeasurementOf", ox.NamedNode(metric_iri(score.scheme, key))),
                (DQV + "computedOn", ox.NamedNode(subject)),
                (DQV + "value", value),
            ],
        )


def _values(score: Score) -> Iterator[tuple[str, ox.Literal]]:
    """What was measured: the total, the rating, and each criterion that was checked."""
    yield "", _whole(score.points)
    yield RATING, ox.Literal(score.rating.value)
    for criterion in score.criteria:
        if criterion.met is not None:
            yield criterion.key, _whole(criterion.points)


def _metrics(score: Score) -> Iterator[ox.Triple]:
    title = SCHEMES[score.scheme]
    yield from _metric(metric_iri(score.scheme), title, score.of)
    yield from _about(metric_iri(score.scheme, RATING), _described(title, "string"))
    for criterion in score.criteria:
        metric = metric_iri(score.scheme, criterion.key)
        dimension = ox.NamedNode(dimension_iri(criterion.dimension))
        yield from _metric(metric, criterion.label, criterion.of)
        yield from _about(metric, [(DQV + "inDimension", dimension)])
    for name in score.dimensions():
        kind = (RDF + "type", ox.NamedNode(DQV + "Dimension"))
        yield from _about(dimension_iri(name), [kind, *_labels(DIMENSIONS[name])])


def _metric(iri: Iri, label: Words, of: int) -> Iterator[ox.Triple]:
    yield from _about(iri, _described(label, "integer"))
    yield from _about(
        iri,
        [
            (SKOS + "note", ox.Literal(f"0 to {of} points", language="en")),
            (SKOS + "note", ox.Literal(f"0 tot {of} punten", language="nl")),
        ],
    )


def _described(label: Words, datatype: str) -> Pairs:
    yield RDF + "type", ox.NamedNode(DQV + "Metric")
    yield DQV + "expectedDataType", ox.NamedNode(XSD + datatype)
    yield from _labels(label)


def _labels(words: Words) -> Iterator[tuple[str, Term]]:
    for language, text in sorted(words.items()):
        yield SKOS + "prefLabel", ox.Literal(text, language=language)


def _about(subject: str, facts: Pairs) -> Iterator[ox.Triple]:
    for predicate, term in facts:
        yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)


def _whole(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
