"""The same e-mail address, page or name in the spelling that a profile reads.

Health-RI asks an organisation for `foaf:mbox`, HealthDCAT-AP for a `cv:contactPoint`, GDI for
a `vcard:Kind`. What was stated in one spelling is repeated in the other. A contact of the
dataset is never made a contact of its publisher: nobody said that they are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from catalogue.namespaces import ADMS, CV, DCAT, DCT, FOAF, RDF, RDFS, SKOS, VCARD
from catalogue.rdf import values
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    adding,
    agents,
    blank,
    contacts,
    health_agents,
    lacking,
    literals,
    nodes,
    rewriting,
    text,
    triple,
)

EMAILS = (VCARD + "hasEmail", CV + "email", FOAF + "mbox")
PAGES = (CV + "contactPage", VCARD + "hasURL")
NAMES = (VCARD + "fn", FOAF + "name", VCARD + "organization-name", RDFS + "label")
LINKS = (CV + "contactPoint", DCAT + "contactPoint")

MOST_CONTACTS = 20

REGISTRY = re.compile(
    r"https?://(?:(?:www\.)?(?:ror|orcid|isni)\.org|identifier\.overheid\.nl/tooi"
    r"|standaarden\.overheid\.nl/owms|(?:www\.)?wikidata\.org|(?:www\.)?grid\.ac|d-nb\.info|viaf\.org)/.+"
)
"""Addresses that are identifiers of organisations and people."""


# --- what was stated ---------------------------------------------------------------------


def emails(graph: Graph, subject: Node) -> list[str]:
    """The e-mail addresses stated of one node, without `mailto:`."""
    found = (values.email(text(t)) for name in EMAILS for t in graph.objects(subject, name))
    return list(dict.fromkeys(address for address in found if address))


def pages(graph: Graph, subject: Node) -> list[ox.NamedNode]:
    """The contact pages stated of one node."""
    found = (t for name in PAGES for t in graph.objects(subject, name))
    return list(dict.fromkeys(t for t in found if isinstance(t, ox.NamedNode)))


def name(graph: Graph, subject: Node) -> ox.Literal | None:
    """The name of a contact or agent, in English where there is one."""
    for predicate in NAMES:
        found = literals(graph, subject, predicate)
        if found:
            return min(found, key=by_language)
    return None


def by_language(term: Term) -> tuple[int, str]:
    """Sorts English first, then Dutch, then no language, then others, then what is no text."""
    if not isinstance(term, ox.Literal):
        return 4, str(term)
    return {"en": 0, "nl": 1, "": 2}.get(term.language or "", 3), str(term)


def _of_agent(graph: Graph, agent: Node) -> list[Node]:
    """An agent, its own contacts, and theirs; a few, however many a description makes up."""
    found = [agent]
    for each in found:
        linked = (n for link in LINKS for n in nodes(graph, each, link))
        found.extend(n for n in dict.fromkeys(linked) if n not in found)
        if len(found) > MOST_CONTACTS:
            break
    return found


def _agent_emails(graph: Graph, agent: Node) -> list[str]:
    found = (address for each in _of_agent(graph, agent) for address in emails(graph, each))
    return list(dict.fromkeys(found))


# --- spellings of an agent ---------------------------------------------------------------


def _mailbox(graph: Graph, agent: Node) -> Iterator[ox.Triple]:
    found = _agent_emails(graph, agent)
    if found and not graph.objects(agent, FOAF + "mbox"):
        yield triple(agent, FOAF + "mbox", ox.NamedNode(f"mailto:{found[0]}"))


def _homepage(graph: Graph, agent: Node) -> Iterator[ox.Triple]:
    """`foaf:homePage` is a known misspelling of `foaf:homepage`."""
    if not graph.objects(agent, FOAF + "homepage"):
        for found in nodes(graph, agent, FOAF + "homePage")[:1]:
            yield triple(agent, FOAF + "homepage", found)


def _identifier(graph: Graph, agent: Node) -> Iterator[ox.Triple]:
    """What another spelling, or the agent's address in a register, says already."""
    if graph.objects(agent, DCT + "identifier"):
        return
    notations = [
        text(found)
        for each in nodes(graph, agent, ADMS + "identifier")
        for found in graph.objects(each, SKOS + "notation")
    ]
    if isinstance(agent, ox.NamedNode) and REGISTRY.fullmatch(agent.value):
        notations.append(agent.value)
    for found in sorted(filter(None, notations))[:1]:
        yield triple(agent, DCT + "identifier", ox.Literal(found))


