"""A dataset as search engines read it: a schema.org Dataset for the JSON-LD block of its page.

It says no more than the description: no `contentUrl` for data that are not open, access
conditions from the access rights, `isAccessibleForFree` only when access was stated, and only
counts that the public may see. Texts are in the language of the page. Search engines want 50
to 5000 characters of description; a shorter one gets a sentence that says what it is.

https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.model.agent import Agent
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import Period
from catalogue.model.text import LangText
from catalogue.namespaces import EU_AUTHORITY, GC
from catalogue.rdf import doi, values
from catalogue.rdf.stated import clean
from catalogue.terms.alias import canonical, curie, vocabulary_of
from catalogue.terms.concept import Vocabulary

ORCID = "https://orcid.org/"
_MEDIA_TYPE = re.compile(r"https?://www\.iana\.org/assignments/media-types/")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_ISO = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[\d:.]{5,}(Z|[+-]\d\d:?\d\d)?)?)?)?"
)
SHORTEST, LONGEST = 50, 5000
"""Characters of a description that search engines accept."""

IS_OPEN: Mapping[str, bool] = {
    EU_AUTHORITY + "access-right/PUBLIC": True,
    EU_AUTHORITY + "access-right/RESTRICTED": False,
    EU_AUTHORITY + "access-right/NON_PUBLIC": False,
    GC + "access-open": True,
    GC + "access-registration": False,
    GC + "access-controlled": False,
    GC + "access-no-route": False,
}
"""Whether anybody may have the data without asking; what is not here says nothing."""

ABOUT = {
    "en": "Description of human genome data in the Genoomcatalogus, held by {holder}.",
    "nl": "Beschrijving van menselijke genoomdata in de Genoomcatalogus, beheerd door {holder}.",
}
"""Added to a description that is too short to be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page on which the block stands.

    `page` is its address, `holder` who keeps the data, `catalog` the address of the catalogue.
    """

    page: str
    holder: str
    catalog: str
    catalog_name: str = "Genoomcatalogus"
    language: str = "en"


def write(dataset: Dataset, shown: Shown, vocabulary: Vocabulary) -> dict[str, Any]:
    """The Dataset as JSON-LD; what nobody stated has no property."""
    described = _Writer(shown.language, vocabulary)
    stated: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.iri,
        "url": shown.page,
        "name": _said(dataset.title, shown.language) or dataset.iri,
        "description": description(dataset, shown),
        "identifier": [dataset.iri, *dataset.identifiers],
        "sameAs": _same(dataset),
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": shown.catalog,
            "name": shown.catalog_name,
            "url": shown.catalog,
        },
        **described.who(dataset, shown.holder),
        **described.what(dataset),
        **described.access(dataset),
    }
    return {
        name: _legible(value) for name, value in stated.items() if value not in (None, "", [], {})
    }


def _legible(value: Any) -> Any:
    """Without the control characters on which some readers of JSON stop."""
    if isinstance(value, dict):
        return {name: _legible(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_legible(each) for each in value]
    return clean(value) if isinstance(value, str) else value


def script(described: Mapping[str, Any]) -> str:
    """The text of a `<script type="application/ld+json">`: nothing in it can end the element."""
    text = json.dumps(described, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def description(dataset: Dataset, shown: Shown) -> str:
    """What the holder says, within the length that search engines accept."""
    text = _said(dataset.description, shown.language) or _said(dataset.title, shown.language)
    if len(text) < SHORTEST:
        ending = "" if text.endswith((".", "!", "?")) or not text else "."
        text = f"{text}{ending} {ABOUT[shown.language].format(holder=shown.holder)}".lstrip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def is_open(dataset: Dataset) -> bool | None:
    """Whether the data are open to anybody; `None` when nobody says."""
    known = [IS_OPEN.get(iri) for iri in (dataset.access_rights, dataset.accessibility) if iri]
    stated = [each for each in known if each is not None]
    return all(stated) if stated else None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts in one language."""

    language: str
    vocabulary: Vocabulary

    def who(self, dataset: Dataset, holder: str) -> dict[str, Any]:
        """Publisher and makers; a search engine wants a creator, so the publisher stands in."""
        publisher = dataset.publisher or Agent()
        named = self._agent(publisher) or {"@type": "Organization", "name": holder}
        makers = [made for each in dataset.creators if (made := self._agent(each))]
        contacts = [
            {"@type": "ContactPoint", "contactType": "data access", "email": mail}
            for each in dataset.contacts
            if (mail := values.email((each.email or "").partition("?")[0]))
        ]
        return {
            "publisher": {**named, "contactPoint": contacts} if contacts else named,
            "creator": makers or [named],
        }

    def _agent(self, agent: Agent) -> dict[str, Any] | None:
        name = _said(agent.name, self.language)
        if not name:
            return None
        own, home = _web(agent.iri), _web(agent.homepage)
        kind = "Person" if (own or "").startswith(ORCID) else "Organization"
        stated = {"@type": kind, "@id": own, "name": name, "url": home}
        return {key: value for key, value in stated.items() if value}

    def what(self, dataset: Dataset) -> dict[str, Any]:
        """Topics, techniques, times, places and numbers."""
        return {
            "keywords": self._keywords(dataset),
            "about": [self._condition(iri) for iri in dataset.diseases],
            "measurementTechnique": [self._technique(iri) for iri in _assays(dataset)],
            "temporalCoverage": [text for each in dataset.temporal if (text := _period(each))],
            "spatialCoverage": [self._place(iri) for iri in dataset.spatial],
            "inLanguage": [_language(iri) for iri in dataset.languages],
            "version": dataset.version,
            "datePublished": _date(dataset.issued),
            "dateModified": _date(dataset.modified),
            "size": [
                each
                for each in (
                    _size(dataset.individuals, "individuals"),
                    _size(dataset.records, "records"),
                )
                if each
            ],
        }

    def access(self, dataset: Dataset) -> dict[str, Any]:
        """How to get at the data; nothing that looks like a download of closed data."""
        opened = is_open(dataset)
        stated = (dataset.access_rights, dataset.accessibility, *dataset.access_routes)
        licences = {found for each in dataset.distributions if (found := _licence(each))}
        return {
            "conditionsOfAccess": self._labels(iri for iri in stated if iri),
            "isAccessibleForFree": opened or None,
            "license": licences.pop() if len(licences) == 1 else None,
            "distribution": [self._download(each, opened) for each in dataset.distributions],
        }

    def _download(self, distribution: Distribution, opened: bool | None) -> dict[str, Any]:
        stated = {
            "@type": "DataDownload",
            "name": distribution.title.value(self.language),
            "description": distribution.description.value(self.language),
            "url": _web(distribution.access_url),
            "contentUrl": _web(distribution.download_url) if opened else None,
            "encodingFormat": file_format(distribution),
            "license": _licence(distribution),
            "contentSize": f"{distribution.byte_size} B" if distribution.byte_size else None,
        }
        return {key: value for key, value in stated.items() if value}

    def _keywords(self, dataset: Dataset) -> list[str]:
        """Those of the page's language and those of none; all of them when there are none."""
        fitting = [each for each in dataset.keywords if each.primary in {self.language, ""}]
        found = (each.value.strip() for each in fitting or dataset.keywords)
        return list(dict.fromkeys(filter(None, found)))

    def _labels(self, iris: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(self.vocabulary.label(iri, self.language) for iri in iris))

    def _condition(self, iri: str) -> dict[str, Any]:
        concept = self.vocabulary.find(iri)
        codes = [*(concept.exact if concept else ()), canonical(iri)]
        stated: dict[str, Any] = {
            "@type": "MedicalCondition",
            "@id": _web(iri),
            "name": self.vocabulary.label(iri, self.language),
            "code": [code for each in dict.fromkeys(codes) if (code := _code(each))],
        }
        return {key: value for key, value in stated.items() if value}

    def _technique(self, iri: str) -> dict[str, Any]:
        return {
            "@type": "DefinedTerm",
            "@id": _web(iri),
            "name": self.vocabulary.label(iri, self.language),
        }

    def _place(self, iri: str) -> dict[str, Any]:
        return {
            "@type": "Place",
            "@id": _web(iri),
            "name": self.vocabulary.label(iri, self.language),
        }


