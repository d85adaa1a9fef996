"""The privacy gate: from the exact graph to one that may be published.

Every number of people or records passes `privacy.counts`; a number below ten disappears
and its node says `gc:individualsBand gc:band-fewer-than-10` instead; a value that is no
number ("circa 7") disappears too, and so does what looks like a count in another dress.
Exact numbers stay in the register only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pyoxigraph as ox

from catalogue.model.counts import Count
from catalogue.namespaces import DCAT, DCT, GC, HDC, SKOS, SPDX, XSD
from catalogue.privacy.counts import THRESHOLD, published, steady
from catalogue.privacy.numerals import is_small, plain
from catalogue.privacy.person import holds_bsn, names_bsn
from catalogue.rdf.fields import FIELDS, Kind
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.read import FEWER_THAN_TEN, whole_number

BANDS = {
    HDC + "numberOfUniqueIndividuals": GC + "individualsBand",
    HDC + "numberOfRecords": GC + "recordsBand",
    GC + "individuals": GC + "individualsBand",
    GC + "records": GC + "recordsBand",
}
"""Each property that counts people or their records, and the band that may replace it."""

KNOWN = {name for fields in FIELDS.values() for row in fields for name in row.properties}
"""The properties of our table; what they may hold is known."""

CODES = {
    DCT + "identifier",
    SKOS + "notation",
    HDC + "hasCodeValues",
    SPDX + "checksumValue",
    DCAT + "byteSize",
}
"""Properties whose values are codes and sizes: nine digits there are no citizen's number."""

NUMERIC = {
    name
    for fields in FIELDS.values()
    for row in fields
    for name in row.properties
    if row.kind in {Kind.NUMBER, Kind.DECIMAL}
}
"""The properties of our table whose values are numbers; a text there is not published."""

