"""Read descriptions out of a SPARQL endpoint.

There is no standard for listing what an endpoint holds, and stores cut answers off without
saying so (Virtuoso at 10,000 rows, say). So everything is counted: the datasets before and
after they are listed, and the triples of each answer. What is less than counted is asked for
again in smaller portions, and reported when that does not help; such a run is partial, and a
partial run removes nothing.

Lists are read in portions by their last IRI, never by number (`OFFSET`), so that what is
added or removed meanwhile makes nothing slip between two portions. What belongs to a dataset
is collected by following its properties and blank nodes to a fixed depth; `DESCRIBE` means
something else in every store and is not used. A dataset that is a blank node gets a stable
IRI of ours, as in any other protocol, but can only be read together with all others.

Some endpoints keep each record in a named graph of its own and say so (`?graph
foaf:primaryTopic ?dataset`), as this catalogue does. Such a graph is read as it is: in the
union of all graphs, two records that speak of one organisation would get each other's words.

Stores keep numbers and moments by value and forget how they were written (`"083"`, `"80.0"`);
what comes out of them is the same value, in the store's spelling.

SPARQLWrapper makes the requests; the guarded session sends them.

Options of a source:

* `graph`: IRI of the named graph to read; otherwise what the endpoint takes by itself;
* `query`: which datasets, as a graph pattern or a `SELECT` that binds `?dataset`, with the
  usual prefixes: `?dataset a dcat:Dataset ; dct:publisher <https://umc.example/>`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import pyoxigraph as ox
from SPARQLWrapper import GET, POST, SPARQLWrapper

from catalogue.errors import FetchFailed, NotRdf, SourceError
from catalogue.ingest.dense import JSON_MARKS, refuse_dense
from catalogue.ingest.resume import Plan, utc_now
from catalogue.ingest.source import Document, Item, Mark, Missed, Received, Resumed, Source, Web
from catalogue.namespaces import PREFIXES, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.split import FOLLOWED

LISTED_AT_ONCE: Final = 1000
READ_AT_ONCE: Final = 50
TARGETS_AT_ONCE: Final = 200
DEPTH: Final = 4
"""So many steps from a dataset: distribution, its service, the service's publisher, its address."""
GET_LENGTH: Final = 1500
"""Longer questions are posted: servers and proxies refuse long addresses."""
MOST_FAILURES: Final = 20

ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.6"
FORM: Final = "application/x-www-form-urlencoded"
DATASET: Final = re.compile(r"[?$]dataset\b")
MEMBERS: Final = ("dataset", "record", "resource", "service", "catalog")
_BREAKING: Final = re.compile(r"[<>\x00-\x1f]")
"""What would end an address in N-Quads before its end."""
_NO_TAG: Final = re.compile(r"[^0-9A-Za-z-]")

Clock = Callable[[], datetime]


def harvest(
    source: Source,
    web: Web,
    *,
    listed_at_once: int = LISTED_AT_ONCE,
    read_at_once: int = READ_AT_ONCE,
    now: Clock = utc_now,
) -> Iterator[Item]:
    """Catalogs, series and datasets, in portions. Raises `SourceError` when nobody answers."""
    endpoint = _Endpoint(source, web)
    reading = _Reading(endpoint, read_at_once)
    plan = Plan.of(web.remembered, now())
    kinds = _kinds(source)
    first = min(int(plan.place.get("kind", 0)), len(kinds) - 1)
    lists = [_List(endpoint, kind, listed_at_once) for kind in kinds[first:]]
    lists[0].resume(plan.place)
    lists[0].count()
    if plan.place:
        yield Resumed()
    walk = _Walk(reading, plan, marked=bool(plan.place))
    for number, each in enumerate(lists, start=first):
        yield from walk.through(each, number)
    yield from walk.blank(kinds[-1])
    yield from walk.end()


