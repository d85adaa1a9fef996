"""The index: bitmaps in memory that answer a search with exact counts.

Every dataset has a number. A facet value is the set of numbers that have it, a word the set of
numbers that contain it, and a search is a handful of intersections. Counts beside a facet
ignore the choices within that facet, so each one is the total of choosing that value.

Searching and changing take turns on one lock. A change is prepared before it asks for its
turn and holds it for a few documents at a time, so searches hardly wait; a search sees each
dataset either as it was or as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice

from pyroaring import BitMap

from catalogue.consent.disease import SchemeDiseases
from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy
from catalogue.model.text import LANGUAGES, LangText
from catalogue.search.analysis import SHORTEST_BEGINNING, QueryWord, query_words
from catalogue.search.columns import Column
from catalogue.search.consents import Compatible, Consents, Judged
from catalogue.search.document import SearchDocument
from catalogue.search.facets import BY_NAME, FACETS, FIT, Facet, ValueOrder
from catalogue.search.names import Names
from catalogue.search.postings import Matched, Postings, levels_of, matched, ranked
from catalogue.search.reasons import Reasons
from catalogue.search.request import BEST_FIT, RELEVANCE, SearchRequest
from catalogue.search.results import FacetResult, FacetValue, Hit, Relaxation, Results
from catalogue.search.rows import Row, Rows, row
from catalogue.search.tree import SiblingKey, tree
from catalogue.terms.concept import Vocabulary

TURN = 50
"""Documents that are changed in one turn."""

MOST_BROADER = 50
"""Datasets listed as "broader, may include"."""

CODED, CODED_NARROWER = 2, 1
"""The levels of a word in a name of the dataset's concept, and of something broader."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document, analysed."""

    row: Row
    levels: Mapping[str, int]
    document: SearchDocument


@dataclass(frozen=True, slots=True)
class Found:
    """What a question comes down to: its words, and the datasets that each facet lets through.

    `judged` are the answers to its purpose, `None` when it has none.
    """

    words: tuple[Matched, ...]
    text: BitMap
    allowed: Mapping[str, BitMap]
    judged: Judged | None = None

    def all(self, but: str = "") -> BitMap:
        """The datasets that match the words and every facet, or every facet but one."""
        narrowing = (numbers for name, numbers in self.allowed.items() if name != but)
        return BitMap.intersection(self.text, *narrowing)


