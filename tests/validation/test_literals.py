import logging

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from catalogue.namespaces import RDFS, XSD
from catalogue.validation import literals


def a_literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


def written(datatype: str) -> some.SearchStrategy[str]:
    return some.from_regex(literals.CERTAIN[datatype], fullmatch=True)


@pytest.mark.parametrize("datatype", sorted(literals.CERTAIN))
@settings(max_examples=40, deadline=None)
@given(data=some.data())
def test_what_we_are_certain_of_rdflib_accepts_too(datatype, data, caplog_quiet):
    text = data.draw(written(datatype))
    if literals._certain(text, datatype):
        assert literals._rdflib_accepts(text, datatype)


@pytest.fixture(scope="module")
def caplog_quiet():
    """Rdflib logs a traceback for every literal that is not what its datatype says."""
    logger = logging.getLogger("rdflib.term")
    before, logger.level = logger.level, logging.CRITICAL
    yield
    logger.level = before


@pytest.mark.parametrize(
    ("text", "datatype", "accepted"),
    [
        ("83", "nonNegativeInteger", True),
        ("007", "nonNegativeInteger", True),
        ("-5", "nonNegativeInteger", False),
        ("many", "nonNegativeInteger", False),
        ("9" * 200_000, "integer", False),
        ("2026-02-28", "date", True),
        ("2026-02-30", "date", False),
        ("2026-02-28T10:00:00Z", "dateTime", True),
        ("2026-02-30T10:00:00Z", "dateTime", False),
        ("abc", "gYear", True),  # pySHACL does not look into this datatype, so we do not
        ("yes", "boolean", False),
        ("NaN", "decimal", True),
        ("ab1", "hexBinary", False),
    ],
)
def test_a_value_is_what_its_datatype_says(text, datatype, accepted, caplog_quiet):
    assert literals.has_datatype(a_literal(text, XSD + datatype), XSD + datatype) is accepted


def test_another_datatype_does_not_do():
    assert not literals.has_datatype(a_literal("83", XSD + "integer"), XSD + "nonNegativeInteger")


def test_every_literal_is_a_literal():
    assert literals.has_datatype(a_literal("x", XSD + "integer"), RDFS + "Literal")


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        (("5", "nonNegativeInteger"), ("0", "integer"), 1),
        (("5.0", "decimal"), ("5", "integer"), 0),
        (("0.5", "decimal"), ("1.5", "decimal"), -1),
        (("2026-01-01", "date"), ("2025-01-01", "date"), 1),
        (("x", "string"), ("5", "integer"), None),
        (("many", "integer"), ("5", "integer"), None),
    ],
)
def test_values_are_compared_by_what_they_mean(left, right, order, caplog_quiet):
    one, other = (a_literal(text, XSD + datatype) for text, datatype in (left, right))
    assert literals.compare(one, other) == order