# --- questions ---------------------------------------------------------------------------
# They are put together here and not kept in files, because depth and selection vary; terms
# are written by pyoxigraph, so that no IRI of a source can break out of its place.


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is listed: a name for messages, and the pattern that binds `?dataset`."""

    name: str
    pattern: str


def _kinds(source: Source) -> tuple[_Kind, ...]:
    """Catalogs come first: a dataset without publisher has that of its catalog."""
    chosen = source.options.get("query")
    return (
        _Kind("catalogs", "?dataset a dcat:Catalog"),
        _Kind("series", "?dataset a dcat:DatasetSeries"),
        _Kind("datasets", chosen or "?dataset a dcat:Dataset"),
    )


def with_prefixes(question: str) -> str:
    r"""The question with the prefixes that it uses.

    >>> with_prefixes("ASK { ?x a dcat:Dataset }")
    'PREFIX dcat: <http://www.w3.org/ns/dcat#>\nASK { ?x a dcat:Dataset }'
    """
    used = (f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items() if f"{p}:" in question)
    return "".join(used) + question


def count_question(pattern: str, test: str = "isIRI") -> str:
    """Ask how many there are."""
    return (
        "SELECT (COUNT(DISTINCT ?dataset) AS ?number) WHERE { "
        f"{{ {pattern} }} FILTER({test}(?dataset)) }}"
    )


def list_question(pattern: str, after: str, limit: int) -> str:
    """Ask which ones come after this IRI."""
    return (
        f"SELECT DISTINCT ?dataset WHERE {{ {{ {pattern} }} "
        f"FILTER(isIRI(?dataset) && STR(?dataset) > {ox.Literal(after)}) }} "
        f"ORDER BY STR(?dataset) LIMIT {limit}"
    )


def closure(start: str) -> str:
    """The pattern of all triples about `?n0`, which `start` binds, and its blank nodes."""
    return " UNION ".join(_at_depth(start, depth) for depth in range(DEPTH + 1))


def _at_depth(start: str, depth: int) -> str:
    """The triples so many blank nodes away. Virtuoso does not bear `BIND` in a union."""
    names = [*(f"?n{step}" for step in range(depth)), "?s"]
    steps = "".join(
        f" {here} ?q{step} {there} . FILTER(isBlank({there}))"
        for step, (here, there) in enumerate(pairwise(names))
    )
    members = ", ".join(f"dcat:{name}" for name in MEMBERS)
    left_out = "" if depth else f" FILTER(?p NOT IN ({members}))"
    return f"{{ {start.replace('?n0', names[0])}{steps} ?s ?p ?o .{left_out} }}"


def read_question(pattern: str) -> str:
    """Ask for all triples of a pattern, each once: that is also how stores answer fastest."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {_triples(pattern)} }} }}"


def size_question(pattern: str, more: str = "") -> str:
    """Ask how many triples a pattern has; `more` names variables that count as well."""
    return f"SELECT (COUNT(*) AS ?number) WHERE {{ {{ {_triples(pattern, more)} }} }}"


def _triples(pattern: str, more: str = "") -> str:
    return f"SELECT DISTINCT {more}?s ?p ?o WHERE {{ {pattern} }}"


def membership_question(iris: Iterable[str]) -> str:
    """Ask in which catalogs these stand."""
    return (
        f"SELECT DISTINCT ?dataset ?catalog WHERE {{ {_values('dataset', iris)} "
        "?catalog dcat:dataset ?dataset . FILTER(isIRI(?catalog)) }"
    )


def topic_question(iris: Iterable[str]) -> str:
    """Ask which named graphs say that they are about these, and hold them."""
    return (
        f"SELECT DISTINCT ?dataset ?graph WHERE {{ {_values('dataset', iris)} "
        "?graph foaf:primaryTopic ?dataset . GRAPH ?graph { ?dataset a ?kind } }"
    )


def graphs_pattern(graphs: Iterable[str]) -> str:
    """The pattern of all triples of some named graphs, without the datasets of a catalog."""
    return f"{_values('graph', graphs)} GRAPH ?graph {{ ?s ?p ?o }} FILTER(?p != dcat:dataset)"