class Index:
    """All public datasets, ready to be searched. Starts empty.

    `policy` are the choices by which consent is compared with a purpose.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        policy: Policy = Policy(),  # noqa: B008 - a frozen value
    ) -> None:
        self.policy = policy
        self._again = partial(Index, vocabulary, today, policy)
        self._names = Names(vocabulary)
        self._consents = Consents(SchemeDiseases(vocabulary.scheme("disease")), today, policy)
        self._columns = {facet.name: _column(facet, vocabulary) for facet in FACETS}
        self._postings = Postings()
        self._rows = Rows()
        self._numbers: dict[str, int] = {}
        self._present = BitMap()
        self._gone = BitMap()
        self._next = 0
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return len(self._present)

    def anew(self) -> Index:
        """An empty index that answers by the same terms, day and choices."""
        return self._again()

    def replace(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents; one whose id is known takes the place of what was there."""
        rest = iter(documents)
        while batch := [_prepared(each) for each in islice(rest, TURN)]:
            with self._turn:
                for each in batch:
                    self._remove(each.row.id)
                    self._add(each)
                self._sweep()

    def remove(self, ids: Iterable[str]) -> None:
        """Forget datasets; ids that are not known are no mistake."""
        with self._turn:
            for each in ids:
                self._remove(each)
            self._sweep()

    def search(self, request: SearchRequest, language: str = LANGUAGES[0]) -> Results:
        """The page that was asked for. `language` decides by which titles `title` sorts."""
        words = query_words(request.q)
        if not request.purpose.empty:
            self._consents.prepare(request.purpose)
        with self._turn:
            found = self._find(request, words)
            numbers = found.all()
            pages = max(1, -(-len(numbers) // request.size))
            page = min(request.page, pages)
            return Results(
                request=request,
                total=len(numbers),
                hits=self._hits(replace(request, page=page), language, found, numbers),
                facets=tuple(self._facets(request, found)),
                page=page,
                pages=pages,
                broader=self._broader(request, found, numbers),
                relaxed=() if numbers else tuple(self._relaxed(request)),
                compatible=self._compatible(found),
            )

    def total(self, request: SearchRequest) -> int:
        """How many datasets a search finds, and nothing else."""
        words = query_words(request.q)
        with self._turn:
            return self._total(request, words)

    def identifiers(self, request: SearchRequest) -> list[str]:
        """The ids of everything that a search finds, in order of id: to walk through all of it."""
        words = query_words(request.q)
        if not request.purpose.empty:
            self._consents.prepare(request.purpose)
        with self._turn:
            return sorted(self._rows[number].id for number in self._find(request, words).all())

    def label(self, facet: str, value: str) -> LangText:
        """What to call a value of a facet; organisations are named by the documents."""
        if facet == FIT.name:
            return FIT.fixed.get(value, LangText())
        return self._columns[facet].label(value)

    # Changing

    def _add(self, prepared: Prepared) -> None:
        number, self._next = self._next, self._next + 1
        document = prepared.document
        self._numbers[document.id] = number
        self._present.add(number)
        self._rows.add(number, prepared.row)
        self._postings.add(number, prepared.levels)
        self._consents.add(number, document.consent)
        for name, column in self._columns.items():
            column.add(number, document.facets.get(name, ()))
        if document.holder_name:
            self._columns["organisation"].call(document.holder, document.holder_name)

    def _remove(self, identifier: str) -> None:
        number = self._numbers.pop(identifier, None)
        if number is not None:
            self._present.remove(number)
            self._gone.add(number)

    def _sweep(self) -> None:
        """Clear up once what is gone weighs too much against what is here."""
        if len(self._gone) > 1_000 + len(self._present) // 4:
            self._postings.sweep(self._gone)
            self._rows.sweep(self._gone)
            self._consents.sweep(self._gone)
            for column in self._columns.values():
                column.sweep(self._gone)
            self._gone = BitMap()

    # Finding

    def _find(self, request: SearchRequest, words: Sequence[QueryWord]) -> Found:
        found = tuple(self._matched(word, last=word is words[-1]) for word in words)
        everything = BitMap() if request.q and not words else self._present
        text = BitMap.intersection(everything, *(each.all() for each in found))
        judged = None if request.purpose.empty else self._consents.judged(request.purpose)
        allowed = {
            name: self._columns[name].with_any(values, exact=_exact(BY_NAME[name], request))
            for name, values in request.selected.items()
            if name != FIT.name
        }
        if judged and FIT.name in request.selected:
            allowed[FIT.name] = _with_verdict(judged, request.chosen(FIT.name))
        return Found(found, text, allowed, judged)

    def _compatible(self, found: Found) -> tuple[Compatible, ...]:
        """Datasets and individuals by verdict, whichever verdicts were chosen."""
        if found.judged is None:
            return ()
        return self._consents.compatible(found.judged, found.all(but=FIT.name) & self._present)

    def _total(self, request: SearchRequest, words: Sequence[QueryWord]) -> int:
        return len(self._find(request, words).all())

    def _matched(self, word: QueryWord, *, last: bool) -> Matched:
        """The datasets of one word; of the last one also as the beginning of a word."""
        found = self._with_terms(() if word.starred else word.terms)
        beginning = word.starred or (last and len(word.text) >= SHORTEST_BEGINNING)
        if beginning and not found.all():
            terms = (*self._postings.beginning(word.text), *self._names.beginning(word.text))
            return self._with_terms(terms)
        return found

    def _with_terms(self, terms: tuple[str, ...]) -> Matched:
        """The datasets that contain a term, or are about something with the term in its name."""
        by_level = self._postings.find(terms)
        written = BitMap.union(*by_level)
        for facet, value in self._names.find(terms):
            column = self._columns[facet]
            by_level[CODED] |= column.with_value(value, exact=True)
            by_level[CODED_NARROWER] |= column.with_value(value)
        return matched(terms, by_level, written, self._present)

    def _broader(self, request: SearchRequest, found: Found, hits: BitMap) -> tuple[str, ...]:
        """Datasets coded a little broader than what was chosen, newest first."""
        wide = BitMap()
        for facet in (each for each in FACETS if each.exact and each.name in request.selected):
            column = self._columns[facet.name]
            chosen = request.chosen(facet.name)
            above = {up for value in chosen for up in column.tree.near.get(value, ())}
            wide |= column.with_any(above, exact=True) & found.all(but=facet.name)
        numbers = self._rows.first(wide - hits, "newest", 0, MOST_BROADER)
        return tuple(self._rows[number].id for number in numbers)

    def _relaxed(self, request: SearchRequest) -> Iterator[Relaxation]:
        """Each part of the question that can be left out to find something."""
        for parameter, wider in _wider(request):
            total = self._total(wider, query_words(wider.q))
            if total:
                yield Relaxation(parameter, wider, total)

    # Showing

    def _hits(
        self, request: SearchRequest, language: str, found: Found, numbers: BitMap
    ) -> tuple[Hit, ...]:
        reasons = Reasons(self._columns, self._names, self.label, request, found.words)
        page = self._page(request, language, found.words, numbers)
        why = reasons.of_all([number for number, _ in page])
        return tuple(Hit(self._rows[number].id, score, why[number]) for number, score in page)

    def _page(
        self, request: SearchRequest, language: str, words: Sequence[Matched], numbers: BitMap
    ) -> list[tuple[int, float]]:
        """The numbers on the page, with their scores."""
        start = (request.page - 1) * request.size
        if request.sort == RELEVANCE and words:
            return self._best(words, numbers, start, request.size)
        if request.sort == BEST_FIT:
            return self._fitting(request, numbers, start)
        titles = f"title-{language if language in LANGUAGES else LANGUAGES[0]}"
        order = {"title": titles, RELEVANCE: "newest"}.get(request.sort, request.sort)
        return [(each, 0.0) for each in self._rows.first(numbers, order, start, request.size)]

    def _best(
        self, words: Sequence[Matched], numbers: BitMap, start: int, count: int
    ) -> list[tuple[int, float]]:
        """The best matches from place `start`; equals in order of newest change."""
        chosen: list[tuple[int, float]] = []
        for score, group in ranked(numbers, words):
            if start < len(group):
                first = self._rows.first(group, "newest", start, count - len(chosen))
                chosen += [(number, round(score, 4)) for number in first]
            start = max(0, start - len(group))
            if len(chosen) == count:
                break
        return chosen

    def _fitting(
        self, request: SearchRequest, numbers: BitMap, start: int
    ) -> list[tuple[int, float]]:
        """What fits first, by the worst answer of each dataset; equals newest first."""
        worst = self._consents.judged(request.purpose).worst
        chosen: list[tuple[int, float]] = []
        for verdict in Verdict:
            group = worst[verdict] & numbers
            if start < len(group):
                rest = request.size - len(chosen)
                chosen += [(each, 0.0) for each in self._rows.first(group, "newest", start, rest)]
            start = max(0, start - len(group))
            if len(chosen) == request.size:
                break
        return chosen

    def _facets(self, request: SearchRequest, found: Found) -> Iterator[FacetResult]:
        if found.judged:
            yield _verdicts(found.judged, request, found.all(but=FIT.name))
        for facet in FACETS:
            yield self._facet(facet, request, found)

    def _facet(self, facet: Facet, request: SearchRequest, found: Found) -> FacetResult:
        """A facet with its counts; what was chosen stays, even when nothing has it."""
        column = self._columns[facet.name]
        chosen = request.chosen(facet.name)
        exact = _exact(facet, request)
        counts = column.counts(found.all(but=facet.name), exact=exact)
        if facet.order is not ValueOrder.VOCABULARY and not exact:
            counts = {value: count for value, count in counts.items() if count}
        counts |= {value: 0 for value in chosen if value not in counts}
        parent = column.tree.parent
        values = [
            FacetValue(
                value,
                column.label(value),
                counts[value],
                value in chosen,
                depth,
                parent.get(value) if depth else None,
            )
            for value, depth in column.tree.listed(counts, _place(facet, column, counts))
        ]
        return FacetResult(facet, tuple(values))


def _column(facet: Facet, vocabulary: Vocabulary) -> Column:
    return Column(tree(facet, vocabulary), partial(facet.value_label, vocabulary=vocabulary))


def _prepared(document: SearchDocument) -> Prepared:
    return Prepared(row(document), levels_of(document.texts), document)


def _with_verdict(judged: Judged, values: Iterable[str]) -> BitMap:
    """The datasets that have any of the verdicts for some of their people."""
    known = {each.value: bitmap for each, bitmap in judged.bitmaps.items()}
    return BitMap.union(BitMap(), *(known.get(value, BitMap()) for value in values))


def _verdicts(judged: Judged, request: SearchRequest, among: BitMap) -> FacetResult:
    """The five verdicts with their counts, best first."""
    chosen = request.chosen(FIT.name)
    values = tuple(
        FacetValue(
            each.value,
            FIT.fixed[each.value],
            judged.bitmaps[each].intersection_cardinality(among),
            each.value in chosen,
        )
        for each in Verdict
    )
    return FacetResult(FIT, values)


def _exact(facet: Facet, request: SearchRequest) -> bool:
    return facet.exact and request.exact


def _place(facet: Facet, column: Column, counts: Mapping[str, int]) -> SiblingKey:
    """By what the values of a facet are ordered among their siblings."""
    places = column.tree.places
    if facet.order is ValueOrder.COUNT:
        return lambda value: -counts[value]
    if facet.order is ValueOrder.NEWEST:
        return lambda value: -int(value) if value.isdecimal() else 0
    return lambda value: places.get(value, len(places))


def _wider(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    """The question without one of its parts, for each part."""
    if request.exact:
        yield "exact", replace(request, exact=False, page=1)
    for facet in request.selected:
        yield BY_NAME[facet].parameter, request.without(facet)
    if request.q:
        yield "q", replace(request, q="", page=1)
