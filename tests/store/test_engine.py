"""The query engine under attack, under updates, and when its processes are killed.

The engine of these tests ends a query after two seconds. Nothing here asserts how long
something took; a query that were not ended would run into the test's own time-out.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalogue.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    StoreUnavailable,
)
from catalogue.namespaces import Iri
from catalogue.store import embedded
from catalogue.store.engine import child, wire
from catalogue.store.formats import FORMATS
from catalogue.store.guard import inspect

ENDED = (QueryTimeout, QueryTooLarge)
SMALL = "SELECT (COUNT(*) AS ?n) { <https://x.example/s1> <https://x.example/p> ?o }"
ONE = b'"value":"1"'
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it becomes true in time; asked every 50 ms."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def a_graph(number: int = 0, size: int = 400) -> tuple[Iri, bytes]:
    lines = [
        f"<https://x.example/s{i}> <https://x.example/p> <https://x.example/s{(i + 1) % size}> .\n"
        f'<https://x.example/s{i}> <https://x.example/t> "{"a" * 30}! {number} {i}" .\n'
        for i in range(size)
    ]
    return Iri(f"https://x.example/graph/{number}"), "".join(lines).encode()


@pytest.fixture
def filled(store: embedded.EmbeddedStore) -> embedded.EmbeddedStore:
    store.reload([a_graph(n) for n in range(3)])
    return store


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that nobody may call; `calls` tells whether somebody did."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


def calls(server: socket.socket) -> int:
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        return 0
    connection.close()
    return 1


P = "<https://x.example/p>"
TWO, THREE = "?a ?b ?c . ?d ?e ?f", "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
COUNT = "SELECT (COUNT(*) AS ?n)"
BOMB = 'REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), "^((a+)+)+(a|aa|aaa)*$")'
HOSTILE = {
    "a cross product": CROSS,
    "a path of any property": f"{COUNT} {{ ?s ({P}|!{P})* ?o . ?x ?y ?z }}",
    "nested paths": f"{COUNT} {{ ?s (({P}+)+/({P}*)*)+ ?o . ?x ?y ?z }}",
    "a regular expression bomb": f"{COUNT} {{ {THREE} FILTER {BOMB} }}",
    "a string that doubles": f"SELECT (GROUP_CONCAT(CONCAT(?c,?f,?i)) AS ?x) {{ {THREE} }}",
    "a big order": f"SELECT ?a ?d {{ {THREE} }} ORDER BY ?f ?c ?i",
    "a big distinct": f"SELECT DISTINCT ?a ?c ?d ?f ?i {{ {THREE} }}",
    "a big group": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {THREE} }} GROUP BY ?a ?d ?g ?c",
    "a negation": f"{COUNT} {{ {TWO} FILTER NOT EXISTS {{ ?g ?h ?i FILTER(?i != ?i) }} }}",
    "a star that is hard to plan": "SELECT * {"
    + "".join(f" ?s ?p{i} ?o{i} ." for i in range(160))
    + "}",
    "a big template": "CONSTRUCT {"
    + "".join(f" ?a <https://x.example/{i}> ?f ." for i in range(500))
    + f"}} {{ {TWO} }}",
    "a stream without end": f"SELECT * {{ {THREE} }}",
    "a long sum": "SELECT (1" + "+1" * 20_000 + " AS ?x) {}",
    "many unions": "SELECT * {" + " UNION ".join(["{?s ?p ?o}"] * 4_000) + "}",
    "many negations": "ASK { FILTER(" + "!" * 60_000 + "true) }",
}


@pytest.mark.slow
@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_is_ended_and_others_are_answered(filled, query):
    with ThreadPoolExecutor(1) as attacker:
        attack = attacker.submit(lambda: filled.query(query).read())
        assert ONE in filled.query(SMALL).read()
        with pytest.raises(StoreError):
            attack.result()
    assert ONE in filled.query(SMALL).read()


def test_a_timeout_is_told_apart_from_too_much_memory(filled):
    with pytest.raises(QueryTimeout, match="2 seconds"):
        filled.query(CROSS)
    with pytest.raises(QueryTooLarge):
        filled.query(HOSTILE["many negations"])


def test_a_query_may_not_use_more_memory_than_its_share(tmp_path):
    with embedded.start(tmp_path, seconds=20, memory=32, children=1) as small:
        small.store().reload([a_graph()])
        with pytest.raises(QueryTooLarge, match="memory"):
            small.store().query(HOSTILE["a big order"])
        assert ONE in small.store().query(SMALL).read()


def test_a_shorter_deadline_can_be_asked_and_a_longer_one_cannot(filled):
    with pytest.raises(QueryTimeout, match=r"0\.3 seconds"):
        filled.query(CROSS, seconds=0.3)
    with pytest.raises(QueryTimeout, match="2 seconds"):
        filled.query(CROSS, seconds=60)


def test_an_answer_that_grows_too_large_breaks_off_and_never_ends_clean(filled):
    answer = filled.query("SELECT * { ?a ?b ?c . ?d ?e ?f }", accept="text/csv")
    received: list[bytes] = []
    with pytest.raises(ENDED):  # on a busy machine the clock may be faster than the size
        received.extend(answer.chunks)
    assert 1_000_000 <= sum(map(len, received)) <= 8 << 20


def test_an_abandoned_answer_frees_its_child(filled):
    for _ in range(6):
        filled.query("SELECT * { ?a ?b ?c . ?d ?e ?f }").close()
    assert eventually(lambda: filled.health()["busy"] == 0)
    assert ONE in filled.query(SMALL).read()


def test_deep_nesting_never_reaches_the_engine(filled):
    with pytest.raises(QueryRefused):
        filled.query("ASK " + "{" * 20_000 + "}" * 20_000)


def test_long_queries_delay_only_each_other(filled):
    with ThreadPoolExecutor(2) as attackers:
        attacks = [attackers.submit(lambda: filled.query(CROSS)) for _ in range(2)]
        assert eventually(lambda: filled.health()["busy"] == 2)
        assert ONE in filled.query(SMALL, own=True).read()
        assert ONE in filled.query(SMALL).read()
        with pytest.raises(StoreUnavailable, match="busy"):
            filled.query(CROSS)
        assert all(isinstance(attack.exception(), QueryTimeout) for attack in attacks)


UNSUSPECTED = (
    "SELECT (COUNT(*) AS ?n) { ?a <https://x.example/p> ?b . ?c <https://x.example/p> ?d . "
)
UNSUSPECTED += "?e <https://x.example/p> ?f . ?g <https://x.example/p> ?h . ?i ?j ?k }"


def test_a_query_that_proves_long_is_put_among_the_long_ones_once_and_for_all(filled):
    asked: list[str] = []
    for _ in range(2):
        with pytest.raises(ENDED):
            filled.query(UNSUSPECTED, at_length=lambda: asked.append("long"))
    filled.query(SMALL, at_length=lambda: asked.append("short")).read()
    assert asked == ["long", "long"]
    assert filled._experience.knows_long(inspect(UNSUSPECTED))


def test_long_queries_give_way_to_short_ones(filled, engine):
    filled.query(SMALL).read()
    parent, last_moment = engine.process.pid, time.monotonic() + 30
    wanted = {niceness(parent), niceness(parent) + child.NICENESS}
    while (met := {niceness(each) for each in children_of(parent)}) != wanted:
        assert time.monotonic() < last_moment, met  # one just forked is as its parent
        time.sleep(0.05)


def niceness(process):
    """Of one that has just ended, that of nobody in particular."""
    with contextlib.suppress(ProcessLookupError):
        return os.getpriority(os.PRIO_PROCESS, process)
    return None


def test_whoever_is_asked_may_refuse_a_long_query(filled):
    def refuse() -> None:
        raise StoreUnavailable("not now")

    with pytest.raises(StoreUnavailable, match="not now"):
        filled.query(CROSS, at_length=refuse)


def test_a_large_answer_is_whole_wherever_it_was_made(filled):
    times = 10
    values = " ".join(map(str, range(times)))
    query = f"SELECT * {{ ?s ?p ?o . VALUES ?n {{ {values} }} }}"
    found = filled.query(query, accept="text/csv").read()
    assert len(found) > 1_000_000
    assert found.count(b"\n") == 1 + times * int(
        filled.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv").read().split()[1]
    )


def test_every_change_gives_the_content_another_name(filled):
    before = filled.state()
    filled.replace(dict([a_graph(50)]))
    after = filled.state()
    assert "" not in {before, after}
    assert before != after == filled.state()


def test_an_engine_without_content_names_none_and_another_engine_another(tmp_path):
    names = set()
    for _ in range(2):
        with embedded.start(tmp_path, children=1, closed=True) as engine:
            store = engine.store()
            assert store.state() == ""
            store.reload([])
            names.add(store.state())
    assert len(names) == 2


def test_an_address_in_a_query_is_read_relative_to_the_endpoint(engine, filled):
    triple = b'<https://x.example/s> <https://x.example/p> "r" .'
    filled.replace({Iri("https://x.example/rel"): triple})
    store = embedded.EmbeddedStore(engine.sockets, base="https://x.example/sparql")
    assert b"true" in store.query("ASK { <s> <p> 'r' }").read()


def test_a_syntax_error_says_where(filled):
    with pytest.raises(QuerySyntax, match="line 2, column"):
        filled.query("SELECT * {\n ?s ?p }")


SERVICES = {
    "plain": "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "silent": "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "in a sub-select": "SELECT * {{ {{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "in an EXISTS": "SELECT * {{ ?a ?b ?c FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "at a variable": "SELECT * {{ VALUES ?v {{ <{url}> }} SERVICE ?v {{ ?s ?p ?o }} }}",
    "escaped": "SELECT * {{ SER\\u0056ICE <{url}> {{ ?s ?p ?o }} }}",
}


@pytest.mark.parametrize("template", SERVICES.values(), ids=SERVICES.keys())
def test_service_is_refused_and_calls_nobody(filled, listener, template):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    with pytest.raises(QueryRefused, match="SERVICE"):
        filled.query(template.format(url=url))
    assert calls(listener) == 0


@pytest.mark.parametrize("template", SERVICES.values(), ids=SERVICES.keys())
def test_service_calls_nobody_even_without_the_guard(filled, listener, template):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    ask_unguarded(filled, template.format(url=url))
    assert calls(listener) == 0


def ask_unguarded(store: embedded.EmbeddedStore, query: str) -> None:
    """Straight to a child, as a query would that the guard does not understand."""
    request = {
        "query": query,
        "base": "",
        "format": "json",
        "from": False,
        "graph": False,
        "default": [],
        "named": [],
        "seconds": 2,
    }
    try:
        b"".join(store._children.ask(request, wire.LONG_SOCKET))
    except StoreError:
        return


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_from_opens_no_file_and_calls_nobody(filled, listener, clause):
    with pytest.raises(QueryRefused, match="FROM"):
        filled.query(f"SELECT * {clause} <file:///etc/passwd> {{ ?s ?p ?o }}")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/g"
    assert b'"bindings":[]' in filled.query(f"SELECT * {clause} <{url}> {{ ?s ?p ?o }}").read()
    assert calls(listener) == 0


def test_a_triple_that_many_graphs_hold_is_counted_once(store):
    shared = b"<x:publisher> <x:name> <x:n> .\n"
    one, two = Iri("https://x.example/one"), Iri("https://x.example/two")
    store.replace({one: shared, two: shared})
    assert count(store) == count(store, default_graphs=[one]) == 1
    store.replace({one: None})
    assert count(store) == 1
    store.replace({two: b"<x:other> <x:name> <x:n> .\n" + shared})
    assert count(store) == 2
    store.replace({two: None})
    assert count(store) == 0


def count(store: embedded.EmbeddedStore, **options: object) -> int:
    query = "SELECT (COUNT(*) AS ?n) { ?s <x:name> ?o }"
    return int(store.query(query, accept="text/csv", **options).read().split()[1])


def test_a_file_with_a_default_graph_is_served_as_it_is(tmp_path):
    data = tmp_path / "data.nq"
    data.write_text(
        "<x:s> <x:name> <x:o> <x:g> .\n<x:t> <x:name> <x:o> .\n<x:u> <x:name> <x:o> .\n"
    )
    with embedded.start(tmp_path, children=1, load=data) as engine:
        assert count(engine.store()) == 2


def test_graphs_that_were_never_published_are_not_there(filled):
    query = "SELECT ?s { GRAPH <urn:drafts> { ?s ?p ?o } }"
    assert b'"bindings":[]' in filled.query(query).read()


def test_a_killed_child_is_replaced_and_its_query_says_so(engine, filled):
    with ThreadPoolExecutor(1) as client:
        running = client.submit(lambda: filled.query(CROSS))
        assert eventually(lambda: filled.health()["busy"] == 1)
        for process in children_of(engine.process.pid):
            os.kill(process, signal.SIGKILL)
        with pytest.raises(StoreUnavailable, match="stopped"):
            running.result()
    assert ONE in filled.query(SMALL).read()


def test_a_heavy_query_costs_its_child_the_job(engine, filled):
    before = sum(filled.health()["ends"].values())
    with pytest.raises(ENDED):
        filled.query(CROSS).read()
    assert eventually(lambda: sum(filled.health()["ends"].values()) > before)


@pytest.mark.slow
def test_updates_fail_no_query(filled):
    over = threading.Event()
    clients = 3

    def ask() -> int:
        asked = 0
        while not over.is_set():
            assert ONE in filled.query(SMALL).read()
            asked += 1
        return asked

    with ThreadPoolExecutor(clients) as pool:
        asking = [pool.submit(ask) for _ in range(clients)]
        try:
            for number in range(10, 18):
                filled.replace(dict([a_graph(number)]))
        finally:
            over.set()
    assert sum(answers.result() for answers in asking) > 8


def test_an_update_is_seen_by_the_very_next_query(filled):
    for number in range(4):
        iri, content = Iri("https://x.example/n"), f'<x:s> <x:n> "{number}" .\n'.encode()
        filled.replace({iri: content})
        found = filled.query("SELECT ?n { <x:s> <x:n> ?n }", accept="text/csv").read()
        assert found.split() == [b"n", str(number).encode()]


def test_a_graph_that_does_not_parse_changes_nothing(filled):
    before = filled.graphs()
    with pytest.raises(StoreError, match="refused an update"):
        filled.replace(
            {Iri("https://x.example/new"): b"<x:a> <x:b> 1 .\n", Iri("urn:bad"): b"<x:a"}
        )
    assert filled.graphs() == before


def test_an_update_that_breaks_off_changes_nothing(filled):
    before = filled.graphs()

    def broken():
        yield a_graph(99)
        raise RuntimeError("the register went away")

    with pytest.raises(RuntimeError):
        filled.reload(broken())
    assert filled.graphs() == before


def test_the_engine_ends_with_its_starter_and_leaves_no_orphan(tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    engine = int(starter.stdout.readline())
    assert eventually(lambda: len(children_of(engine)) == 9), "6 short, 2 long, 1 of our own"
    family = [engine, *children_of(engine)]
    starter.kill()
    starter.wait()
    starter.stdout.close()
    assert eventually(lambda: not any(alive(process) for process in family))


STARTER = textwrap.dedent("""
    import sys, threading, time
    from pathlib import Path
    sys.path.insert(0, ".")
    from catalogue.store import embedded
    started = []
    thread = threading.Thread(target=lambda: started.append(embedded.start(Path(sys.argv[1]))))
    thread.start()
    thread.join()
    assert b"boolean" in started[0].store().query("ASK {}").read(), "it outlives a thread"
    print(started[0].process.pid, flush=True)
    time.sleep(60)
