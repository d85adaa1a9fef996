"""One purpose against the consents of 100,000 datasets: as a facet, and one by one.

The baseline judges every dataset by itself, as a program would that knows the rules but not the
other datasets. Two collections: consents as hospitals record them (a few thousand different
ones), and the worst case, in which no two are the same.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from machine import describe

from catalogue.consent.codes import IRIS
from catalogue.consent.disease import SchemeDiseases
from catalogue.consent.match import Matcher
from catalogue.consent.purpose import Purpose
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.search import Index, SearchDocument, SearchRequest
from catalogue.search.consents import People
from catalogue.terms.concept import Vocabulary
from catalogue.terms.load import load

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 22)
PERMISSIONS = ("GRU", "HMB", "DS", "POA", "NRES")
MODIFIERS = ("NPU", "NCU", "PUB", "IRB", "COL", "RTN", "GSO", "NMDS", "NO-LINKAGE")
PURPOSE = Purpose.from_args([("purpose", "disease:MONDO:0005148"), ("org", "nonprofit")])
Consent = tuple[Condition, ...]


def consents(vocabulary: Vocabulary, size: int, *, distinct: bool) -> list[Consent]:
    """One for each dataset; some say nothing."""
    chance = random.Random(7)
    diseases = [each.iri for each in vocabulary.scheme("disease").concepts]

    def one(number: int) -> Consent:
        if not distinct and chance.random() < 0.2:
            return ()
        main = chance.choice(PERMISSIONS)
        which = (chance.choice(diseases),) if main == "DS" else ()
        found = [Condition(term=IRIS[main], parameters=which)]
        found += [Condition(term=IRIS[each]) for each in chance.sample(MODIFIERS, 2)]
        if distinct:
            months = Condition(term=IRIS["TS"], parameters=(str(number % 1200),))
            project = Condition(term=IRIS["PS"], parameters=(f"project {number}",))
            found += [months, project]
        return tuple(found)

    return [one(number) for number in range(size)]


def filled(vocabulary: Vocabulary, found: list[Consent]) -> Index:
    """An index with nothing but titles and consents."""
    index = Index(vocabulary, today=lambda: TODAY)
    index.replace(
        SearchDocument(
            id=f"d{number}",
            texts=(("title", f"exomes {number % 97}"),),
            consent=((each, People(100, 100)),),
        )
        for number, each in enumerate(found)
    )
    return index


def one_by_one(vocabulary: Vocabulary, found: list[Consent]) -> float:
    """Seconds to judge every dataset by itself, each with a matcher of its own."""
    diseases = SchemeDiseases(vocabulary.scheme("disease"))
    sample = found[:: max(1, len(found) // 2000)]
    start = time.process_time()
    for each in sample:
        Matcher(PURPOSE, diseases, TODAY).dataset([ConsentStratum(conditions=each)])
    return (time.process_time() - start) * len(found) / len(sample)


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(vocabulary: Vocabulary, size: int, *, distinct: bool) -> Iterator[str]:
    """One row of the table."""
    found = consents(vocabulary, size, distinct=distinct)
    index = filled(vocabulary, found)
    asked = SearchRequest(q="exomes", purpose=PURPOSE)
    narrowed = SearchRequest(q="exomes 5", purpose=PURPOSE, selected={"fits": ("fits",)})
    plain = seconds(lambda: index.search(SearchRequest(q="exomes")))
    first = seconds(lambda: index.search(asked))
    later = sorted(seconds(lambda: index.search(asked)) for _ in range(20))
    few = sorted(seconds(lambda: index.search(narrowed)) for _ in range(20))
    baseline = one_by_one(vocabulary, found)
    yield f"{size:>9,} {'all different' if distinct else 'as recorded':>14}"
    yield f"{len(set(found)):>10,} {baseline:>12.2f} {first:>10.2f} {baseline / first:>7.1f}x"
    yield f"{plain * 1000:>10.1f} {later[10] * 1000:>8.1f} {later[18] * 1000:>8.1f}"
    yield f"{few[10] * 1000:>8.1f} {few[18] * 1000:>8.1f}"


def main() -> None:
    """Run for each size and kind of collection."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--size", type=int, default=100_000, help="datasets")
    options = parser.parse_args()
    print(describe())
    print("CPU seconds: one by one (extrapolated from 2,000), first question; then milliseconds")
    print(
        f"{'datasets':>9} {'consents':>14} {'different':>10} {'one by one s':>12} {'first s':>10} "
        f"{'ratio':>8} {'no purp.':>10} {'p50':>8} {'p95':>8} {'few p50':>8} {'p95':>8}"
    )
    vocabulary = load(path.read_bytes() for path in sorted((ROOT / "ontologies").glob("*.ttl")))
    for distinct in (False, True):
        print(" ".join(measure(vocabulary, options.size, distinct=distinct)), flush=True)


if __name__ == "__main__":
    main()
