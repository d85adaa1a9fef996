"""What was said before is said again only while nothing was written, by whichever process."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from given import a_draft, a_graph
from story import SOURCE, Story
from web import townhall
from web.writing import DRAFT, Desk, a_dataset

from catalogue.ingest.projection import LiveIndex
from catalogue.model.source import Source
from catalogue.rdf.identity import Identifiers
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.search.index import Index
from catalogue.web import create_app, repeated
from catalogue.web.repeated import Answers, Repeated, common
from catalogue.web.services import Services

BASE = townhall.BASE
PAGE, TURTLE = "text/html", "text/turtle"


# --- the application in front, on its own --------------------------------------------------


class Behind:
    """An application that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = "200 OK"
        self.headers = [("Content-Length", "1"), ("Date", "then")]
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.asked += 1
        self.meanwhile()
        start_response(self.status, [*self.headers, ("X-Asked", str(self.asked))])
        return [b"a"]


class Site:
    """The front before it, with a pulse that a test moves."""

    def __init__(self) -> None:
        self.behind = Behind()
        self.pulse, self.up_to_date = "1", True
        self.front = Repeated(self.behind, lambda: self.pulse, lambda: self.up_to_date)

    def ask(self, path: str = "/dataset/a", method: str = "GET", **more: str) -> dict[str, str]:
        """The headers of the answer."""
        told: list[Any] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, **more}
        body = self.front(environ, lambda *given: told.append(given))
        assert b"".join(body) == b"a"
        return dict(told[-1][1])

    def twice(self, *path: str, **more: str) -> int:
        """How often the application was asked for two equal questions."""
        before = self.behind.asked
        self.ask(*path, **more)
        self.ask(*path, **more)
        return self.behind.asked - before


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_second_who_asks_gets_what_the_first_got(site: Site) -> None:
    assert site.twice() == 1
    assert site.ask()["X-Asked"] == "1"


def test_a_kept_answer_tells_the_present_moment(site: Site) -> None:
    site.ask()
    assert site.ask()["Date"] != "then"


def test_any_write_ends_what_was_kept(site: Site) -> None:
    site.ask()
    site.pulse = "2"
    assert site.ask()["X-Asked"] == "2"


def test_a_write_while_an_answer_is_made_keeps_it_from_being_kept(site: Site) -> None:
    site.behind.meanwhile = lambda: setattr(site, "pulse", "2")
    site.ask()
    site.pulse = "1"
    assert site.ask()["X-Asked"] == "2"


def test_nothing_is_kept_while_the_search_index_lags_behind(site: Site) -> None:
    site.up_to_date = False
    assert site.twice() == 2
    site.up_to_date = True
    assert site.twice() == 1


def test_a_register_without_a_pulse_keeps_nothing(site: Site) -> None:
    site.pulse = ""
    assert site.twice() == 2


@pytest.mark.parametrize("header", repeated.DECIDING)
def test_another_value_of_a_deciding_header_is_another_question(site: Site, header: str) -> None:
    site.ask(**{header: "one"})
    assert site.ask(**{header: "other"})["X-Asked"] == "2"
    assert site.ask()["X-Asked"] == "3"


@pytest.mark.parametrize("header", repeated.UNCOMMON)
def test_an_uncommon_question_is_never_kept(site: Site, header: str) -> None:
    assert site.twice(**{header: "x"}) == 2


def test_the_query_is_part_of_the_question(site: Site) -> None:
    site.ask(QUERY_STRING="page=1")
    assert site.ask(QUERY_STRING="page=2")["X-Asked"] == "2"


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_repeated(site: Site, method: str) -> None:
    assert site.twice("/dataset/a", method) == 2


def test_a_question_with_a_body_is_not_repeated(site: Site) -> None:
    assert site.twice(CONTENT_LENGTH="3") == 2


@pytest.mark.parametrize(
    "headers",
    [
        [("Set-Cookie", "a=b"), ("Content-Length", "1")],
        [("Cache-Control", "private, no-store"), ("Content-Length", "1")],
        [("Content-Length", "100000000")],
        [],
    ],
    ids=["cookie", "private", "large", "streamed"],
)
def test_what_is_not_for_everybody_or_not_whole_is_not_kept(site: Site, headers: Any) -> None:
    site.behind.headers = headers
    assert site.twice() == 2


@pytest.mark.parametrize("status", ["404 NOT FOUND", "410 GONE", "500 INTERNAL", "303 SEE OTHER"])
def test_a_failure_is_not_kept(site: Site, status: str) -> None:
    site.behind.status = status
    assert site.twice() == 2


