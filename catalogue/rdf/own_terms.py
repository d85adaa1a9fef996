"""Our own vocabularies, for readers of forms of description that use words instead of IRIs.

A spreadsheet says "heel genoom", a web page says "whole genome sequencing"; both mean a
concept of `ontologies/`. The files are ours and never change while we run, so they are read once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import catalogue
from catalogue.terms.concept import NOT_STATED, Concept, Scheme, Vocabulary, grouped
from catalogue.terms.fold import fold
from catalogue.terms.load import load

FOLDER = Path(catalogue.__file__).parent.parent / "ontologies"


@cache
def own_vocabulary() -> Vocabulary:
    """Every scheme of the catalogue."""
    return load(path.read_bytes() for path in sorted(FOLDER.glob("*.ttl")))


def named(scheme: Scheme, text: str) -> Concept | None:
    """The one concept that a code, an IRI or a name in Dutch or English means, or `None`.

    A label goes before a synonym; a name that two concepts share means neither.

    >>> named(own_vocabulary().scheme("assay"), "Hele-genoomsequencing").notation
    'wgs'
    """
    wanted = fold(text)
    return scheme.resolve(text) or (_by_name(scheme, wanted) if wanted else None)


def _by_name(scheme: Scheme, wanted: str) -> Concept | None:
    labels, synonyms = _index(scheme)
    found = labels.get(wanted) or synonyms.get(wanted) or ()
    return found[0] if len(found) == 1 else None


@cache
def _index(scheme: Scheme) -> tuple[Mapping[str, tuple[Concept, ...]], ...]:
    """The concepts by their labels, and by their other names, folded."""
    known = [each for each in scheme if each.notation != NOT_STATED]
    pairs = [(name, each) for each in known for name in scheme.names(each)]
    return (
        grouped((name.folded, each) for name, each in pairs if name.kind == 0),
        grouped((name.folded, each) for name, each in pairs if name.kind > 0),
    )
