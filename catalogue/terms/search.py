"""What a visitor may mean by a few letters: the concepts to suggest, best first.

Letters are compared without accents, case or hyphens, in Dutch and English at once; a label in
the visitor's own language goes before the same match in the other. A code in any spelling, even
its bare number, finds its concept first.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.terms.concept import NOT_STATED, Concept, Name, Scheme
from catalogue.terms.fold import fold

INSIDE = 4
"""Letters needed before the inside of a word counts: "kanker" finds "borstkanker"."""


def suggest(scheme: Scheme, text: str, language: str, limit: int = 10) -> list[Concept]:
    """At most `limit` concepts whose name or code fits `text`, best first."""
    wanted = fold(text[:200])
    if not wanted:
        return []
    found = scheme.resolve(text)
    by_code = (found,) if found else scheme.by_number(text)
    ranked = sorted(matches(scheme, wanted, language), key=lambda match: match[0])
    best = dict.fromkeys((*by_code, *(concept for _, concept in ranked)))
    return [each for each in best if each.notation != NOT_STATED][:limit]


def matches(
    scheme: Scheme, wanted: str, language: str
) -> Iterator[tuple[tuple[int, ...], Concept]]:
    """Each concept with a fitting name, and how well the best of its names fits."""
    for position, concept in enumerate(scheme):
        ranks = [rank(name, wanted, language) for name in scheme.names(concept)]
        best = min((each for each in ranks if each is not None), default=None)
        if best is not None:
            yield (*best, position), concept


def rank(name: Name, wanted: str, language: str) -> tuple[int, int, int, int] | None:
    """How well a name fits, smaller is better; `None` when it does not."""
    fit = fitness(name.folded, wanted)
    if fit is None:
        return None
    return fit, name.kind, int(name.language != language), len(name.folded)


def fitness(folded: str, wanted: str) -> int | None:
    """0 the same, 1 its first words, 2 its first letters, 3 its words, 4 inside a word."""
    if folded == wanted:
        return 0
    if wanted.split(" ", 1)[0] not in folded:
        return None
    if folded.startswith(wanted):
        return 1 if folded[len(wanted)] == " " else 2
    words = folded.split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 3
    return 4 if len(wanted) >= INSIDE and wanted in folded else None
