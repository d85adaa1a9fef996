"""Join the parts: settings → register, vocabulary, profiles, store, harvesters.

The command line and `app.py` build everything here, and nothing else does: a part gets what
it needs as an argument and never looks for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import harvesters
from catalogue.accounts.desk import Desk
from catalogue.consent.policy import Policy
from catalogue.federation.peers import Peer, Peers, host_of
from catalogue.federation.store import FederatedStore
from catalogue.ingest.address import Guard, matches
from catalogue.ingest.budget import Budget, never
from catalogue.ingest.check import Checker, tools
from catalogue.ingest.http import Session, routes
from catalogue.ingest.http_hosts import Hosts
from catalogue.ingest.letters import Post
from catalogue.ingest.pinging import PingDesk
from catalogue.ingest.pipeline import RULES, Pipeline
from catalogue.ingest.projection import LiveIndex
from catalogue.ingest.run import Harvester, Progress, nothing
from catalogue.ingest.source import Source
from catalogue.ingest.trial import TrialTools, Trier
from catalogue.rdf.parse import Parser
from catalogue.register.decisions import Decisions
from catalogue.register.pings import PingBook
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.scheduling import Scheduling
from catalogue.register.submitted import Submissions
from catalogue.register.tokens import Tokens
from catalogue.register.visits import SourceVisits
from catalogue.register.writer import Writer
from catalogue.search.index import Index
from catalogue.settings import Settings
from catalogue.store.base import PublicStore
from catalogue.store.embedded import EmbeddedStore
from catalogue.store.remote import RemoteStore, from_url
from catalogue.submissions.desk import Submitting
from catalogue.terms.concept import Vocabulary
from catalogue.terms.load import load
from catalogue.validation.profile import Profile, profiles
from catalogue.validation.validate import Validator
from catalogue.web.services import Services

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds `shapes/`, `ontologies/` and `examples/`."""
SHAPES = ROOT / "shapes"
LOCAL = ("files",)
"""Protocols that read this machine's own disk."""
TRIAL_SECONDS = 15.0
"""Deadline of one request in a trial."""
PEER_BYTES = 4_000_000
"""What one peer may answer to one query."""


def ontologies() -> tuple[bytes, ...]:
    """The documents of our own vocabularies, in a fixed order."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "ontologies").glob("*.ttl")))


def vocabulary() -> Vocabulary:
    """Our own schemes, loaded."""
    return load(ontologies())


def own_profiles(settings: Settings) -> list[Path]:
    """The folders of profiles that the operator added."""
    return sorted(path.parent for path in (settings.data / "profiles").glob("*/profile.ttl"))


def shapes_folder(settings: Settings) -> Path:
    """The folder with all profiles: `shapes/`, or one that also has the operator's."""
    return settings.data / "shapes" if own_profiles(settings) else SHAPES


def compose_shapes(settings: Settings) -> None:
    """Make the folder in which our profiles and the operator's stand side by side."""
    together = settings.data / "shapes"
    shutil.rmtree(together, ignore_errors=True)
    own = own_profiles(settings)
    if own:
        together.mkdir(parents=True)
        for folder in (*(p.parent for p in SHAPES.glob("*/profile.ttl")), *own):
            (together / folder.name).symlink_to(folder.absolute())


def shape_sets(settings: Settings) -> dict[str, Profile]:
    """The profiles that this catalogue validates against, by key."""
    return profiles(shapes_folder(settings))


def one_session(settings: Settings, parser: Parser) -> Session:
    """A guarded session for an address that an operator names."""
    return Session(
        parser,
        allowed_hosts=settings.allowed_hosts,
        only_hosts=settings.only_hosts,
        ca_file=settings.ca_file or None,
        seconds=settings.fetch_seconds,
        max_bytes=settings.fetch_bytes * 1_000_000,
        user_agent=settings.user_agent,
        polite=Hosts(settings.fetch_at_once),
    )


def trusting(settings: Settings, parser: Parser, urls: Iterable[str]) -> Session:
    """A guarded session that may also call the hosts of these addresses, wherever they are."""
    named = tuple(urlsplit(url).hostname or "" for url in urls)
    return Session(
        parser,
        allowed_hosts=(*settings.allowed_hosts, *named),
        ca_file=settings.ca_file or None,
        seconds=settings.fetch_seconds,
        user_agent=settings.user_agent,
    )


