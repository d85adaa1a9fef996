"""What programs ask here besides the JSON API: to copy or follow everything, and to write.

Each row of a table is an address with what it is for; the page with them is `/docs`, and tests
ask every address and type every command that stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalogue.web.messages import lazy_gettext


@dataclass(frozen=True, slots=True)
class Way:
    """A way to copy or follow the catalogue.

    `options` are those that its command needs; `form` is the format that its link names.
    """

    name: Any
    path: str
    what: Any
    options: str = ""
    form: str = ""

    @property
    def href(self) -> str:
        """Where its link leads: browsers ask for pages, so a format is named where there is one."""
        return f"{self.path}?format={self.form}" if self.form else self.path


@dataclass(frozen=True, slots=True)
class Request:
    """A request with which a steward's program writes; `{kind}` and `{id}` are of a record."""

    method: str
    path: str
    what: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request of a steward's program may be refused, by the statuses that say so."""

    status: str
    why: Any


WAYS = (
    Way(
        lazy_gettext("Everything in one file"),
        "/dump.nq.gz",
        lazy_gettext(
            "N-Quads, compressed. Each record is in a graph of its own; where it came from and"
            " where it stands are in two graphs beside it."
        ),
        "-O ",
    ),
    Way(
        lazy_gettext("Everything, page by page (Hydra)"),
        "/catalog.ttl",
        lazy_gettext(
            "Follow hydra:next or the Link header until there is none: nothing is skipped or"
            " repeated while others come and go. Also with .jsonld, .rdf, .nt or .nq instead of"
            " .ttl."
        ),
    ),
    Way(
        lazy_gettext("What changed since a moment"),
        "/catalog.ttl?modified_since=2026-11-01T00:00:00Z",
        lazy_gettext("The same pages. They do not tell what was withdrawn."),
    ),
    Way(
        lazy_gettext("Changes and withdrawals, in order (LDES)"),
        "/feed",
        lazy_gettext(
            "A linked data event stream, as a DCAT-AP Feed, in TriG, N-Quads or JSON-LD. Each"
            " change has the description as it was made public then."
        ),
        form="trig",
    ),
    Way(
        "OAI-PMH 2.0",
        "/oai?verb=ListRecords&metadataPrefix=dcat_ap",
        lazy_gettext(
            "In dcat or dcat_ap stands everything that was said; also oai_dc, datacite and"
            " oai_datacite. Sets are catalogs and organisations. What was withdrawn stays listed"
            " as deleted."
        ),
    ),
    Way(
        "FAIR Data Point",
        "/",
        lazy_gettext(
            "From here to the catalogs, datasets and distributions. Each address answers in RDF"
            " to a program and with a page to a browser."
        ),
        form="ttl",
    ),
    Way(
        "SPARQL 1.1",
        "/sparql",
        lazy_gettext(
            "Questions about everything that is public; without a question it describes itself."
            " Every whole number comes as xsd:integer, also where a description says"
            " xsd:nonNegativeInteger."
        ),
    ),
    Way(
        lazy_gettext("Figures (VoID)"),
        "/.well-known/void",
        lazy_gettext("What the catalogue consists of, with where to get it."),
        form="ttl",
    ),
    Way(
        lazy_gettext("What is new, to read (Atom)"),
        "/feed.atom",
        lazy_gettext("For feed readers; also /nl/feed.atom and /en/feed.atom."),
    ),
    Way(
        lazy_gettext("All pages (sitemap)"),
        "/sitemap.xml",
        lazy_gettext("For search engines; each dataset has schema.org in its page."),
    ),
)

REQUESTS = (
    Request(
        "POST",
        "/catalog",
        lazy_gettext("Make a catalog. It begins as a draft; Location has its address."),
    ),
    Request(
        "POST",
        "/dataset",
        lazy_gettext("Make a dataset in the catalogs that dct:isPartOf names."),
    ),
    Request(
        "POST",
        "/dataset-series",
        lazy_gettext("Make a series in a catalog; /series does the same."),
    ),
    Request(
        "POST",
        "/distribution",
        lazy_gettext("Make a distribution of the dataset that dct:isPartOf names."),
    ),
    Request(
        "GET",
        "/{kind}/{id}",
        lazy_gettext(
            "Read a description, with its ETag. Your own organisation gets its drafts and its"
            " exact counts."
        ),
    ),
    Request(
        "PUT",
        "/{kind}/{id}",
        lazy_gettext("Say everything anew. With If-Match nobody's change is overwritten."),
    ),
    Request(
        "DELETE",
        "/{kind}/{id}",
        lazy_gettext("Delete it. Where it was public it stays known as withdrawn."),
    ),
    Request("GET", "/{kind}/{id}/meta", lazy_gettext("Read in which state it is.")),
    Request(
        "PUT",
        "/{kind}/{id}/meta/state",
        lazy_gettext('Publish it with {"current": "PUBLISHED"}; take it back with DRAFT.'),
    ),
    Request(
        "POST",
        "/tokens",
        lazy_gettext(
            "For clients that begin so: any e-mail address as email, and your token as password."
        ),
    ),
)

REFUSALS = (
    Refusal(
        "400",
        lazy_gettext(
            "Not one description of that kind, no catalog of ours in dct:isPartOf, or below the"
            " minimum to be published. The answer says which, or is a SHACL report."
        ),
    ),
    Refusal(
        "401, 403",
        lazy_gettext("No or a wrong token, or another organisation answers for it."),
    ),
    Refusal(
        "409",
        lazy_gettext(
            "It stands in a draft, something public stands in it, or somebody else changed it"
            " just now."
        ),
    ),
    Refusal("412", lazy_gettext("Changed since you read it: read it again.")),
    Refusal(
        "413, 415",
        lazy_gettext("More than two megabytes, or not Turtle, JSON-LD, RDF/XML or N-Triples."),
    ),
    Refusal("429", lazy_gettext("Too often: wait as many seconds as Retry-After says.")),
)
