"""How fast a search with exact counts is, and compared to what.

Every engine answers the same questions over the same generated datasets: words and three
filters, the first twenty hits by relevance, and the counts of every facet with multi-select
(each facet ignores its own choices). The baselines are tantivy with its own aggregations and
SQLite FTS5. They are given terms that our analyser has already stemmed and the names of
concepts written out, so all must find the same datasets; a difference is printed.

    python benchmarks/search.py                     10,000 and 100,000 datasets
    python benchmarks/search.py --size 2000         a short run
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import tantivy

from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import GC, Iri
from catalogue.search import FACETS, Index, SearchDocument, SearchRequest, document
from catalogue.search.analysis import query_words, terms
from catalogue.search.names import names_of
from catalogue.search.tree import tree
from catalogue.terms.concept import Vocabulary
from catalogue.terms.load import load

ROOT = Path(__file__).parent.parent
QUESTIONS, ROUNDS = 40, 3
FEWEST, PATIENCE = 20, 20.0
"""Every kind of question is asked at least so often, and for at most about so many seconds."""

HOT = "cohort"
COMMON = f"{HOT} patients genomes exomes tumoren families longitudinal ziekenhuis onderzoek".split()
SYLLABLES = "ba ke li mo nu ra se ti vo wa geno cardi onco neph derm"
HOLDERS = [f"holder-{number}" for number in range(120)]

Answer = tuple[int, dict[tuple[str, str], int]]
"""The total, and the count beside every facet value that is not zero."""


# The datasets


class Generator:
    """Datasets from a seed: words by Zipf's law, concepts from the real vocabularies."""

    def __init__(self, vocabulary: Vocabulary, seed: int = 11) -> None:
        self.vocabulary = vocabulary
        self.chance = random.Random(seed)
        syllables = SYLLABLES.split()
        made = ["".join(parts) for parts in product(syllables, repeat=4)]
        self.chance.shuffle(made)
        self.words = COMMON + made[:30_000]
        self.weights = [0.0]
        for rank in range(1, len(self.words) + 1):
            self.weights.append(self.weights[-1] + 1 / rank)
        del self.weights[0]

    def documents(self, count: int) -> Iterator[SearchDocument]:
        """The search documents of so many datasets."""
        for number in range(count):
            holder = self.chance.choice(HOLDERS)
            name = LangText((Text(f"Holder {holder[7:]} hospital", "en"),))
            yield document(f"d{number}", self.dataset(number), holder, name, self.vocabulary)

    def dataset(self, number: int) -> Dataset:
        """One dataset; about a quarter of the facts is not stated."""
        start = self.chance.randint(2000, 2022)
        return Dataset(
            iri=Iri(f"https://genoom.example/dataset/{number}"),
            title=LangText((Text(f"{HOT} " * (number % 3 > 0) + self.text(6), "en"),)),
            description=LangText((Text(self.text(60), "en"), Text(self.text(40), "nl"))),
            keywords=tuple(Text(word, "en") for word in self.text(3).split()),
            diseases=self.some("disease", 2),
            assay_groups=tuple(AssayGroup(assay=iri) for iri in self.some("assay", 2)),
            consent=tuple(self.stratum() for _ in range(self.chance.randrange(3))),
            linkages=tuple(
                Linkage(target=iri, status=Iri(GC + "linkage-possible"))
                for iri in self.some("linkage-target", 2)
            ),
            accessibility=next(iter(self.some("accessibility", 1)), None),
            individuals=self.chance.choice(
                [None, Count(below=10), Count(value=10 ** (number % 6))]
            ),
            temporal=(Period(start=str(start), end=str(start + number % 5)),) * (number % 4 > 0),
            conforms_to=self.some("one-mg", 1),
            issued=f"{start}-0{1 + number % 9}-01",
        )

    def text(self, words: int) -> str:
        """So many words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=words))

    def some(self, scheme: str, most: int) -> tuple[Iri, ...]:
        """At most so many concepts of a scheme."""
        concepts = self.vocabulary.scheme(scheme).concepts
        return tuple(
            each.iri for each in self.chance.sample(concepts, self.chance.randint(0, most))
        )

    def stratum(self) -> ConsentStratum:
        """The conditions of one group of people."""
        return ConsentStratum(
            conditions=tuple(Condition(term=iri) for iri in self.some("data-use", 3))
        )

    def questions(self) -> Iterator[SearchRequest]:
        """Words and three filters: rare and common words, names of diseases."""
        diseases = self.vocabulary.scheme("disease")
        roots = [each.notation for each in diseases.roots() if each.notation != "not-stated"]
        for number in range(QUESTIONS):
            words = [self.chance.choice(COMMON), self.chance.choice(self.words[:300])]
            if number % 4 == 0:
                words = [self.chance.choice(diseases.concepts[1:60]).label("en")]
            yield SearchRequest(
                q=" ".join(words[: 1 + number % 2]),
                selected={
                    "disease": tuple(self.chance.sample(roots, 2)),
                    "assay": ("sequencing", "not-stated"),
                    "access": ("controlled", "not-stated", "registration"),
                },
            )


# The engines


@dataclass
class Ours:
    """The catalogue's index."""

    vocabulary: Vocabulary
    name: str = "catalogue index"

    def build(self, documents: Sequence[SearchDocument]) -> None:
        """Index everything."""
        self.index = Index(self.vocabulary)
        self.index.replace(documents)

    def answer(self, request: SearchRequest) -> Answer:
        """Search as the page does."""
        results = self.index.search(request)
        counts = {
            (each.facet.name, value.value): value.count
            for each in results.facets
            for value in each.values
            if value.count
        }
        return results.total, counts


