"""Concepts and their schemes, as frozen values that answer questions.

A scheme knows its concepts in the order of its file, and finds one by IRI, by notation, or by
any code that a concept declares to mean exactly the same. A code that only comes close is never
taken for equal: `resolve` is strict, `nearest` says when it had to settle for something broader.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from catalogue.errors import NotFound
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.terms.alias import IcdBlock, canonical, curie, icd_block, icd_parents
from catalogue.terms.fold import fold

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)

NOT_STATED = "not-stated"
"""The notation of the concept that every scheme has for silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One `skos:Concept`. `notation` is its slug; it names the concept in addresses and facets.

    `broader` are the topics above it; `generic` those of them that it is a kind of.
    `exact` are codes of others that mean the same, `narrow` lie wholly within it, `close`
    overlap or are broader.
    `spellings` are other notations by which files mean it, such as `WXS` for exomes; `hidden`
    helps to find it without naming it, such as a gene.
    """

    iri: Iri
    notation: str
    labels: LangText
    alternatives: LangText = LangText()
    definition: LangText = LangText()
    broader: tuple[Iri, ...] = ()
    generic: tuple[Iri, ...] = ()
    exact: tuple[Iri, ...] = ()
    narrow: tuple[Iri, ...] = ()
    close: tuple[Iri, ...] = ()
    spellings: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """What a reader of `language` calls it."""
        return self.labels.value(language)

    def synonyms(self, language: str) -> tuple[str, ...]:
        """Other names in `language`."""
        return tuple(text.value for text in self.alternatives.texts if text.primary == language)

    def codes(self) -> tuple[str, ...]:
        """Its exact codes in the form that people know: `MONDO:0007254`, `ORPHA:227535`."""
        return tuple(curie(iri) for iri in self.exact)


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a concept, folded: `kind` 0 for a label, 1 for a synonym, 2 hidden."""

    folded: str
    language: str
    kind: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Scheme:
    """One `skos:ConceptScheme` with its concepts and hierarchy; safe when that has a cycle."""

    key: str
    iri: Iri
    title: LangText = LangText()
    concepts: tuple[Concept, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts)

    def __len__(self) -> int:
        return len(self.concepts)

    def __contains__(self, iri: object) -> bool:
        return iri in self._by_iri

    @property
    def not_stated(self) -> Concept | None:
        """The concept for "nobody said"."""
        return self.by_notation(NOT_STATED)

    def get(self, iri: str) -> Concept | None:
        """The concept with exactly this IRI."""
        return self._by_iri.get(iri)

    def by_notation(self, notation: str) -> Concept | None:
        """The concept with this slug; `None` when two concepts share it (`NLD` in "eu")."""
        return only(self._by_notation.get(notation, ()))

    def resolve(self, code_or_iri: str) -> Concept | None:
        """The concept that a slug, IRI or code in any spelling means exactly, or `None`."""
        text = code_or_iri.strip()
        iri = canonical(text)
        return (
            self.get(text)
            or self.by_notation(text)
            or self.get(iri)
            or only(self._by_exact.get(iri, ()))
            or only(self._by_spelling.get(text.casefold(), ()))
        )

    def nearest(self, code_or_iri: str) -> tuple[Concept, bool] | None:
        """The concept for a code, and whether it means exactly that.

        A code that lies within a concept gives that concept, not exactly. An ICD-10 code finer
        than we know falls back to its category, then to the narrowest block around it:
        `C50.4` is given as (breast cancer, `False`).
        """
        found = self.resolve(code_or_iri)
        if found is not None:
            return found, True
        broader = self._broader_of_code(canonical(code_or_iri))
        return (broader, False) if broader else None

    def roots(self) -> tuple[Concept, ...]:
        """Concepts with nothing above them, in the order of the file."""
        return tuple(each for each in self.concepts if not self.broader(each.iri))

    def broader(self, iri: str) -> tuple[Concept, ...]:
        """The concepts directly above."""
        concept = self.get(iri)
        above = concept.broader if concept else ()
        return tuple(self._by_iri[each] for each in above if each in self._by_iri)

    def narrower(self, iri: str) -> tuple[Concept, ...]:
        """The concepts directly below, in the order of the file."""
        return self._narrower.get(iri, ())

    def ancestors(self, iri: str) -> tuple[Iri, ...]:
        """The IRIs of every concept above, nearest first, without the concept itself."""
        found: dict[Iri, None] = {}
        level = [each.iri for each in self.broader(iri)]
        while level:
            new = [each for each in level if each not in found and each != iri]
            found |= dict.fromkeys(new)
            level = [up.iri for each in new for up in self.broader(each)]
        return tuple(found)

    def descendants(self, iri: str) -> frozenset[Iri]:
        """The IRIs of every concept below, without the concept itself."""
        return self._descendants.get(iri, frozenset())

    def by_number(self, text: str) -> tuple[Concept, ...]:
        """Concepts with an exact code that ends in this bare number or code, such as `227535`."""
        return self._by_number.get(text.strip().upper(), ())

    def names(self, concept: Concept) -> tuple[Name, ...]:
        """The folded names of one of its concepts: what `search.suggest` looks through."""
        return self._names.get(concept.iri, ())

    def _broader_of_code(self, iri: Iri) -> Concept | None:
        """The concept around the code, around a shorter ICD-10 code, or of the block around it."""
        for code in (iri, *icd_parents(iri)):
            found = only(self._by_exact.get(code, ())) or only(self._by_narrow.get(code, ()))
            if found is not None:
                return found
        around = [block for block in self._blocks if block[0].contains(iri)]
        return min(around, key=lambda block: block[0].width)[1] if around else None

    @cached_property
    def _by_iri(self) -> Mapping[str, Concept]:
        return {each.iri: each for each in self.concepts}

    @cached_property
    def _by_notation(self) -> Mapping[str, tuple[Concept, ...]]:
        return grouped((each.notation, each) for each in self.concepts)

    @cached_property
    def _by_exact(self) -> Mapping[str, tuple[Concept, ...]]:
        return grouped((code, each) for each in self.concepts for code in each.exact)

    @cached_property
    def _by_narrow(self) -> Mapping[str, tuple[Concept, ...]]:
        return grouped((code, each) for each in self.concepts for code in each.narrow)

    @cached_property
    def _by_spelling(self) -> Mapping[str, tuple[Concept, ...]]:
        pairs = (
            (name, each) for each in self.concepts for name in (each.notation, *each.spellings)
        )
        return grouped((name.casefold(), each) for name, each in pairs)

    @cached_property
    def _by_number(self) -> Mapping[str, tuple[Concept, ...]]:
        pairs = ((code, each) for each in self.concepts for code in each.codes())
        return grouped((code.partition(":")[2].upper(), each) for code, each in pairs)

    @cached_property
    def _blocks(self) -> tuple[tuple[IcdBlock, Concept], ...]:
        pairs = (
            (icd_block(code), each) for each in self.concepts for code in each.exact + each.narrow
        )
        return tuple((block, each) for block, each in pairs if block and block.width > 1)

    @cached_property
    def _narrower(self) -> Mapping[str, tuple[Concept, ...]]:
        return grouped((up, each) for each in self.concepts for up in each.broader)

    @cached_property
    def _descendants(self) -> Mapping[str, frozenset[Iri]]:
        pairs = ((up, each.iri) for each in self.concepts for up in self.ancestors(each.iri))
        return {iri: frozenset(below) for iri, below in grouped(pairs).items()}

    @cached_property
    def _names(self) -> Mapping[str, tuple[Name, ...]]:
        return {each.iri: tuple(names_of(each)) for each in self.concepts}


