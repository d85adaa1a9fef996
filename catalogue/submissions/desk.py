"""Where stewards hand in descriptions: made, changed, published, withdrawn, deleted.

What is handed in goes by the same road as a harvest. A draft may be poor and is told so; below
the minimum nothing is published, and a text with somebody's service number is not even kept.
Only the organisation that made a description, or an admin who looks, sees it before it is
public; what the public sees has its small counts withheld.
"""

from __future__ import annotations

import base64
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyoxigraph as ox

from catalogue.accounts.permissions import Account, Action, may
from catalogue.errors import BadRequest, Gone, NotFound
from catalogue.ingest.check import Tools
from catalogue.ingest.pipeline import (
    CONCERNS,
    GATE,
    READERS,
    Found,
    Pipeline,
    holder_of,
    slug_of,
)
from catalogue.model.source import Source
from catalogue.model.text import LangText, Text
from catalogue.namespaces import ADMS, DCT, FOAF, RDFS, SKOS, Iri
from catalogue.rdf.confine import Others, confined, own_of
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import LENGTH, Home, identifier, record_iri, rehome
from catalogue.rdf.split import Description
from catalogue.register.incoming import Draft
from catalogue.register.records import Holder, Published, Record, State
from catalogue.register.register import Register
from catalogue.register.submitted import (
    DELETED,
    PROTOCOL,
    TAKEN_BACK,
    Phase,
    Reading,
    Submission,
    Submissions,
    Write,
)
from catalogue.register.writer import Writer
from catalogue.submissions.intake import (
    Before,
    Place,
    called,
    parts_of,
    record_of,
    with_part,
    written,
)
from catalogue.submissions.states import NAMES, Conflict, Invalid, NotAllowed
from catalogue.validation.report import Report