class Flattened:
    """Documents and questions as the baselines take them: terms, and values with all above."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.trees = {facet.name: tree(facet, vocabulary) for facet in FACETS}
        self.names = {
            (facet.name, concept.notation): " ".join(_terms(" ".join(names_of(concept))))
            for facet in FACETS
            if facet.named and facet.scheme
            for concept in vocabulary.scheme(facet.scheme).concepts
            if concept.notation != "not-stated"
        }

    def values(self, each: SearchDocument) -> Iterator[tuple[str, str]]:
        """(facet, value) pairs of a document."""
        for name, stated in each.facets.items():
            yield from ((name, value) for value in self.trees[name].with_above(stated))

    def text(self, each: SearchDocument) -> str:
        """The terms of a document and of the names of its concepts."""
        own = (term for _, text in each.texts for term in _terms(text))
        named = (self.names.get(pair, "") for pair in self.values(each))
        return " ".join((*own, *named))


def _terms(text: str) -> list[str]:
    return [term for word in terms(text) for term in word]


def bases(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    """Which question the counts of which facets need: one for all, one per facet with choices."""
    yield "", request
    for facet in request.selected:
        yield facet, request.without(facet)


class Tantivy:
    """tantivy ranks, filters and aggregates."""

    name = "tantivy aggregations"

    def __init__(self, flattened: Flattened) -> None:
        self.flattened = flattened

    def build(self, documents: Sequence[SearchDocument]) -> None:
        """Index everything, then wait until it can be searched."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True, indexed=True, fast=True)
        builder.add_text_field("text", tokenizer_name="whitespace")
        for facet in FACETS:
            builder.add_text_field(facet.name, tokenizer_name="raw", fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        self.index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for number, each in enumerate(documents):
            writer.add_document(self.document(number, each))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def document(self, number: int, each: SearchDocument) -> Any:
        """One document of theirs."""
        made = tantivy.Document()
        made.add_unsigned("number", number)
        made.add_text("text", self.flattened.text(each))
        for facet, value in self.flattened.values(each):
            made.add_text(facet, value)
        return made

    def answer(self, request: SearchRequest) -> Answer:
        """The first twenty, then one aggregation for every group of facets."""
        found: Any = self.searcher.search(self.query(request), 20, count=True)
        for _, address in found.hits:
            self.searcher.doc(address)
        counts: dict[tuple[str, str], int] = {}
        for facet, base in bases(request):
            wanted = (
                [facet] if facet else [f.name for f in FACETS if f.name not in request.selected]
            )
            counts |= self.counts(self.query(base), wanted)
        return found.count, counts

    def counts(self, query: Any, facets: Iterable[str]) -> dict[tuple[str, str], int]:
        """The values of the facets among what the query finds."""
        wanted = {name: {"terms": {"field": name, "size": 1000}} for name in facets}
        found = self.searcher.aggregate(query, wanted)
        return {
            (name, bucket["key"]): bucket["doc_count"]
            for name in wanted
            for bucket in found[name]["buckets"]
        }

    def query(self, request: SearchRequest) -> Any:
        """Every word, and any value of every facet."""
        must = [self.any("text", word.terms) for word in query_words(request.q)]
        must += [self.any(name, values) for name, values in request.selected.items()]
        if not must:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in must])

    def any(self, name: str, values: Iterable[str]) -> Any:
        """Documents with any of the terms."""
        option = "freq" if name == "text" else "basic"
        each = [tantivy.Query.term_query(self.schema, name, value, option) for value in values]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in each])
        return query if name == "text" else tantivy.Query.const_score_query(query, 0.0)


