"""Spreadsheets that a hospital serves, through the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from misbehaving import Misbehaving

from catalogue.cli.parts import Workshop, workshop
from catalogue.errors import NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Missed, Received, Source
from catalogue.rdf.sheet_template import template
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RunState
from catalogue.settings import Settings
from harvesters.spreadsheet import harvest

HOSPITAL = Path(__file__).parents[1] / "hospitals" / "spreadsheet"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BSN = "111222333"
numbers = count()


def a_source(slug: str = "umc", place: str | None = None, name: str = "datasets.csv") -> Source:
    return Source(
        slug=slug,
        title="UMC",
        protocol="spreadsheet",
        url=f"http://fdp.example/{name}",
        connect_to=place,
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), allowed_hosts=("127.0.0.1",))
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def source(shop: Workshop, server: Misbehaving) -> Source:
    made = a_source(f"umc-{next(numbers)}", f"127.0.0.1:{server.place[1]}")
    shop.writer.save_source(made)
    return made


def outcomes(shop: Workshop, source: Source) -> dict[str, int]:
    [last, *_] = shop.register.runs(source.slug)
    return {name: number for name, number in last.counts.items() if number}


def live(shop: Workshop, source: Source) -> int:
    query = sa.select(sa.func.count()).where(
        t.records.c.source == source.slug, t.records.c.state == "published"
    )
    with shop.register.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def serve(server: Misbehaving, text: str) -> None:
    server.answer("/datasets.csv", text, media_type="text/csv")


def recorded() -> str:
    return (HOSPITAL / "datasets.csv").read_text(encoding="utf-8")


def test_good_rows_come_in_and_a_bad_one_is_reported(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, recorded())
    assert shop.harvest(source) is RunState.PARTIAL
    assert outcomes(shop, source) == {Outcome.NEW: 2, Outcome.FAILED: 1}
    [last, *_] = shop.register.runs(source.slug)
    [failed] = [o for o in shop.register.outcomes(last.id) if o.outcome is Outcome.FAILED]
    assert "datasets.csv: row 3, Personen: “circa 450”" in failed.details["message"]["en"]


def test_a_row_that_goes_wrong_later_keeps_its_record(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, recorded().replace("circa 450", "450"))
    assert shop.harvest(source) is RunState.COMPLETE
    serve(server, recorded())
    for _ in range(3):
        assert shop.harvest(source) is RunState.PARTIAL
    assert live(shop, source) == 3


def test_a_second_run_over_the_same_rows_changes_nothing(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, recorded().replace("circa 450", "450"))
    shop.harvest(source)
    serve(server, recorded().replace("circa 450", "450").replace(";", ","))
    assert shop.harvest(source) is RunState.COMPLETE
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 3}


def test_a_row_that_was_removed_is_withdrawn_after_two_runs(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    good = recorded().replace("circa 450", "450")
    serve(server, good)
    shop.harvest(source)
    serve(server, "\n".join(good.splitlines()[:-1]))
    shop.harvest(source)
    assert live(shop, source) == 3
    shop.harvest(source)
    assert live(shop, source) == 2


def test_a_citizen_service_number_is_nowhere_in_what_comes_in(
    web: Session, server: Misbehaving
) -> None:
    serve(server, recorded().replace("Exomen hart", f"Van {BSN}"))
    found = list(harvest(a_source(), web))
    assert BSN not in repr(found)
    assert not [item for item in found if isinstance(item, Received) and item.documents]
    assert any("citizen service number" in str(i.reason) for i in found if isinstance(i, Missed))


def test_an_empty_template_describes_nothing(web: Session, server: Misbehaving) -> None:
    server.answer("/datasets.xlsx", template("nl"), media_type=EXCEL)
    [empty] = harvest(a_source(name="datasets.xlsx"), web)
    assert isinstance(empty, Received)
    assert not empty.graph


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"), (b"PK\x03\x04x", EXCEL), (b"", "text/csv")],
)
def test_a_file_that_cannot_be_read_fails_the_source(
    web: Session, server: Misbehaving, body: bytes, media_type: str
) -> None:
    server.answer("/datasets.csv", body, media_type=media_type)
    with pytest.raises(NotRdf, match=r"datasets\.csv"):
        list(harvest(a_source(), web))


def test_a_login_page_is_no_spreadsheet(web: Session, server: Misbehaving) -> None:
    server.answer("/datasets.csv", "<html><title>Log in", media_type="text/html")
    with pytest.raises(SourceError, match="web page"):
        list(harvest(a_source(), web))


def test_a_spreadsheet_may_lie_on_our_own_disk(web: Session) -> None:
    path = HOSPITAL / "datasets.csv"
    for url in (str(path), path.as_uri()):
        source = Source(slug="umc", title="UMC", protocol="spreadsheet", url=url)
        found = list(harvest(source, web))
        assert [type(item) for item in found] == [Received, Received, Missed]
