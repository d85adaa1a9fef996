"""Two hundred runs over sources that change and fail: nothing that is there is ever withdrawn.

The seed is printed; `CATALOGUE_FAULT_SEED=… pytest tests/journeys/test_faults.py` repeats a
failure.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from faults import Changing, FairDataPoint, PagedList
from served import CATALOGUE, ROOT, environment, free_port

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.projection import StoreProjection
from catalogue.register import tables as t
from catalogue.register.records import RunState, State
from catalogue.settings import Settings
from catalogue.store import embedded

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

SEED = os.environ.get("CATALOGUE_FAULT_SEED") or secrets.token_hex(4)
RUNS = 200
KILLS = 6
PATIENCE = 0.45
"""Seconds for one request while faults are about; too little for a second attempt."""
RATES = (0.0, 0.0, 0.03, 0.03, 0.1, 0.4)


class Ward:
    """One source under observation: what is known of it, run after run."""

    def __init__(self, shop: Workshop, slug: str, changing: Changing) -> None:
        self.shop, self.changing = shop, changing
        self.source = changing.source(slug)
        self.ids: dict[str, str] = {}
        shop.writer.save_source(self.source)

    def rows(self, kind: str = "dataset") -> dict[str, sa.Row[tuple[object, ...]]]:
        """The records of the source, by path."""
        query = sa.select(t.records).where(
            t.records.c.source == self.source.slug, t.records.c.kind == kind
        )
        with self.shop.register.engine.connect() as connection:
            rows = connection.execute(query).all()
        return {row.source_iri.partition(".example")[2]: row for row in rows}

    def published(self, kind: str = "dataset") -> dict[str, str]:
        """Titles of what is public, by path."""
        rows = self.rows(kind).items()
        return {p: row.title[0][0] for p, row in rows if row.state == State.PUBLISHED}

    def gone(self) -> set[str]:
        """The paths of tombstones."""
        return {path for path, row in self.rows().items() if row.state == State.GONE}

    def harvest(self) -> RunState:
        """One run in this process, impatient."""
        settings = replace(self.shop.settings, fetch_seconds=PATIENCE)
        return replace(self.shop, settings=settings).harvest(self.source)

    def harvest_and_kill(self, env: dict[str, str], at: int) -> None:
        """One run in a process of its own, killed at a request."""
        process = subprocess.Popen(
            [CATALOGUE, "harvest", self.source.slug],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.changing.prepare(0, events={at: lambda: process.send_signal(signal.SIGKILL)})
        try:
            process.wait(120)
        finally:
            process.kill()
            process.wait()

    def watch(self, what: str, run: Callable[[], object]) -> None:
        """Do a run, and see that nothing was withdrawn that was there all the time."""
        before = self.gone()
        run()
        lost = (self.gone() - before) & self.changing.steady
        assert not lost, f"{what}: {sorted(lost)} was withdrawn while its holder offered it"
        for path, row in self.rows().items():
            assert self.ids.setdefault(path, row.id) == row.id, f"{what}: {path} got another id"
        pending = self.published().keys() - self.changing.live().keys() - self.closed()
        self.changing.may_remove = 2 - len(pending)

    def closed(self) -> set[str]:
        """Drafts that the source lists; a version that we had may stay."""
        return self.changing.drafts() if self.changing.product.closes else set()

    def is_broken_off(self) -> bool:
        """Whether the next run goes on with a walk that another one began."""
        query = sa.select(t.sources.c.mark).where(t.sources.c.slug == self.source.slug)
        with self.shop.register.engine.connect() as connection:
            return "place" in (connection.execute(query).scalar_one() or {})


@pytest.fixture
def wards(tmp_path: Path) -> Iterator[list[Ward]]:
    settings = Settings(data=tmp_path, base_url="http://127.0.0.1", fetch_seconds=60)
    with ExitStack() as stack:
        shop = stack.enter_context(workshop(settings))
        products = {"umc-f": FairDataPoint(), "umc-p": PagedList()}
        yield [
            Ward(shop, slug, stack.enter_context(Changing(product, SEED)))
            for slug, product in products.items()
        ]


@pytest.mark.timeout(1800)
def test_two_hundred_runs_with_faults_lose_nothing_and_two_clean_ones_heal_everything(
    wards: list[Ward], tmp_path: Path
) -> None:
    print(f"CATALOGUE_FAULT_SEED={SEED}")  # noqa: T201 - with it a failure can be repeated
    chance = Random(SEED)
    killed = set(chance.sample(range(RUNS), KILLS))
    shop = wards[0].shop
    env = environment(tmp_path, free_port(), CATALOGUE_BASE_URL="http://127.0.0.1")
    with embedded.start(tmp_path / "engine") as engine:
        followed = StoreProjection(shop.register, engine.store())
        for number in range(RUNS):
            ward = chance.choice(wards)
            what = f"seed {SEED}, run {number} ({ward.source.protocol})"
            one_run(ward, chance, number, what, env if number in killed else None)
            followed.catch_up()
        for ward in wards:
            heal(ward)
            assert_equal(ward)
        while followed.catch_up():
            pass
        assert_projected(wards, engine.store())


def one_run(ward: Ward, chance: Random, number: int, what: str, env: dict[str, str] | None) -> None:
    """The source changes, or not; then a run, in which anything may happen."""
    source = ward.changing
    for _ in range(chance.choice((0, 0, 1, 2))):
        source.change()
    at = chance.randrange(1, 30)
    if env is not None:
        ward.watch(what, lambda: ward.harvest_and_kill(env, at))
        return
    events = {at: chance.choice((source.change, source.restart))} if chance.random() < 0.3 else {}
    source.prepare(number, chance.choice(RATES), events)
    ward.watch(what, ward.harvest)


def heal(ward: Ward) -> None:
    """Two clean runs; a walk that was broken off is finished first."""
    ward.changing.prepare(RUNS)
    if ward.is_broken_off():
        ward.shop.harvest(ward.source)
    assert [ward.shop.harvest(ward.source) for _ in range(2)] == [RunState.COMPLETE] * 2


def assert_equal(ward: Ward) -> None:
    """The catalogue has what the source has, under the ids of before; the rest is withdrawn."""
    found, there = ward.published(), ward.changing.live()
    assert {path: found[path] for path in found if path not in ward.closed()} == there, SEED
    rows = ward.rows()
    assert all(rows[path].state == State.GONE for path in rows.keys() - found.keys()), SEED
    assert ward.shop.register.source(ward.source.slug).brake is None, SEED
    assert {path: row.id for path, row in rows.items()} == ward.ids | {
        path: rows[path].id for path in rows.keys() - ward.ids.keys()
    }


def assert_projected(wards: list[Ward], store: embedded.EmbeddedStore) -> None:
    """The public store, which followed all the time, holds exactly what is published."""
    query = """SELECT ?t { GRAPH ?g { ?d a <http://www.w3.org/ns/dcat#Dataset> ;
      <http://purl.org/dc/terms/title> ?t } }"""
    lines = store.query(query, accept="text/tab-separated-values").read().decode().splitlines()
    titles = sorted(title for ward in wards for title in ward.published().values())
    assert sorted(line.split('"')[1] for line in lines[1:]) == titles, SEED