class Sqlite:
    """FTS5 ranks; each match gets a mask of the filters that it passes, counted in one pass."""

    name = "SQLite FTS5"

    def __init__(self, flattened: Flattened) -> None:
        self.flattened = flattened

    def build(self, documents: Sequence[SearchDocument]) -> None:
        """Fill a full-text table and a table of facet values."""
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(
            """
            CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61');
            CREATE TABLE value (facet TEXT, value TEXT, number INTEGER,
                                PRIMARY KEY (facet, value, number)) WITHOUT ROWID;
            CREATE TEMP TABLE hit (number INTEGER PRIMARY KEY, score REAL, mask INTEGER);
            """
        )
        texts = ((number, self.flattened.text(each)) for number, each in enumerate(documents))
        self.db.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", texts)
        values = (
            (facet, value, number)
            for number, each in enumerate(documents)
            for facet, value in self.flattened.values(each)
        )
        self.db.executemany("INSERT INTO value VALUES (?, ?, ?)", values)
        self.db.execute("CREATE INDEX by_number ON value (number, facet, value)")
        self.db.execute("ANALYZE")

    def answer(self, request: SearchRequest) -> Answer:
        """Matches with masks, the first twenty of all that pass, and the counts."""
        self.match(request)
        full = (1 << len(request.selected)) - 1
        self.db.execute(
            "SELECT number FROM hit WHERE mask = ? ORDER BY score LIMIT 20", (full,)
        ).fetchall()
        [total] = self.db.execute("SELECT count(*) FROM hit WHERE mask = ?", (full,)).fetchone()
        counts: dict[tuple[str, str], int] = {}
        for facet, value, mask, count in self.db.execute(
            "SELECT facet, value, mask, count(*) FROM hit JOIN value USING (number) "
            "GROUP BY 1, 2, 3"
        ):
            own = self.bit(request, facet)
            if mask | own == full:
                counts[facet, value] = counts.get((facet, value), 0) + count
        return total, counts

    def match(self, request: SearchRequest) -> None:
        """Fill `hit` with every dataset that has the words and fails one filter at most."""
        self.db.execute("DELETE FROM hit")
        words = query_words(request.q)
        masks, bound = ["0"], list[Any]()
        for facet, values in request.selected.items():
            marks = ",".join("?" * len(values))
            masks.append(
                f"{self.bit(request, facet)} * (rowid IN "
                f"(SELECT number FROM value WHERE facet = ? AND value IN ({marks})))"
            )
            bound += [facet, *values]
        source = "(SELECT DISTINCT number AS rowid, 0 AS rank FROM value)"
        if words:
            source = "words WHERE words MATCH ?"
            bound.append(" AND ".join(f"({' OR '.join(map(quoted, w.terms))})" for w in words))
        self.db.execute(
            f"INSERT INTO hit SELECT rowid, rank, {' + '.join(masks)} FROM {source}", bound
        )
        filters = len(request.selected)
        full = (1 << filters) - 1
        keep = [full, *(full - (1 << at) for at in range(filters))]
        self.db.execute(f"DELETE FROM hit WHERE mask NOT IN ({','.join(map(str, keep))})")

    def bit(self, request: SearchRequest, facet: str) -> int:
        """The bit of a filter in the mask; 0 for a facet without choices."""
        chosen = list(request.selected)
        return 1 << chosen.index(facet) if facet in chosen else 0