def _values(name: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{name} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"


# --- the endpoint ------------------------------------------------------------------------


class _Request(SPARQLWrapper):
    """Puts a question into the words of the SPARQL protocol; never opens a connection.

    Text and kind are set by us: the library would guess the kind with costly patterns.
    """

    def __init__(self, url: str, question: str, graph: str | None) -> None:
        super().__init__(url)
        self.queryString = with_prefixes(question)
        self.queryType = question.partition(" ")[0]
        self.setOnlyConneg(True)
        if graph:
            self.addDefaultGraph(graph)

    def send(self, web: Web, accept: str) -> Document:
        """Short questions in the address, long ones as a form."""
        self.setMethod(GET)
        address = self._createRequest().full_url
        if len(address) <= GET_LENGTH:
            return web.get(address, accept=accept)
        self.setMethod(POST)
        request = self._createRequest()
        body = request.data if isinstance(request.data, bytes) else b""
        return web.post(request.full_url, body, content_type=FORM, accept=accept)

    def _query(self) -> Any:
        raise AssertionError("only the guarded session sends requests")


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Asks one endpoint. Every failure raises `SourceError`."""

    source: Source
    web: Web

    def number(self, question: str) -> int:
        """The answer to a question that counts."""
        rows = self.rows(question)
        try:
            return int(rows[0]["number"])
        except (IndexError, KeyError, ValueError) as error:
            raise self._odd("does not count") from error

    def rows(self, question: str) -> list[dict[str, str]]:
        """The rows of an answer: each variable's value, without its kind."""
        return self._read(self._ask(question, ROWS), lambda term: _text(term["value"]))

    def graphs(self, question: str) -> tuple[Document, int, Mapping[str, Graph]]:
        """The answer to a question for `?graph ?s ?p ?o`, its rows, and the graphs by name."""
        document = self._ask(question, ROWS)
        rows = self._read(document, written_term)
        try:
            lines = "".join(f"{r['s']} {r['p']} {r['o']} {r['graph']} .\n" for r in rows)
            quads = replace(document, content=lines.encode(), media_type="application/n-quads")
            return document, len(rows), self.web.parse_graphs(quads)
        except KeyError as error:
            raise self._odd("leaves out what was asked for") from error
        except NotRdf as error:
            raise self._told(error) from error

    def _read(self, document: Document, read: Callable[[Any], str]) -> list[dict[str, str]]:
        try:
            refuse_dense(document, JSON_MARKS)
            bindings = json.loads(document.content)["results"]["bindings"]
            return [{name: read(term) for name, term in row.items()} for row in bindings]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._odd("does not answer with SPARQL results in JSON") from error

    def graph(self, question: str) -> tuple[Document, Graph]:
        """The triples of an answer, and the answer itself."""
        document = self._ask(question, TRIPLES)
        try:
            return document, self.web.parse(document)
        except NotRdf as error:
            raise self._told(error) from error

    def _ask(self, question: str, accept: str) -> Document:
        request = _Request(self.source.url, question, self.source.options.get("graph"))
        try:
            return request.send(self.web, accept)
        except (FetchFailed, NotRdf) as error:
            raise self._told(error) from error

    def _told(self, error: FetchFailed | NotRdf) -> SourceError:
        """The same failure by the name of the endpoint, without the question.

        A 404 or 403 of an endpoint is no record that is gone, nor a draft.
        """
        url = self.source.url
        message = f"{url}: {str(error).removeprefix(f'{error.url}: ')}"
        if isinstance(error, NotRdf):
            return NotRdf(message, url=url)
        status = None if error.status in {404, 410} else error.status
        return FetchFailed(message, url=url, status=status)

    def _odd(self, what: str) -> NotRdf:
        url = self.source.url
        return NotRdf(f"{url}: {what}; is it a SPARQL endpoint?", url=url)


# --- lists -------------------------------------------------------------------------------


@dataclass(slots=True)
class _List:
    """The IRIs of one kind, in portions, and whether they are as many as were counted."""

    endpoint: _Endpoint
    kind: _Kind
    at_once: int
    after: str = ""
    listed: int = 0
    _least: int | None = None

    def resume(self, state: Mapping[str, Any]) -> None:
        """Go on after what an earlier run listed."""
        self.after = str(state.get("after", ""))
        self.listed = int(state.get("listed", 0))

    def count(self) -> None:
        """Count; what was counted before and is less now may have been removed meanwhile."""
        counted = self.endpoint.number(count_question(self.kind.pattern))
        self._least = counted if self._least is None else min(self._least, counted)

    def batches(self) -> Iterator[list[str]]:
        """Some IRIs at a time; `after` and `listed` include those that were given.

        Asks on until an answer is empty: a store may give fewer rows than were asked for.
        """
        if self._least is None:
            self.count()
        while portion := self._next():
            for start in range(0, len(portion), READ_AT_ONCE):
                batch = portion[start : start + READ_AT_ONCE]
                self.after = batch[-1]
                self.listed += len(batch)
                yield batch
        self.count()

    def shortage(self) -> SourceError | None:
        """When fewer were listed than there are, after `portions`."""
        if self._least is None or self.listed >= self._least:
            return None
        url = self.endpoint.source.url
        return FetchFailed(
            f"{url}: counts {self._least} {self.kind.name} and lists only {self.listed}", url=url
        )

    def _next(self) -> list[str]:
        question = list_question(self.kind.pattern, self.after, self.at_once)
        found = [row["dataset"] for row in self.endpoint.rows(question) if "dataset" in row]
        if self.after in found:
            raise FetchFailed(
                f"{self.endpoint.source.url}: lists {self.after} again and again",
                url=self.endpoint.source.url,
            )
        return found


# --- descriptions ------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """Reads descriptions in batches, smaller ones when an answer was cut off or too late."""

    endpoint: _Endpoint
    at_once: int

    def batch(self, iris: Sequence[str]) -> Iterator[Received | Missed]:
        """Each of them, described or missed; nobody can ask for what is no IRI."""
        for odd in (iri for iri in iris if not is_iri(iri)):
            reason = NotRdf(f"{self.endpoint.source.url}: lists {odd!r}, which is no IRI", url=odd)
            yield Missed(url=odd, reason=reason)
        waiting = [iri for iri in iris if is_iri(iri)]
        while waiting:
            batch = waiting[: self.at_once]
            try:
                found = list(self._received(batch))
            except SourceError as error:
                if len(batch) > 1:
                    self.at_once = len(batch) // 2
                    continue
                found = [Missed(url=batch[0], reason=error)]
            yield from found
            del waiting[: len(batch)]

    def _received(self, iris: Sequence[str]) -> Iterator[Received | Missed]:
        """Those with a graph of their own one by one, the others together."""
        catalogs, graphs = self._catalogs(iris), self._graphs(iris)
        yield from self._one_by_one(graphs, catalogs)
        if others := [iri for iri in iris if iri not in graphs]:
            yield from self._together(others, catalogs)

    def _one_by_one(
        self, graphs: Mapping[str, str], catalogs: Mapping[str, Iri | None]
    ) -> Iterator[Received | Missed]:
        """What the graph of each says. Raises `FetchFailed` when the answer was cut off."""
        if not graphs:
            return
        document, found = self._contents(graphs.values())
        for iri, name in graphs.items():
            graph = found.get(name, Graph())
            if not graph.types(ox.NamedNode(iri)):
                yield _undescribed(iri)
                continue
            yield Received(
                url=self.endpoint.source.url,
                documents=(document,),
                subjects=(Iri(iri),),
                catalog=catalogs[iri],
                graph=graph,
            )

    def _contents(self, names: Iterable[str]) -> tuple[Document, Mapping[str, Graph]]:
        """The triples of some named graphs, by the name of the graph."""
        pattern = graphs_pattern(names)
        counted = self.endpoint.number(size_question(pattern, "?graph "))
        document, given, found = self.endpoint.graphs(_triples(pattern, "?graph "))
        self._check_whole(counted, given)
        return document, found

    def _check_whole(self, counted: int, given: int) -> None:
        if given < counted:
            url = self.endpoint.source.url
            raise FetchFailed(
                f"{url}: has {counted} triples to give and gives only {given}", url=url
            )

    def _graphs(self, iris: Sequence[str]) -> dict[str, str]:
        """The named graph of each that has exactly one, which is about nothing else."""
        if self.endpoint.source.options.get("graph"):
            return {}
        rows = [row for row in self.endpoint.rows(topic_question(iris)) if _names_both(row, iris)]
        by_record = Counter(row["dataset"] for row in rows)
        by_graph = Counter(row["graph"] for row in rows)
        return {
            row["dataset"]: row["graph"]
            for row in rows
            if by_record[row["dataset"]] == by_graph[row["graph"]] == 1
        }

    def _together(
        self, iris: Sequence[str], catalogs: Mapping[str, Iri | None]
    ) -> Iterator[Received | Missed]:
        documents, graph = self.described(_values("n0", iris), iris)
        typed = {iri for iri in iris if graph.types(ox.NamedNode(iri))}
        for catalog in sorted({catalogs[iri] for iri in iris}, key=str):
            members = tuple(Iri(iri) for iri in iris if catalogs[iri] == catalog and iri in typed)
            if members:
                yield Received(
                    url=self.endpoint.source.url,
                    documents=documents,
                    subjects=members,
                    catalog=catalog,
                    graph=graph,
                )
        for iri in iris:
            if iri not in typed:
                yield _undescribed(iri)

    def _catalogs(self, iris: Sequence[str]) -> dict[str, Iri | None]:
        """The catalog of each; of several, the first by its IRI."""
        found: dict[str, Iri | None] = dict.fromkeys(iris)
        for row in self.endpoint.rows(membership_question(iris)):
            dataset, catalog = row.get("dataset", ""), row.get("catalog", "")
            if dataset not in found or not is_iri(catalog):
                continue
            first = min(filter(None, (found.get(dataset), catalog)), default="")
            found[dataset] = Iri(first) if first else None
        return found

    def described(
        self, start: str, asked: Iterable[str] = ()
    ) -> tuple[tuple[Document, ...], Graph]:
        """What is said about whatever `start` binds, and about what that leads to."""
        known = set(asked)
        documents, graph = self._whole(start)
        for _ in range(DEPTH - 1):
            targets = sorted(_targets(graph) - known)
            known.update(targets)
            for first in range(0, len(targets), TARGETS_AT_ONCE):
                portion = targets[first : first + TARGETS_AT_ONCE]
                more, found = self._whole(_values("n0", portion))
                documents, graph = [*documents, *more], Graph([*graph, *found])
        return tuple(documents), graph

    def _whole(self, start: str) -> tuple[list[Document], Graph]:
        """All triples of a closure. Raises `FetchFailed` when the answer was cut off."""
        pattern = closure(start)
        counted = self.endpoint.number(size_question(pattern))
        if counted == 0:
            return [], Graph()
        document, graph = self.endpoint.graph(read_question(pattern))
        self._check_whole(counted, len(graph))
        return [document], graph


def _undescribed(iri: str) -> Missed:
    return Missed(url=iri, reason=NotRdf(f"{iri}: listed, but not described", url=iri))


def _names_both(row: Mapping[str, str], iris: Sequence[str]) -> bool:
    return row.get("dataset", "") in iris and is_iri(row.get("graph", ""))


def written_term(term: Any) -> str:
    """A term of SPARQL results in JSON as N-Quads; whether it is right, its parser says."""
    value = _text(term["value"])
    if term["type"] == "uri":
        return f"<{_BREAKING.sub(_escaped, value)}>"
    if term["type"] == "bnode":
        return f"_:b{value.encode().hex()}"
    if tag := term.get("xml:lang"):
        return f"{ox.Literal(value)}@{_NO_TAG.sub('-', _text(tag))}"
    if kind := term.get("datatype"):
        return f"{ox.Literal(value)}^^<{_BREAKING.sub(_escaped, _text(kind))}>"
    return str(ox.Literal(value))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04X}"