NUMBERS = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine"
    r"|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)"
)
NOUNS = (
    r"(?:individuals?|persons?|people|patients?|participants?|subjects?|donors?|cases?|probands?"
    r"|children|families|trios|personen|mensen|pati[eë]nten|deelnemers|donoren|gevallen|kinderen"
    r"|gezinnen)"
)
PEOPLE = re.compile(
    rf"\b{NUMBERS}\s+(?:[^\W\d]+\s+){{0,3}}{NOUNS}\b|\b{NOUNS}\s*[:=]\s*{NUMBERS}\b", re.IGNORECASE
)
WITHHELD = "…"
SHOWN = re.compile(r"(.*) \((?:@[\w-]+|[^()\s]+:[^()\s]*)\)", re.DOTALL)
"""How a repair shows a literal: "7 (@nl)", "7 (xsd:double)"."""
QUOTED = re.compile(r'"(.*)"(?:@[\w-]+|\^\^\S+)?', re.DOTALL)
"""How a finding shows one: '"7"@nl', '"7"^^xsd:double'."""
ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})""")
KIND = re.compile(r" \((?:@[A-Za-z-]+|xsd:[A-Za-z]+)\)\Z")


SHARE = GC + "completeness"
"""The part of the people that is linked, in percent."""
PEOPLE_IN_ALL = f"|{HDC}numberOfUniqueIndividuals"
"""Where `Protected.counts` has the number of people in the whole dataset."""


def local_name(iri: str) -> str:
    """The last part of an IRI, in small letters."""
    return re.split(r"[#/:]", iri)[-1].lower()


LIKE_OURS = {local_name(name) for name in (*BANDS, HDC + "numberOfIndividuals")}


@dataclass(frozen=True, slots=True)
class Protected:
    """The public graph, what each count was and became, and what forbids publication.

    `counts` maps "place of the node in the description|property" to
    {"exact": n, "value": shown or None, "below": bound or None}; it is kept in the register
    and never shown. `concerns` are names of reasons to hold the record ("bsn").
    """

    graph: Graph
    counts: dict[str, dict[str, Any]] = field(default_factory=dict)
    concerns: tuple[str, ...] = ()


def protect(graph: Graph, subject: Node, before: Mapping[str, Any] | None = None) -> Protected:
    """Apply the gate to the description of `subject`; `before` is the last `counts`."""
    stated, hidden, kept = _sorted_out(graph)
    counts: dict[str, dict[str, Any]] = {}
    for (node, _), group in stated.items():
        kept.extend(_counted(group, _place(graph, node, subject), before or {}, counts))
        hidden.extend(group)
    gone, people = _unreachable(graph, hidden), counts.get(PEOPLE_IN_ALL, {}).get("exact")
    public = Graph(t for t in kept if t.subject not in gone and not _share_tells(t, people))
    return Protected(public, counts, tuple(_concerns(graph)))


def _sorted_out(
    graph: Graph,
) -> tuple[dict[tuple[Node, str], list[ox.Triple]], list[ox.Triple], list[ox.Triple]]:
    """The counts by node and property, what must not be shown, and everything else."""
    counts: dict[tuple[Node, str], list[ox.Triple]] = defaultdict(list)
    hidden: list[ox.Triple] = []
    kept: list[ox.Triple] = []
    for triple in graph:
        predicate = triple.predicate.value
        if predicate in BANDS:
            counts[cast(Node, triple.subject), predicate].append(triple)
        else:
            (hidden if _may_tell(triple) else kept).append(triple)
    return counts, hidden, kept


def _counted(
    group: list[ox.Triple],
    place: str,
    before: Mapping[str, Any],
    counts: dict[str, dict[str, Any]],
) -> Iterator[ox.Triple]:
    """What is published of one count; of several values the most cautious."""
    stated = [whole_number(cast(Term, triple.object)) for triple in group]
    numbers = [number for number in stated if number is not None]
    if not numbers:
        return
    exact, key = min(numbers), f"{place}|{group[0].predicate.value}"
    last = before.get(key, {})
    shown_before = Count(last["value"], last["below"]) if last else None
    now = published(exact)
    shown = steady(exact, last.get("exact"), shown_before, now)
    basis = last["exact"] if last and shown == shown_before and shown != now else exact
    counts[key] = {"exact": basis, "value": shown.value, "below": shown.below}
    yield _shown(group[0], shown)


def _shown(triple: ox.Triple, shown: Count) -> ox.Triple:
    if shown.below is not None:
        band = ox.NamedNode(BANDS[triple.predicate.value])
        return ox.Triple(triple.subject, band, ox.NamedNode(FEWER_THAN_TEN))
    number = ox.Literal(str(shown.value), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
    return ox.Triple(triple.subject, triple.predicate, number)


def _may_tell(triple: ox.Triple) -> bool:
    """Whether a statement outside our table could tell a number of people.

    A property that is spelt like one of ours, a small number under a property that we do
    not know, however it is written, or "7 individuals" outside running text.
    """
    predicate, value = triple.predicate.value, triple.object
    if predicate not in KNOWN and local_name(predicate) in LIKE_OURS:
        return True
    if isinstance(value, ox.Literal):
        return _text_tells(predicate, value.value)
    return predicate in NUMERIC


def _text_tells(predicate: str, text: str) -> bool:
    """The same of the text of a literal."""
    if predicate in KNOWN:
        return predicate in NUMERIC and not _reads_as_number(text)
    return is_small(text) or bool(PEOPLE.search(plain(text)))


def _share_tells(triple: ox.Triple, people: int | None) -> bool:
    """Whether a percentage of so many people is a number of people that must stay hidden.

    Of 250 people 1.2 % are three; 42.86 % of fewer than ten are three of seven.
    """
    if triple.predicate.value != SHARE or people is None or not _is_number(triple.object):
        return False
    share = float(getattr(triple.object, "value", ""))
    part = people * share / 100
    return 0 < share < 100 and min(part, people - part) < THRESHOLD


def _is_number(value: object) -> bool:
    return isinstance(value, ox.Literal) and _reads_as_number(value.value)


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unreachable(graph: Graph, dropped: Iterable[ox.Triple]) -> set[Node]:
    """Blank nodes that dropped statements led to, and what hangs on them."""
    waiting = [t.object for t in dropped if isinstance(t.object, ox.BlankNode)]
    gone: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in gone:
            gone.add(node)
            waiting += [t.object for t in graph.about(node) if isinstance(t.object, ox.BlankNode)]
    return gone


def _place(graph: Graph, node: Node, subject: Node) -> str:
    """What the node is about, stable over versions: its own concepts and texts, no counts."""
    if node == subject:
        return ""
    words = sorted(
        f"{t.predicate.value} {t.object}"
        for t in graph.about(node)
        if t.predicate.value not in BANDS and not isinstance(t.object, ox.BlankNode)
    )
    return "; ".join(words)


def _concerns(graph: Graph) -> Iterator[str]:
    for triple in graph:
        text = getattr(triple.object, "value", "")
        codes = triple.predicate.value in CODES or not isinstance(triple.object, ox.Literal)
        if names_bsn(text) if codes else holds_bsn(text):
            yield "bsn"
            return


def withheld(predicate: str, text: str) -> str:
    """`text` as it may stand in a public report: what was said of a count is not quoted.

    Nor is a share of the people, which may tell one, nor what the gate takes out of the graph.
    The text may be a literal as repairs and findings write it; its language or type may stay.

    >>> withheld(HDC + "numberOfUniqueIndividuals", "circa 1.315")
    '…'
    >>> withheld("https://umc.example/patients", "7 (@nl)")
    '… (@nl)'
    """
    counted = predicate in BANDS or predicate == SHARE or _is_like_ours(predicate)
    tells = counted or any(_text_tells(predicate, each) for each in (text, _bare(text)))
    return _hidden(text) if tells else text


def withheld_both(predicate: str, before: str, after: str) -> tuple[str, str]:
    """Both sides of a repair as they may stand in public; what the one tells, the other does."""
    if predicate in NUMERIC and predicate != SHARE and _reads_as_number(_bare(after)):
        return before, after  # the number of a property that we know is public, however written
    shown = withheld(predicate, before), withheld(predicate, after)
    return shown if shown == (before, after) else (_hidden(before), _hidden(after))


def _is_like_ours(path: str) -> bool:
    """Whether a property, or a way along properties, ends in one that is spelt like ours."""
    return any(local_name(each) in LIKE_OURS for each in re.split(r"[\s|()<>*+?]+", path))


def _bare(text: str) -> str:
    """The text of a literal without the marks by which a report shows what it is."""
    found = SHOWN.fullmatch(text) or QUOTED.fullmatch(text)
    return ESCAPE.sub(" ", found[1]) if found else text


def _hidden(text: str) -> str:
    """Nothing stays nothing; of anything else at most its language or type is told."""
    found = KIND.search(text)
    return f"{WITHHELD}{found[0] if found else ''}" if text else ""
