"""Descriptions that visitors hand us are checked, and nothing of them is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from given import PROLOGUE, a_graph

from catalogue.errors import AddressRefused, BadRequest, LimitExceeded, ParseFailed
from catalogue.ingest.check import (
    AddressesOff,
    Busy,
    Checker,
    NothingDescribed,
    Tools,
    tools,
)
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.validation.evidence import evidence
from catalogue.validation.report import Finding, Severity

SHAPES = Path(__file__).parents[2] / "shapes"
HERE = "https://catalogue.example/validate/"
MESSY = f"""{PROLOGUE}
<d> a dcat:Dataset ; dct:title "Heart exomes"@en ; dct:issued "21-12-2021" ;
  dct:accessRights "non-public" ; hdc:numberOfUniqueIndividuals 7 .
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    found = Checker(lambda: tools(SHAPES))
    yield found
    found.close()


def check(checker: Checker, text: str, **asked: Any) -> Any:
    return checker.check(text.encode(), base=HERE, **asked)


def test_what_was_given_is_judged_and_so_is_what_we_would_make_of_it(checker: Checker) -> None:
    (found,) = check(checker, MESSY, profiles=("dcat-ap-3", "minimum"))
    assert (found.kind, found.subject) == ("dataset", HERE + "d")
    assert [report.profile for report in found.reports] == ["dcat-ap-3", "minimum"]
    assert {"typed-date", "code"} <= {repair.name for repair in found.repairs}
    given, repaired = (
        {(f.path, f.component) for r in reports for f in r.findings}
        for reports in (found.reports, found.after)
    )
    assert repaired < given


def test_a_finding_says_whether_the_repair_mends_it(checker: Checker) -> None:
    (found,) = check(checker, MESSY, profiles=("dcat-ap-3",))
    (report,) = found.reports
    mended = {f.path: found.mended(report, f) for f in report.findings}
    assert mended[DCT + "accessRights"] is True
    assert mended[DCT + "description"] is False


def test_every_profile_that_has_rules_for_its_kind_is_asked_when_none_is_named(
    checker: Checker,
) -> None:
    (found,) = check(checker, MESSY)
    covering = [key for key, each in checker.profiles.items() if each.covers("dataset")]
    assert [report.profile for report in found.reports] == sorted(covering)


def test_the_repaired_copy_needs_no_repair(checker: Checker) -> None:
    (found,) = check(checker, MESSY, profiles=("minimum",))
    (again,) = check(checker, found.to_json()["repaired"], profiles=("minimum",))
    assert again.repairs == ()
    assert again.graph == found.repaired


def test_the_repaired_copy_can_be_had_by_itself(checker: Checker) -> None:
    (found,) = check(checker, MESSY, profiles=("minimum",))
    assert checker.repaired(MESSY.encode(), base=HERE) == found.repaired


def test_counts_are_shown_to_the_one_who_sent_them(checker: Checker) -> None:
    (found,) = check(checker, MESSY, profiles=("minimum",))
    assert "7" in found.to_json()["repaired"]


def test_a_syntax_error_names_its_line(checker: Checker) -> None:
    with pytest.raises(ParseFailed) as refused:
        check(checker, "<a> <b> <c> .\n<a> <b> oops .\n", media_type="text/turtle")
    assert refused.value.line == 2


def test_a_text_without_a_description_is_not_a_text_without_faults(checker: Checker) -> None:
    with pytest.raises(NothingDescribed):
        check(checker, "<a> <http://purl.org/dc/terms/title> 'x' .")


def test_more_descriptions_than_we_check_at_a_time_are_refused(checker: Checker) -> None:
    many = "".join(f'<d{n}> a dcat:Dataset ; dct:title "T" .\n' for n in range(21))
    with pytest.raises(LimitExceeded, match="21 descriptions"):
        check(checker, PROLOGUE + many)


def test_an_unknown_profile_is_refused_by_its_name(checker: Checker) -> None:
    with pytest.raises(BadRequest, match="'nope' is not one of dcat-ap-3"):
        check(checker, MESSY, profiles=("nope",))


def test_an_address_inside_our_own_network_is_not_called(checker: Checker) -> None:
    with pytest.raises(AddressRefused):
        checker.fetch("http://127.0.0.1/")