TOLD = (GATE, "genome-inventory-1")
"""The profiles whose reports a writer gets with each change."""
NAMED = (FOAF + "name", SKOS + "prefLabel", RDFS + "label")
"""How an agent is named."""
LONGEST_SLUG = 64
MOST_PARENTS = 20
"""Catalogs in which one description may stand."""
ACTIONS = {Phase.PUBLISHED: "record-published", Phase.DRAFT: "record-withdrawn"}
PARENTS = {"catalog": "", "dataset": "catalog", "series": "catalog", "distribution": "dataset"}
"""In what each kind of description stands; a catalog stands in the catalogue itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Bytes that a steward sent. `here` are beginnings of addresses that mean this catalogue."""

    content: bytes
    media_type: str | None = None
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A description that was kept, and what the profiles say of it."""

    submission: Submission
    reports: tuple[Report, ...] = ()


class Submitting:
    """Takes in what stewards write. `start` makes the tools when they are first needed."""

    def __init__(self, register: Register, kept: Submissions, start: Callable[[], Tools]) -> None:
        self._register, self._kept, self._start = register, kept, start
        self._writer = Writer(register.engine, kept.now)
        self._base = register.base
        self._tools: Tools | None = None
        self._process = 0
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the tools of this process; later work starts new ones."""
        with self._lock:
            started, self._tools = self._tools, None
        if started is not None and self._process == os.getpid():
            started.close()

    # looking

    def find(self, kind: str, identifier: str, account: Account) -> Submission:
        """What was written here under this address, as far as `account` may know of it.

        Raises `NotFound`, `Gone` for what was public once, or `NotAllowed`.
        """
        found = self._kept.get(identifier)
        if found is None or found.kind != kind:
            if self._kept.owner(kind, identifier):
                raise NotAllowed("this description is harvested; change it at its source")
            raise _never_written(kind, identifier)
        if found.state is Phase.DELETED or not self._sees(found, account):
            self._refuse_hidden(found)
        return found

    def _refuse_hidden(self, of: Submission) -> None:
        """Raises unless it is public: `Gone` when it was, else as if it never had been."""
        try:
            if of.kind == "distribution":
                self._register.dataset_of_distribution(of.id)
            else:
                self._register.get(of.kind, of.id)
        except Gone:
            raise
        except NotFound:
            raise _never_written(of.kind, of.id) from None

    def _sees(self, of: Submission, account: Account) -> bool:
        return may(account, Action.SEE_DRAFTS, of.organisation)

    def owner(self, kind: str, identifier: str) -> str | None:
        """The organisation that answers for a description; `None` when there is none such."""
        found = self._kept.get(identifier)
        if found is not None and found.kind == kind:
            return None if found.state is Phase.DELETED else found.organisation
        return self._kept.owner(kind, identifier)

    def own(self, kind: str, identifier: str, account: Account | None) -> Submission | None:
        """What was written here under this address, for whoever may see drafts of it."""
        if account is None:
            return None
        found = self._kept.get(identifier)
        if found is None or found.kind != kind or found.state is Phase.DELETED:
            return None
        return found if may(account, Action.SEE_DRAFTS, found.organisation) else None

    def shown(self, own: Submission) -> Published:
        """A description as its writer left it, under our names, with exact counts."""
        dataset = self._kept.get(own.parent) if own.kind == "distribution" else None
        of = dataset or own
        graph, _ = rehome(
            self._confined(of, [own] if dataset else self._public_parts(of)).graph,
            ox.NamedNode(of.subject),
            kind=of.kind,
            source=of.source,
            base=self._base,
            catalog=self._catalog(of),
            at=Home(of.id, of.parent or None),
        )
        graph = self._ours_only(graph, of)
        iri = record_iri(self._base, of.kind, of.id)
        value = READERS[of.kind](graph, ox.NamedNode(iri))
        holder = holder_of(value.publisher) or self._holder_of_catalog(of) or self._usual(of)
        return Published(record=self._record(of, own, holder), value=value, graph=graph)

    def children(self, of: Submission) -> list[Submission]:
        """What was written here and stands in it."""
        return self._kept.children(of.id)

    def of_source(self, source: str) -> list[Submission]:
        """Everything that was written here under a source, drafts included."""
        return self._kept.of_source(source)

    def _record(self, of: Submission, own: Submission, holder: Holder) -> Record:
        public = of.public and own.public
        return Record(
            id=of.id,
            kind=of.kind,
            iri=record_iri(self._base, of.kind, of.id),
            source=of.source,
            source_iri=Iri(of.subject),
            state=State.PUBLISHED if public else State.HELD,
            version=of.number,
            first_seen=own.created,
            last_seen=own.changed,
            changed=own.changed,
            holder=holder,
            catalog=of.parent or None,
        )

    # writing

    def make(self, kind: str, sent: Sent, account: Account) -> Receipt:
        """A new draft. Raises `BadRequest`, `NotAllowed` or a `DescriptionError`."""
        source = self._source(account.organisation)
        name, local = _new_names(kind, source.slug)
        place = self._place(kind, name, sent)
        found = written(kind, self._parsed(sent, place), place)
        subject = local or found.subject.value
        now = self._kept.now()
        parent, *also = self._parents(kind, found.parents, account)
        made = Submission(
            id=name,
            kind=kind,
            source=source.slug,
            organisation=account.organisation,
            parent=parent,
            also=tuple(also),
            subject=subject,
            original=found.original,
            content=called(found.content, found.subject, ox.NamedNode(subject)),
            created=now,
            changed=now,
        )
        weighed = self._weighed(made)
        self._kept.create(source, made, account.actor)
        return Receipt(made, _reports(made, weighed, place.iri))

    def replace(self, before: Submission, sent: Sent, account: Account) -> Receipt:
        """Everything that is said anew; of a public description, at once in public.

        Raises as `make` does, `Invalid` when a public one would be below the minimum, and
        `Superseded` when somebody else changed it meanwhile.
        """
        self._allow(Action.WRITE_RECORDS, before, account)
        place = self._place(before.kind, before.id, sent)
        found = written(before.kind, self._parsed(sent, place), place, self._before(before))
        parent, *also = self._parents(before.kind, found.parents, account, before.parents)
        after = replace(before, content=found.content, parent=parent, also=tuple(also))
        self._check_place(before, after, self._kept)
        weighed = self._weighed(after)
        write = Write(actor=account.actor, action="record-changed")
        self._change(before, after, write, weighed)
        return Receipt(after, _reports(after, weighed, place.iri))

    def turn(self, before: Submission, state: object, account: Account) -> Submission:
        """Publish it, or take it back. The same state once more changes nothing.

        Raises `BadRequest` for an unknown state, `Conflict`, `Invalid` or `NotAllowed`.
        """
        self._allow(Action.PUBLISH, before, account)
        wanted = NAMES.get(state) if isinstance(state, str) else None
        if wanted is None:
            raise BadRequest(f"current: {str(state)[:40]!r} is not one of {', '.join(NAMES)}")
        if wanted is before.state:
            return before
        after = replace(before, state=wanted)
        self._check_place(before, after, self._kept)
        write = Write(actor=account.actor, action=ACTIONS[wanted], reason=TAKEN_BACK)
        self._change(before, after, write, self._weighed(after) if after.public else None)
        return after

    def delete(self, before: Submission, account: Account) -> None:
        """For good. Raises `Conflict` while something stands in it, `NotAllowed`."""
        self._allow(Action.WRITE_RECORDS, before, account)
        if before.public:
            self._allow(Action.PUBLISH, before, account)
        if before.kind == "catalog" and self._kept.children(before.id):
            raise Conflict("descriptions stand in this catalog; delete or move those first")
        after = replace(before, state=Phase.DELETED, content=Graph())
        self._check_place(before, after, self._kept)
        write = Write(actor=account.actor, action="record-deleted", reason=DELETED)
        self._change(before, after, write, None)

    def _change(
        self, before: Submission, after: Submission, write: Write, weighed: Draft | None
    ) -> None:
        """Write it, with what it means for the public; `weighed` is what would be public."""
        dataset = self._dataset(before)
        above = {*before.parents, *after.parents, *(dataset.parents if dataset else ())}
        write = replace(write, dataset=dataset, ancestors=sorted(above))
        if dataset is None and after.public and weighed:
            write = replace(write, draft=_fit(weighed))
        elif dataset is None and before.public:
            write = replace(write, withdrawn=[(before.kind, before.id)])
        elif dataset is not None and dataset.public and (before.public or after.public):
            kept = weighed if after.public and weighed else self._without(dataset, after)
            write = replace(write, draft=_fit(kept))
        self._kept.change(before, after, write, lambda kept: self._check_place(before, after, kept))

    def _check_place(self, before: Submission, after: Submission, kept: Reading) -> None:
        """Nothing is public in what is not, or in two datasets. Raises `Conflict`."""
        moves = before.kind == "distribution" and before.parent != after.parent
        if moves and before.public and after.public:
            raise Conflict("this is public in its dataset; withdraw it before it is moved")
        for name in after.parents if after.public else ():
            parent = kept.get(name)
            moved = not before.public or name not in before.parents
            if moved and parent is not None and not parent.public:
                raise Conflict(f"a {parent.kind} in which this stands is a draft; publish it first")
        if before.kind == "catalog" and not after.public and kept.inhabited(before.id):
            raise Conflict("descriptions in this catalog are public; withdraw or move those first")

    # what it takes

    def _allow(self, action: Action, of: Submission, account: Account) -> None:
        if not may(account, action, of.organisation):
            raise NotAllowed(f"{of.organisation} answers for this description")

    def _place(self, kind: str, name: str, sent: Sent) -> Place:
        return Place(record_iri(self._base, kind, name), self._base, sent.here)

    def _before(self, of: Submission) -> Before:
        """What it is called, and its distributions."""
        apart = (each.id for each in self._kept.children(of.id) if of.kind == "dataset")
        return Before(
            of.subject,
            of.original,
            parts_of(of.content, of.subject, of.source, self._base),
            frozenset(f"{self._base}/distribution/{each}" for each in apart),
        )

    def _parsed(self, sent: Sent, place: Place) -> Graph:
        parser = self._at_hand().parser
        media_type = sent.media_type
        return parser.parse(sent.content, media_type=media_type, base=place.iri, url="the body")

    def _parents(
        self, kind: str, stated: Iterable[str], account: Account, before: Sequence[str] = ()
    ) -> list[str]:
        """The ids of what it stands in; `before`, where nothing else is stated.

        What it stood in first stays first. Raises `BadRequest` without any, or for more than
        one of what can hold it only alone; `NotAllowed` for that of another organisation.
        """
        ours = list(dict.fromkeys(e for e in stated if f"{e}/".startswith(f"{self._base}/")))
        above = PARENTS[kind]
        if not above:
            return [self._root(ours)]
        if not ours and before:
            ours = [record_iri(self._base, above, each) for each in before]
        if not ours or (above == "dataset" and len(ours) > 1):
            raise BadRequest(f"dct:isPartOf: name the one {above} of ours in which this stands")
        if len(ours) > MOST_PARENTS:
            raise BadRequest(f"dct:isPartOf: at most {MOST_PARENTS} catalogs")
        found = [self._above(above, each, account) for each in ours]
        return sorted(dict.fromkeys(found), key=lambda each: each not in before[:1])

    def _above(self, kind: str, iri: str, account: Account) -> str:
        """The id of one thing in which something of this organisation may stand."""
        found = record_of(iri, self._base)
        owner = self._owner_seen(*found, account) if found and found[0] == kind else None
        if found is None or owner is None:
            raise BadRequest(f"dct:isPartOf: there is no {kind} called <{iri}>")
        if not may(account, Action.WRITE_RECORDS, owner):
            raise NotAllowed(f"dct:isPartOf: {owner} answers for that {kind}")
        if kind == "dataset" and self._kept.get(found[1]) is None:
            raise NotAllowed("dct:isPartOf: that dataset is harvested; add to it at its source")
        return found[1]

    def _root(self, ours: Iterable[str]) -> str:
        if any(each.rstrip("/") != self._base for each in ours):
            raise BadRequest(f"dct:isPartOf: a catalog stands in <{self._base}>")
        return ""

    def _owner_seen(self, kind: str, identifier: str, account: Account) -> str | None:
        """The organisation that answers for a place; `None` for one that nobody else may know."""
        written_here = self._kept.get(identifier)
        if written_here is None or self._sees(written_here, account):
            return self.owner(kind, identifier)
        return self._kept.owner(kind, identifier)

    def _source(self, organisation: str) -> Source:
        """What was described here by an organisation: a source that nobody harvests."""
        slug = f"{PROTOCOL}-{organisation}"
        if len(slug) > LONGEST_SLUG:
            slug = f"{PROTOCOL}-{identifier(PROTOCOL, organisation)}"
        return Source(
            slug=slug,
            title=self._kept.title(organisation),
            protocol=PROTOCOL,
            url=f"{self._base}/sources/{slug}",
            organisation=organisation,
        )

    # the road of a harvest

    def _weighed(self, of: Submission) -> Draft:
        """What it would be in public. Raises `BadRequest` for what is not even kept."""
        dataset = self._dataset(of)
        others = self._public_parts(dataset or of)
        parts = [each for each in others if each.id != of.id]
        draft = self._made(dataset, [*parts, of]) if dataset else self._made(of, parts)
        if draft.reason in CONCERNS:
            raise BadRequest(CONCERNS[draft.reason]["en"])
        self._check_names(draft, of.organisation)
        self._check_addresses(draft, of.organisation)
        return draft

    def _check_names(self, draft: Draft, organisation: str) -> None:
        """Nobody publishes in the name of another. Raises `NotAllowed`."""
        speakers: dict[str, set[str]] = {}
        for who, holder in self._kept.speakers():
            for key in {holder.slug, *map(_key, _names_of(holder))}:
                speakers.setdefault(key, set()).add(who)
        subject = ox.NamedNode(record_iri(self._base, draft.kind, draft.id))
        for key, name in _claimed(draft, subject).items():
            found = speakers.get(key)
            if found and organisation not in found:
                raise NotAllowed(f"dct:publisher: {', '.join(sorted(found))} speaks for {name}")

    def _check_addresses(self, draft: Draft, organisation: str) -> None:
        """Nor under the address of another. Raises `NotAllowed`."""
        stated = draft.normalised.objects(ox.NamedNode(draft.source_iri), DCT + "publisher")
        addresses = {each.value for each in stated if isinstance(each, ox.NamedNode)}
        for address, theirs in self._register.theirs(organisation, addresses).items():
            if theirs.agent:
                raise NotAllowed(f"dct:publisher: {theirs.owner} speaks for <{address}>")

    def _without(self, dataset: Submission, part: Submission) -> Draft:
        others = self._public_parts(dataset)
        return self._made(dataset, [each for each in others if each.id != part.id])

    def _dataset(self, of: Submission) -> Submission | None:
        """The dataset of a distribution, in which it is public; `None` for anything else."""
        return self._kept.get(of.parent) if of.kind == "distribution" else None

    def _made(self, of: Submission, parts: Iterable[Submission]) -> Draft:
        found = Found(
            description=self._composed(of, parts),
            url=record_iri(self._base, of.kind, of.id),
            catalog=self._catalog(of),
            home=Home(of.id, of.parent or None),
        )
        pipeline = self._pipeline(of)
        counts = {name: kept.counts for name, kept in self._writer.kept({of.id}).items()}
        (draft,) = pipeline.drafts([pipeline.digested(found)], counts)
        return replace(draft, public=self._ours_only(draft.public, of))

    def _composed(self, of: Submission, parts: Iterable[Submission]) -> Description:
        """A dataset with those of its distributions that have a record of their own."""
        subject = ox.NamedNode(of.subject)
        triples = list(of.content)
        for each in parts:
            part = ox.NamedNode(each.subject)
            triples += with_part(subject, part, each.content, each.original)
        return Description(of.kind, subject, Graph(triples))  # type: ignore[arg-type]

    def _confined(self, of: Submission, parts: Iterable[Submission]) -> Description:
        """The same without what it may not say, as it would be in public."""
        found = self._composed(of, parts)
        place = self._catalog(of)
        mine = own_of(found, base=self._base, source=of.source, record=of.id, place=place)
        return confined(found, mine, self._others(of))

    def _others(self, of: Submission) -> Others:
        return partial(self._register.theirs, of.organisation)

    def _public_parts(self, of: Submission) -> list[Submission]:
        if of.kind != "dataset":
            return []
        return [each for each in self._kept.children(of.id) if each.public]

    def _catalog(self, of: Submission) -> str | None:
        return record_iri(self._base, "catalog", of.parent) if of.parent else None

    def _ours_only(self, graph: Graph, of: Submission) -> Graph:
        """In all its catalogs, and without an original name where there is none but ours."""
        subject = ox.NamedNode(record_iri(self._base, of.kind, of.id))
        others = (record_iri(self._base, "catalog", each) for each in of.also)
        part = ox.NamedNode(DCT + "isPartOf")
        also = [ox.Triple(subject, part, ox.NamedNode(each)) for each in others]
        graph = Graph([*graph, *also]) if also else graph
        if of.original:
            return graph
        source = ox.Triple(subject, ox.NamedNode(DCT + "source"), subject)
        name = ox.BlankNode(f"b{of.id}-original")
        link = ox.Triple(subject, ox.NamedNode(ADMS + "identifier"), name)
        return Graph(t for t in graph if t not in {source, link} and t.subject != name)

    def _pipeline(self, of: Submission) -> Pipeline:
        tools = self._at_hand()
        known = tools.validator.profiles
        holder, catalog = self._holder_of_catalog(of), self._catalog(of)
        return Pipeline(
            source=of.source,
            source_title=self._kept.title(of.organisation),
            base=self._base,
            validator=tools.validator,
            profiles={k: tuple(p for p in sorted(known) if known[p].covers(k)) for k in READERS},
            holders={catalog: holder} if catalog and holder else {},
            others=self._others(of),
        )

    def _usual(self, of: Submission) -> Holder:
        name = self._kept.title(of.organisation)
        return Holder(slug=slug_of(name), name=LangText((Text(name),)))

    def _holder_of_catalog(self, of: Submission) -> Holder | None:
        try:
            return self._register.get("catalog", of.parent).record.holder if of.parent else None
        except (NotFound, Gone):
            return None

    def _at_hand(self) -> Tools:
        with self._lock:
            if self._tools is None or self._process != os.getpid():
                self._tools, self._process = self._start(), os.getpid()
            return self._tools


