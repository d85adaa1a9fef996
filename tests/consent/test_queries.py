"""The examples of questions about consent, asked to a small store."""

from __future__ import annotations

from importlib.resources import files

import pyoxigraph as ox
import pytest
from given import PROLOGUE

from catalogue.store import queries

STATED = """
<https://x.example/broad> a dcat:Dataset ; dct:title "Broad" ;
  gc:consentStratum [ dct:title "All" ;
    gc:condition [ gc:term duo:0000006 ], [ gc:term gc:use-linkage-prohibited ] ] .
<https://x.example/study> a dcat:Dataset ; dct:title "Study" ;
  gc:consentStratum [ gc:condition [ gc:term duo:0000042 ], [ gc:term duo:0000045 ] ] .
<https://x.example/silent> a dcat:Dataset ; dct:title "Silent" ;
  gc:consentStratum [ dct:title "x" ] .
<https://x.example/elsewhere> a dcat:Dataset ; dct:rights duo:0000042 .
"""
ANSWERS = {
    "consent-stated": ["broad", "broad", "study", "study"],
    "consent-health-research": ["broad"],
    "consent-not-stated": ["silent"],
    "consent-linkage": ["broad"],
    "consent-anywhere": ["broad", "elsewhere", "study", "study"],
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    found.load((PROLOGUE + STATED).encode(), format=ox.RdfFormat.TURTLE)
    return found


@pytest.mark.parametrize("name", ANSWERS)
def test_an_example_finds_what_it_asks_for(name: str, store: ox.Store) -> None:
    found = store.query(queries.text(name))
    assert isinstance(found, ox.QuerySolutions)
    assert [str(row["dataset"].value).rpartition("/")[2] for row in found] == ANSWERS[name]


def test_every_code_is_counted(store: ox.Store) -> None:
    found = store.query(queries.text("consent-terms"))
    assert isinstance(found, ox.QuerySolutions)
    assert [int(row["datasets"].value) for row in found] == [1, 1, 1, 1]


def test_every_example_about_consent_is_asked_here_and_says_what_it_asks() -> None:
    folder = files(queries)
    names = {each.name for each in folder.iterdir() if each.name.startswith("consent-")}
    assert names == {f"{name}.rq" for name in (*ANSWERS, "consent-terms")}
    assert all((folder / name).read_text("utf-8").startswith("# ") for name in names)