def quoted(term: str) -> str:
    """A term as FTS5 takes it literally."""
    return '"' + term.replace('"', '""') + '"'


# The measuring


def measured(action: Callable[[], Any]) -> tuple[float, float]:
    """(CPU, wall) seconds of an action."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - cpu, time.perf_counter() - wall


def percentiles(seconds: Sequence[float]) -> str:
    """p50 / p95 in milliseconds."""
    ordered = sorted(seconds)
    at95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(ordered) * 1000:8.2f} /{at95 * 1000:8.2f}"


def times(engine: Any, requests: Sequence[SearchRequest]) -> str:
    """CPU percentiles of answering the questions in turn, for as long as patience lasts."""
    until = time.perf_counter() + PATIENCE
    found: list[float] = []
    for request in [*requests] * ROUNDS:
        if len(found) < FEWEST or time.perf_counter() < until:
            found.append(measured(partial(engine.answer, request))[0])
    return percentiles(found)


def memory() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def compare(size: int, vocabulary: Vocabulary, baselines: bool) -> None:
    """Build every engine over the same datasets, ask the same questions, print a table."""
    generator = Generator(vocabulary)
    documents: list[SearchDocument] = []
    cpu, _ = measured(lambda: documents.extend(generator.documents(size)))
    questions = list(generator.questions())
    kinds = {
        "text + 3 filters": questions,
        "no text": [SearchRequest(selected=each.selected) for each in questions],
        "hot word": [SearchRequest(q=HOT)] * len(questions),
        "everything": [SearchRequest()] * len(questions),
    }
    print(f"\n{size:,} datasets, {len(FACETS)} facets; described in {cpu:.1f} s CPU")
    print(f"{'engine':24}{'build s':>9}{'MB':>7}   " + "".join(f"{kind:>20}" for kind in kinds))
    flattened = Flattened(vocabulary)
    engines: list[Any] = [Ours(vocabulary)]
    if baselines:
        engines += [Tantivy(flattened), Sqlite(flattened)]
    answers: dict[str, list[Answer]] = {}
    for engine in engines:
        gc.collect()
        before = memory()
        build, _ = measured(partial(engine.build, documents))
        grown = memory() - before
        answers[engine.name] = [engine.answer(request) for request in questions]
        row = "".join(f"{times(engine, asked):>20}" for asked in kinds.values())
        print(f"{engine.name:24}{build:9.1f}{grown:7.0f}   {row}", flush=True)
    check(answers)
    changes(engines[0].index, generator, size)


def check(answers: dict[str, list[Answer]]) -> None:
    """Say whether every engine gave the same totals and counts."""
    ours, *others = answers
    totals = [total for total, _ in answers[ours]]
    print(f"datasets found: mean {statistics.mean(totals):,.0f}, most {max(totals):,}")
    for other in others:
        pairs = list(zip(answers[ours], answers[other], strict=True))
        same = sum(mine == theirs for mine, theirs in pairs)
        print(f"same totals and counts as {other}: {same} of {len(pairs)} questions")


def changes(index: Index, generator: Generator, size: int) -> None:
    """How long a search waits for a change, and a change takes."""
    changed = list(generator.documents(min(size, 200)))
    each = [measured(partial(index.replace, [one]))[1] for one in changed]
    after = [measured(lambda: index.search(SearchRequest(sort="title")))[1]]
    print(f"replace one dataset, wall ms p50 / p95: {percentiles(each)}")
    print(f"first search sorted by title after a change, wall ms: {after[0] * 1000:.1f}")


def main() -> None:
    """Run for each size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--size", type=int, action="append", help="datasets; may be repeated")
    parser.add_argument("--ours", action="store_true", help="leave out the baselines")
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyroaring", "tantivy"))
    print(f"{platform.platform()}, Python {sys.version.split()[0]}, {packages}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}. Milliseconds of CPU, p50 / p95.")
    vocabulary = load(path.read_bytes() for path in sorted((ROOT / "ontologies").glob("*.ttl")))
    for size in options.size or [10_000, 100_000]:
        compare(size, vocabulary, baselines=not options.ours)


if __name__ == "__main__":
    main()
