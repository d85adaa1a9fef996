"""The vocabularies that we ship, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.terms.concept import Scheme, Vocabulary
from catalogue.terms.load import load

ONTOLOGIES = Path(__file__).parents[2] / "ontologies"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load(path.read_bytes() for path in sorted(ONTOLOGIES.glob("*.ttl")))


@pytest.fixture(scope="session")
def diseases(vocabulary: Vocabulary) -> Scheme:
    return vocabulary.scheme("disease")


@pytest.fixture(scope="session")
def assays(vocabulary: Vocabulary) -> Scheme:
    return vocabulary.scheme("assay")