def _targets(graph: Graph) -> set[str]:
    """The IRIs that belong to a description and may be described themselves."""
    return {
        triple.object.value
        for triple in graph
        if isinstance(triple.object, ox.NamedNode) and triple.predicate.value in FOLLOWED
    }


# --- one run -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """Through the lists, with a mark after every batch."""

    reading: _Reading
    plan: Plan
    failures: int = 0
    broken: bool = False
    marked: bool = False

    def through(self, each: _List, number: int) -> Iterator[Item]:
        """All of one kind; its list breaks off, or is too short, with a `Missed`."""
        try:
            for batch in each.batches():
                yield from self._batch(batch)
                yield self._mark(each, number)
        except SourceError as error:
            self.broken = True
            yield Missed(url=each.endpoint.source.url, reason=error)
            return
        if (shortage := each.shortage()) is not None:
            yield Missed(url=each.endpoint.source.url, reason=shortage)

    def blank(self, kind: _Kind) -> Iterator[Item]:
        """Datasets without an IRI, which can only be had all together."""
        endpoint = self.reading.endpoint
        try:
            if endpoint.number(count_question(kind.pattern, "isBlank")) == 0:
                return
            start = f"{{ {DATASET.sub('?n0', kind.pattern)} }} FILTER(isBlank(?n0)) "
            documents, graph = self.reading.described(start)
        except SourceError as error:
            yield Missed(url=endpoint.source.url, reason=_nameless(error))
            return
        yield Received(url=endpoint.source.url, documents=documents, graph=graph)

    def end(self) -> Iterator[Mark]:
        """Nothing to go on with; the last mark stays when the endpoint broke off."""
        if self.marked and not self.broken:
            yield self.plan.done()

    def _batch(self, batch: Sequence[str]) -> Iterator[Received | Missed]:
        for item in self.reading.batch(batch):
            yield item
            if isinstance(item, Missed) and not is_iri(item.url):
                continue
            self.failures = self.failures + 1 if isinstance(item, Missed) else 0
            if self.failures >= MOST_FAILURES:
                url = self.reading.endpoint.source.url
                raise FetchFailed(
                    f"{url}: the last {self.failures} records could not be read, and the rest "
                    "was not asked for",
                    url=url,
                )

    def _mark(self, each: _List, number: int) -> Mark:
        self.marked = True
        return self.plan.at(kind=number, after=each.after, listed=each.listed)


def is_iri(text: str) -> bool:
    """Whether a store can be asked for this by name; some list IRIs with spaces.

    >>> is_iri("https://umc.example/d/1"), is_iri("https://umc.example/d 1"), is_iri("1")
    (True, False, False)
    """
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _text(value: object) -> str:
    """A value that can be written again. Raises `TypeError` or `ValueError`."""
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()
    return value


def _nameless(error: SourceError) -> SourceError:
    """The reason, with what the holder could do about it."""
    url = error.url or ""
    return FetchFailed(
        f"{error} (these datasets are blank nodes; with an IRI each they could be read)", url=url
    )