""")


def test_two_engines_never_share_a_folder(tmp_path):
    with (
        embedded.start(tmp_path, children=1),
        pytest.raises(StoreUnavailable, match="another query engine"),
    ):
        embedded.start(tmp_path, children=1)


def test_a_long_data_folder_gets_short_sockets(tmp_path):
    folder = tmp_path / ("long" * 30)
    with embedded.start(folder, children=1) as engine:
        assert len(str(engine.sockets)) < 80
        assert embedded.EmbeddedStore(embedded.socket_folder(folder)).health()["ok"]


def test_an_engine_can_begin_with_a_file(tmp_path):
    data = tmp_path / "data.nq"
    data.write_text("<x:s> <x:p> <x:o> <x:g> .\n")
    with embedded.start(tmp_path, children=1, load=data) as engine:
        assert engine.store().graphs() == {"x:g"}


def test_without_an_engine_the_store_says_that_nobody_answers(tmp_path):
    store = embedded.EmbeddedStore(tmp_path)
    assert store.health()["ok"] is False
    with pytest.raises(StoreUnavailable, match="does not run"):
        store.query("ASK {}")


def test_a_child_may_open_no_file_socket_or_process(tmp_path):
    """The same limits and filter as a child's, tried from inside."""
    tried = subprocess.run(
        [sys.executable, "-c", LOCKED_IN], capture_output=True, text=True, timeout=30, check=False
    )
    assert tried.stdout.split() == ["file", "socket", "fork", "signal", "tgkill", "memory", "fine"]