def _said(text: LangText, language: str) -> str:
    """The text in a language as far as there is one; blank texts say nothing."""
    telling = (each for each in text.texts if each.value.strip())
    return LangText(tuple(telling)).value(language).strip()


def _same(dataset: Dataset) -> list[str]:
    """Pages elsewhere that are about this dataset, and its DOI as an address."""
    names = (doi.address(each) for each in filter(None, map(doi.doi, dataset.identifiers)))
    others = (_web(each) for each in (*dataset.identifiers, dataset.landing_page))
    return [each for each in dict.fromkeys((*names, *others)) if each and each != dataset.iri]


def _date(text: str | None) -> str | None:
    """A stated date or moment of ISO 8601; nothing of what cannot be read as one."""
    return text if text and _ISO.fullmatch(text) else None


def _web(iri: str | None) -> str | None:
    """Only addresses of the web that are written as one; nothing that a browser would run."""
    return iri if iri and _WEB.fullmatch(iri) else None


def _licence(distribution: Distribution) -> str | None:
    """An address, or the name of a licence."""
    stated = distribution.license or ""
    return _web(stated) or (None if ":" in stated else stated or None)


def _assays(dataset: Dataset) -> list[str]:
    grouped = [group.assay for group in dataset.assay_groups if group.assay]
    return list(dict.fromkeys([*dataset.assays, *grouped]))


def _code(iri: str) -> dict[str, str] | None:
    system = vocabulary_of(iri)
    if system is None:
        return None
    value = curie(iri).partition(":")[2]
    return {"@type": "MedicalCode", "codeValue": value, "codingSystem": system.name}


def _period(period: Period) -> str:
    start, end = _date(period.start), _date(period.end)
    if not start:
        return f"../{end}" if end else ""
    return f"{start}/{end or '..'}"


def _size(count: Count | None, unit: str) -> dict[str, Any] | None:
    """A number that the public may see; "fewer than ten" is none."""
    if count is None or count.value is None:
        return None
    return {"@type": "QuantitativeValue", "value": count.value, "unitText": unit}


def _language(iri: str) -> str:
    """The tag of a language of the EU's list; another value as it stands."""
    known = values.language(iri.rpartition("/")[2])
    return known[0] if known else iri


def file_format(distribution: Distribution) -> str:
    """The media type, else the format, as it was stated; a media type of IANA as text."""
    return _MEDIA_TYPE.sub("", distribution.media_type or distribution.format or "", count=1)