@pytest.mark.parametrize(
    "path",
    ["/sparql", "/sources", "/nl/sources", "/en/sign-in", "/query", "/health", "/api/v1/sources",
     "/oai", "//sources", "/nl//sources", "/tokens", "/.well-known/void", "/static/a.css"],
)  # fmt: skip
def test_what_depends_on_more_than_the_register_is_not_repeated(site: Site, path: str) -> None:
    assert site.twice(path) == 2


@pytest.mark.parametrize(
    "path",
    ["/", "/nl", "/en/", "/dataset/a", "/nl/dataset/a", "/catalog.ttl", "/feed/1", "/quality",
     "/datasets", "/api/v1/datasets", "/api/datasets/a", "/dump.nq.gz", "/sitemap-1.xml"],
)  # fmt: skip
def test_what_is_made_of_the_register_is_repeated(site: Site, path: str) -> None:
    assert site.twice(path) == 1


def test_endless_questions_are_not_kept() -> None:
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/datasets"}
    assert common({**asked, "QUERY_STRING": "q=" + "a" * 100})
    assert not common({**asked, "QUERY_STRING": "q=" + "a" * 10_000})


def test_no_more_is_kept_than_was_allowed() -> None:
    answers = Answers(most=50_000)
    for number in range(100):
        answers.put(str(number), repeated.Answer("1", "200 OK", [], b"a" * 9_000))
    kept = [number for number in range(100) if answers.get(str(number), "1")]
    assert kept == [96, 97, 98, 99]


def test_every_header_that_the_website_reads_is_known_to_it() -> None:
    """A header that decides about an answer must be one of the words of a question."""
    source = "\n".join(path.read_text() for path in Path(repeated.__file__).parent.rglob("*.py"))
    read = {
        f"HTTP_{name.upper().replace('-', '_')}"
        for call in source.split("request.headers.get(")[1:]
        for name in [call.split('"')[1]]
        if call.startswith('"')
    }
    only_in_forms = {"HTTP_SEC_FETCH_SITE"}
    assert read >= {"HTTP_ACCEPT", "HTTP_AUTHORIZATION"}
    assert read - only_in_forms <= {*repeated.DECIDING, *repeated.UNCOMMON}


# --- two workers on one register -----------------------------------------------------------