LOCKED_IN = textwrap.dedent("""
    import ctypes, os, resource, signal, socket, sys
    sys.path.insert(0, ".")
    from catalogue.store.engine import sandbox
    libc = ctypes.CDLL(None, use_errno=True)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    sandbox.limit(64 << 20)
    sandbox.confine()
    def refused(name, action, error=PermissionError):
        try:
            action()
        except error:
            os.write(1, name.encode() + b" ")
    def failing(*arguments):
        if libc.syscall(*arguments) < 0:
            raise PermissionError
    refused("file", lambda: os.open("/etc/passwd", os.O_RDONLY), OSError)
    refused("socket", lambda: socket.socket(), OSError)
    refused("fork", os.fork, OSError)
    refused("signal", lambda: os.kill(os.getppid(), 0), OSError)
    refused("tgkill", lambda: failing(234 if os.uname().machine == "x86_64" else 131,
                                      os.getppid(), os.getppid(), 0))
    refused("memory", lambda: bytearray(256 << 20), MemoryError)
    os.write(1, b"fine")
    os._exit(0)
""")


def test_the_engine_reads_every_form_that_the_catalogue_offers():
    assert set(child.SOLUTIONS) | set(child.GRAPHS) == {form.name for form in FORMATS}


def children_of(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def alive(process: int) -> bool:
    """Whether it runs; a zombie that its new parent has not buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