def open_register(settings: Settings) -> Register:
    """The system of record, with its tables up to date."""
    return Register.open(settings.database_url, settings.base_url)


def connect_store(settings: Settings) -> PublicStore:
    """The public store of a web worker: remote by URL, else the running engine."""
    found, known = plain_store(settings), peers(settings)
    return federated(settings, found, known) if known else found


def plain_store(settings: Settings) -> PublicStore:
    """The public store without anybody else's."""
    if settings.store_url:
        return remote_store(settings)
    endpoint = f"{settings.base_url}/sparql"
    return EmbeddedStore(Path(settings.engine), seconds=settings.query_seconds, base=endpoint)


def peers(settings: Settings) -> Peers:
    """Whom queries may ask with SERVICE. Raises `SettingsError`."""
    return Peers.read(settings.peers, settings.allowed_hosts)


def federated(settings: Settings, behind: PublicStore, known: Peers) -> FederatedStore:
    """A store whose queries may ask these peers, each on its own host and nowhere else."""
    polite, parser = Hosts(settings.fetch_at_once), Parser()  # which starts no process yet

    def connect(peer: Peer, seconds: float) -> Session:
        host = host_of(peer)
        return Session(
            parser,
            allowed_hosts=(host,) if matches(host, settings.allowed_hosts) else (),
            only_hosts=(host,),
            ca_file=settings.ca_file or None,
            seconds=seconds,
            max_bytes=PEER_BYTES,
            user_agent=settings.user_agent,
            retries=0,
            redirects=0,
            polite=polite,
        )

    return FederatedStore(
        behind=behind,
        peers=known,
        connect=connect,
        site=settings.base_url,
        seconds=settings.query_seconds,
        peer_seconds=settings.peer_seconds,
    )


def remote_store(settings: Settings) -> RemoteStore:
    """The outside store, of which only the graphs of this catalogue are ours."""
    return from_url(
        settings.store_url,
        prefix=f"{settings.base_url}/graph/",
        seconds=settings.query_seconds,
        answer=settings.query_answer,
    )


def services(settings: Settings) -> Services:
    """Everything behind the website, for one worker process."""
    policy = Policy.read(settings.consent_policy)  # a mistake is told before anything opens
    register = open_register(settings)
    terms = vocabulary()
    index = LiveIndex(register, terms, Index(terms, policy=policy))
    index.catch_up()  # before the first visitor, not with them
    return Services(
        register=register,
        search=index,
        store=connect_store(settings),
        vocabulary=terms,
        ontologies=ontologies(),
        checker=checker(settings),
        pings=ping_desk(settings, register),
        desk=Desk(Tokens(register.engine)),
        decisions=Decisions(register.engine),
        trier=trier(settings),
        protocols=tuple(name for name in harvesters.names() if name not in LOCAL),
        submissions=submitting(settings, register),
        policy=policy,
    )


def submitting(settings: Settings, register: Register) -> Submitting:
    """Where stewards write; its child processes start when somebody first does."""
    shapes = shapes_folder(settings)
    kept = Submissions(register.engine)
    return Submitting(register, kept, lambda: tools(shapes, addresses=False))


def ping_desk(settings: Settings, register: Register) -> PingDesk:
    """Where FAIR Data Points announce themselves."""
    return PingDesk(
        book=PingBook(register.engine),
        turns=Scheduling(register.engine),
        guard=Guard(allowed_hosts=settings.allowed_hosts, only_hosts=settings.only_hosts),
        secret=settings.secret_key,
        base=settings.base_url,
        on=settings.pings,
    )


def checker(settings: Settings) -> Checker:
    """Checks for visitors; its child processes start when somebody first asks for one."""
    addresses = settings.validate_urls
    return Checker(lambda: tools(SHAPES, user_agent=settings.user_agent, addresses=addresses))