def _reports(of: Submission, weighed: Draft, name: str) -> tuple[Report, ...]:
    """What the gate and the inventory say of a description with a profile of its own."""
    found = map(Report.from_json, weighed.reports if of.kind != "distribution" else ())
    return tuple(_renamed(each, of.subject, name) for each in found if each.profile in TOLD)


def _renamed(report: Report, subject: str, name: str) -> Report:
    """The same report, about the description under our name for it."""
    findings = (
        replace(each, focus=each.focus.replace(subject, name, 1)) for each in report.findings
    )
    return replace(report, findings=tuple(findings))


def _fit(weighed: Draft) -> Draft:
    """The same, when it may be public. Raises `Invalid`."""
    if weighed.reason:
        found = map(Report.from_json, weighed.reports)
        short = [each for each in found if each.profile == GATE]
        raise Invalid("this is below the minimum to be published", short)
    return weighed


def _claimed(draft: Draft, subject: ox.NamedNode) -> dict[str, str]:
    """Every name, in every language, of every publisher, by what it is compared by."""
    graph = draft.public
    names = list(_names_of(draft.holder))
    for node in graph.objects(subject, DCT + "publisher"):
        if isinstance(node, ox.Literal):
            names.append(node.value)
        else:
            found = (graph.objects(node, each) for each in NAMED)
            names += (each.value for some in found for each in some)
    return {_key(name): name for name in names} | {draft.holder.slug: draft.holder.name.value("en")}


def _names_of(holder: Holder) -> Iterator[str]:
    return (text.value for text in holder.name.texts)


def _key(name: str) -> str:
    """The same for names that would be the same organisation; itself without any Latin letter.

    >>> _key("Noordzee  UMC"), _key("北海")
    ('noordzee-umc', '北海')
    """
    slug = slug_of(name)
    return " ".join(name.casefold().split()) if slug == slug_of("") else slug


def _never_written(kind: str, identifier: str) -> NotFound:
    return NotFound(f"no {kind} called {identifier[:64]!r} was written here")


def _new_names(kind: str, source: str) -> tuple[str, str]:
    """A new id and, of a distribution, the name in its dataset from which the id follows."""
    if kind == "distribution":
        local = uuid.uuid4().urn
        return identifier(source, local), local
    return _new_id(), ""


def _new_id() -> str:
    """Sixty random bits, written as the ids of harvested records are."""
    return base64.b32encode(secrets.token_bytes(8)).decode().lower()[:LENGTH]
