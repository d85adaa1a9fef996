"""The catalogue over OAI-PMH 2.0, at `/oai`.

An answer is always 200: what is wrong with a question stands in the XML, by the code of the
protocol. Lists go in the order of the change log and continue by number, so a token holds
everything it needs, never expires, and a walk misses nothing while records change. A record's
datestamp is its last public change; what was withdrawn stays listed as deleted for ever.

OAI-PMH 2.0: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from flask import Flask, Response, request

from catalogue.errors import Gone, NotFound
from catalogue.exports.export import clean
from catalogue.model.text import LangText
from catalogue.rdf.rdf_xml import xml_bytes
from catalogue.register.changes_read import WITHDRAWN, PublicChange, Selection
from catalogue.register.records import Published
from catalogue.settings import Settings
from catalogue.web.oai_formats import FORMATS, MetadataFormat, is_name
from catalogue.web.parts import services, settings
from catalogue.web.services import Register

OAI = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = f"{OAI} {OAI}OAI-PMH.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
MEDIA_TYPE = "text/xml; charset=utf-8"
PAGE = 100
SECOND, DAY = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
GRANULARITIES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), SECOND, timedelta(seconds=1)),
    (re.compile(r"\d{4}-\d\d-\d\d"), DAY, timedelta(days=1)),
)
LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)
SETS = {"catalog": "catalog", "organisation": "holder"}
"""What comes before the colon of a `setSpec`, and the attribute of a selection it fills."""


class Mistake(Exception):
    """What is wrong with a question; `code` is one of the protocol's (§3.6)."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verb:
    """A row of the protocol: which arguments a verb must and may have, and who answers."""

    answer: Callable[[Repository, Mapping[str, str]], Iterable[Element]]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list in progress: what was asked for and how far it came. A token holds one."""

    prefix: str
    since: str = ""
    until: str = ""
    spec: str = ""
    after: int = 0
    cursor: int = 0
    total: int = -1

    def token(self) -> str:
        """Everything that is needed to go on, in letters that need no escape."""
        values = [getattr(self, name) for name in _STATE]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def from_token(cls, token: str) -> Listing:
        """The list that a token continues. Raises `Mistake` when we never gave it."""
        try:
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            values = json.loads(text)
            listing = cls(**dict(zip(_STATE, values, strict=True)))
            _refuse_types(listing)
            listing.selection()
        except (binascii.Error, ValueError, TypeError, OverflowError, Mistake) as error:
            raise Mistake("badResumptionToken", "This is no token of ours.") from error
        return listing

    def selection(self) -> Selection:
        """The changes that are meant. Raises `Mistake` for a date or set that is none."""
        since, until = _moment("from", self.since), _moment("until", self.until)
        if since and until and since[1] != until[1]:
            raise Mistake("badArgument", "from and until must have the same granularity.")
        if since and until and since[0] > until[0]:
            raise Mistake("badArgument", "from is later than until.")
        return Selection(
            after=self.after,
            since=since and since[0],
            before=_end(*until) if until else None,
            **_set(self.spec),
        )


_STATE = ("prefix", "since", "until", "spec", "after", "cursor", "total")
_NUMBERS = ("after", "cursor", "total")


def _refuse_types(listing: Listing) -> None:
    for name in _STATE:
        wanted = int if name in _NUMBERS else str
        if type(getattr(listing, name)) is not wanted:
            raise TypeError(name)
    if listing.prefix not in FORMATS or not 0 < listing.after < 2**53:
        raise ValueError(listing.prefix)


def install(app: Flask) -> None:
    """Serve `/oai`, by GET and by POST."""
    app.add_url_rule("/oai", "oai", answer, methods=["GET", "POST"])


def answer() -> Response:
    """One question and its answer; never cached, because lists have to be fresh."""
    given = request.form if request.method == "POST" else request.args
    repository = Repository(services().register, settings(), datetime.now(UTC))
    document = repository.respond(list(given.items(multi=True)))
    response = Response(xml_bytes(document), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return response


@dataclass(frozen=True, slots=True)
class Repository:
    """What answers; `now` is taken before anything is read."""

    register: Register
    settings: Settings
    now: datetime

    @property
    def address(self) -> str:
        """The base URL of the repository."""
        return f"{self.settings.base_url}/oai"

    def respond(self, given: list[tuple[str, str]]) -> Element:
        """The whole document for the arguments of a request, which may repeat."""
        root = Element("OAI-PMH", {"xmlns": OAI, "xmlns:xsi": INSTANCE})
        root.set("xsi:schemaLocation", SCHEMA)
        _text(root, "responseDate", self.now.strftime(SECOND))
        echo = _text(root, "request", self.address)
        try:
            name, verb, arguments = understood(given)
            echo.attrib.update({k: clean(v) for k, v in [("verb", name), *arguments.items()]})
            found = list(verb.answer(self, arguments))
        except Mistake as mistake:
            if mistake.code in {"badVerb", "badArgument"}:
                echo.attrib.clear()
            _text(root, "error", str(mistake)).set("code", mistake.code)
            return root
        SubElement(root, name).extend(found)
        return root

    # verbs

    def identify(self, _arguments: Mapping[str, str]) -> Iterator[Element]:
        """Who we are (§4.2)."""
        dates = self.register.change_dates()
        host = urlsplit(self.settings.base_url).hostname or "localhost"
        yield _leaf("repositoryName", self.settings.publisher)
        yield _leaf("baseURL", self.address)
        yield _leaf("protocolVersion", "2.0")
        yield _leaf("adminEmail", self.settings.mail_from or f"postmaster@{host}")
        yield _leaf("earliestDatestamp", (dates[0] if dates else self.now).strftime(SECOND))
        yield _leaf("deletedRecord", "persistent")
        yield _leaf("granularity", "YYYY-MM-DDThh:mm:ssZ")

    def list_formats(self, arguments: Mapping[str, str]) -> Iterator[Element]:
        """The formats, which are the same for every record (§4.4)."""
        if "identifier" in arguments:
            self._change(arguments["identifier"])
        return (_format(each) for each in FORMATS.values())

    def list_sets(self, arguments: Mapping[str, str]) -> Iterator[Element]:
        """One set for each catalog and each organisation (§4.6), all at once."""
        if "resumptionToken" in arguments:
            raise Mistake("badResumptionToken", "The list of sets is never divided.")
        found = [(f"catalog:{c.record.id}", c.value.title) for c in self.register.catalogs()]
        found += [(f"organisation:{h.slug}", h.name) for h, _ in self.register.holders()]
        if not found:
            raise Mistake("noSetHierarchy", "There are no sets yet.")
        return (_set_element(spec, name) for spec, name in found)

    def list_identifiers(self, arguments: Mapping[str, str]) -> Iterator[Element]:
        """Headers only (§4.3)."""
        listing, changes = self._list(arguments)
        yield from (self._header(each) for each in changes[:PAGE])
        yield from self._rest(listing, changes)

    def list_records(self, arguments: Mapping[str, str]) -> Iterator[Element]:
        """Records with their descriptions (§4.5)."""
        listing, changes = self._list(arguments)
        yield from self._records(changes, listing.prefix)
        yield from self._rest(listing, changes)

    def get_record(self, arguments: Mapping[str, str]) -> Iterator[Element]:
        """One record (§4.1)."""
        _known_format(arguments["metadataPrefix"])
        change = self._change(arguments["identifier"])
        yield from self._records([change], arguments["metadataPrefix"])

    # their parts

    def _list(self, arguments: Mapping[str, str]) -> tuple[Listing, list[PublicChange]]:
        listing = _listing(arguments)
        selection = self._of_known(listing.selection())
        changes = self.register.last_changes(selection, PAGE + 1)
        if not changes and not listing.cursor:
            raise Mistake("noRecordsMatch", "No record answers to this.")
        if listing.total < 0:
            listing = replace(listing, total=self.register.count_last_changes(selection))
        return listing, changes

    def _of_known(self, selection: Selection) -> Selection:
        """Nothing, when it is of a catalog that nobody may know of."""
        try:
            if selection.catalog:
                self.register.standing("catalog", selection.catalog)
        except Gone:
            return selection
        except NotFound:
            return replace(selection, only=())
        return selection

    def _rest(self, listing: Listing, changes: list[PublicChange]) -> Iterator[Element]:
        """The token of the next part; empty at the end of a list of several parts (§3.5)."""
        more = len(changes) > PAGE
        if not more and not listing.cursor:
            return
        element = _leaf("resumptionToken", "")
        element.attrib.update(completeListSize=str(listing.total), cursor=str(listing.cursor))
        if more:
            reached = changes[PAGE - 1].number
            element.text = replace(listing, after=reached, cursor=listing.cursor + PAGE).token()
        yield element

    def _change(self, identifier: str) -> PublicChange:
        """The last change of the record with this identifier, which is its address."""
        kind, _, name = identifier.removeprefix(f"{self.settings.base_url}/").partition("/")
        only = (name,) if is_name(name) else ()
        found = self.register.last_changes(Selection(only=only), 1)
        if not found or found[0].record.iri != identifier or found[0].record.kind != kind:
            raise Mistake("idDoesNotExist", f"There is no record {identifier[:200]}.")
        return found[0]

    def _records(self, changes: list[PublicChange], prefix: str) -> Iterator[Element]:
        changes = changes[:PAGE]
        public = self.register.public_records([each.record.id for each in changes])
        for change in changes:
            yield self._record(change, public.get(change.record.id), FORMATS[prefix])

    def _record(
        self, change: PublicChange, public: Published | None, wanted: MetadataFormat
    ) -> Element:
        element = Element("record")
        element.append(self._header(change, deleted=public is None))
        if public is not None and change.action != WITHDRAWN:
            SubElement(element, "metadata").append(wanted.write(public))
        return element

    def _header(self, change: PublicChange, *, deleted: bool = False) -> Element:
        gone = deleted or change.action == WITHDRAWN
        header = Element("header", {"status": "deleted"} if gone else {})
        _text(header, "identifier", change.record.iri)
        _text(header, "datestamp", change.at.strftime(SECOND))
        for spec in _specs(change):
            _text(header, "setSpec", spec)
        return header


# --- the question -------------------------------------------------------------------------


def understood(given: list[tuple[str, str]]) -> tuple[str, Verb, dict[str, str]]:
    """The verb and its arguments. Raises `Mistake` as §3.6 says."""
    verbs = [value for name, value in given if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        known = ", ".join(VERBS)
        raise Mistake("badVerb", f"There must be one verb, and it must be one of {known}.")
    pairs = [(name, value) for name, value in given if name != "verb"]
    arguments = dict(pairs)
    if len(arguments) != len(pairs):
        raise Mistake("badArgument", "An argument is given more than once.")
    _refuse_arguments(VERBS[verbs[0]], arguments)
    return verbs[0], VERBS[verbs[0]], arguments


def _refuse_arguments(verb: Verb, arguments: Mapping[str, str]) -> None:
    if verb.resumes and "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise Mistake("badArgument", "resumptionToken excludes every other argument.")
        return
    for name, value in arguments.items():
        if not value:
            raise Mistake("badArgument", f"The argument {name[:40]!r} is empty.")
        if name not in verb.required | verb.optional:
            raise Mistake("badArgument", f"This verb has no argument {name[:40]!r}.")
    for name in sorted(verb.required - arguments.keys()):
        raise Mistake("badArgument", f"The argument {name} is missing.")


def _listing(arguments: Mapping[str, str]) -> Listing:
    if "resumptionToken" in arguments:
        return Listing.from_token(arguments["resumptionToken"])
    _known_format(arguments["metadataPrefix"])
    return Listing(
        prefix=arguments["metadataPrefix"],
        since=arguments.get("from", ""),
        until=arguments.get("until", ""),
        spec=arguments.get("set", ""),
    )


def _known_format(prefix: str) -> None:
    if prefix not in FORMATS:
        known = ", ".join(FORMATS)
        raise Mistake("cannotDisseminateFormat", f"The formats are {known}.")


def _moment(name: str, text: str) -> tuple[datetime, timedelta] | None:
    """A date and its granularity; `None` for none. Raises `Mistake`."""
    if not text:
        return None
    for pattern, written, granularity in GRANULARITIES:
        if pattern.fullmatch(text, endpos=40):
            try:
                return datetime.strptime(text, written).replace(tzinfo=UTC), granularity
            except ValueError:
                break
    raise Mistake("badArgument", f"{name} must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def _end(until: datetime, granularity: timedelta) -> datetime | None:
    """The first moment after the second or day; `None` after the last day there is."""
    return until + granularity if until < LAST_DAY else None


def _set(spec: str) -> dict[str, Any]:
    """What a `setSpec` selects. One that we do not have selects nothing."""
    if not spec:
        return {}
    kind, _, name = spec.partition(":")
    return {SETS[kind]: name} if kind in SETS and is_name(name) else {"only": ()}


# --- elements -----------------------------------------------------------------------------


def _specs(change: PublicChange) -> Iterator[str]:
    """The sets of a record. A slug may hold only letters, digits and hyphens, as §2.6 wants."""
    yield from (f"catalog:{each}" for each in change.catalogs)
    yield f"organisation:{change.record.holder.slug}"


def _format(each: MetadataFormat) -> Element:
    element = Element("metadataFormat")
    _text(element, "metadataPrefix", each.prefix)
    _text(element, "schema", each.schema)
    _text(element, "metadataNamespace", each.namespace)
    return element


def _set_element(spec: str, name: LangText) -> Element:
    element = Element("set")
    _text(element, "setSpec", spec)
    _text(element, "setName", name.value("en") or spec)
    return element


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = clean(text)
    return element


def _leaf(name: str, text: str) -> Element:
    element = Element(name)
    element.text = clean(text)
    return element


LISTED = {
    "required": frozenset({"metadataPrefix"}),
    "optional": frozenset({"from", "until", "set"}),
}
VERBS = {
    "Identify": Verb(Repository.identify),
    "ListMetadataFormats": Verb(Repository.list_formats, optional=frozenset({"identifier"})),
    "ListSets": Verb(Repository.list_sets, resumes=True),
    "ListIdentifiers": Verb(Repository.list_identifiers, resumes=True, **LISTED),
    "ListRecords": Verb(Repository.list_records, resumes=True, **LISTED),
    "GetRecord": Verb(Repository.get_record, required=frozenset({"identifier", "metadataPrefix"})),
}
"""The six verbs of the protocol."""