@dataclass(frozen=True, slots=True)
class Workshop:
    """What harvesting needs, shared by all sources of one command."""

    settings: Settings
    register: Register
    writer: Writer
    parser: Parser
    validator: Validator
    profiles: Mapping[str, tuple[str, ...]]
    rules: str
    hosts: Hosts
    post: Post

    def harvest(
        self,
        source: Source,
        progress: Progress = nothing,
        *,
        cause: str = "command",
        stopped: Callable[[], bool] = never,
    ) -> RunState:
        """One run of one source. The report is in the register.

        `cause` is command, schedule or steward; when `stopped` says so the run ends early,
        keeps what it has, and can be taken up again.
        """
        with self.session(source) as web:
            state = Harvester(
                source=source,
                harvest=harvesters.load(source.protocol),
                web=web,
                pipeline=self.pipeline(source),
                writer=self.writer,
                progress=progress,
                budget=self.budget(web, stopped),
                cause=cause,
            ).run()
        self.post.after_run(source)
        return state

    def budget(self, web: Session, stopped: Callable[[], bool] = never) -> Budget:
        """What one run may take."""
        return Budget(
            seconds=self.settings.run_seconds,
            bytes=self.settings.run_bytes * 1_000_000,
            records=self.settings.run_records,
            figures=lambda: web.figures,
            stopped=stopped,
        )

    def pipeline(self, source: Source) -> Pipeline:
        """The road for descriptions of one source."""
        return Pipeline(
            source=source.slug,
            source_title=source.title,
            base=self.settings.base_url,
            validator=self.validator,
            profiles=self.profiles,
            rules=self.rules,
            others=partial(self.register.theirs, source.owner),
        )

    def session(self, source: Source) -> Session:
        """A guarded session with the permissions of this source, and what it answered before."""
        return Session(
            self.parser,
            allowed_hosts=self.settings.allowed_hosts,
            only_hosts=self.settings.only_hosts,
            connect_to=routes(source),
            ca_file=self.settings.ca_file or None,
            seconds=self.settings.fetch_seconds,
            max_bytes=self.settings.fetch_bytes * 1_000_000,
            user_agent=self.settings.user_agent,
            polite=self.hosts,
            visits=SourceVisits(self.register.engine, source.slug),
        )


@contextmanager
def trying(settings: Settings, trusted: bool) -> Iterator[TrialTools]:
    """What a trial of a source needs; it has no register, so nothing can be stored.

    An asker who is not `trusted` cannot have hosts called that only the operator may.
    """
    shapes = shape_sets(settings)

    def session(source: Source) -> Session:
        return Session(
            parser,
            allowed_hosts=settings.allowed_hosts if trusted else (),
            only_hosts=settings.only_hosts,
            connect_to=routes(source),
            ca_file=settings.ca_file or None,
            seconds=min(settings.fetch_seconds, TRIAL_SECONDS),
            max_bytes=settings.fetch_bytes * 1_000_000,
            user_agent=settings.user_agent,
            retries=0,
            polite=Hosts(settings.fetch_at_once),
        )

    def pipeline(source: Source) -> Pipeline:
        return Pipeline(
            source=source.slug,
            source_title=source.title,
            base=settings.base_url,
            validator=validator,
            profiles=by_kind(shapes),
        )

    protocols = [name for name in harvesters.names() if name not in LOCAL]
    with Parser() as parser, Validator(shapes_folder(settings)) as validator:
        yield TrialTools(
            protocols=protocols, session=session, load=harvesters.load, pipeline=pipeline
        )


def trier(settings: Settings) -> Trier:
    """Trials for the website; child processes run only while one lasts."""
    return Trier(lambda trusted: trying(settings, trusted))


@contextmanager
def workshop(settings: Settings) -> Iterator[Workshop]:
    """Start what harvesting needs, and stop it afterwards."""
    register, shapes = open_register(settings), shape_sets(settings)
    with Parser() as parser, Validator(shapes_folder(settings)) as validator:
        try:
            yield Workshop(
                settings=settings,
                register=register,
                writer=Writer(register.engine),
                parser=parser,
                validator=validator,
                profiles=by_kind(shapes),
                rules=rules(shapes),
                hosts=Hosts(settings.fetch_at_once),
                post=Post.from_settings(settings, register, Scheduling(register.engine)),
            )
        finally:
            register.close()


def by_kind(shapes: Mapping[str, Profile]) -> dict[str, tuple[str, ...]]:
    """For each kind of record, the profiles that have rules for it."""
    return {
        kind: tuple(key for key in sorted(shapes) if shapes[key].covers(kind))
        for kind in ("dataset", "catalog", "series")
    }


def rules(shapes: dict[str, Profile]) -> str:
    """Changes when a shape set or the pipeline does, so that records are looked at again."""
    parts = [RULES, *(f"{key} {shapes[key].digest}" for key in sorted(shapes))]
    return sha256("\n".join(parts).encode()).hexdigest()