# --- with tools of our own -----------------------------------------------------------------


class SlowParser:
    """Parses when it is let go."""

    def __init__(self) -> None:
        self.entered, self.go = threading.Event(), threading.Event()
        self.closed = False

    def parse(self, content: bytes, **_: Any) -> Graph:
        self.entered.set()
        assert self.go.wait(30)
        return a_graph(content.decode())

    def close(self) -> None:
        self.closed = True


class NoRules:
    """A validator without profiles."""

    profiles: Mapping[str, Any] = {}

    def validate_all(self, items: Sequence[Any], profiles: Sequence[str]) -> list[Any]:
        return [{} for _ in items]

    def close(self) -> None:
        pass


def test_who_comes_when_all_places_are_taken_is_told_so_at_once() -> None:
    parser = SlowParser()
    checker = Checker(lambda: Tools(parser=parser, validator=NoRules()), at_once=1)
    done: list[Any] = []
    first = threading.Thread(
        target=lambda: done.append(check(checker, '<d> a dcat:Dataset ; dct:title "T" .'))
    )
    first.start()
    assert parser.entered.wait(30)
    with pytest.raises(Busy):
        check(checker, "")
    parser.go.set()
    first.join()
    assert len(done) == 1


def test_a_check_that_takes_too_long_ends() -> None:
    parser = SlowParser()
    parser.go.set()
    moments = iter(range(0, 1000, 30))
    checker = Checker(
        lambda: Tools(parser=parser, validator=NoRules()), clock=lambda: float(next(moments))
    )
    with pytest.raises(LimitExceeded, match="20 seconds"):
        check(checker, '<d> a dcat:Dataset ; dct:title "T" .')


def test_where_addresses_are_off_none_is_fetched() -> None:
    checker = Checker(lambda: Tools(parser=SlowParser(), validator=NoRules()))
    assert not checker.takes_addresses
    with pytest.raises(AddressesOff):
        checker.fetch("https://umc.example/")


def test_the_tools_are_started_once_and_again_after_a_fork(monkeypatch: Any) -> None:
    started: list[SlowParser] = []

    def start() -> Tools:
        started.append(SlowParser())
        return Tools(parser=started[-1], validator=NoRules())

    checker = Checker(start)
    assert checker.profiles is checker.profiles
    assert len(started) == 1
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert checker.profiles == {}
    checker.close()
    assert [parser.closed for parser in started] == [False, True]


# --- evidence ------------------------------------------------------------------------------

CONTACTS = a_graph("""
<d> a dcat:Dataset ; dct:title "A", "B" ; dcat:contactPoint
  [ a vcard:Kind ; vcard:hasEmail "a@umc.example" ], [ a vcard:Kind ; vcard:fn "Desk" ] .
""")


def a_finding(focus: str, path: str | None, value: str | None = None) -> Finding:
    return Finding(
        focus=focus,
        path=path,
        value=value,
        severity=Severity.VIOLATION,
        messages={},
        component="MinCountConstraintComponent",
    )


@pytest.mark.parametrize(
    ("focus", "path", "value", "expected"),
    [
        pytest.param("", "title", '"A"', {"A"}, id="the value that is named"),
        pytest.param("", "title", None, {"A", "B"}, id="every value of the property"),
        pytest.param("", "license", None, set(), id="nothing, where nothing is stated"),
        pytest.param(" / dcat:nothing", "title", None, set(), id="a way that leads nowhere"),
    ],
)
def test_a_finding_leads_back_to_its_triples(
    focus: str, path: str, value: str | None, expected: set[str]
) -> None:
    found = evidence(CONTACTS, a_finding("https://umc.example/d" + focus, DCT + path, value))
    said = {str(t.object.value).rpartition("#")[2] for t in found}
    assert said == expected


def test_a_node_without_a_name_is_found_by_the_way_to_it() -> None:
    place = "https://umc.example/d / dcat:contactPoint"
    email = "http://www.w3.org/2006/vcard/ns#hasEmail"
    found = evidence(CONTACTS, a_finding(place, email, '"a@umc.example"'))
    assert [t.object for t in found] == [ox.Literal("a@umc.example")]
