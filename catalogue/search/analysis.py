"""From text to terms: the same for what is stored and for what is typed.

Every word becomes the set of its Dutch and its English stem, whatever language the text claims
to be in: descriptions are often tagged wrongly, and visitors type both. "Genomes" finds
"genome", "tumoren" finds "tumor", "Ménière" finds "meniere".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from catalogue.terms.fold import fold

LONGEST_WORD = 64
"""Characters; the rest of a longer word is not looked at."""

SHORTEST_BEGINNING = 3
"""Characters that a word must have before it is tried as the beginning of another."""

WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*\*?")

IRREGULAR = {
    "genen": "gen",
    "kinderen": "kind",
    "tumoren": "tumor",
    "sectoren": "sector",
    "donoren": "donor",
    "data": "dataset",
    "datasets": "dataset",
}
"""Plurals that the stemmers miss and that our descriptions are full of."""

DUTCH = """
aan alle als bij dat de den der des deze die dit een en er het hun in is met na naar of om onder
ook op over te tot uit van voor waarin wat was werd wordt zijn
die gebruiken heb hebben heeft hebt ik kan kunnen mag mens mensen mijn mogen onze patient patienten
persoon personen we wie wij
"""
ENGLISH = """
a about all an and are as at be by dataset for from had has have into it its of on or that the
their these this to was were which with
can do does human humans i may my our patient patients people person persons use we who whose
"""
STOP_WORDS = frozenset(DUTCH.split() + ENGLISH.split())
"""Words that say nothing about a dataset; dropped from a question that also has others."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that a visitor typed: any of `terms` will do; `starred` when it ended in `*`."""

    text: str
    terms: tuple[str, ...]
    starred: bool = False


def _stemmer(language: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(language)).build()


STEMMERS = (_stemmer("dutch"), _stemmer("english"))


@lru_cache(maxsize=65_536)
def stems(word: str) -> tuple[str, ...]:
    """The terms of one folded word.

    >>> stems("genomes"), stems("wes")
    (('genom', 'nome'), ('wes',))
    """
    word = IRREGULAR.get(word, word)
    if word.isdigit():
        return (word,)
    return tuple(sorted({stem for stemmer in STEMMERS for stem in stemmer.analyze(word)}))


@lru_cache(maxsize=65_536)
def _token_terms(token: str) -> tuple[str, ...]:
    """The terms of a token as it is written; "RNA-seq" is two words, and also one."""
    parts = _parts(token)
    words = (*parts, "".join(parts)[:LONGEST_WORD]) if len(parts) > 1 else parts
    return tuple(term for word in words for term in stems(word))


def _parts(token: str) -> tuple[str, ...]:
    return tuple(part[:LONGEST_WORD] for part in fold(token).split())


def terms(text: str) -> list[tuple[str, ...]]:
    """The terms of each token of a text, in the order of reading."""
    return [_token_terms(token) for token in WORD.findall(text)]


def query_words(text: str) -> tuple[QueryWord, ...]:
    """The words that a question asks for, each once; operators and punctuation are no words.

    >>> [word.text for word in query_words('genomes of the "MELANOMA" AND (families')]
    ['genomes', 'melanoma', 'families']
    """
    found = {
        part: QueryWord(part, stems(part), starred=token.endswith("*"))
        for token in WORD.findall(text)
        for part in _parts(token)
    }
    telling = [word for part, word in found.items() if _says_something(part)]
    return tuple(telling or found.values())


def _says_something(word: str) -> bool:
    return IRREGULAR.get(word, word) not in STOP_WORDS
