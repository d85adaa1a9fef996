"""Read consent from everything it arrives in, besides our own strata.

Counted are codes in a policy (`odrl:hasPolicy`), at a property that is about rights, or at DUO's
own properties, of the dataset or of a distribution. What running text, keywords and legal
purposes seem to say is kept apart as inferred: it is shown, and never decides.

Strata know best who agreed to what. What is said of the dataset as a whole is added to every
stratum where it restricts, and never where it would allow more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from catalogue.consent.cases import statements
from catalogue.consent.codes import IRIS, iri_of, names
from catalogue.model.dataset import Dataset
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCAT, DCT, DPV, DUO, OBO, ODRL, RDFS, SDO, SKOS, Iri
from catalogue.rdf import odrl
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.policy import policy
from catalogue.rdf.repair import short

POLICY = ODRL + "hasPolicy"
PERMISSION, MODIFIER = DUO + "0000001", DUO + "0000017"
RIGHTS = (
    *(DCT + name for name in ("rights", "accessRights", "license", "conformsTo")),
    *(PERMISSION, MODIFIER, POLICY, SDO + "conditionsOfAccess"),
    *(DCAT + "theme", DCT + "subject", DCT + "type"),
)
"""Where a code is a statement. A theme may be no consent, but a code of consent is."""
TOLD = (
    *(DCT + "description", DCAT + "keyword", DPV + "hasPurpose", DPV + "hasLegalBasis"),
    *(DCT + "provenance", DCT + "abstract"),
)
"""Where words or codes are information only."""
WORDS = (RDFS + "label", SKOS + "prefLabel", SKOS + "notation", DCT + "description", DCT + "title")
LINKAGE_OF_FAIR_GENOMES = OBO + "NCIT_C15424"

CODE = re.compile(
    r"(?:https?://purl\.obolibrary\.org/obo/)?(?:DUO[:_]\d{7,8}|NCIT[:_]C15424)"
    r"|(?:https?://w3id\.org/fair-genomes/resource/)?FG[:_]000074\d",
    re.IGNORECASE | re.ASCII,
)
DENIED = re.compile(
    r"\b(?:not?|never|except|unless|without|niet|geen|nooit|tenzij|zonder)\b", re.IGNORECASE
)
OTHERWISE = frozenset({"CC", "US", "IS", "PS", "RS", "COL", "GS", "TS"})
"""Short names that alone mean something else, such as a country or a licence."""
LONGEST = 20_000
"""Characters of a text that we look through."""

PHRASES: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (hint, re.compile(pattern), name)
    for hint, pattern, name in (
        ("research use", r"general research use", "GRU"),
        ("algemeen", r"algemeen (?:gebruik voor )?onderzoek", "GRU"),
        ("medical", r"health[ /-]*(?:or|and)?[ /-]*(?:bio)?medical[^.]{0,20} research", "HMB"),
        ("wetenschappelijk", r"medisch[- ]wetenschappelijk onderzoek", "HMB"),
        ("gezondheidsonderzoek", r"gezondheidsonderzoek", "HMB"),
        ("specific", r"disease[- ]specific research", "DS"),
        ("ziektespecifiek", r"ziektespecifiek", "DS"),
        ("commerc", r"non[- ]?commercial|niet[- ]commerci[eë]", "NCU"),
        ("profit", r"not[- ]for[- ]profit|non[- ]?profit", "NPU"),
        ("winst", r"zonder winstoogmerk", "NPU"),
        ("ethic", r"ethics? (?:committee )?approval", "IRB"),
        ("ethische", r"(?:medisch[- ])?ethische toetsing", "IRB"),
        ("linkage", r"no (?:record )?linkage", "NO-LINKAGE"),
        ("gekoppeld", r"niet (?:worden )?gekoppeld", "NO-LINKAGE"),
    )
)
"""A piece that is always in it, a phrase in small letters, and the term it seems to mean."""


Found = Iterator[tuple[Condition, bool]]
"""Conditions, and whether they count."""
Reader = Callable[[Graph, str, Term], Found]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a description says of consent outside our strata."""

    policies: tuple[ConsentStratum, ...] = ()
    loose: tuple[Condition, ...] = ()
    inferred: tuple[Condition, ...] = ()


def completed(dataset: Dataset, graph: Graph, subject: Node) -> Dataset:
    """The dataset with what is said of consent elsewhere in its description."""
    found = elsewhere(dataset, graph, subject)
    if found == Elsewhere():
        return dataset
    strata = joined(dataset.consent, found)
    return dataset if strata == dataset.consent else replace(dataset, consent=strata)