@dataclass(frozen=True, kw_only=True, eq=False)
class Vocabulary:
    """Every scheme that we know, by its key."""

    schemes: Mapping[str, Scheme]

    def scheme(self, key: str) -> Scheme:
        """The scheme called `key`, such as "assay"; raises `NotFound`."""
        try:
            return self.schemes[key]
        except KeyError as error:
            raise NotFound(f"vocabularies: there is no scheme called {key!r}") from error

    def find(self, iri: str) -> Concept | None:
        """The concept with this IRI, in whichever scheme."""
        return self._by_iri.get(iri) or self._by_iri.get(canonical(iri))

    def label(self, iri: str, language: str) -> str:
        """What to call an IRI: its label where we know one, else its short form."""
        concept = self.find(iri)
        return concept.label(language) if concept else curie(canonical(iri))

    @cached_property
    def _by_iri(self) -> Mapping[str, Concept]:
        return {each.iri: each for scheme in self.schemes.values() for each in scheme}


def names_of(concept: Concept) -> Iterator[Name]:
    """Its labels, synonyms and hidden spellings, folded, in that order."""
    for kind, texts in enumerate((concept.labels.texts, concept.alternatives.texts)):
        for text in texts:
            yield Name(fold(text.value), text.primary, kind)
    for spelling in (*concept.spellings, *concept.hidden):
        yield Name(fold(spelling), "", 2)


def only(found: tuple[Concept, ...]) -> Concept | None:
    """The one concept found; `None` when there is none, or no telling which."""
    return found[0] if len(found) == 1 else None


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Values by key, in the order in which they came, each once."""
    found: dict[K, dict[V, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}
