"""Any SPARQL 1.1 store over HTTP: its query endpoint, and its Graph Store Protocol to write.

Graphs are written with PUT, never with SPARQL Update: stores refuse blank nodes or large
texts there. What such a store does with a query that has passed `guard` is its operator's
care; the deadline here ends our waiting, not its work.
"""

from __future__ import annotations

import ast
import http.client
import json
import time
import urllib.error
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from SPARQLWrapper import POST, SPARQLExceptions, SPARQLWrapper

from catalogue.errors import (
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    SettingsError,
    StoreError,
    StoreUnavailable,
)
from catalogue.namespaces import Iri
from catalogue.store import guard, queries
from catalogue.store.base import Answer, HeldBack
from catalogue.store.formats import FORMATS, ResultFormat, answer_kind, boolean, chosen
from catalogue.store.question import Question

WRITE_SECONDS: Final = 120.0
CHUNK: Final = 65_536
MEGABYTE: Final = 1 << 20
PAGE: Final = 5000
USER_AGENT: Final = "Genoomcatalogus"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a make of store needs: its paths, and its departures from the standard."""

    query: str
    graphs: str
    union: Mapping[str, str] = field(default_factory=dict)  # parameters for the union of graphs
    describe: str = ""  # goes before a DESCRIBE query
    digest: bool = False
    functions: bool = False  # knows bif: and sql:, which reach its files and the network


DIALECTS: Final[Mapping[str, Dialect]] = {
    "oxigraph": Dialect("query", "store", union={"union-default-graph": "true"}),
    "fuseki": Dialect("query", "data", union={"default-graph-uri": "urn:x-arq:UnionGraph"}),
    "graphdb": Dialect("", "rdf-graphs/service"),
    "virtuoso": Dialect(
        "sparql",
        "sparql-graph-crud-auth",
        describe='define sql:describe-mode "CBD"\n',
        digest=True,
        functions=True,
    ),
}
_JSON: Final = FORMATS[0]
_PLAIN: Final = Dialect("", "", functions=True)  # nobody said that it is no Virtuoso
_VIRTUOSO_OWN: Final = ("http://www.openlinksw.com/", "http://www.w3.org/ns/ldp#", "urn:")


@dataclass(slots=True, kw_only=True)
class RemoteStore:
    """A `PublicStore` elsewhere, kept for the catalogue alone: queries see all that is in it.

    `prefix`: only graphs whose address begins so are ours to list and delete. Where a
    dialect wants digest authentication, credentials are used for writing only.
    """

    query_url: str
    graph_url: str
    auth: tuple[str, str] | None = field(default=None, repr=False)
    dialect: Dialect = _PLAIN
    prefix: str = ""
    seconds: float = 10.0
    answer: int = 64
    _session: requests.Session = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        if self.auth:
            scheme = HTTPDigestAuth if self.dialect.digest else HTTPBasicAuth
            self._session.auth = scheme(*self.auth)

    def query(  # noqa: PLR0913 - the parameters of the port
        self,
        query: str | Question,
        *,
        accept: ResultFormat | str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
        own: bool = False,  # noqa: ARG002 - the queue is the store's own
        at_length: Callable[[], None] | None = None,  # noqa: ARG002 - and so is its patience
    ) -> Answer:
        """See `PublicStore.query`."""
        question = guard.judged(query)
        guard.check_graphs([*default_graphs, *named_graphs])
        if self.dialect.functions:
            guard.check_functions(question, [*default_graphs, *named_graphs])
        form = chosen(accept, question.kind)
        wrapper = self._wrapper(question, _JSON if question.kind == "ask" else form)
        _add_dataset(wrapper, default_graphs, named_graphs)
        if not (default_graphs or named_graphs or question.names_dataset):
            _add_parameters(wrapper, self.dialect.union)
        chunks = self._chunks(wrapper, min(seconds or self.seconds, self.seconds))
        if question.kind == "ask":
            chunks = _said(b"".join(chunks), form)
        return Answer(form.media_type, answer_kind(question.kind), HeldBack(chunks))

    def state(self) -> str:
        """Never known: others may write to such a store."""
        return ""

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        """See `PublicStore.replace`. Each graph changes at once; the batch may stop halfway."""
        for iri, content in graphs.items():
            if content:
                self._write("PUT", iri, content)
            else:
                self._write("DELETE", iri)

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        """Put every graph, then delete ours that are not among them."""
        kept = set()
        for iri, content in graphs:
            self.replace({iri: content})
            kept.add(iri)
        self.replace(dict.fromkeys(self.graphs() - kept))

    def graphs(self) -> set[Iri]:
        """See `PublicStore.graphs`; only those below our prefix."""
        found: set[Iri] = set()
        page = self._page("")
        while page:
            found.update(Iri(iri) for iri in page if self._ours(iri))
            page = self._page(page[-1]) if len(page) == PAGE else []
        return found

    def health(self) -> dict[str, Any]:
        """See `PublicStore.health`."""
        started = time.monotonic()
        try:
            self.query("ASK {}", seconds=2).read()
        except StoreError as error:
            return {"ok": False, "kind": "remote", "reason": str(error)}
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        return {"ok": True, "kind": "remote", "milliseconds": milliseconds}

    def close(self) -> None:
        """Close kept connections."""
        self._session.close()

    def _ours(self, iri: str) -> bool:
        return iri.startswith(self.prefix) and not iri.startswith(_VIRTUOSO_OWN)

    def _page(self, after: str) -> list[str]:
        """A page of graph addresses; `after` came out of the store and is quoted as JSON is."""
        query = queries.text("graphs").replace('"@after@"', json.dumps(after))
        found = json.loads(self.query(query, accept="application/sparql-results+json").read())
        return [row["graph"]["value"] for row in found["results"]["bindings"]]

    def _wrapper(self, question: Question, form: ResultFormat) -> SPARQLWrapper:
        """Text and kind are set by us: the library would guess them with costly patterns."""
        wrapper = SPARQLWrapper(self.query_url, agent=USER_AGENT)
        before = self.dialect.describe if question.kind == "describe" else ""
        wrapper.queryString = before + question.text
        wrapper.queryType = question.kind.upper()
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", form.media_type)
        if self.auth and not self.dialect.digest:
            wrapper.setCredentials(*self.auth)
        return wrapper

    def _chunks(self, wrapper: SPARQLWrapper, seconds: float) -> Generator[bytes, None, None]:
        last_moment = time.monotonic() + seconds
        left = self.answer * MEGABYTE
        with self._response(wrapper, seconds) as response:
            _check_complete(response)
            while chunk := self._next(response, seconds):
                left -= len(chunk)
                if left < 0:
                    raise QueryTooLarge(f"the answer is larger than {self.answer} megabytes")
                if time.monotonic() > last_moment:
                    raise _timeout(seconds)
                yield chunk

    def _response(self, wrapper: SPARQLWrapper, seconds: float) -> http.client.HTTPResponse:
        wrapper.setTimeout(max(1, round(seconds)))
        try:
            response: http.client.HTTPResponse = wrapper.query().response
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise self._refused(error) from error
        except urllib.error.HTTPError as error:
            with error:
                raise self._failed(error.code, error.read(1000)) from error
        except TimeoutError as error:
            raise _timeout(seconds) from error
        except OSError as error:
            raise self._unreachable(error, seconds) from error
        return response

    def _next(self, response: http.client.HTTPResponse, seconds: float) -> bytes:
        try:
            return response.read1(CHUNK)
        except TimeoutError as error:
            raise _timeout(seconds) from error
        except (OSError, http.client.HTTPException) as error:
            raise StoreUnavailable(f"{self._name}: the answer broke off") from error

    def _refused(self, error: Exception) -> StoreError:
        """400, 401, 404, 414 and 500 arrive as exceptions of the library."""
        body = _body(error)
        if isinstance(error, SPARQLExceptions.QueryBadFormed):
            text = " ".join(body.decode("utf-8", "replace").split())
            return QuerySyntax(text[:500] or "the store did not say why")
        if isinstance(error, SPARQLExceptions.EndPointInternalError):
            return self._failed(500, body)
        return StoreUnavailable(f"{self._name}: {type(error).__name__}")

    def _failed(self, status: int, body: bytes) -> StoreError:
        late = status == 504 or b"S1T00" in body or b"estimated execution time" in body
        if late:
            return QueryTimeout(f"{self._name} did not finish the query in the time it allows")
        return StoreUnavailable(f"{self._name}: status {status}")

    def _unreachable(self, error: OSError, seconds: float) -> StoreError:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            return _timeout(seconds)
        return StoreUnavailable(f"{self._name}: nobody answers")

    def _write(self, method: str, iri: Iri, content: bytes | None = None) -> None:
        try:
            response = self._session.request(
                method,
                self.graph_url,
                params={"graph": iri},
                data=content,
                headers={"Content-Type": "application/n-triples"} if content else {},
                timeout=WRITE_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise StoreUnavailable(f"{self._name}: {method} of <{iri}> failed") from error
        absent = method == "DELETE" and response.status_code == 404
        if not (response.ok or absent) or response.is_redirect:
            raise StoreError(
                f"{self._name}: {method} of <{iri}> was answered {response.status_code}"
            )

    @property
    def _name(self) -> str:
        """The address without credentials, for messages."""
        return _without_credentials(self.query_url)[0]


def from_url(url: str, *, prefix: str = "", seconds: float = 10.0, answer: int = 64) -> RemoteStore:
    """A store from a setting.

    `oxigraph+http://host:7878`, `fuseki+http://host/dataset`, `graphdb+http://host/repositories/r`
    and `virtuoso+http://user:password@host:8890` know their paths. For any other store give
    two addresses with a space between: its query endpoint and its graph store.
    """
    endpoints, kind, auth = _endpoints(url)
    return RemoteStore(
        query_url=endpoints[0],
        graph_url=endpoints[1],
        auth=auth,
        dialect=DIALECTS.get(kind, _PLAIN),
        prefix=prefix,
        seconds=seconds,
        answer=answer,
    )


def _endpoints(url: str) -> tuple[list[str], str, tuple[str, str] | None]:
    kind, separator, address = url.strip().partition("+")
    if not separator or kind not in DIALECTS:
        return _explicit(url)
    root, auth = _without_credentials(address)
    paths = (DIALECTS[kind].query, DIALECTS[kind].graphs)
    return [f"{root.rstrip('/')}/{path}".rstrip("/") for path in paths], kind, auth


def _explicit(url: str) -> tuple[list[str], str, tuple[str, str] | None]:
    parts = url.split()
    if len(parts) != 2 or not all(part.startswith(("http://", "https://")) for part in parts):
        known = ", ".join(f"{kind}+http://…" for kind in DIALECTS)
        raise SettingsError(
            f"CATALOGUE_STORE_URL must be one of {known}, or two http addresses: "
            "the query endpoint and the graph store"
        )
    (query, auth), (graphs, other) = map(_without_credentials, parts)
    return [query, graphs], "", auth or other


def _without_credentials(url: str) -> tuple[str, tuple[str, str] | None]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    clean = urlunsplit(parts._replace(netloc=host))
    if parts.username is None:
        return clean, None
    return clean, (unquote(parts.username), unquote(parts.password or ""))


def _add_dataset(wrapper: SPARQLWrapper, default: Sequence[str], named: Sequence[str]) -> None:
    for graph in default:
        wrapper.addDefaultGraph(graph)
    for graph in named:
        wrapper.addNamedGraph(graph)


def _add_parameters(wrapper: SPARQLWrapper, parameters: Mapping[str, str]) -> None:
    for name, value in parameters.items():
        wrapper.addParameter(name, value)


def _check_complete(response: http.client.HTTPResponse) -> None:
    """Virtuoso answers 200 when it cut rows off; its headers betray it."""
    for header in ("X-SPARQL-MaxRows", "X-SQL-State"):
        if response.headers.get(header):
            raise QueryTooLarge("the store cut the answer off; ask for fewer rows with LIMIT")


def _said(answer: bytes, form: ResultFormat) -> Generator[bytes, None, None]:
    """A yes or no in the form asked for; Virtuoso says yes with a row and no without one."""
    try:
        found = json.loads(answer)
        value = found["boolean"] if "boolean" in found else bool(found["results"]["bindings"])
    except (ValueError, KeyError) as error:
        raise StoreUnavailable("the store answered ASK with something else") from error
    yield boolean(value, form)


def _body(error: Exception) -> bytes:
    """What the store said; the library hands it over as the text of a bytes literal."""
    literal = str(error).partition("Response:\n")[2]
    body: bytes = ast.literal_eval(literal) if literal else b""
    return body


def _timeout(seconds: float) -> QueryTimeout:
    return QueryTimeout(f"the query was not finished within {seconds:g} seconds")