def elsewhere(dataset: Dataset, graph: Graph, subject: Node) -> Elsewhere:
    """Every statement of the dataset and of its distributions, outside our strata.

    Running text is only looked at when nothing else says anything.
    """
    parts = graph.objects(subject, DCAT + "distribution")
    policies: list[ConsentStratum] = []
    loose: list[Condition] = []
    inferred: list[Condition] = []
    for node in (subject, *parts):
        if isinstance(node, ox.Literal):
            continue
        policies += _policies(graph, node)
        for condition, counted in _stated(graph, node, READERS):
            (loose if counted else inferred).append(condition)
    if not (loose or policies or any(_conditions(dataset.consent))):
        inferred += [condition for condition, _ in _stated(graph, subject, GUESSES)]
    known = {each.term for each in (*loose, *_conditions((*dataset.consent, *policies)))}
    guesses = (each for each in _once(inferred) if each.term not in known)
    return Elsewhere(tuple(policies), _once(loose), tuple(guesses))


def _conditions(strata: Iterable[ConsentStratum]) -> Iterator[Condition]:
    return (condition for stratum in strata for condition in stratum.conditions)


def _once(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Each term with its parameters once; the first that states it is cited."""
    found: dict[Key, Condition] = {}
    for condition in conditions:
        for each in apart(condition):
            found.setdefault(key(each), each)
    return tuple(found.values())


def apart(condition: Condition) -> Iterator[Condition]:
    """The condition; the obsolete GRU-CC is two, of which only one widens."""
    found = names(condition.term)
    if len(found) == 1:
        yield condition
    else:
        yield from (replace(condition, term=IRIS[name]) for name in found)


Key = tuple[tuple[str, ...], tuple[str, ...]]


def key(condition: Condition) -> Key:
    """What makes two conditions the same, whoever stated them and however the term is spelt."""
    return names(condition.term), tuple(sorted(condition.parameters))


# --- joining what is said here and there ---------------------------------------------------


def joined(strata: tuple[ConsentStratum, ...], found: Elsewhere) -> tuple[ConsentStratum, ...]:
    """The strata, or the policies that give a permission, with what holds for everybody."""
    groups = strata or tuple(each for each in found.policies if _permits(each))
    known = {_keys(each) for each in groups}
    others = (each for each in found.policies if _keys(each) not in known)
    said = {key(each) for each in _conditions(groups)}
    loose = _once((*found.loose, *_conditions(others)))
    further = tuple(each for each in loose if key(each) not in said)
    if not groups:
        only = ConsentStratum(conditions=further, inferred=found.inferred)
        return (only,) if further or found.inferred else ()
    return tuple(
        replace(
            each,
            conditions=(*each.conditions, *(c for c in further if restricts(c, each))),
            inferred=(*each.inferred, *found.inferred),
        )
        for each in groups
    )


def _permits(stratum: ConsentStratum) -> bool:
    return any(odrl.is_main(each.term) for each in stratum.conditions)


def _keys(stratum: ConsentStratum) -> frozenset[Key]:
    return frozenset(map(key, stratum.conditions))


NARROWER: dict[str, frozenset[str]] = {
    "NRES": frozenset({"GRU", "HMB", "DS", "POA"}),
    "GRU": frozenset({"HMB", "DS", "POA"}),
    "HMB": frozenset({"DS"}),
}
"""For each permission those that refuse whatever it refuses, and more."""


def restricts(condition: Condition, stratum: ConsentStratum) -> bool:
    """Whether what is said of everybody may be added to a stratum.

    Conditions may. A permission may when it is narrower than those of the stratum: the two then
    disagree where the stratum alone would have said yes. Any other would allow more.
    """
    if odrl.widens(condition.term):
        return False
    if not odrl.is_main(condition.term):
        return True
    own = {name for each in stratum.conditions for name in names(each.term)} & {*odrl.MAIN}
    (name,) = names(condition.term)
    return bool(own) and all(name in NARROWER.get(each, ()) for each in own)


# --- policies --------------------------------------------------------------------------------


def _policies(graph: Graph, node: Node) -> Iterator[ConsentStratum]:
    for name in graph.predicates(node):
        if name.endswith("hasPolicy") and odrl.local(name):
            for term in graph.objects(node, name):
                if not isinstance(term, ox.Literal) and graph.about(term):
                    conditions = _once(policy(graph, term))
                    label = LangText(tuple(_titles(graph, term)))
                    if conditions:
                        yield ConsentStratum(label=label, conditions=conditions)


def _titles(graph: Graph, node: Node) -> Iterator[Text]:
    for term in graph.objects(node, DCT + "title"):
        if isinstance(term, ox.Literal) and term.value.strip():
            yield Text(term.value, term.language or "")


# --- codes at properties ---------------------------------------------------------------------


def _stated(graph: Graph, node: Node, readers: Mapping[str, Reader]) -> Found:
    for name in graph.predicates(node):
        read = readers.get(name) or (_of_property if _names_term(name) else None)
        if read:
            for term in graph.objects(node, name):
                for condition, counted in read(graph, name, term):
                    yield replace(condition, source=short(name)), counted


def _names_term(name: str) -> bool:
    return name == LINKAGE_OF_FAIR_GENOMES or name.startswith(DUO)


def _of_rights(graph: Graph, name: str, term: Term) -> Found:
    """A code as an address, in a text, or in the words of a node."""
    if isinstance(term, ox.Literal):
        yield from _of_text(term.value)
    elif isinstance(term, ox.NamedNode) and _is_code(graph, name, term):
        yield Condition(term=odrl.recognised(term.value) or Iri(term.value)), True
    elif name != POLICY:
        texts = (text for each in WORDS for text in graph.objects(term, each))
        yield from (one for text in texts for one in _of_text(text.value))


def _is_code(graph: Graph, name: str, term: ox.NamedNode) -> bool:
    """A term that we know, and one that we do not know but that can be nothing else.

    A policy that is described elsewhere says something that we cannot read, so its address
    stays as an unknown term.
    """
    if odrl.recognised(term.value) or CODE.fullmatch(term.value):
        return True
    return name in {PERMISSION, MODIFIER} or (name == POLICY and not graph.about(term))


def _of_text(text: str) -> Found:
    """A list of codes counts whole; in a sentence codes count, unless it denies something."""
    text = text[:LONGEST].strip()
    listed = _listed(text)
    if listed:
        yield from ((each, True) for each in listed)
        return
    denied = bool(DENIED.search(text))
    codes = dict.fromkeys(found[0] for found in CODE.finditer(text))
    for code in codes:
        term = odrl.recognised(code) or iri_of(code)
        yield Condition(term=term, text=text), not (denied and odrl.is_main(term))
    if not codes:
        yield from _guessed(text)


def _listed(text: str) -> tuple[Condition, ...]:
    """The conditions of a text that is nothing but codes: `HMB; GS=NL`; else none."""
    if len(text) > 500 or not text or text != text.upper():
        return ()
    found = statements(re.sub(r"\s*[;\n]\s*|\s+[+/]\s+", ";", text))
    terms = [(name, each.parameters) for each in found for name in names(each.code)]
    if not {name for name, _ in terms} <= IRIS.keys() or {name for name, _ in terms} <= OTHERWISE:
        return ()
    return tuple(Condition(term=IRIS[name], parameters=given) for name, given in terms)


def _guessed(text: str) -> Found:
    folded = text.casefold()
    for hint, pattern, name in PHRASES:
        if hint in folded and pattern.search(folded):
            yield Condition(term=IRIS[name], text=text[:300]), False


def _told(graph: Graph, _name: str, term: Term) -> Found:
    """Words and codes that are information only."""
    texts = [term.value]
    if not isinstance(term, ox.Literal):
        texts += [each.value for name in WORDS for each in graph.objects(term, name)]
    for text in texts:
        yield from ((condition, False) for condition, _ in _of_text(text))


def _of_property(_graph: Graph, name: str, term: Term) -> Found:
    """A property that is itself a term: true states it, false says nothing that we may use."""
    value = term.value.strip() if isinstance(term, ox.Literal) else ""
    code = odrl.recognised(name) or Iri(name)
    if name == LINKAGE_OF_FAIR_GENOMES:
        yield Condition(term=code, text=value or None), True
    elif value.lower() in {"true", "1"}:
        yield Condition(term=code), True
    elif value.lower() not in {"false", "0"} and not isinstance(term, ox.BlankNode):
        yield Condition(term=code, parameters=(term.value,)), True


READERS: dict[str, Reader] = dict.fromkeys(RIGHTS, _of_rights)
"""Property → how its values are read."""
GUESSES: dict[str, Reader] = dict.fromkeys(TOLD, _told)
"""The same, for what is never counted."""
