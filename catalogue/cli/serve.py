"""`catalogue serve`: the website, its query engine, and what keeps them up to date."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces

from catalogue.cli.parts import open_register, peers, remote_store
from catalogue.ingest import mail
from catalogue.ingest.projection import StoreProjection, follow
from catalogue.register.writer import Writer
from catalogue.settings import Settings
from catalogue.store import embedded
from catalogue.store.base import PublicStore

SCHEDULER_PAUSE = 4.0
"""Seconds before a scheduler that died is started again."""
SCHEDULER_GRACE = 15.0


@click.command()
@click.option("--port", type=int, help="port to listen on; default CATALOGUE_PORT")
@click.option(
    "--data",
    "dump",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="serve a throw-away catalogue whose public store holds just this N-Quads file",
)
@click.pass_obj
def serve(settings: Settings, port: int | None, dump: Path | None) -> None:
    """Serve the catalogue until stopped."""
    if port is not None:
        settings = _at_port(settings, port)
    with ExitStack() as stack:
        if dump is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="catalogue-")))
            settings = replace(settings, data=folder, database_url="", store_url="")
        run(settings, dump)


def _at_port(settings: Settings, port: int) -> Settings:
    """Another port also changes the address, unless an operator stated the address."""
    stated = bool(os.environ.get("CATALOGUE_BASE_URL"))
    base = settings.base_url if stated else ""
    return replace(settings, port=port, base_url=base)


def run(settings: Settings, dump: Path | None = None) -> None:
    """Start the engine, follow the change log, and serve in worker processes."""
    settings.check()
    peers(settings)  # a mistake is told before anything starts
    with ExitStack() as stack:
        public, settings, started_again = stack.enter_context(store(settings, dump))
        if dump is None:
            stack.enter_context(following(settings, public, started_again))
            stack.enter_context(scheduling(settings))
        click.echo(f"Genoomcatalogus is at {settings.base_url}", err=True)
        workers(settings)


class KeptEngine:
    """The query engine of this catalogue, started again when it dies."""

    def __init__(self, settings: Settings, dump: Path | None) -> None:
        self._settings, self._dump = settings, dump
        self.engine = self._start()

    def _start(self) -> embedded.Engine:
        settings = self._settings
        return embedded.start(
            settings.data,
            seconds=settings.query_seconds,
            memory=settings.query_memory,
            answer=settings.query_answer,
            children=settings.query_children,
            load=self._dump,
            closed=self._dump is None,
        )

    def started_again(self) -> bool:
        """Start it if it is dead; whether that was needed."""
        if self.engine.alive():
            return False
        click.echo("the query engine ended; starting it again", err=True)
        self.engine.stop()
        self.engine = self._start()
        return True


@contextmanager
def store(
    settings: Settings, dump: Path | None = None
) -> Iterator[tuple[PublicStore, Settings, Callable[[], bool]]]:
    """The public store, the settings that lead workers to it, and its keeper."""
    if settings.store_url:
        remote = remote_store(settings)
        yield remote, settings, lambda: False
        remote.close()
        return
    kept = KeptEngine(settings, dump)
    try:
        here = replace(settings, engine=str(kept.engine.sockets))
        yield kept.engine.store(), here, kept.started_again
    finally:
        kept.engine.stop()


@contextmanager
def following(
    settings: Settings, public: PublicStore, started_again: Callable[[], bool]
) -> Iterator[None]:
    """Bring the store up to date, then keep it so in a thread."""
    register = open_register(settings)
    writer = Writer(register.engine) if settings.store_url else None
    projection = StoreProjection(register, public, writer, register.projected("store"))
    if settings.store_url and projection.position:
        projection.catch_up()
    else:
        projection.rebuild()
    stop = threading.Event()
    options = {"started_again": started_again}
    thread = threading.Thread(target=follow, args=(projection, stop, _complain), kwargs=options)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
        register.close()


@contextmanager
def scheduling(settings: Settings) -> Iterator[None]:
    """Keep the process beside us that harvests by schedule, unless there is nothing for it.

    Raises `SettingsError` for a mail server that the process could not use.
    """
    if settings.mail_url:
        mail.server(settings.mail_url)
    if not settings.scheduler and not settings.ping_indexes:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_keep_scheduler, args=(settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_scheduler(settings: Settings, stop: threading.Event) -> None:
    """Start it, and again when it dies. It ends when this thread does, so we end it first."""
    process = _scheduler(settings)
    while not stop.wait(1.0):
        if process.poll() is not None:
            click.echo("the scheduler ended; starting it again", err=True)
            stop.wait(SCHEDULER_PAUSE)
            process = _scheduler(settings)
    process.terminate()
    try:
        process.wait(timeout=SCHEDULER_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _scheduler(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "catalogue.cli.scheduler", str(os.getpid())],
        env={**os.environ, **environment(settings)},
    )


def _complain(error: Exception) -> None:
    click.echo(f"the public store could not follow the register: {error}", err=True)


def workers(settings: Settings) -> None:
    """The web workers; they read their settings from the environment."""
    for name, value in environment(settings).items():
        os.environ[name] = value
    # forking would copy the follower's locks and database connections into the workers
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        target="app:worker",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        working_dir=Path(__file__).resolve().parents[2],
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    server.serve()


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which `Settings.from_environ` makes these settings again."""
    values = {
        "data": str(settings.data.absolute()),
        "host": settings.host,
        "port": str(settings.port),
        "base_url": settings.base_url,
        "database_url": settings.database_url,
        "store_url": settings.store_url,
        "engine": settings.engine,
        "demonstration": str(settings.demonstration),
        "validate_urls": str(settings.validate_urls),
    }
    return {f"CATALOGUE_{name.upper()}": value for name, value in values.items()}
