"""OAI-PMH read: from our own repository, from one in the shape of others, and from broken ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from given import both
from misbehaving import Misbehaving, answering
from story import Story
from web import shelved

from catalogue.errors import FetchFailed, NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import (
    Gone,
    Item,
    Mark,
    Missed,
    Received,
    Source,
)
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import split
from catalogue.register.register import Register
from catalogue.web import oai as server_oai
from harvesters.oai import harvest

BASE = "http://catalogue.example"
THEIRS = "http://repository.example"
RECORDED = Path(__file__).parents[1] / "hospitals" / "oai"
NOW = "2026-11-22T08:00:00Z"
LIST = f"{THEIRS}/oai?verb=ListRecords"


# --- our own repository -------------------------------------------------------------------


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def ours(story: Story, parser: Parser) -> Iterator[Session]:
    with shelved.online(story.register) as place:
        session = Session(parser, connect_to={"catalogue.example": place}, seconds=60)
        with session:
            yield session


def a_source(host: str = BASE, **options: str) -> Source:
    return Source(slug="umc-o", title="UMC O", protocol="oai", url=f"{host}/oai", options=options)


def run(
    session: Session, remembered: Mapping[str, Any] | None = None, **options: str
) -> list[Item]:
    """One run over our own repository that remembers what an earlier one left."""
    session.remembered = remembered or {}
    return list(harvest(a_source(**options), session))


def names(items: list[Item]) -> list[str]:
    """What was handed over, in short: a record, what is gone, or what was said of the run."""
    return [_name(item) for item in items if not isinstance(item, Mark)]


def _name(item: Item) -> str:
    subject = {Received: "url", Missed: "url", Gone: "subject"}.get(type(item))
    kind = type(item).__name__
    if subject is None:
        return kind
    address = str(getattr(item, subject))
    identifier = dict(parse_qsl(urlsplit(address).query)).get("identifier", address)
    return f"{kind} {identifier.removeprefix(BASE)}"


def last_mark(items: list[Item]) -> Mapping[str, Any]:
    return [item for item in items if isinstance(item, Mark)][-1].state


def test_everything_in_our_own_catalogue_arrives_as_it_is_published(
    story: Story, ours: Session
) -> None:
    story.catalog("k")
    story.list("a", "k", title="Genomes & <exomes>\\r\\nof families")
    story.save("held", reason="minimum")
    items = run(ours)
    assert names(items) == ["Received /catalog/k", "Received /dataset/a"]
    received = items[1]
    assert isinstance(received, Received)
    assert received.catalog == f"{BASE}/catalog/k"
    (found,) = split(ours.parse(received.documents[0]), source=BASE)
    published = story.register.get("dataset", "a").graph
    assert both(found.graph) == both(
        Graph(t for t in published if t.predicate.value != "https://terms.example/odd#0")
    )


def test_a_later_run_takes_only_what_changed(story: Story, ours: Session) -> None:
    for name in "abc":
        story.save(name)
    story.now += timedelta(hours=1)
    state = {**last_mark(run(ours)), "clean": story.now.isoformat()}
    assert names(run(ours, state)) == ["Incremental", "AllUnchanged"]
    story.save("b", "Exomes")
    story.withdraw("c")
    assert names(run(ours, state)) == [
        "Incremental",
        "Received /dataset/b",
        "Gone /dataset/c",
        "Gone /dataset/c",
    ]


def test_the_moment_of_the_last_run_is_that_of_the_repository(story: Story, ours: Session) -> None:
    story.save("a")
    first = run(ours)
    state = last_mark(first)
    assert state["clean"] == state["full"]
    second = run(ours, state)
    assert names(second)[0] == "Incremental"


def test_what_is_gone_is_named_as_it_was_received(story: Story, ours: Session) -> None:
    story.save("a")
    (received,) = [item for item in run(ours) if isinstance(item, Received)]
    story.withdraw("a")
    gone = [item.subject for item in run(ours) if isinstance(item, Gone)]
    assert gone == [received.url, f"{BASE}/dataset/a"]


def test_a_list_of_many_parts_is_read_to_its_end(
    story: Story, ours: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_oai, "PAGE", 2)
    for name in "abcde":
        story.save(name)
    assert names(run(ours)) == [f"Received /dataset/{name}" for name in "abcde"]


def test_a_run_goes_on_where_another_stopped(
    story: Story, ours: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_oai, "PAGE", 2)
    for name in "abcde":
        story.save(name)
    stopped = run(ours)[:3]
    rest = run(ours, last_mark(stopped))
    assert names(rest) == ["Resumed", *(f"Received /dataset/{name}" for name in "cde")]


def test_another_prefix_or_set_begins_from_the_start(story: Story, ours: Session) -> None:
    story.list("a", "k")
    story.catalog("k")
    state = last_mark(run(ours))
    assert names(run(ours, state, prefix="dcat")) == ["Received /dataset/a", "Received /catalog/k"]
    assert names(run(ours, state, set="catalog:k")) == ["Received /dataset/a"]
    assert names(run(ours, state, set="catalog:other")) == []


def test_plain_dublin_core_gives_a_dataset_without_inventions(story: Story, ours: Session) -> None:
    story.catalog("k")
    story.list("a", "k", more='dcat:keyword "exomes"@en ;')
    _, received = [i for i in run(ours, prefix="oai_dc") if isinstance(i, Received)]
    assert received.graph is not None
    (found,) = split(received.graph, source=BASE)
    assert found.subject.value == f"{BASE}/dataset/a"
    said = {t.predicate.value.removeprefix(DCT) for t in found.graph.about(found.subject)}
    assert {"title", "issued", "publisher", "identifier"} <= said
    assert not said & {"license", "accessRights", "rights"}


# --- a repository in the shape of others --------------------------------------------------


@pytest.fixture
def theirs(parser: Parser, server: Misbehaving) -> Iterator[Session]:
    with Session(
        parser, connect_to={"repository.example": server.place}, seconds=30, retries=0
    ) as session:
        yield session


def xml(server: Misbehaving, path: str, body: str | bytes) -> None:
    server.answer(path, body, media_type="text/xml")


def envelope(inner: str) -> str:
    return (
        '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{NOW}</responseDate><request>x</request>{inner}</OAI-PMH>"
    )


def a_record(name: str, metadata: str | None = None) -> str:
    rdf = (
        metadata
        if metadata is not None
        else (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns:dct="http://purl.org/dc/terms/">'
            f'<rdf:Description rdf:about="{THEIRS}/{name}"><dct:title>T</dct:title>'
            '<rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"/></rdf:Description></rdf:RDF>'
        )
    )
    header = f"<header><identifier>oai:{name}</identifier><datestamp>{NOW}</datestamp></header>"
    return f"<record>{header}<metadata>{rdf}</metadata></record>"


def a_list(*records: str, token: str | None = None, size: int = 0) -> str:
    total = f' completeListSize="{size}"' if size else ""
    end = "" if token is None else f"<resumptionToken{total}>{token}</resumptionToken>"
    return envelope(f"<ListRecords>{''.join(records)}{end}</ListRecords>")


def refusal(code: str) -> str:
    return envelope(f'<error code="{code}">no</error>')


@pytest.fixture
def repository(server: Misbehaving) -> Misbehaving:
    """A repository that introduces itself; a test says what it lists."""
    for verb in ("Identify", "ListMetadataFormats"):
        xml(server, f"/oai?verb={verb}", (RECORDED / f"{verb}.xml").read_bytes())
    return server


FIRST = "/oai?verb=ListRecords&metadataPrefix=dcat"


def following(token: str) -> str:
    return f"/oai?verb=ListRecords&resumptionToken={token}"


def test_a_repository_in_the_shape_of_invenio(repository: Misbehaving, theirs: Session) -> None:
    xml(repository, FIRST, (RECORDED / "ListRecords-1.xml").read_bytes())
    xml(repository, following(".eJwF%3Done"), (RECORDED / "ListRecords-2.xml").read_bytes())
    items = list(harvest(a_source(THEIRS), theirs))
    assert names(items) == [
        "Received oai:repository.example:k2v9q-7hm31",
        "Gone oai:repository.example:p0000-00001",
        "Gone oai:repository.example:p0000-00001",
        "Received oai:repository.example:x7c1a-22d09",
    ]
    first, last = (item for item in items if isinstance(item, Received))
    assert first.catalog == f"{THEIRS}/communities/genetics".replace("http:", "https:")
    texts = {str(getattr(t.object, "value", "")) for t in theirs.parse(first.documents[0])}
    assert {"Exomes of families with cardiomyopathy", "Line one\r\nLine two & more"} <= texts
    (found,) = split(theirs.parse(last.documents[0]), source=THEIRS)
    assert found.subject.value == "https://doi.org/10.1234/duinrand.x7c1a"


def test_what_the_operator_put_into_the_address_stays(
    repository: Misbehaving, theirs: Session
) -> None:
    source = replace(a_source(THEIRS, prefix="dcat"), url=f"{THEIRS}/oai?key=7&verb=Identify")
    xml(repository, "/oai?key=7&verb=Identify", (RECORDED / "Identify.xml").read_bytes())
    xml(repository, "/oai?key=7&verb=ListRecords&metadataPrefix=dcat", a_list(a_record("a")))
    assert names(list(harvest(source, theirs))) == ["Received oai:a"]


def test_no_match_is_an_empty_list_and_no_error(repository: Misbehaving, theirs: Session) -> None:
    xml(repository, FIRST, refusal("noRecordsMatch"))
    assert names(list(harvest(a_source(THEIRS), theirs))) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(refusal("badArgument"), "answered “badArgument” no", id="refusal"),
        pytest.param("<OAI-PMH>", "not well-formed XML", id="truncated"),
        pytest.param("<!DOCTYPE x><OAI-PMH/>", "document type", id="doctype"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH>&a;</OAI-PMH>', "document type", id="entity"
        ),
        pytest.param("<html/>", "not an answer of OAI-PMH", id="page"),
    ],
)
def test_a_source_whose_first_list_cannot_be_read_says_why(
    repository: Misbehaving, theirs: Session, body: str, words: str
) -> None:
    xml(repository, FIRST, body)
    with pytest.raises(SourceError, match=words):
        list(harvest(a_source(THEIRS), theirs))


def test_a_source_without_a_format_of_ours_names_those_it_has(
    server: Misbehaving, theirs: Session
) -> None:
    xml(server, "/oai?verb=Identify", (RECORDED / "Identify.xml").read_bytes())
    formats = envelope(
        "<ListMetadataFormats><metadataFormat><metadataPrefix>marcxml</metadataPrefix>"
        "</metadataFormat></ListMetadataFormats>"
    )
    xml(server, "/oai?verb=ListMetadataFormats", formats)
    with pytest.raises(FetchFailed, match=r"no format that we read \(marcxml\)"):
        list(harvest(a_source(THEIRS), theirs))


Page = Callable[[Misbehaving], None]


def reasons(items: list[Item]) -> list[str]:
    return [str(item.reason) for item in items if isinstance(item, Missed)]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        pytest.param(a_list(a_record("b"), token="one"), "read before", id="token repeats"),
        pytest.param(a_list(token="two"), "has no records, and announces more", id="empty"),
        pytest.param(a_list(a_record("b")), "ends after 2 of 3 records", id="breaks off"),
        pytest.param("<OAI-PMH><ListRec", "not well-formed XML", id="truncated"),
        pytest.param("<!DOCTYPE x><a/>", "document type", id="doctype"),
        pytest.param(refusal("badArgument"), "badArgument", id="refusal"),
    ],
)
def test_a_list_that_breaks_is_reported_and_never_complete(
    repository: Misbehaving, theirs: Session, second: str, words: str
) -> None:
    xml(repository, FIRST, a_list(a_record("a"), token="one", size=3))
    xml(repository, following("one"), second)
    items = list(harvest(a_source(THEIRS), theirs))
    (reason,) = reasons(items)
    assert words in reason
    assert names(items)[0] == "Received oai:a"
    assert last_mark(items)["place"]["token"] == "one"


def test_a_list_that_is_whole_may_end_without_a_token(
    repository: Misbehaving, theirs: Session
) -> None:
    xml(repository, FIRST, a_list(a_record("a"), token="one", size=2))
    xml(repository, following("one"), a_list(a_record("b")))
    items = list(harvest(a_source(THEIRS), theirs))
    assert names(items) == ["Received oai:a", "Received oai:b"]
    assert "clean" in last_mark(items)


def test_a_token_that_was_forgotten_begins_the_list_again_once(
    repository: Misbehaving, theirs: Session
) -> None:
    xml(repository, FIRST, a_list(a_record("a"), token="one"))
    repository.behave(
        following("one"),
        answering(refusal("badResumptionToken"), media_type="text/xml"),
        answering(a_list(a_record("b"), token=""), media_type="text/xml"),
    )
    items = list(harvest(a_source(THEIRS), theirs))
    assert names(items) == ["Received oai:a", "Received oai:a", "Received oai:b"]
    assert "place" not in last_mark(items)


def test_a_token_that_is_always_forgotten_ends_the_run(
    repository: Misbehaving, theirs: Session
) -> None:
    xml(repository, FIRST, a_list(a_record("a"), token="one"))
    xml(repository, following("one"), refusal("badResumptionToken"))
    items = list(harvest(a_source(THEIRS), theirs))
    assert names(items)[:2] == ["Received oai:a", "Received oai:a"]
    assert "badResumptionToken" in reasons(items)[0]


def test_a_remembered_token_that_is_forgotten_begins_a_fresh_run(
    repository: Misbehaving, theirs: Session
) -> None:
    xml(repository, FIRST, a_list(a_record("a"), token="one"))
    stopped = list(harvest(a_source(THEIRS), theirs))
    xml(repository, following("one"), refusal("badResumptionToken"))
    xml(repository, FIRST, a_list(a_record("a")))
    theirs.remembered = last_mark(stopped)
    assert names(list(harvest(a_source(THEIRS), theirs))) == ["Received oai:a"]


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param("", id="none"),
        pytest.param("<a:b xmlns:a='urn:a'>text</a:b>", id="not RDF"),
        pytest.param("<a>" * 3000 + "</a>" * 3000, id="deep"),
    ],
)
def test_one_record_that_cannot_be_read_hides_no_other(
    repository: Misbehaving, theirs: Session, metadata: str
) -> None:
    xml(repository, FIRST, a_list(a_record("a", metadata), a_record("b")))
    items = list(harvest(a_source(THEIRS), theirs))
    assert names(items) == ["Missed oai:a", "Received oai:b"]
    (missed,) = (item for item in items if isinstance(item, Missed))
    assert isinstance(missed.reason, NotRdf)
    assert "clean" not in last_mark(items)


def test_what_dublin_core_says_is_no_dataset_is_left_out(
    repository: Misbehaving, theirs: Session
) -> None:
    def dublin(kind: str) -> str:
        return (
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>T</dc:title><dc:type>{kind}</dc:type></oai_dc:dc>"
        )

    listed = a_list(a_record("a", dublin("Dataset")), a_record("b", dublin("article")))
    xml(repository, "/oai?verb=ListRecords&metadataPrefix=oai_dc", listed)
    dataset, article = (
        item
        for item in harvest(a_source(THEIRS, prefix="oai_dc"), theirs)
        if isinstance(item, Received)
    )
    assert dataset.graph is not None
    subjects = dataset.graph.instances("http://www.w3.org/ns/dcat#Dataset")
    assert [str(each) for each in subjects] == ["<oai:a>"]
    assert article.graph == Graph()
