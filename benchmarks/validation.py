"""How fast descriptions are checked, as ratios to pySHACL: `python benchmarks/validation.py`.

Four ways to check the same descriptions against every profile in `shapes/`:

* naive: rdflib reads the Turtle, pySHACL reads the shapes from a file, for every description;
* once: pySHACL, shapes read once, descriptions already parsed (our fallback and judge);
* compiled: our evaluator in this process, from parsed description to report;
* service: the `Validator`, with its child processes and pipes, from parsed description to report.

The first two are slow and run on a sample; the verdicts of all four must be the same.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from machine import describe
from pyshacl import validate

from catalogue.rdf.graph import Graph
from catalogue.validation.engine import Engine
from catalogue.validation.explain import Explainer
from catalogue.validation.profile import Profile, profiles
from catalogue.validation.reference import Reference
from catalogue.validation.report import Report, report
from catalogue.validation.validate import Validator
from catalogue.validation.view import View

SHAPES = Path(__file__).parents[1] / "shapes"
FIVE = ("health-ri-core-2", "healthdcat-ap-8", "dcat-ap-3", "dcat-ap-nl-3", "gdi-1")
Item = tuple[str, bytes, Graph]


def main() -> None:
    """Run everything and print one table."""
    options = _options()
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    items = descriptions(options.records)
    sample = items[:: max(1, len(items) // options.sample)][: options.sample]
    print(describe(), f"{len(items)} descriptions, {len(sample)} in the sample", sep="\n")
    print("milliseconds for one description, and how many times faster than naive\n")
    print(f"{'profile':20}{'naive':>9}{'once':>9}{'compiled':>10}{'service':>9}")
    known = profiles(options.profiles)
    with Validator(options.profiles, children=options.children) as service:
        service.validate_all([(iri, graph) for iri, _, graph in items[:10]], list(known))
        rows = {key: _row(profile, items, sample, service) for key, profile in known.items()}
        _print_row("all profiles", [sum(column) for column in zip(*rows.values(), strict=True)])
        _print_together("all profiles", list(known), rows, items, service)
        _print_together("five official profiles", [*FIVE], rows, items, service)


def _print_together(
    name: str,
    keys: list[str],
    rows: dict[str, list[float]],
    items: Sequence[Item],
    service: Validator,
) -> None:
    """Several profiles asked for in one call, against pySHACL one by one."""
    if not set(keys) <= set(rows):
        return
    together, naive = _together(items, service, keys), sum(rows[key][0] for key in keys)
    print(
        f"{name} in one call to the service: {together:.2f} ms, {naive / together:.0f} × naive; "
        f"{len(items)} descriptions in {together * len(items) / 1000:.1f} s "
        f"(naive: {naive * len(items) / 1000:.0f} s, from the sample)"
    )


def _row(
    profile: Profile, items: list[Item], sample: list[Item], service: Validator
) -> list[float]:
    """Milliseconds for one description, each way; the verdicts are compared."""
    engine, judge, explainer = Engine(profile), Reference(profile.shapes), Explainer(profile.shapes)

    def once(item: Item) -> Report:
        view = View(item[2])
        found = (explainer.finding(view, result) for result in judge.results(item[2]))
        return report(profile.key, found, profile.default)  # which these descriptions state

    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        file.write(ox.serialize(profile.shapes, format=ox.RdfFormat.TURTLE) or b"")
        file.flush()
        naive_ms, naive = _each(sample, lambda item: _naive(file.name, item))
    once_ms, judged = _each(sample, once)
    compiled_ms, ours = _each(items, lambda item: engine.report(item[0], item[2]))
    service_ms, served = _whole(items, service, profile.key)
    of_sample = [engine.report(item[0], item[2]) for item in sample]
    if ours != served or judged != of_sample or naive != [bool(r.findings) for r in of_sample]:
        raise SystemExit(f"{profile.key}: the verdicts differ")
    row = [naive_ms, once_ms, compiled_ms, service_ms]
    _print_row(profile.key, row)
    return row


def _naive(shapes: str, item: Item) -> bool:
    """Whether pySHACL finds anything, reading all it needs each time."""
    data = rdflib.Graph().parse(data=item[1], format="turtle")
    return not validate(data, shacl_graph=shapes, inplace=True)[0]


def _each(items: Sequence[Item], check: Callable[[Item], Any]) -> tuple[float, list[Any]]:
    times, answers = [], []
    for item in items:
        start = time.perf_counter()
        answers.append(check(item))
        times.append(time.perf_counter() - start)
    return statistics.fmean(times) * 1000, answers


def _whole(items: Sequence[Item], service: Validator, key: str) -> tuple[float, list[Report]]:
    start = time.perf_counter()
    reports = service.validate([(iri, graph) for iri, _, graph in items], key)
    return (time.perf_counter() - start) * 1000 / len(items), reports


def _together(items: Sequence[Item], service: Validator, keys: list[str]) -> float:
    """Milliseconds for one description against several profiles, asked for in one call."""
    start = time.perf_counter()
    service.validate_all([(iri, graph) for iri, _, graph in items], keys)
    return (time.perf_counter() - start) * 1000 / len(items)


def _print_row(name: str, row: list[float]) -> None:
    naive, once, compiled, service = row
    ratios = (
        f"once {naive / once:.1f}  compiled {naive / compiled:.0f}  service {naive / service:.0f}"
    )
    print(f"{name:20}{naive:8.1f} {once:8.1f} {compiled:9.2f} {service:8.2f}   {ratios}")


def descriptions(number: int) -> list[Item]:
    """Datasets of about a hundred triples, a third of them with a fault; the same every time."""
    chance = random.Random(7)
    parts = [SHAPES / "health-ri-core-2/examples/valid/dataset.ttl"]
    parts.append(SHAPES / "genome-inventory-1/examples/valid/complete.ttl")
    triples = [quad.triple for part in parts for quad in _parsed(part)]
    return [_description(triples, place, chance) for place in range(number)]


def _parsed(path: Path) -> Any:
    return ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)


def _description(triples: list[ox.Triple], place: int, chance: random.Random) -> Item:
    faults = set(chance.sample(range(len(triples)), 2)) if chance.random() < 1 / 3 else set()
    kept = [triple for number, triple in enumerate(triples) if number not in faults]
    iri = f"https://umc.example/dataset/{place}"
    text = Graph(kept).n_triples().replace(b"https://umc.example/dataset/exomes", iri.encode())
    graph = Graph.from_n_triples(text)
    return iri, ox.serialize(graph, format=ox.RdfFormat.TURTLE) or b"", graph


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=12, help="for the slow ways")
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--profiles", type=Path, default=SHAPES, help="folder of profiles")
    return parser.parse_args()


if __name__ == "__main__":
    main()