def _contact_point(graph: Graph, agent: Node) -> Iterator[ox.Triple]:
    """A `cv:ContactPoint` with what was stated about reaching the agent."""
    given = nodes(graph, agent, CV + "contactPoint")
    known = emails(graph, agent) or pages(graph, agent)
    others = [n for n in nodes(graph, agent, DCAT + "contactPoint") if _reachable(graph, n)]
    if given:
        yield from (fact for each in given for fact in _as_contact_point(graph, each, each))
    elif others or known:
        source = others[0] if others else agent
        point = blank("contact point", agent, source)
        yield triple(agent, CV + "contactPoint", point)
        yield from _as_contact_point(graph, source, point)


def _reachable(graph: Graph, subject: Node) -> bool:
    return bool(emails(graph, subject) or pages(graph, subject))


def _as_contact_point(graph: Graph, source: Node, point: Node) -> Iterator[ox.Triple]:
    if not _reachable(graph, source):
        return
    yield triple(point, RDF + "type", ox.NamedNode(CV + "ContactPoint"))
    yield from _lacking(
        graph, point, CV + "email", [ox.Literal(each) for each in emails(graph, source)]
    )
    yield from _lacking(graph, point, CV + "contactPage", pages(graph, source))


def _lacking(
    graph: Graph, subject: Node, predicate: str, found: Iterable[Term]
) -> Iterator[ox.Triple]:
    if not graph.objects(subject, predicate):
        yield from (triple(subject, predicate, term) for term in found)


def _card(graph: Graph, agent: Node) -> Iterator[ox.Triple]:
    """A `vcard:Kind` of the agent, when both its name and an e-mail address were stated."""
    found, called = _agent_emails(graph, agent), name(graph, agent)
    if not found or called is None or graph.objects(agent, DCAT + "contactPoint"):
        return
    card = blank("card", agent)
    yield triple(agent, DCAT + "contactPoint", card)
    yield triple(card, RDF + "type", ox.NamedNode(VCARD + "Kind"))
    yield triple(card, VCARD + "fn", called)
    yield triple(card, VCARD + "hasEmail", ox.NamedNode(f"mailto:{found[0]}"))


# --- spellings of a contact --------------------------------------------------------------


def _kind(graph: Graph, contact: Node) -> Iterator[ox.Triple]:
    """VCard's words for what another vocabulary said of a contact."""
    called = name(graph, contact)
    mail = [ox.NamedNode(f"mailto:{each}") for each in emails(graph, contact)[:1]]
    yield from _lacking(graph, contact, VCARD + "fn", [called] if called else [])
    yield from _lacking(graph, contact, VCARD + "hasEmail", mail)
    yield from _lacking(graph, contact, VCARD + "hasURL", pages(graph, contact)[:1])


def unreachable(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """Name the contacts that can be reached by neither e-mail nor page."""
    lacks = [n for n in contacts(graph) if not _reachable(graph, n)]
    return graph, tuple(lacking("not-stated", n, VCARD + "hasEmail") for n in lacks)


def _bare_email(fact: ox.Triple) -> list[ox.Triple] | None:
    """HealthDCAT-AP has the e-mail address of a `cv:ContactPoint` as text."""
    found = values.email(fact.object.value) if isinstance(fact.object, ox.NamedNode) else None
    return [ox.Triple(fact.subject, fact.predicate, ox.Literal(found))] if found else None


mailboxes: Adaptation = adding(agents, _mailbox)
homepages: Adaptation = adding(agents, _homepage)
agent_identifiers: Adaptation = adding(agents, _identifier)
contact_points: Adaptation = adding(health_agents, _contact_point)
cards: Adaptation = adding(agents, _card)
kinds: Adaptation = adding(contacts, _kind)
bare_emails: Adaptation = rewriting([CV + "email"], _bare_email)