class Worker:
    """The site as one process serves it, with a connection and an index of its own."""

    def __init__(self, register: Register, parts: Any) -> None:
        self.register = register
        terms = townhall.vocabulary()
        index = LiveIndex(register, terms, Index(terms), pause=0)
        own = replace(parts, register=register, search=index)
        app = create_app(own, townhall.settings(base_url=BASE))
        self.client = app.test_client()

    def get(self, path: str, accept: str = PAGE, **headers: str) -> Any:
        given = {"Accept": accept, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.get(path, headers=given, base_url=BASE)


@cache
def _parts() -> Services:
    return townhall.services()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/r.sqlite"


@pytest.fixture
def workers(url: str) -> Iterator[tuple[Worker, Worker]]:
    registers = [Register.open(url, BASE) for _ in range(2)]
    parts = _parts()
    yield Worker(registers[0], parts), Worker(registers[1], parts)
    for each in registers:
        each.close()


@pytest.fixture
def story(url: str, workers: Any) -> Iterator[Story]:
    """Written by a process of its own, as harvests are."""
    register = Register.open(url, BASE)
    told = Story(register)
    told.catalog("c", "First catalogue")
    told.list("a", "c", "First title")
    yield told
    register.close()


SURFACES = [
    ("/en/dataset/a", PAGE),
    ("/nl/dataset/a", PAGE),
    ("/dataset/a", TURTLE),
    ("/dataset/a", "application/ld+json"),
    ("/dataset/a?format=csl", "*/*"),
    ("/en/datasets", PAGE),
    ("/en/catalog/c", PAGE),
    ("/catalog.ttl", TURTLE),
    ("/feed/1", "application/trig"),
    ("/feed.atom", "*/*"),
    ("/api/v1/datasets", "application/json"),
    ("/api/v1/datasets/a", "application/json"),
    ("/en/", PAGE),
]


def conditions(answer: Any) -> dict[str, str]:
    """What a client sends that has this answer."""
    tag = answer.headers.get("ETag")
    return {"If_None_Match": tag} if tag else {}


def test_kept_and_fresh_answers_are_the_same_in_every_header(workers: Any, story: Story) -> None:
    worker, fresh = workers
    for path, accept in [*SURFACES, ("/", TURTLE), ("/catalog/c", TURTLE), ("/feed", "*/*")]:
        fresh.client.application.wsgi_app.state = lambda: ""
        first = worker.get(path, accept)
        for known in ({}, conditions(first)):
            worker.get(path, accept, **known)
            kept, made = worker.get(path, accept, **known), fresh.get(path, accept, **known)
            assert kept.status_code == made.status_code == (304 if known else 200), path
            assert kept.data == made.data, path
            assert _headers(kept) == _headers(made), path


def _headers(answer: Any) -> list[tuple[str, str]]:
    return sorted(pair for pair in answer.headers if pair[0] != "Date")


def test_a_new_version_shows_at_once_in_all_workers(workers: Any, story: Story) -> None:
    known = _warmed(workers, SURFACES)
    story.list("a", "c", "Second title")
    for worker, path, accept, has in known:
        answer = worker.get(path, accept, **has)
        assert answer.status_code == 200, path
        assert "Second title" in answer.text, path


def _warmed(workers: Any, surfaces: Any) -> list[tuple[Worker, str, str, dict[str, str]]]:
    """Ask until all is kept, whole and not modified; tells what each client then has."""
    known = []
    for worker in workers:
        for path, accept in surfaces:
            has = conditions(worker.get(path, accept))
            for _ in range(2):
                worker.get(path, accept)
                worker.get(path, accept, **has)
            known.append((worker, path, accept, has))
    return known


def test_what_is_withdrawn_is_gone_at_once(workers: Any, story: Story) -> None:
    known = _warmed(workers, SURFACES)
    story.withdraw("a")
    for worker, path, accept, has in known:
        answer = worker.get(path, accept, **has)
        assert answer.status_code in (200, 410), path
        assert "First title" not in answer.text, path


def test_a_held_version_changes_nothing_in_public(workers: Any, story: Story) -> None:
    before = [worker.get("/dataset/a", TURTLE) for worker in workers]
    story.save("a", "Hidden title", reason="minimum")
    for worker, earlier in zip(workers, before, strict=True):
        answer = worker.get("/dataset/a", TURTLE)
        assert (answer.data, _headers(answer)) == (earlier.data, _headers(earlier))


def test_a_new_dataset_changes_its_catalog_for_every_kind_of_client(
    workers: Any, story: Story
) -> None:
    known = []
    for worker in workers:
        has = worker.get("/catalog/c", TURTLE)
        known += [{"If_None_Match": has.headers["ETag"]}]
        known += [{"If_Modified_Since": has.headers["Last-Modified"]}]
    story.list("b", "c", "Another")
    for worker in workers:
        for has in known:
            answer = worker.get("/catalog/c", TURTLE, **has)
            assert answer.status_code == 200
            assert f"{BASE}/dataset/b" in answer.text


def test_the_root_follows_the_catalogs(workers: Any, story: Story) -> None:
    known = [worker.get("/", TURTLE).headers for worker in workers]
    story.catalog("d", "Second catalogue")
    _root_shows(workers, known, f"{BASE}/catalog/d", shown=True)
    known = [worker.get("/", TURTLE).headers for worker in workers]
    story.withdraw("d")
    _root_shows(workers, known, f"{BASE}/catalog/d", shown=False)


def _root_shows(workers: Any, known: Any, iri: str, *, shown: bool) -> None:
    for worker, has in zip(workers, known, strict=True):
        for condition in (
            {"If_None_Match": has["ETag"]},
            {"If_Modified_Since": has["Last-Modified"]},
        ):
            answer = worker.get("/", TURTLE, **condition)
            assert answer.status_code == 200
            assert (iri in answer.text) is shown


def test_a_changed_title_of_a_catalog_shows_at_once(workers: Any, story: Story) -> None:
    paths = ("/en/catalog/c", "/en/catalogs", "/api/v1/catalogs")
    known = _warmed(workers, [(path, PAGE) for path in paths])
    story.catalog("c", "Renamed catalogue")
    for worker, path, accept, has in known:
        assert "Renamed catalogue" in worker.get(path, accept, **has).text, path


def test_a_changed_name_of_a_source_shows_at_once(workers: Any, story: Story) -> None:
    _same_elsewhere(story)
    known = _warmed(workers, [("/en/dataset/a", PAGE)])
    assert "Other" in workers[0].get("/en/dataset/a").text
    story.writer.save_source(Source(slug="other", title="Renamed", protocol="fdp", url="https://o"))
    for worker, path, accept, has in known:
        assert "Renamed" in worker.get(path, accept, **has).text


def _same_elsewhere(story: Story) -> None:
    """Another source describes a dataset under the same persistent name."""
    names = Identifiers(persistent=("https://doi.org/10.5555/1",))
    story.save("a", "First title", names=names)
    story.writer.save_source(Source(slug="other", title="Other", protocol="fdp", url="https://o"))
    run = story.writer.begin("other")
    plain = f'<{BASE}/dataset/z> a dcat:Dataset ; dct:title "Elsewhere"@en .'
    story.writer.save(run, a_draft("z", names=names, public=a_graph(plain)))
    story.writer.finish(run, RunState.PARTIAL, "", seen=set(), gone=set(), outcomes=[])


def test_that_a_source_was_looked_at_again_shows_at_once(workers: Any, story: Story) -> None:
    known = _warmed(workers, [("/en/dataset/a", PAGE)])
    before = [worker.get("/en/dataset/a").text for worker in workers]
    story.now = story.now.replace(year=story.now.year + 1)
    run = story.writer.begin(SOURCE.slug)
    story.writer.finish(run, RunState.PARTIAL, "", seen={"a"}, gone=set(), outcomes=[])
    for (worker, path, accept, has), earlier in zip(known, before, strict=True):
        assert worker.get(path, accept, **has).text not in ("", earlier)


def test_other_words_of_our_vocabulary_make_other_tags(url: str, story: Story) -> None:
    register = Register.open(url, BASE)
    parts = _parts()
    more = replace(parts, ontologies=(*parts.ontologies, b"# one term more"))
    tags = {
        Worker(register, each).get("/dataset/a", accept).headers["ETag"]
        for each in (parts, more)
        for accept in (TURTLE, PAGE)
    }
    assert len(tags) == 4
    register.close()


def test_a_draft_that_is_published_and_taken_back(tmp_path: Path) -> None:
    registers = [Register.open(f"sqlite:///{tmp_path}/d.sqlite", BASE) for _ in range(2)]
    desk, other = Desk(registers[0]), Desk(registers[1])
    here = desk.made("dataset", a_dataset(desk.catalog()))
    for site in (desk, other, desk, other):
        assert site.ask("GET", here).status_code == 404
    desk.publish(here)
    for site in (desk, other, desk, other):
        assert "Exomes of hearts" in site.ask("GET", here).text
    desk.state(here, DRAFT["current"])
    for site in (desk, other, desk, other):
        assert site.ask("GET", here).status_code == 410
    for each in registers:
        each.close()


def test_who_may_see_more_never_gives_it_to_others(tmp_path: Path) -> None:
    register = Register.open(f"sqlite:///{tmp_path}/d.sqlite", BASE)
    desk = Desk(register)
    exact = "hdc:numberOfUniqueIndividuals 7 ;"
    here = desk.dataset(desk.catalog(), exact)
    for _ in range(3):
        theirs, ours = desk.ask("GET", here, "anna").text, desk.ask("GET", here).text
        assert ("numberOfUniqueIndividuals" in theirs, "numberOfUniqueIndividuals" in ours) == (
            True,
            False,
        )
    register.close()


def test_a_write_by_another_program_is_felt(url: str, workers: Any, story: Story) -> None:
    before = workers[0].register.pulse()
    assert workers[0].register.pulse() == before
    path = url.removeprefix("sqlite:///")
    write = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2])"
    rename = "UPDATE sources SET title = 'by another program'"
    subprocess.run([sys.executable, "-c", f"{write}; c.commit()", path, rename], check=True)
    assert workers[0].register.pulse() != before


def test_readers_and_a_writer_at_once_never_meet_an_older_answer(
    workers: Any, story: Story
) -> None:
    """What a reader starts to ask after a version was written shows that version or a later one."""
    written, wrong = [0], []
    done = threading.Event()

    def read(worker: Worker) -> None:
        client = worker.client.application.test_client()
        while not done.is_set():
            least = written[0]
            text = client.get("/dataset/a", headers={"Accept": TURTLE}, base_url=BASE).text
            if int(text.partition("number ")[2].partition('"')[0] or 0) < least:
                wrong.append((least, text))

    threads = [threading.Thread(target=read, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for number in range(1, 30):
        story.list("a", "c", f"number {number}")
        written[0] = number
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
